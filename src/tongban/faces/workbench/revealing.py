"""Personal data unmasked for a minute: with a reason, written to the ledger before anything is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel

LASTS = timedelta(seconds=60)
SHORTEST, LONGEST = 4, 200
SESSION = "tb_revealed"


class RevealRefused(Exception):  # noqa: N818 - an answer, not a fault
    """Personal data stay masked; says why."""


def may_reveal(row: kernel.DocketRow, actor: kernel.Actor) -> bool:
    """Those who work on the docket: a role in its unit or its unit's delegation. Overseers see it masked."""
    if any(grant.unit == row.unit for grant in actor.grants):
        return True
    return any(
        authority.unit == row.unit and (not authority.matters or row.subject in authority.matters)
        for authority in actor.authorities
    )


def reveal(
    row: kernel.DocketRow, *, actor: kernel.Actor, reason: str, at: datetime, session: SessionBase
) -> datetime:
    """Write down who looks at what and why; gives the instant at which the data are masked again.

    :raises RevealRefused: not somebody who works on it, or no reason
    """
    if not may_reveal(row, actor):
        raise RevealRefused(_("只有承办这一件的人员可以查看完整信息。"))
    words = " ".join(reason.split())
    if len(words) < SHORTEST:
        raise RevealRefused(_("请写清为什么要看，至少4个字。"))
    authority = next((a.id for a in actor.authorities if a.unit == row.unit), "")
    if any(grant.unit == row.unit for grant in actor.grants):
        authority = ""
    kernel.record(
        stream=f"unmask:{row.number}", act="unmask", actor=actor, at=at, authority=authority,
        data={"docket": row.number, "applicant": row.applicant, "reason": words[:LONGEST], "seconds": LASTS.seconds},
    )  # fmt: skip
    until = at + LASTS
    session[SESSION] = {row.number: until.isoformat()}  # one docket at a time
    return until


def revealed_until(
    row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime, session: SessionBase
) -> datetime | None:
    """Until when the docket's data are shown in this session; None when masked."""
    until = parse_datetime(session.get(SESSION, {}).get(row.number, "") or "")
    return until if until is not None and at < until and may_reveal(row, actor) else None
