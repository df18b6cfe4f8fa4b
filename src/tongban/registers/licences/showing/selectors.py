"""Reading showings and how licences were used."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count

from tongban.kernel.contracts import Actor
from tongban.registers.licences import kinds, words
from tongban.registers.licences import selectors as licences
from tongban.registers.licences.contracts import LicenceInfo
from tongban.registers.licences.models import Use
from tongban.registers.licences.paper.printing import shown
from tongban.registers.licences.showing import rules
from tongban.registers.licences.showing.contracts import (
    STEP,
    CodeNow,
    Presented,
    Seen,
    ShowingInfo,
    UseCount,
)
from tongban.registers.licences.showing.models import Scan, Showing
from tongban.registers.licences.showing.services import presented

RECENT = 20


def showing(pk: int, *, actor: Actor, at: datetime) -> ShowingInfo | None:
    """A showing of a party that the actor speaks for; None for everybody else's."""
    row = Showing.objects.filter(pk=pk, holder__in=sorted(actor.parties)).first()
    return _info(row, at=at) if row else None


def open_showings(holder: str, *, at: datetime) -> tuple[ShowingInfo, ...]:
    """What a party holds out now, newest first."""
    rows = Showing.objects.filter(holder=holder, revoked_at=None, ends_at__gt=at).order_by("-opened_at")[
        :RECENT
    ]
    return tuple(_info(row, at=at) for row in rows)


def _info(row: Showing, *, at: datetime) -> ShowingInfo:
    live = row.revoked_at is None and row.opened_at <= at < row.ends_at
    held = tuple(licences.info(one, holder=row.holder) for one in row.licences.order_by("pk"))
    seen = tuple(
        Seen(
            scan.at,
            scan.unit,
            words.unit_name(scan.unit) if scan.unit else "",
            scan.purpose,
            scan.client,
        )
        for scan in row.scans.order_by("-at")
    )
    return ShowingInfo(
        id=row.pk, kind=row.kind, holder=row.holder, unit=row.unit,
        unit_name=words.unit_name(row.unit) if row.unit else "", opened_at=row.opened_at, ends_at=row.ends_at,
        revoked_at=row.revoked_at, open=live, licences=held, seen=seen,
    )  # fmt: skip


def code_now(pk: int, *, actor: Actor, at: datetime) -> CodeNow | None:
    """What the phone shows at this instant; None when the showing is over, taken back or not theirs."""
    row = Showing.objects.filter(
        pk=pk, holder__in=sorted(actor.parties), revoked_at=None, opened_at__lte=at, ends_at__gt=at
    ).first()
    if row is None:
        return None
    step = rules.step_at(row.opened_at, at)
    until = min(row.opened_at + STEP * (step + 1), row.ends_at)
    digits, token = rules.digits_of(row.secret, step), rules.token_of(row.secret, step)
    return CodeNow(digits, token, until, rules.seconds_left(until, at))


def scanned(pk: int, *, by: Actor, at: datetime) -> Presented | None:
    """What an officer scanned some minutes ago and may still look at; None afterwards, or when it was taken back."""
    row = Scan.objects.filter(pk=pk, by=by.id).select_related("showing").first()
    if row is None or row.showing.revoked_at is not None:
        return None
    found = presented(row)
    return found if at < found.until else None


def use_counts(*, since: date, until: date, by: str = "kind") -> tuple[UseCount, ...]:
    """How often licences were used in a span of days (both included), most first, for figures.

    :param by: ``kind`` (slug), ``unit`` (who used them) or ``purpose``
    :raises ValueError: counted by something else
    """
    columns = {"kind": "licence__kind", "unit": "unit", "purpose": "purpose"}
    if by not in columns:
        raise ValueError(f"licences are counted by {', '.join(columns)}, not by {by}")
    rows = (
        Use.objects.filter(at__date__gte=since, at__date__lte=until)
        .values_list(columns[by])
        .annotate(n=Count("pk"))
        .order_by("-n", columns[by])
    )
    return tuple(UseCount(name, n) for name, n in rows)


def unit_uses(unit: str, *, since: datetime, until: datetime) -> int:
    """How many times a unit read a code in a span."""
    return Scan.objects.filter(unit=unit, at__gte=since, at__lt=until).count()


def printed_fields(one: LicenceInfo) -> list[tuple[str, str, str]]:
    """Name, English name and printed value of every entry that stands on the paper."""
    kind = kinds.kinds().get(one.kind)
    return [
        (entry.name, entry.name_en, shown(entry, one.fields[entry.key]))
        for entry in (kind.fields if kind else ())
        if entry.shown and one.fields.get(entry.key) not in (None, "", [], ())
    ]
