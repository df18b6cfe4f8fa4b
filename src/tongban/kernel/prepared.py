"""Queries of one shape, compiled once: for the few reads that every request makes.

Building a queryset and compiling it costs the ORM five times what running the statement does. A shape that
never changes need not be compiled again::

    _BY_UNIT = Prepared(lambda unit, day: Appointment.objects.filter(unit=unit, from_date__lte=day).values_list("role"))
    rows = _BY_UNIT(unit="421202-scjg", day=today)

The ORM stays the language: columns, joins and converters are its own. What is bound is found by compiling the
shape with two sets of stand-ins and seeing which parameters differ.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Value = str | int | date
_FIRST_DAY = date(1907, 7, 7)


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    values: tuple[Any, ...]
    places: dict[int, str]
    """Names of what is bound, by position among the values."""
    compiler: Any
    converters: dict[int, Any]
    """What the columns go through, by position."""


class Prepared:
    """A `values_list` query of one shape with named values.

    :param build: gives the queryset for its named values; what it does may depend on no value's content
    :param types: of the named values: `str`, `int`, `date` or `datetime`; all are `str` where nothing is said
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **types: type[Value]) -> None:
        self._build = build
        self._types: dict[str, type[Value]] = {
            name: types.get(name, str) for name in inspect.signature(build).parameters
        }
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **values: Value) -> Iterator[tuple[Any, ...]]:
        """The rows for these values, converted as the ORM converts them.

        :raises TypeError: other names than those of the shape
        """
        if values.keys() != self._types.keys():
            raise TypeError(f"needs {', '.join(self._types)}")
        made = self._compiled.get(connection.vendor)
        if made is None:
            made = self._compiled[connection.vendor] = self._compile()
        bound = list(made.values)
        for place, name in made.places.items():
            bound[place] = _as_kept(values[name])
        with connection.cursor() as cursor:
            cursor.execute(made.sql, bound)
            found = cursor.fetchall()
        return (
            map(tuple, made.compiler.apply_converters(found, made.converters))
            if made.converters
            else iter(found)
        )

    def _compile(self) -> _Compiled:
        plain = {name: _stand_in(kind, turn) for turn, (name, kind) in enumerate(self._types.items())}
        sql, values, compiler = self._statement(plain)
        places: dict[int, str] = {}
        for turn, (name, kind) in enumerate(self._types.items(), start=len(plain)):
            other_sql, others, _compiler = self._statement({**plain, name: _stand_in(kind, turn)})
            found = [at for at, (one, other) in enumerate(zip(values, others, strict=True)) if one != other]
            if other_sql != sql or not found:
                raise TypeError(f"the shape of the query depends on {name}, or does not use it")
            places |= dict.fromkeys(found, name)
        columns = [column for column, _sql, _alias in compiler.select]
        return _Compiled(sql, values, places, compiler, compiler.get_converters(columns))

    def _statement(self, values: dict[str, Any]) -> tuple[str, tuple[Any, ...], Any]:
        compiler = self._build(**values).query.get_compiler(connection=connection)
        sql, bound = compiler.as_sql()
        compiler.setup_query()
        return sql, tuple(bound), compiler


def _stand_in(kind: type[Value], turn: int) -> Value:
    """A value of a type that differs from those of other turns."""
    if issubclass(kind, datetime):
        return datetime(1907, 7, 7, tzinfo=UTC) + timedelta(days=turn)
    if issubclass(kind, date):
        return _FIRST_DAY + timedelta(days=turn)
    return 1_907_000_000 + turn if issubclass(kind, int) else f"stand-in {turn}"


def _as_kept(value: Value) -> Any:
    """A value as the database driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
