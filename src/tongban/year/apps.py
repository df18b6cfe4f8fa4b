from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig


class YearConfig(AppConfig):
    name = "tongban.year"
    label = "year"
    verbose_name = "年度推演"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity

        # After the desks' demonstrations, which begin with empty desks; before the hotline's, which shows what a year seldom has.
        identity.register_demo_loader(order=72, name="year", loader=load_year)


def load_year(folder: Path, at: datetime) -> Mapping[str, int]:
    """The year that the demo city has behind it, where the installation asks for one."""
    from tongban.year import demo

    return demo.load(folder, at)
