from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tongban.actors.contracts import Role


class SortingConfig(AppConfig):
    name = "tongban.desks.hotline.sorting"
    label = "sorting"
    verbose_name = "热线智能分拣"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline.sorting import handlers, jobs  # noqa: F401 - hears, and declares its schedule
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("智能分拣"), url="/work/hotline/sorting", order=49, officers=True, to=looks_after_it
            )
        )  # fmt: skip


def looks_after_it(actor: Any) -> bool:
    """Dispatchers read it, the desk's heads set thresholds: asked at every page, so from the grants alone."""
    return bool(actor.units_of(Role.DISPATCHER))
