"""What the moves of an affair do to its tickets: one act for all of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.heat.contracts import AFFAIR
from tongban.desks.hotline.heat.flow import AFFAIR_FLOW, REPEAT_FLOW
from tongban.desks.hotline.heat.models import Group, Mention, Repeat
from tongban.desks.hotline.heat.standing import tickets_of
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step

AT_UNIT = ("dispatched", "reopened", "handling", "delaying")


@AFFAIR_FLOW.effect("assign")
def _assign(step: Step) -> None:
    """The unit gets the affair, and every ticket of it that was not dispatched yet."""
    given = step.data.model_dump()
    unit = actors.live_unit(given["unit"])
    if unit is None or unit.id != given["unit"]:
        raise step.refuse(
            _("没有“%s”这个单位，或已撤并。") % given["unit"],
            possible=_("请从通讯录选一个。"),
            code="no_unit",
        )
    for row in tickets_of(step.docket.id).filter(state="taken"):
        if row.unit != unit.id:
            step.then(row.pk, "dispatch", if_open=True, unit=unit.id, opinion=given["opinion"])
    step.assign(unit=unit.id, officer="")
    Group.objects.filter(docket=step.docket.id).update(unit=unit.id)


@AFFAIR_FLOW.effect("take_up")
def _take_up(step: Step) -> None:
    if step.actor.is_officer:
        step.assign(officer=step.actor.id)


@AFFAIR_FLOW.effect("tell")
def _tell(step: Step) -> None:
    """Every ticket at this unit is answered with the same words."""
    given = step.data.model_dump(mode="json", exclude_none=True)
    answered = 0
    for row in tickets_of(step.docket.id).filter(state__in=AT_UNIT, unit=step.docket.unit):
        step.then(row.pk, "reply", if_open=True, **given)
        answered += 1
    step.note(answered=answered)


@AFFAIR_FLOW.effect("review")
def _review(step: Step) -> None:
    for row in tickets_of(step.docket.id).filter(state="replied"):
        step.then(row.pk, "review", if_open=True, **step.data.model_dump())


@AFFAIR_FLOW.effect("call_round")
def _call_round(step: Step) -> None:
    """Each of these callers was asked; who is content has the ticket closed, who is not has it done again."""
    given = step.data.model_dump(mode="json")
    found = _in_group(step, given["numbers"])
    asked = set(tickets_of(step.docket.id).filter(state="reviewed").values_list("pk", flat=True))
    early = sorted(number for number, docket in found.items() if docket not in asked)
    if early:
        raise step.refuse(
            _("%s现在不待回访。") % "、".join(early),
            possible=_("只选审核通过、还没有回访的工单。"),
            code="not_reviewed",
        )
    for docket in found.values():
        step.then(docket, "call_back", satisfaction=given["satisfaction"], solved=given["solved"])
    step.note(called=len(found))


@AFFAIR_FLOW.effect("take_out")
def _take_out(step: Step) -> None:
    """A person sees that a ticket tells of something else: it leaves the group and runs by itself."""
    found = _in_group(step, step.data.model_dump()["numbers"])
    Mention.objects.filter(docket__in=found.values()).update(out=True)
    step.note(numbers=sorted(found))


@AFFAIR_FLOW.effect("rise")
def _rise(step: Step) -> None:
    step.note(**step.data.model_dump())


@AFFAIR_FLOW.effect("join")
def _join(step: Step) -> None:
    other = kernel.docket(_normal(step, step.data.model_dump()["into"]), actor=step.actor)
    if other.kind != AFFAIR or other.id == step.docket.id or other.closed_at:
        raise step.refuse(_("请选另一个没有办结的热点诉求。"), code="not_another")
    step.link(other.id, "merged_into")
    step.note(into=other.number)


def _in_group(step: Step, wanted: list[str]) -> dict[str, int]:
    """The dockets of these tickets of the group, by number."""
    numbers = [_normal(step, number) for number in wanted]
    found = dict(tickets_of(step.docket.id).filter(number__in=numbers).values_list("number", "pk"))
    missing = [number for number in numbers if number not in found]
    if missing:
        raise step.refuse(_("%s不在这一组里。") % "、".join(missing), code="not_in_group")
    return found


def _normal(step: Step, number: str) -> str:
    try:
        return kernel.normalise(number)
    except ValueError as error:
        raise step.refuse(str(error), code="number") from error


@REPEAT_FLOW.effect("mark", "reject")
def _mark(step: Step) -> None:
    """Two people: who proposed does not decide."""
    row = Repeat.objects.get(pk=step.docket.id)
    if step.actor.id == row.proposed_by:
        raise step.refuse(
            _("提请的人不能自己认定。"), possible=_("请另一位派单人员审核。"), code="same_person"
        )
    Repeat.objects.filter(pk=row.pk).update(reviewed_by=step.actor.id)


@REPEAT_FLOW.effect("keep")
def _keep(step: Step) -> None:
    """An objection is not judged by who marked."""
    if step.actor.id == Repeat.objects.get(pk=step.docket.id).reviewed_by:
        raise step.refuse(
            _("认定的人不能自己维持。"),
            possible=_("请另一位派单人员复核；撤销可以自己办。"),
            code="same_person",
        )
