"""Reading who may act for whom: given and received authorities, agents, and why one does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.contracts import APPLICANT_ROLE, AgentInfo, Mandate, NotKnownError, Role, Standing
from tongban.actors.directory import directory
from tongban.actors.models import Acting, Appointment
from tongban.actors.selectors import day_of, holds_on, split_id
from tongban.kernel.contracts import Actor, Authority

_WHOLE = ("person", "officer", "for_organisation", "for_person")


def mandate(mandate_id: str, *, at: datetime) -> Mandate:
    """One authority by its id ``acting:ID``.

    :raises NotKnownError: there is none
    """
    row = Acting.objects.select_related(*_WHOLE).filter(pk=split_id(mandate_id)[1]).first()
    if row is None:
        raise NotKnownError(_("没有这项委托。"))
    return info(row, at=at)


def given_by(principal: str, *, at: datetime, most: int = 100) -> list[Mandate]:
    """Authorities that a person or an organisation gave, ended ones too, newest first; one query."""
    kind, pk = split_id(principal)
    mine = Q(for_organisation_id=pk) if kind == "organisation" else Q(for_person_id=pk)
    rows = Acting.objects.select_related(*_WHOLE).filter(mine).order_by("-pk")[:most]
    return [info(row, at=at) for row in rows] if kind in {"person", "organisation"} else []


def held_by(agent: str, *, at: datetime, most: int = 200) -> list[Mandate]:
    """Authorities that a person or an officer received, ended ones too, newest first; one query."""
    kind, pk = split_id(agent)
    mine = Q(officer_id=pk) if kind == "officer" else Q(person_id=pk)
    rows = Acting.objects.select_related(*_WHOLE).filter(mine).order_by("-pk")[:most]
    return [info(row, at=at) for row in rows] if kind in {"person", "officer"} else []


def info(row: Acting, *, at: datetime) -> Mandate:
    """A row with everything beside it, as it stands at `at`."""
    principal, agent = row.for_organisation or row.for_person, row.person or row.officer
    assert principal is not None
    assert agent is not None
    return Mandate(
        id=str(row), agent=str(agent), agent_name=agent.name, agent_unit=row.officer.unit_id if row.officer else "",
        principal=str(principal), principal_name=principal.name, matters=tuple(row.matters), since=row.from_date,
        until=row.until_date, tie=row.tie, basis=row.basis, standing=standing(row, at=at), revoked_at=row.revoked_at,
        document=row.document, document_name=row.document_name, recorded_by=row.recorded_by,
    )  # fmt: skip


def standing(row: Acting, *, at: datetime) -> str:
    """Whether an authority holds at `at`; a revocation counts from its instant, a last day to its end."""
    day = day_of(at)
    if row.revoked_at is not None and row.revoked_at <= at:
        return Standing.REVOKED.value
    if row.until_date is not None and row.until_date < day:
        return Standing.ENDED.value
    if row.awaiting:
        return Standing.AWAITING.value
    return (Standing.NOT_YET if row.from_date > day else Standing.IN_FORCE).value


def authorities_of_agent(officer_id: int, *, at: datetime) -> tuple[Authority, ...]:
    """What citizens let an agent do in their names at `at`, as the kernel takes it; one query."""
    day = day_of(at)
    rows = (
        Acting.objects.filter(holds_on(day), officer_id=officer_id, awaiting=False)
        .filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))
        .select_related("for_organisation", "for_person")
        .order_by("pk")
    )
    found = []
    for row in rows:
        principal = row.for_organisation or row.for_person
        if principal is None or (principal.ended_on is not None and principal.ended_on <= day):
            continue
        found.append(Authority(str(row), str(principal), frozenset({APPLICANT_ROLE}), frozenset(row.matters)))
    return tuple(found)


def agents_for(region: str, *, at: datetime) -> list[AgentInfo]:
    """Agents who serve a division: of its village, township, county and city, the nearest first; one query.

    Of the levels below `region` too, so that somebody who only told a county finds its villages' agents.
    """
    held = directory()
    places = [*held.chain(region), *sorted(held.within(region) - {region})]
    order = {code: place for place, code in enumerate(places)}
    units = [one for code in places for one in held.by_region.get(code, ())]
    rows = (
        Appointment.objects.filter(holds_on(day_of(at)), role=Role.AGENT, unit_id__in=units)
        .filter(Q(officer__ended_on__isnull=True) | Q(officer__ended_on__gt=day_of(at)))
        .values_list("officer_id", "officer__name", "unit_id")
    )
    found = [
        AgentInfo(f"officer:{pk}", name, of, held.units[of].name, held.regions[held.units[of].region].level)
        for pk, name, of in rows
    ]
    return sorted(found, key=lambda one: (order[held.units[one.unit].region], one.id))


def held_for(actor: Actor, principal: str) -> list[Authority]:
    """The actor's authorities to ask in the name of `principal`, limited ones included."""
    return [one for one in actor.authorities if one.unit == principal and APPLICANT_ROLE in one.roles]


def authority_for(actor: Actor, principal: str, matters: Collection[str] = ()) -> str:
    """Id of the authority by which an actor asks in somebody's name; empty in the own.

    :param matters: the one that covers all of them first
    """
    held = held_for(actor, principal) if principal != actor.id else []
    whole = [one for one in held if not one.matters or set(matters) <= one.matters]
    return (whole or held)[0].id if held else ""


def why_not(*, agent: str, principal: str, at: datetime) -> tuple[str, str]:
    """Why somebody may not (or no longer) act for `principal`, and what is possible. Two sentences."""
    rows = [one for one in held_by(agent, at=at) if one.principal == principal]
    if not rows:
        return _("对方没有委托您办事。"), _("请对方在“授权与代办”里授权，或带签字的授权书到便民服务站登记。")
    last = rows[0]
    name, again = last.principal_name, _("需要接着办，请对方再授权一次；已经提交的不受影响。")
    if last.standing == Standing.REVOKED and last.revoked_at is not None:
        local = day_of(last.revoked_at).isoformat()
        return _("%(name)s已于%(day)s撤回对您的委托。") % {"name": name, "day": local}, again
    if last.standing == Standing.ENDED and last.until is not None:
        return _("%(name)s对您的委托到%(day)s为止，已经到期。") % {
            "name": name,
            "day": last.until.isoformat(),
        }, again
    if last.standing == Standing.AWAITING:
        return (
            _("%(name)s的书面授权还没有确认。") % {"name": name},
            _("请输入发到对方手机上的验证码；没收到可以重发。"),
        )
    if last.standing == Standing.NOT_YET:
        day = last.since.isoformat()
        return _("%(name)s对您的委托从%(day)s开始。") % {"name": name, "day": day}, _("请从那一天起再办。")
    return _("您现在不能以%(name)s的名义办事。") % {"name": name}, again


def matters_beyond(held: Iterable[Authority], matters: Iterable[str]) -> list[str]:
    """Those of `matters` that no single or several authorities cover."""
    rights = list(held)
    return [code for code in matters if not any(not one.matters or code in one.matters for one in rights)]


def papers_among(digests: Collection[str]) -> set[str]:
    """Of these contents, those that are the scan of somebody's signed paper; they are not destroyed with a docket."""
    return set(Acting.objects.filter(document__in=list(digests)).values_list("document", flat=True))
