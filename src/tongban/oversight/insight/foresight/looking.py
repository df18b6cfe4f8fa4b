"""From the tables of months to anomalies with their contributors, and to what is expected next month. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from tongban.oversight.insight.foresight import bands
from tongban.oversight.insight.foresight.contracts import Anomaly, By, Contributor, Expected, Outlook
from tongban.oversight.insight.foresight.cube import Cube
from tongban.oversight.insight.foresight.expecting import RECENT, YEAR, Ahead, ahead
from tongban.oversight.insight.foresight.testing import back_test, eligible

PAST = 12
NAMED = 3
SHOWN = 10
REQUESTS = "tickets"
Row = Mapping[str, Any]


def months_before(month: date, count: int) -> list[str]:
    """Keys of the months before one, oldest first."""
    place = month.year * 12 + month.month - 1
    return [f"{(place - back) // 12:04}-{(place - back) % 12 + 1:02}" for back in range(count, 0, -1)]


def anomalies(cube: Cube, *, month: date) -> list[Anomaly]:
    """What is out of its band in a month, the farthest out first."""
    now = f"{month:%Y-%m}"
    found = [*_requests(cube.requests, month, now)]
    for what in sorted({row["what"] for row in cube.watched}):
        found += _indicator([row for row in cube.watched if row["what"] == what], what, month, now)
    return sorted(found, key=lambda one: (-abs(one.distance), one.what, one.key))


def _past(rows: Iterable[Row], month: date) -> list[str]:
    """The months before that have anything at all, from the first one on, at most a year."""
    known = sorted({row["month"] for row in rows if row["month"] < f"{month:%Y-%m}"})
    return [one for one in months_before(month, PAST) if known and one >= known[0]]


def _requests(rows: tuple[dict[str, Any], ...], month: date, now: str) -> Iterable[Anomaly]:
    past = _past(rows, month)
    for by in By:
        for key, own in _split(rows, by).items():
            if by is not By.CITY and not key:
                continue
            counts = _by_month(own)
            band = bands.of_counts([counts.get(one, 0) for one in past], counts.get(now, 0))
            if band is None or not band.out:
                continue
            others = [one for one in (By.TOPIC, By.PLACE, By.UNIT) if one is not by]
            parts = [part for other in others for part in _parts(own, other, past, now)]
            yield _anomaly(
                REQUESTS, by, key, month, value=counts.get(now, 0), band=band, months=len(past), parts=parts
            )


def _anomaly(
    what: str, by: By, key: str, month: date, *, value: float, band: bands.Band, months: int, parts: list[Contributor],
    most: float = float("inf"),
) -> Anomaly:  # fmt: skip
    return Anomaly(
        month,
        what,
        by,
        key,
        value,
        band.usual,
        max(band.low, 0.0),
        min(band.high, most),
        band.distance,
        months,
        tuple(parts),
    )


def _split(rows: Iterable[Row], by: By) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found["" if by is By.CITY else row[by.value]].append(row)
    return found


def _by_month(rows: Iterable[Row], column: str = "n") -> dict[str, float]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row["month"]] += row[column]
    return {key: float(n) for key, n in found.items()}


def _parts(rows: Iterable[Row], by: By, past: list[str], now: str) -> list[Contributor]:
    own = {key: _by_month(part) for key, part in _split(rows, by).items()}
    before = {key: [counts.get(one, 0.0) for one in past] for key, counts in own.items()}
    return _largest(
        bands.parts_of_count(before, {key: counts.get(now, 0.0) for key, counts in own.items()}), by
    )


def _largest(parts: list[tuple[str, float, float, float]], by: By) -> list[Contributor]:
    """The three that did most in the direction of the whole; those that went the other way explain nothing."""
    whole = sum(part[3] for part in parts)
    if not whole:
        return []
    found = [(*part, part[3] / whole) for part in parts if part[3] / whole > 0 and part[0]]
    return [Contributor(by, *part) for part in found[:NAMED]]


def _indicator(rows: list[Row], what: str, month: date, now: str) -> Iterable[Anomaly]:
    past, shares = _past(rows, month), any(row["whole"] for row in rows)
    for by in (By.CITY, By.UNIT):
        for key, own in _split(rows, by).items():
            if by is By.UNIT and not key:
                continue
            part, whole = _by_month(own, "part"), _by_month(own, "whole")
            value = part.get(now, 0.0)
            if shares:
                pairs = [(part.get(one, 0.0), whole.get(one, 0.0)) for one in past]
                band = bands.of_shares(pairs, value, whole.get(now, 0.0))
            else:
                band = bands.of_counts([part.get(one, 0.0) for one in past], value)
            if band is None or not band.out:
                continue
            if shares:
                value = 100 * value / whole[now]
            parts = _doing(own, past, now, shares=shares) if by is By.CITY else []
            most = 100.0 if shares else float("inf")
            yield _anomaly(
                what, by, key, month, value=value, band=band, months=len(past), parts=parts, most=most
            )


def _doing(rows: list[Row], past: list[str], now: str, *, shares: bool) -> list[Contributor]:
    if not shares:
        return _parts([{**row, "n": row["part"]} for row in rows], By.UNIT, past, now)
    split = _split(rows, By.UNIT)
    both = {key: (_by_month(own, "part"), _by_month(own, "whole")) for key, own in split.items()}
    before = {
        key: (sum(p.get(m, 0) for m in past), sum(w.get(m, 0) for m in past)) for key, (p, w) in both.items()
    }
    return _largest(
        bands.parts_of_share(
            before, {key: (p.get(now, 0.0), w.get(now, 0.0)) for key, (p, w) in both.items()}
        ),
        By.UNIT,
    )


def outlook(cube: Cube) -> Outlook:
    """What is expected of the month after the cube's last one, with the back-test of saying so."""
    rows = [row for row in cube.requests if row["topic"]]
    first = min((row["month"] for row in rows), default="")
    following = _following(cube.month)
    months = [one for one in months_before(following, 36) if first and one >= first]
    topics = sorted({(row["topic"], row["place"]) for row in rows})
    names = sorted({topic for topic, _place in topics})
    categories = np.array([names.index(topic) for topic, _place in topics], dtype=np.int64)
    counts = _matrix(rows, months, topics)
    start = int(months[0][5:]) - 1 if months else 0
    test = back_test(counts, categories, start)
    if len(months) < RECENT * 2 or not topics:
        return Outlook(following, len(months), (), test, "none")
    known = eligible(counts)
    used = _stronger(test.naive.hits, test.steady.hits) if test.verdict == "worse" else "model"
    found = ahead(
        counts[:, known], np.unique(categories[known], return_inverse=True)[1].astype(np.int64), start
    )
    chosen = [topic for topic, one in zip(topics, known, strict=True) if one]
    expected = _expected(counts[:, known], chosen, found, _charged(rows, months[-YEAR:]), used)
    return Outlook(following, len(months), tuple(expected), test, used)


