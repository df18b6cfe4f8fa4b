"""One form and one set of papers out of what many matters ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.desks.themes.conditions import Facts, holds
from tongban.desks.themes.contracts import (
    UNSURE,
    Answer,
    FieldGroup,
    FieldSource,
    FormField,
    PlannedMaterial,
    SparedMaterial,
    Wording,
)
from tongban.desks.themes.format import FieldRule, MaterialRule, Theme
from tongban.desks.themes.sources import group_names
from tongban.registers.catalogue.contracts import (
    LATER,
    OPTIONAL,
    REQUIRED,
    ElementSpec,
    MaterialSpec,
    MatterSpec,
)

# The strictest first: what one matter must have at once, nobody may bring later.
STRICTNESS = (REQUIRED, LATER, OPTIONAL)


@dataclass(frozen=True, slots=True)
class Use:
    """A matter that takes part, in its situation."""

    code: str
    situation: str
    spec: MatterSpec

    @property
    def elements(self) -> tuple[ElementSpec, ...]:
        return self.spec.elements_for(self.situation)

    @property
    def papers(self) -> tuple[MaterialSpec, ...]:
        return self.spec.materials_for(self.situation)


def merge_form(
    theme: Theme, uses: Sequence[Use], *, given: Mapping[str, Answer], facts: Facts
) -> tuple[FieldGroup, ...]:
    """Each data element once, in the theme's groups and order; what the theme does not place follows in
    the catalogue's groups.
    """
    rules = {rule.key: rule for rule in theme.form.fields}
    users: dict[str, list[tuple[str, ElementSpec]]] = {}
    for use in uses:
        for element in use.elements:
            rule = rules.get(element.key)
            if rule is None or holds(rule.when, facts):
                users.setdefault(element.key, []).append((use.code, element))
    sources = _Sources(theme, {use.code for use in uses}, set(users), given, facts)
    fields = {key: _field(rules.get(key), asked, sources) for key, asked in users.items()}
    return _grouped(theme, fields, {key: asked[0][1].group for key, asked in users.items()})


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where the value of a field can come from, other than from the applicant."""

    theme: Theme
    planned: set[str]
    asked: set[str]
    given: Mapping[str, Answer]
    facts: Facts

    def of(self, rule: FieldRule) -> tuple[FieldSource, Answer | None, str, str]:
        """(source, value, field copied, matter that produces it)"""
        value = answered(self.theme, rule, self.given)
        if value is None:
            value = next((case.value for case in rule.derived if holds(case.when, self.facts)), None)
        if value is not None:
            return "answer", value, "", ""
        if rule.copies in self.asked and holds(rule.copies_when, self.facts):
            return "copy", None, rule.copies, ""
        if rule.produced_by in self.planned:
            return "result", None, "", rule.produced_by
        return "ask", None, "", ""


def _field(rule: FieldRule | None, asked: Sequence[tuple[str, ElementSpec]], sources: _Sources) -> FormField:
    element = asked[0][1]
    rule = rule or FieldRule(key=element.key)
    source, value, copies, given_by = sources.of(rule)
    usual = next((line for line in rule.usual if holds(line.when, sources.facts)), None)
    return FormField(
        key=element.key,
        label=Wording(rule.label or element.name, rule.label_en or element.name_en),
        type=element.type,
        choices=element.choices,
        choices_en=element.choices_en,
        required=any(use.required for _, use in asked),
        maximum=element.max,
        help=Wording(rule.help, rule.help_en) if rule.help else Wording(element.help, element.help_en),
        example=element.example,
        personal=element.personal,
        used_by=tuple(dict.fromkeys(code for code, _ in asked)),
        source=source,
        value=value,
        copies=copies,
        given_by=given_by,
        visible=rule.visible.source if rule.visible else None,
        usual=usual.value if usual else None,
        usual_copies=usual.copies if usual else "",
    )


def answered(theme: Theme, rule: FieldRule, given: Mapping[str, Answer]) -> Answer | None:
    """What the form says where a question was answered already; a choice is written by its label. Who was
    unsure is asked.
    """
    answer = given.get(rule.from_answer)
    question = theme.question(rule.from_answer)
    if answer is None or answer == UNSURE or question is None:
        return None
    if question.type != "choice":
        return answer
    return next(option.fills or option.label for option in question.options if option.value == answer)


def _grouped(
    theme: Theme, fields: Mapping[str, FormField], catalogue_group: Mapping[str, str]
) -> tuple[FieldGroup, ...]:
    order: dict[str, list[str]] = {group.name: [] for group in theme.form.groups}
    names = {group.name: Wording(group.name, group.name_en) for group in theme.form.groups}
    placed = {key: group.name for group in theme.form.groups for key in group.fields}
    for group in theme.form.groups:
        order[group.name].extend(key for key in group.fields if key in fields)
    for key in fields:
        if key not in placed:
            order.setdefault(catalogue_group[key] or OTHER.zh, []).append(key)
    return tuple(
        FieldGroup(
            names.get(name) or (OTHER if name == OTHER.zh else Wording(name, group_names().get(name, ""))),
            tuple(fields[k] for k in keys),
        )
        for name, keys in order.items()
        if keys
    )


OTHER = Wording("其他", "Other")


def merge_materials(
    theme: Theme, uses: Sequence[Use], *, facts: Facts
) -> tuple[tuple[PlannedMaterial, ...], tuple[SparedMaterial, ...]]:
    """Each paper once: what is asked of the applicant or made by an earlier matter, and what the theme
    spares him, in the order of the file and then of the matters.
    """
    rules = {rule.key: rule for rule in theme.materials}
    users: dict[str, list[tuple[str, MaterialSpec]]] = {key: [] for key in rules}
    for use in uses:
        for paper in use.papers:
            users.setdefault(paper.key, []).append((use.code, paper))
    planned = {use.code for use in uses}
    asked: list[PlannedMaterial] = []
    spared: list[SparedMaterial] = []
    for key, using in users.items():
        if not using:
            continue
        rule = rules.get(key) or MaterialRule(key=key)
        if holds(rule.when, facts):
            asked.append(_material(rule, using, planned))
        else:
            spared.append(_spared(rule, using))
    return tuple(asked), tuple(spared)


def _material(
    rule: MaterialRule, using: Sequence[tuple[str, MaterialSpec]], planned: set[str]
) -> PlannedMaterial:
    paper = using[0][1]
    return PlannedMaterial(
        key=paper.key,
        name=Wording(paper.name, paper.name_en),
        form=paper.form,
        necessity=min((use.necessity for _, use in using), key=STRICTNESS.index),
        commitment=all(use.commitment for _, use in using),
        used_by=tuple(dict.fromkeys(code for code, _ in using)),
        given_by=rule.produced_by if rule.produced_by in planned else "",
        source=paper.source,
        issuer=paper.issuer,
        licence_kind=paper.licence_kind,
        sample=paper.sample,
        mistakes=paper.mistakes,
        help=paper.help,
    )


def _spared(rule: MaterialRule, using: Sequence[tuple[str, MaterialSpec]]) -> SparedMaterial:
    paper = using[0][1]
    why = Wording(rule.why, rule.why_en)
    codes = tuple(dict.fromkeys(code for code, _ in using))
    return SparedMaterial(paper.key, Wording(paper.name, paper.name_en), why, codes)
