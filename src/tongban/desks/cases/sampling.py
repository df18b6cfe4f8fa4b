"""Instant approvals are checked afterwards by a human 事后抽查: a share of each day's, drawn by lot."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.desks.cases import issuing
from tongban.desks.cases.models_after import InstantCheck, Sampling
from tongban.kernel import api as kernel

SHANGHAI = ZoneInfo("Asia/Shanghai")
BATCH = 2_000
USUAL_SHARE = Decimal("0.05")
"""Of a matter that the catalogue has no longer."""


def lot(day: date, number: str) -> str:
    """A docket's lot on a day: fixed once the day and the number are, and not to be foreseen without the key."""
    key = bytes.fromhex(settings.MASTER_KEY)
    return hmac.new(key, f"sampling/{day.isoformat()}/{number}".encode(), hashlib.sha256).hexdigest()


def drawn(day: date, numbers: Sequence[str], share: Decimal) -> frozenset[str]:
    """The numbers drawn of a day's approvals of one matter: the share, rounded up, by lot."""
    count = ceil(share * len(numbers))
    return frozenset(sorted(numbers, key=lambda number: lot(day, number))[:count])


def draw(*, at: datetime) -> int:
    """Open a check for the drawn share of every past day's instant approvals that were not drawn from yet.

    The same again draws nothing more; days missed are caught up.

    :return: how many checks were opened
    """
    midnight = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    opened = 0
    while True:
        rows = list(
            InstantCheck.objects.filter(approved=True, sampled=None, checked_at__lt=midnight)
            .select_related("case", "case__docket")
            .order_by("checked_at")[:1]
        )
        if not rows:
            return opened
        opened += _draw_day(rows[0].checked_at.astimezone(SHANGHAI).date(), before=midnight, at=at)


def _draw_day(day: date, *, before: datetime, at: datetime) -> int:
    """Draw from everything approved on one day, matter by matter."""
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    rows = [
        one
        for one in InstantCheck.objects.filter(
            approved=True, sampled=None, checked_at__gte=start, checked_at__lt=before
        ).select_related("case", "case__docket")
        if one.checked_at.astimezone(SHANGHAI).date() == day
    ]
    chosen: set[str] = set()
    for matter in {one.case.matter for one in rows}:
        of_matter = [one for one in rows if one.case.matter == matter]
        numbers = [one.case.docket.number for one in of_matter]
        chosen |= drawn(day, numbers, _share(of_matter[0]))
    picked = [one for one in rows if one.case.docket.number in chosen]
    for start_at in range(0, len(picked), BATCH):
        _open(picked[start_at : start_at + BATCH], day, at=at)
    rest = [one.case_id for one in rows if one.case.docket.number not in chosen]
    with kernel.writing():
        for start_at in range(0, len(rest), BATCH):
            InstantCheck.objects.filter(case_id__in=rest[start_at : start_at + BATCH]).update(sampled=False)
    return len(picked)


def _share(check: InstantCheck) -> Decimal:
    case = check.case
    spec = issuing.spec_of(
        matter=case.matter, implementation_code=case.implementation_code, region=case.docket.region
    )
    return spec.instant.sampling if spec and spec.instant else USUAL_SHARE


def _open(checks: Sequence[InstantCheck], day: date, *, at: datetime) -> None:
    openings = [
        kernel.Opening(
            kind="sampling", way="draw", title=_("事后抽查：%s") % one.case.docket.title,
            unit=one.case.docket.unit, applicant=one.case.docket.applicant, region=one.case.docket.region,
            channel=one.case.docket.channel, subject=one.case.matter,
            data={"case": one.case.docket.number, "rules_version": one.rules_version},
        )
        for one in checks
    ]  # fmt: skip
    with kernel.writing():
        rows, _again = kernel.open_dockets(openings, actor=kernel.SYSTEM, at=at)
        Sampling.objects.bulk_create(
            Sampling(docket_id=row.id, case_id=one.case_id, drawn_for=day)
            for row, one in zip(rows, checks, strict=True)
        )
        for row, one in zip(rows, checks, strict=True):
            kernel.link(source=one.case_id, target=row.id, kind="causes", at=at)
        InstantCheck.objects.filter(case_id__in=[one.case_id for one in checks]).update(sampled=True)


def sampling_of(docket: int) -> Sampling:
    """The check of a docket of kind `sampling`, with its case."""
    return Sampling.objects.select_related("case", "case__docket", "case__application").get(docket_id=docket)
