"""Asking for a visit; what its moves do; authorities signed on paper with their code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.helping.contracts import PRIORITY, Group, HelpingRefused
from tongban.desks.helping.flow import DOORSTEP
from tongban.desks.helping.models import Doorstep
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.messages import api as messages

FRONT_DESK = "dsj"
MOST_WISH, MOST_ADDRESS, LEAST_ADDRESS = 500, 200, 4


def ask_for_visit(
    *, applicant: str, group: str, wish: str, address: str, phone: str, region: str, actor: kernel.Actor,
    at: datetime, key: str = "", channel: str = "web",
) -> str:  # fmt: skip
    """Ask that somebody come home; special groups come first.

    :param region: division in which the home lies; the nearest station with an agent gets the request
    :returns: number of the docket
    :raises HelpingRefused: something is missing or wrong, by field; nobody there makes visits
    """
    told = _checked(group=group, wish=wish, address=address, phone=phone)
    station = station_for(region, at=at)
    if not station:
        raise HelpingRefused(_("这个地区还没有能上门的服务站，请打12345，我们派人联系您。"))
    first = Group(group) in PRIORITY
    opening = kernel.Opening(
        kind="doorstep", way="ask_first" if first else "ask", title=_("上门帮办"), unit=station,
        applicant=applicant, agent=actor.id if actor.id != applicant else "", region=region, channel=channel,
        subject="doorstep", data={"group": group}, authority=actors.authority_for(actor, applicant),
    )  # fmt: skip
    with kernel.writing():
        (row,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if not replayed:
            Doorstep.objects.create(docket_id=row.id, group=group, **told)
    return row.number


def _checked(*, group: str, wish: str, address: str, phone: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    wish, address = " ".join(wish.split()), " ".join(address.split())
    if group not in Group.values:
        fields["group"] = _("请选一项。")
    if not 2 <= len(wish) <= MOST_WISH:
        fields["wish"] = _("请写想办什么，如：领高龄津贴。")
    if not LEAST_ADDRESS <= len(address) <= MOST_ADDRESS:
        fields["address"] = _("请写上门的地址，写到门牌号。")
    try:
        phone = actors.phone_number(phone)
    except ValidationError as error:
        fields["phone"] = " ".join(error.messages)
    if fields:
        raise HelpingRefused(_("还有%d处要补。") % len(fields), fields=fields)
    return {"wish": wish, "address": address, "phone": phone}


def station_for(region: str, *, at: datetime) -> str:
    """The unit that visits a home in a division: the nearest above it with an agent, else the front desk."""
    chain = actors.region_chain(region)
    for one in actors.agents_for(region, at=at):
        if actors.unit(one.unit).region in chain:
            return one.unit
    found = actors.unit_for(department=FRONT_DESK, region=region)
    return found.id if found else ""


@DOORSTEP.effect("arrange", "rearrange")
def _arrange(step: Step) -> None:
    given = step.data.model_dump()
    if given["visit_at"] <= step.at:
        raise step.refuse(_("上门时间要在将来。"), code="past")
    Doorstep.objects.filter(docket_id=step.docket.id).update(visit_at=given["visit_at"], bring=given["bring"])
    if not step.docket.officer and step.actor.is_officer:
        step.assign(officer=step.actor.id)


@DOORSTEP.effect("visit")
def _visit(step: Step) -> None:
    Doorstep.objects.filter(docket_id=step.docket.id).update(served=step.data.model_dump()["served"])


@DOORSTEP.effect("pass_on")
def _pass_on(step: Step) -> None:
    wanted = step.data.model_dump()["unit"]
    unit = actors.live_unit(wanted)
    if unit is None or unit.id != wanted:
        raise step.refuse(_("没有“%s”这个单位，或已撤并。") % wanted, possible=_("请从通讯录选一个。"))
    step.assign(unit=unit.id, officer="")


# Authorities on paper -------------------------------------------------------------------------


def record_paper(
    *, agent: str, principal: str, matters: Iterable[str], from_date: date, until_date: date | None,
    tie: actors.Tie, document: str, document_name: str, actor: kernel.Actor, at: datetime,
) -> str:  # fmt: skip
    """Record a signed paper and send its code to the principal's phone; gives the authority's id.

    :raises actors.ActorsError: see `actors.record_paper`
    """
    with kernel.writing():
        made = actors.record_paper(
            agent=agent, principal=principal, matters=matters, from_date=from_date, until_date=until_date,
            tie=tie, document=document, document_name=document_name, actor=actor, at=at,
        )  # fmt: skip
        _send_code(made, at=at)
    return made.mandate


def send_code_again(*, mandate: str, actor: kernel.Actor, at: datetime) -> None:
    """Another code for a paper that still waits. :raises actors.ActorsError: see `actors.renew_code`"""
    with kernel.writing():
        _send_code(actors.renew_code(mandate=mandate, actor=actor, at=at), at=at)


def _send_code(made: actors.Recorded, *, at: datetime) -> None:
    told = actors.mandate(made.mandate, at=at)
    messages.send(
        to=told.principal, template="acting.code", at=at, key=f"{made.mandate}:{at.isoformat()}",
        context={"code": made.code, "agent": told.agent_name, "n": len(told.matters)},
    )  # fmt: skip
