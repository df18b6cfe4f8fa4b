"""Read evaluations and their figures. The caller has passed access to the docket or the region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core import signing
from django.db.models import Count, Q

from tongban.kernel.models import Docket
from tongban.oversight.appraisal.contracts import BAD_FROM, Evaluated, Figures
from tongban.oversight.appraisal.models import Evaluation

PAGE = 50
CODE_SALT = "tongban.appraisal"
CODE_DAYS = 90


def _shown(row: Evaluation, numbers: dict[int, str]) -> Evaluated:
    return Evaluated(
        id=row.id, number=row.number, level=row.level, tags=tuple(row.tags), text=row.text, at=row.at, channel=row.channel,
        unit=row.unit, mending=numbers.get(row.mending or 0, ""), excluded=row.excluded,
    )  # fmt: skip


def _numbers(rows: Sequence[Evaluation]) -> dict[int, str]:
    ids = [row.mending for row in rows if row.mending]
    return dict(Docket.objects.filter(id__in=ids).values_list("id", "number")) if ids else {}


def evaluation_of(docket: int) -> Evaluated | None:
    """The evaluation of an application, or None: not evaluated (yet)."""
    row = Evaluation.objects.filter(docket=docket).first()
    return _shown(row, _numbers([row])) if row else None


def evaluated(dockets: Sequence[int]) -> set[int]:
    """Those of the applications that were evaluated; one query."""
    return (
        set(Evaluation.objects.filter(docket__in=dockets).values_list("docket", flat=True))
        if dockets
        else set()
    )


def evaluation_behind(mending: int) -> Evaluated | None:
    """The evaluation that a mending docket mends."""
    row = Evaluation.objects.filter(mending=mending).first()
    return _shown(row, _numbers([row])) if row else None


def figures(*, units: Sequence[str], since: datetime, until: datetime) -> dict[str, Figures]:
    """Evaluations by unit from `since` (inclusive) to `until` (exclusive); units without any are absent."""
    rows = (
        Evaluation.objects.filter(unit__in=units, at__gte=since, at__lt=until)
        .values("unit")
        .annotate(
            counted=Count("id", filter=Q(excluded=False)),
            bad=Count("id", filter=Q(excluded=False, level__gte=BAD_FROM)),
            left_out=Count("id", filter=Q(excluded=True)),
        )
        .order_by("unit")
    )
    return {
        row["unit"]: Figures(row["counted"], row["counted"] - row["bad"], row["bad"], row["left_out"])
        for row in rows
    }


def evaluations(
    *, units: Sequence[str], since: datetime, bad_only: bool = False, before: int | None = None
) -> list[Evaluated]:
    """Evaluations of units, newest first, one more than a page so that the caller knows there are more.

    :param before: id of the last evaluation of the page before
    """
    rows = Evaluation.objects.filter(unit__in=units, at__gte=since).order_by("-id")
    if bad_only:
        rows = rows.filter(level__gte=BAD_FROM)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PAGE + 1])
    numbers = _numbers(found)
    return [_shown(row, numbers) for row in found]


def code_for(number: str) -> str:
    """A code with which the application of that number may be evaluated without signing in, once."""
    return signing.TimestampSigner(salt=CODE_SALT).sign(number).split(":", 1)[1]


def code_fits(number: str, code: str) -> bool:
    """Whether the code belongs to the number and is at most 90 days old."""
    try:
        signed = signing.TimestampSigner(salt=CODE_SALT).unsign(
            f"{number}:{code}", max_age=CODE_DAYS * 86_400
        )
    except signing.BadSignature:
        return False
    return signed == number
