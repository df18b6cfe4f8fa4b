"""Changing units, delegations and parties. Every change is dated and written to the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongban.actors import ledger, validators
from tongban.actors.contracts import ActorsError, EndedError, NotKnownError, Role
from tongban.actors.models import (
    Appointment,
    Delegation,
    Officer,
    Organisation,
    Person,
    Unit,
    UnitName,
)
from tongban.actors.parties import PHONE, RESIDENT_ID, find_person
from tongban.actors.selectors import day_of, holds_on, split_id
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.privacy import blind_index

# Units -------------------------------------------------------------------------------------


@kernel.writing()
def rename_unit(*, unit_id: str, name: str, on: date, actor: Actor, at: datetime) -> None:
    """Give a unit a new name from a day on; what it was called before stays on record.

    :raises ActorsError: the day is still to come, or lies before an earlier renaming
    """
    unit = _live_unit(unit_id)
    _not_in_future(on, at)
    if not UnitName.objects.filter(unit=unit).exists():
        UnitName.objects.create(unit=unit, name=unit.name, from_date=date.min)
    if UnitName.objects.filter(unit=unit, from_date__gte=on).exists():
        raise ActorsError(_("该单位在这一天或之后已经改过名。"))
    UnitName.objects.create(unit=unit, name=name, from_date=on)
    earlier, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    data = {"earlier": earlier, "name": name, "on": on.isoformat()}
    ledger.note(stream=f"unit:{unit_id}", act="unit-renamed", actor=actor, data=data, at=at)


@kernel.writing()
def merge_units(*, sources: Iterable[str], into: str, on: date, actor: Actor, at: datetime) -> None:
    """Merge units into another: from `on` they no longer exist and `into` takes over everything.

    Open dockets are handed over with their clocks running on; appointments, officers, subordinate
    units and delegations go to the successor. The merged units stay resolvable by their ids.

    :raises NotKnownError: a unit is not known
    :raises EndedError: a unit has ended already
    :raises ActorsError: a unit would be merged into itself, or the day is still to come
    """
    wanted = list(dict.fromkeys(sources))
    if not wanted or into in wanted:
        raise ActorsError(_("单位不能并入自己，请另选承接单位。"))
    _not_in_future(on, at)
    target = _live_unit(into)
    reason = _("单位并入%(name)s") % {"name": target.name}
    for source in [_live_unit(one) for one in wanted]:
        _pass_on(source, target, on)
        ledger.hand_over(source=source.id, into=target.id, actor=actor, at=at, reason=reason)
        data = {"successor": target.id, "on": on.isoformat()}
        ledger.note(stream=f"unit:{source.id}", act="unit-ended", actor=actor, data=data, at=at)


def dissolve_unit(*, unit_id: str, successor: str, on: date, actor: Actor, at: datetime) -> None:
    """Dissolve a unit; `successor` takes over its open work. Errors as in `merge_units`."""
    merge_units(sources=[unit_id], into=successor, on=on, actor=actor, at=at)


def _pass_on(source: Unit, target: Unit, on: date) -> None:
    last = on - timedelta(days=1)
    still = Q(until_date__isnull=True) | Q(until_date__gte=on)
    for row in list(Appointment.objects.filter(still, unit=source)):
        already = Appointment.objects.filter(
            holds_on(on), officer_id=row.officer_id, unit=target, role=row.role
        ).exists()
        if not already:
            Appointment.objects.create(
                officer_id=row.officer_id, unit=target, role=row.role, from_date=max(on, row.from_date),
                until_date=row.until_date,
            )  # fmt: skip
    for given in list(Delegation.objects.filter(still, unit=source, revoked_at__isnull=True)):
        Delegation.objects.create(
            officer_id=given.officer_id, unit=target, roles=given.roles, matters=given.matters,
            from_date=max(on, given.from_date), until_date=given.until_date, granted_by=given.granted_by,
            document=given.document,
        )  # fmt: skip
    for table in (Appointment, Delegation):
        table.objects.filter(still, unit=source, from_date__lt=on).update(until_date=last)
        # Those that had not begun never will here: an empty span says so.
        table.objects.filter(still, unit=source, from_date__gte=on).update(
            until_date=F("from_date") - timedelta(1)
        )
    Officer.objects.filter(unit=source).update(unit=target)
    Unit.objects.filter(parent=source, ended_on__isnull=True).exclude(pk=target.pk).update(parent=target)
    if target.parent_id == source.pk:
        target.parent = source.parent
        target.save(update_fields=["parent"])
    source.ended_on, source.successor = on, target
    source.save(update_fields=["ended_on", "successor"])


def _live_unit(unit_id: str) -> Unit:
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotKnownError(_("没有单位 %(id)s。") % {"id": unit_id})
    if unit.ended_on is not None:
        raise EndedError(
            _("%(name)s已于%(day)s撤销，由%(successor)s承接。")
            % {
                "name": unit.name,
                "day": unit.ended_on.isoformat(),
                "successor": unit.successor_id or _("无单位"),
            }
        )
    return unit


def _not_in_future(on: date, at: datetime) -> None:
    if on > day_of(at):
        raise ActorsError(_("请在生效当天或之后登记：%(day)s还没到。") % {"day": on.isoformat()})


# Delegation --------------------------------------------------------------------------------


@kernel.writing()
def delegate(
    *,
    officer_id: int,
    unit_id: str,
    roles: Iterable[Role],
    matters: Iterable[str],
    from_date: date,
    until_date: date | None,
    document: str,
    actor: Actor,
    at: datetime,
) -> str:
    """Give an officer another unit's authority over named matters (首席服务员, 委托: 行政许可法 第二十四条).

    :param matters: codes of matters; must be named, a whole unit is not delegated
    :returns: the authority id, ``delegation:ID``
    :raises ActorsError: the actor is not head or administrator of the unit; nothing or nobody named;
        the days are the wrong way round
    """
    unit = _live_unit(unit_id)
    wanted, named = sorted({role.value for role in roles}), sorted(set(matters))
    if not (actor.is_system or actor.holds(Role.HEAD, unit_id) or actor.holds(Role.ADMIN, unit_id)):
        raise ActorsError(_("只有%(unit)s的负责人或管理员可以授权。") % {"unit": unit.name})
    if not wanted or not named:
        raise ActorsError(_("请写明授权办理的事项和可以行使的角色。"))
    if until_date is not None and until_date < from_date:
        raise ActorsError(_("授权的最后一日早于起始日。"))
    if not Officer.objects.filter(pk=officer_id, ended_on__isnull=True).exists():
        raise NotKnownError(_("没有这名工作人员。"))
    row = Delegation.objects.create(
        officer_id=officer_id, unit=unit, roles=wanted, matters=named, from_date=from_date,
        until_date=until_date, granted_by=actor.id, document=document,
    )  # fmt: skip
    data = {
        "delegation": str(row), "officer": f"officer:{officer_id}", "roles": wanted, "matters": named,
        "from": from_date.isoformat(), "until": until_date.isoformat() if until_date else "", "document": document,
    }  # fmt: skip
    ledger.note(stream=f"unit:{unit_id}", act="authority-delegated", actor=actor, data=data, at=at)
    return str(row)


@kernel.writing()
def revoke_delegation(*, delegation: str, actor: Actor, at: datetime) -> None:
    """Take a delegation back from the instant `at`; what was done under it stays valid.

    :param delegation: its authority id, ``delegation:ID``
    :raises ActorsError: not known, revoked already, or the actor may not
    """
    row = Delegation.objects.select_for_update().filter(pk=split_id(delegation)[1]).first()
    if row is None:
        raise NotKnownError(_("没有这项授权。"))
    if row.revoked_at is not None:
        raise EndedError(_("这项授权已经撤回。"))
    if not (actor.is_system or actor.holds(Role.HEAD, row.unit_id) or actor.holds(Role.ADMIN, row.unit_id)):
        raise ActorsError(_("只有授权单位的负责人或管理员可以撤回授权。"))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    data = {"delegation": delegation, "officer": f"officer:{row.officer_id}"}
    ledger.note(stream=f"unit:{row.unit_id}", act="authority-revoked", actor=actor, data=data, at=at)


# Parties -----------------------------------------------------------------------------------


@kernel.writing()
def register_person(
    *, name: str, resident_id: str, phone: str, address: str, region: str, actor: Actor, at: datetime
) -> str:
    """Register a natural person; the date of birth is read from the resident id number.

    :returns: ``person:ID``
    :raises ValidationError: a number is wrong (which part, without repeating it) or already registered
    """
    number = validators.resident_id(resident_id)
    if find_person(number):
        raise ValidationError(_("这个身份证号已经登记过。"), code="taken")
    tidy = validators.phone_number(phone) if phone else ""
    row = Person.objects.create(
        name=name.strip(), resident_id=number, resident_id_index=blind_index(number, purpose=RESIDENT_ID),
        phone=tidy, phone_index=blind_index(tidy, purpose=PHONE) if tidy else "",
        birth_date=validators.birth_date(number), gender="男" if int(number[16]) % 2 else "女", address=address,
        region=region,
    )  # fmt: skip
    ledger.note(stream=str(row), act="person-registered", actor=actor, data={}, at=at)
    return str(row)


@kernel.writing()
def register_organisation(
    *,
    name: str,
    uscc: str,
    type: str,  # noqa: A002  # the column's name
    address: str,
    region: str,
    phone: str,
    legal_representative: str,
    actor: Actor,
    at: datetime,
) -> str:
    """Register a company or another body with a credit code.

    :param legal_representative: ``person:ID`` or empty
    :returns: ``organisation:ID``
    :raises ValidationError: the code is wrong or already registered
    """
    code = validators.credit_code(uscc)
    if Organisation.objects.filter(uscc=code).exists():
        raise ValidationError(_("这个统一社会信用代码已经登记过。"), code="taken")
    row = Organisation.objects.create(
        name=name.strip(), uscc=code, type=type, address=address, region=region,
        phone=validators.phone_number(phone) if phone else "",
        legal_representative_id=split_id(legal_representative)[1] or None,
    )  # fmt: skip
    ledger.note(stream=str(row), act="organisation-registered", actor=actor, data={"uscc": code}, at=at)
    return str(row)
