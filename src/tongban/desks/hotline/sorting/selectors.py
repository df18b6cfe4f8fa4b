"""Reading versions, thresholds and what the city's dispatches teach."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q

from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.sorting.contracts import Accuracy, Limit, Proposed, Version
from tongban.desks.hotline.sorting.learning import Lesson
from tongban.desks.hotline.sorting.models import ModelVersion, Proposal, Threshold

MOST_LESSONS = 20_000


def version_of(row: ModelVersion) -> Version:
    """A row as others see it."""
    return Version(
        row.name, row.made_at, row.made_by, row.source, row.texts, row.macro_f1, row.calibration_error, row.in_use,
        row.note, row.before, row.held_out,
    )  # fmt: skip


def versions(*, most: int = 50) -> list[Version]:
    """The versions, newest first."""
    return [version_of(row) for row in ModelVersion.objects.order_by("-made_at", "-pk")[:most]]


def threshold(region: str, *, channel: str = "", category: str = "") -> float | None:
    """From which confidence on tickets of a region are dispatched without a person; None: never.

    Of the rows that fit: the region's own before those of regions above; there the one that names the category, then
    the one that names the channel, then the one for everything.
    """
    chain = actors.region_chain(region) or (region,)
    rows = Threshold.objects.filter(
        region__in=chain, channel__in={"", channel}, category__in={"", category}
    ).values_list("region", "channel", "category", "confidence")
    fitting = sorted(rows, key=lambda row: (chain.index(row[0]), not row[2], not row[1]))
    return fitting[0][3] if fitting else None


def thresholds(regions: Collection[str]) -> list[Limit]:
    """Every threshold that was set for regions, the city's first, the general ones before the narrower."""
    rows = Threshold.objects.filter(region__in=regions).order_by("region", "channel", "category")
    return [
        Limit(row.region, row.channel, row.category, row.confidence, row.set_by, row.set_at) for row in rows
    ]


def proposal_of(docket: int) -> Proposed | None:
    """What was proposed for a ticket; None where nothing was, or not yet."""
    row = Proposal.objects.filter(pk=docket, made_at__isnull=False).first()
    return _proposed(row) if row else None


def _proposed(row: Proposal) -> Proposed:
    return Proposed(
        row.version, row.category, row.confidence, row.unit, row.matter, row.threshold, row.why, automatic=row.automatic,
        decided_by=row.decided_by, followed=row.followed, returned=row.returned, unit_chosen=row.unit_chosen,
    )  # fmt: skip


def accuracy(regions: Collection[str], *, since: datetime) -> dict[str, Accuracy]:
    """By channel: how many proposals were decided on, followed, and returned with right. One query."""
    rows = (
        Proposal.objects.filter(region__in=regions, decided_at__gte=since).exclude(category="")
        .values("channel", "automatic", "followed", "returned").annotate(n=Count("pk")).order_by("channel")
    )  # fmt: skip
    found: dict[str, Accuracy] = {}
    for row in rows:
        n, followed = row["n"], bool(row["followed"])
        one = Accuracy(
            decided=n, by_itself=n if row["automatic"] else 0, followed=n if followed else 0,
            returned=n if followed and row["returned"] else 0,
        )  # fmt: skip
        found[row["channel"]] = found.get(row["channel"], Accuracy()) + one
    return found


BEHIND = {
    "decided": Q(), "by_itself": Q(automatic=True), "followed": Q(followed=True), "other": Q(followed=False),
    "returned": Q(followed=True, returned=True),
}  # fmt: skip


def behind(
    what: str,
    regions: Collection[str],
    *,
    since: datetime,
    channel: str = "",
    before: int = 0,
    most: int = 50,
) -> list[tuple[int, Proposed]]:
    """The tickets behind a figure of `accuracy`, newest first: docket and proposal.

    :param before: docket of the last row of the page before
    """
    found = Proposal.objects.filter(BEHIND[what], region__in=regions, decided_at__gte=since).exclude(
        category=""
    )
    if channel:
        found = found.filter(channel=channel)
    if before:
        found = found.filter(docket__lt=before)
    return [(row.docket_id, _proposed(row)) for row in found.order_by("-docket")[:most]]


def lessons_since(since: datetime, *, most: int = MOST_LESSONS) -> list[Lesson]:
    """What the city's dispatches since an instant teach, newest first."""
    found = hotline.taught(since, most=most)
    return [Lesson(one.title, one.text, one.category, matter=one.matter) for one in found]
