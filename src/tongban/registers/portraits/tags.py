"""Tags derived by rules: `packs/portraits/tags.yaml`, checked with its examples; the reason is told from the rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.core.signals import setting_changed
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel.rules.decision import Decision
from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.explain import explain
from tongban.kernel.rules.load import EXAMPLE_DAY, Rule, run_examples
from tongban.registers.portraits import packs, showing
from tongban.registers.portraits.contracts import KINDS, ElementInfo, TagInfo

_NEEDED = ("key", "name", "name_en", "party", "condition", "examples")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the pack: whoever the rule is true of bears it."""

    key: str
    name: str
    name_en: str
    party: str
    rule: Rule


def read_tags(path: Path) -> tuple[Tag, ...]:
    """The tags of a file, in its order.

    :raises PackError: with every fault: of form, of a rule, of an example that gives something else than it expects
    """
    faults = packs.Faults(path)
    found: dict[str, Tag] = {}
    for line, item in packs.entries(path, faults):
        key = str(item.get("key", "?"))
        wrong = list(packs.check_fields(item, needed=_NEEDED, optional=()))
        if key in found:
            wrong.append(_("%(key)s 写了两次。") % {"key": key})
        if item.get("party") not in KINDS:
            wrong.append(_("party 只能是 organisation 或 person。"))
        if not wrong:
            try:
                found[key] = _tag(item)
            except RuleError as error:
                wrong = [str(problem) for problem in error.problems]
        for words in wrong:
            faults.add(line, f"{key}：{words}")
    faults.none()
    return tuple(found.values())


def _tag(item: Mapping[str, Any]) -> Tag:
    rule = Rule.load(plain(item["condition"]), elements=packs.rule_elements(item["party"]))
    run_examples(plain(item["examples"]), lambda given, as_of: _tried(rule, given, as_of or EXAMPLE_DAY))
    return Tag(item["key"], item["name"], item["name_en"], item["party"], rule)


def _tried(rule: Rule, given: Mapping[str, Any], as_of: date | datetime) -> bool | None:
    """An example's facts are of its own day, unless one says ``{value: …, as_of: …}``."""
    record = {
        key: Dated(one["value"], date.fromisoformat(one["as_of"]))
        if isinstance(one, Mapping)
        else Dated(one, as_of)
        for key, one in given.items()
    }
    return rule.decide(record=record, as_of=as_of).value


def plain(value: Any) -> Any:
    """What a YAML file says as rules take it: exact decimals for floats, ISO text for days."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return Decimal(str(value))
    return value.isoformat() if isinstance(value, date) else value


@cache
def tags(party_kind: str) -> tuple[Tag, ...]:
    """Tags of one kind of party, in the order of the pack; none where there is no such file.

    :raises PackError: the pack is faulty
    """
    path = packs.folder() / "tags.yaml"
    found = read_tags(path) if path.exists() else ()
    return tuple(one for one in found if one.party == party_kind)


def derived(party_kind: str, record: Mapping[str, Dated], *, at: datetime) -> tuple[TagInfo, ...]:
    """The tags that a record bears, and those that cannot be told for want of data; what is false is left out."""
    today = actors.day_of(at)
    return tuple(_derived(tags(party_kind), record, today))


def _derived(known: tuple[Tag, ...], record: Mapping[str, Dated], today: date) -> Iterator[TagInfo]:
    for tag in known:
        decision = tag.rule.decide(record=record, as_of=today)
        if decision.value is not False:
            yield TagInfo(
                key=tag.key, name=tag.name, name_en=tag.name_en,
                standing="true" if decision.value else "unknown",
                reason={language: _reason(tag, decision, record, language) for language in ("zh", "en")},
                missing=decision.unknown,
            )  # fmt: skip


def _reason(tag: Tag, decision: Decision, record: Mapping[str, Dated], language: str) -> str:
    elements = packs.elements(tag.party)
    said = explain(
        tag.rule, names={key: one.name_in(language) for key, one in elements.items()}, language=language,
        values=lambda key, value: _worded(elements.get(key), value, language),
    )  # fmt: skip
    facts = [
        (elements[key], record[key])
        for key in tag.rule.reads
        if key in record and key not in decision.unknown
    ]
    chinese = language == "zh"
    told = ("；" if chinese else "; ").join(
        f"{info.name}：{showing.value_text(info, one.value, language)}（{one.known_at}）" if chinese
        else f"{info.name_en}: {showing.value_text(info, one.value, language)} ({one.known_at})"
        for info, one in facts
    )  # fmt: skip
    wanting = [elements[key].name_in(language) for key in decision.unknown if key in elements]
    if chinese:
        parts = [
            f"条件：{said}",
            f"依据：{told}" if told else "",
            f"缺：{'、'.join(wanting)}" if wanting else "",
        ]
        return "。".join(part for part in parts if part) + "。"
    parts = [
        f"Rule: {said}",
        f"Facts: {told}" if told else "",
        f"Missing: {', '.join(wanting)}" if wanting else "",
    ]
    return ". ".join(part for part in parts if part) + "."  # fmt: skip


def _worded(info: ElementInfo | None, value: Any, language: str) -> str:
    return str(value) if info is None else showing.value_text(info, value, language)


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") == "PACKS":
        tags.cache_clear()


setting_changed.connect(_forget, dispatch_uid=__name__)
