"""Reading licences per trade: which there are, how one stands with its parts, what somebody could combine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from tongban.registers.licences import identifier as identifiers
from tongban.registers.licences import kinds, selectors
from tongban.registers.licences.contracts import (
    LAPSED,
    PARTLY,
    IdentifierError,
    KindInfo,
    LicenceInfo,
    LicenceState,
)
from tongban.registers.licences.models import Licence

OPEN = (LicenceState.VALID, LicenceState.SUSPENDED)
LEAST = 2
"""Parts that a combined licence has at least: one alone needs no combining."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A trade as somebody finds it: by kind of part the valid licences that he holds, and what he has of it already."""

    trade: KindInfo
    held: tuple[tuple[KindInfo, tuple[LicenceInfo, ...]], ...]
    combined: tuple[LicenceInfo, ...]

    @property
    def lacking(self) -> tuple[KindInfo, ...]:
        """Parts without which there is no such licence, and that he does not hold."""
        return tuple(kind for kind, found in self.held if kind.slug in self.trade.needs and not found)

    @property
    def possible(self) -> bool:
        return not self.lacking and sum(1 for _kind, found in self.held if found) >= LEAST


def trades() -> tuple[KindInfo, ...]:
    """Every licence per trade, in the order of its code."""
    return tuple(sorted((one for one in kinds.kinds().values() if one.trade), key=lambda one: one.code))


def trade_of_theme(theme: str) -> KindInfo | None:
    """The trade that a theme 一件事 opens, if it does."""
    return next((one for one in trades() if theme and theme in one.themes), None)


def part_kinds() -> frozenset[str]:
    """Kinds that are a part of some trade."""
    return frozenset(part for one in trades() for part in one.parts)


def parts_named(one: LicenceInfo) -> tuple[str, ...]:
    """Identifiers of the parts, as the combined licence names them."""
    kind = kinds.kinds().get(one.kind)
    entries = [entry.key for entry in kind.fields if entry.type == "licences"] if kind and kind.trade else []
    return tuple(str(name) for key in entries for name in one.fields.get(key) or ())


def standing_of(one: LicenceInfo, *, on: date) -> str:
    """How a licence stands; a combined one with its parts, as they are this instant.

    ``partly`` when a part does not hold; ``lapsed`` when one does not hold that the trade always needs, or none does.
    Anything else as `LicenceInfo.standing`. One query for a combined licence, none for others.
    """
    own = one.standing(on)
    if own != LicenceState.VALID or not (names := parts_named(one)):
        return own
    found = {base_of(row.identifier): row for row in rows_of(names)}
    held = [found[base] for base in map(base_of, names) if base in found and _holds(found[base], on)]
    if len(held) == len(names):
        return own
    there = {row.kind for row in held}
    kind = kinds.kind(one.kind)
    needed = {row.kind for row in found.values()} & set(kind.needs)
    return PARTLY if held and needed <= there else LAPSED


def _holds(row: Licence, on: date) -> bool:
    ends = row.valid_until
    return row.state == LicenceState.VALID and row.valid_from <= on and (ends is None or on <= ends)


def rows_of(names: Iterable[str], *, locked: bool = False) -> list[Licence]:
    """The rows of some identifiers, of whichever version; what is unknown is left out."""
    rows = Licence.objects.select_for_update() if locked else Licence.objects.all()
    return list(rows.filter(base__in=[base for name in names if (base := base_of(name))]).order_by("pk"))


def base_of(name: str) -> str:
    """An identifier without version and check; empty for none."""
    try:
        return identifiers.parse(name).base
    except IdentifierError:
        return ""


def made_of(bases: Collection[str], *, holder_index: str, trade: str = "") -> list[LicenceInfo]:
    """The open combined licences of a holder that contain one of these parts."""
    slugs = [trade] if trade else [one.slug for one in trades()]
    rows = Licence.objects.filter(holder_index=holder_index, kind__in=slugs, state__in=OPEN).order_by("pk")
    found = [selectors.info(row) for row in rows]
    return [one for one in found if set(bases) & {base_of(name) for name in parts_named(one)}]


def offers(party: str, *, on: date) -> list[Offer]:
    """Every trade with what a party holds for it. Two queries.

    :raises actors.NotKnownError: nobody has this id
    """
    wanted = part_kinds() | {one.slug for one in trades()}
    held: dict[str, list[LicenceInfo]] = defaultdict(list)
    for one in selectors.held_by(party, on=on, kinds=wanted):
        held[one.kind].append(one)
    return [
        Offer(
            trade,
            tuple((kinds.kind(part), tuple(held[part])) for part in trade.parts),
            tuple(held[trade.slug]),
        )
        for trade in trades()
    ]
