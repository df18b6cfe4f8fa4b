"""Writings of implementation codes. The catalogue keeps the string; a profile knows how to read it.

Lengths from 23 to 55 characters have been seen live, with and without hyphens. A profile that does not
recognise a code does not refuse it: it is then a plain opaque string.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """One writing. `basic` gives the code of the basic item hidden in an implementation code."""

    name: str
    says: str
    pattern: re.Pattern[str]
    basic: Callable[[str], str]


def _before_region(code: str) -> str:
    """What stands before the division code, as in 511A0138600000-511602000000-000-…-1-00."""
    found = re.search(r"-\d{12}-", code)
    return code[: found.start()] if found else code


PROFILES = (
    Profile(
        "demo",
        "基本编码 + 区划12位 + 单位代号，例如0103100200-421202000000-scjg",
        re.compile(r"[0-9A-Za-z]{1,10}-\d{12}-[a-z]+"),
        _before_region,
    ),
    Profile(
        "national",
        "国家标准：不超过24位字母、数字",
        re.compile(r"[0-9A-Za-z]{11,24}"),
        lambda code: code[:10],
    ),
    Profile(
        "sichuan",
        "四川：事项编码-区划12位-000-单位代码-序号-00；也见过不带区划的",
        re.compile(r"[0-9A-Z]{1,14}(-[0-9A-Za-z]{1,18}){2,8}"),
        _before_region,
    ),
)
OPAQUE = Profile("opaque", "任意字符串", re.compile(r"\S+"), lambda code: code)


def recognise(code: str) -> Profile:
    """The first profile whose writing fits, else the opaque one.

    :raises ValueError: empty, too long, or with blanks inside
    """
    if not code:
        raise ValueError("没有实施编码。")
    if len(code) > LONGEST or not OPAQUE.pattern.fullmatch(code):
        raise ValueError(f"实施编码“{code[:40]}”中间不能有空格，且不超过{LONGEST}个字符。")
    for profile in PROFILES:
        if profile.pattern.fullmatch(code):
            return profile
    return OPAQUE


def demo_code(basic: str, region: str, unit: str) -> str:
    """The implementation code that our own city gives: basic code, division, unit's slug."""
    return f"{basic}-{region}-{unit.rpartition('-')[2]}"
