"""From a plan, a filled form and papers to one submission of the cases desk.

The plan is made anew by the caller at the instant of submitting; what was asked for, what may follow later
and what the one notice said are taken from it and from nothing that the browser sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import filling, papers
from tongban.desks.themes.contracts import Plan, PlannedMatter, UnitSlot
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.filling import Known
from tongban.desks.themes.holdings import Holdings, gather
from tongban.desks.themes.notice import Counts, counts, notice_of
from tongban.desks.themes.offers import matter_of
from tongban.desks.themes.papers import Paper
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.ways import Offer
from tongban.kernel.contracts import Actor
from tongban.kernel.ledger.rules import canonical
from tongban.registers.catalogue.contracts import LimitSpec

FRONT_DESK = "dsj"
"""Department that accepts for all 综合受理."""
FOLLOW_DAYS = 15
"""Working days within which a paper follows: the clock `follow` of an undertaking."""
RECENT = timedelta(hours=1)
"""What registers told for the draft within this time counts at the submission too."""
DELIVERY_FIELDS = ("name", "phone", "address")
DELIVERY_LABELS = {
    "name": gettext_lazy("收件人"),
    "phone": gettext_lazy("收件人电话"),
    "address": gettext_lazy("收件地址"),
}
HOURS_A_DAY = 7


@dataclass(frozen=True, slots=True)
class Fix:
    """Why a known value is wrong; `files` (digest, name) prove it."""

    reason: str = field(repr=False)
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody submits, beside the plan. `form` and `papers` by key.

    :param undertaken: the text of `undertaking` was read and agreed to
    :param fixes: by data element, why a value that an office vouches for was changed
    """

    form: Mapping[str, Any]
    papers: Mapping[str, Paper] = field(default_factory=dict)
    delivery: str = ""
    delivery_to: Mapping[str, str] = field(default_factory=dict)
    undertaken: bool = False
    fixes: Mapping[str, Fix] = field(default_factory=dict)

    @property
    def reasons(self) -> dict[str, str]:
        return {key: fix.reason for key, fix in self.fixes.items()}


def later_until(plan: Plan, at: datetime) -> date:
    """Last day for a paper that follows."""
    return working_days_of(plan.party.region).due(at.astimezone(SHANGHAI).date(), LimitSpec(FOLLOW_DAYS))


def undertaking(names: Iterable[str], *, until: date) -> str:
    """What the applicant agrees to when papers follow or a declaration stands in for them."""
    listed = "、".join(names)
    return _(
        "我承诺：所填内容真实，符合办理条件。“%(papers)s”在%(until)s前补交，或按承诺接受核查。"
        "逾期未补或核查不属实的，愿意承担撤销决定、记入失信记录的后果。"
    ) % {"papers": listed, "until": until.isoformat()}


def submit(
    plan: Plan,
    asked: Asked,
    *,
    applicant: str,
    actor: Actor,
    at: datetime,
    key: str = "",
    channel: str = "web",
    draft_of: str = "",
    draft: str = "",
) -> cases.Submitted:
    """Submit what a plan asks for: one application, a case per matter, all or nothing.

    :param applicant: id of the party in whose name; the actor is its agent where it is somebody else
    :param key: idempotency key; the same key with the same content gives the first receipt again
    :param draft_of: owner of the draft that this was, which is dropped
    :param draft: key under which the shared registers' answers are kept while it is a draft
    :raises SubmissionRefused: `fields` says by data element, ``material:KEY`` or ``delivery:NAME`` what to do
    :raises kernel.Conflict: the key was used for something else
    """
    made = prepare(plan, asked, applicant=applicant, actor=actor, at=at, channel=channel, draft=draft)
    receipt = cases.submit(made, actor=actor, at=at, key=key)
    if draft_of:
        cases.drop_draft(owner=draft_of, subject=plan.theme, region=plan.party.region)
    return receipt


