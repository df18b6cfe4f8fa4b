"""What the remote window needs to know of a draft: connects the desk of themes, which keeps it, to the remote desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.remote import api as desk
from tongban.desks.themes import sharing
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import UnknownKeyError
from tongban.web import formats


class Drafts:
    """Drafts of the wizard, as the remote desk asks for them."""

    def proposed(self, draft: desk.DraftRef, *, element: str, typed: str, at: datetime) -> tuple[str, str]:
        """See `sharing.proposed`. :raises RemoteRefused: with its words"""
        try:
            return sharing.proposed(
                owner=draft.owner, subject=draft.subject, key=draft.key, element=element, typed=typed, at=at
            )
        except (sharing.DraftGone, ValueError) as error:
            raise desk.RemoteRefused(str(error)) from error

    def put(self, draft: desk.DraftRef, *, element: str, typed: str, at: datetime) -> None:
        """See `sharing.put`. :raises RemoteRefused: with its words"""
        try:
            sharing.put(
                owner=draft.owner, subject=draft.subject, key=draft.key, element=element, typed=typed, at=at
            )
        except (sharing.DraftGone, ValueError) as error:
            raise desk.RemoteRefused(str(error)) from error


def connect() -> None:
    """Once, when the house is put together."""
    desk.connect(Drafts())
    sharing.on_submitted(desk.followed)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal as the applicant reads it: in clear, beside what stands there now."""

    id: int
    label: str
    value: str
    now: str
    changed: bool
    open: bool
    answer: str


def draft_of(ref: desk.DraftRef, at: datetime) -> tuple[sharing.SharedDraft | None, str]:
    """The draft that is shared; or None, and why."""
    try:
        return sharing.look(owner=ref.owner, subject=ref.subject, key=ref.key, at=at), ""
    except sharing.DraftGone as error:
        return None, str(error)


def proposals(session: int, draft: sharing.SharedDraft | None) -> list[Proposed]:
    """What was proposed, the last first."""
    rows = []
    for one in desk.proposals_of(session):
        now = draft.typed(one.element) if draft else ""
        rows.append(
            Proposed(
                one.id, (draft.label(one.element) if draft else "") or _label(one.element),
                draft.words(one.element, one.value) if draft else one.value,
                draft.words(one.element, now) if draft else "", bool(draft) and now not in {one.before, one.value},
                one.answer == "open", one.answer_words,
            )
        )  # fmt: skip
    return rows


def _label(element: str) -> str:
    try:
        spec = catalogue.element(element)
    except UnknownKeyError:
        return _("这一项")
    return spec.name_en if formats.english() and spec.name_en else spec.name
