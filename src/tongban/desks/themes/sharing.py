"""An unfinished application as somebody else may look at it with the applicant, and one field of it put in on their yes.

A door beside `api`: whoever calls has the applicant's consent and shows nothing in clear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.desks.themes import filling, notice, offers, papers
from tongban.desks.themes.contracts import FormField, Party, Plan, PlanRefused, UnknownTheme
from tongban.desks.themes.holdings import Holdings, gather
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.submission import unit_of
from tongban.desks.themes.ways import offer_words, usual
from tongban.desks.themes.web import forms
from tongban.desks.themes.web.state import Begun, read
from tongban.kernel import api as kernel

Followed = Callable[[str, str, datetime], None]
_followers: list[Followed] = []


class DraftGone(Exception):  # noqa: N818 - an answer, not a fault
    """There is no such draft now, or nothing to look at in it; the message says why and what is possible."""


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """One paper of the list: how it is met so far, and the files as (digest, name)."""

    key: str
    name: str
    way: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SharedDraft:
    """What is there now. `values` by data element; `missing` are names of what is still to be typed.

    :param open: (key, label) of the fields for which a value may be proposed: nobody vouches for them
    :param units: ids of the units that will decide, each once
    """

    title: str
    region: str
    values: dict[str, Any]
    missing: tuple[str, ...]
    open: tuple[tuple[str, str], ...]
    papers: tuple[SharedPaper, ...]
    matters: tuple[str, ...]
    units: tuple[str, ...]
    counts: notice.Counts
    promised_on: date
    fees_fen: int
    fields: Mapping[str, FormField] = field(repr=False)

    def label(self, element: str) -> str:
        """Name of a field in the reader's language; empty for one that is not in the form now."""
        found = self.fields.get(element)
        return found.label.text(get_language() or "") if found else ""

    def typed(self, element: str) -> str:
        """What stands in a field now, as it would be typed."""
        found = self.fields.get(element)
        return filling.shown(found, self.values.get(element)) if found else ""

    def words(self, element: str, typed: str) -> str:
        """A typed value as somebody reads it; as it was typed where the field is not in the form now."""
        found = self.fields.get(element)
        try:
            return forms.words_of(found, filling.read(found, typed)) if found and typed else typed
        except ValueError:
            return typed


@dataclass(slots=True)
class _Opened:
    begun: Begun
    plan: Plan
    held: Holdings
    today: date

    @property
    def values(self) -> dict[str, Any]:
        return filling.complete(self.plan, self.begun.form, self.held.known)

    def asked(self) -> list[FormField]:
        """The fields that are shown and typed by the applicant."""
        values = self.values
        return [one for one in self.plan.asked if filling.shows(self.plan, one, values, self.today)]

    def may_change(self, item: FormField) -> bool:
        held = self.held.known.get(item.key)
        return held is None or not (held.fixed or held.vouched)


def key_of(owner: str, subject: str) -> str:
    """The key of what somebody has begun of a subject; empty where nothing is."""
    begun = next((read(one) for one in cases.begun(owner=owner, subject=subject)), None)
    return begun.key if begun else ""


def look(*, owner: str, subject: str, key: str, at: datetime) -> SharedDraft:
    """The draft as it is now: the notice, the form, the papers.

    :param owner: under whose name it is kept, see `identity.draft_owner`
    :param key: the draft's own key; another one begun since is not shown
    :raises DraftGone: deleted, submitted or lapsed, or its answers make no plan now
    """
    found = _opened(owner, subject, key, at)
    language, own = get_language() or "", owner.rpartition("/")[2]
    plan, ways = found.plan, papers.offers_of(found.plan, applicant=own, held=found.held)
    values = found.values
    shown = found.asked()
    filled = filling.fill(
        plan, found.begun.form, found.held.known, today=found.today, reasons=found.begun.reasons()
    )
    units = (unit_of(matter.slot, values) for matter in plan.matters)
    return SharedDraft(
        title=plan.name.text(language), region=found.begun.region, values=values,
        missing=tuple(one.label.text(language) for one in shown if one.key in filled.errors),
        open=tuple((one.key, one.label.text(language)) for one in shown if found.may_change(one)),
        papers=tuple(_papers(found, ways, language)),
        matters=tuple(matter.name.text(language) for matter in plan.matters),
        units=tuple(dict.fromkeys(unit.id for unit in units if unit is not None)),
        counts=notice.counts(plan, found.held, ways, today=found.today),
        promised_on=plan.promised_on, fees_fen=plan.fees_fen, fields={one.key: one for one in plan.fields},
    )  # fmt: skip


