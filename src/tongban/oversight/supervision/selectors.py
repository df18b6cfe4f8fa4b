"""Reading warnings: counted by unit, listed, one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from tongban.kernel import api as kernel
from tongban.oversight.supervision import access
from tongban.oversight.supervision.contracts import Appealed, Colour, Counted, Watched
from tongban.oversight.supervision.models import Appeal, Mark
from tongban.oversight.supervision.pack import rules, word

PAGE = 50
YELLOW = Q(colour=Colour.YELLOW, over_at=None)
RED = Q(colour=Colour.RED, over_at=None)
UNEXPLAINED = Q(colour=Colour.RED, explained_at=None, excused_at=None, explain_by__isnull=False)
APPEALED = Q(appeal__closed_at=None, appeal__isnull=False)
LATE = Q(colour=Colour.RED)
EXCUSED = Q(excused_at__isnull=False)
WHAT = {
    "yellow": YELLOW, "red": RED, "unexplained": UNEXPLAINED, "appealed": APPEALED, "late": LATE, "excused": EXCUSED,
}  # fmt: skip


def counted(actor: kernel.Actor) -> list[Counted]:
    """Warnings that somebody reads, by unit, those with most late ones first."""
    rows = (
        Mark.objects.filter(access.readable(actor))
        .filter(YELLOW | RED | UNEXPLAINED | APPEALED)
        .values("unit")
        .annotate(
            yellow=Count("id", filter=YELLOW), red=Count("id", filter=RED), unexplained=Count("id", filter=UNEXPLAINED),
            appealed=Count("id", filter=APPEALED),
        )
        .order_by("-red", "-unexplained", "-yellow", "unit")
    )  # fmt: skip
    return [Counted(**row) for row in rows]


def marks(
    actor: kernel.Actor, *, what: str = "", unit: str = "", before: int | None = None, size: int = PAGE
) -> tuple[list[Mark], int | None]:
    """A page of warnings that somebody reads, the newest first.

    :param what: a key of `WHAT`; empty: yellow, red, unexplained and appealed ones
    :param before: where the last page ended
    :return: the page, and where the next one begins; None when there is none
    """
    condition = WHAT.get(what, YELLOW | RED | UNEXPLAINED | APPEALED)
    found = _with_dockets().filter(access.readable(actor)).filter(condition)
    if unit:
        found = found.filter(unit=unit)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def mark(actor: kernel.Actor, key: int) -> Mark | None:
    """One warning that somebody reads; None for another's."""
    return _with_dockets().filter(access.readable(actor), pk=key).first()


def _with_dockets() -> QuerySet[Mark]:
    return Mark.objects.select_related("docket", "appeal")


def watched(rows: Iterable[Mark]) -> list[Watched]:
    """Warnings as others read them."""
    return [
        Watched(
            row.pk, row.docket.number, row.kind, row.limit, row.unit, row.region, row.colour, row.due_at, row.over_at,
            row.explain_by, row.reason, row.appeal.number if row.appeal else "", row.excused_at is not None,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Late:
    """Limits of a unit that ended late in a span of time: all, and those that an appeal took away."""

    ended: int
    excused: int


def late_of(unit: str, *, since: datetime, until: datetime) -> Late:
    """How many limits of a unit ended late; two counts of one query."""
    found = Mark.objects.filter(unit=unit, colour=Colour.RED, over_at__gte=since, over_at__lt=until)
    row = found.aggregate(ended=Count("id"), excused=Count("id", filter=EXCUSED))
    return Late(row["ended"], row["excused"])


def appeals_of(mark_id: int) -> list[Appeal]:
    """The appeals against one mark, the latest first."""
    return list(Appeal.objects.filter(mark=mark_id).select_related("docket").order_by("-pk"))


def appeal(docket: int) -> Appeal | None:
    """The appeal of a docket."""
    return Appeal.objects.select_related("docket", "mark__docket").filter(pk=docket).first()


def appealed(docket: int) -> Appealed | None:
    """What the appeal of a docket says; None where it is no appeal."""
    own = appeal(docket)
    if own is None:
        return None
    late = own.mark
    return Appealed(
        late.pk, late.docket.number, late.label or late.limit, late.due_at, late.over_at, own.unit,
        word(rules().grounds, own.ground), own.words,
    )  # fmt: skip


def appeals_to_judge(actor: kernel.Actor) -> list[Appeal]:
    """Appeals that wait for the actor's judgement, the nearest limit first."""
    found = Appeal.objects.filter(docket__closed_at=None).select_related("docket", "mark__docket")
    rows = found.order_by(F("docket__due_at").asc(nulls_last=True), "pk")[: PAGE * 4]
    return [one for one in rows if access.judge(actor, kernel.row_of(one.docket)) is not None][:PAGE]


def troubles(_at: datetime) -> list[str]:
    """What `/healthz` tells: warnings that wait to be told when they are more than an hour's work."""
    waiting = Mark.objects.filter(next_at__lte=_at).count()
    return [f"{waiting} warnings wait to be told"] if waiting > 5_000 else []
