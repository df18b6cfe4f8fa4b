"""Entries that nobody writes here: the catalogue's guides and answers, regulated matters, and what desks bring.

They are read where they are kept, never copied: an entry is as fresh as the matter, and its version is the matter's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import LimitSpec, MatterSpec
from tongban.registers.knowledge.contracts import Audience, EntryInfo, Law

_UNITS = {"working_days": "个工作日", "natural_days": "天", "working_hours": "个工作小时"}
MOST_PAPERS = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody else keeps and the knowledge base answers with.

    :param token: changes whenever `entries` would say something else
    :param entries: called with the day; keys begin with ``t-`` (or ``m-``, ``r-``: the catalogue's)
    """

    token: Callable[[], str]
    entries: Callable[[date], Iterable[EntryInfo]]


_sources: dict[str, Kept] = {}


def register_source(name: str, source: Kept) -> None:
    """Let another context answer from what it keeps; the same name again replaces."""
    _sources[name] = source


def token() -> str:
    """Changes whenever anything kept elsewhere does."""
    return "|".join([catalogue.generation(), *(source.token() for source in _sources.values())])


def entries(on: date) -> Iterator[EntryInfo]:
    """Everything that is answered from elsewhere, as it stands."""
    for spec in catalogue.every_matter(settings.ROOT_REGION):
        if spec.partner or not spec.code.isalnum():
            continue
        yield from _regulated(spec, on) if spec.regulated else _matter(spec, on)
    for source in _sources.values():
        yield from source.entries(on)


def _laws(spec: MatterSpec) -> tuple[Law, ...]:
    return tuple(Law(one.law, one.article, one.says) for one in spec.legal_basis)


def _link(spec: MatterSpec) -> str:
    return f"/matters/{spec.code}?region={spec.region}"


def _entry(spec: MatterSpec, on: date, *, key: str, question: str, answer: str, **more: object) -> EntryInfo:
    return EntryInfo(
        key=key, version=spec.version, question=question, answer=answer, owner=spec.unit, owner_name=spec.unit_name,
        audience=Audience.PUBLIC, as_of=on, laws=_laws(spec), matters=(spec.code,), link=_link(spec), **more,  # type: ignore[arg-type]  # names of EntryInfo
    )  # fmt: skip


def _matter(spec: MatterSpec, on: date) -> Iterator[EntryInfo]:
    names = tuple(name for name in (spec.plain_name, spec.name) if name)
    if spec.has_guide:
        yield _entry(
            spec, on, key=f"m-{spec.code}", question=f"{spec.title}怎么办？", answer=_guide(spec),
            question_en=spec.name_en, ways=names, keywords=spec.keywords,
        )  # fmt: skip
    for place, one in enumerate(spec.faq, 1):
        yield _entry(spec, on, key=f"m-{spec.code}-{place}", question=one.q, answer=one.a, keywords=names)


def _guide(spec: MatterSpec) -> str:
    """The guide's facts as sentences; what is not known is left out."""
    limit = _days(spec.promised_limit or spec.legal_limit)
    said = [
        f"由{spec.unit_name}办理；各县（市、区）找当地同一部门。",
        f"时限：{limit}。" if limit else "",
        "不收费。" if not spec.fee_fen else f"收费{spec.fee_fen / 100:g}元。",
        "" if spec.visits is None else "不用跑，网上就能办。" if spec.visits == 0 else f"跑{spec.visits}次。",
        f"条件：{'；'.join(spec.conditions)}。" if spec.conditions else "",
        _papers(spec),
        f"办好后拿到：{'、'.join(one.name for one in spec.results)}。" if spec.results else "",
    ]
    return "".join(said)


def _papers(spec: MatterSpec) -> str:
    own = [one.name for one in spec.materials if not one.from_government][:MOST_PAPERS]
    held = [one.name for one in spec.materials if one.from_government][:MOST_PAPERS]
    return (f"您带：{'、'.join(own)}。" if own else "") + (
        f"政府已有、不用交：{'、'.join(held)}。" if held else ""
    )


def _days(limit: LimitSpec | None) -> str:
    if limit is None:
        return ""
    return "当场办结" if limit.amount == 0 else f"{limit.amount}{_UNITS[limit.unit]}"


def _regulated(spec: MatterSpec, on: date) -> Iterator[EntryInfo]:
    assert spec.regulated is not None  # the caller looked
    basis = "；".join(f"《{one.law}》{one.article}：{one.says}" for one in spec.legal_basis)
    answer = (
        f"{spec.plain_name}由{spec.unit_name}管，各县（市、区）找当地同一部门。依据{basis}。"
        f"您反映以后：{spec.regulated.becomes.label}。可以打12345，说清地点、时间和看到的情况。"
    )
    yield _entry(
        spec, on, key=f"r-{spec.code}", question=f"{spec.plain_name}归谁管？", answer=answer,
        question_en=f"{spec.name_en}: who is in charge?", ways=(f"{spec.plain_name}找谁投诉",),
        keywords=spec.regulated.words,
    )  # fmt: skip
