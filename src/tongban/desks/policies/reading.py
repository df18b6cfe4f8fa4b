"""What the text of a policy says of itself: its name, number, day, and its articles with those that give something. Pure.

A reading is a proposal; an editor looks at every field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

LONGEST = 200_000
_NUMBER = re.compile(r"[一-龥]{2,12}〔\d{4}〕\s*\d{1,4}\s*号")
_DAY = re.compile(r"(20\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ARTICLE = re.compile(r"^\s*(第[零〇一二三四五六七八九十百\d]+条)[\s　]*", re.MULTILINE)
_POINT = re.compile(
    r"^\s*([一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．、])\s*", re.MULTILINE
)
_GIVES: Final = (
    "补贴",
    "补助",
    "奖励",
    "奖补",
    "贴息",
    "减免",
    "减征",
    "缓缴",
    "返还",
    "资助",
    "免费",
    "保费",
    "万元",
    "租房",
    "培训",
)
_NAMED: Final = ("办法", "措施", "意见", "通知", "细则", "方案", "规定", "政策", "条例")
_BEGINS = re.compile(
    r"自\s*(?:(20\d{2})年(\d{1,2})月(\d{1,2})日|印发之日|发布之日|公布之日)起(?:施行|实施|执行)"
)
_ENDS = re.compile(r"(?:有效期|执行)(?:至|到)\s*(20\d{2})年(\d{1,2})月(\d{1,2})日")
_YEARS = re.compile(r"有效期\s*([一二三四五六七八九十\d])\s*年")
_DIGITS = {digit: place for place, digit in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True, slots=True)
class Article:
    """One article or point. `gives`: it seems to give something, so that a measure may be made of it."""

    name: str
    text: str
    gives: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found; empty where nothing was."""

    title: str = ""
    document: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    articles: tuple[Article, ...] = ()


def read(text: str) -> Reading:
    """Read the text of a page or a document."""
    text = text[:LONGEST].replace("\r\n", "\n")
    number = _NUMBER.search(text)
    issued = _issued(text)
    begins = _begins(text, issued)
    return Reading(
        title=_title(text), document=re.sub(r"\s", "", number[0]) if number else "", issued_on=issued,
        valid_from=begins, valid_until=_until(text, begins), articles=articles(text),
    )  # fmt: skip


def articles(text: str) -> tuple[Article, ...]:
    """第一条 …, or where there are none the numbered points."""
    for pattern in (_ARTICLE, _POINT):
        found = list(pattern.finditer(text))
        if len(found) > 1:
            ends = [one.start() for one in found[1:]] + [len(text)]
            parts = [
                (one[1].strip("、.．"), text[one.end() : end].strip())
                for one, end in zip(found, ends, strict=True)
            ]
            return tuple(Article(name, said, any(word in said for word in _GIVES)) for name, said in parts)
    return ()


def _title(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()][:12]
    named = [line for line in lines if line.endswith(_NAMED) and 6 <= len(line) <= 80]
    return named[0] if named else ""


def _days(pattern: re.Pattern[str], text: str) -> list[date]:
    found = []
    for one in pattern.finditer(text):
        try:
            found.append(date(*(int(part) for part in one.groups()[:3])))
        except (ValueError, TypeError):
            continue
    return found


def _issued(text: str) -> date | None:
    """The day that stands alone on a line (the signature), the last of them; else none."""
    alone = [line.strip() for line in text.splitlines() if _DAY.fullmatch(line.strip())]
    days = _days(_DAY, alone[-1]) if alone else []
    return days[0] if days else None


def _begins(text: str, issued: date | None) -> date | None:
    found = _BEGINS.search(text)
    if found is None:
        return None
    return _days(_DAY, found[0])[0] if found[1] and _days(_DAY, found[0]) else issued


def _until(text: str, begins: date | None) -> date | None:
    named = _days(_ENDS, text)
    if named:
        return named[0]
    years = _YEARS.search(text)
    if years is None or begins is None:
        return None
    count = int(years[1]) if years[1].isdecimal() else _DIGITS[years[1]]
    try:
        after = begins.replace(year=begins.year + count)
    except ValueError:
        after = begins.replace(year=begins.year + count, day=28)
    return date.fromordinal(after.toordinal() - 1)
