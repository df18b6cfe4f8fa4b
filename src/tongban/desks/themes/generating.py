"""Themes that a city's published figures have and its packs lack: made of the city's own matters, through the usual check.

Each is two matters of one life stage that somebody needs side by side, says that it is made up (`generated`), and works like
any other: it can be planned, applied for and counted.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.desks.themes import check, load
from tongban.desks.themes.contracts import ThemeRefused, Wording
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.models import Status, Theme
from tongban.desks.themes.selectors import parsed
from tongban.desks.themes.services import handled_in, publish_text
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec

THEMES, OWN = "themes", "own"
_LONGEST = 60
Pair = tuple[MatterSpec, MatterSpec]


def fill_up(*, wanted: Mapping[str, int], seed: int, actor: Actor, at: datetime) -> dict[str, int]:
    """Publish as many made-up themes as are lacking, so many of them the city's own innovations.

    :param wanted: ``themes``, all that are in force, and ``own`` of them
    :return: both as they are now, and ``made``
    :raises ThemeRefused: an unknown figure, more there than wanted, or fewer pairs of matters than are needed
    """
    if unknown := sorted(set(wanted) - {THEMES, OWN}):
        listed = "、".join(unknown)
        raise ThemeRefused(
            Wording(
                f"没有这些数：{listed}；可以写：themes、own。", f"No such figures: {listed}; themes, own."
            )
        )
    have = standing()
    lacking, own = (wanted.get(name, have[name]) - have[name] for name in (THEMES, OWN))
    if lacking < 0 or own < 0 or own > lacking:
        zh = f"现有{have[THEMES]}个主题，其中自主创新{have[OWN]}个；要{wanted}，补不出来。"
        en = f"There are {have[THEMES]} themes, {have[OWN]} of them own; {dict(wanted)} cannot be reached by adding."
        raise ThemeRefused(Wording(zh, en))
    _publish(lacking, own=own, seed=seed, actor=actor, at=at)
    return {**standing(), "made": lacking}


def standing() -> dict[str, int]:
    """Themes in force in the city, those in several places once; how many of them are its own innovations."""
    texts = dict(Theme.objects.filter(status=Status.PUBLISHED).values_list("code", "text"))
    return {THEMES: len(texts), OWN: sum(parsed(text).own for text in texts.values())}


def _publish(count: int, *, own: int, seed: int, actor: Actor, at: datetime) -> None:
    """All of them or none: they are chosen before the first one is published."""
    region, where = settings.ROOT_REGION, handled_in(settings.ROOT_REGION)
    chosen = _chosen(count, own=own, seed=seed) if count else {}
    if len(chosen) < count:
        zh, en = (
            f"事项不够：只能再组成{len(chosen)}个主题，要{count}个。一个也没有发布。",
            f"Too few matters: only {len(chosen)} more themes can be made of the {count} wanted. None was published.",
        )
        raise ThemeRefused(Wording(zh, en))
    with kernel.writing():
        for code, text in chosen.items():
            publish_text(text, region=region, actor=actor, at=at, file=f"{code}.yaml", check_region=where)


def _chosen(count: int, *, own: int, seed: int) -> dict[str, str]:
    """The files of so many new themes, by code, that pass the check; fewer where the matters do not suffice."""
    region, where = settings.ROOT_REGION, handled_in(settings.ROOT_REGION)
    taken = set(Theme.objects.values_list("code", flat=True))
    found: dict[str, str] = {}
    for pair in _pairs(catalogue.every_matter(where), seed=seed):
        code = f"gen-{pair[0].code}-{pair[1].code}"
        if code in taken:
            continue
        text = written(pair, code=code, own=len(found) < own)
        reading = load.read(text, file=f"{code}.yaml")
        if check.check(reading, catalogue=catalogue, region=where, calendar=working_days_of(region)):
            continue
        found[code] = text
        if len(found) == count:
            break
    return found


def _pairs(matters: Sequence[MatterSpec], *, seed: int) -> Iterator[Pair]:
    """Pairs of matters of one heading and one kind of applicant, in an order of the seed."""
    chance = random.Random(seed)  # noqa: S311 - made-up themes, no secret
    by_topic: dict[tuple[str, bool], list[MatterSpec]] = {}
    for spec in matters:
        if len(spec.code) == 10 and spec.code.isdigit() and spec.regulated is None and not spec.situations:
            for topic in spec.topics[:1]:
                by_topic.setdefault((topic, "1" in spec.applicants), []).append(spec)
    groups = [pair for _key, own in sorted(by_topic.items()) for pair in combinations(own, 2)]
    chance.shuffle(groups)
    yield from groups


def written(pair: Pair, *, code: str, own: bool) -> str:
    """The theme as a file. :param own: the city's own innovation"""
    first, second = pair
    party = "person" if "1" in first.applicants else "organisation"
    name = f"{first.title}与{second.title}一起办"[:_LONGEST]
    days = max(_days(first), _days(second))
    codes = [spec.code for spec in pair]
    content: dict[str, Any] = {
        "code": code, "version": 1, "name": name, "name_en": f"{first.name_en or first.code} with {second.name_en or second.code}",
        "party": party, "for_whom": f"要同时办{first.title}和{second.title}的",
        "for_whom_en": "Whoever needs both", "summary": "两件事一次申请，一次办好。",
        "summary_en": "Two matters with one application.", "life_stage": first.topics[0],
        "matters": [
            {"code": spec.code, "why": f"要办{spec.title}", "why_en": "One of the two"} for spec in pair
        ],
        "delivery": {"ways": ["electronic", "window"], "usual": "electronic"}, "limits": {"days": days},
        "examples": [{"name": "两件都办", "party": party, "answers": {}, "matters": codes}],
        "generated": True, **({"own": True} if own else {}),
    }  # fmt: skip
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(content, out)
    return out.getvalue()


def _days(spec: MatterSpec) -> int:
    """Working days promised; days of the calendar are no fewer working days."""
    limit = spec.promised_limit
    return limit.amount if limit is not None and limit.unit != "working_hours" else 1
