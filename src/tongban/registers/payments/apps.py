from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "tongban.registers.payments"
    label = "payments"
    verbose_name = "公共支付"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.actors.api import Role
        from tongban.kernel.jobs.health import register_check
        from tongban.registers.identity import api as identity
        from tongban.registers.payments import (  # noqa: F401 - attach to flows, declare jobs and handlers
            collecting,
            handlers,
            jobs,
            keeping,
            paying_out,
            reconciling,
            refunds,
            selectors,
        )
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=60, name="payments", loader=load_payments)
        register_check("payments", selectors.troubles)
        add(Entry(face="portal", label=_("缴费"), url="/my/payments", order=60))
        add(
            Entry(
                face="workbench", label=_("收付"), url="/work/payments", order=39, officers=True,
                to=lambda actor: bool(actor.units_of(Role.FINANCE) | actor.units_of(Role.TREASURER)),
            )
        )  # fmt: skip


def load_payments(folder: Path, at: datetime) -> Mapping[str, int]:
    """Orders, refunds and a batch of the demo city."""
    from tongban.registers.payments import demo

    return demo.load_payments(folder, at)
