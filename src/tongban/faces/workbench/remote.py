"""What the two sides of a remote window see of the docket that they share; personal data masked, as on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.remote import api as desk
from tongban.desks.themes import sharing as drafts
from tongban.faces.workbench import words
from tongban.faces.workbench.panels import personal
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments

SHARED = frozenset({"application", "case", "handover"})
"""Kinds of dockets with a form to look at together."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The form, and the papers with their files as (name, address)."""

    fields: list[personal.Filled]
    papers: list[tuple[str, str, list[tuple[str, str]]]]
    draft: drafts.SharedDraft | None = None
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposed value as officers read it: masked like the form."""

    label: str
    value: str
    answer: str


def units_for(row: kernel.DocketRow) -> list[tuple[str, str]]:
    """Units that may be asked to look at a docket: those that decide it, for a hand-over the city's own experts."""
    if row.kind not in SHARED:
        return []
    if row.kind == "application":
        kids = kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id]
        units = [kid.unit for kid in kids if kid.kind == "case"]
    elif row.kind == "case" and row.parent:
        parent = kernel.docket_by_id(row.parent, actor=kernel.SYSTEM)
        kids = kernel.children_of([parent.id], actor=kernel.SYSTEM)[parent.id]
        units = [row.unit, *(kid.unit for kid in kids if kid.kind == "case")]
    else:
        units = [row.unit]
    return [(unit, words.unit_name(unit)) for unit in dict.fromkeys(units) if unit]


def _application(found: desk.SessionView) -> kernel.DocketRow:
    assert found.shared is not None
    row = kernel.docket_by_id(found.shared, actor=kernel.SYSTEM)
    if row.kind == "case" and row.parent:
        return kernel.docket_by_id(row.parent, actor=kernel.SYSTEM)
    return row


def shown(found: desk.SessionView, *, at: datetime) -> Shared:
    """The form and the papers of the shared docket. The caller has checked that the reader is one of the two sides."""
    if found.draft is not None:
        return _draft(found, found.draft, at)
    row = _application(found)
    slots: dict[str, list[tuple[str, str]]] = {}
    for one in attachments(row.id):
        slots.setdefault(one.slot, []).append((one.name, f"/work/remote/{found.number}/files/{one.pk}"))
    if row.kind == "handover":
        own = partners.handover_of(row.id)
        form: dict[str, Any] = dict(own.form)
        papers = [(paper["key"], paper["name"], slots.get(paper["key"], [])) for paper in own.materials]
    else:
        form = cases.form_of(cases.application_of(row.id))
        papers = [(one.key, one.name, slots.get(one.key, [])) for one in cases.materials_of(row.id)]
    return Shared(personal.fields(form, clear=False), papers)


def _draft(found: desk.SessionView, ref: desk.DraftRef, at: datetime) -> Shared:
    try:
        draft = drafts.look(owner=ref.owner, subject=ref.subject, key=ref.key, at=at)
    except drafts.DraftGone as gone:
        return Shared([], [], gone=str(gone))
    papers = [
        (
            one.key, f"{one.name}{_('：')}{one.way}",
            [(name, f"/work/remote/{found.number}/papers/{one.key}/{digest}") for digest, name in one.files],
        )
        for one in draft.papers
    ]  # fmt: skip
    return Shared(personal.strictly(draft.values), papers, draft)


def proposals(session: int) -> list[Proposed]:
    """What was proposed, the last first."""
    return [
        Proposed(
            personal.label(one.element), personal.masked(one.element, one.value), one.answer_words
        )
        for one in desk.proposals_of(session)
    ]  # fmt: skip


def files_of(found: desk.SessionView) -> set[int]:
    """Attachments of the shared docket; none while it is a draft."""
    if found.shared is None:
        return set()
    return {one.pk for one in attachments(_application(found).id)}


def near_name(unit: str) -> str:
    """The unit at whose window it was begun, or that the applicant is at home."""
    return words.unit_name(unit) if unit else _("申请人自己（不在窗口）")


def remarks(row: kernel.DocketRow, *, at: datetime) -> list[tuple[desk.Remark, str]]:
    """What was said, the last first, with who said it."""
    found = desk.remarks_of(row, at=at)
    names = words.Names({one.officer for one in found})
    return [(one, names(one.officer)) for one in found]
