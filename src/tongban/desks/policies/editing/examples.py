"""Worked examples as they are typed: every value as text, until they are saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from tongban.desks.policies.editing.comparisons import NoValueError, literal, shown
from tongban.desks.policies.format import Example
from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.operators import yuan

MOST = 30
EMPTY = "无"
_BREAK = re.compile(r"[、，\n]")


@dataclass(frozen=True, slots=True)
class Draft:
    """One example in the form. `known` are the days of values that are not of the example's day."""

    place: int
    name: str = ""
    name_en: str = ""
    on: str = ""
    expect: str = "entitled"
    amount: str = ""
    missing: tuple[str, ...] = ()
    record: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"e.{self.place}"

    @property
    def ident(self) -> str:
        return f"e-{self.place}"


class ExampleError(ValueError):
    """A field of an example that cannot be read: its place, its field (or element) and what is wanted."""

    def __init__(self, place: int, where: str, wanted: str) -> None:
        super().__init__(f"{place} {where}")
        self.place, self.where, self.wanted = place, where, wanted


def posted(data: QueryDict) -> list[Draft]:
    """The examples of the form, in order."""
    places = sorted({int(name.split(".")[1]) for name in data if re.fullmatch(r"e\.\d{1,3}\.name", name)})[
        :MOST
    ]
    return [_posted(data, f"e.{place}", number) for number, place in enumerate(places)]


def _posted(data: QueryDict, path: str, place: int) -> Draft:
    has, since = f"{path}.has.", f"{path}.since."
    record = {
        name[len(has) :]: tuple(_parts(data.getlist(name)))
        for name in data
        if name.startswith(has) and any(one.strip() for one in data.getlist(name))
    }
    known = {
        name[len(since) :]: data.get(name, "") for name in data if name.startswith(since) and data.get(name)
    }
    return Draft(
        place, data.get(f"{path}.name", ""), data.get(f"{path}.name_en", ""), data.get(f"{path}.on", ""),
        data.get(f"{path}.expect", "entitled"), data.get(f"{path}.amount", ""),
        tuple(data.getlist(f"{path}.missing")), record, known,
    )  # fmt: skip


def _parts(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def of_terms(examples: tuple[Example, ...], *, elements: Mapping[str, Element]) -> list[Draft]:
    """Saved examples as the form shows them."""
    return [_shown(example, place, elements) for place, example in enumerate(examples)]


def _shown(example: Example, place: int, elements: Mapping[str, Element]) -> Draft:
    record: dict[str, tuple[str, ...]] = {}
    known: dict[str, str] = {}
    for key, given in example.record.items():
        value = given
        if isinstance(given, Mapping) and "value" in given:
            value, known[key] = given["value"], str(given.get("as_of", ""))
        if value is not None:
            record[key] = _texts(value, elements[key].type if key in elements else Type.TEXT)
    amount = "" if example.amount_fen is None else shown(example.amount_fen, Type.MONEY) or ""
    return Draft(
        place,
        example.name,
        example.name_en,
        example.on.isoformat(),
        example.expect,
        amount,
        example.missing,
        record,
        known,
    )


def _texts(value: Any, kind: Type) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if kind is Type.TEXTS:
        return tuple(map(str, value)) or (EMPTY,)
    if kind is Type.DATE:
        return (str(value),)
    return (shown(value, kind) or str(value),)


def written(
    drafts: list[Draft], *, elements: Mapping[str, Element]
) -> tuple[list[dict[str, Any]], list[ExampleError]]:
    """Examples as terms keep them, and what cannot be read."""
    found: list[dict[str, Any]] = []
    faults: list[ExampleError] = []
    for draft in drafts:
        try:
            found.append(_written(draft, elements))
        except ExampleError as fault:
            faults.append(fault)
    return found, faults


def _written(draft: Draft, elements: Mapping[str, Element]) -> dict[str, Any]:
    if not draft.name.strip():
        raise ExampleError(draft.place, "name", "text")
    try:
        date.fromisoformat(draft.on)
    except ValueError:
        raise ExampleError(draft.place, "on", "date") from None
    amount = None
    if draft.expect == "entitled" and draft.amount.strip():
        try:
            amount = yuan(literal(draft.amount, Type.MONEY)["yuan"])
        except NoValueError:
            raise ExampleError(draft.place, "amount", "money") from None
    record: dict[str, Any] = {}
    for key, values in draft.record.items():
        if key not in elements:
            continue
        value = _value(draft, key, values, elements[key].type)
        since = draft.known.get(key, "")
        record[key] = {"value": value, "as_of": since} if since else value
    missing = [key for key in draft.missing if key in elements] if draft.expect == "unknown" else []
    return {
        "name": draft.name, "name_en": draft.name_en, "on": draft.on, "record": record, "expect": draft.expect,
        "missing": missing, "amount_fen": amount,
    }  # fmt: skip


def _value(draft: Draft, key: str, values: tuple[str, ...], kind: Type) -> Any:
    if kind is Type.BOOLEAN:
        return values[0] == "true"
    if kind is Type.TEXTS:
        parts = [part.strip() for value in values for part in _BREAK.split(value) if part.strip()]
        return [] if parts == [EMPTY] else parts
    try:
        found = literal(values[0], kind)
    except NoValueError:
        raise ExampleError(draft.place, key, kind.value) from None
    match found:
        case {"yuan": text}:
            return yuan(text)
        case {"date": text}:
            return text
        case {"decimal": text}:
            return float(text)
        case _:
            return found
