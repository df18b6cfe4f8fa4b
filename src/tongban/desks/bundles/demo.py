"""Providers, offers and orders of the demo city, from packs/demo/bundles.yaml, through the same moves as any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override

from tongban.actors import api as actors
from tongban.actors.api import Role, read_pack
from tongban.desks.bundles import ordering, providing
from tongban.desks.bundles.contracts import ORDER, PROVIDER
from tongban.desks.bundles.models import Offer, Provider
from tongban.kernel import api as kernel
from tongban.kernel.files.services import store
from tongban.kernel.pdf import render_pdf

APPLIED, ADMITTED, OFFERED = timedelta(days=95), timedelta(days=90), timedelta(days=89)
YEARS = 2


def load(folder: Path, at: datetime) -> Mapping[str, int]:
    """Admit, offer and order once; a second time, or in another city, nothing."""
    done: Counter[str] = Counter()
    if not (folder / "bundles.yaml").is_file() or Provider.objects.exists():
        return done
    bodies = {row["key"]: row["id"] for row in read_pack(folder, "people.yaml")["organisations"]}
    pack = read_pack(folder, "bundles.yaml")
    with override("zh-hans"):
        for line in pack["providers"]:
            _provide(line, bodies, at)
            done["providers"] += 1
        for line in pack["orders"]:
            _order(line, bodies, at)
            done["orders"] += 1
    return done


def _provide(line: dict[str, Any], bodies: Mapping[str, int], at: datetime) -> None:
    own = bodies[line["organisation"]]
    party, applied = f"organisation:{own}", at - (timedelta(days=1) if line.get("applied") else APPLIED)
    actor = actors.actor_of_organisation(organisation_id=own, at=at)
    said = providing.Applying(
        categories=tuple(line["categories"]), intro=line["intro"], intro_en=line["intro_en"], phone=line["phone"],
        regions=tuple(one.code for one in actors.regions_below(settings.ROOT_REGION)),
        proof_number=line["proof_number"], proof_until=None,
    )  # fmt: skip
    paper = store(content=_evidence(party, line, applied), name="资质证照.pdf", at=applied)
    made = providing.apply(said, party=party, files=[(paper, "资质证照.pdf")], actor=actor, at=applied)
    if line.get("applied"):
        return
    specialist = _specialist(PROVIDER, made.docket, at)
    first = actors.day_of(at - ADMITTED)
    agreement = {
        "agreement": f"咸安企服〔2026〕{own}号", "from_date": first, "until_date": first.replace(year=first.year + YEARS, day=1),
    }  # fmt: skip
    kernel.perform(made.docket, "admit", actor=specialist, at=at - ADMITTED, data=agreement)
    for offer in line["offers"]:
        kernel.perform(made.docket, "offer", actor=actor, at=at - OFFERED, data=offer)
        shown = Offer.objects.filter(provider=made.docket).latest("pk").pk
        kernel.perform(made.docket, "show_offer", actor=specialist, at=at - OFFERED, data={"offer": shown})


def _evidence(party: str, line: dict[str, Any], at: datetime) -> bytes:
    """A paper to look at, which says that it is none."""
    name, day = actors.party_name(party), actors.day_of(at).isoformat()
    data = {
        "title": "资质证照（演示）", "issuer": "演示，不是真证照", "lang": "zh", "foot": "演示", "lead": name,
        "facts": [["编号", line["proof_number"]], ["单位", name]], "sections": [], "unit": "演示发证机关", "day": day,
    }  # fmt: skip
    return render_pdf("decision", data, at=at)


def _specialist(kind: str, docket: int, at: datetime) -> kernel.Actor:
    """Who decides at the desk that the docket lies with; the system where nobody does."""
    row = kernel.docket_by_id(docket, actor=kernel.SYSTEM)
    assert row.kind == kind
    officers = actors.officers_with(role=Role.SPECIALIST.value, unit_id=row.unit, at=at)
    if not officers:
        raise LookupError(f"no specialist in {row.unit}")
    return actors.actor(actor_id=officers[0], at=at, unit_id=row.unit)


def _order(line: dict[str, Any], bodies: Mapping[str, int], at: datetime) -> None:
    provider, need = line["offer"].split("/")
    offer = Offer.objects.get(provider__party=f"organisation:{bodies[provider]}", need=need)
    begun, company = at - timedelta(days=line["ago"]), bodies[line["company"]]
    phone = actors.phone_of(f"organisation:{company}")
    actor = {
        "company": actors.actor_of_organisation(organisation_id=company, at=at),
        "provider": actors.actor_of_organisation(organisation_id=bodies[provider], at=at),
    }
    made = ordering.place(
        offer=offer.pk, company=f"organisation:{company}", wish=line["wish"], contact="办公室", phone=phone, others=False,
        actor=actor["company"], at=begun,
    )  # fmt: skip
    for step in line.get("moves", ()):
        when, data = begun + timedelta(days=step["after"]), dict(step.get("data", {}))
        if "on" in data:
            data["on"] = actors.day_of(begun + timedelta(days=data["on"]))
        who = actor.get(step["by"]) or _specialist(ORDER, made.docket, at)
        kernel.perform(made.docket, step["move"], actor=who, at=min(when, at), data=data)
