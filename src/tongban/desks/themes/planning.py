"""From answers to the one notice 一次性告知. Pure: catalogue, calendar and instant are arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tongban.desks.themes import order
from tongban.desks.themes.answers import Standing, stand
from tongban.desks.themes.conditions import Facts, holds
from tongban.desks.themes.contracts import (
    Delivery,
    Fee,
    FieldGroup,
    JointPrecondition,
    JointSurvey,
    Party,
    Plan,
    PlannedMaterial,
    PlannedMatter,
    PlanRefused,
    Reduction,
    Result,
    Saved,
    UnitSlot,
    Wording,
)
from tongban.desks.themes.format import MatterUse, Survey, Theme
from tongban.desks.themes.merging import Use, merge_form, merge_materials
from tongban.desks.themes.sources import result_english
from tongban.registers.catalogue.contracts import LimitSpec, MatterSpec

SHANGHAI = ZoneInfo("Asia/Shanghai")
STATUTORY = LimitSpec(20)
"""行政许可法 42: twenty working days where nothing else is laid down."""
AT_THE_WINDOW = frozenset({"收件", "受理", "送达"})
"""Links that a theme has once for all of its matters: one window takes, and hands over (国办发〔2022〕32号)."""


class Catalogue(Protocol):
    """Where matters are looked up; `tongban.registers.catalogue.api` is one."""

    def matters(self, codes: Sequence[str], region: str) -> Mapping[str, MatterSpec]:
        """Specs by code as handled in `region` (12 digits); codes not offered there are absent."""
        ...


def plan(
    theme: Theme,
    answers: Mapping[str, Any],
    party: Party,
    *,
    catalogue: Catalogue,
    at: datetime,
    calendar: order.Calendar,
    version: int | None = None,
) -> Plan:
    """Everything that follows from the answers. Equal arguments give an equal plan.

    :param answers: by question key; a bool or ``yes``/``no``, a number, an ISO date, an option's value, or
        ``unsure``. Answers to questions that do not arise change nothing and are told in `Plan.ignored`.
    :param at: the instant of asking (aware); limits begin on the next working day (行政许可法 82)
    :param version: number under which the theme is published, where it is not that of the file
    :raises PlanRefused: an answer is missing, unknown or impossible; the theme is not for this party; a
        matter is not offered in the region; or no matter is needed. Says what is possible.
    """
    today = at.astimezone(SHANGHAI).date()
    standing = stand(theme, answers, party, today)
    _refuse_open(theme, standing)
    chosen = [use for use in theme.matters if holds(use.when, standing.facts)]
    if not chosen:
        says = Wording("按您的情况，这件事不需要办任何事项。", "In your situation nothing needs to be done.")
        raise PlanRefused(reason="no_matter", says=says)
    return _Assembly(
        theme=theme,
        party=party,
        at=at,
        today=today,
        standing=standing,
        chosen=chosen,
        after=_after(theme, chosen, standing.facts),
        specs=_specs(theme, chosen, party, catalogue),
        calendar=calendar,
        version=theme.version if version is None else version,
    ).plan()


class _Assembly:
    """The parts of one plan while it is put together."""

    def __init__(
        self,
        *,
        theme: Theme,
        party: Party,
        at: datetime,
        today: date,
        standing: Standing,
        chosen: Sequence[MatterUse],
        after: Mapping[str, tuple[str, ...]],
        specs: Mapping[str, MatterSpec],
        calendar: order.Calendar,
        version: int,
    ) -> None:
        self.version = version
        self.theme, self.party, self.at, self.today = theme, party, at, today
        self.standing, self.after, self.specs, self.calendar = standing, after, specs, calendar
        self.levels = order.levels(after)
        self.chosen = sorted(chosen, key=lambda use: self.levels[use.code])
        # Form and papers keep the order of the file: a prerequisite must not reshuffle them.
        self.uses = [Use(use.code, situation_of(use, standing.facts), specs[use.code]) for use in chosen]
        self.surveys = [survey for survey in theme.surveys if self._taking_part(survey)]
        self.promised = {use.code: promised_limit(use, specs[use.code]) for use in chosen}

    def _taking_part(self, survey: Survey) -> tuple[str, ...]:
        return tuple(code for code in survey.matters if code in self.after)

    def plan(self) -> Plan:
        theme, facts = self.theme, self.standing.facts
        steps = [order.Step(use.code, self.promised[use.code], self.after[use.code]) for use in self.chosen]
        joints = [order.Joint(self._taking_part(survey), survey.days) for survey in self.surveys]
        slots, held = order.schedule(steps, joints, start=self.today, calendar=self.calendar)
        situations = {use.code: use.situation for use in self.uses}
        matters = tuple(self._matter(use, situations[use.code], slots[use.code]) for use in self.chosen)
        form = merge_form(theme, self.uses, given=self.standing.given, facts=facts)
        materials, spared = merge_materials(theme, self.uses, facts=facts)
        promised_on = max(slot.due_on for slot in slots.values())
        spared_keys = {material.key for material in spared}
        return Plan(
            theme=theme.code,
            version=self.version,
            name=Wording(theme.name, theme.name_en),
            party=self.party,
            at=self.at,
            answers=self.standing.given,
            ignored=tuple(self.standing.ignored),
            assumptions=tuple(self.standing.assumptions),
            matters=matters,
            form=form,
            materials=materials,
            spared=spared,
            surveys=self._surveys(held),
            preconditions=self._preconditions(),
            delivery=_delivery(theme),
            results=tuple(
                Result(result.name, result.kind, result.licence_kind, matter.code, result_english(result))
                for matter in matters
                for result in self.specs[matter.code].results
            ),
            fees=tuple(
                Fee(fee.name, fee.amount_fen, fee.basis, matter.code)
                for matter in matters
                for fee in self.specs[matter.code].fees
            ),
            promised_on=promised_on,
            provisional=self.calendar.is_provisional(promised_on),
            saved=self._saved(
                form, materials, spared_keys, self._days(steps, promised_on), self._legal(steps, promised_on)
            ),
        )

    def _matter(self, use: MatterUse, situation: str, slot: order.Slot) -> PlannedMatter:
        spec = self.specs[use.code]
        survey = next((each for each in self.surveys if use.code in each.matters), None)
        return PlannedMatter(
            code=use.code,
            name=Wording(spec.name, spec.name_en),
            plain_name=spec.plain_name,
            situation=situation,
            situation_name=next((each.name for each in spec.situations if each.key == situation), ""),
            why=Wording(use.why, use.why_en),
            slot=UnitSlot(spec.department, use.region, region_of(use, self.party), spec.unit),
            case_kind=spec.case_kind,
            implementation_code=spec.implementation_code,
            level=self.levels[use.code],
            after=self.after[use.code],
            survey=survey.name if survey else "",
            promised=self.promised[use.code],
            legal=spec.legal_limit or STATUTORY,
            starts_on=slot.starts_on,
            due_on=slot.due_on,
            own_survey_days=survey.days if survey else 0,
            visits=spec.visits or 0,
        )

    def _surveys(self, held: Sequence[date]) -> tuple[JointSurvey, ...]:
        found = []
        for survey, on in zip(self.surveys, held, strict=True):
            part = self._taking_part(survey)
            lead = survey.lead if survey.lead in part else part[0]
            found.append(JointSurvey(Wording(survey.name, survey.name_en), lead, part, survey.days, on))
        return tuple(found)

    def _preconditions(self) -> tuple[JointPrecondition, ...]:
        found = []
        for group in self.theme.preconditions:
            part = tuple(code for code in group.matters if code in self.after)
            before = tuple(code for code in group.before if code in self.after)
            if part and before:
                name, remedy = Wording(group.name, group.name_en), Wording(group.remedy, group.remedy_en)
                found.append(JointPrecondition(name, part, before, group.objection == "stops_all", remedy))
        return tuple(found)

    def _saved(
        self,
        form: Sequence[FieldGroup],
        materials: Sequence[PlannedMaterial],
        spared: set[str],
        days: Reduction,
        legal_days: Reduction,
    ) -> Saved:
        fields = [item for group in form for item in group.fields]
        visits = [use.spec.visits for use in self.uses]
        return Saved(
            fields=Reduction(
                sum(len(item.used_by) for item in fields),
                sum(1 for item in fields if item.source in {"ask", "answer"}),
            ),
            papers=Reduction(
                sum(len({paper.key for paper in use.papers} - spared) for use in self.uses),
                sum(1 for material in materials if material.brought),
            ),
            trips=Reduction(
                sum(max(visit or 0, 1) for visit in visits),
                max(1 if visit is None else visit for visit in visits),
            ),
            steps=self._steps(),
            days=days,
            legal_days=legal_days,
        )

    def _steps(self) -> Reduction:
        """Links of handling: an application is taken and its results are handed over once for all of its matters."""
        links = [step.link for use in self.chosen for step in self.specs[use.code].steps]
        joint = [link for link in links if link in AT_THE_WINDOW]
        return Reduction(len(links), len(links) - len(joint) + len(set(joint)))

    def _legal(self, steps: Sequence[order.Step], promised_on: date) -> Reduction:
        legal = [order.Step(step.code, self.specs[step.code].legal_limit or STATUTORY, ()) for step in steps]
        return self._days(legal, promised_on)

    def _days(self, steps: Sequence[order.Step], promised_on: date) -> Reduction:
        alone = {code: survey.days for survey in self.surveys for code in self._taking_part(survey)}
        end = order.one_by_one(steps, alone, start=self.today, calendar=self.calendar)
        count = self.calendar.working_days
        return Reduction(count(self.today, end), count(self.today, promised_on))


def situation_of(use: MatterUse, facts: Facts) -> str:
    """Key of the situation in which a matter is done; empty where the theme names none."""
    if isinstance(use.situation, str):
        return use.situation
    return next((case.key for case in use.situation if holds(case.when, facts)), "")


def promised_limit(use: MatterUse, spec: MatterSpec) -> LimitSpec:
    """The city's own limit, shortened where the theme promises more."""
    limit = spec.promised_limit or spec.legal_limit or STATUTORY
    return limit if use.limit_days is None else LimitSpec(use.limit_days)


