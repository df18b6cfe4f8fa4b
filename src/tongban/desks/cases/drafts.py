"""Save and resume what somebody has begun."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tongban.desks.cases.models import Draft
from tongban.kernel import api as kernel


def save_draft(*, owner: str, subject: str, region: str, content: dict[str, Any], at: datetime) -> None:
    """Keep the present state of a form; replaces the earlier one of the same owner and subject."""
    with kernel.writing():
        Draft.objects.update_or_create(
            owner=owner,
            subject=subject,
            region=region,
            defaults={"content": json.dumps(content, ensure_ascii=False), "updated_at": at},
        )


def drop_draft(*, owner: str, subject: str, region: str) -> None:
    """Forget a draft: submitted, or no longer wanted."""
    with kernel.writing():
        Draft.objects.filter(owner=owner, subject=subject, region=region).delete()
