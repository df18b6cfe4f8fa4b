from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListeningConfig(AppConfig):
    name = "tongban.desks.hotline.listening"
    label = "listening"
    verbose_name = "领导接听与办不成事"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline.listening import keeping, services  # noqa: F401 - attach to the flow
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("接听活动"), url="/work/hotline/sessions", order=47, officers=True
            )
        )
        identity.register_demo_loader(order=88, name="sessions", loader=load_sessions)


def load_sessions(folder: Path, at: datetime) -> Mapping[str, int]:
    """Leaders on the line, the programme and the window, past and to come."""
    from tongban.desks.hotline.listening import demo

    return demo.load_sessions(folder, at)
