"""The rules of supervision as the pack has them; every fault names what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from ruamel.yaml import YAML

from tongban.kernel.flow.declaration import Span
from tongban.oversight.supervision.contracts import Colour, Rung, SupervisionError

UNITS = ("working_days", "natural_days", "working_hours", "minutes")


@dataclass(frozen=True, slots=True)
class Threshold:
    """How long before the due instant a limit turns yellow: a length, or a share of the limit up to a length.

    Empty `kind` and `limit` are every one.
    """

    kind: str
    limit: str
    before: Span
    percent: int = 0

    def fits(self, kind: str, limit: str) -> bool:
        """Whether it is for this limit."""
        return self.kind in ("", kind) and self.limit in ("", limit)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is told how long after a warning came."""

    to: Rung
    after: Span


@dataclass(frozen=True, slots=True)
class Rules:
    """See `packs/supervision/rules.yaml`."""

    yellow: tuple[Threshold, ...]
    waits: frozenset[tuple[str, str]]
    """Kind and limit of periods that only have to pass: nobody is late with them."""
    line: Mapping[str, tuple[Stage, ...]]
    stale_days: int
    explain: Span
    appeal: Span
    judge: Span
    source: str
    reasons: Mapping[str, tuple[str, str]]
    grounds: Mapping[str, tuple[str, str]]

    def threshold(self, kind: str, limit: str) -> Threshold:
        """The first line that is for a limit."""
        return next(one for one in self.yellow if one.fits(kind, limit))


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules of this installation."""
    return read(YAML(typ="safe").load(Path(settings.PACKS) / "supervision" / "rules.yaml"))


def read(pack: Mapping[str, Any]) -> Rules:
    """Rules as written. :raises SupervisionError: what is wrong with them"""
    try:
        made = Rules(
            tuple(_threshold(one) for one in pack["yellow"]),
            frozenset((one["kind"], one["limit"]) for one in pack["waits"]),
            {colour.value: tuple(Stage(Rung(one["to"]), _span(one["after"])) for one in pack["line"][colour.value]) for colour in Colour},
            int(pack["stale_days"]), _span(pack["explain"]), _span(pack["appeal"]), _span(pack["judge"]), str(pack["source"]),
            _words(pack["reasons"]), _words(pack["grounds"]),
        )  # fmt: skip
    except KeyError as error:
        raise SupervisionError(f"supervision/rules.yaml: 少了 {error}。", code="pack") from error
    except ValueError as error:
        raise SupervisionError(f"supervision/rules.yaml: {error}", code="pack") from error
    if not made.yellow or made.yellow[-1].kind or made.yellow[-1].limit:
        raise SupervisionError(
            "supervision/rules.yaml: yellow 的最后一条要管其余所有的期限。",
            possible="最后一条不写 kind 和 limit。",
            code="pack",
        )
    return made


def _threshold(said: Mapping[str, Any]) -> Threshold:
    percent = int(said.get("percent", 0))
    if not 0 <= percent < 100:
        raise ValueError(f"percent {percent}: 0–99")
    return Threshold(
        said.get("kind", ""),
        said.get("limit", ""),
        _span(said["most"] if percent else said["before"]),
        percent,
    )


def _span(said: Mapping[str, Any]) -> Span:
    unit, amount = str(said["unit"]), int(said["amount"])
    if unit not in UNITS or amount < 0:
        raise ValueError(f"{amount} {unit}: 可以用 {'、'.join(UNITS)}")
    return Span(amount, unit)  # type: ignore[arg-type]  # one of the bases: looked at above


def _words(said: list[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    return {one["code"]: (one["zh"], one["en"]) for one in said}


def word(words: Mapping[str, tuple[str, str]], code: str) -> str:
    """What a code says in the reader's language; the code itself where the pack no longer has it."""
    zh_en = words.get(code)
    return code if zh_en is None else zh_en[(get_language() or "").startswith("en")]
