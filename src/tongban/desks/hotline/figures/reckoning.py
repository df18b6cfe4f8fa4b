"""The hotline's figures, counted by index from tickets, turns and clocks. Definitions as cities publish them.

Sources: 国务院办公厅关于进一步优化地方政务服务便民热线的指导意见（国办发〔2020〕53号）, which asks that the answer rate, the
on-time rate, what got solved and what callers were content with be assessed; GB/T 33358-2016 for the services of a
hotline; the figures published by Xianning, Zengdu and Tianning for the names.

- 受理量 taken: tickets opened in the period. 重复诉求率 repeat rate: those with the same content as an earlier one ÷ taken.
- 签收及时率 signed on time: sign-in limits that ended in the period and were kept ÷ those that ended.
- 按时办结率 on time: handling limits that ended in the period and were kept ÷ those that ended; suspended time does not count.
- 退单 returns: turns given back in the period; 成立 upheld among those that were judged.
- 满意率 satisfied: 非常满意, 满意, 基本满意 ÷ callers called back in the period who judged (who could not be reached do not count).
- 解决率 solved: 已解决 ÷ callers who said whether it was; 部分解决 is counted apart and not as solved.
- 接通率 answer rate: telephony's own.

The sums are those of limits and answers of the *period*, so that a month's figures do not change once it is over, except
where a caller's judgement is corrected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import StrIndex, Substr

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import KIND, UNHAPPY, Satisfaction, Solved
from tongban.desks.hotline.figures.contracts import Day, Period, Report, Share, Taken, UnitLine
from tongban.desks.hotline.figures.ranking import ranked
from tongban.desks.hotline.models import Ticket, Turn
from tongban.desks.hotline.telephony import api as telephony
from tongban.kernel.models import Clock, Docket

SHANGHAI = ZoneInfo("Asia/Shanghai")
JUDGED = tuple(one for one in Satisfaction.values if one != Satisfaction.NO_ANSWER)
CONTENT = tuple(one for one in JUDGED if one not in UNHAPPY)
SAID = (Solved.YES.value, Solved.PARTLY.value, Solved.NO.value)
COUNTY, TOWNSHIP = 6, 9


def midnight(day: date) -> datetime:
    """The first instant of a day in Shanghai."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def month_of(year: int, month: int, *, region: str = "") -> Period:
    """A calendar month. :raises ValueError: there is no such month"""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(midnight(first), midnight(following), region)


def within(region: str) -> tuple[str, str] | None:
    """The first and the last code of a division and what is below; None for the whole city."""
    if not region or region == settings.ROOT_REGION:
        return None
    stem = region.rstrip("0")
    width = next(size for size in (2, 4, COUNTY, TOWNSHIP, 12) if size >= len(stem))
    stem = region[:width]
    return stem.ljust(12, "0"), stem.ljust(12, "9")


def units_of(region: str) -> list[str] | None:
    """Units of a division and below, ended ones too; None for the whole city."""
    if within(region) is None:
        return None
    return [one.id for one in actors.units_in(region=region, below=True, ended=True)]


def dockets(period: Period) -> QuerySet[Docket]:
    """Tickets opened in the period."""
    rows = Docket.objects.filter(kind=KIND, opened_at__gte=period.since, opened_at__lt=period.until)
    span = within(period.region)
    return rows.filter(region__range=span) if span else rows


def taken(period: Period) -> Taken:
    """What came in; one pass over the period's tickets."""
    width = COUNTY if within(period.region) is None else TOWNSHIP
    top = Case(
        When(
            ticket__category__contains="/",
            then=Substr("ticket__category", 1, StrIndex("ticket__category", Value("/")) - 1),
        ),
        default=F("ticket__category"),
    )
    rows = (
        dockets(period).annotate(area=Substr("region", 1, width), top=top)
        .values("ticket__channel", "ticket__kind", "area", "top")
        .annotate(
            n=Count("id"), urged=Count("id", filter=Q(ticket__urged__gt=0)), urges=Sum("ticket__urged"),
            supervised=Count("ticket__supervised_at"), repeated=Count("ticket__same_as"),
            reopened=Count("id", filter=Q(ticket__reopened__gt=0)),
        ).order_by()
    )  # fmt: skip
    sums: Counter[str] = Counter()
    by: dict[str, Counter[str]] = {
        name: Counter() for name in ("ticket__channel", "ticket__kind", "area", "top")
    }
    for row in cast("Iterable[Mapping[str, Any]]", rows):
        sums.update(
            {name: row[name] or 0 for name in ("n", "urged", "urges", "supervised", "repeated", "reopened")}
        )
        for name, counter in by.items():
            counter[row[name] or ""] += row["n"]
    return Taken(
        total=sums["n"], by_channel=dict(by["ticket__channel"]), by_kind=dict(by["ticket__kind"]),
        by_region={code.ljust(12, "0"): n for code, n in by["area"].items() if code}, by_category=dict(by["top"]),
        urged=sums["urged"], urges=sums["urges"], supervised=sums["supervised"], repeated=sums["repeated"],
        reopened=sums["reopened"],
    )  # fmt: skip


def ended(period: Period, name: str = "") -> QuerySet[Clock]:
    """Sign-in and handling limits of tickets that ended in the period, kept or missed."""
    names = [name] if name else ["sign", "handle"]
    rows = Clock.objects.filter(
        name__in=names,
        stopped_at__gte=period.since,
        stopped_at__lt=period.until,
        outcome__in=("kept", "missed"),
    )
    units = units_of(period.region)
    return rows if units is None else rows.filter(whose__in=units)


