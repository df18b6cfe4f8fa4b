from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "tongban.desks.policies.matching"
    label = "matching"
    verbose_name = "政策匹配"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.policies.matching import handlers, jobs, keeping  # noqa: F401 - declare what they do
        from tongban.desks.policies.matching.access import READERS
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=68, name="matching", loader=load_matching)
        add(
            Entry(
                face="workbench", label=_("政策匹配"), url="/work/policies/matching", order=47, officers=True,
                to=lambda actor: any(actor.units_of(role) for role in READERS[:2]),
            )
        )  # fmt: skip


def load_matching(_folder: Path, at: datetime) -> Mapping[str, int]:
    """Every measure of the demo city for everybody in it; a second time nothing has changed."""
    from tongban.desks.policies.matching.contracts import RunState
    from tongban.desks.policies.matching.running import run_all

    return {"matched": sum(one.measures for one in run_all(at) if one.state is RunState.COMPLETE)}
