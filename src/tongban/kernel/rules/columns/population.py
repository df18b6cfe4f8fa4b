"""A population in columns, as it is seen at one moment: which values are known and fresh then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from tongban.kernel.rules.columns.bits import Flags, Indices
from tongban.kernel.rules.columns.column import ABSENT, Column, column_of, missing
from tongban.kernel.rules.columns.vectors import Vector
from tongban.kernel.rules.elements import Element, Type


@dataclass(frozen=True, eq=False)
class Population:
    """Rows 0 … size-1, of each of which the columns know something. An element without a column is missing of all."""

    size: int
    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        for key, column in self.columns.items():
            if len(column) != self.size:
                raise ValueError(f"column {key!r} has {len(column)} rows, the population {self.size}")

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]], *, elements: Iterable[Element]) -> Population:
        """Columns of records (as the row evaluator takes them; keys with dots written flat)."""
        rows = list(records)
        return cls(
            len(rows),
            {one.key: column_of(one.type, [row.get(one.key, ABSENT) for row in rows]) for one in elements},
        )

    def record(self, row: int, *, keys: Iterable[str]) -> dict[str, Any]:
        """What is known of one row, as the row evaluator takes it; every reason for an unknown is the same there."""
        columns = ((key, self.columns[key]) for key in keys if key in self.columns)
        found = ((key, column.dated(row)) for key, column in columns)
        return {key: value for key, value in found if value is not ABSENT}


class View:
    """The rows of a population, or some of them, as known at one moment.

    :param elements: what rules may read, by key
    :param as_of: the day or instant that staleness is measured from and that "today" means
    :param rows: numbers of the rows wanted, ascending; all if None
    :raises ValueError: a column holds another type than its element (when it is read)
    """

    def __init__(
        self,
        population: Population,
        *,
        elements: Mapping[str, Element],
        as_of: date | datetime,
        rows: Indices | None = None,
    ) -> None:
        self.population = population
        self.elements = elements
        self.as_of = as_of
        self.rows = rows
        self.size = population.size if rows is None else rows.size
        self._whole: View | None = None
        self._fresh: dict[str, Flags | None] = {}
        self._vectors: dict[str, Vector] = {}

    @property
    def today(self) -> date:
        return self.as_of.date() if isinstance(self.as_of, datetime) else self.as_of

    def only(self, rows: Indices) -> View:
        """Some rows of this view of all rows."""
        assert self.rows is None
        part = View(self.population, elements=self.elements, as_of=self.as_of, rows=rows)
        part._whole = self  # freshness is asked once for all rows
        return part

    def column(self, key: str) -> Column:
        kind = self.elements[key].type
        column = self.population.columns.get(key)
        if column is None:
            return missing(kind, self.population.size)
        if column.kind is not kind:
            raise ValueError(f"column {key!r} holds {column.kind.en}, its element is {kind.en}")
        return column

    def fresh(self, key: str) -> Flags | None:
        """Rows of the view in which the element is known and not stale; None if in all."""
        if key not in self._fresh:
            if self._whole is not None:
                flags = self._whole.fresh(key)
            else:
                flags = self.column(key).fresh(max_age=self.elements[key].max_age, as_of=self.as_of)
            self._fresh[key] = flags if flags is None or self.rows is None else flags[self.rows]
        return self._fresh[key]

    def vector(self, key: str) -> Vector:
        """The values of an element that is not a list of texts."""
        if key not in self._vectors:
            column = self.column(key)
            data = column.data if self.rows is None else column.data[self.rows]
            self._vectors[key] = Vector(
                column.kind, data, self.fresh(key), column.scale, column.words, column.numbers
            )
        return self._vectors[key]

    def having(self, key: str, word: str) -> Flags:
        """Rows of the view whose list of texts `key` has `word`; where it is not fresh the flag means nothing."""
        flags = self.column(key).having(word)
        return flags if self.rows is None else flags[self.rows]

    def lists(self, key: str) -> Vector:
        """The lists of texts of an element, each as a tuple."""
        column, fresh = self.column(key), self.fresh(key)
        boxes = np.empty(self.size, dtype=object)
        boxes.fill(())
        rows = range(self.population.size) if self.rows is None else self.rows
        for place, row in enumerate(rows):
            if fresh is None or fresh[place]:
                boxes[place] = column.value(int(row))
        return Vector(Type.TEXTS, boxes, fresh)