def prepare(
    plan: Plan,
    asked: Asked,
    *,
    applicant: str,
    actor: Actor,
    at: datetime,
    channel: str = "web",
    draft: str = "",
    held: Holdings | None = None,
) -> cases.Submission:
    """The submission of the cases desk for this plan, checked; only the look into the registers is written down.

    Licences are looked up anew: one that has expired, was revoked or suspended meanwhile is told at its paper.

    :param held: for a page that only shows what would follow: what it has looked up already
    :raises SubmissionRefused: see `submit`
    """
    _refuse_stranger(plan, applicant, actor, at)
    if held is None:
        held = gather(plan, applicant=applicant, by=actor, at=at, draft=draft, max_age=RECENT)
    offers = papers.offers_of(plan, applicant=applicant, held=held)
    filled = _filled(plan, asked, held, offers, at)
    form = filling.complete(plan, filled.values, held.known)
    department_cases = tuple(_case(plan, matter, form) for matter in plan.matters)
    code = matter_of(plan.theme)
    until = later_until(plan, at)
    materials = tuple(
        papers.handed_in(
            plan, asked.papers, offers=offers, held=held, until=until, form_digest=digest_of(form)
        )
    )
    promised = [material.name for material in materials if material.way in papers.PROMISES]
    said = counts(plan, held, offers, today=at.astimezone(SHANGHAI).date())
    counted = _counted(said, filled, held.known, materials)
    return cases.Submission(
        title=plan.name.zh,
        subject=code or plan.theme,
        applicant=applicant,
        region=plan.party.region,
        unit=_front_desk(plan.party.region),
        cases=department_cases,
        materials=materials,
        surveys=tuple(_surveys(plan, department_cases)),
        form=form,
        answers=dict(plan.answers),
        agent=actor.id if actor.id != applicant else "",
        channel=channel,
        theme="" if code else plan.theme,
        theme_version=0 if code else plan.version,
        delivery=asked.delivery or plan.delivery.usual,
        delivery_to=_delivery_to(plan, asked),
        promised_on=plan.promised_on,
        notice=notice_of(plan, department_cases, counted),
        undertaking_text=undertaking(promised, until=until) if promised else "",
        origins=origins(filled.values, held.known),
        corrections=corrections(plan, asked, filled.values, held.known),
    )


def _filled(
    plan: Plan, asked: Asked, held: Holdings, offers: Mapping[str, tuple[Offer, ...]], at: datetime
) -> filling.Filled:
    """The form as read. :raises SubmissionRefused: something of form, papers or delivery is wrong or missing"""
    today = at.astimezone(SHANGHAI).date()
    filled = filling.fill(plan, asked.form, held.known, today=today, reasons=asked.reasons)
    errors = {
        **filled.errors,
        **papers.errors_of(plan, asked.papers, offers=offers, held=held, undertaken=asked.undertaken, at=at),
        **delivery_errors(plan, asked),
    }
    if errors:
        raise cases.SubmissionRefused(_("还有%d处要补。") % len(errors), fields=errors)
    return filled


def _counted(
    said: Counts,
    filled: filling.Filled,
    known: Mapping[str, Known],
    materials: Iterable[cases.MaterialGiven],
) -> Counts:
    """What the notice counted, as it came out: typed where nothing was known, brought where nothing answered."""
    return replace(
        said,
        fields_asked=sum(1 for key, value in filled.values.items() if not _same(known.get(key), value)),
        papers_brought=sum(1 for material in materials if material.way in {"upload", "later"}),
    )


def _same(known: Known | None, value: Any) -> bool:
    return known is not None and known.value == value


def digest_of(form: Mapping[str, Any]) -> str:
    """Of the form as it is submitted: what an electronic signature by submitting covers."""
    return hashlib.sha256(canonical(form).encode()).hexdigest()


def origins(values: Mapping[str, Any], known: Mapping[str, Known]) -> tuple[cases.Origin, ...]:
    """Where the values came from that nobody typed."""
    return tuple(
        cases.Origin(key, one.kind, one.source.zh, one.source.en, one.reference, one.as_of)
        for key, one in known.items()
        if key in values and values[key] == one.value
    )


def corrections(
    plan: Plan, asked: Asked, values: Mapping[str, Any], known: Mapping[str, Known]
) -> tuple[cases.Correction, ...]:
    """What the applicant says otherwise than an office: both values, why, and what proves it."""
    found = []
    for item in filling.changed(plan, values, known):
        held, fix = known[item.key], asked.fixes.get(item.key, Fix(""))
        found.append(
            cases.Correction(
                item.key,
                item.label.zh,
                held.value,
                values[item.key],
                held.source.zh,
                fix.reason.strip(),
                fix.files,
            )
        )
    return tuple(found)


