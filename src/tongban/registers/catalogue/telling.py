"""The decision rules of a matter in words, as a command prints them and a page may show them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.explain import explain
from tongban.registers.catalogue import instant
from tongban.registers.catalogue.instant import InstantSpec, Verdict

VERDICTS = {
    "zh": {Verdict.APPROVE: "当场批准", Verdict.HUMAN: "转人工", Verdict.TOLD: "告知不符合"},
    "en": {Verdict.APPROVE: "approved at once", Verdict.HUMAN: "to a human", Verdict.TOLD: "told"},
}
WORDS = {
    "zh": {
        "basis": "依据", "version": "规则版本", "sampling": "每天事后抽查", "demand": "要求", "if": "怎么判断",
        "mend": "不符合时", "example": "例子", "unknown": "不知道", "false": "不符合", "uploads": "上传后不用人看",
        "age": "{0}（{1}天以内的才算）", "all": "全部是“是”才当场批准；有一条不知道，转人工；有一条“否”，提交前告知。",
    },
    "en": {
        "basis": "Basis", "version": "Version", "sampling": "Checked afterwards each day", "demand": "Demands",
        "if": "Condition", "mend": "If not", "example": "Example", "unknown": "unknown", "false": "not met",
        "uploads": "Uploads that need no eye", "age": "{0} (at most {1} days old)",
        "all": "All true: approved at once. One unknown: to a human. One false: told before submitting.",
    },
}  # fmt: skip


def names_of(spec: InstantSpec, elements: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, str]:
    """What everything that the rules read is called.

    :param elements: pack entries of data elements by key
    """
    english = language == "en"
    found = {}
    for key in spec.reads:
        fact = spec.facts.get(key)
        element = elements.get(key.split(".", 2)[2] if key.startswith(instant.SHARED) else key)
        if fact is not None and fact.name:
            said = fact.name_en if english else fact.name
        elif key in instant.GIVEN:
            _kind, zh, en = instant.GIVEN[key]
            said = en if english else zh
        elif element is not None:
            said = str(element.get("name_en") or element["name"]) if english else str(element["name"])
            if key.startswith(instant.SHARED):
                said = f"{said} ({key.split('.')[1]})"
        else:
            said = key
        age = fact.max_age if fact is not None else None
        found[key] = WORDS[language]["age"].format(said, age) if age is not None else said
    return found


def lines(
    spec: InstantSpec, elements: Mapping[str, Mapping[str, Any]], *, language: str = "zh"
) -> Iterator[str]:
    """The rules with what each demands, how it is decided, what mends it, and the examples; one line each.

    :param language: ``zh`` or ``en``
    """
    words, names = WORDS[language], names_of(spec, elements, language)
    for law, article, says in spec.basis:
        yield f"{words['basis']}：{law}{article} {says}"
    yield f"{words['version']}：{spec.version[:12]}"
    yield f"{words['sampling']}：{spec.sampling * 100:f}%"
    if spec.uploads:
        yield f"{words['uploads']}：{'、'.join(spec.uploads)}"
    yield words["all"]
    for number, (demand, rule) in enumerate(zip(spec.demands, spec.rules, strict=True), start=1):
        says, mend = demand.words(language)
        yield ""
        yield f"{number}. {words['demand']}：{says}（{demand.key}）"
        yield f"   {words['if']}：{explain(rule, names=names, language=language)}"
        yield f"   {words['mend']}：{mend}"
    yield ""
    for example in spec.examples:
        yield f"{words['example']} {example.name} → {VERDICTS[language][example.then]}{_why(example, words)}"
        yield "   " + "；".join(
            f"{names.get(key, key)}＝{_said(value)}" for key, value in example.given.items()
        )


def _why(example: instant.Example, words: Mapping[str, str]) -> str:
    if example.rules:
        return f"（{words['false']}：{'、'.join(example.rules)}）"
    return f"（{words['unknown']}：{'、'.join(example.unknown)}）" if example.unknown else ""


def _said(value: Any) -> str:
    if isinstance(value, Dated):
        known = value.known_at
        return f"{_said(value.value)}@{known.isoformat()}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
