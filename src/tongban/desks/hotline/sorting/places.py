"""Place names in a message, and the region they tell of. Pure: the gazetteer is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST = 8
REGION_ENDS = ("街道", "社区", "自治县", "市", "区", "县", "镇", "乡", "村")
_ENDS = (
    "开发区|工业园|产业园|街道|大道|社区|小区|花园|家园|花苑|公寓|广场|公园|大厦|市场|商场|车站|客运站|收费站|火车站|"
    "卫生院|医院|幼儿园|小学|中学|学院|大学|学校|水库|大桥|路|街|巷|弄|村|镇|乡|组"
)
_NOT_IN_A_NAME = "的了在和与从到是有我你他她它们这那就也都被把对向及为于位住离去往来说请让给将使因所并或但而且着过每个条些此该本整全没不很"
_NAME = re.compile(rf"(?:[^\W\d_{_NOT_IN_A_NAME}]){{1,8}}?(?:{_ENDS})(?:[0-9一二三四五六七八九十]{{1,4}}号)?")
_NO_PLACE = frozenset(
    """
    农村 乡村 新农村 城中村 修路 道路 公路 马路 线路 铁路 思路 走路 一路 问路 堵路
    小路 大路 出路 水路 电路 网路 套路 街道 社区 小区 小学 中学 大学 学校 医院
    市场 公园 广场 村镇 乡镇 城镇 集镇 菜市场 农贸市场 商场 大街 上街 逛街 主干道
    高速路 人行道 家乡 下乡 老乡 车站 汽车站 火车站 公交车站 收费站 高速公路 国家公路
    开学 同学 上学 放学 入学 老小区 安置小区 住宅小区 居民小区 封路 占路 拦路 让路
    路路 半路 消费市场 房地产市场 幼儿园 卫生院 沿街 临街 小组 工作组 班组 专案组
    调查组
    """.split()  # noqa: SIM905 - a list of words is read as words
)

_NO_PLACE_ENDS = (
    "上小学", "读小学", "上中学", "读中学", "上大学", "读大学", "上幼儿园", "读幼儿园", "回家路", "上学路", "泥巴路", "水泥路",
    "石子路", "沙子路", "断头路", "烂尾路", "必经路", "通村公路", "乡村公路", "农村公路", "组级公路", "机耕路",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Regions by name. `above` gives a region's own code and everything above it, nearest first."""

    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    def within(self, text: str, *, near: str) -> tuple[tuple[str, ...], str]:
        """Names of regions that the text has, and the region meant: the deepest that fits the others and `near`.

        :param near: where the message came in; a namesake elsewhere is taken only when nothing nearer fits
        :return: names in the order of the text, and a code, or "" when it names none
        """
        found: dict[str, None] = {}
        place = 0
        while place < len(text):
            longest = min(self.longest, len(text) - place)
            name = next(
                (
                    text[place : place + n]
                    for n in range(longest, 1, -1)
                    if text[place : place + n] in self.codes
                ),
                "",
            )
            if name:
                found[name] = None
            place += len(name) or 1
        named = {code for name in found for code in self.codes[name]}
        best = max(named, key=lambda code: self._fits(code, named, near), default="")
        return tuple(found), best

    def _fits(self, code: str, named: set[str], near: str) -> tuple[int, bool, int, str]:
        chain = self.above.get(code, (code,))
        agreed = sum(1 for one in chain if one in named)
        return agreed, near in chain, len(chain), code


def gazetteer(regions: Iterable[tuple[str, str, tuple[str, ...]]]) -> Gazetteer:
    """:param regions: code, name and the chain of codes upward (its own first)"""
    codes: dict[str, list[str]] = {}
    above = {}
    for code, name, chain in regions:
        above[code] = chain
        for called in {name, _short(name)}:
            codes.setdefault(called, []).append(code)
    return Gazetteer(
        {name: tuple(all_codes) for name, all_codes in codes.items()}, above, max(map(len, codes), default=0)
    )


def _short(name: str) -> str:
    """A region as people call it: 咸安 for 咸安区; names of two characters stay whole."""
    end = next((end for end in REGION_ENDS if name.endswith(end) and len(name) - len(end) >= 2), "")
    return name[: len(name) - len(end)] if end else name


def named_places(text: str) -> tuple[str, ...]:
    """Roads, estates, villages, schools … that the text names, in its order, at most `MOST`."""
    names = (match.group() for match in _NAME.finditer(text))
    found = dict.fromkeys(
        name for name in names if name not in _NO_PLACE and not name.endswith(_NO_PLACE_ENDS)
    )
    return tuple(found)[:MOST]
