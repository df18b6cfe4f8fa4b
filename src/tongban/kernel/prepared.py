"""Queries of one shape, compiled once: for the few reads that every request makes.

Building a queryset and compiling it costs the ORM five times what running the statement does. A shape that
never changes need not be compiled again::

    _BY_UNIT = Prepared(lambda unit, day: Appointment.objects.filter(unit=unit, from_date__lte=day).values_list("role"))
    rows = _BY_UNIT(unit="421202-scjg", day=today)

The ORM stays the language: columns, joins and converters are its own. What is bound is found by compiling the
shape with two sets of stand-ins and seeing which parameters differ. Nothing that was read is kept.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

from tongban.kernel.cursors import hot_cursor

Value = str | int | date
Row = TypeVar("Row")
_FIRST_DAY = date(1907, 7, 7)
_APART = 50
"""Stand-ins of one list are so many turns apart, so that no two of any name are the same."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    values: tuple[Any, ...]
    places: dict[int, tuple[str, int]]
    """Names of what is bound and the place in its list (-1: no list), by position among the values."""
    compiler: Any
    converters: dict[int, Any]
    """What the columns go through, by position."""
    made_of: Callable[[Sequence[Any]], Any]
    """From a converted row to what the queryset gives."""


class Prepared(Generic[Row]):
    """A query of one shape with named values: of rows (`values_list`) or of models, `select_related` included.

    A value may be a list, for ``name__in``: each length is a shape of its own; an empty one is refused.

    :param build: gives the queryset for its named values; what it does may depend on no value's content
    :param types: of the named values (of a list: of its items): `str`, `int`, `date` or `datetime`; all are `str`
        where nothing is said
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **types: type[Value]) -> None:
        self._build = build
        self._types: dict[str, type[Value]] = {
            name: types.get(name, str) for name in inspect.signature(build).parameters
        }
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}

    def __call__(self, **values: Value | Sequence[Value]) -> Iterator[Row]:
        """The rows for these values, as the ORM gives them.

        :raises TypeError: other names than those of the shape, or an empty list
        """
        if values.keys() != self._types.keys():
            raise TypeError(f"needs {', '.join(self._types)}")
        cursor = hot_cursor()
        shape = (cursor.db.vendor, tuple(_length(values[name]) for name in self._types))
        made = self._compiled.get(shape)
        if made is None:
            made = self._compiled[shape] = self._compile(shape[1])
        bound, kept = list(made.values), cursor.db.ops
        for place, (name, item) in made.places.items():
            given: Any = values[name]
            bound[place] = _as_kept(given if item < 0 else given[item], kept)
        cursor.execute(made.sql, bound)
        found = cursor.fetchall()
        rows = made.compiler.apply_converters(found, made.converters) if made.converters else found
        return map(made.made_of, rows)

    def first(self, **values: Value | Sequence[Value]) -> Row | None:
        """The first row, or None. The shape itself says of how many (``[:1]``)."""
        return next(self(**values), None)

    def _compile(self, lengths: tuple[int, ...]) -> _Compiled:
        if 0 in lengths:
            raise TypeError("an empty list finds nothing and has no shape")
        plain = {
            name: _stand_in(kind, turn, length)
            for turn, ((name, kind), length) in enumerate(zip(self._types.items(), lengths, strict=True))
        }
        sql, values, compiler, made_of = self._statement(plain)
        places: dict[int, tuple[str, int]] = {}
        for turn, (name, length) in enumerate(zip(self._types, lengths, strict=True), start=len(plain)):
            other = _stand_in(self._types[name], turn, length)
            other_sql, others, _compiler, _made_of = self._statement({**plain, name: other})
            found = [at for at, (one, two) in enumerate(zip(values, others, strict=True)) if one != two]
            if other_sql != sql or not found:
                raise TypeError(f"the shape of the query depends on {name}, or does not use it")
            # The items of a list are bound in their order, each as often as the list stands in the query.
            places |= {at: (name, turn % length if length > 0 else -1) for turn, at in enumerate(found)}
        columns = [column for column, _sql, _alias in compiler.select]
        return _Compiled(sql, values, places, compiler, compiler.get_converters(columns), made_of)

    def _statement(
        self, values: dict[str, Any]
    ) -> tuple[str, tuple[Any, ...], Any, Callable[[Sequence[Any]], Any]]:
        rows = self._build(**values)
        compiler = rows.query.get_compiler(connection=connection)
        sql, bound = compiler.as_sql()
        compiler.setup_query()
        return sql, tuple(bound), compiler, _maker(rows, compiler)


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What a queryset makes of a row: a model with what it selects beside it, one value, or a tuple."""
    kind = rows._iterable_class  # noqa: SLF001 - the queryset's own way of making rows
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is not ModelIterable:
        return tuple
    klass = compiler.klass_info
    start, end = klass["select_fields"][0], klass["select_fields"][-1] + 1
    model, alias = klass["model"], connection.alias
    names = [column.target.attname for column, _sql, _alias in compiler.select[start:end]]
    related = get_related_populators(klass, compiler.select, alias)  # type: ignore[call-arg]  # Django 5.2 has three

    def made(row: Sequence[Any]) -> Any:
        one = model.from_db(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, one)
        return one

    return made


def _length(value: Value | Sequence[Value]) -> int:
    return len(value) if isinstance(value, list | tuple) else -1


def _stand_in(kind: type[Value], turn: int, length: int) -> Value | list[Value]:
    """A value of a type, or a list of them, that differs from those of other turns."""
    if length >= 0:
        return [_one(kind, turn + _APART * item) for item in range(1, length + 1)]
    return _one(kind, turn)


def _one(kind: type[Value], turn: int) -> Value:
    if issubclass(kind, datetime):
        return datetime(1907, 7, 7, tzinfo=UTC) + timedelta(days=turn)
    if issubclass(kind, date):
        return _FIRST_DAY + timedelta(days=turn)
    return 1_907_000_000 + turn if issubclass(kind, int) else f"stand-in {turn}"


def _as_kept(value: Value, ops: BaseDatabaseOperations) -> Any:
    """A value as the database driver takes it."""
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return ops.adapt_datefield_value(value)
    return value
