from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "tongban.desks.hotline.figures"
    label = "figures"
    verbose_name = "热线数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=87, name="hotline-tickets", loader=load_tickets)
        add(Entry(face="screen", label=_("热线"), url="/work/hotline/screen", order=20, officers=True))


def load_tickets(folder: Path, at: datetime) -> Mapping[str, int]:
    """Two months of tickets, where no other part of the demo has any."""
    from tongban.desks.hotline.figures import demo

    return demo.load_tickets(folder, at)