def limits(period: Period) -> dict[str, dict[str, Share]]:
    """By ``sign`` and ``handle``, then by unit: limits kept among those that ended."""
    rows = ended(period).values("name", "whose", "outcome").annotate(n=Count("id")).order_by()
    found: dict[str, dict[str, Share]] = {"sign": {}, "handle": {}}
    for row in rows:
        more = Share(row["n"] if row["outcome"] == "kept" else 0, row["n"])
        of = found[row["name"]]
        of[row["whose"]] = of.get(row["whose"], Share()) + more
    return found


def returns(period: Period) -> QuerySet[Turn]:
    """Turns that were given back in the period."""
    rows = Turn.objects.filter(returned_at__gte=period.since, returned_at__lt=period.until)
    units = units_of(period.region)
    return rows if units is None else rows.filter(unit__in=units)


def called_back(period: Period) -> QuerySet[Ticket]:
    """Tickets whose callers were called back, or judged by themselves, in the period."""
    rows = Ticket.objects.filter(called_back_at__gte=period.since, called_back_at__lt=period.until)
    units = units_of(period.region)
    return rows if units is None else rows.filter(replied_by__in=units)


def answers(period: Period) -> list[tuple[str, Share, Share, int, Share]]:
    """By the unit that replied: satisfied, solved, partly solved, content with the operator."""
    rows = (
        called_back(period).values("replied_by")
        .annotate(
            judged=Count("docket", filter=Q(satisfaction__in=JUDGED)), content=Count("docket", filter=Q(satisfaction__in=CONTENT)),
            said=Count("docket", filter=Q(solved__in=SAID)), yes=Count("docket", filter=Q(solved=Solved.YES)),
            partly=Count("docket", filter=Q(solved=Solved.PARTLY)),
            of_operator=Count("docket", filter=Q(operator_satisfaction__in=JUDGED)),
            with_operator=Count("docket", filter=Q(operator_satisfaction__in=CONTENT)),
        ).order_by()
    )  # fmt: skip
    return [
        (
            row["replied_by"], Share(row["content"], row["judged"]), Share(row["yes"], row["said"]), row["partly"],
            Share(row["with_operator"], row["of_operator"]),
        )
        for row in rows
    ]  # fmt: skip


def late_now(region: str, *, at: datetime) -> QuerySet[Docket]:
    """Open tickets past their nearest limit."""
    rows = Docket.objects.filter(kind=KIND, closed_at=None, due_at__lte=at)
    units = units_of(region)
    return rows if units is None else rows.filter(unit__in=units)


def closed(period: Period) -> QuerySet[Docket]:
    """Tickets closed in the period, whatever the outcome."""
    rows = Docket.objects.filter(kind=KIND, closed_at__gte=period.since, closed_at__lt=period.until)
    span = within(period.region)
    return rows.filter(region__range=span) if span else rows


def reckon(period: Period, *, at: datetime) -> Report:
    """All figures of a period as of `at`; about seven statements whatever the number of tickets."""
    by_limit, said = limits(period), answers(period)
    gone = returns(period).values("unit").annotate(
        n=Count("id"), held=Count("id", filter=Q(upheld=True)), judged=Count("id", filter=Q(upheld__isnull=False))
    ).order_by()  # fmt: skip
    back = {row["unit"]: row for row in gone}
    late = dict(
        late_now(period.region, at=at)
        .values("unit")
        .annotate(n=Count("id"))
        .order_by()
        .values_list("unit", "n")
    )
    by_answer = {unit: (content, solved) for unit, content, solved, _partly, _operator in said}
    known = {*by_limit["sign"], *by_limit["handle"], *back, *late, *by_answer} - {""}
    lines = [
        UnitLine(
            unit, by_limit["sign"].get(unit, Share()), by_limit["handle"].get(unit, Share()),
            *by_answer.get(unit, (Share(), Share())),
            returned=back[unit]["n"] if unit in back else 0, upheld=back[unit]["held"] if unit in back else 0,
            late=late.get(unit, 0),
        )
        for unit in sorted(known)
    ]  # fmt: skip
    return Report(
        period=period, at=at, taken=taken(period), closed=closed(period).count(),
        signed=total(by_limit["sign"].values()), handled=total(by_limit["handle"].values()),
        satisfied=total(one[1] for one in said), solved=total(one[2] for one in said), partly=sum(one[3] for one in said),
        operators=total(one[4] for one in said), returned=sum(row["n"] for row in back.values()),
        judged=Share(sum(row["held"] for row in back.values()), sum(row["judged"] for row in back.values())),
        calls=calls(period), units=tuple(ranked(lines)),
    )  # fmt: skip


def calls(period: Period) -> telephony.AnswerFigures:
    """The answer rate's counts; calls belong to the city's one number and to no division."""
    last = (period.until - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return telephony.answer_figures(since=period.since.astimezone(SHANGHAI).date(), until=last)


def total(shares: Iterable[Share]) -> Share:
    """The sum of shares, numerator and denominator apart."""
    return sum(shares, Share())


def days(period: Period, *, until: date) -> list[Day]:
    """What came in and what was closed, day by day, to `until` (inclusive); one index range a day and column."""
    first = period.since.astimezone(SHANGHAI).date()
    listed = []
    for back in range((until - first).days + 1):
        day = first + timedelta(days=back)
        one = replace(period, since=midnight(day), until=midnight(day + timedelta(days=1)))
        listed.append(Day(day, dockets(one).count(), closed(one).count()))
    return listed


def top(counts: dict[str, int], most: int) -> Sequence[tuple[str, int]]:
    """The largest counts, largest first; equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
