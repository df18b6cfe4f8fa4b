"""What one applicant has: begun, in progress, done; and one application with everything that belongs to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.faces.portal import licensed
from tongban.faces.portal.waiting import Waiting, asked_of
from tongban.kernel import api as kernel
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.selectors import attachments
from tongban.kernel.web import clocks
from tongban.oversight.appraisal import api as appraisal
from tongban.web.contracts import ClockView, Page, TimelineEntry

SHOWN = 50
LAST = 1_000_000
GRANTED = "granted"
DECIDED = frozenset({GRANTED, "rejected", "refused"})
"""States of a case in which its applicant has a decision."""
DEAD = frozenset({"withdrawn", "stopped", "rejected", "refused"})


def unit_name(unit: str) -> str:
    """Name of a unit in the reader's language."""
    try:
        found = actors.unit(unit)
    except actors.NotKnownError:
        return unit
    return (found.name_en or found.name) if (get_language() or "").startswith("en") else found.name


def state_of(row: kernel.DocketRow) -> str:
    """The state in words."""
    state = kernel.flow_of(row.kind).states[row.state]
    return str(state.told or state.label)


def _outcome(row: kernel.DocketRow, kids: Iterable[kernel.DocketRow]) -> str:
    """The state of an application in words; one that ended without everything granted does not say 已办好."""
    states = [kid.state for kid in kids if kid.kind == "case"]
    if row.outcome == "delivered" and any(state != GRANTED for state in states):
        return _("已办结，有的没有获准")
    return state_of(row)


def is_final(row: kernel.DocketRow) -> bool:
    return row.closed_at is not None


def names_in(notice: dict[str, Any]) -> dict[str, str]:
    """English names as the one notice gave them, by code of the matter, key or Chinese name; "" is the whole."""
    if not (get_language() or "").startswith("en"):
        return {}
    found = {"": notice.get("name", {}).get("en", "")}
    for kind, key in (("matters", "code"), ("papers", "key")):
        found |= {one[key]: one["name"].get("en", "") for one in notice.get(kind, ())}
    found |= {one["name"].get("zh", ""): one["name"].get("en", "") for one in notice.get("papers", ())}
    found |= {one["name"]: one.get("name_en", "") for one in notice.get("results", ())}
    return {key: name for key, name in found.items() if name}


def names_of(application: int) -> dict[str, str]:
    """English names of an application; see `names_in`."""
    return names_in(_notice(cases.application_of(application)))


def _notice(own: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(own.notice or "{}")
    return told


@dataclass(slots=True)
class Line:
    """One application in a list: how far it is, until when, and what may be done with it."""

    row: kernel.DocketRow
    title: str
    state: str
    done: int
    total: int
    promised_on: Any = None
    clock: ClockView | None = None
    applicant: str = ""
    evaluated: bool = True
    licences: tuple[int, ...] = ()  # valid ones of the reader that came out of it


@dataclass(slots=True)
class Mine:
    """Everything of one applicant, what waits for them first."""

    waiting: list[Waiting] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    closed: list[Line] = field(default_factory=list)
    page: Page = field(default_factory=Page)


def mine(actor: kernel.Actor, *, at: datetime, after: str = "", before: str = "") -> Mine:
    """The applications that an actor asked for, in their own name or another's, newest first.

    A few queries for the page, and one more for each that is still open.
    """
    wanted = kernel.Filters(kind="application", open_only=False)
    page = kernel.page(actor, wanted, after=after, before=before, size=SHOWN)
    rows = page.rows
    children = kernel.children_of([row.id for row in rows], actor=actor) if rows else {}
    owed = [
        kid for kids in children.values() for kid in kids if kid.kind == "undertaking" and kid.state == "owed"
    ]
    running = kernel.clocks_of([*(row.id for row in rows), *(kid.id for kid in owed)]) if rows else {}
    unpromised = cases.asked_afterwards([kid.id for kid in owed]) if owed else set()
    names = actors.names({row.applicant for row in rows if row.applicant != actor.id})
    result = Mine(page=Page(page.before, page.after, SHOWN))
    for row in rows:
        kids = [kid for kid in children[row.id] if kid.kind == "case"]
        own = None if is_final(row) else cases.application_of(row.id)
        given = names_in(_notice(own)) if own else {}
        line = Line(
            row, given.get("", row.title), _outcome(row, kids), sum(1 for kid in kids if kid.state == GRANTED), len(kids),
            own.promised_on if own else None,
            clocks.view_of(clocks.nearest(running.get(row.id, [])), at=at), names.get(row.applicant, ""),
        )  # fmt: skip
        (result.closed if is_final(row) else result.open).append(line)
        result.waiting += asked_of(line, children[row.id], running, names=given, unpromised=unpromised, at=at)
    said = appraisal.evaluated([line.row.id for line in result.closed])
    for line in result.closed:
        line.evaluated = line.row.outcome in {"withdrawn", "lapsed"} or line.row.id in said
    held = licensed.by_case(actor.id, on=actors.day_of(at)) if result.closed else {}
    for line in result.closed:
        line.licences = tuple(held[kid.number] for kid in children[line.row.id] if kid.number in held)
    return result


# One application ---------------------------------------------------------------------------


@dataclass(slots=True)
class CaseLine:
    """One department case as the applicant sees it."""

    row: kernel.DocketRow
    title: str
    unit: str
    phone: str
    state: str
    clock: ClockView | None
    after: list[str] = field(default_factory=list)
    decision: dict[str, str] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)
    survey: str = ""
    licences: list[licensed.MadeLine] = field(default_factory=list)
    instant: bool = False

    @property
    def decided(self) -> bool:
        """Whether there is a decision to take home."""
        return self.row.state in DECIDED


