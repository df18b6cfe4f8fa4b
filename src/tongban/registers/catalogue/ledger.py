"""The one place where the catalogue writes into the kernel's ledger, with each matter as it stands from then on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import regulated
from tongban.registers.catalogue.codes import State
from tongban.registers.catalogue.models import Elements, Implementation

_BATCH = 500
_FLAGS = {
    "online": "online", "instant": "instant", "nearby": "nearby", "commitment": "commitment", "tolerance": "tolerance",
    "cross_city": "across_cities", "cross_county": "across_counties", "sunk": "sunk", "self_service": "self_service",
    "high_frequency": "high_frequency", "convenience": "convenience", "intermediary": "intermediary",
    "person": "for_person", "organisation": "for_organisation",
}  # fmt: skip


def record(
    *,
    region: str,
    act: str,
    data: dict[str, Any],
    actor: Actor,
    at: datetime,
    rows: Sequence[Implementation] = (),
) -> None:
    """Who did what to the catalogue of a region, and to which matters; the stream is ``catalogue:<region>``."""
    from tongban.kernel import api as kernel

    stream = f"catalogue:{region}"
    kernel.record_listed(
        stream=stream, act=act, data=data, lists={"stock": list(things(rows))}, actor=actor, at=at
    )


def things(rows: Iterable[Implementation]) -> Iterator[dict[str, Any]]:
    """Implementations as they are counted; drafts and partners' are no part of the city's stock."""
    own = [
        row for row in rows if row.elements_id is not None and not row.partner and row.status != State.DRAFT
    ]
    for start in range(0, len(own), _BATCH):
        part = own[start : start + _BATCH]
        found = Elements.objects.in_bulk({row.elements_id for row in part if row.elements_id is not None})
        codes = dict(
            Implementation.objects.filter(pk__in=[row.pk for row in part]).values_list("pk", "matter__code")
        )
        for row in part:
            assert row.elements_id is not None
            yield _thing(row, codes[row.pk], found[row.elements_id])


def _thing(row: Implementation, basic: str, said: Elements) -> dict[str, Any]:
    key = f"{row.region}/{row.code}"
    if row.status != State.PUBLISHED:
        return {"kind": _kind(said), "key": key, "unit": row.unit, "region": row.region, "gone": True}
    found: dict[str, Any] = {
        "kind": _kind(said), "key": key, "unit": row.unit, "region": row.region, "code": basic, "level": row.level,
        "department": row.department, "type": said.kind, "case_kind": said.case_kind, "depth": said.depth,
    }  # fmt: skip
    # What is not so is not said: a city has thousands, and an entry is kept for ever.
    found |= {word: True for word, column in _FLAGS.items() if getattr(said, column)}
    found |= {word: True for word, holds in _worked_out(said).items() if holds}
    if row.generated:
        found["generated"] = True
    counts = {"abolished": said.abolished_proofs, "items": said.handling_items, **_sizes(said.data)}
    return found | {word: number for word, number in counts.items() if number}


def _kind(said: Elements) -> str:
    return "regulated" if regulated.is_regulated(said.kind) else "matter"


def _worked_out(said: Elements) -> dict[str, bool]:
    return {
        "no_visit": said.online and said.visits == 0,
        "once": said.once or (said.visits is not None and said.visits <= 1),
        "cross_province": said.across_provinces or said.across_nation,
    }


def _sizes(data: dict[str, Any]) -> dict[str, int]:
    """Steps, papers, and days by law and as promised, as far as both are days."""
    found = {"steps": len(data["steps"]), "papers": len(data["materials"])}
    legal, promised = data["legal_limit"], data["promised_limit"]
    if legal and promised and legal["unit"] == promised["unit"] and legal["unit"].endswith("_days"):
        found |= {"legal_days": legal["amount"], "saved_days": max(legal["amount"] - promised["amount"], 0)}
    return found
