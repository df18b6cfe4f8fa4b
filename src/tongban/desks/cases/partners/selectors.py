"""Read hand-overs, what partners received for us, and how much went each way. The caller has passed access."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Min, Q

from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import register
from tongban.desks.cases.partners.contracts import Fate, HandoverView, IncomingView, PartnerLine
from tongban.desks.cases.partners.models import Handover, Incoming, Parcel
from tongban.desks.cases.partners.sending import queue_of


def handover_of(docket: int) -> HandoverView:
    """The hand-over of a docket, unmasked."""
    own = Handover.objects.select_related("docket", "partner").get(docket_id=docket)
    return HandoverView(
        docket=docket, partner=register.info(own.partner), mode=str(own.get_mode_display()), matter=own.docket.subject,
        matter_name=own.matter_name, situation=own.situation, form=json.loads(own.form or "{}"),
        materials=tuple(json.loads(own.materials or "[]")), delivery=own.delivery,
        delivery_to=json.loads(own.delivery_to or "{}"), consented_at=own.consented_at, package=own.package,
        foreign_number=own.foreign_number, foreign_due=own.foreign_due, returned=json.loads(own.returned or "{}"),
        asked=own.asked, result=json.loads(own.result or "{}"), queue=queue_of(docket),
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
    """Every partner with what waits for it, and how much went there and came from there; four queries."""
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
    return [
        PartnerLine(one, waiting, refused_ones, oldest, out.get(one.region, 0), back.get(one.region, 0))
        for one in register.partners()
        for waiting, refused_ones, oldest in (queued.get(one.region, (0, 0, None)),)
    ]
