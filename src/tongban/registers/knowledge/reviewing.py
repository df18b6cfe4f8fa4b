"""Reviews: an entry that was checked long ago, or ends soon, becomes work for its owner."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.knowledge.flow import KIND
from tongban.registers.knowledge.models import Entry

AT_ONCE = 200
"""Reviews opened in one night: what is left comes the next."""


@kernel.writing()
def remind(*, at: datetime) -> int:
    """Open a review for every entry that is due and has none running; gives how many."""
    today = actors.day_of(at)
    due = list(
        Entry.objects.select_for_update()
        .filter(current__isnull=False, review_on__lte=today, reviewing=None)
        .order_by("review_on", "key")[:AT_ONCE]
    )
    questions = dict(
        Entry.objects.filter(pk__in=[one.pk for one in due]).values_list("pk", "current__question")
    )
    if not due:
        return 0
    openings = [
        kernel.Opening(
            kind=KIND, way="review", title=_("复核：%s") % questions[one.pk][:50], unit=one.unit, region=one.region,
            channel="system", subject=one.key,
        )
        for one in due
    ]  # fmt: skip
    rows, _again = kernel.open_dockets(openings, actor=kernel.SYSTEM, at=at)
    for one, row in zip(due, rows, strict=True):
        one.reviewing = row.id
    Entry.objects.bulk_update(due, ["reviewing"])
    return len(rows)


def confirmed(docket: int, *, months: int, on: date) -> None:
    """The entry still holds: it is to be looked at again after so many months."""
    row = Entry.objects.filter(reviewing=docket).first()
    if row is not None:
        place = on.month - 1 + months
        year, month = on.year + place // 12, place % 12 + 1
        row.review_on, row.reviewing = date(year, month, min(on.day, 28)), None
        row.save(update_fields=["review_on", "reviewing"])


def entry_of(docket: int) -> str:
    """Key of the entry that a review is about; empty when it is done."""
    return Entry.objects.filter(reviewing=docket).values_list("key", flat=True).first() or ""
