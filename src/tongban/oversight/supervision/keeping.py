"""What goes when the time of an appeal, or of a docket with warnings, is over."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel.files.destroying import destroy_attachments
from tongban.oversight.supervision.models import Appeal
from tongban.registers.identity.privacy import api as privacy


def destroy_appeals(dockets: list[int], _at: datetime) -> int:
    """What was said, and the files; that a mark was excused stays for the figures."""
    return Appeal.objects.filter(pk__in=dockets).update(words="") + destroy_attachments(dockets)


privacy.register_destroyer("appeal", destroy_appeals)
