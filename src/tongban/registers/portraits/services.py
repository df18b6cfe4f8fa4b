"""Writing into portraits: what sources say, and what the shared registers know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Level
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences
from tongban.registers.portraits import events, filing, packs, rules
from tongban.registers.portraits.contracts import (
    KINDS,
    FactsRefusedError,
    NewFact,
    Refreshed,
    Via,
)
from tongban.registers.portraits.filing import File
from tongban.registers.portraits.models import Portrait
from tongban.registers.portraits.rules import Fact, ValueRefusedError

LICENCES = "licences.held"


def stream_of(party: str) -> str:
    """The ledger stream of a portrait: what changed, who looked."""
    return f"portrait:{party}"


def note(
    facts: Sequence[NewFact], *, actor: kernel.Actor, at: datetime, via: Via = Via.EVENT, docket: str = ""
) -> int:
    """Write down what sources say: all of it or, where anything is wrong, nothing.

    An older day never replaces a newer one. What says nothing new changes nothing and announces nothing; what does is
    one entry of the ledger and one ``portrait.changed`` a party.

    :param docket: number of the docket in which it was learnt
    :return: how many facts changed
    :raises FactsRefusedError: every fault by the fact's place: unknown party, element or department, a value of another
        type, a day to come
    """
    wrong, good = _checked(facts, at=at)
    if wrong:
        raise FactsRefusedError(wrong, possible=_("改正后整批再报；没有写入任何一项。"))
    if not good:
        return 0
    with kernel.writing():
        files = filing.open_files(sorted({one.party for one in facts}), at=at)
        for one, fact in zip(facts, good, strict=True):
            files[one.party].put(packs.elements()[one.element], Fact(fact, one.as_of, one.source, via.value))
        changed = [one for one in files.values() if one.changed]
        filing.save(changed, at=at)
        for file in changed:
            _write_down(file, actor=actor, at=at, docket=docket)
    return sum(len(file.changed) for file in changed)


def _checked(facts: Sequence[NewFact], *, at: datetime) -> tuple[dict[int, str], list[object]]:
    """What is wrong with each fact, and the values of those that are right."""
    wrong: dict[int, str] = {}
    good: list[object] = []
    there = _existing({one.party for one in facts})
    today = actors.day_of(at)
    for place, one in enumerate(facts):
        info = packs.elements().get(one.element)
        if one.party not in there:
            wrong[place] = _("没有这个人或单位的登记。")
        elif info is None or not info.known_of(one.party.partition(":")[0]):
            wrong[place] = _("画像里没有数据项“%(key)s”。") % {"key": one.element}
        elif catalogue.department_name(one.source) == one.source:
            wrong[place] = _("没有 %(slug)s 这个部门代号。") % {"slug": one.source}
        elif one.as_of > today:
            wrong[place] = _("%(name)s：数据日期在今天以后。") % {"name": info.name}
        else:
            try:
                good.append(None if one.value is None else rules.checked(info, one.value))
            except ValueRefusedError as error:
                wrong[place] = f"{info.name}（{info.key}）：{error}"
    return wrong, good


def _existing(parties: Iterable[str]) -> frozenset[str]:
    """Those of the ids that are persons or organisations somebody has registered."""
    asked = [one for one in parties if one.partition(":")[0] in KINDS]
    names = actors.names(asked)
    return frozenset(one for one in asked if names[one] != one)


def _write_down(file: File, *, actor: kernel.Actor, at: datetime, docket: str) -> None:
    elements = sorted(file.changed)
    said = {key: {"as_of": day, "source": source, "via": via} for key, (_v, day, source, via) in _of(file)}
    place = kernel.record(
        stream=stream_of(file.party), act="note", actor=actor, at=at, subject=file.party,
        data={"elements": said} | ({"docket": docket} if docket else {}),
        personal={"values": {key: plain[0] for key, plain in _of(file)}},
    )  # fmt: skip
    body = {"party": file.party, "elements": elements}
    kernel.announce(topic=events.PORTRAIT_CHANGED, place=place, at=at, body=body)


def _of(file: File) -> list[tuple[str, rules.Plain]]:
    return [(key, file.facts[key]) for key in sorted(file.changed)]


def refresh(party: str, *, at: datetime, actor: kernel.Actor = kernel.SYSTEM, purpose: str = "") -> Refreshed:
    """Look up what is known of a party elsewhere, and note it: its own entry, its licences, the shared registers.

    The look into the registers is in the ledger of exchange, and its party reads it. A value that an element cannot have
    is left out: nothing that a register says stops the others.

    :param purpose: what for, in words that the party may read
    :raises actors.NotKnownError: nobody has this id
    """
    own, licensed = _own(party, at=at), licences_of(party, at=at)
    shared, unavailable = _shared(party, actor=actor, purpose=purpose or _("更新画像"), at=at)
    told = [*own, *licensed, *shared]
    wrong, _good = _checked(told, at=at)
    fit = [one for place, one in enumerate(told) if place not in wrong]
    changed = note(fit, actor=actor, at=at, via=Via.REGISTER)
    with kernel.writing():
        Portrait.objects.filter(party=party).update(refreshed_at=at)
    return Refreshed(changed, unavailable)


def _own(party: str, *, at: datetime) -> list[NewFact]:
    """What the party's own entry tells (人口库、法人库), as of today. What it tells already is not told again."""
    facts = actors.party_facts(party)
    places = {actors.region(one).level: actors.region(one).name for one in actors.region_chain(facts.region)}
    entry = {
        "established_date": facts.established_date, "capital_fen": facts.capital_fen, "birth_date": facts.birth_date,
        "gender": facts.gender, "county": places.get(Level.COUNTY, ""),
        "township": places.get(Level.TOWNSHIP, ""),
    }  # fmt: skip
    today = actors.day_of(at)
    return [
        NewFact(party, info.key, entry[info.profile], info.source, today)
        for info in packs.elements(party.partition(":")[0]).values()
        if info.profile and entry[info.profile] not in (None, "")
    ]


def licences_of(party: str, *, at: datetime) -> list[NewFact]:
    """The kinds of licences that a party holds in force today, as a fact of its portrait."""
    info = packs.elements(party.partition(":")[0]).get(LICENCES)
    if info is None:
        return []
    today = actors.day_of(at)
    names = sorted({one.kind_name[0] for one in licences.held_by(party, on=today)})
    return [NewFact(party, LICENCES, names, info.source, today)]


def _shared(
    party: str, *, actor: kernel.Actor, purpose: str, at: datetime
) -> tuple[list[NewFact], tuple[str, ...]]:
    asked = {info.asks: info for info in packs.elements(party.partition(":")[0]).values() if info.asks}
    answer = exchange.facts(party=party, elements=list(asked), purpose=purpose, at=at, by=actor)
    told = [
        NewFact(party, asked[key].key, fact.value, exchange.register(fact.register).keeper, fact.as_of)
        for key, fact in answer.facts.items()
    ]
    return told, answer.unavailable
