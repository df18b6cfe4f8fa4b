"""Officers are told the figures they asked for: within what they may count at that moment, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.contracts import Figure, InsightError, Scope
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.months import selectors as months
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import figures, month
from tongban.oversight.insight.subscriptions.contracts import When
from tongban.oversight.insight.subscriptions.models import Subscription, Untold
from tongban.registers.messages import api as messages

LANGUAGES = ("zh-hans", "en")
MOST = 200


def subscribe(
    *, indicator: str, region: str, when: When, threshold: Decimal | None, actor: Actor, at: datetime
) -> Subscription:
    """Ask to be told a figure.

    :raises InsightError: no such indicator, a division outside, a limit without a number, or asked for already
    """
    one = indicators(on=actors.day_of(at)).get(indicator)
    if one is None:
        raise InsightError(_("没有这个指标：%s。") % indicator, possible=_("请从指标页的订阅进来。"))
    try:
        scope_of(actor, region=region)
    except InsightError as error:
        raise InsightError(_("这个地方的数不归您看。"), possible=_("请另选一个地方。")) from error
    if when in {When.ABOVE, When.BELOW} and threshold is None:
        raise InsightError(_("请填一个数。"), possible=_("例如 95。"))
    if when is When.TARGET and one.target is None:
        raise InsightError(_("这个指标没有定目标。"), possible=_("可以选每月公布时，或者自己定一个数。"))
    if Subscription.objects.filter(officer=actor.id).count() >= MOST:
        raise InsightError(_("订阅已经有%d条了。") % MOST, possible=_("先退订不用的。"))
    wanted = threshold if when in {When.ABOVE, When.BELOW} else None
    try:
        with kernel.writing(), transaction.atomic():
            return Subscription.objects.create(
                officer=actor.id, indicator=indicator, region=region, when=when, threshold=wanted, made_at=at
            )
    except IntegrityError as error:
        raise InsightError(_("已经订阅过了。"), possible=_("在下面的列表里可以退订。")) from error


def unsubscribe(*, pk: int, actor: Actor) -> None:
    """End the own subscription; another's is not there."""
    with kernel.writing():
        Subscription.objects.filter(pk=pk, officer=actor.id).delete()


def of_officer(actor: Actor) -> list[Subscription]:
    """The own subscriptions, newest first."""
    return list(Subscription.objects.filter(officer=actor.id).order_by("-made_at", "-pk"))


def tell_waiting() -> int:
    """Tell of the editions that went out since, the oldest first; gives how many were told. Killed half-way, it is done again:
    each subscriber gets one message.
    """
    told = 0
    for one in Untold.objects.order_by("at", "pk"):
        told += tell_published(day=one.month, edition=one.edition, at=one.at)
        with kernel.writing():
            one.delete()
    return told


def tell_published(*, day: date, edition: int, at: datetime) -> int:
    """Tell who wants to know of a month that was published or corrected; one message each. Gives how many were told."""
    told = 0
    for officer, wanted in _by_officer(Subscription.objects.filter(when=When.PUBLISHED)).items():
        lines = _lines(officer, wanted, day=day, at=at)
        if not lines["zh-hans"]:
            continue
        template = "insight.published" if edition == 1 else "insight.corrected"
        context: dict[str, Any] = {"month": f"{day:%Y-%m}", "figures": _both(lines)}
        messages.send(
            to=officer, template=template, context=context, at=at, key=f"insight:{day:%Y-%m}:{edition}"
        )
        told += 1
    return told


def tell_crossed(*, at: datetime) -> int:
    """Tell who wants to know when a figure of the running month misses its target or crosses a limit.

    A figure that stays beyond is told once a month.
    """
    day, told = actors.day_of(at), 0
    for officer, wanted in _by_officer(Subscription.objects.exclude(when=When.PUBLISHED)).items():
        for row in wanted:
            told += _tell_one(officer, row, day=day, at=at)
    return told


def _tell_one(officer: str, row: Subscription, *, day: date, at: datetime) -> int:
    key = f"insight:{row.pk}:{day:%Y-%m}"
    one, scope = indicators(on=day).get(row.indicator), _scope(officer, row, at)
    if one is None or scope is None:
        return 0
    figure = figures([one], period=month(day), scope=scope)[one.id].figures.get(())
    if not crossed(row, one, figure):
        return 0
    lines = {language: [_line(one, figure, row, language)] for language in LANGUAGES}
    limit = one.target if row.when == When.TARGET else row.threshold
    context: dict[str, Any] = {
        "month": f"{day:%Y-%m}",
        "figures": _both(lines),
        "limit": f"{(limit or Decimal(0)).normalize():f}",
    }
    messages.send(to=officer, template=f"insight.{row.when}", context=context, at=at, key=key)
    return 1


def crossed(row: Subscription, one: Indicator, figure: Figure | None) -> bool:
    """Whether a figure is where its subscriber wants to be told. Nothing to divide by crosses nothing."""
    if figure is None or figure.value is None:
        return False
    if row.when == When.TARGET:
        return words.missed(one, figure)
    if row.threshold is None:
        return False
    return figure.value > row.threshold if row.when == When.ABOVE else figure.value < row.threshold


def _by_officer(rows: Iterable[Subscription]) -> dict[str, list[Subscription]]:
    found: dict[str, list[Subscription]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.officer, row.indicator, row.region)):
        found[row.officer].append(row)
    return found


def _scope(officer: str, row: Subscription, at: datetime) -> Scope | None:
    """What the officer may count now; None where that is nothing, or no longer the division asked for."""
    try:
        actor = actors.actor_of_officer(officer_id=int(officer.partition(":")[2]), at=at)
    except actors.ActorsError:
        return None
    if not any(actor.units_of(role) for role in READERS):
        return None
    try:
        return scope_of(actor, region=row.region)
    except InsightError:
        return None


def _lines(officer: str, wanted: list[Subscription], *, day: date, at: datetime) -> dict[str, list[str]]:
    """What one officer is told of a month: as published where that is published, else as it is counted."""
    held = indicators(on=month(day).last)
    lines: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for row in wanted:
        one, scope = held.get(row.indicator), _scope(officer, row, at)
        if one is None or scope is None:
            continue
        whose = months.whose_of(scope)
        figure = months.published(day, whose=whose).get(whose, {}).get(one.id) if whose else None
        if figure is None:
            figure = figures([one], period=month(day), scope=scope)[one.id].figures.get(())
        for language in LANGUAGES:
            lines[language].append(_line(one, figure, row, language))
    return lines


def _line(one: Indicator, figure: Figure | None, row: Subscription, language: str) -> str:
    with translation.override(language):
        where = f"{names.division(row.region)} · " if row.region else ""
        return f"{where}{words.name(one)} {words.shown(one, figure)}"


def _both(lines: Mapping[str, list[str]]) -> dict[str, str]:
    return {"zh": "；".join(lines["zh-hans"]), "en": "; ".join(lines["en"])}
