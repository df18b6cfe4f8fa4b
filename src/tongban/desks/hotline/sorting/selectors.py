"""Reading versions, thresholds and what the city's dispatches teach."""

from __future__ import annotations

from datetime import datetime

from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.sorting.contracts import Version
from tongban.desks.hotline.sorting.learning import Lesson
from tongban.desks.hotline.sorting.models import ModelVersion, Threshold

MOST_LESSONS = 20_000


def version_of(row: ModelVersion) -> Version:
    """A row as others see it."""
    return Version(
        row.name, row.made_at, row.made_by, row.source, row.texts, row.macro_f1, row.calibration_error, row.in_use,
        row.note,
    )  # fmt: skip


def versions(*, most: int = 50) -> list[Version]:
    """The versions, newest first."""
    return [version_of(row) for row in ModelVersion.objects.order_by("-made_at", "-pk")[:most]]


def threshold(region: str) -> float | None:
    """From which confidence on tickets of a region are dispatched without a person; None: never.

    The region's own, else that of the nearest above.
    """
    chain = actors.region_chain(region) or (region,)
    held = dict(Threshold.objects.filter(region__in=chain).values_list("region", "confidence"))
    return next((held[code] for code in chain if code in held), None)


def lessons_since(since: datetime, *, most: int = MOST_LESSONS) -> list[Lesson]:
    """What the city's dispatches since an instant teach, newest first."""
    found = hotline.taught(since, most=most)
    return [Lesson(one.title, one.text, one.category, matter=one.matter) for one in found]
