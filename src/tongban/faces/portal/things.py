"""What one applicant has: begun, in progress, done; and one application with everything that belongs to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.faces.portal import clocks
from tongban.kernel import api as kernel
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.selectors import attachments
from tongban.oversight.appraisal import api as appraisal
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.web.contracts import ClockView, TimelineEntry

SHOWN = 50
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
    return str(kernel.flow_of(row.kind).states[row.state].label)


def is_final(row: kernel.DocketRow) -> bool:
    return row.closed_at is not None


@dataclass(slots=True)
class Line:
    """One application in a list: how far it is, until when, and what may be done with it."""

    row: kernel.DocketRow
    state: str
    done: int
    total: int
    promised_on: Any = None
    clock: ClockView | None = None
    applicant: str = ""
    evaluated: bool = True


@dataclass(slots=True)
class Waiting:
    """Something asked of the applicant."""

    title: str
    what: str
    url: str
    action: str
    clock: ClockView | None = None


@dataclass(slots=True)
class Mine:
    """Everything of one applicant, what waits for them first."""

    waiting: list[Waiting] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    closed: list[Line] = field(default_factory=list)
    more: str = ""


def mine(actor: kernel.Actor, *, at: datetime, after: str = "") -> Mine:
    """The applications that an actor asked for, in their own name or another's, newest first.

    A few queries for the page, and one more for each that is still open.
    """
    page = kernel.page(actor, kernel.Filters(kind="application", open_only=False), after=after, size=SHOWN)
    rows = page.rows
    children = kernel.children_of([row.id for row in rows], actor=actor) if rows else {}
    owed = [
        kid for kids in children.values() for kid in kids if kid.kind == "undertaking" and kid.state == "owed"
    ]
    running = kernel.clocks_of([*(row.id for row in rows), *(kid.id for kid in owed)]) if rows else {}
    names = actors.names({row.applicant for row in rows if row.applicant != actor.id})
    result = Mine(more=page.after)
    for row in rows:
        kids = [kid for kid in children[row.id] if kid.kind == "case"]
        line = Line(
            row, state_of(row), sum(1 for kid in kids if is_final(kid)), len(kids),
            None if is_final(row) else cases.application_of(row.id).promised_on,
            clocks.view(clocks.nearest(running.get(row.id, [])), at=at), names.get(row.applicant, ""),
        )  # fmt: skip
        (result.closed if is_final(row) else result.open).append(line)
        result.waiting += _asked(row, children[row.id], running, at)
    for line in result.closed[:10]:
        line.evaluated = (
            line.row.outcome in {"withdrawn", "lapsed"} or appraisal.evaluation_of(line.row.id) is not None
        )
    return result


def _asked(
    row: kernel.DocketRow,
    kids: list[kernel.DocketRow],
    running: dict[int, list[kernel.ClockRow]],
    at: datetime,
) -> list[Waiting]:
    """What one application asks of its applicant."""
    found = []
    if row.state == "supplement":
        clock = clocks.nearest(running.get(row.id, []), whose="applicant")
        found.append(
            Waiting(
                row.title,
                _("还差材料，请一次补齐"),
                f"/my/{row.number}/supply",
                _("去补"),
                clocks.view(clock, at=at),
            )
        )
    for kid in kids:
        if kid.kind == "undertaking" and kid.state == "owed":
            clock = clocks.nearest(running.get(kid.id, []))
            found.append(
                Waiting(
                    row.title, _("补交“%s”（容缺）") % kid.title, f"/my/{row.number}/undertakings/{kid.number}",
                    _("去补"), clocks.view(clock, at=at),
                )
            )  # fmt: skip
    if row.state == "sent":
        found.append(Waiting(row.title, _("证件已寄出，收到后请确认"), f"/my/{row.number}", _("去确认")))
    return found


# One application ---------------------------------------------------------------------------


@dataclass(slots=True)
class CaseLine:
    """One department case as the applicant sees it."""

    row: kernel.DocketRow
    unit: str
    phone: str
    state: str
    clock: ClockView | None
    after: list[str] = field(default_factory=list)
    decision: dict[str, str] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)
    survey: str = ""


@dataclass(slots=True)
class PaperLine:
    """One paper with its files."""

    name: str
    how: str
    files: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class Whole:
    """One application with everything that belongs to it."""

    row: kernel.DocketRow
    state: str
    own: Any
    notice: dict[str, Any]
    cases: list[CaseLine]
    surveys: list[Any]
    undertakings: list[tuple[kernel.DocketRow, Any, ClockView | None]]
    children: list[kernel.DocketRow]
    clock: ClockView | None
    running: dict[int, list[kernel.ClockRow]]

    @property
    def done(self) -> int:
        return sum(1 for one in self.cases if is_final(one.row))

    @property
    def late(self) -> bool:
        return any(one.clock is not None and one.clock.state == "overdue" for one in self.cases)


def whole(row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime) -> Whole:
    """One application that the actor has been found to see."""
    own = cases.application_of(row.id)
    children = kernel.children_of([row.id], actor=actor)[row.id]
    running = kernel.clocks_of([row.id, *(kid.id for kid in children)])
    rows = {kid.id: kid for kid in children}
    names = {kid.subject: kid.title for kid in children if kid.kind == "case"}
    return Whole(
        row=row,
        state=state_of(row),
        own=own,
        notice=json.loads(own.notice or "{}"),
        cases=[
            _case(one, rows[one.docket_id], names, running, at)
            for one in cases.cases_of(row.id) if one.docket_id in rows
        ],
        surveys=[
            (rows[one.docket_id], state_of(rows[one.docket_id]), one)
            for one in cases.surveys_of(row.id) if one.docket_id in rows
        ],
        undertakings=[
            (rows[one.docket_id], one, clocks.view(clocks.nearest(running.get(one.docket_id, [])), at=at))
            for one in cases.undertakings_of(row.id) if one.docket_id in rows
        ],
        children=children,
        clock=clocks.view(clocks.nearest(running.get(row.id, [])), at=at),
        running=running,
    )  # fmt: skip


def _case(
    own: Any,
    row: kernel.DocketRow,
    names: dict[str, str],
    running: dict[int, list[kernel.ClockRow]],
    at: datetime,
) -> CaseLine:
    try:
        phone = actors.unit(row.unit).phone
    except actors.NotKnownError:
        phone = ""
    decided: dict[str, str] = json.loads(own.decision or "{}")
    return CaseLine(
        row=row,
        unit=unit_name(row.unit),
        phone=phone,
        state=state_of(row),
        clock=clocks.view(clocks.nearest(running.get(row.id, [])), at=at) if not is_final(row) else None,
        after=[names[code] for code in json.loads(own.after or "[]") if code in names]
        if row.state == "waiting"
        else [],
        decision={key: str(value) for key, value in decided.items() if value},
        results=json.loads(own.results or "[]") if row.state == "granted" else [],
        survey=own.survey,
    )


def papers(application: int) -> list[PaperLine]:
    """The papers of an application, how each was met, and the files handed in."""
    words = {
        "upload": _("已上传"), "paper": _("已交到窗口"), "known": _("政府已有"), "result": _("前一步办好自动给"),
        "later": _("稍后补（容缺）"), "commit": _("签承诺代替"),
    }  # fmt: skip
    by_slot: dict[str, list[Attachment]] = {}
    for one in attachments(application):
        by_slot.setdefault(one.slot, []).append(one)
    found = []
    for material in cases.materials_of(application):
        how = words.get(material.way, material.way)
        if material.way == "later" and material.met_at:
            how = _("容缺材料已补交")
        found.append(PaperLine(material.name, how, by_slot.pop(material.key, [])))
    found += [PaperLine(_("后来补交的材料"), _("已上传"), files) for files in by_slot.values()]
    return found


def form_rows(own: Any) -> list[tuple[str, Any]]:
    """The form as labels and values. Personal: only for who sees the docket."""
    filled = cases.form_of(own)
    english = (get_language() or "").startswith("en")
    rows = []
    for key, value in filled.items():
        try:
            element = catalogue.element(key)
        except CatalogueError:
            rows.append((key, value))
            continue
        rows.append(
            (element.name_en if english and element.name_en else element.name, _words(element.type, value))
        )
    return rows


def _words(kind: str, value: Any) -> str:
    from tongban.web import formats

    if isinstance(value, bool):
        return _("是") if value else _("否")
    if kind == "money" and isinstance(value, int):
        return formats.money(value)
    if kind == "id":
        return formats.mask_id(str(value))
    if kind == "phone":
        return formats.mask_phone(str(value))
    return str(value)


def story(found: Whole, *, at: datetime, reader: str) -> list[TimelineEntry]:
    """What happened, newest first, of the application and everything under it.

    :param reader: id of the actor at the screen, who is told 您
    """
    told = []
    for row in [found.row, *found.children]:
        subject = row.title if row.kind in {"case", "undertaking", "survey"} else ""
        for entry in kernel.timeline(row, at=at, for_applicant=True):
            who = entry.happening.actor
            name = (
                _("您") if who == reader else unit_name(entry.happening.unit or row.unit) if who.startswith("officer:")
                else "" if who == "system" else actors.party_name(who, masked=True)
            )  # fmt: skip
            what = (
                _("%(subject)s：%(told)s") % {"subject": subject, "told": entry.told}
                if subject
                else entry.told
            )
            told.append(
                (
                    entry.happening.at,
                    row.id,
                    entry.happening.sequence,
                    TimelineEntry(entry.happening.at, what, name),
                )
            )
    told.sort(key=lambda item: item[:3], reverse=True)
    return _merged([item[3] for item in told])


def _merged(entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Entries of one instant that say the same of several cases become one."""
    found: list[TimelineEntry] = []
    for entry in entries:
        tail = entry.what.rpartition("：")[2]
        if found and found[-1].at == entry.at and found[-1].what.endswith(tail) and "：" in found[-1].what:
            last = found[-1]
            subject = entry.what[: -len(tail) - 1]
            earlier = last.what[: -len(tail) - 1]
            if subject and subject not in earlier.split("、"):
                found[-1] = TimelineEntry(last.at, f"{earlier}、{subject}：{tail}", last.who)
            continue
        found.append(entry)
    return found
