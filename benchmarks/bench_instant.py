"""Instant approval in one process: submit, decided by rules, licence issued, sealed file at hand.

The floor in the same rounds is the bare cost of the files by a plain script (see `plain_licence`), no database; what
the platform's own way to them costs is told beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from statistics import median

from stdnum.cn import ric

from benchmarks import city, floor, place, plain_licence
from benchmarks import figures as say
from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import CaseAsked, Submission
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.catalogue import api as catalogue
from tongban.registers.licences import api as licences
from tongban.registers.licences.paper import printing
from tongban.registers.licences.paper.services import address_of, new_token
from tongban.registers.seals import api as seals
from tongban.registers.seals.contracts import Place

ON = ("SQLite", "PostgreSQL")
LIBRARY_CARD = "2002201100"
DISTRICT = "421202000000"


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, each = (3, 3) if quick else (15, 8)
    place.migrate()
    city.load()
    people = [_person(number) for number in range(rounds * each + 2)]
    made = [_served(one) for one in people[:2]]  # warm: catalogue, fonts, keys
    ours, bare, own, walls = [], [], [], []
    plain_licence.make(made[0])
    for start in range(2, len(people), each):
        part = people[start : start + each]
        began = [time.perf_counter()]

        def serve(part: list[str] = part, began: list[float] = began) -> None:
            for one in part:
                made.append(_served(one))
                began.append(time.perf_counter())

        ours.append(floor.cpu(serve) / each)
        walls += [after - before for before, after in pairwise(began)]
        issued = made[-each:]
        bare.append(floor.cpu(partial(_all, plain_licence.make, issued)) / each)
        own.append(floor.cpu(partial(_all, file_alone, issued)) / each)
    yield say.ratio(
        "instant approval: submit, decided, issued, sealed", ours, bare, aim=1.5, defect=3,
        against="a plain script that sets and signs the same licence",
        note=f"{len(walls)} library cards; the files take {median(own) * 1e3:.1f} ms of it",
    )  # fmt: skip
    worst = sorted(walls)[max(0, round(len(walls) * 0.99) - 1)]
    yield say.below("instant approval, p99 of the whole way (wall)", worst, most_ms=1000)
    spent = sum(ours) / len(ours)
    yield say.Figure("instant licences a second, one core", f"{1 / spent:.1f} a second")


def _person(number: int) -> str:
    """A grown-up of the district with a number of his own."""
    body = f"42120219{80 + number // 10_000:02d}0101{number % 1000:03d}"
    number_text = body + ric.calc_check_digit(f"{body}0")
    return actors.register_person(
        name="测试", resident_id=number_text, phone="", address="湖北省咸宁市咸安区温泉街道万年路1号",
        region="421202001002", actor=SYSTEM, at=city.AT,
    )  # fmt: skip


def _served(person: str) -> licences.LicenceInfo:
    """One citizen: from submitting to the sealed file."""
    spec = catalogue.matter(LIBRARY_CARD, DISTRICT)
    facts = actors.party_facts(person)
    case = CaseAsked(spec.code, spec.name, spec.unit, 1, 20, implementation_code=spec.implementation_code)
    asked = Submission(
        title=spec.name, subject=spec.code, applicant=person, region=DISTRICT, unit="421202-dsj", cases=(case,),
        form={"person.name": facts.name, "person.id": facts.number, "person.phone": "13871010007"},
    )  # fmt: skip
    receipt = cases.submit(asked, actor=Actor(person, parties=frozenset({person})), at=city.AT, key=person)
    (line,) = cases.licences_of(receipt.docket)
    licences.paper(line.identifier, at=city.AT)
    return licences.licence(line.identifier)


def _all(make: Callable[[licences.LicenceInfo], object], issued: Sequence[licences.LicenceInfo]) -> None:
    for one in issued:
        make(one)


def file_alone(one: licences.LicenceInfo) -> None:
    """The same file with nothing around it."""
    token = new_token()
    address = address_of(token)
    sheet, where = printing.pdf(one, address=address, at=city.AT)
    seals.seal_pdf(sheet, unit=one.unit, reason=f"颁发{one.kind_name[0]}", at=city.AT, place=Place(*where))
    seals.sign_statement(printing.facts(one, token=token, address=address), unit=one.unit, at=city.AT)
