"""What the moves of applications, cases, surveys and undertakings do beyond changing the state."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import issuing
from tongban.desks.cases.contracts import DeliveryWay
from tongban.desks.cases.flow import APPLICATION, CASE, SURVEY, UNDERTAKING
from tongban.desks.cases.models import Application, Breach, Case, Material, Survey, Undertaking
from tongban.desks.cases.rules import EXTENSION, ready
from tongban.desks.cases.selectors import (
    Sibling,
    cases_by_docket,
    cases_of,
    delivery_of,
    siblings,
    surveys_of,
    undertakings_of,
)
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Limit, working_days
from tongban.kernel.flow.step import Family, Step

OPEN_CASE = frozenset(name for name, state in CASE.states.items() if not state.final)


def _given(step: Step) -> dict[str, Any]:
    return step.data.model_dump(mode="json")


# Cases


@CASE.prepares
def _load_cases(steps: list[Step]) -> None:
    rows = cases_by_docket([step.docket.id for step in steps])
    for step in steps:
        step.own = rows[step.docket.id]


@CASE.effect("accept", "claim")
def _take(step: Step) -> None:
    if step.actor.is_officer and not step.docket.officer:
        step.assign(officer=step.actor.id)


@CASE.effect("report_missing")
def _report_missing(step: Step) -> None:
    step.own.missing = json.dumps(
        {"papers": _given(step)["papers"], "why": _given(step)["why"]}, ensure_ascii=False
    )
    step.own.save(update_fields=["missing"])


@CASE.effect("resupplied")
def _resupplied(step: Step) -> None:
    step.own.missing = "[]"
    step.own.save(update_fields=["missing"])


@CASE.effect("propose")
def _propose(step: Step) -> None:
    step.own.opinion = _given(step)["text"]
    step.own.save(update_fields=["opinion"])
    if not step.docket.officer:
        step.assign(officer=step.actor.id)


@CASE.effect("approve_instantly")
def _decide_instantly(step: Step) -> None:
    version = _given(step)["rules_version"]
    step.own.decision = json.dumps({"kind": "grant", "instant": True, "rules_version": version})
    step.own.decided = "instant"
    changes = {"decision": step.own.decision, "decided": step.own.decided}
    kernel.update_rows(Case._meta.db_table, changes, where={"docket_id": step.docket.id})


@CASE.effect("grant", "reject", "refuse")
def _decide(step: Step) -> None:
    if step.actor.id == step.docket.officer and step.move.name != "refuse" and not step.capacity.authority:
        raise step.refuse(
            _("承办人不能自己审批自己的件。"), possible=_("请由另一位审批人决定。"), code="same_person"
        )
    step.own.decision = json.dumps({"kind": step.move.name, **_given(step)}, ensure_ascii=False)
    step.own.decided = "human"
    step.own.save(update_fields=["decision", "decided"])


@CASE.effect("start_procedure")
def _start_procedure(step: Step) -> None:
    days = _given(step)["days"]
    step.start(Limit("procedure", _("特别程序"), working_days(days), source="行政许可法 第四十五条"))


@CASE.effect("extend")
def _extend(step: Step) -> None:
    clock = step.clock("decide")
    if clock is None:
        raise step.refuse(_("这件还没有开始计时。"))
    if kernel.late(clock, step.at):
        raise step.refuse(
            _("期限已过，不能再延长。"), possible=_("尽快作出决定，并说明超期原因。"), code="late"
        )
    step.extend("decide", EXTENSION)
    step.own.extended = True
    step.own.save(update_fields=["extended"])


@CASE.effect("transfer")
def _transfer(step: Step) -> None:
    _give_to(step, _given(step)["unit"])


@CASE.effect("hand_back")
def _hand_back(step: Step) -> None:
    _give_to(step, step.own.application.docket.unit)


def _give_to(step: Step, unit_id: str) -> None:
    unit = actors.live_unit(unit_id)
    if unit is None or unit.id != unit_id:
        raise step.refuse(
            _("没有“%s”这个单位，或已撤并。") % unit_id, possible=_("请从通讯录选一个。"), code="no_unit"
        )
    if unit.id == step.docket.unit:
        raise step.refuse(_("这件已经在%s。") % unit.name, code="same_unit")
    for clock in step.clocks:
        if clock.whose == step.docket.unit:
            clock.whose = unit.id
            step.dirty.append(clock)
    step.assign(unit=unit.id, officer="")


# The application, and what the law makes one act with its cases


@APPLICATION.when_children_move
def _children_moved(families: list[Family]) -> None:
    open_ones = [one for one in families if not APPLICATION.states[one.parent.state].final]
    cases = siblings([one.parent.id for one in open_ones])
    for family in open_ones:
        for child in family.steps:
            if child.flow is CASE:
                _case_moved(family, child, cases[family.parent.id])
            elif child.flow is SURVEY and child.move.name == "report":
                _survey_reported(family, child, cases[family.parent.id])


def _case_moved(family: Family, child: Step, cases: list[Sibling]) -> None:
    name = child.move.name
    if name in {"accept", "deem_accepted"}:
        _perhaps_survey(family, child, cases)
    if name in {"grant", "approve_instantly"}:
        issuing.issue_for(issuing.Granted(child.docket, family.parent, child.own, child.actor, child.at))
        _release_followers(family, cases)
    if name in {"reject", "refuse", "stop"}:
        _stop_dependents(family, child, cases)
    if name in {
        "accept", "deem_accepted", "approve_instantly", "report_missing", "refuse", "withdraw", "stop",
    }:  # fmt: skip
        _perhaps_notify(family, cases)
    if CASE.states[child.docket.state].final:
        _perhaps_conclude(family, cases)


def _release_followers(family: Family, cases: list[Sibling]) -> None:
    granted = frozenset(case.matter for case in cases if case.state == "granted")
    planned = frozenset(case.matter for case in cases)
    for case in cases:
        if case.state == "waiting" and ready(case.after, granted, planned):
            family.then(case.docket, "release", actor=kernel.SYSTEM, if_open=True)


def _stop_dependents(family: Family, child: Step, cases: list[Sibling]) -> None:
    """One objection stops its whole group; what waits for a matter not granted stops too."""
    own = child.own
    for case in cases:
        if case.state not in OPEN_CASE:
            continue
        grouped = own.objection and case.objection == own.objection
        if grouped or own.matter in case.after:
            reason = _("“%s”没有获准，这一项随之终止。") % child.docket.title
            family.then(case.docket, "stop", actor=kernel.SYSTEM, if_open=True, reason=reason)


def _perhaps_notify(family: Family, cases: list[Sibling]) -> None:
    """Papers are asked for once, for all: when no department still has to look (第三十二条)."""
    states = {case.state for case in cases}
    if family.parent.state == "handling" and "missing" in states and "received" not in states:
        family.then(family.parent.id, "notify", actor=kernel.SYSTEM, if_open=True)


def _perhaps_survey(family: Family, child: Step, cases: list[Sibling]) -> None:
    """The joint survey starts when the last of its matters has been accepted."""
    group, parent = child.own.survey, family.parent
    members = [case for case in cases if group and case.survey == group]
    waiting = [case for case in members if case.state in {"waiting", "received", "missing"}]
    accepted = [case for case in members if case.state == "review"]
    if not accepted or waiting or Survey.objects.filter(application_id=parent.id, name=group).exists():
        return
    asked = _survey_asked(parent.id, group)
    opening = kernel.Opening(
        kind="survey", way="plan", title=_("联合勘验：%s") % group,
        unit=asked.get("lead") or _unit_of(accepted[0].docket), applicant=parent.applicant, agent=parent.agent,
        region=parent.region, channel=parent.channel, subject=accepted[0].matter,
        data={"matters": [case.matter for case in accepted]},
    )  # fmt: skip
    (row,) = kernel.open_children([opening], parent=parent, actor=kernel.SYSTEM, at=child.at)
    Survey.objects.create(docket_id=row.id, application_id=parent.id, name=group)
    for case in accepted:
        kernel.link(source=row.id, target=case.docket, kind="surveys", at=child.at)
        family.then(case.docket, "start_survey", actor=kernel.SYSTEM)


def _unit_of(docket: int) -> str:
    return kernel.docket_by_id(docket, actor=kernel.SYSTEM).unit


def _survey_asked(application: int, group: str) -> dict[str, Any]:
    notice = json.loads(Application.objects.values_list("notice", flat=True).get(docket_id=application))
    return next((survey for survey in notice.get("surveys", []) if survey["name"] == group), {})


def _survey_reported(family: Family, child: Step, cases: list[Sibling]) -> None:
    report = _given(child)
    words = {"yes": _("符合"), "mend": _("整改后符合"), "no": _("不符合")}[report["passed"]]
    findings = f"{words}：{report['findings']}"[:2000]
    linked = set(kernel.linked(child.docket.id, "surveys"))
    for case in cases:
        if case.docket in linked and case.state == "survey":
            family.then(case.docket, "end_survey", actor=kernel.SYSTEM, findings=findings)


def _perhaps_conclude(family: Family, cases: list[Sibling]) -> None:
    pending = {nested.docket for nested in family.nested}
    waits = any(case.state in OPEN_CASE or case.docket in pending for case in cases)
    if family.parent.state != "handling" or waits:
        return
    granted = any(case.state == "granted" for case in cases)
    move = "conclude" if granted else "decline"
    family.then(family.parent.id, move, actor=kernel.SYSTEM, if_open=True)


@APPLICATION.effect("notify")
def _notify(step: Step) -> None:
    wanting = [case for case in cases_of(step.docket.id) if case.docket.state == "missing"]
    papers: dict[str, list[str]] = {}
    for case in wanting:
        for paper in json.loads(case.missing or "{}").get("papers", []):
            papers.setdefault(paper, []).append(case.matter)
    step.note(papers=papers)


@APPLICATION.effect("supply")
def _supply(step: Step) -> None:
    given = _given(step)["materials"]
    Material.objects.filter(application_id=step.docket.id, key__in=given).update(met_at=step.at, way="upload")
    for case in cases_of(step.docket.id):
        if case.docket.state == "missing":
            step.then(case.docket_id, "resupplied", actor=kernel.SYSTEM)


@APPLICATION.effect("withdraw", "lapse")
def _withdraw(step: Step) -> None:
    for case in cases_of(step.docket.id):
        if case.docket.state in OPEN_CASE:
            step.then(case.docket_id, "withdraw", actor=kernel.SYSTEM, if_open=True)
    _end_beside(step)


@APPLICATION.effect("decline")
def _decline(step: Step) -> None:
    _end_beside(step)


def _end_beside(step: Step) -> None:
    """Surveys and undertakings have no object any more."""
    for survey in surveys_of(step.docket.id):
        if survey.docket.closed_at is None:
            step.then(survey.docket_id, "cancel", actor=kernel.SYSTEM, reason=_("申请已终止"))
    for undertaking in undertakings_of(step.docket.id):
        if undertaking.docket.closed_at is None:
            step.then(undertaking.docket_id, "release", actor=kernel.SYSTEM)


@APPLICATION.effect("conclude")
def _conclude(step: Step) -> None:
    if delivery_of(step.docket.id) == DeliveryWay.ELECTRONIC:
        step.then(step.docket.id, "deliver_electronic", actor=kernel.SYSTEM)


@APPLICATION.effect("send")
def _send(step: Step) -> None:
    Application.objects.filter(docket_id=step.docket.id).update(tracking=_given(step)["tracking"])


@APPLICATION.effect("hand_out", "arrived", "deem_arrived", "deliver_electronic")
def _delivered(step: Step) -> None:
    table, changes = Application._meta.db_table, {"delivered_at": step.at}
    kernel.update_rows(table, changes, where={"docket_id": step.docket.id})


# Surveys


@SURVEY.effect("schedule", "reschedule")
def _schedule(step: Step) -> None:
    held_at = step.data.held_at  # type: ignore[attr-defined]  # the input of these two moves
    if held_at <= step.at:
        raise step.refuse(_("勘验时间要在将来。"), code="past")
    Survey.objects.filter(docket_id=step.docket.id).update(held_at=held_at)
    if not step.docket.officer and step.actor.is_officer:
        step.assign(officer=step.actor.id)


@SURVEY.effect("report")
def _report(step: Step) -> None:
    given = _given(step)
    Survey.objects.filter(docket_id=step.docket.id).update(
        findings=given["findings"], passed=given["passed"] != "no"
    )


# Undertakings


@UNDERTAKING.effect("follow_up")
def _follow_up(step: Step) -> None:
    own = Undertaking.objects.get(docket_id=step.docket.id)
    Material.objects.filter(application_id=own.application_id, key=own.material).update(met_at=step.at)


@UNDERTAKING.effect("breach", "lapse")
def _breach(step: Step) -> None:
    reason = _given(step).get("reason") or _("逾期未补交")
    Breach.objects.get_or_create(
        undertaking_id=step.docket.id,
        defaults={"party": step.docket.applicant, "recorded_at": step.at, "reason": reason[:200]},
    )
