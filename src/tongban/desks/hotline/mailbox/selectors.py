"""Reading letters: as the desk works on them, and as everybody may."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.actors.api import Role
from tongban.desks.hotline.contracts import CONFIDENTIAL, KIND
from tongban.desks.hotline.mailbox.contracts import LetterState, LetterView, PublishedLetter
from tongban.desks.hotline.mailbox.models import Letter
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

PAGE = 30
DECIDERS = (Role.DISPATCHER, Role.HEAD)
REVIEWED = frozenset({"reviewed", "called_back", "closed", "answered_at_once"})
"""States in which a ticket's reply was checked."""


def _view(letter: Letter, own: Ticket) -> LetterView:
    docket = letter.docket
    return LetterView(
        docket=docket.pk, number=docket.number, state=letter.state, ready=docket.state in REVIEWED and bool(own.reply),
        title=letter.title or own.title, text=letter.text or own.text, reply=letter.reply or own.reply,
        unit=letter.unit or own.replied_by, written_at=docket.opened_at, consented_at=letter.consented_at,
        decided_at=letter.decided_at, reason=letter.reason,
    )  # fmt: skip


def _seen(actor: kernel.Actor) -> QuerySet[Letter, Letter]:
    """Letters of tickets that an officer sees; a confidential one is never published, so it is not listed."""
    seen = Docket.objects.filter(kernel.scope(actor, [KIND]), kind=KIND).exclude(subject=CONFIDENTIAL)
    return Letter.objects.filter(docket__in=seen).select_related("docket")


def letters(*, actor: kernel.Actor, state: str, before: int | None = None) -> tuple[list[LetterView], str]:
    """A page of letters in a state, newest first, and the cursor of the next."""
    rows = _seen(actor).filter(state=state)
    if before is not None:
        rows = rows.filter(docket__lt=before)
    found = list(rows.order_by("-docket")[: PAGE + 1])
    shown = found[:PAGE]
    own = Ticket.objects.in_bulk([one.pk for one in shown])
    return [_view(one, own[one.pk]) for one in shown], str(shown[-1].pk) if len(found) > PAGE else ""


def letter(number: str, *, actor: kernel.Actor) -> LetterView:
    """One letter. :raises kernel.NotFound: none of that number with consent that the actor sees"""
    found = _seen(actor).filter(docket__number=number).first()
    if found is None:
        raise kernel.NotFound("no_letter", _("没有这封信，或者写信人没有同意公开。"))
    return _view(found, Ticket.objects.get(pk=found.pk))


def letter_of(docket: int) -> LetterState | None:
    """What became of the consent that a ticket's caller gave; None where none was given."""
    state = Letter.objects.filter(pk=docket).values_list("state", flat=True).first()
    return LetterState(state) if state else None


def _told(one: Letter) -> PublishedLetter:
    assert one.published_at is not None
    return PublishedLetter(
        docket=one.pk, number=one.docket.number, title=one.title, text=one.text, reply=one.reply, unit=one.unit,
        written_at=one.docket.opened_at, replied_at=one.replied_at, published_at=one.published_at,
    )  # fmt: skip


def published(*, before: int | None = None, size: int = PAGE) -> tuple[list[PublishedLetter], str]:
    """A page of published letters, those written last first, and the cursor of the next."""
    rows = Letter.objects.filter(state=LetterState.PUBLISHED).select_related("docket")
    if before is not None:
        rows = rows.filter(docket__lt=before)
    found = list(rows.order_by("-docket")[: size + 1])
    shown = found[:size]
    return [_told(one) for one in shown], str(shown[-1].pk) if len(found) > size else ""


def published_letter(number: str) -> PublishedLetter | None:
    """One published letter, or None."""
    found = (
        Letter.objects.filter(docket__number=number, state=LetterState.PUBLISHED)
        .select_related("docket")
        .first()
    )
    return _told(found) if found else None
