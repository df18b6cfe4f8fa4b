"""Pure decisions: periods, the published order, quota and budget, what a due may become. No Django, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

MOST_LISTED = 10_000
"""Dues of one run; who is left over is listed by the next."""


def period_of(period: str, day: date) -> str:
    """The span within which a measure is enjoyed once: ``2026``, ``2026Q4``, ``2026-11``, or ``once``.

    :raises ValueError: no such period
    """
    if period == "year":
        return str(day.year)
    if period == "quarter":
        return f"{day.year}Q{(day.month + 2) // 3}"
    if period == "month":
        return f"{day.year}-{day.month:02}"
    if period == "once":
        return "once"
    raise ValueError(f"no period: {period!r}")


def key_of(measure: str, period: str, party: str) -> str:
    """The name of one entitlement in the whole city: by whichever way, it is enjoyed once."""
    return f"{measure}:{period}:{party}"


def lot(measure: str, period: str, party: str) -> str:
    """What decides between equals: a digest that everybody can reckon anew and nobody can choose."""
    return hashlib.sha256(key_of(measure, period, party).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is entitled. `weight` is what the published order goes by; None comes last."""

    party: str
    amount_fen: int
    weight: Any = None


def in_order(
    candidates: Iterable[Candidate], *, by: str, descending: bool, measure: str, period: str
) -> list[Candidate]:
    """The published order: by amount (largest first), by an element's value (`weight`), and among equals by lot.

    :param by: ``amount``, ``element``, or ``first``: who is entitled without applying came at the same time, so by lot
    """
    found = sorted(candidates, key=lambda one: lot(measure, period, one.party))
    if by == "amount":
        return sorted(found, key=lambda one: -one.amount_fen)
    if by == "element":
        known = [one for one in found if one.weight is not None]
        known.sort(
            key=lambda one: one.weight, reverse=descending
        )  # stable: equals stay in the order of the lot
        return [*known, *(one for one in found if one.weight is None)]
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that waits for a place. `weight` is what was known of the order's element when it was claimed, as text."""

    docket: int
    party: str
    amount_fen: int
    weight: str
    at: datetime


def queue_order(
    waiting: Iterable[Waiting], *, by: str, descending: bool, measure: str, period: str
) -> list[Waiting]:
    """Claims in the published order: by amount or by an element, among equals by lot; or in the order of claiming."""
    if by == "first":
        return sorted(waiting, key=lambda one: (one.at, one.docket))
    found = sorted(waiting, key=lambda one: lot(measure, period, one.party))
    if by == "amount":
        return sorted(found, key=lambda one: -one.amount_fen)
    known = [one for one in found if one.weight]
    known.sort(key=lambda one: _weighed(one.weight), reverse=descending)
    return [*known, *(one for one in found if not one.weight)]


def _weighed(text: str) -> tuple[Decimal, str]:
    """A number by its size, a day or a word as it is written."""
    try:
        return Decimal(text), ""
    except InvalidOperation:
        return Decimal(0), text


def gathered(*, by: str, limited: bool, closes_on: date | None, day: date) -> bool:
    """Whether claims are collected first and put in order together: there is not enough for everybody by a published
    order other than that of claiming, and a day until which one may claim.
    """
    return by != "first" and limited and closes_on is not None and day <= closes_on


def within(candidates: Sequence[Candidate], *, places: int | None, budget_fen: int | None) -> list[Candidate]:
    """The first of an order for whom there is a place and money; nobody overtakes who does not fit any more."""
    chosen: list[Candidate] = []
    left = budget_fen
    for one in candidates:
        if (places is not None and len(chosen) >= places) or (left is not None and one.amount_fen > left):
            break
        chosen.append(one)
        left = None if left is None else left - one.amount_fen
    return chosen


def list_digest(lines: Iterable[tuple[int, str, int]]) -> str:
    """Proof of a list (place, key, fen): the ledger keeps it, so that no line can be changed unseen."""
    said = hashlib.sha256()
    for place, key, fen in lines:
        said.update(f"{place}|{key}|{fen}\n".encode())
    return said.hexdigest()


NEXT: Mapping[str, frozenset[str]] = {
    "listed": frozenset({"waiting", "held", "left"}),
    "held": frozenset({"listed", "waiting", "confirmed", "left"}),
    "waiting": frozenset({"confirmed", "aside", "held", "left"}),
    "aside": frozenset({"confirmed", "held", "left"}),
    "queued": frozenset({"claimed", "left"}),
    "claimed": frozenset({"confirmed", "left"}),
    "confirmed": frozenset({"paying", "held", "left"}),
    "paying": frozenset({"paid", "returned", "held"}),
    "returned": frozenset({"paying", "paid", "held"}),
    "paid": frozenset({"returned", "held", "recovered"}),
    "left": frozenset(),
    "recovered": frozenset(),
}
"""What a due may become. What was sent to the bank never goes back to be sent but through an officer (held)."""


def after_bank(state: str) -> str:
    """What a due is by the state of its payment in the books of payments; empty: in no batch any more."""
    return {
        "waiting": "paying", "sending": "paying", "corrected": "paying", "paid": "paid", "returned": "returned",
        "": "held",
    }[state]  # fmt: skip


def account_fault(holder: str, account: str, bank: str) -> dict[str, str]:
    """Which fields of an account cannot be: ``holder``, ``account`` or ``bank``, by the kind of fault."""
    found: dict[str, str] = {}
    if not 2 <= len(holder.strip()) <= 100:
        found["holder"] = "length"
    if not (account.isascii() and account.isdigit() and 6 <= len(account) <= 32):
        found["account"] = "digits"
    if not 2 <= len(bank.strip()) <= 60:
        found["bank"] = "length"
    return found
