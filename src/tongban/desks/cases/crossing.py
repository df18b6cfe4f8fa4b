"""异地通办 within the city: a window of one place receives what another place decides.

Only matters on the lists 跨省 跨市 区内通办 may (国办发〔2020〕35号 asks for the lists; that what crosses provinces or cities
also crosses the city's own counties is the city's rule). The application is opened with the deciding units at once, so the
clocks of 行政许可法 32 and 42 begin there in the same instant; the results are handed out at the window that received.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases.contracts import OUTSIDE, Submission, SubmissionRefused
from tongban.desks.cases.models_crossing import Crossing
from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import api as catalogue

FRONT_DESK = "dsj"


@dataclass(frozen=True, slots=True)
class Crossed:
    """Where an application was received (a unit and its place) and where it is decided.

    `received_unit` is ``outside`` where a partner's window received it; `received_region` is the partner then.
    """

    received_unit: str
    received_region: str
    decided_region: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CrossingCount:
    """How many applications one place received for another."""

    received_region: str
    decided_region: str
    applications: int


def received_elsewhere(asked: Submission, actor: Actor) -> Submission:
    """The submission as its window takes it: in another place than the one that decides, that window accepts for all.

    :raises SubmissionRefused: a matter is on no list of cross-region handling; says where it can be done
    """
    own = actors.live_unit(actor.unit) if actor.is_officer and actor.unit else None
    if own is None:
        return asked
    here, there = own.region, asked.region
    if here in actors.region_chain(there) or there in actors.region_chain(here):
        return asked
    _refuse_unlisted(asked, here=here)
    desk = actors.unit_for(department=FRONT_DESK, region=here)
    return replace(asked, unit=desk.id if desk else actor.unit)


def _refuse_unlisted(asked: Submission, *, here: str) -> None:
    specs = catalogue.matters([case.matter for case in asked.cases], asked.region)
    beyond = [
        case.name
        for case in asked.cases
        if case.matter not in specs or not specs[case.matter].lists.cross_region
    ]
    if not beyond:
        return
    desk = actors.unit_for(department=FRONT_DESK, region=asked.region)
    names = {"matters": _("、").join(beyond), "here": actors.region(here).name}
    raise SubmissionRefused(
        _("“%(matters)s”不在异地通办清单上，%(here)s的窗口不能代收。") % names,
        possible=_("可以到%(there)s办，或由申请人自己在网上提交。")
        % {"there": desk.name if desk else actors.region(asked.region).name},
    )


def is_crossing(asked: Submission) -> bool:
    """Whether it was received in another place than the one applied in: by a unit of ours, or outside the city."""
    if asked.received_from:
        return True
    unit = actors.live_unit(asked.unit)
    if unit is None or not actors.region_chain(asked.region):
        return False
    return unit.region not in actors.region_chain(asked.region) and asked.region not in actors.region_chain(
        unit.region
    )


def places(asked: Submission) -> dict[str, str]:
    """Both places, for the ledger."""
    return {"received_at": asked.received_from or asked.unit, "decided_in": asked.region}


def write(asked: Submission, application: int, *, at: datetime) -> None:
    """Keep both places of an application."""
    Crossing.objects.create(
        application_id=application, received_unit=OUTSIDE if asked.received_from else asked.unit,
        received_region=asked.received_from or actors.unit(asked.unit).region, decided_region=asked.region,
        received_at=at,
    )  # fmt: skip


def crossed(applications: Collection[int]) -> dict[int, Crossed]:
    """Both places by docket of the application; those received where they are decided are absent; one query."""
    rows = Crossing.objects.filter(application_id__in=list(applications))
    return {
        row.application_id: Crossed(
            row.received_unit, row.received_region, row.decided_region, row.received_at
        )
        for row in rows
    }


def crossing_counts(regions: Collection[str], *, since: datetime, until: datetime) -> list[CrossingCount]:
    """How many applications each place received for each other one, where either is among `regions`; one query."""
    rows = (
        Crossing.objects.filter(received_at__gte=since, received_at__lt=until)
        .filter(Q(received_region__in=list(regions)) | Q(decided_region__in=list(regions)))
        .values_list("received_region", "decided_region")
        .annotate(n=Count("pk"))
        .order_by("received_region", "decided_region")
    )
    return [CrossingCount(*row) for row in rows]


def crossing_applications(regions: Collection[str], *, limit: int) -> list[int]:
    """Dockets of the newest applications received in or for one of the regions; the caller checks access."""
    rows = Crossing.objects.filter(Q(received_region__in=list(regions)) | Q(decided_region__in=list(regions)))
    return list(rows.order_by("-received_at").values_list("application_id", flat=True)[:limit])
