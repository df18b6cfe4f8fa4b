"""What the knowledge base answers of themes: each one, with its matters, days and who it is for, as published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from tongban.actors import api as actors
from tongban.desks.themes import selectors
from tongban.registers.catalogue import api as catalogue
from tongban.registers.knowledge.api import Kept
from tongban.registers.knowledge.contracts import Audience, EntryInfo

DESK = "dsj"


def _token() -> str:
    return ",".join(f"{one.code}:{one.version}" for one in selectors.in_force(settings.ROOT_REGION))


def _entries(on: date) -> Iterator[EntryInfo]:
    root = settings.ROOT_REGION
    owner = f"{root[:6]}-{DESK}"
    for card in selectors.cards(selectors.in_force(root)):
        known = catalogue.matters(card.matters, root)
        names = [spec.name for spec in known.values()]
        answer = (
            f"{card.name.zh}可以一次申请、一起办好：{card.summary.zh}适合{card.for_whom.zh}。"
            f"包含{len(card.matters)}个事项{'：' + '、'.join(names) if names else ''}。最长{card.days}个工作日。"
            "回答几个问题，就知道您要办哪几件、带什么、什么时候办好。"
        )
        yield EntryInfo(
            key=f"t-{card.code}", version=card.version, question=f"{card.name.zh}怎么办？", answer=answer, owner=owner,
            owner_name=actors.unit_name(unit_id=owner), audience=Audience.PUBLIC, as_of=on, question_en=card.name.en,
            short_en=card.summary.en, ways=(card.name.zh,), keywords=card.keywords, matters=card.matters,
            link=f"/themes/{card.code}",
        )  # fmt: skip


SOURCE = Kept(token=_token, entries=_entries)
