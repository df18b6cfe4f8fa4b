"""Sessions in the export of one's own data, and when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.desks.remote.models import Proposal, RemoteSession
from tongban.registers.identity.privacy import api as privacy


def sessions(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """When officers of two units looked at one's application together, and the consent to it."""
    rows = (
        RemoteSession.objects.filter(docket__applicant=party)
        .select_related("docket", "shared")
        .prefetch_related("proposals")
    )
    records = [
        {
            "number": one.docket.number, "about": one.shared.number if one.shared else one.draft_subject, "window": one.near_unit, "remote": one.docket.unit,
            "consent": one.consent, "consented_at": one.consented_at, "joined_at": one.joined_at, "said": one.said,
            "proposed": [
                {"element": own.element, "value": own.value, "at": own.proposed_at, "answer": own.answer}
                for own in one.proposals.all()
            ],
        }
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("remote", {"zh": "远程窗口", "en": "Remote windows"}, records)


def destroy(dockets: list[int], _at: datetime) -> int:
    """Where it was, what was proposed and what was agreed."""
    Proposal.objects.filter(session_id__in=dockets).update(value="", before="")
    return RemoteSession.objects.filter(pk__in=dockets).update(place="", said="", near_link="", far_link="")


privacy.register_source("9-remote", sessions)
privacy.register_destroyer("remote", destroy)
