"""What a signed-in caller told the hotline, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.faces.portal.things import state_of
from tongban.kernel import api as kernel
from tongban.web.contracts import Page

FEW, SHOWN = 5, 30


@dataclass(frozen=True, slots=True)
class Line:
    """One message in a list. `waits`: the caller is asked what it was like."""

    row: kernel.DocketRow
    title: str
    state: str

    @property
    def waits(self) -> bool:
        return self.row.state == "reviewed"


def _line(row: kernel.DocketRow) -> Line:
    hidden = row.subject == "confidential"
    return Line(row, _("保密的诉求") if hidden else row.title, state_of(row))


def newest(actor: kernel.Actor, party: str) -> list[Line]:
    """The newest few that somebody wrote in a party's name."""
    return page(actor, party, size=FEW)[0]


def page(
    actor: kernel.Actor, party: str, *, after: str = "", before: str = "", size: int = SHOWN
) -> tuple[list[Line], Page]:
    """A page of them. :raises kernel.InvalidInput: a cursor that is none"""
    asked = kernel.Filters(kind=hotline.KIND, applicant=party, open_only=False)
    found = kernel.page(actor, asked, after=after, before=before, size=size)
    return [_line(row) for row in found.rows], Page(previous=found.before, next=found.after, size=size)
