"""What a block `instant` of a pack may say, its canonical form, and its faults as sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tongban.kernel.rules.errors import RuleError
from tongban.registers.catalogue import instant

PARTS = ("basis", "sampling", "situations", "uploads", "facts", "rules", "examples")
FACT = ("key", "type", "name", "name_en", "max_age", "complete")
DEMAND = ("key", "if", "says", "says_en", "mend", "mend_en")
EXAMPLE = ("name", "given", "but", "as_of", "then", "rules", "unknown")


def faults(item: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Everything wrong with the block of one matter; none when there is no block."""
    block = item.get("instant")
    if not block:
        return []
    if not isinstance(block, Mapping):
        return ["instant 应是一组要素。"]
    found = [f"instant {fault}" for fault in _shape(item, block, elements)]
    if found:
        return found
    try:
        spec = instant.spec_of(canonical(block), elements)
    except RuleError as error:
        return [f"instant 规则{problem}" for problem in error.problems]
    except (ValueError, TypeError) as error:
        return [f"instant {error}"]
    asked = {str(use["key"] if isinstance(use, Mapping) else use) for use in item.get("elements") or []}
    found = [
        f"instant 规则读了“{key}”，它不在本事项的 elements 里，也不在 instant.facts 里。"
        for key in spec.reads
        if key not in asked and key not in spec.facts and key not in instant.GIVEN
    ]
    return found + [f"instant {fault}" for fault in instant.example_faults(spec)]


def _shape(
    item: Mapping[str, Any], block: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    yield from _unknown_keys(block, PARTS, "")
    yield from _frame(item, block)
    yield from _facts(block, elements)
    yield from _demands(block)
    yield from _examples(block)


def _frame(item: Mapping[str, Any], block: Mapping[str, Any]) -> Iterator[str]:
    if not block.get("basis"):
        yield "缺少 basis：不经人审批要有依据。"
    for one in block.get("basis") or []:
        if not isinstance(one, Mapping) or not one.get("law"):
            yield "basis 每条要有 law。"
    if not _is_share(block.get("sampling")):
        yield "sampling 应大于0、不大于1：每天事后抽查的比例。"
    if not (item.get("lists") or {}).get("instant"):
        yield "有秒批规则的事项，lists 里 instant 应为 true（马上办）。"
    situations = {one.get("key") for one in item.get("situations") or []}
    for key in block.get("situations") or []:
        if key not in situations:
            yield f"situations 里的“{key}”不是本事项的情形。"
    papers = {str(use["key"] if isinstance(use, Mapping) else use) for use in item.get("materials") or []}
    for key in block.get("uploads") or []:
        if key not in papers:
            yield f"uploads 里的“{key}”不是本事项的材料。"


def _is_share(value: Any) -> bool:
    try:
        return 0 < Decimal(str(value)) <= 1
    except InvalidOperation:
        return False


def _unknown_keys(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[str]:
    for key in entry:
        if key not in known:
            yield f"{where}不认识 {key}；可用：{'、'.join(known)}。"


def _facts(block: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    seen = set()
    for one in block.get("facts") or []:
        key = str(one.get("key", ""))
        parts = key.split(".", 2)
        yield from _unknown_keys(one, FACT, f"facts 里“{key}”")
        if key in seen:
            yield f"facts 里“{key}”写了两次。"
        seen.add(key)
        yield from _fact_faults(one, key, parts, elements)


def _fact_faults(
    one: Mapping[str, Any], key: str, parts: list[str], elements: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    if not key.startswith((instant.LICENCE, instant.HOLDS, instant.SHARED)):
        yield f"facts 里“{key}”应以 licence.、holds. 或 shared. 开头。"
    elif len(parts) != (2 if parts[0] == "holds" else 3) or not all(parts):
        yield f"facts 里“{key}”应写成 licence.种类.字段、holds.种类 或 shared.登记簿.数据项。"
    elif parts[0] == "licence" and not (one.get("type") and one.get("name") and one.get("name_en")):
        yield f"facts 里“{key}”要有 type、name、name_en。"
    elif parts[0] == "holds" and not (one.get("name") and one.get("name_en")):
        yield f"facts 里“{key}”要有 name、name_en。"
    elif parts[0] == "shared" and parts[2] not in elements:
        yield f"facts 里“{key}”的数据项“{parts[2]}”在 packs/elements 里没有定义。"
    elif parts[0] == "shared" and one.get("max_age") is None:
        yield f"facts 里“{key}”是共享数据，要写 max_age：最多几天前的才算数。"
    if one.get("complete") and parts[0] != "holds":
        yield f"facts 里“{key}”不能写 complete；它只用于 holds.。"
    age = one.get("max_age")
    if age is not None and (not isinstance(age, int) or age < 0):
        yield f"facts 里“{key}”的 max_age 应是不小于0的天数。"


def _demands(block: Mapping[str, Any]) -> Iterator[str]:
    if not block.get("rules"):
        yield "缺少 rules。"
    seen = set()
    for one in block.get("rules") or []:
        key = str(one.get("key", ""))
        yield from _unknown_keys(one, DEMAND, f"规则“{key}”")
        if key in seen:
            yield f"规则“{key}”写了两次。"
        seen.add(key)
        for name in DEMAND:
            if one.get(name) in (None, ""):
                yield f"规则“{key}”缺少 {name}。"


def _examples(block: Mapping[str, Any]) -> Iterator[str]:
    for number, one in enumerate(block.get("examples") or []):
        name = one.get("name", "")
        yield from _unknown_keys(one, EXAMPLE, f"例子“{name}”")
        if not name or one.get("then") not in list(instant.Verdict):
            yield f"例子“{name}”要有 name，then 填 approve、human 或 told。"
        if ("given" in one) == ("but" in one) or (number == 0 and "given" not in one):
            yield f"例子“{name}”要么写 given，要么写 but（在第一个例子上改）；第一个例子写 given。"
    if not block.get("examples"):
        yield "缺少 examples。"


def canonical(block: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical form of a block without faults of shape."""
    return {
        "basis": [
            {"law": one["law"], "article": str(one.get("article", "")), "says": one.get("says", "")}
            for one in block["basis"]
        ],
        "sampling": str(block["sampling"]),
        "situations": [str(key) for key in block.get("situations") or []],
        "uploads": [str(key) for key in block.get("uploads") or []],
        "facts": [_fact(one) for one in block.get("facts") or []],
        "rules": [{name: one[name] for name in DEMAND} for one in block["rules"]],
        "examples": [_example(one) for one in block["examples"]],
    }


def _fact(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in FACT if one.get(name) not in (None, "", False)}


def _example(one: Mapping[str, Any]) -> dict[str, Any]:
    """Days become texts, so that the block is plain JSON."""
    kept = {name: one[name] for name in EXAMPLE if name in one}
    if "as_of" in kept:
        kept["as_of"] = str(kept["as_of"])
    for name in ("given", "but"):
        if name in kept:
            kept[name] = {str(key): _value(value) for key, value in (kept[name] or {}).items()}
    return kept


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"value": _value(value["value"]), "as_of": str(value["as_of"])}
    return value.isoformat() if hasattr(value, "isoformat") else value
