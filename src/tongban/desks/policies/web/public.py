"""What everybody reads: which policies there are, what one gives to whom, and what opens and closes when."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.desks.policies import media, searching, selectors
from tongban.desks.policies.contracts import Claimway, Gives, MeasureInfo, Party, Period, UnknownMeasureError
from tongban.desks.policies.editing.saying import amount_words
from tongban.desks.policies.models import Policy
from tongban.desks.policies.web import words
from tongban.desks.policies.wording import Wording, money_words
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.rules.columns.matching import conditions
from tongban.registers.identity.api import open_to_all
from tongban.registers.portraits import api as portraits

PAGE = 20
MONTHS = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_safe
@open_to_all
def listed(request: HttpRequest) -> HttpResponse:
    """`/policies?q=&party=&gives=`: measures in force, by policy; the words of search fit title, text and department."""
    today = actors.day_of(timezone.now())
    text = request.GET.get("q", "").strip()[:60]
    party, gives = request.GET.get("party", ""), request.GET.get("gives", "")
    party = party if party in set(Party.values) else ""
    gives = gives if gives in set(Gives.values) else ""
    found = searching.search(text, party=party, gives=gives, on=today)
    start = _number(request.GET.get("from", "0"))
    context = {
        "q": text, "party": party, "gives": gives, "parties": Party.choices, "kinds": Gives.choices,
        "lines": [_line(one) for one in found[start : start + PAGE]], "count": len(found), "start": start,
        "next": start + PAGE if start + PAGE < len(found) else None, "previous": max(start - PAGE, 0) if start else None,
    }  # fmt: skip
    return render(request, "policies/listed.html", context)


def _number(text: str) -> int:
    return min(int(text), 100_000) if text.isdecimal() and len(text) < 7 else 0


def _line(one: MeasureInfo) -> dict[str, Any]:
    english = words.english()
    return {
        "one": one, "title": one.title_en if english and one.title_en else one.title,
        "says": one.says_en if english and one.says_en else one.says, "unit": words.unit_name(one.unit),
        "gives": Gives(one.gives).label, "way": Claimway(one.way).label, "party": Party(one.party).label,
    }  # fmt: skip


@require_safe
@open_to_all
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """A policy for everybody: explained in words, picture, sound or film, and each measure in plain words."""
    row = _row(number)
    today = actors.day_of(timezone.now())
    # What begins later is read as it will be on its first day.
    info = selectors.policy(row, on=max(today, row.valid_from))
    english = words.english()
    context = {
        "policy": info, "english": english, "unit": words.unit_name(row.unit),
        "title": info.title_en if english and info.title_en else info.title,
        "summary": info.summary_en if english and info.summary_en else info.summary,
        "explained": info.explained_en if english and info.explained_en else info.explained,
        "measures": [_measure(one) for one in info.measures],
        "over": info.valid_until is not None and info.valid_until < today, "ended": _ended(row) if not info.measures else "",
    }  # fmt: skip
    return render(request, "policies/policy.html", context)


def _row(number: str) -> Policy:
    try:
        row = selectors.policy_row(kernel.normalise(number))
    except (UnknownMeasureError, ValueError) as error:
        raise Http404(_("没有这个政策。")) from error
    if row.published_at is None:
        raise Http404(_("没有这个政策。"))
    return row


def _measure(one: MeasureInfo) -> dict[str, Any]:
    language = get_language() or "zh"
    wording = Wording(portraits.elements(one.party))
    wanted = [wording.say(part) for part in conditions(selectors.compiled(one).rule.node)]
    amount = amount_words(one.amount, portraits.elements(one.party))
    return {
        **_line(one), "wanted": wanted, "amount": amount, "period": Period(one.period).label,
        "budget": money_words(one.budget_fen, language=language) if one.budget_fen else "",
        "order": words.order_words(one) if one.quota or one.budget_fen else "", "papers": _listed(words.paper_name(key) for key in one.evidence),
        "excludes": _listed(selectors.titles(one.excludes, english=words.english()).values()),
    }  # fmt: skip


def _listed(names: Iterable[str]) -> str:
    return _("、").join(names)


def _ended(row: Policy) -> str:
    keys = row.measures.values_list("key", flat=True)
    return _listed(selectors.titles(keys, english=words.english()).values())


@require_safe
@open_to_all
def file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The picture, recording or film of a published policy."""
    row = _row(number)
    if not row.file:
        raise Http404
    try:
        return media.serve(row.file, wanted=request.headers.get("Range", ""))
    except FileGoneError as error:
        raise Http404(_("这个文件已经不在了。")) from error


@dataclass(frozen=True, slots=True)
class Date:
    """Something that happens on a day."""

    day: date
    what: str
    one: MeasureInfo


@require_safe
@open_to_all
def calendar(request: HttpRequest) -> HttpResponse:
    """`/policies/calendar?month=2026-11`: what begins, opens, closes and ends in three months from there."""
    today = actors.day_of(timezone.now())
    first = _month(request.GET.get("month", ""), today)
    last = _months_after(first, MONTHS) - timedelta(days=1)
    dates = sorted(_dates(first, last), key=lambda one: (one.day, one.what, one.one.key))
    named = [
        {
            "first": month, "dates": [
                {**_line(one.one), "day": one.day, "what": one.what, "past": one.day < today}
                for one in dates
                if (one.day.year, one.day.month) == (month.year, month.month)
            ],
        }
        for month in (_months_after(first, place) for place in range(MONTHS))
    ]  # fmt: skip
    context = {
        "months": named, "before": _months_after(first, -MONTHS), "after": _months_after(first, MONTHS), "today": today,
        "open": [_line(one) for one in selectors.measures(on=today) if one.closes_on and one.open_on(today)],
    }  # fmt: skip
    return render(request, "policies/calendar.html", context)


def _month(text: str, today: date) -> date:
    """The first day of a month of this century; of the present one where another is asked for."""
    try:
        first = date.fromisoformat(f"{text}-01") if len(text) == len("2026-11") else today
    except ValueError:
        first = today
    return (first if FIRST_YEAR <= first.year <= LAST_YEAR else today).replace(day=1)


def _months_after(first: date, count: int) -> date:
    place = first.year * 12 + first.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def _dates(first: date, last: date) -> Iterator[Date]:
    """Every measure that holds on some day of the span, with its days in it."""
    seen: set[str] = set()
    day = first
    while day <= last:
        for one in selectors.measures(on=day):
            if one.key not in seen:
                seen.add(one.key)
                yield from _days(one, first, last)
        day += timedelta(days=months.monthrange(day.year, day.month)[1])


def _days(one: MeasureInfo, first: date, last: date) -> Iterator[Date]:
    for day, what in (
        (one.valid_from if one.opens_on is None else one.opens_on, _("开始")),
        (one.closes_on, _("截止")),
        (one.valid_until if one.closes_on is None else None, _("到期")),
    ):
        if day is not None and first <= day <= last:
            yield Date(day, what, one)
