"""What crosses the door of the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who reads an entry. What the public reads officers read too."""

    PUBLIC = "public", _("公开")
    OFFICER = "officer", _("工作人员")


class VersionState(models.TextChoices):
    """State of one version of an entry."""

    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("待发布")
    PUBLISHED = "published", _("已发布")
    SUPERSEDED = "superseded", _("已更新")
    WITHDRAWN = "withdrawn", _("已撤下")


@dataclass(frozen=True, slots=True)
class Law:
    """A source in law: `says` in plain words, may be empty."""

    law: str
    article: str = ""
    says: str = ""

    @property
    def cited(self) -> str:
        """《law》article, as it is quoted."""
        return f"《{self.law}》{self.article}"


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer found. `entry` and `version` say exactly what is quoted; `url` is its page for the public.

    :param title: the question it answers, in the reader's language where there is an English one
    :param quote: the part of the answer that is nearest to what was asked, word for word
    :param answer: the whole answer
    :param owner: unit id of who answers for it; `owner_name` for the screen
    :param score: compares within one search only
    :param sure: whether it may be shown as the answer; else as something near
    """

    entry: str
    version: int
    title: str
    quote: str
    answer: str
    owner: str
    owner_name: str
    laws: tuple[Law, ...]
    audience: Audience
    as_of: date
    valid_until: date | None
    url: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class EntryInfo:
    """One published entry as it is read. `key` beginning with ``m-``, ``r-`` or ``t-``: kept by the catalogue or themes.

    :param question_en: English question, empty where there is none; `short_en` the short answer in English
    :param ways: other ways of asking
    :param matters: codes of matters it speaks of
    """

    key: str
    version: int
    question: str
    answer: str
    owner: str
    owner_name: str
    audience: Audience
    as_of: date
    question_en: str = ""
    short_en: str = ""
    ways: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    laws: tuple[Law, ...] = ()
    matters: tuple[str, ...] = ()
    valid_until: date | None = None
    link: str = ""

    @property
    def kept(self) -> bool:
        """Whether the catalogue or a theme says it, so that nobody edits it here."""
        return self.key[:2] in KEPT


KEPT: Final = ("m-", "r-", "t-")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the city. `is_new` False: the same is being answered already, under this number."""

    number: str
    is_new: bool
    times: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What readers said of an entry's version in force."""

    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """The question behind a docket of kind ``question``."""

    number: str
    text: str
    times: int
    state: str
    asked_at: datetime
    unit_name: str
    entry: str
    entry_version: int
    said: str


class KnowledgeError(Exception):
    """Something asked of the knowledge base is not possible; `possible` says what is."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        self.reason, self.possible = reason, possible
        super().__init__(f"{reason}{possible}")


class UnknownEntryError(KnowledgeError, LookupError):
    """No entry of that key for this reader."""
