from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperatingConfig(AppConfig):
    name = "tongban.faces.hotline"
    label = "operating"
    verbose_name = "热线坐席"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.faces.hotline import choosing, panels  # noqa: F401 - register themselves
        from tongban.faces.hotline.standing import at_desk, on_rounds, works_on_tickets
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("热线工单"), url="/work/hotline", order=20, keys="g h", officers=True,
                to=works_on_tickets,
            )
        )  # fmt: skip
        add(
            Entry(
                face="workbench", label=_("接听登记"), url="/work/hotline/new", order=21, keys="g n", officers=True,
                to=at_desk,
            )
        )  # fmt: skip
        add(
            Entry(
                face="workbench", label=_("网格巡查"), url="/work/hotline/grid", order=19, officers=True, to=on_rounds
            )
        )  # fmt: skip