@dataclass(slots=True)
class PaperLine:
    """One paper with its files."""

    name: str
    how: str
    files: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class Promise:
    """One undertaking, with the name of its paper in the reader's language."""

    row: kernel.DocketRow
    own: Any
    name: str
    clock: ClockView | None


@dataclass(slots=True)
class Whole:
    """One application with everything that belongs to it."""

    row: kernel.DocketRow
    title: str
    state: str
    own: Any
    notice: dict[str, Any]
    names: dict[str, str]
    cases: list[CaseLine]
    surveys: list[Any]
    undertakings: list[Promise]
    children: list[kernel.DocketRow]
    clock: ClockView | None
    running: dict[int, list[kernel.ClockRow]]

    @property
    def done(self) -> int:
        return sum(1 for one in self.cases if one.row.state == GRANTED)

    @property
    def all_granted(self) -> bool:
        return self.done == len(self.cases)

    @property
    def remedies(self) -> list[str]:
        """What to do when an objection has stopped other matters, as the one notice said."""
        if not any(one.row.state == "stopped" for one in self.cases):
            return []
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return [one.get(language) or one.get("zh", "") for one in self.notice.get("remedies", ())]

    @property
    def counted(self) -> str:
        """How little had to be typed and brought, as the one notice said; empty for applications of earlier releases."""
        found = self.notice.get("counts")
        if not found:
            return ""
        (asked, fields), (brought, total) = found["fields"], found["papers"]
        return _("表里共%(fields)s项，您填了%(asked)s项；材料共%(total)s份，您交%(brought)s份。") % {
            "fields": fields, "asked": asked, "total": total, "brought": brought,
        }  # fmt: skip

    @property
    def late(self) -> bool:
        return any(one.clock is not None and one.clock.state == "overdue" for one in self.cases)


def whole(row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime) -> Whole:
    """One application that the actor has been found to see."""
    own = cases.application_of(row.id)
    children = kernel.children_of([row.id], actor=actor)[row.id]
    made = licensed.made(row.id)
    running = kernel.clocks_of([row.id, *(kid.id for kid in children)])
    rows = {kid.id: kid for kid in children}
    notice = _notice(own)
    given = names_in(notice)
    names = {kid.subject: given.get(kid.subject, kid.title) for kid in children if kid.kind == "case"}
    return Whole(
        row=row,
        title=given.get("", row.title),
        state=_outcome(row, children),
        own=own,
        notice=notice,
        names=given,
        cases=[
            _case(one, rows[one.docket_id], given | names, running, at=at, made=made.get(one.docket_id, []))
            for one in cases.cases_of(row.id) if one.docket_id in rows
        ],
        surveys=[
            (rows[one.docket_id], state_of(rows[one.docket_id]), one)
            for one in cases.surveys_of(row.id) if one.docket_id in rows
        ],
        undertakings=[
            Promise(
                rows[one.docket_id], one, given.get(one.material, one.name),
                clocks.view_of(clocks.nearest(running.get(one.docket_id, [])), at=at),
            )
            for one in cases.undertakings_of(row.id) if one.docket_id in rows
        ],
        children=children,
        clock=clocks.view_of(clocks.nearest(running.get(row.id, [])), at=at),
        running=running,
    )  # fmt: skip