def _refuse_stranger(plan: Plan, applicant: str, actor: Actor, at: datetime) -> None:
    """Only in one's own name, or in that of somebody who lets one act in every matter of the plan."""
    if applicant not in actor.parties:
        held = actors.held_for(actor, applicant)
        if not held:
            why, possible = actors.why_not(agent=actor.id, principal=applicant, at=at)
            raise cases.SubmissionRefused(why, possible=possible)
        uncovered = actors.matters_beyond(held, [matter.code for matter in plan.matters])
        beyond = [matter.name.zh for matter in plan.matters if matter.code in uncovered]
        if beyond:
            raise cases.SubmissionRefused(
                _("对方委托您的事项里没有：%(matters)s。") % {"matters": _("、").join(beyond)},
                possible=_("请对方把这些也委托给您，或由对方自己提交；在委托里的事项可以单独办。"),
            )
    if applicant.partition(":")[0] != plan.party.kind:
        raise cases.SubmissionRefused(
            _("这份告知是给另一种办事人的。"), possible=_("请回到第一步，换好以谁的名义办，再重新看告知。")
        )


def delivery_errors(plan: Plan, asked: Asked) -> dict[str, str]:
    """What is wrong with the delivery, by ``delivery:NAME``."""
    way = asked.delivery or plan.delivery.usual
    if way not in plan.delivery.ways:
        return {"delivery:way": _("请选一种送达方式。")}
    if way != cases.DeliveryWay.COURIER.value:
        return {}
    errors = {}
    for name in DELIVERY_FIELDS:
        value = str(asked.delivery_to.get(name, "")).strip()
        label = str(DELIVERY_LABELS[name])
        if not value:
            errors[f"delivery:{name}"] = _("请填%s") % label
        elif len(value) > filling.LONGEST // 2:
            errors[f"delivery:{name}"] = _("%s太长了。") % label
    phone = str(asked.delivery_to.get("phone", "")).strip()
    if phone:
        try:
            actors.phone_number(phone)
        except ValidationError as error:
            errors["delivery:phone"] = " ".join(error.messages)
    return errors


def _delivery_to(plan: Plan, asked: Asked) -> dict[str, str]:
    if (asked.delivery or plan.delivery.usual) != cases.DeliveryWay.COURIER.value:
        return {}
    return {name: str(asked.delivery_to.get(name, "")).strip() for name in DELIVERY_FIELDS}


def _front_desk(region: str) -> str:
    unit = actors.unit_for(department=FRONT_DESK, region=region)
    if unit is None:
        raise cases.SubmissionRefused(
            _("这个地区还没有综合受理单位。"), possible=_("请换一个地区，或打12345。")
        )
    return unit.id


def unit_of(slot: UnitSlot, form: Mapping[str, Any] | None = None) -> actors.UnitInfo | None:
    """The unit that handles a matter; where a form element names the division, that division's."""
    region = slot.region
    if slot.rule not in {"applicant", "city"}:
        said = str((form or {}).get(slot.rule, ""))
        if said and actors.region_chain(said):
            region = said
    elif slot.unit:
        own = actors.live_unit(slot.unit)
        if own is not None:
            return own
    return actors.unit_for(department=slot.department, region=region)


def _case(plan: Plan, matter: PlannedMatter, form: Mapping[str, Any]) -> cases.CaseAsked:
    unit = unit_of(matter.slot, form)
    if unit is None:
        raise cases.SubmissionRefused(
            _("“%s”在这个地区没有承办单位。") % matter.name.zh, possible=_("请换一个地区，或打12345。")
        )
    group = next(
        (one.name.zh for one in plan.preconditions if one.stops_all and matter.code in one.matters), ""
    )
    return cases.CaseAsked(
        matter=matter.code,
        name=matter.name.zh,
        unit=unit.id,
        promised_days=_working_days(plan, matter.promised, matter.starts_on),
        legal_days=_working_days(plan, matter.legal, matter.starts_on),
        situation=matter.situation,
        case_kind=matter.case_kind,
        after=matter.after,
        survey=matter.survey,
        objection=group,
        implementation_code=matter.implementation_code,
        results=tuple(result.name for result in plan.results if result.matter == matter.code),
    )


def _working_days(plan: Plan, limit: LimitSpec, start: date) -> int:
    """A limit as working days; natural days count those that are worked, hours a day of seven."""
    if limit.unit == "working_days":
        return limit.amount
    if limit.unit == "working_hours":
        return -(-limit.amount // HOURS_A_DAY)
    return max(1, working_days_of(plan.party.region).working_days(start, start + timedelta(limit.amount)))


def _surveys(plan: Plan, asked: Iterable[cases.CaseAsked]) -> Iterable[cases.SurveyAsked]:
    units = {case.matter: case.unit for case in asked}
    for survey in plan.surveys:
        yield cases.SurveyAsked(survey.name.zh, units[survey.lead], survey.matters, survey.days)
