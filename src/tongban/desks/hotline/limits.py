"""The hotline's limits, read from packs/hotline/limits.yaml: what differs by city is data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from tongban.kernel.flow.declaration import Span

if TYPE_CHECKING:
    from tongban.kernel.flow.step import Step

FILE: Final = Path(__file__).parents[2] / "packs" / "hotline" / "limits.yaml"
HANDLE: Final = "handle"
CLOCKS: Final = (
    "dispatch", "sign", "return_within", "judge", "approve_delay", "redo", "review", "call_back", "decide", "supervise", "assist",
)  # fmt: skip
UNITS: Final = {"minutes", "working_hours", "working_days", "natural_days"}
MINUTES_OF_DAY: Final = 1440


class LimitsError(ValueError):
    """The file of limits contradicts itself; the message names the place."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: for which kinds and urgencies, and how long."""

    span: Span
    kinds: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()

    def fits(self, kind: str, urgency: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.urgencies or urgency in self.urgencies)


@dataclass(frozen=True, slots=True)
class Limits:
    """The whole file. `use` says which scheme holds in which division, by the beginning of its code."""

    use: dict[str, str]
    schemes: dict[str, tuple[Rule, ...]]
    clocks: dict[str, tuple[Rule, ...]]
    most_delays: int
    delay_days: int
    attempts: int
    flood_tickets: int
    flood_minutes: int
    same_days: int

    def span(self, name: str, *, kind: str, urgency: str, region: str) -> Span:
        """How long a step may take for such a ticket; the first rule that fits."""
        rules = self.schemes[self.scheme(region)] if name == HANDLE else self.clocks[name]
        return next(rule.span for rule in rules if rule.fits(kind, urgency))

    def scheme(self, region: str) -> str:
        """The scheme in force in a division: that of the longest beginning of its code."""
        found = [start for start in self.use if start != "*" and region.startswith(start)]
        return self.use[max(found, key=len) if found else "*"]


def limits() -> Limits:
    """The limits in force. :raises LimitsError: the file contradicts itself"""
    return read(FILE)


@lru_cache(maxsize=8)
def read(path: Path) -> Limits:
    """Read a file of limits. :raises LimitsError: a clock is missing, a rule cannot be reached, a unit is unknown"""
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    schemes = {str(name): _rules(f"schemes.{name}", rules) for name, rules in given["schemes"].items()}
    clocks = {name: _rules(f"clocks.{name}", given["clocks"].get(name)) for name in CLOCKS}
    use = {str(place): str(name) for place, name in given["use"].items()}
    if "*" not in use or not set(use.values()) <= set(schemes):
        raise LimitsError("use: needs * and names of schemes")
    return Limits(
        use=use, schemes=schemes, clocks=clocks,
        most_delays=int(given["delays"]["most"]), delay_days=int(given["delays"]["days"]),
        attempts=int(given["call_back_attempts"]),
        flood_tickets=int(given["flood"]["tickets"]), flood_minutes=int(given["flood"]["minutes"]),
        same_days=int(given["same_message"]["days"]),
    )  # fmt: skip


def _rules(where: str, given: list[dict[str, Any]] | None) -> tuple[Rule, ...]:
    rules = tuple(_rule(where, one) for one in given or ())
    if not rules or rules[-1].kinds or rules[-1].urgencies:
        raise LimitsError(f"{where}: the last rule must hold for everything else")
    return rules


def _rule(where: str, given: dict[str, Any]) -> Rule:
    when = given.get("when") or {}
    if unknown := set(when) - {"kind", "urgency"}:
        raise LimitsError(f"{where}: when knows kind and urgency, not {', '.join(sorted(unknown))}")
    warn = _span(where, given["warn"]) if "warn" in given else None
    span = _span(where, given)
    return Rule(
        Span(span.amount, span.basis, str(given.get("basis", "")), warn),
        frozenset(when.get("kind", ())), frozenset(when.get("urgency", ())),
    )  # fmt: skip


def _span(where: str, given: dict[str, Any]) -> Span:
    if given.get("unit") not in UNITS or not isinstance(given.get("amount"), int) or given["amount"] < 0:
        raise LimitsError(f"{where}: needs an amount and one of {', '.join(sorted(UNITS))}")
    return Span(given["amount"], given["unit"])


def span_of(name: str) -> Callable[[Step], Span]:
    """The span of a clock for the ticket of a step: what a flow names in `Limit.span`."""

    def length(step: Step) -> Span:
        own = step.own
        return limits().span(name, kind=own.kind, urgency=own.urgency, region=step.docket.region)

    return length
