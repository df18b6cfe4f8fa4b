"""What goes when the time of an appeal, or of a docket with warnings, is over: what was said, not that it was late."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel.files.destroying import destroy_attachments
from tongban.oversight.supervision.contracts import KIND
from tongban.oversight.supervision.models import Appeal, Mark
from tongban.registers.identity.privacy import api as privacy


def destroy_appeals(dockets: list[int], _at: datetime) -> int:
    """What was said, and the files; that a mark was excused stays for the figures."""
    return Appeal.objects.filter(pk__in=dockets).update(words="") + destroy_attachments(dockets)


def destroy_reasons(dockets: list[int], _at: datetime) -> int:
    """What a unit said of a late docket, of whatever kind; which reason it was stays."""
    return Mark.objects.filter(docket__in=dockets).exclude(words="").update(words="")


privacy.register_destroyer(KIND, destroy_appeals)
privacy.register_beside("supervision", destroy_reasons)
