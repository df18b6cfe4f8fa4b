from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "tongban.oversight.appraisal"
    label = "appraisal"
    verbose_name = "好差评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.appraisal import handlers, keeping, services  # noqa: F401 - attach to flow and events
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=70, name="evaluations", loader=load_evaluations)


def load_evaluations(folder: Path, at: datetime) -> Mapping[str, int]:
    """What applicants said of the demo city's work."""
    from tongban.oversight.appraisal import demo

    return demo.load_evaluations(folder, at)
