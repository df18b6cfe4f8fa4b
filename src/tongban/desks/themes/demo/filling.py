"""What a demo applicant fills in: the registers' facts, else the element's own example."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from tongban.desks.themes.contracts import FormField, Plan
from tongban.desks.themes.holdings import gather
from tongban.desks.themes.papers import Paper, offers_of
from tongban.desks.themes.submission import Asked
from tongban.desks.themes.ways import usual
from tongban.kernel.contracts import Actor
from tongban.kernel.files.services import store

PLAIN: dict[str, Any] = {
    "number": 60,
    "money": "200000",
    "yesno": "yes",
    "phone": "13871010007",
    "id": "422301198803163153",
    "uscc": "91421202MA4DEMAA12",
    "date": "2026-10-12",
    "address": "咸安区温泉街道万年路18号",
}


WORDS: tuple[tuple[str, str], ...] = (
    ("baby.name", "李沐禾"), (".name", "王小雨"), (".nation", "汉族"), ("birth_place", "咸宁市中心医院"),
    ("hospital", "咸宁市中心医院"), ("bank_account", "6217002710004512076"), ("bank", "中国建设银行咸宁温泉支行"),
    ("_no", "2026000123"), ("number", "2026000123"), ("account", "42001236789012"), ("region", "湖北省咸宁市"),
    ("reason", "按实际情况办理"), ("purpose", "本人使用"),
)  # fmt: skip
"""What is typed into a text by the end of its key, the first that fits; nothing looks like a gap on a demo's screen."""


class Applicant:
    """A demo party: what is known of it and what it would type."""

    def __init__(self, party: str, *, at: datetime) -> None:
        self.party, self.at = party, at

    def fills(self, plan: Plan, *, hands_in: bool = False) -> Asked:
        """The form, the papers in the easiest way that needs no file, electronic delivery where offered.

        :param hands_in: papers are handed in as files where they can be; see `with_files`
        """
        held = gather(plan, applicant=self.party, by=Actor(self.party), at=self.at)
        form = {item.key: _typed(item) for item in plan.asked if item.key not in held.known}
        papers = {}
        for key, offers in offers_of(plan, applicant=self.party, held=held).items():
            ways = [one.way for one in offers]
            if usual(offers) is None:
                promised = next((way for way in ways if way != "upload"), "upload")
                papers[key] = Paper("upload" if hands_in and "upload" in ways else promised)
        delivery = "electronic" if "electronic" in plan.delivery.ways else plan.delivery.usual
        return Asked(form=form, papers=papers, delivery=delivery, undertaken=True)


def with_files(asked: Asked, at: datetime) -> Asked:
    """The same with a picture for each paper that is handed in."""
    wanting = [key for key, paper in asked.papers.items() if paper.way == "upload"]
    if not wanting:
        return asked
    stored = store(content=_picture(), name="材料.png", at=at)
    given = {key: Paper("upload", ((stored.digest, "材料.png"),)) for key in wanting}
    return replace(asked, papers={**asked.papers, **given})


@cache
def _picture() -> bytes:
    image = Image.new("RGB", (300, 200), "#F4F6F9")
    ImageDraw.Draw(image).rectangle((10, 10, 290, 190), outline="#0B55A8", width=2)
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _typed(item: FormField) -> Any:
    if item.choices:
        return item.choices[0]
    if item.example:
        return item.example
    words = next((word for end, word in WORDS if end in item.key), "见所附说明")
    return PLAIN.get(item.type, words[: item.maximum or len(words)])
