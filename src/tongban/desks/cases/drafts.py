"""Save and resume what somebody has begun."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tongban.desks.cases.models import Draft
from tongban.kernel import api as kernel
from tongban.kernel.privacy import sealed

_COLUMNS = ("owner", "subject", "region", "content", "updated_at")


def save_draft(*, owner: str, subject: str, region: str, content: dict[str, Any], at: datetime) -> None:
    """Keep the present state of a form; replaces the earlier one of the same owner, subject and region."""
    kept = sealed(Draft, "content", json.dumps(content, ensure_ascii=False))
    with kernel.writing():
        kernel.put_rows(
            Draft._meta.db_table, _COLUMNS, [(owner, subject, region, kept, at)], key=_COLUMNS[:3]
        )


def drop_draft(*, owner: str, subject: str, region: str) -> None:
    """Forget a draft: submitted, or no longer wanted."""
    with kernel.writing():
        Draft.objects.filter(owner=owner, subject=subject, region=region).delete()


def drop_drafts(*, owner: str, subject: str, but: str = "") -> None:
    """Forget every draft of a subject, whatever its region.

    :param but: the region whose draft stays
    """
    with kernel.writing():
        rows = Draft.objects.filter(owner=owner, subject=subject)
        (rows.exclude(region=but) if but else rows).delete()
