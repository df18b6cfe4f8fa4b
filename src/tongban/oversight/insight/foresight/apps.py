from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForesightConfig(AppConfig):
    name = "tongban.oversight.insight.foresight"
    label = "foresight"
    verbose_name = "预见"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.insight.access import READERS
        from tongban.oversight.insight.foresight import jobs  # noqa: F401 - declares its job
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("未诉先办"), url="/work/insight/foresight", order=72, officers=True,
                to=lambda actor: any(actor.units_of(role) for role in READERS),
            )
        )  # fmt: skip
