"""What one handed in here for a place outside the city: the list, and one of them with what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.faces.portal import asking, filled
from tongban.faces.portal.things import state_of, unit_name
from tongban.faces.portal.waiting import Waiting
from tongban.kernel import api as kernel
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.selectors import attachments
from tongban.kernel.web import clocks
from tongban.web.contracts import ClockView

SHOWN = 20
OUTCOMES = {
    "granted": "已批准", "rejected": "不予批准", "refused": "不予受理", "decline": "没有获准", "lapse": "逾期终止",
    "withdraw": "已撤回", "stopped": "已终止",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One hand-over in a list."""

    row: kernel.DocketRow
    place: str
    state: str


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    said: str
    files: list[Attachment]


@dataclass(slots=True)
class Handed:
    """One hand-over with everything its applicant may know."""

    row: kernel.DocketRow
    own: partners.HandoverView
    place: str
    state: str
    unit: str
    phone: str
    clock: ClockView | None
    next: str
    form: list[tuple[str, str]]
    papers: list[Paper]
    result_files: list[Attachment]
    results: list[dict[str, str]] = field(default_factory=list)
    delivery: str = ""

    @property
    def waits(self) -> bool:
        """Whether its letter waits for a partner that is down."""
        return any(one.kind == "package" and one.fate == "waiting" and one.attempts for one in self.own.queue)


def lines(actor: kernel.Actor) -> list[Line]:
    """The newest hand-overs that an actor asked for; two queries, three when there are some."""
    rows = kernel.page(actor, kernel.Filters(kind="handover", open_only=False), size=SHOWN).rows
    if not rows:
        return []
    where = partners.places_of([row.id for row in rows])
    names = partners.names(set(where.values()))
    language = get_language() or ""
    return [Line(row, names[where[row.id]].text(language), state_of(row)) for row in rows]


def waiting(found: list[Line], *, at: datetime) -> list[Waiting]:
    """What waits for the applicant: hand-overs that were sent back."""
    back = [line for line in found if line.row.state == "returned"]
    running = kernel.clocks_of([line.row.id for line in back]) if back else {}
    return [
        Waiting(
            line.row.title, _("退回来了，请按说明补正"), f"/my/handovers/{line.row.number}/mend", _("去补正"),
            clocks.view_of(clocks.nearest(running[line.row.id], whose="applicant"), at=at),
        )
        for line in back
    ]  # fmt: skip


def one(row: kernel.DocketRow, *, at: datetime) -> Handed:
    """A hand-over that the reader has been found to see."""
    own = partners.handover_of(row.id)
    language = get_language() or ""
    by_slot: dict[str, list[Attachment]] = {}
    for file in attachments(row.id):
        by_slot.setdefault(file.slot, []).append(file)
    clock = clocks.nearest(kernel.clocks_of([row.id])[row.id])
    labels = {way.value: str(way.label) for way in cases.DeliveryWay}
    return Handed(
        row=row, own=own, place=own.partner.text(language), state=state_of(row), unit=unit_name(row.unit),
        phone=actors.unit(row.unit).phone, clock=clocks.view_of(clock, at=at) if clock else None,
        next=_next(row, own, language), form=filled.rows_of(dict(own.form)),
        papers=[Paper(paper["name"], paper["said"], by_slot.get(paper["key"], [])) for paper in own.materials],
        result_files=by_slot.get(partners.RESULT_SLOT, []), results=_results(own),
        delivery=labels.get(own.delivery, own.delivery),
    )  # fmt: skip


def _results(own: partners.HandoverView) -> list[dict[str, str]]:
    return [
        {**result, "words": _(OUTCOMES.get(result.get("outcome", ""), "已办结"))}
        for result in own.result.get("results", ())
    ]


def _next(row: kernel.DocketRow, own: partners.HandoverView, language: str) -> str:
    """Who acts next, in one sentence."""
    said: dict[str, Any] = {"unit": unit_name(row.unit), "place": own.partner.text(language)}
    words = {
        "registered": _("%(unit)s在1个工作日内核对，然后签名转交%(place)s。"),
        "packed": _("已签名打包，正在送往%(place)s；对方系统不通时会自动重发，不会丢。"),
        "sent": _("已送到%(place)s，等对方签收。"),
        "acknowledged": _("%(place)s正在办，结果由%(unit)s带回给您。"),
        "assisting": _("%(unit)s正在协助%(place)s核实。"),
        "returned": _("请按退回的说明补正，补好后由%(unit)s重新送出。"),
        "resulted": _("结果已经带回，%(unit)s会交给您。"),
    }
    return words.get(row.state, "") % said


def wanted(row: kernel.DocketRow) -> list[asking.Wanted]:
    """The papers that are to be handed in anew: those named, or all that were handed in as files."""
    own = partners.handover_of(row.id)
    named = set(own.returned.get("papers", ()))
    reason = str(own.returned.get("reason", ""))
    papers = [paper for paper in own.materials if paper["name"] in named or paper["key"] in named]
    papers = papers or [paper for paper in own.materials if paper["way"] == "upload"]
    return [asking.Wanted(paper["key"], paper["name"], [("", reason)]) for paper in papers]
