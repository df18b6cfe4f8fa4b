"""Families that enrol a child: who they are, and what the shared registers tell of them, made of a number.

Every `PHOTO_EACH`th family rents: no register knows its home, so its proof of residence is a photo. With the three
papers that a family has to show, that is one photo in fifty papers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from stdnum.cn import ric

from tongban.registers.exchange.contracts import Asked, Held, Told

PHOTO_EACH = 17
AS_OF = date(2026, 11, 1)
HOME = "湖北省咸宁市咸安区温泉街道万年路{}号"


@dataclass(frozen=True, slots=True)
class Family:
    """The `number`th family; `rents` says that it takes a photo."""

    number: int

    @property
    def rents(self) -> bool:
        return self.number % PHOTO_EACH == 0

    @property
    def guardian(self) -> str:
        return _resident(f"421202{1980 + self.number // 10_000}0101", self.number % 1000, self.number // 1000)

    @property
    def child(self) -> str:
        return _resident(
            f"4212022020{1 + self.number // 1000 % 6:02d}", self.number % 1000, self.number // 6000
        )


def _resident(stem: str, serial: int, day: int) -> str:
    """A resident id: the stem's last two digits are the day, moved on by `day` where the stem ends with one."""
    stem = f"{stem[:-2]}{1 + day % 28:02d}" if len(stem) == 14 else f"{stem}{1 + day % 28:02d}"
    body = f"{stem}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


class Registers:
    """Answers for every family that was registered under `family:NUMBER` names: the name carries the number."""

    def ask(self, register: str, asked: Asked, *, at: datetime) -> Told:  # noqa: ARG002  the protocol's
        name = asked.about.name
        if not name.startswith("家长") or not name[2:].isdecimal():
            return Told()
        facts, papers = told(register, Family(int(name[2:])))
        return Told(
            {key: Held(value, AS_OF) for key, value in facts.items() if key in asked.elements},
            {key: Held(value, AS_OF) for key, value in papers.items() if key in asked.papers},
        )


def told(register: str, one: Family) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts by data element, and records by paper."""
    home = HOME.format(one.number)
    if register == "population":
        return {
            "child.name": f"孩子{one.number}", "child.id": one.child, "child.gender": "男", "child.nation": "汉族",
            "guardian.relation": "母亲",
        }, {"guardian-id-card": "人口信息（监护人，有效）"}  # fmt: skip
    if register == "households":
        return {
            "child.household_address": home, "child.relation": "子女", "guardian.household_since": "2019-06-03",
        }, {"child-household-register": f"户籍信息第{one.number}号户"}  # fmt: skip
    if register == "houses":
        if one.rents:
            return {}, {}
        number = f"鄂（2019）咸宁市不动产权第{one.number:07d}号"
        return {"house.certificate_no": number}, {"residence-proof": f"不动产登记信息{number}"}
    if register == "health":
        number = f"42120218{one.number:08d}"
        return {"child.vaccination_no": number}, {"vaccination-certificate": f"预防接种信息{number}"}
    return {}, {}


def picture(number: int) -> bytes:
    """A photo of a page of print, another one for every family."""
    page, dice = Image.new("L", (900, 1200), 225), random.Random(number)
    pen = ImageDraw.Draw(page)
    for y in range(40, 1160, 28):
        for x in range(40, 860, 20):
            pen.rectangle((x, y, x + dice.randint(4, 14), y + 16), fill=dice.randint(10, 70))
    out = BytesIO()
    page.save(out, "JPEG", quality=70)
    return out.getvalue()
