from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "tongban.oversight.insight"
    label = "insight"
    verbose_name = "数据洞察"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.insight import jobs, stocktaking  # noqa: F401 - declare jobs
        from tongban.oversight.insight.access import READERS
        from tongban.registers.identity.api import register_demo_loader
        from tongban.web.navigation import Entry, add

        register_demo_loader(
            order=95, name="stocks", loader=lambda _folder, at: {"things": stocktaking.take_stock(at=at)}
        )
        add(
            Entry(
                face="workbench", label=_("指标"), url="/work/insight", order=70, officers=True,
                to=lambda actor: any(actor.units_of(role) for role in READERS),
            )
        )  # fmt: skip
