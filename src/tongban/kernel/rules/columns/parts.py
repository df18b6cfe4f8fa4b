"""The same matching in parts of rows, on whatever engine maps a function over parts.

Every row is decided by itself, so a population may be cut anywhere: the sets and amounts of the parts, laid end to
end, are those of the whole. Parts are cut at whole words of 64 rows. ``here`` goes through the parts in this process;
``spark`` sends them, with the measures, to the workers of Apache Spark, which run this very code on them (they need
this package installed). Which of the two is configuration (TONGBAN_COLUMNS, TONGBAN_SPARK) and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np

from tongban.kernel.rules.columns.bits import Rows
from tongban.kernel.rules.columns.column import Column
from tongban.kernel.rules.columns.matching import Match, Measure, Plan, Sums
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Element

_WORD = 64
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with a part: every measure matched with it. Can be sent to another machine."""

    measures: tuple[Measure, ...]
    elements: Mapping[str, Element]
    as_of: date | datetime

    def __call__(self, part: Population) -> list[Match]:
        return list(Plan(self.measures, elements=self.elements).matches(part, as_of=self.as_of))


def matches(
    measures: Iterable[Measure],
    population: Population,
    *,
    elements: Mapping[str, Element],
    as_of: date | datetime,
    engine: str,
    parts: int = 4,
    address: str = "",
) -> list[Match]:
    """Every measure over the population, as :meth:`tongban.kernel.rules.columns.matching.Plan.matches`.

    :param engine: ``here`` or ``spark``
    :param parts: how many parts of rows
    :param address: of Spark's master; ``local[2]`` runs two workers on this machine
    :raises ValueError: no such engine, or Spark is not installed
    """
    job = Job(tuple(measures), elements, as_of)
    done = _mapper(engine, address)(job, cut(population, parts))
    return [joined(one) for one in zip(*done, strict=True)]


def cut(population: Population, parts: int) -> list[Population]:
    """At most `parts` parts, one after the other, each but the last of whole words."""
    each = max(-(-population.size // (parts * _WORD)), 1) * _WORD
    starts = range(0, max(population.size, 1), each)
    return [_between(population, start, min(start + each, population.size)) for start in starts]


def joined(found: Sequence[Match]) -> Match:
    """The results of one measure for the parts, in order, as one."""
    sums = [one.sums for one in found if one.sums is not None]
    return Match(
        found[0].key,
        _end_to_end([one.entitled for one in found]),
        _end_to_end([one.unknown for one in found]),
        _end_to_end([one.nearest for one in found]),
        _summed(sums) if sums else None,
    )


def _summed(sums: Sequence[Sums]) -> Sums:
    fixed = {int(one.fen) for one in sums if one.fen.ndim == 0}
    if len(fixed) == 1 and all(one.fen.ndim == 0 for one in sums):
        fen = sums[0].fen
    else:
        fen = np.concatenate([np.broadcast_to(one.fen, (len(one.rows),)) for one in sums])
    return Sums(_end_to_end([one.rows for one in sums]), fen, _end_to_end([one.unknown for one in sums]))


def _end_to_end(sets: Sequence[Rows]) -> Rows:
    return Rows(np.concatenate([one.words for one in sets]), sum(one.size for one in sets))


def _between(population: Population, start: int, end: int) -> Population:
    columns = {key: _rows(column, start, end) for key, column in population.columns.items()}
    return Population(end - start, columns)


def _rows(column: Column, start: int, end: int) -> Column:
    data, starts = column.data[start:end], column.starts
    if starts is not None:
        data = column.data[starts[start] : starts[end]]
        starts = starts[start : end + 1] - starts[start]
    return replace(
        column,
        data=data,
        state=column.state[start:end],
        starts=starts,
        known_day=None if column.known_day is None else column.known_day[start:end],
        known_at=None if column.known_at is None else column.known_at[start:end],
    )


Mapper = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]


def _mapper(engine: str, address: str) -> Mapper:
    if engine == "here":
        return lambda function, parts: [function(part) for part in parts]
    if engine == "spark":
        return lambda function, parts: _on_spark(function, parts, address)
    raise ValueError(f"没有“{engine}”这种计算引擎，可用：here、spark (no engine {engine!r}; here or spark)")


def _on_spark(function: Callable[[A], B], parts: Sequence[A], address: str) -> list[B]:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ValueError("没有安装 Spark：pip install 'tongban[spark]' (Spark is not installed)") from error
    session = SparkSession.builder.master(address or "local[*]").appName("tongban columns").getOrCreate()
    try:
        found: list[B] = session.sparkContext.parallelize(parts, len(parts)).map(function).collect()
    finally:
        session.stop()
    return found
