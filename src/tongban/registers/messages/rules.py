"""Pure decisions about messages: filling in texts, quiet hours, retries, the legal date of service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tongban.registers.messages.contracts import MessagesError, Value

ZONE = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh", "en")
_WORD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which a channel does not disturb; may pass midnight."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class ChannelRule:
    consent: Literal["none", "opt_out", "opt_in"] = "none"
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """When a message counts as served. `source` is the article or regulation behind it."""

    on: Literal["arrival", "read", "read_or_days"]
    source: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Retry:
    """Seconds before the first retry and at most between two; attempts before it is given up."""

    first: int
    longest: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Texts:
    subject: str
    body: str
    sms: str


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    texts: Mapping[str, Texts]
    channels: tuple[str, ...]
    urgent: bool = False
    service: str = ""


def words_of(text: str) -> frozenset[str]:
    """The words that a text asks for."""
    return frozenset(_WORD.findall(text))


def fill(template: Template, context: Mapping[str, Value], *, language: str) -> Texts:
    """The texts of a template in one language.

    :raises MessagesError: a word is not given; names the template and the word
    """

    def put(text: str) -> str:
        missing = words_of(text) - context.keys()
        if missing:
            raise MessagesError(f"{template.key}: {', '.join(sorted(missing))} ?")
        return _WORD.sub(lambda found: shown(context[found[1]], language=language), text)

    texts = template.texts[language]
    return Texts(subject=put(texts.subject), body=put(texts.body), sms=put(texts.sms))


def shown(value: Value, *, language: str) -> str:
    """A value as a reader of the language expects it (ui.md §1, Numbers)."""
    if isinstance(value, dict):
        return value.get(language) or value["zh"]
    if isinstance(value, datetime):
        local = value.astimezone(ZONE)
        return f"{shown(local.date(), language=language)} {local:%H:%M}"
    if isinstance(value, date):
        if language == "en":
            return f"{value.day} {value:%B} {value.year}"
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def after_quiet(quiet: Quiet | None, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours in which it lies."""
    if quiet is None:
        return at
    local = at.astimezone(ZONE)
    now = local.time()
    over_midnight = quiet.begins > quiet.ends
    inside = (now >= quiet.begins or now < quiet.ends) if over_midnight else quiet.begins <= now < quiet.ends
    if not inside:
        return at
    day = local.date() + timedelta(days=1) if over_midnight and now >= quiet.begins else local.date()
    return datetime.combine(day, quiet.ends, tzinfo=ZONE)


def next_try(retry: Retry, *, attempts: int, at: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None when it is given up."""
    if attempts >= retry.attempts:
        return None
    seconds = min(retry.first * 2 ** (attempts - 1), retry.longest)
    return at + timedelta(seconds=seconds)


def allowed(rule: ChannelRule, *, wanted: bool | None) -> bool:
    """Whether a channel may be used, given the recipient's answer (None: never asked)."""
    if rule.consent == "none":
        return True
    return wanted is not False if rule.consent == "opt_out" else wanted is True


def served_at(
    rule: ServiceRule | None, *, delivered_at: datetime | None, read_at: datetime | None
) -> datetime | None:
    """The instant of legal service as far as it is known yet; None for a mere notice."""
    if rule is None or delivered_at is None:
        return None
    if rule.on == "arrival":
        return delivered_at
    if rule.on == "read_or_days" and read_at is not None:
        return min(read_at, deemed_at(rule, delivered_at) or read_at)
    return read_at


def deemed_at(rule: ServiceRule | None, delivered_at: datetime) -> datetime | None:
    """When an unread message counts as served; None when it never does by itself.

    Days start the next day and end at 24:00 of the last one.
    """
    if rule is None or rule.on != "read_or_days":
        return None
    day = delivered_at.astimezone(ZONE).date() + timedelta(days=rule.days + 1)
    return datetime.combine(day, time(0), tzinfo=ZONE)
