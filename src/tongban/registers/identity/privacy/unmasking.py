"""The one door to unmasked personal data: a purpose from the list, a reason, 60 seconds, the ledger, the person's page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity.privacy.contracts import UNMASKED_FOR, PrivacyRefused, Purpose, Seen
from tongban.registers.identity.privacy.models import Unmasking

SHORTEST, LONGEST = 4, 200
MOST_SEEN = 100


@kernel.writing()
def unmask(
    *,
    subject: str,
    docket: str,
    purpose: str,
    reason: str,
    actor: kernel.Actor,
    at: datetime,
    authority: str = "",
) -> datetime:
    """Write down who looks at whose data and what for; gives the instant at which they are masked again.

    Whether this actor may is for the caller's `access` to say; here it is written before anything is shown.

    :param subject: party id of the person or organisation
    :param docket: number of the docket at hand; the ledger's stream is ``unmask:NUMBER``
    :param purpose: one of `Purpose`
    :param authority: by whose delegation, when not by one's own role
    :raises PrivacyRefused: no such purpose, or no reason
    """
    if purpose not in Purpose.values:
        raise PrivacyRefused(_("请选查看用途。"))
    words = " ".join(reason.split())[:LONGEST]
    if len(words) < SHORTEST:
        raise PrivacyRefused(_("请写清为什么要看，至少4个字。"))
    kernel.record(
        stream=f"unmask:{docket}", act="unmask", actor=actor, at=at, authority=authority,
        data={"docket": docket, "applicant": subject, "purpose": purpose, "reason": words, "seconds": UNMASKED_FOR.seconds},
    )  # fmt: skip
    Unmasking.objects.create(
        subject=subject, docket=docket, actor=actor.id, unit=actor.unit, purpose=purpose, reason=words, at=at
    )
    return at + UNMASKED_FOR


def seen(party: str) -> list[Seen]:
    """Who unmasked somebody's data, newest first (个人信息保护法 第四十四条: the right to know). Two queries."""
    rows = list(Unmasking.objects.filter(subject=party).order_by("-pk")[:MOST_SEEN])
    names = actors.names({row.actor for row in rows})
    return [
        Seen(
            row.at, names.get(row.actor, row.actor), actors.unit_name(unit_id=row.unit) if row.unit else "",
            str(Purpose(row.purpose).label), row.reason, row.docket,
        )
        for row in rows
    ]  # fmt: skip
