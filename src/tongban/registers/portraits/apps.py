"""Portraits: what is known of a company or a person, one file each."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortraitsConfig(AppConfig):
    name = "tongban.registers.portraits"
    label = "portraits"
    verbose_name = _("企业和个人画像")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity
        from tongban.registers.portraits import (  # noqa: F401 - attach to the flow, declare jobs and handlers
            corrections,
            handlers,
            jobs,
            keeping,
            looking,
        )
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=65, name="portraits", loader=load_portraits)
        add(Entry(face="portal", label=_("画像"), url="/my/portrait", order=62))
        add(
            Entry(
                face="workbench", label=_("画像"), url="/work/portraits", order=41, officers=True,
                to=lambda actor: any(actor.units_of(role) for role in looking.ROLES),
            )
        )  # fmt: skip


def load_portraits(folder: Path, at: datetime) -> Mapping[str, int]:
    """What is known of the demo city's companies and people."""
    from tongban.registers.portraits import demo

    return demo.load_portraits(folder, at)