def region_of(use: MatterUse, party: Party) -> str:
    """Division whose unit handles a matter. Division codes: two digits province, two city, two county."""
    return party.region[:4].ljust(12, "0") if use.region == "city" else party.region


def _refuse_open(theme: Theme, standing: Standing) -> None:
    if not standing.open:
        return
    question = theme.question(standing.open[0])
    assert question is not None
    says = Wording(f"请先回答：{question.ask}", f"Please answer first: {question.ask_en or question.ask}")
    raise PlanRefused(reason="unanswered", says=says, question=question.key, possible=tuple(standing.open))


def _specs(
    theme: Theme, chosen: Sequence[MatterUse], party: Party, catalogue: Catalogue
) -> dict[str, MatterSpec]:
    found: dict[str, MatterSpec] = {}
    regions: dict[str, list[str]] = {}
    for use in chosen:
        regions.setdefault(region_of(use, party), []).append(use.code)
    for region, codes in regions.items():
        found.update(catalogue.matters(codes, region))
    absent = tuple(use.code for use in chosen if use.code not in found)
    if absent:
        listed = "、".join(absent)
        says = Wording(
            f"“{theme.name}”要办的事项 {listed} 在您选的地区还没有公布，请换一个地区，或打12345。",
            f"Matters {listed} of “{theme.name_en}” are not offered in this region. Choose another, or call 12345.",
        )
        raise PlanRefused(reason="not_offered", says=says, possible=absent)
    return found


def _after(theme: Theme, chosen: Sequence[MatterUse], facts: Facts) -> dict[str, tuple[str, ...]]:
    """Prerequisites among the chosen, those of joint preconditions included."""
    planned = {use.code for use in chosen}
    waits: dict[str, dict[str, None]] = {}
    for use in chosen:
        waits[use.code] = {
            step.code: None for step in use.after if step.code in planned and holds(step.when, facts)
        }
    for group in theme.preconditions:
        for code in group.before:
            if code in planned:
                waits[code].update({earlier: None for earlier in group.matters if earlier in planned})
    return {code: tuple(earlier) for code, earlier in waits.items()}


def _delivery(theme: Theme) -> Delivery:
    rule = theme.delivery
    return Delivery(rule.ways, rule.usual, rule.together, Wording(rule.note, rule.note_en))
