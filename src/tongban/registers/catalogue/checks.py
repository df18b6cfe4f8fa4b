"""What an entry of a pack or of a JSON file may say, and its canonical form. Pure.

Faults are sentences: what is wrong and what would be right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.registers.catalogue import codes, instant_checks, regulated
from tongban.registers.catalogue.elements import EMPTY, LIST_NAMES, OPTIONAL

TYPES = ("text", "date", "number", "choice", "yesno", "id", "uscc", "phone", "address", "money")
_PLACE_KEYS = frozenset({"code", "department"})


@dataclass(frozen=True, slots=True)
class Form:
    """Keys that an entry must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


ELEMENT = Form(
    ("key", "name", "type"),
    (
        "name_en",
        "choices",
        "choices_en",
        "group",
        "max",
        "min",
        "help",
        "help_en",
        "example",
        "personal",
        "unit",
        "pattern",
    ),
)
MATERIAL = Form(
    ("key", "name", "source"),
    ("name_en", "form", "issuer", "licence_kind", "sample", "mistakes", "help"),
)


def against(form: Form, item: Mapping[str, Any]) -> Iterator[str]:
    """Faults of an element or a material."""
    for key in form.required:
        if item.get(key) in {None, ""}:
            yield f"缺少 {key}。"
    known = {*form.required, *form.optional}
    for key in item:
        if key not in known:
            yield f"不认识 {key}；可用：{'、'.join(sorted(known))}。"
    if form is ELEMENT:
        if item.get("type") not in TYPES:
            yield f"type “{item.get('type')}”无效；可填：{'、'.join(TYPES)}。"
        yield from _choice_faults(item)
    elif str(item.get("source")) not in codes.MaterialSource.values:
        yield f"source “{item.get('source')}”无效；可填：10、20、99。"


def _choice_faults(item: Mapping[str, Any]) -> Iterator[str]:
    choices, english = item.get("choices") or [], item.get("choices_en") or []
    if item.get("type") == "choice" and not choices:
        yield "是选择项，却没有 choices。"
    if english and len(english) != len(choices):
        yield f"choices_en 有{len(english)}项，choices 有{len(choices)}项；要一一对应。"
    if len(set(english)) != len(english):
        yield "choices_en 里有两项相同；读英文的人分不出来。"


def canonical_keyed(item: dict[str, Any]) -> dict[str, Any]:
    """A form of paper given as one word becomes a list of one."""
    if isinstance(item.get("form"), str):
        item["form"] = [item["form"]]
    if "source" in item:
        item["source"] = str(item["source"])
    return item


def matter_faults(
    item: Mapping[str, Any], elements: Mapping[str, Any], materials: Mapping[str, Any]
) -> list[str]:
    """Everything wrong with one matter."""
    faults = [
        f"不认识 {key}；可用：{'、'.join((*EMPTY, *OPTIONAL))}。"
        for key in item
        if key not in {*EMPTY, *OPTIONAL, *_PLACE_KEYS}
    ]
    faults += [f"缺少 {key}。" for key in ("name", "kind") if not item.get(key)]
    faults += _code_faults(item)
    faults += _limit_faults(item)
    faults += _part_faults(item)
    situations = {entry.get("key") for entry in item.get("situations") or []}
    faults += _use_faults(item, "elements", elements, situations, "packs/elements")
    faults += _use_faults(item, "materials", materials, situations, "packs/materials")
    for entry in item.get("handling_items") or []:
        for key in entry.get("situations") or []:
            if key not in situations:
                faults.append(
                    f"办理项{entry.get('code')}引用了没有定义的情形“{key}”；有：{_said(situations)}。"
                )
    if item.get("regulated") and not regulated.is_regulated(str(item.get("kind", "")).zfill(2)):
        faults.append("只有行政处罚、行政强制、行政检查可以有 regulated。")
    return faults + instant_checks.faults(item, elements)


def _said(values: Any) -> str:
    return "、".join(sorted(str(value) for value in values)) or "无"


def _code_faults(item: Mapping[str, Any]) -> Iterator[str]:
    code = str(item.get("code", ""))
    if len(code) > codes.BASIC_CODE_MAX or not code.isalnum():
        yield f"基本编码“{code}”应为1至{codes.BASIC_CODE_MAX}位字母或数字。"
    if len(str(item.get("name", ""))) > codes.NAME_MAX:
        yield f"名称超过{codes.NAME_MAX}个字。"
    tables: tuple[tuple[str, list[str]], ...] = (
        ("levels", codes.ExerciseLevel.values),
        ("applicants", codes.Applicant.values),
        ("channels", codes.Channel.values),
        ("procedures", list(codes.PROCEDURES)),
    )
    for name, possible in tables:
        for value in item.get(name) or []:
            if str(value) not in possible:
                yield f"{name} 里的“{value}”无效；可填：{'、'.join(possible)}。"
    try:
        codes.kind_code(str(item.get("kind", "")))
    except ValueError as error:
        yield str(error)
    if str(item.get("case_kind") or "2") not in codes.CaseKind.values:
        yield f"case_kind “{item['case_kind']}”无效；可填：1 即办件、2 承诺件、9 其他。"
    if item.get("depth") and item["depth"] not in codes.Depth.values:
        yield f"depth “{item['depth']}”无效；可填：I、II、III、IV。"


