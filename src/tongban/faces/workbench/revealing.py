"""Personal data unmasked for a minute: who may is said here, the door that writes it down is identity's (`privacy.unmask`)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.identity.privacy.api import PrivacyRefused as RevealRefused

__all__ = ["RevealRefused", "may_reveal", "reveal", "revealed_until"]

SESSION = "tb_revealed"


def may_reveal(row: kernel.DocketRow, actor: kernel.Actor) -> bool:
    """Those who work on the docket: a role in its unit or its unit's delegation. Overseers see it masked."""
    if any(grant.unit == row.unit for grant in actor.grants):
        return True
    return any(
        authority.unit == row.unit and (not authority.matters or row.subject in authority.matters)
        for authority in actor.authorities
    )


def reveal(
    row: kernel.DocketRow,
    *,
    actor: kernel.Actor,
    purpose: str,
    reason: str,
    at: datetime,
    session: SessionBase,
) -> datetime:
    """Write down who looks at what and what for; gives the instant at which the data are masked again.

    :raises RevealRefused: not somebody who works on it, no such purpose, or no reason
    """
    if not may_reveal(row, actor):
        raise RevealRefused(_("只有承办这一件的人员可以查看完整信息。"))
    authority = next((a.id for a in actor.authorities if a.unit == row.unit), "")
    if any(grant.unit == row.unit for grant in actor.grants):
        authority = ""
    until = privacy.unmask(
        subject=row.applicant,
        docket=row.number,
        purpose=purpose,
        reason=reason,
        actor=actor,
        at=at,
        authority=authority,
    )
    session[SESSION] = {row.number: until.isoformat()}  # one docket at a time
    return until


def revealed_until(
    row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime, session: SessionBase
) -> datetime | None:
    """Until when the docket's data are shown in this session; None when masked."""
    until = parse_datetime(session.get(SESSION, {}).get(row.number, "") or "")
    return until if until is not None and at < until and may_reveal(row, actor) else None
