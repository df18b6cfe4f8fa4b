"""What officers write and callers say in a year: invented, nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tongban.year.planning.city import Place
from tongban.year.planning.quotas import number_of

FIRST: Final = "桂竹梅兰荷松柏榕枫樟银金翠碧清静安康福泰和顺祥瑞龙凤鹤鹿星月云霞"
SECOND: Final = "园苑庭湾溪泉湖山林丘塘桥亭台岭坪洲港源景"
KINDS: Final = ("小区", "花园", "家园", "公寓", "新村", "路", "街", "巷")

HAPPY: Final = ("very", "very", "satisfied", "satisfied", "satisfied", "fair")
SOLVED: Final = {"very": "yes", "satisfied": "yes", "fair": "partly"}

FIXED: Final[dict[str, Mapping[str, Any]]] = {
    "withdraw": {"reason": "来电人说事情已经解决，不用再办。"},
    "give_back": {"reason": "现场不在本单位职责范围内，请核实由谁办理。", "law": "部门职责清单"},
    "overrule": {"reason": "经核对职责清单，属于本单位职责。"},
    "urge": {"text": "来电人再次来电询问进展。"},
    "finish": {"text": "已派人到现场配合核查，查到的情况已经告诉主办单位。"},
    "review": {"override": "已核对现场处理记录。"},
    "reopen": {"reason": "来电人说问题又出现了，请再到现场处理。"},
    "reply": {"result": "yes"},
    "ask_delay": {"reason": "需要的配件要从外地调来，申请延期。"},
    "uphold": {"reason": "经核对职责清单，由改派的单位办理。"},
    "close": {"note": "已向来电人说明办理依据和结果，来电人表示知道了。"},
}


def spot(place: Place, number: int) -> str:
    """An estate or a road of a place that is nowhere; the same for the same number."""
    dice = number_of("spot", place.region, number)
    return (
        place.name
        + FIRST[dice % len(FIRST)]
        + SECOND[(dice >> 8) % len(SECOND)]
        + KINDS[(dice >> 16) % len(KINDS)]
    )


def text_of(template: str, place: Place, number: int, *, day: date | None = None) -> str:
    """A message or a reply about a place."""
    said = f"{day.month}月{day.day}日" if day else ""
    return template.format(place=spot(place, number), n=number % 300 + 1, day=said)


def heard(kind: str, ticket: int, *, seed: int) -> dict[str, str]:
    """What a call-back heard: of the work, of the operator, whether it is solved."""
    dice = number_of("heard", seed, ticket)
    if kind == "unreached":
        return {"satisfaction": "no_answer", "solved": "unknown"}
    operator = "unsatisfied" if kind in {"bitter", "sour"} else HAPPY[dice % len(HAPPY)]
    if kind in {"unhappy", "sour"}:
        word = "very_unsatisfied" if dice % 6 == 0 else "unsatisfied"
        return {"satisfaction": word, "operator": operator, "solved": "no"}
    word = HAPPY[(dice >> 8) % len(HAPPY)]
    return {"satisfaction": word, "operator": operator, "solved": SOLVED[word]}
