"""A tiny hotline to learn from: three categories, messages made of what people say about each."""

import csv
import itertools
import os
from pathlib import Path

from django.conf import settings

from tongban.desks.hotline.sorting import lexicon as lexicons
from tongban.desks.hotline.sorting.learning import Lesson, Model, learn
from tongban.desks.hotline.sorting.lexicon import Lexicon

SHARED = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).parents[5] / "shared")) / "data" / "hotline"
LABELLED = SHARED / "labelled.csv"
TAXONOMY = SHARED / "taxonomy.csv"

LEXICON = Lexicon(
    {
        "环境/噪音": ("施工", "噪音", "扰民", "睡不着"),
        "环境/污水": ("污水", "直排", "臭味"),
        "交通/公交": ("公交车", "班次", "司机"),
        "劳动/工资": ("工资", "拖欠", "老板"),
    },
    {"环境": "cgj", "环境/污水": "scjg", "交通": "jtj"},
)
_SAID = {
    "环境/噪音": (("工地", "楼下", "夜市"), ("半夜施工噪音大", "唱歌扰民睡不着", "机器声音太吵")),
    "环境/污水": (("化工厂", "养猪场", "餐馆"), ("污水直排河里", "臭味很重", "把水染黑了")),
    "交通/公交": (("三路", "八路", "早班"), ("公交车不到站停车", "班次太少等很久", "司机态度很差")),
    "劳动/工资": (("公司", "工地", "饭店"), ("拖欠三个月工资", "老板不发钱", "没有加班费")),
}
_WHERE = ("城东小区", "南门街", "桂花路", "新村")


def lessons() -> list[Lesson]:
    """144 messages, the same every time."""
    return [
        Lesson(f"{where}{who}{what}", f"{where}旁边的{who}{what}，已经{n}个月了，请处理。", category)
        for category, (whose, what_all) in _SAID.items()
        for n, (where, who, what) in enumerate(itertools.product(_WHERE, whose, what_all), 1)
    ]


def small_model() -> Model:
    return learn(lessons(), lexicon=LEXICON)


def shipped_lexicon() -> Lexicon:
    return lexicons.read(settings.PACKS / "hotline" / "lexicon.yaml")


def labelled() -> list[Lesson]:
    """The real messages; only where the shared data is."""
    with LABELLED.open(encoding="utf-8-sig", newline="") as file:
        return [Lesson(row["留言主题"], row["留言详情"], row["一级分类"]) for row in csv.DictReader(file)]


def write_csv(path: Path, rows: list[Lesson], *, with_category: bool = True) -> Path:
    """A file as `labelled.csv` is: number, time, subject, text, category."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["留言编号", "留言时间", "留言主题", "留言详情", *(["一级分类"] if with_category else [])]
        )
        for n, one in enumerate(rows):
            category = [one.category.split("/")[0]] if with_category else []
            writer.writerow([n, "2026/11/20 9:00:00", one.subject, one.body, *category])
    return path
