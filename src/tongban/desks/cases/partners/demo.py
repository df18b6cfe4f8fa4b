"""Partners of the demo city, and cases that went to them and came from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import demo_partner, hearing, receiving, register, sending
from tongban.desks.cases.partners.contracts import PACKAGE, Mode, PartnerInfo
from tongban.desks.cases.partners.models import Handover, Heard
from tongban.desks.cases.partners.services import hand_over
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue

HOME, MATTER = "421202000000", "2001400100"
"""社会保障卡申领 stands on the list 跨省."""


def load(folder: Path, at: datetime) -> Mapping[str, int]:
    """Enter the partners of the pack; those without certificates get the demo partner's own."""
    entered = 0
    known = {one.region for one in register.partners()}
    for row in register.read(folder / "partners.yaml"):
        if row.region in known:
            continue
        if not row.roots:
            row.roots = demo_partner.signer(_bare(row)).roots(at=at)
        register.enter(row, actor=kernel.SYSTEM, at=at)
        entered += 1
    return {"partners": entered}


def _bare(row: register.PartnerRow) -> PartnerInfo:
    return PartnerInfo(
        row.region, row.name, row.name_en, row.unit, row.phone, tuple(row.modes), frozenset(row.matters), row.site,
        row.plugin, row.address, row.seconds,
    )  # fmt: skip


def load_work(folder: Path, at: datetime) -> Mapping[str, int]:
    """One case with its result back, one that waits for a partner that is down, one still to be packed, one from outside."""
    del folder
    if Handover.objects.exists() or Heard.objects.exists() or not register.partners():
        return {"handovers": 0}
    matter = _matter()
    if not matter:
        return {"handovers": 0}
    places = {
        one.address or "demo": one
        for one in reversed(register.partners())
        if one.does(matter) and one.receives
    }
    begun = at - timedelta(hours=2)
    made = [
        _out(places["demo"], matter, "person:1", begun, packs=True),
        _out(places["down"], matter, "person:2", begun + timedelta(minutes=5), packs=True)
        if "down" in places
        else 0,
        _out(places["demo"], matter, "person:3", begun + timedelta(minutes=10), packs=False),
    ]
    sending.send_due(at=begun + timedelta(minutes=20))
    back = _out(places["demo"], matter, "person:5", begun + timedelta(minutes=15), packs=False)
    _sends_back(back, begun + timedelta(minutes=25))
    demo = demo_partner.Demo()
    for letter in demo.collect(places["demo"], at=begun + timedelta(minutes=40)):
        hearing.hear(letter.statement, letter.files, at=begun + timedelta(minutes=40))
    _in(places["demo"], matter, begun + timedelta(minutes=30))
    return {"handovers": sum(1 for one in made if one) + 1}


def _matter() -> str:
    """A matter of the demo catalogue that goes across provinces, with few papers."""
    found = catalogue.on_list("cross_province", HOME, top=50)
    codes = [one.code for one in found]
    specs = catalogue.matters(codes, HOME)
    fit = [one for code in codes if (one := specs.get(code)) and "1" in one.applicants and not one.partner]
    return min(fit, key=lambda one: (one.code != MATTER, len(one.materials), one.code)).code if fit else ""


def _out(place: PartnerInfo, matter: str, party: str, at: datetime, *, packs: bool) -> int:
    spec = catalogue.matter(matter, HOME)
    facts = actors.party_facts(party)
    asked = cases.Submission(
        title=spec.name, subject=matter, applicant=party, region=HOME, unit="",
        cases=(cases.CaseAsked(matter, spec.name, spec.unit, 5, 20),),
        form={"person.name": facts.name, "person.id": facts.number, "person.phone": facts.phone},
        materials=tuple(
            cases.MaterialGiven(one.key, one.name, "form", (matter,)) for one in spec.materials if one.required
        ),
    )  # fmt: skip
    who = actors.actor(actor_id=party, at=at)
    handed = hand_over(asked, to=place.region, consented=True, actor=who, at=at, key=f"demo-{party}")
    if packs:
        desk = kernel.docket_by_id(handed.docket, actor=kernel.SYSTEM).unit
        officer = actors.officers_with(role="window", unit_id=desk, at=at)[0]
        window = actors.actor(actor_id=officer, at=at, unit_id=desk)
        later = at + timedelta(minutes=8)
        kernel.perform(handed.docket, "pack", actor=window, at=later, data={"identity": "original"})
    return handed.docket


def _sends_back(docket: int, at: datetime) -> None:
    """The window finds that a photo cannot be read."""
    row = kernel.docket_by_id(docket, actor=kernel.SYSTEM)
    window = actors.actor(
        actor_id=actors.officers_with(role="window", unit_id=row.unit, at=at)[0], at=at, unit_id=row.unit
    )
    own = Handover.objects.get(docket_id=docket)
    papers = [one["name"] for one in json.loads(own.materials)][:1]
    said = {"reason": "照片看不清，请重新拍。", "papers": papers}
    kernel.perform(docket, "ask_mending", actor=window, at=at, data=said)


def _in(place: PartnerInfo, matter: str, at: datetime) -> None:
    """A package as the partner's window would send it."""
    spec = catalogue.matter(matter, HOME)
    facts = actors.party_facts("person:7")
    payload: dict[str, Any] = {
        "type": PACKAGE, "id": f"{place.region[:6]}-demo-0001", "number": f"{place.region[:4]}-2026-0001", "replaces": "",
        "from": {
            "region": place.region, "place": place.name, "unit": place.unit, "phone": place.phone, "city": place.region,
        },
        "to": {"region": HOME, "place": actors.region(HOME).name}, "mode": Mode.RELAY.value,
        "matter": {"code": matter, "name": spec.name}, "situation": "", "received_at": at.isoformat(),
        "packed_at": at.isoformat(),
        "applicant": {
            "kind": "person", "name": facts.name, "number": facts.number, "phone": facts.phone, "address": facts.address,
        },
        "consent": {"text": "同意转交办理地，只用于办理这件事。", "at": at.isoformat()},
        "form": {"person.name": facts.name, "person.id": facts.number},
        "materials": [
            {"key": one.key, "name": one.name, "way": "form", "said": "", "files": []}
            for one in spec.materials if one.required
        ],
        "delivery": "electronic",
    }  # fmt: skip
    receiving.receive(demo_partner.signer(place).sign(payload, at=at), {}, at=at)
