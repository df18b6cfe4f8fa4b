"""Affairs that run through the shared stream, told by keywords that were found by reading it; no message is kept here."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

SHARED = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).parents[5] / "shared"))
STREAM = SHARED / "data" / "hotline" / "stream.csv"

# name: (in title or body, in the title, not in title or body); every pattern must be found, the last one must not
AFFAIRS: Mapping[str, tuple[str, str, str]] = {
    "plant beside the new town": (
        r"丽发(新城|小区)",
        r"搅拌|噪|尘|污染|太吵|拯救|仍存在|非法|居民区",
        r"垃圾站散发",
    ),
    "parking sold with flats": (
        r"伊景园|滨河苑|广铁(集团|职工|管辖)|铁广职工",
        r"伊景园|滨河|广铁|铁广|车位|职工|敛财",
        r"涵洞|沿线噪音|省社保",
    ),
    "kitchens under a big estate": (r"魅力之城", r"油烟|夜宵|商铺|门店|门面|底层", r"楼板"),
    "a lending platform's escape": (r"58车[贷货]", r"", r"普惠投资|余易"),
    "a power line along a road": (r"月亮岛路", r"高压|110kv|110KV|11万伏", r"500kv"),
    "a park's plan": (r"泉星公园", r"泉星公园", r""),
    "forced internships": (r"经济学院", r"实习|打工|工厂|社会实践", r""),
    "renewal of an old quarter": (r"凉塘路", r"改造", r""),
    "a village group not resettled": (r"茶场村", r"拆|规划|五组", r""),
    "restaurants under flats": (r"辉煌国际城", r"", r"邦鸿"),
    "fees of a language school": (r"温斯顿", r"温斯顿", r""),
    "a food court without a fire permit": (r"老地方", r"消防|招商|美食|商场", r""),
    "a hospital at the gate": (r"诺亚山林", r"诺亚山林", r""),
    "another platform": (r"余易贷", r"", r""),
    "night work on the gap": (r"中海国际社区", r"施工", r""),
    "shops in a stairwell": (r"青青家园|青山新村", r"住改商|烟道|烟管|市场监管|消防", r""),
    "defects of new flats": (r"江山帝景", r"新房", r""),
}


def by_keywords() -> dict[str, str]:
    """The affair of each message that belongs to one, by id."""
    with STREAM.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        title, all_of_it = row["留言主题"], row["留言主题"] + row["留言详情"]
        for name, (anywhere, in_title, nowhere) in AFFAIRS.items():
            if re.search(anywhere, all_of_it) and re.search(in_title, title):
                if not (nowhere and re.search(nowhere, all_of_it)):
                    found[row["留言编号"]] = name
                break
    return found


def b_cubed(truth: Mapping[str, str], groups: Mapping[str, int]) -> tuple[float, float]:
    """Precision and recall, mean over the messages of known affairs; who is in no group is a group of its own."""
    members: dict[object, list[str]] = defaultdict(list)
    for one, group in groups.items():
        members[group].append(one)
    sizes = Counter(truth.values())
    precision = recall = 0.0
    for one, affair in truth.items():
        together = members[groups[one]] if one in groups else [one]
        same = sum(truth.get(other) == affair for other in together)
        precision += same / len(together)
        recall += same / sizes[affair]
    return precision / len(truth), recall / len(truth)
