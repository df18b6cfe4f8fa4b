from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "tongban.desks.policies"
    label = "policies"
    verbose_name = "惠企惠民政策"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.policies import (  # noqa: F401 - attach to the flow, declare jobs
            access,
            jobs,
            services,
        )
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=62, name="policies", loader=load_policies)
        add(Entry(face="portal", label=_("惠企利民政策"), url="/policies", order=47))
        add(
            Entry(
                face="workbench", label=_("政策"), url="/work/policies", order=36, officers=True, to=access.splits_here
            )
        )  # fmt: skip


def load_policies(_folder: Path, at: datetime) -> Mapping[str, int]:
    """The policies of the packs, published."""
    from tongban.desks.policies import api

    return api.load_pack(at=at)
