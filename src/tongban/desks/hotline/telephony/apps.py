from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelephonyConfig(AppConfig):
    name = "tongban.desks.hotline.telephony"
    label = "telephony"
    verbose_name = "热线话务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline.telephony import jobs  # noqa: F401 - declares its schedules
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        add(Entry(face="workbench", label=_("话务"), url="/work/hotline/lines", order=46, officers=True))
        identity.register_demo_loader(order=60, name="calls", loader=load_calls)


def load_calls(folder: Path, at: datetime) -> Mapping[str, int]:
    """Two months of calls of the simulated exchange."""
    from tongban.desks.hotline.telephony import demo

    return demo.load_calls(folder, at)
