from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "tongban.oversight.supervision"
    label = "supervision"
    verbose_name = "电子监察"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.jobs.health import register_check
        from tongban.oversight.supervision import appealing, handlers, jobs, keeping, selectors  # noqa: F401 - attach
        from tongban.oversight.supervision.access import READERS
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=90, name="warnings", loader=load_warnings)
        register_check("supervision", selectors.troubles)
        add(
            Entry(
                face="workbench", label=_("电子监察"), url="/work/supervision", order=68, officers=True,
                to=lambda actor: any(actor.units_of(role) for role in READERS),
            )
        )  # fmt: skip


def load_warnings(folder: Path, at: datetime) -> Mapping[str, int]:
    """Warnings of the demo city."""
    from tongban.oversight.supervision import demo

    return demo.load_warnings(folder, at)
