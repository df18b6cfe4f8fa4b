"""One figure of the table: what was measured, against what, and whether that is good enough."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import median

MARK = "figure "


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table.

    :param floor: the floor or peer measured in the same run, as text; empty where the aim is absolute
    :param measured: the number that is held against `aim`: a ratio, milliseconds, hits, per cent
    :param aim: `measured` is good up to here (from here on with `more_is_better`)
    :param defect: beyond this it is a defect; between the two it is "above the aim"
    """

    name: str
    value: str
    floor: str = ""
    ratio: str = ""
    aim_says: str = ""
    measured: float | None = None
    aim: float | None = None
    defect: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.measured is None or self.aim is None:
            return ""
        sign = -1 if self.more_is_better else 1
        if sign * self.measured <= sign * self.aim:
            return "ok"
        worst = self.aim if self.defect is None else self.defect
        return "above the aim" if sign * self.measured <= sign * worst else "DEFECT"

    def emit(self) -> None:
        """Hand the figure to the process that makes the table."""
        print(MARK + json.dumps(asdict(self), ensure_ascii=False), flush=True)


def ratio(
    name: str, ours: list[float], floor: list[float], *, unit: str = "ms", aim: float, defect: float | None = None,
    against: str = "", note: str = "",
) -> Figure:  # fmt: skip
    """A figure from interleaved rounds: the median of the rounds' ratios, and the medians themselves.

    :param ours: seconds per piece of work in each round; `floor` those of the floor in the same rounds
    """
    times = median(mine / base for mine, base in zip(ours, floor, strict=True))
    scale = {"ms": 1e3, "µs": 1e6}[unit]
    return Figure(
        name, f"{median(ours) * scale:.3g} {unit}", f"{median(floor) * scale:.3g} {unit} {against}".strip(),
        f"{times:.2f}×", f"≤ {aim:g}×" + (f", defect > {defect:g}×" if defect else ""), times, aim, defect, note=note,
    )  # fmt: skip


def flat(name: str, small: list[float], large: list[float], *, most: float = 15, note: str = "") -> Figure:
    """How much dearer the same work is on the large database, in per cent (interleaved rounds)."""
    more = (median(big / base for base, big in zip(small, large, strict=True)) - 1) * 100
    return Figure(
        name, f"{median(large) * 1e3:.3g} ms", f"{median(small) * 1e3:.3g} ms on the small one", f"{more:+.0f} %",
        f"< {most:g} % more", more, most, note=note,
    )  # fmt: skip


def below(name: str, seconds: float, *, most_ms: float, note: str = "") -> Figure:
    """A time held against an absolute limit."""
    ms = seconds * 1e3
    return Figure(name, f"{ms:.3g} ms", aim_says=f"< {most_ms:g} ms", measured=ms, aim=most_ms, note=note)


def table(figures: list[tuple[str, Figure]]) -> str:
    """The figures, each with the database it was measured on, as Markdown."""
    lines = [
        "| figure | database | value | floor or peer, same run | ratio | aim | |",
        "|---|---|---|---|---|---|---|",
    ]
    for database, one in figures:
        name = f"{one.name} ({one.note})" if one.note else one.name
        cells = (name, database, one.value, one.floor, one.ratio, one.aim_says, one.verdict)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)
