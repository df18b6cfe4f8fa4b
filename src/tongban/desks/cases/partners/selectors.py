"""Read hand-overs, what partners received for us, and how much went each way. The caller has passed access."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Min, Q, Sum

from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import register
from tongban.desks.cases.partners.contracts import (
    Fate,
    HandoverView,
    IncomingView,
    InquiryView,
    ParcelView,
    PartnerLine,
    Purpose,
)
from tongban.desks.cases.partners.models import Handover, Incoming, Inquiry, Parcel
from tongban.desks.cases.partners.sending import queue_of
from tongban.desks.cases.partners.services import answer_slot


def handover_of(docket: int) -> HandoverView:
    """The hand-over of a docket, unmasked."""
    own = Handover.objects.select_related("docket", "partner").get(docket_id=docket)
    return HandoverView(
        docket=docket, partner=register.info(own.partner), mode=str(own.get_mode_display()), matter=own.docket.subject,
        matter_name=own.matter_name, situation=own.situation, form=json.loads(own.form or "{}"),
        materials=tuple(json.loads(own.materials or "[]")), delivery=own.delivery,
        delivery_to=json.loads(own.delivery_to or "{}"), consented_at=own.consented_at, package=own.package,
        foreign_number=own.foreign_number, foreign_due=own.foreign_due, returned=json.loads(own.returned or "{}"),
        asked=own.asked, result=json.loads(own.result or "{}"), queue=queue_of(docket), asked_why=own.asked_why,
        asked_purpose=str(Purpose(own.asked_purpose).label) if own.asked_purpose else "", asked_by=own.asked_by,
        answer_slot=answer_slot(own) if own.asked_times else "",
    )  # fmt: skip


def places_of(dockets: Collection[int]) -> dict[int, str]:
    """Region of the partner of each hand-over; one query, for lists."""
    rows = Handover.objects.filter(docket_id__in=list(dockets))
    return dict(rows.values_list("docket_id", "partner_id"))


def incoming_of(application: int) -> IncomingView | None:
    """Where an application was received outside the city; None for all others."""
    row = Incoming.objects.select_related("partner").filter(application_id=application).first()
    if row is None:
        return None
    return IncomingView(
        partner=register.info(row.partner), unit=row.foreign_unit, number=row.foreign_number,
        mode=str(row.get_mode_display()), package=row.package, received_at=row.received_at,
        queue=queue_of(application),
    )  # fmt: skip


def inquiry_of(docket: int) -> InquiryView:
    """The inquiry of a docket, unmasked."""
    own = Inquiry.objects.select_related("docket", "case", "partner", "incoming").get(docket_id=docket)
    return _inquiry(own, queue_of(docket))


def inquiries_of(application: int) -> list[InquiryView]:
    """What was asked about an application in the place that received it, the last first; one query."""
    rows = Inquiry.objects.filter(incoming_id=application).select_related(
        "docket", "case", "partner", "incoming"
    )
    return [_inquiry(own, ()) for own in rows.order_by("-docket_id")]


def _inquiry(own: Inquiry, queue: tuple[ParcelView, ...]) -> InquiryView:
    return InquiryView(
        docket=own.docket_id, number=own.docket.number, state=own.docket.state, case=own.case.number,
        partner=register.info(own.partner), unit=own.incoming.foreign_unit, purpose=str(own.get_purpose_display()),
        question=own.question, reason=own.reason, asked_at=own.asked_at, answer_by=own.answer_by, answer=own.answer,
        answered_by=own.answered_by, answered_at=own.answered_at, refused=own.refused, queue=queue,
    )  # fmt: skip


def newest(regions: Collection[str], *, limit: int) -> list[int]:
    """Dockets of the newest hand-overs received in the regions."""
    rows = Handover.objects.filter(docket__region__in=list(regions)).order_by("-received_at")
    return list(rows.values_list("docket_id", flat=True)[:limit])


def counts(regions: Collection[str], *, since: datetime, until: datetime) -> list[cases.CrossingCount]:
    """How many cases the regions received for each place outside; one query. What came in, `cases.crossing_counts` has."""
    rows = (
        Handover.objects.filter(
            received_at__gte=since, received_at__lt=until, docket__region__in=list(regions)
        )
        .values_list("docket__region", "partner_id")
        .annotate(n=Count("pk"))
        .order_by("docket__region", "partner_id")
    )
    return [cases.CrossingCount(*row) for row in rows]


def lines() -> list[PartnerLine]:
    """Every partner with what waits for it, how much went there and came from there, and who helped whom how often; six queries."""
    held = Parcel.objects.filter(fate__in=[Fate.WAITING, Fate.REFUSED]).values_list("partner_id")
    waits, refused = Q(fate=Fate.WAITING), Q(fate=Fate.REFUSED)
    queued = {
        region: (waiting, refused_ones, oldest)
        for region, waiting, refused_ones, oldest in held.annotate(
            waiting=Count("pk", filter=waits),
            refused=Count("pk", filter=refused),
            oldest=Min("created_at", filter=waits),
        )
    }
    out = dict(Handover.objects.values_list("partner_id").annotate(n=Count("pk")))
    back = dict(Incoming.objects.values_list("partner_id").annotate(n=Count("pk")))
    asked = dict(Inquiry.objects.values_list("partner_id").annotate(n=Count("pk")))
    helped = dict(Handover.objects.values_list("partner_id").annotate(n=Sum("asked_times")))
    return [
        PartnerLine(
            one,
            waiting,
            refused_ones,
            oldest,
            out.get(one.region, 0),
            back.get(one.region, 0),
            asked.get(one.region, 0),
            helped.get(one.region, 0),
        )
        for one in register.partners()
        for waiting, refused_ones, oldest in (queued.get(one.region, (0, 0, None)),)
    ]
