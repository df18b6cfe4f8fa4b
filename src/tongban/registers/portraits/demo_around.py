"""The invented companies around the demo city's own (`demo_companies`): registered, and their facts laid, all at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.portraits import demo_companies, events, filing, packs, rules
from tongban.registers.portraits.contracts import ORGANISATION, Via
from tongban.registers.portraits.demo_companies import Company
from tongban.registers.portraits.filing import File
from tongban.registers.portraits.rules import Fact

STREAM = "portraits:demo"


@kernel.writing()
def load_companies(*, at: datetime) -> int:
    """Register those that are not there yet, with what departments know of them: one ledger entry and one event.

    :returns: how many were new
    """
    today = actors.day_of(at)
    fresh = [
        one for one in demo_companies.companies(today=today) if actors.find_organisation(one.uscc) is None
    ]
    if not fresh:
        return 0
    parties = {_register(one, at=at): one for one in fresh}
    files = filing.open_files(sorted(parties), at=at)
    for party, one in parties.items():
        _lay(files[party], one, at=at)
    filing.save(files.values(), at=at)
    elements = sorted({key for one in fresh for key in one.facts})
    body = {"party_kind": ORGANISATION, "parties": len(fresh), "elements": elements}
    place = kernel.record(stream=STREAM, act="import", actor=kernel.SYSTEM, at=at, data=body)
    kernel.announce(topic=events.PORTRAITS_IMPORTED, place=place, at=at, body=body)
    return len(fresh)


def _register(one: Company, *, at: datetime) -> str:
    return actors.register_organisation(
        name=one.name, uscc=one.uscc, type=one.form, address="", region=one.region, phone="",
        legal_representative="", actor=kernel.SYSTEM, at=at,
    )  # fmt: skip


def _lay(file: File, one: Company, *, at: datetime) -> None:
    known, today = packs.elements(ORGANISATION), actors.day_of(at)
    for key, (value, days) in one.facts.items():
        info = known[key]
        day = today - timedelta(days=days)
        file.put(info, Fact(rules.checked(info, value), day, info.source, Via.IMPORT.value))
    if one.agreed:
        agreed = {"given": today.isoformat()}
        file.row.agreed = {key: dict(agreed) for key, info in known.items() if info.consent}
