"""The floor of the policies benchmark: conditions in two values, written by hand over numpy, nothing else.

Each distinct comparison is computed once over the bare column (a gap holds whatever the array holds), made a set, and
sets are joined. Sets are pyroaring bitmaps or packed words.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
from pyroaring import BitMap

from tongban.kernel.rules.columns import bits
from tongban.kernel.rules.columns.column import days
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.nodes import (
    All,
    Arithmetic,
    Call,
    Compare,
    Divide,
    In,
    Literal,
    Node,
    Not,
    Some,
    Today,
    Variable,
)  # fmt: skip

COMPARE = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
COMPUTE = {"+": np.add, "-": np.subtract, "*": np.multiply}


class Roaring:
    """Sets as compressed bitmaps."""

    def __init__(self, size: int) -> None:
        self.size = size

    def make(self, flags: Any) -> BitMap:
        rows = array("I")
        rows.frombytes(np.flatnonzero(flags).astype(np.uint32).tobytes())
        return BitMap(rows)

    def complement(self, one: BitMap) -> BitMap:
        return one.flip(0, self.size)

    def count(self, one: BitMap) -> int:
        return len(one)


class Packed:
    """Sets as packed words."""

    def __init__(self, size: int) -> None:
        self.whole = bits.every(size)

    def make(self, flags: Any) -> Any:
        return bits.pack(flags)

    def complement(self, one: Any) -> Any:
        return self.whole ^ one

    def count(self, one: Any) -> int:
        return int(np.bitwise_count(one).sum())


class Bare:
    """Conditions over a population, in sets of the kind given."""

    def __init__(self, population: Population, today: Any, sets: Any) -> None:
        self.columns = population.columns
        self.today = days(today)
        self.sets = sets
        self.found: dict[int, Any] = {}

    def joined(self, conditions: tuple[Node, ...]) -> Any:
        """*And* of the conditions of a measure."""
        total = self.set(conditions[0])
        for one in conditions[1:]:
            total = total & self.set(one)
        return total

    def set(self, node: Node) -> Any:
        if id(node) not in self.found:
            self.found[id(node)] = self._set(node)
        return self.found[id(node)]

    def _set(self, node: Node) -> Any:
        if isinstance(node, Not):
            return self.sets.complement(self.set(node.item))
        if isinstance(node, All | Some):
            total = self.set(node.items[0])
            for item in node.items[1:]:
                total = total & self.set(item) if isinstance(node, All) else total | self.set(item)
            return total
        return self.sets.make(self._flags(node))

    def _flags(self, node: Any) -> Any:
        match node:
            case Variable():
                return self.columns[node.key].data
            case Compare():
                return COMPARE[node.operator](self._values(node.left), self._literal(node.right, node.left))
            case In() if isinstance(node.hay, tuple):
                column = self.columns[node.needle.key]
                numbers = [column.numbers[option.value] for option in node.hay]
                return np.logical_or.reduce([column.data == number for number in numbers])
            case In():
                return self.columns[node.hay.key].having(node.needle.value)
        raise TypeError(node)

    def _literal(self, node: Any, beside: Any) -> Any:
        if not isinstance(node, Literal):
            return self._values(node)
        if node.type is Type.TEXT:
            return self.columns[beside.key].numbers[node.value]
        if node.type is Type.DATE:
            return days(node.value)
        return node.value if isinstance(node.value, int) else float(node.value)

    def _values(self, node: Any) -> Any:
        if id(node) in self.found:
            return self.found[id(node)]
        match node:
            case Literal():
                return self._literal(node, None)
            case Today():
                return np.int64(self.today)
            case Variable():
                column = self.columns[node.key]
                return column.data / 10**column.scale if column.scale else column.data
            case Arithmetic():
                parts = [np.asarray(self._values(item), dtype=np.int64) for item in node.items]
                found = parts[0]
                for part in parts[1:]:
                    found = COMPUTE[node.operator](found, part)
            case Divide():
                found = self._quotient(node)
            case Call():
                found = self._between(node)
        self.found[id(node)] = found
        return found

    def _quotient(self, node: Divide) -> Any:
        divisor = self._values(node.divisor)
        quotient = self._values(node.dividend) / np.where(divisor == 0, np.inf, divisor)
        return np.floor(quotient) if node.rounding == "down" else np.round(quotient, node.places)

    def _between(self, node: Call) -> Any:
        first, last = (np.asarray(self._values(item), dtype=np.int64) for item in node.items)
        if node.operator.name == "days_between":
            return last - first
        one, other = first.astype("M8[D]"), last.astype("M8[D]")
        months = other.astype("M8[M]").astype(int) - one.astype("M8[M]").astype(int)
        day = [(date - date.astype("M8[M]").astype("M8[D]")).astype(int) for date in (one, other)]
        return (months - (day[1] < day[0])) // 12
