"""Regulated matters 监管事项: what a department punishes, enforces and inspects (packs/regulated). Pure.

The block `regulated` of a matter says who in the unit takes it up, what a complaint about it becomes, and the
everyday words of people who complain; its checks come on top of those of every matter.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongban.registers.catalogue import codes
from tongban.registers.catalogue.departments import DEPARTMENTS

KINDS = (codes.MatterKind.PENALTY, codes.MatterKind.COMPULSION, codes.MatterKind.INSPECTION)
LEVELS = ("3", "4", "5")
WORDS = 3
PARTS = ("unit", "becomes", "words")
_ARTICLE = re.compile(
    r"第[零一二三四五六七八九十百]+条(之[一二三四五])?(第[一二三四五六七八九十]+款)?(第[一二三四五六七八九十]+项)?"
)


class Handler(TextChoices):
    """Who in the unit takes a regulated matter up."""

    BRIGADE = "brigade", _("执法队伍")
    STATION = "station", _("基层所队")
    OFFICE = "office", _("业务科室")


class Becomes(TextChoices):
    """What a complaint about a regulated matter becomes."""

    ONSITE = "onsite", _("到现场制止和处置")
    LEAD = "lead", _("作为违法线索核查，决定是否立案")
    MEASURE = "measure", _("核实后依法采取强制措施")
    INSPECTION = "inspection", _("安排检查")
    MEDIATION = "mediation", _("先调解纠纷，同时核查违法线索")


_USUAL = {
    codes.MatterKind.PENALTY.value: Becomes.LEAD,
    codes.MatterKind.COMPULSION.value: Becomes.MEASURE,
    codes.MatterKind.INSPECTION.value: Becomes.INSPECTION,
}


@dataclass(frozen=True, slots=True)
class RegulatedSpec:
    """Who takes the matter up, what a complaint becomes, and the words people use for it."""

    unit: Handler
    becomes: Becomes
    words: tuple[str, ...]


def is_regulated(kind: str) -> bool:
    """Whether a kind of matter is punished, enforced or inspected and not applied for."""
    return kind in KINDS


def faults(item: Mapping[str, Any], department: str) -> Iterator[str]:
    """Everything wrong with an entry of packs/regulated, beside what `checks.matter_faults` finds."""
    kind, code = str(item.get("kind", "")), str(item.get("code", ""))
    if not is_regulated(kind):
        yield f"监管事项的 kind 只能是{'、'.join(f'{one.value} {one.label}' for one in KINDS)}。"
    number = DEPARTMENTS.get(department, ("", ""))[0]
    if code[:5] != f"{kind}{number}":
        yield f"基本编码应以类型{kind}和部门编号{number}开头。"
    for name in ("plain_name", "name_en"):
        if not item.get(name):
            yield f"缺少 {name}。"
    levels = [str(level) for level in item.get("levels") or []]
    if not levels or not set(levels) <= set(LEVELS):
        yield f"levels 应写明由哪一级行使；可填：{'、'.join(LEVELS)}。"
    yield from _basis_faults(item)
    yield from _block_faults(item.get("regulated"))


def _basis_faults(item: Mapping[str, Any]) -> Iterator[str]:
    basis = item.get("legal_basis") or []
    if not basis:
        yield "缺少 legal_basis：没有依据不能处罚、强制、检查。"
    for one in basis:
        if not one.get("law") or not _ARTICLE.fullmatch(str(one.get("article", ""))):
            yield f"依据“{one.get('law', '')}{one.get('article', '')}”要有法名和条号，如第三十四条第二项。"


def _block_faults(block: Any) -> Iterator[str]:
    if not isinstance(block, Mapping):
        yield "缺少 regulated：谁承办、投诉后怎么办、群众的说法。"
        return
    for key in block:
        if key not in PARTS:
            yield f"regulated 里不认识 {key}；可用：{'、'.join(PARTS)}。"
    if block.get("unit") not in Handler.values:
        yield f"regulated 的 unit “{block.get('unit')}”无效；可填：{'、'.join(Handler.values)}。"
    if block.get("becomes") and block["becomes"] not in Becomes.values:
        yield f"regulated 的 becomes “{block['becomes']}”无效；可填：{'、'.join(Becomes.values)}。"
    words = [str(word) for word in block.get("words") or []]
    if len(words) < WORDS:
        yield f"regulated 的 words 至少{WORDS}个：群众怎么说这件事。"
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield f"regulated 的 words 里“{word}”写了两次。"


def canonical(block: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The block with what a complaint becomes always said."""
    return {
        "unit": str(block["unit"]),
        "becomes": str(block.get("becomes") or _USUAL[kind].value),
        "words": [str(word) for word in block["words"]],
    }


def spec_of(block: Mapping[str, Any]) -> RegulatedSpec:
    """From the canonical block."""
    return RegulatedSpec(Handler(block["unit"]), Becomes(block["becomes"]), tuple(block["words"]))
