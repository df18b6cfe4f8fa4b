"""What crosses the door of appraisal 好差评."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """The five levels of GB/T 39046-2020 评价等级: 1 best, 5 worst."""

    VERY_SATISFIED = 1, _("非常满意")
    SATISFIED = 2, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 4, _("不满意")
    VERY_DISSATISFIED = 5, _("非常不满意")


# From this level on an evaluation is bad 差评 and is called back and mended.
BAD_FROM = Level.DISSATISFIED


class Tag(models.TextChoices):
    """What an evaluation is about; ticked, never asked for."""

    FAST = "fast", _("办得快")
    CLEAR = "clear", _("讲得清楚")
    KIND = "kind", _("态度好")
    FEW_TRIPS = "few_trips", _("跑得少")
    SLOW = "slow", _("办得慢")
    UNCLEAR = "unclear", _("没讲清楚")
    RUDE = "rude", _("态度差")
    MANY_TRIPS = "many_trips", _("多跑了路")
    FEES = "fees", _("收费不明")


GOOD_TAGS = (Tag.FAST, Tag.CLEAR, Tag.KIND, Tag.FEW_TRIPS)
BAD_TAGS = (Tag.SLOW, Tag.UNCLEAR, Tag.RUDE, Tag.MANY_TRIPS, Tag.FEES)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation. `mending` is the number of the docket that mends a bad one, else empty."""

    id: int
    number: str
    level: int
    tags: tuple[str, ...]
    text: str
    at: datetime
    channel: str
    unit: str
    mending: str = ""
    excluded: bool = False

    @property
    def is_bad(self) -> bool:
        return self.level >= BAD_FROM

    @property
    def tag_labels(self) -> list[str]:
        return [str(Tag(tag).label) for tag in self.tags if tag in Tag.values]

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)


@dataclass(frozen=True, slots=True)
class Figures:
    """Evaluations of a unit or of all: `total` counts those not excluded, `good` levels 1 to 3."""

    total: int = 0
    good: int = 0
    bad: int = 0
    excluded: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.total + other.total,
            self.good + other.good,
            self.bad + other.bad,
            self.excluded + other.excluded,
        )


class EvaluationRefused(Exception):  # noqa: N818 - an answer to the citizen, not a fault
    """An evaluation that cannot be taken; says why and what is possible. Nothing was kept."""

    def __init__(self, code: str, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.possible = code, reason, possible
