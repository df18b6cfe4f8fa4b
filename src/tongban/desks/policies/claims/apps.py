"""Measures claimed, confirmed and paid: once."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "tongban.desks.policies.claims"
    label = "claims"
    verbose_name = "政策兑现"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.policies.claims import (  # noqa: F401 - attach to flows, declare jobs and handlers
            deciding,
            giving,
            handlers,
            jobs,
            keeping,
            paying,
            queueing,
            recovering,
            running,
            taken,
        )
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=97, name="claims", loader=load_demo)
        add(Entry(face="portal", label=_("政策资金"), url="/benefits", order=58))


def load_demo(folder: Path, at: datetime) -> Mapping[str, int]:
    """Lists, claims and payments of the demo city."""
    from tongban.desks.policies.claims import demo

    return demo.load(folder, at)
