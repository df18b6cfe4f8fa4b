"""What crosses the door of matching. Money is integer fen; texts are in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongban.desks.policies.contracts import MeasureInfo, Standing

EVERYTHING: Final = ""
"""In the place of a measure's key: all measures of a kind of party."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text in both languages; as a string it is in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def both(self) -> dict[str, str]:
        """As messages take a word of a template."""
        return {"zh": self.zh, "en": self.en}


class Holds(models.TextChoices):
    """What one condition is for one party."""

    MET = "met", _("符合")
    UNMET = "unmet", _("不符合")
    OPEN = "open", _("说不准")


class Lack(models.TextChoices):
    """Why a value cannot be used for deciding."""

    MISSING = "missing", _("没有这项数据")
    STALE = "stale", _("数据太旧")
    CONSENT = "consent", _("没有同意使用")
    WRONG = "wrong", _("数据有误")


class Cause(models.TextChoices):
    """Why a run was made."""

    NIGHT = "night", _("每晚")
    ASKED = "asked", _("人工发起")
    PUBLISHED = "published", _("政策公布")
    CHANGES = "changes", _("大量数据变化")


class RunState(models.TextChoices):
    """How far a run is. Only a complete one replaces what was there."""

    WAITING = "waiting", _("等待")
    COMPUTING = "computing", _("计算中")
    WRITING = "writing", _("写入中")
    COMPLETE = "complete", _("完成")
    SAME = "same", _("没有变化")
    OVERTAKEN = "overtaken", _("已有更新的结果")
    FAILED = "failed", _("没有完成")


class News(models.TextChoices):
    """What there is to say of a measure."""

    ENTITLED = "entitled", _("新的可以享受的政策")
    CLOSING = "closing", _("可以享受、快要截止的政策")
    NEAR = "near", _("只差一点就符合的政策")


@dataclass(frozen=True, slots=True)
class PairInfo:
    """What one measure is for one party.

    :param amount_fen: what it comes to; None where nothing is paid, where it is not entitled, or where it is entitled
        and the amount cannot be told (then `missing` names what it takes)
    :param missing: keys of the elements that leave it open
    :param nearest: of *not yet*: the one condition that is not met
    :param threshold: of *not yet*: whether that is a number or a day to be reached, not what somebody is
    :param little: and that it is missed by as little as the news tell of (`packs/matching/telling.yaml`)
    """

    measure: MeasureInfo
    standing: Standing
    amount_fen: int | None = None
    missing: tuple[str, ...] = ()
    nearest: tuple[Said, ...] = ()
    threshold: bool = False
    little: bool = False

    @property
    def key(self) -> str:
        return self.measure.key

    @property
    def version(self) -> int:
        return self.measure.version

    @property
    def until(self) -> date | None:
        """The last day on which it is given or claimed, as far as it is known."""
        days = [day for day in (self.measure.closes_on, self.measure.valid_until) if day is not None]
        return min(days, default=None)


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """A value that a condition reads: what it is, who says so, of which day; `lack` where it cannot be used."""

    element: str
    name: Said
    value: Said
    source: Said
    as_of: date | None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done about something unknown. `at_portrait`: on the party's own portrait page.

    :param element: key of the element; empty where it is not about one (a division by zero, a sum too large)
    """

    element: str
    says: Said
    at_portrait: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ConditionInfo:
    """One condition in words.

    :param wanted: the condition itself: what is wanted
    :param fixed: whoever does not meet it cannot come to: it is about where they are
    :param joined: ``all`` or ``any`` of `parts`; empty for a single condition
    """

    wanted: Said
    holds: Holds
    known: tuple[Known, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    joined: str = ""
    parts: tuple[ConditionInfo, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class AmountInfo:
    """How much, and how it is reckoned; `fen` is None where it cannot be told."""

    formula: Said
    fen: int | None
    known: tuple[Known, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Why:
    """Why one party is, or is not, entitled to one measure on a day: every condition, in the order of the rule."""

    party: str
    measure: MeasureInfo
    standing: Standing
    day: date
    conditions: tuple[ConditionInfo, ...]
    amount: AmountInfo | None = None

    @property
    def nearest(self) -> ConditionInfo | None:
        """Of *not yet*: the one condition that is not met."""
        if self.standing is not Standing.NOT_YET:
            return None
        return next((one for one in self.conditions if one.holds is Holds.UNMET), None)


@dataclass(frozen=True, slots=True)
class Lacking:
    """An element that leaves pairs open. `pairs`: unknown pairs whose measure reads it while it cannot be used.

    :param parties: how many parties lack it so, where that was counted
    """

    element: str
    pairs: int
    parties: int = 0


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run: all measures of a kind of party (`key` empty), or one measure.

    :param at: the instant as of which it was made
    :param done: measures written so far, of `measures`
    :param fen: what all amounts come to
    """

    number: int
    party_kind: str
    key: str
    cause: Cause
    asked_by: str
    state: RunState
    at: datetime
    began_at: datetime | None
    finished_at: datetime | None
    done: int
    measures: int
    parties: int
    entitled: int
    unknown: int
    nearest: int
    fen: int
    lacking: tuple[Lacking, ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class Counts:
    """One measure over everybody, as its last run left it.

    :param unpaid: entitled parties whose amount cannot be told
    :param lacking: elements that leave parties open, most first
    """

    key: str
    version: int
    party_kind: str
    run: int
    at: datetime
    parties: int
    entitled: int
    unknown: int
    nearest: int
    unpaid: int
    fen: int
    lacking: tuple[Lacking, ...]

    @property
    def everybody(self) -> bool:
        """The rule excludes nobody: worth a second look by its editor."""
        return self.parties > 0 and self.entitled == self.parties

    @property
    def nobody(self) -> bool:
        """Nobody is entitled, open or near: conditions may contradict each other."""
        return self.parties > 0 and not (self.entitled or self.unknown or self.nearest)


@dataclass(frozen=True, slots=True, repr=False)
class Entitled:
    """Who is entitled to a measure, in the order of the census.

    :param stamp: of the census and of the measures that the run saw
    :param fen: by party; None where the amount cannot be told or nothing is paid
    """

    key: str
    version: int
    run: int
    at: datetime
    stamp: str
    fen: dict[str, int | None]
    unknown: int


class MatchingError(Exception):
    """Something asked of matching is not possible; `possible` says what is. `code` is for programs."""

    def __init__(self, reason: str, *, possible: str = "", code: str = "refused") -> None:
        super().__init__(reason)
        self.reason, self.possible, self.code = reason, possible, code
