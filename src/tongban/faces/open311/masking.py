"""What of a text may be read by everybody: numbers, names and doors of people starred. Pure.

政府信息公开条例 第十五条 and 个人信息保护法: what identifies somebody is not published even when they allow the rest of it;
they speak of neighbours and shopkeepers as well. Stricter than what officers see of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

STAR = "***"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), STAR),  # e-mail
    (re.compile(r"(?:https?://|www\.)[^\s，。；）)]+", re.IGNORECASE), STAR),  # a link may lead to a picture of somebody
    (re.compile(r"[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[0-9Xx](?!\d)"), STAR),  # resident id
    (re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"), STAR),  # the old one of 15 digits
    (re.compile(r"(?<![0-9A-Z])9[1-9]\d{6}[0-9A-Z]{10}(?![0-9A-Z])"), STAR),  # credit code of a one-person shop
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), STAR),  # mobile phone
    (re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"), STAR),  # telephone
    (re.compile(r"(?<![0-9A-Za-z-])\d(?:[ -]?\d){11,18}(?!\d)"), STAR),  # bank card, any long number
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·• ]?[A-Z0-9]{5,6}"), STAR),  # car
    (re.compile(r"(?:微信号?|QQ号?|qq号?|VX|vx|wx)[：: ]?[A-Za-z0-9_-]{5,20}"), STAR),
    (re.compile(r"\d{1,4}(?:单元|门)[ -]?\d{1,5}(?:室|号|房)?"), STAR),  # which door somebody lives behind
    (re.compile(r"(?<=[栋幢楼座])[ -]?\d{2,5}(?:室|号|房)?"), STAR),
    (re.compile(r"\d{3,5}(?:室|房)"), STAR),
    (re.compile(r"(?<=我叫)[\u4e00-\u9fff·]{2,4}|(?<=本人)(?!是|在|于|为|的|对|已|住|因|购|从|想)[\u4e00-\u9fff·]{2,3}(?=[，,。（(])"), STAR),
    (re.compile(r"(?<=姓名[：:])\s*[\u4e00-\u9fff·]{2,6}"), STAR),
)  # fmt: skip


def masked(text: str, *, names: Iterable[str] = ()) -> str:
    """The text for everybody. :param names: of people who are known to be in it, starred wherever they stand"""
    text = unicodedata.normalize("NFKC", text) if _has_wide_digits(text) else text
    for name in sorted({one.strip() for one in names}, key=len, reverse=True):
        if len(name) >= 2:
            text = text.replace(name, STAR)
    for rule, instead in _RULES:
        text = rule.sub(instead, text)
    return text


def _has_wide_digits(text: str) -> bool:
    """Full-width digits hide a number from the rules; other full-width characters are only punctuation."""
    return any("０" <= char <= "９" for char in text)


def rough(degrees: float) -> float:
    """A coordinate to about a kilometre: the neighbourhood, not the door."""
    return round(degrees, 2)
