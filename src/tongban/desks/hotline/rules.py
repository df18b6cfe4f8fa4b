"""What a message comes to, decided by plain rules: no Django, no clock, no I/O."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_TEXT: Final = 5000
MOST_TITLE: Final = 60
LEAST_SAME: Final = 10
"""Shorter messages are never taken for the same one: “噪音太大” is said by many."""

_ID = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_TAG = re.compile(r"<[^<>]{0,300}>")
_END = re.compile(r"[。！？!?；;\n]")
_KEPT = {"\n", "\t"}


def cleaned(text: str) -> str:
    """The text without control and direction characters, line ends and spaces tidied. HTML stays text: pages escape it."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if c in _KEPT or c == "\u200d" or unicodedata.category(c)[0] != "C")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\u3000]+", " ", text)).strip()


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit of any script."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def starred(text: str) -> str:
    """The text with identity numbers and mobile phones starred: for titles, lists, ledgers."""
    return _PHONE.sub(r"\1****\2", _ID.sub(r"\1************", text))


def personal_in(text: str) -> tuple[str, ...]:
    """Which personal numbers a text has: ``id``, ``phone``."""
    return tuple(name for name, rule in (("id", _ID), ("phone", _PHONE)) if rule.search(text))


def title_of(text: str, given: str = "") -> str:
    """A title for lists: what was given, else the first sentence; no tags, no personal numbers, at most 60 characters."""
    plain = " ".join(_TAG.sub(" ", given or text).split())
    if not given:
        first = _END.split(plain, maxsplit=1)[0].strip()
        plain = first if len(first) >= 6 else plain
    plain = starred(plain)
    return plain if len(plain) <= MOST_TITLE else plain[: MOST_TITLE - 1] + "…"


def essence(text: str) -> str:
    """What makes two messages the same one: letters and digits only, one spelling; empty when too short to tell."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c)[0] in "LN"
    )
    return plain if len(plain) >= LEAST_SAME else ""


_FIRE = re.compile(r"火|冒烟|烟雾|爆炸|燃气|煤气|泄漏|泄露|被困|坍塌|塌方|触电|蜂窝")
_RESCUE = re.compile(
    r"受伤|流血|昏迷|晕倒|不省人事|急救|中毒|溺水|落水|心脏|骨折|烧伤|烫伤|呼吸困难|抽搐|要生了"
)
_POLICE = re.compile(
    r"打架|斗殴|持刀|抢劫|盗窃|小偷|车祸|交通事故|报警|跳楼|轻生|自杀|失踪|走失|绑架|威胁|家暴|砍"
)


def services_for(text: str) -> tuple[str, ...]:
    """Which emergency services a sudden event is for: 119 fire and gas, 120 the injured, 110 the rest."""
    found = tuple(
        service for service, rule in (("119", _FIRE), ("120", _RESCUE), ("110", _POLICE)) if rule.search(text)
    )
    return found or ("110",)
