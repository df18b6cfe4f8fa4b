"""Tickets that no operator took: what they are about is proposed after they were taken, and by itself dispatched where
the city trusts it. What the model cannot say, or the platform cannot do, is left to the dispatcher.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import CONFIDENTIAL, Channel, TicketState
from tongban.desks.hotline.sorting import suggesting
from tongban.desks.hotline.sorting.contracts import Ruling, Suggestion
from tongban.desks.hotline.sorting.deciding import ruling
from tongban.desks.hotline.sorting.models import Proposal
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

WITHOUT_OPERATOR = frozenset(
    {
        Channel.WEB, Channel.QR, Channel.MAILBOX, Channel.GRID, Channel.LINE, Channel.MESSAGE, Channel.OPEN311,
    }
)  # fmt: skip
"""Where nobody listened and chose: web, QR code, mailbox, grid workers, other lines and sub-centres, messages, Open311."""
AT_ONCE = 200
_log = logging.getLogger(__name__)


def wait(tickets: Mapping[int, datetime]) -> None:
    """Note which tickets wait for a proposal, and since when; two statements."""
    asked = Docket.objects.filter(id__among=list(tickets))
    rows = asked.filter(channel__in=WITHOUT_OPERATOR, state=TicketState.TAKEN)
    Proposal.objects.bulk_create(
        [
            Proposal(docket_id=row.pk, queued_at=tickets[row.pk], channel=row.channel, region=row.region)
            for row in rows.exclude(subject=CONFIDENTIAL).order_by("pk")
        ],
        ignore_conflicts=True,
    )


def propose_waiting(*, at: datetime, most: int = AT_ONCE) -> int:
    """Propose for what waits, the oldest first; gives how many. What a person dispatched meanwhile needs none."""
    waiting = Proposal.objects.filter(made_at=None).order_by("queued_at", "docket_id")
    made = 0
    for docket in list(waiting.values_list("docket_id", flat=True)[:most]):
        made += _propose(docket, at=at)
    return made


def _propose(docket: int, *, at: datetime) -> bool:
    row = kernel.docket_by_id(docket, actor=kernel.SYSTEM)
    if row.state != TicketState.TAKEN or row.subject == CONFIDENTIAL:
        Proposal.objects.filter(pk=docket, made_at=None).delete()
        return False
    own = hotline.ticket(row.number, actor=kernel.SYSTEM)
    found = suggesting.suggest(own.text, region=own.region, place=own.place, title=own.title)
    ruled = ruling(found, region=own.region, channel=own.channel)
    if doubt := _doubt(own, found):
        ruled = Ruling(automatic=False, why=doubt, threshold=ruled.threshold)
    try:
        _write_down(docket, found, ruled, at=at)
    except kernel.MoveRefused:  # somebody was faster
        Proposal.objects.filter(pk=docket, made_at=None).delete()
        return False
    if ruled.automatic:
        _dispatch(docket, found, at=at)
    return True


def _doubt(own: hotline.TicketView, found: Suggestion) -> str:
    """Why a person has to look all the same."""
    if own.urgency == hotline.Urgency.EMERGENCY:
        return _("突发事件由人派单。")
    if own.category and found.category and own.category.split("/")[0] != found.category[0]:
        return _("登记的分类和建议的不一样，由人派单。")
    return ""


def _write_down(docket: int, found: Suggestion, ruled: Ruling, *, at: datetime) -> None:
    with kernel.writing():
        if found.category:
            kernel.perform(docket, "sort", actor=kernel.SYSTEM, at=at, data=_said(found, ruled))
        Proposal.objects.filter(pk=docket).update(
            made_at=at, version=found.version, category=found.path, confidence=found.confidence, unit=found.unit,
            matter=found.matter, threshold=ruled.threshold, automatic=ruled.automatic, why=ruled.why[:200],
        )  # fmt: skip


def _said(found: Suggestion, ruled: Ruling) -> dict[str, object]:
    return {
        "version": found.version, "category": found.path, "confidence": found.confidence, "matter": found.matter,
        "words": [word for word, _share in found.words][:20], "unit": found.unit, "threshold": ruled.threshold,
        "automatic": ruled.automatic,
    }  # fmt: skip


def _dispatch(docket: int, found: Suggestion, *, at: datetime) -> None:
    """As proposed, by the platform. What cannot be sent waits for the dispatcher, who reads why."""
    opinion = _("按自动派单门槛派出，把握%(sure)d%%，模型版本%(version)s。有异议请退单并写明理由。") % {
        "sure": round(found.confidence * 100), "version": found.version,
    }  # fmt: skip
    data = {"unit": found.unit, "matter": found.matter, "category": found.path, "opinion": opinion}
    try:
        kernel.perform(docket, "dispatch", actor=kernel.SYSTEM, at=at, data=data)
    except kernel.MoveRefused as error:
        _log.warning("ticket %s was not dispatched by itself: %s", docket, error.code)
        Proposal.objects.filter(pk=docket).update(automatic=False, why=str(error.reason)[:200])


def decided(dispatched: Mapping[int, tuple[str, datetime]]) -> None:
    """Somebody, or the threshold, dispatched tickets: were the proposals followed? What waited for one needs none now.

    :param dispatched: by whom and when, by docket
    """
    waiting = Proposal.objects.filter(docket__id__among=list(dispatched), decided_at=None)
    made = list(waiting.exclude(made_at=None))
    waiting.filter(made_at=None).delete()
    numbers = dict(Docket.objects.filter(pk__in=[one.pk for one in made]).values_list("pk", "number"))
    for one in made:
        one.decided_by, one.decided_at = dispatched[one.pk]
        one.unit_chosen = hotline.ticket(numbers[one.pk], actor=kernel.SYSTEM).lead
        one.followed = bool(one.unit) and one.unit == one.unit_chosen
        one.save(update_fields=("decided_at", "decided_by", "unit_chosen", "followed"))


def returned(docket: int) -> None:
    """The unit returned it, and the return was judged to be right: it counts against the proposal."""
    Proposal.objects.filter(pk=docket, followed=True).update(returned=True)
