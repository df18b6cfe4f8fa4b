"""Telling: one message for everything there is to say, at most so often, and nothing twice.

What was told is written in the transaction that sends the message: a job that is killed between two parties has told the
first, and repeated tells the second only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongban.desks.policies.contracts import MeasureInfo
from tongban.desks.policies.matching.contracts import News
from tongban.desks.policies.matching.models import Told, Wishes
from tongban.desks.policies.matching.standing import both
from tongban.desks.policies.matching.telling.candidates import Today
from tongban.desks.policies.matching.telling.rules import (
    Offer,
    codes_of,
    fresh,
    last_day,
    may_tell,
    pack_codes,
    unpack_codes,
)
from tongban.kernel import api as kernel
from tongban.registers.messages import api as messages
from tongban.web.formats import MONTHS, english

BATCH = 50
"""Parties told in one transaction."""
Pair = tuple[str, str]
Taken = Callable[[Collection[Pair], datetime], Collection[Pair]]
_TAKEN: dict[str, Taken] = {}


def register_taken(name: str, check: Taken) -> None:
    """Let whoever pays or takes claims say which pairs (party, measure) need no telling: enjoyed or claimed already.

    :param check: is given pairs and the instant, gives those among them that are taken
    """
    _TAKEN[name] = check


def tell(offers: Iterable[tuple[str, Offer]], *, today: Today, at: datetime) -> int:
    """Send what is news to each party; gives how many messages."""
    sent = 0
    batch: list[tuple[str, Offer]] = []
    for one in offers:
        batch.append(one)
        if len(batch) == BATCH:
            sent += _tell(batch, today, at)
            batch = []
    return sent + (_tell(batch, today, at) if batch else 0)


@kernel.writing()
def _tell(batch: list[tuple[str, Offer]], today: Today, at: datetime) -> int:
    parties = [party for party, _offer in batch]
    told = {
        one.party: one for one in Told.objects.select_for_update().filter(party__in=parties).order_by("party")
    }
    wishes = {one.party: one for one in Wishes.objects.filter(party__in=parties)}
    taken = _taken(batch, at)
    sent = 0
    for party, offer in batch:
        before, wish = told.get(party), wishes.get(party)
        if before is not None and not may_tell(before.last_at, at=at, limits=today.limits):
            continue
        codes = unpack_codes(bytes(before.packed)) if before else set()
        news = fresh(
            _without(offer, {key for other, key in taken if other == party}), told=codes, topics=today.topics,
            declined=wish.declined if wish else (), muted=wish.muted if wish else (),
        )  # fmt: skip
        if news:
            new = codes_of(news, today.topics, closing=today.soon) - codes
            _send(party, news, new, today, at)
            Told.objects.update_or_create(
                party=party, defaults={"last_at": at, "packed": pack_codes(codes | new)}
            )
            sent += 1
    return sent


def _taken(batch: Iterable[tuple[str, Offer]], at: datetime) -> set[Pair]:
    pairs = {(party, key) for party, offer in batch for key in (*offer.entitled, *offer.closing)}
    return {pair for check in _TAKEN.values() for pair in check(pairs, at)} if pairs else set()


def _without(offer: Offer, taken: Collection[str]) -> Offer:
    return (
        Offer(*(tuple(key for key in offer.of(kind) if key not in taken) for kind in News))
        if taken
        else offer
    )


def _send(party: str, news: Offer, codes: Collection[int], today: Today, at: datetime) -> None:
    count = sum(len(news.of(kind)) for kind in News)
    said = both(lambda: words(news, today.measures, listed=today.limits.listed))
    # Who was told the same pieces gets the same message: the key is made of them.
    key = hashlib.sha256(",".join(map(str, sorted(codes))).encode()).hexdigest()[:40]
    messages.send(
        to=party, template="benefit.news", context={"n": count, "told": said.both}, at=at, key=f"benefits:{key}",
        channels=today.limits.channels,
    )  # fmt: skip


def words(news: Offer, measures: Mapping[str, MeasureInfo], *, listed: int) -> str:
    """Everything there is to say, in the language that is active."""
    sentences = {
        News.ENTITLED: _("您现在可以享受：%(list)s。"),
        News.CLOSING: _("快要截止，还没有申领的：%(list)s。"),
        News.NEAR: _("只差一点就符合的：%(list)s。"),
    }
    told = [
        sentences[kind] % {"list": _listed([measures[key] for key in news.of(kind)], listed)}
        for kind in News
        if news.of(kind)
    ]
    return (" " if english() else "").join(told)


def _listed(measures: list[MeasureInfo], most: int) -> str:
    # What closes first stands first.
    ordered = sorted(measures, key=lambda one: (last_day(one) is None, last_day(one), one.key))
    named = (", " if english() else "、").join(map(_named, ordered[:most]))
    more = len(ordered) - most
    if more <= 0:
        return named
    return ngettext("%(named)s，还有%(n)d项", "%(named)s，还有%(n)d项", more) % {"named": named, "n": more}


def _named(measure: MeasureInfo) -> str:
    title, last = (measure.title_en or measure.title) if english() else measure.title, last_day(measure)
    if last is None:
        return _("“%(title)s”") % {"title": title}
    day = (
        f"{last.day} {MONTHS[last.month - 1]} {last.year}"
        if english()
        else f"{last.year}年{last.month}月{last.day}日"
    )
    return _("“%(title)s”（%(day)s截止）") % {"title": title, "day": day}