def _limit_faults(item: Mapping[str, Any]) -> Iterator[str]:
    legal, promised = item.get("legal_limit"), item.get("promised_limit")
    for name, limit in (("legal_limit", legal), ("promised_limit", promised)):
        if limit is None:
            continue
        if limit.get("unit", "working_days") not in codes.LIMIT_UNITS:
            yield f"{name} 的 unit “{limit.get('unit')}”无效；可填：{'、'.join(codes.LIMIT_UNITS)}。"
        if not isinstance(limit.get("amount"), int) or limit["amount"] < 0:
            yield f"{name} 的 amount 应为不小于0的整数（0为当场）。"
            return
    if (
        legal
        and promised
        and legal.get("unit") == promised.get("unit")
        and promised["amount"] > legal["amount"]
    ):
        yield f"承诺时限{promised['amount']}比法定时限{legal['amount']}长；承诺只能更短。"


def _part_faults(item: Mapping[str, Any]) -> Iterator[str]:
    for step in item.get("steps") or []:
        if step.get("link") not in codes.LINKS:
            yield f"环节“{step.get('link')}”无效；可填：{'、'.join(codes.LINKS)}。"
    for result in item.get("results") or []:
        if result.get("kind") not in codes.RESULT_KINDS:
            yield f"结果类型“{result.get('kind')}”无效；可填：{'、'.join(codes.RESULT_KINDS)}。"
        if result.get("act") and (result["act"] not in codes.LICENCE_ACTS or not result.get("licence_kind")):
            yield f"结果的 act 可填：{'、'.join(codes.LICENCE_ACTS)}，并要有 licence_kind。"
    for fee in item.get("fees") or []:
        if not isinstance(fee.get("amount_fen"), int) or fee["amount_fen"] < 0:
            yield f"收费“{fee.get('name')}”的 amount_fen 应为不小于0的整数（分）。"
        if fee.get("due", "") not in ("", "accept") or not isinstance(fee.get("back", False), bool):
            yield f"收费“{fee.get('name')}”的 due 可填：accept（受理时网上收）；back 可填：true、false。"
    yield from _list_faults(item.get("lists") or {})


def _list_faults(lists: Mapping[str, Any]) -> Iterator[str]:
    for name in lists:
        if name not in LIST_NAMES:
            yield f"lists 里不认识 {name}；可用：{'、'.join(LIST_NAMES)}。"
    for word in lists.get("cross_region") or []:
        try:
            codes.cross_region(str(word))
        except ValueError as error:
            yield str(error)


def _use_faults(
    item: Mapping[str, Any], name: str, known: Mapping[str, Any], situations: set[Any], folder: str
) -> Iterator[str]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for use in item.get(name) or []:
        entry = use if isinstance(use, Mapping) else {"key": use}
        key, when = str(entry.get("key")), tuple(_listed(entry.get("when")))
        if key not in known:
            yield f"{name} 里的“{key}”在 {folder} 里没有定义。"
        if (key, when) in seen:
            yield f"{name} 里“{key}”写了两次。"
        seen.add((key, when))
        for situation in when:
            if situation not in situations:
                yield f"“{key}”的 when “{situation}”不是本事项的情形；有：{_said(situations)}。"
        if name == "materials":
            try:
                codes.necessity_code(str(entry.get("necessity", "必要")))
            except ValueError as error:
                yield str(error)


def _listed(value: Any) -> list[str]:
    if value in {None, ""} if not isinstance(value, list) else False:
        return []
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def canonical_matter(item: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical form of a faultless entry; what is not said has its empty value."""
    data: dict[str, Any] = {name: item.get(name) or empty for name, empty in EMPTY.items()}
    data["visits"] = item.get("visits")
    data["kind"] = codes.kind_code(str(item["kind"]))
    data["case_kind"] = str(item.get("case_kind") or "")
    for name in ("levels", "applicants", "channels", "topics", "keywords", "conditions", "mistakes"):
        data[name] = [str(value) for value in data[name]]
    for name in ("legal_limit", "promised_limit"):
        if data[name]:
            data[name] = {"amount": data[name]["amount"], "unit": data[name].get("unit", "working_days")}
    data["legal_basis"] = [
        {"law": one["law"], "article": str(one.get("article", "")), "says": one.get("says", "")}
        for one in data["legal_basis"]
    ]
    data["elements"] = [_element_use(use) for use in data["elements"]]
    data["materials"] = [_material_use(use) for use in data["materials"]]
    data["handling_items"] = [
        {"code": str(one["code"]), "name": one["name"], "situations": _listed(one.get("situations"))}
        for one in data["handling_items"]
    ]
    lists = {name: value for name, value in data["lists"].items() if value}
    for name in ("cross_region", "sunk_to", "abolished_proofs"):
        if name in lists:
            lists[name] = [str(value) for value in lists[name]]
    if "cross_region" in lists:
        lists["cross_region"] = [codes.cross_region(word) for word in lists["cross_region"]]
    data["lists"] = lists
    if item.get("instant"):
        data["instant"] = instant_checks.canonical(item["instant"])
    if item.get("regulated"):
        data["regulated"] = regulated.canonical(item["regulated"], data["kind"])
    return data


def _element_use(use: Any) -> dict[str, Any]:
    if isinstance(use, Mapping):
        when = {"when": _listed(use["when"])} if use.get("when") else {}
        return {"key": str(use["key"]), "required": bool(use.get("required", True)), **when}
    return {"key": str(use), "required": True}


def _material_use(use: Any) -> dict[str, Any]:
    entry = use if isinstance(use, Mapping) else {"key": use}
    return {
        "key": str(entry["key"]),
        "necessity": codes.necessity_code(str(entry.get("necessity", "必要"))),
        "commitment": bool(entry.get("commitment")),
        "when": _listed(entry.get("when")),
    }
