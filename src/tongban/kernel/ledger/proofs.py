"""A stream as it can be proven elsewhere: every entry with all that its digest covers. For packages of the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel.ledger import personal
from tongban.kernel.ledger.models import Anchor, Entry, PersonalField
from tongban.kernel.ledger.rules import instant


def proofs(stream: str, *, at: datetime) -> list[dict[str, Any]]:
    """Every entry of a stream, oldest first, with the fields of `entry_digest`, its digest and `recorded_at`.

    Personal fields stand beside with their salt as ``{"salt": hex, "text": canonical JSON}``, an erased one as
    ``{"erased": place}``: they are as readable as the docket was.

    :param at: now
    """
    entries = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    sealed = {row.entry_id: row for row in PersonalField.objects.filter(entry__in=entries)}
    return [_proof(entry, sealed.get(entry.id), at) for entry in entries]


def _proof(entry: Entry, row: PersonalField | None, at: datetime) -> dict[str, Any]:
    made: dict[str, Any] = {
        "stream": entry.stream, "sequence": entry.sequence, "actor": entry.actor, "unit": entry.unit,
        "authority": entry.authority, "act": entry.act, "at": instant(entry.at), "body": entry.body,
        "personal_digest": entry.personal_digest, "previous": entry.previous, "digest": entry.digest,
        "recorded_at": instant(entry.recorded_at),
    }  # fmt: skip
    if row is not None:
        try:
            salt, plain = personal.unseal_with_salt(
                bytes(row.sealed), subject=row.subject, bound_to=f"{entry.stream}#{entry.sequence}",
                digest=entry.personal_digest, at=at,
            )  # fmt: skip
            made["personal"] = {"salt": salt.hex(), "text": plain.decode()}
        except personal.Erased as gone:
            made["personal"] = {"erased": gone.by}
    return made


def anchored(recorded: datetime) -> dict[str, Any] | None:
    """The first signed anchor that covers an instant, to compare with its file; None while there is none."""
    found = Anchor.objects.filter(recorded_until__gt=recorded).order_by("recorded_until").first()
    if found is None:
        return None
    return {
        "recorded_until": instant(found.recorded_until),
        "digest": found.digest,
        "signature": found.signature,
    }