def _stronger(naive: float, steady: float) -> str:
    return "naive" if naive >= steady else "steady"


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _matrix(rows: Sequence[Row], months: list[str], topics: list[tuple[str, str]]) -> Any:
    counts = np.zeros((len(months), len(topics)))
    line, column = ({key: n for n, key in enumerate(keys)} for keys in (months, topics))
    for row in rows:
        if row["month"] in line:
            counts[line[row["month"]], column[row["topic"], row["place"]]] += row["n"]
    return counts


def _charged(rows: Sequence[Row], months: list[str]) -> Callable[[str, str], tuple[str, str]]:
    """Who had most of a topic at a place in the last year, and under which matter."""
    units: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    matters: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["month"] in months:
            key = (row["topic"], row["place"])
            if row["unit"]:
                units[key][row["unit"]] += row["n"]
            if row["matter"]:
                matters[key][row["matter"]] += row["n"]

    def of(topic: str, place: str) -> tuple[str, str]:
        return _most(units[topic, place]), _most(matters[topic, place])

    return of


def _most(found: Counter[str]) -> str:
    return max(sorted(found), key=lambda one: found[one], default="")


def _expected(
    counts: Any, topics: list[tuple[str, str]], found: Ahead, charged: Callable[[str, str], tuple[str, str]], used: str
) -> Iterable[Expected]:  # fmt: skip
    score = {"model": found.likely, "naive": found.naive, "steady": found.steady}[used]
    order = sorted(range(len(topics)), key=lambda one: (-float(score[one]), topics[one]))
    for one in order[:SHOWN]:
        topic, place = topics[one]
        low, high = found.span(one)
        unit, matter = charged(topic, place)
        yield Expected(
            topic, place, float(found.likely[one]), float(found.rates[one]), low, high, float(counts[-RECENT:, one].mean()),
            int(counts[-YEAR, one]) if len(counts) >= YEAR else None, unit, matter,
        )  # fmt: skip
