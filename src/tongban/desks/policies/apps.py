from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "tongban.desks.policies"
    label = "policies"
    verbose_name = "惠企惠民政策"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.policies import flow  # noqa: F401 - declares the docket
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=62, name="policies", loader=load_policies)


def load_policies(_folder: Path, at: datetime) -> Mapping[str, int]:
    """The policies of the packs, published."""
    from tongban.desks.policies import api

    return api.load_pack(at=at)