def _case(
    own: Any,
    row: kernel.DocketRow,
    names: dict[str, str],
    running: dict[int, list[kernel.ClockRow]],
    *,
    at: datetime,
    made: list[licensed.MadeLine],
) -> CaseLine:
    try:
        phone = actors.unit(row.unit).phone
    except actors.NotKnownError:
        phone = ""
    decided: dict[str, str] = json.loads(own.decision or "{}")
    return CaseLine(
        row=row,
        title=names.get(row.subject, row.title),
        unit=unit_name(row.unit),
        phone=phone,
        state=state_of(row),
        clock=clocks.view_of(clocks.nearest(running.get(row.id, [])), at=at) if not is_final(row) else None,
        after=[names[code] for code in json.loads(own.after or "[]") if code in names]
        if row.state == "waiting"
        else [],
        decision={key: str(value) for key, value in decided.items() if value},
        results=[names.get(one, one) for one in json.loads(own.results or "[]") if row.state == "granted"],
        survey=own.survey,
        licences=made,
        instant=own.decided == "instant",
    )


def papers(application: int, names: dict[str, str] | None = None) -> list[PaperLine]:
    """The papers of an application, how each was met, and the files handed in.

    :param names: in the reader's language, by key; see `Whole.names`
    """
    words = {
        "upload": _("已上传"), "paper": _("已交到窗口"), "known": _("政府已有"), "result": _("前一步办好自动给"),
        "later": _("稍后补（容缺）"), "commit": _("签承诺代替"), "form": _("由申请表生成，已电子签名"),
        "earlier": _("用您以前交过的"),
    }  # fmt: skip
    by_slot: dict[str, list[Attachment]] = {}
    for one in attachments(application):
        by_slot.setdefault(one.slot, []).append(one)
    found = []
    for material in cases.materials_of(application):
        how = words.get(material.way, material.way)
        if material.way == "later" and material.met_at:
            how = _("容缺材料已补交")
        if material.way == "known":
            how = _known(material)
        found.append(
            PaperLine((names or {}).get(material.key, material.name), how, by_slot.pop(material.key, []))
        )
    found += [PaperLine(_("后来补交的材料"), _("已上传"), files) for files in by_slot.values()]
    return found


def _known(material: Any) -> str:
    """What stands in for a paper, or that it is still to be checked."""
    state = material.check_state
    if state == cases.Check.QUEUED:
        return _("待核对：登记库暂时查不到，查到后告诉您，不用您管")
    if state == cases.Check.FAILED and material.met_at is None:
        return _("登记库没有记录，请补交一份")
    if state == cases.Check.FAILED:
        return _("登记库没有记录，您已补交")
    said = json.loads(material.said or "{}")
    language = "en" if (get_language() or "").startswith("en") else "zh"
    what = said.get(language) or said.get("zh", "")
    words: str = _("电子证照：%s") if material.evidence == "licence" else _("共享数据：%s")
    return str(words % what) if what else _("政府已有")


def story(found: Whole, *, at: datetime, reader: str) -> list[TimelineEntry]:
    """What happened, newest first, of the application and everything under it.

    :param reader: id of the actor at the screen, who is told 您
    """
    told = []
    titles = {one.row.id: one.title for one in found.cases}
    for row in [found.row, *found.children]:
        given = titles.get(row.id) or found.names.get(row.title, row.title)
        subject = "" if row.id == found.row.id else given
        for entry in kernel.timeline(row, at=at, for_applicant=True):
            one = entry.happening
            told.append(
                (one.at, _rank(row, found.row, one), row.id, subject, entry.told, who(one, row, reader))
            )
    told.sort(key=lambda item: item[:3], reverse=True)
    return _merged(told)


def _rank(row: kernel.DocketRow, application: kernel.DocketRow, one: kernel.Happening) -> int:
    """Order within one instant: the application opens, departments act, then the application moves on."""
    if row.id != application.id:
        return one.sequence
    return 0 if one.sequence == 1 else LAST


def who(one: kernel.Happening, row: kernel.DocketRow, reader: str) -> str:
    """Who did something; empty for the platform."""
    if one.actor == reader:
        return _("您")
    if one.actor.startswith("officer:"):
        return unit_name(one.unit or row.unit)
    name = partners.sender_name(one.actor) or actors.party_name(one.actor, masked=True)
    return "" if one.actor == kernel.SYSTEM.id else name


def _merged(told: list[tuple[datetime, int, int, str, str, str]]) -> list[TimelineEntry]:
    """What was said of several cases at one instant by the same becomes one entry."""
    found: dict[tuple[datetime, str, str], list[str]] = {}
    for at, _order, _row, subject, words, who in told:
        found.setdefault((at, words, who), []).append(subject)
    entries = []
    for (at, words, who), subjects in found.items():
        named = _("、").join(dict.fromkeys(one for one in subjects if one))
        what = _("%(subject)s：%(told)s") % {"subject": named, "told": words} if named else words
        entries.append(TimelineEntry(at, what, who))
    return entries
