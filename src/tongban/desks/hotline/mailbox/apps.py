from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailboxConfig(AppConfig):
    name = "tongban.desks.hotline.mailbox"
    label = "mailbox"
    verbose_name = "市长信箱"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("来信公开"), url="/work/hotline/letters", order=49, officers=True, to=_decides
            )
        )  # fmt: skip
        identity.register_demo_loader(order=90, name="letters", loader=load_letters)


def _decides(actor: object) -> bool:
    """Asked at every page, so from the grants alone: those who dispatch."""
    return any(grant.role == "dispatcher" for grant in getattr(actor, "grants", ()))


def load_letters(folder: Path, at: datetime) -> Mapping[str, int]:
    """Letters to the mayor of the demo city."""
    from tongban.desks.hotline.mailbox import demo

    return demo.load(folder, at)
