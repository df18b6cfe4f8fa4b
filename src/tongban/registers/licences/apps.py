from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "tongban.registers.licences"
    label = "licences"
    verbose_name = "电子证照"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=40, name="licences", loader=load_holdings)


def load_holdings(folder: Path, at: datetime) -> Mapping[str, int]:
    """The licences that the demo city's people and companies hold already."""
    from tongban.registers.licences import demo

    return demo.load_holdings(folder, at)