def _papers(found: _Opened, ways: Any, language: str) -> list[SharedPaper]:
    words = {
        "upload": _("上传"), "later": _("稍后补"), "commit": _("签承诺代替"), "none": _("这次不交"),
    }  # fmt: skip
    rows = []
    for paper in found.plan.materials:
        if not paper.brought:
            continue
        given, taken = found.begun.papers.get(paper.key, {}), usual(ways[paper.key])
        way = words.get(given.get("way", ""), "")
        if not way:
            way = offer_words(taken) if taken else _("还没选怎么交")
        files = tuple((one["digest"], one["name"]) for one in given.get("files", ()))
        rows.append(SharedPaper(paper.key, paper.name.text(language), way, files))
    return rows


def proposed(
    *, owner: str, subject: str, key: str, element: str, typed: str, at: datetime
) -> tuple[str, str]:
    """A value that somebody proposes for one field, as it would be typed; and what is there now.

    :raises DraftGone: see `look`
    :raises ValueError: no possible value, or no field of this draft that may be proposed for; says what is possible
    """
    found = _opened(owner, subject, key, at)
    item = next((one for one in found.asked() if one.key == element), None)
    if item is None:
        raise ValueError(_("这份草稿现在没有这一项，请从列出的里面选。"))
    if not found.may_change(item):
        raise ValueError(_("这一项是登记机关的记录，只能由申请人自己写明理由更正。"))
    value = filling.read(item, typed)
    return filling.shown(item, value), filling.shown(item, found.values.get(element))


def put(*, owner: str, subject: str, key: str, element: str, typed: str, at: datetime) -> None:
    """Write one value into the draft: the applicant has said yes. Everything else in it stays.

    :raises DraftGone: likewise
    :raises ValueError: likewise
    """
    value, _before = proposed(owner=owner, subject=subject, key=key, element=element, typed=typed, at=at)
    with kernel.writing():
        found = _opened(owner, subject, key, at)
        item = next(one for one in found.plan.asked if one.key == element)
        found.begun.form[element] = filling.read(item, value)
        found.begun.typed.pop(element, None)
        cases.save_draft(
            owner=owner, subject=subject, region=found.begun.region, content=found.begun.kept(), at=at
        )


def on_submitted(follower: Followed) -> None:
    """Have `follower(key, number, at)` called when a draft has become a docket."""
    if follower not in _followers:
        _followers.append(follower)


def submitted(key: str, number: str, at: datetime) -> None:
    """A draft has become a docket: tell those who follow it."""
    for follower in _followers:
        follower(key, number, at)


def _opened(owner: str, subject: str, key: str, at: datetime) -> _Opened:
    kept = (read(one) for one in cases.begun(owner=owner, subject=subject))
    begun = next((one for one in kept if one is not None and one.key == key), None)
    if begun is None:
        raise DraftGone(_("这份草稿不在了：已经提交、删掉或过期。"))
    own = owner.rpartition("/")[2]
    party = Party("organisation" if own.startswith("organisation:") else "person", begun.region)
    try:
        plan = offers.plan_for(subject, begun.answers, party=party, at=at, version=begun.version)
    except (PlanRefused, UnknownTheme) as error:
        raise DraftGone(_("申请人正在改前面的回答，答完才有表；填过的都在。")) from error
    # As on the applicant's own page: the registers' answers are those already kept for this draft.
    by = kernel.Actor(owner.partition("/")[0], parties=frozenset({own}))
    held = gather(plan, applicant=own, by=by, at=at, draft=begun.key)
    return _Opened(begun, plan, held, at.astimezone(SHANGHAI).date())
