"""Giving, confirming and taking back the authority to act in somebody's name.

民法典 第一百六十五条: written, with the agent, the matters and the days; 第一百六十九条: not passed on; 第一百七十三条:
ends by its last day, by being taken back or laid down. How long one may last at most is the city's
(`settings.ACTING_MOST_DAYS`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import ledger
from tongban.actors.contracts import (
    ActorsError,
    Basis,
    CodeError,
    EndedError,
    NotKnownError,
    Recorded,
    Role,
    Tie,
)
from tongban.actors.models import Acting, ActingCode, Appointment, Officer, Organisation, Person
from tongban.actors.parties import phone_of
from tongban.actors.selectors import day_of, holds_on, split_id
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.privacy import blind_index

CODE_MINUTES = 10
CODE_TRIES = 5
MOST_MATTERS = 300


@kernel.writing()
def let_act(
    *, agent: str, principal: str, matters: Iterable[str], from_date: date, until_date: date | None, actor: Actor,
    at: datetime, tie: Tie = Tie.STAFF,
) -> str:  # fmt: skip
    """Let a person or an agent of a service station act in the name of an organisation or another person.

    :param agent: ``person:7``, or ``officer:3`` who holds the role of an agent
    :param matters: codes of matters; empty lets a person act in everything, never an agent
    :returns: ``acting:ID``
    :raises ActorsError: the actor may not speak for the principal, or acts for oneself; nothing named; days wrong
    """
    # An agent does not pass on what was entrusted (民法典 第一百六十九条): only the principal does.
    if not (actor.is_system or principal in _speaks_for(actor)):
        raise ActorsError(_("只有委托人本人或其法定代表人可以委托他人办事。"))
    row = _made(agent, principal, matters, from_date, until_date, tie=tie, at=at)
    row.basis = Basis.ONLINE
    row.save()
    data = {"acting": str(row), "agent": agent, "matters": row.matters, "until": _iso(until_date)}
    ledger.note(stream=principal, act="acting-granted", actor=actor, data=data, at=at)
    return str(row)


@kernel.writing()
def record_paper(
    *, agent: str, principal: str, matters: Iterable[str], from_date: date, until_date: date | None, tie: Tie,
    document: str, document_name: str, actor: Actor, at: datetime,
) -> Recorded:  # fmt: skip
    """Record an authority signed on paper at a window; it holds once its code has been told.

    :param document: digest of the stored scan
    :param actor: an agent or a window officer
    :returns: the authority and the code to send to the principal's phone, valid for `CODE_MINUTES`
    :raises ActorsError: as `let_act`; no scan; not an agent; the principal has no mobile phone on record
    """
    _require_station(actor)
    if not document:
        raise ActorsError(_("请附上签字授权书的照片或扫描件。"))
    if not phone_of(principal):
        raise ActorsError(
            _("登记里没有对方的手机号，不能发验证码。请对方本人登录网上授权，或先在户籍窗口更新手机号。")
        )
    row = _made(agent, principal, matters, from_date, until_date, tie=tie, at=at)
    row.basis, row.awaiting, row.recorded_by = Basis.PAPER, True, actor.id
    row.document, row.document_name = document, document_name[:200]
    row.save()
    data = {
        "acting": str(row),
        "agent": agent,
        "matters": row.matters,
        "until": _iso(until_date),
        "document": document,
    }
    ledger.note(stream=principal, act="acting-recorded", actor=actor, data=data, at=at)
    return Recorded(str(row), _new_code(row, at))


@kernel.writing()
def renew_code(*, mandate: str, actor: Actor, at: datetime) -> Recorded:
    """A new code for a paper that still waits; the earlier one no longer counts.

    :raises ActorsError: not known, not waiting, or another officer recorded it
    """
    row = _awaiting(mandate, actor)
    return Recorded(str(row), _new_code(row, at))


def confirm_paper(*, mandate: str, code: str, actor: Actor, at: datetime) -> None:
    """Confirm a paper with the code that the principal read out; from now it holds.

    :raises CodeError: wrong (how many tries are left), too old, or tried too often
    """
    with kernel.writing():  # a wrong try is kept although it is refused
        refused = _try_code(mandate, code, actor, at)
    if refused:
        raise CodeError(refused)


def _try_code(mandate: str, code: str, actor: Actor, at: datetime) -> str:
    row = _awaiting(mandate, actor)
    held = ActingCode.objects.select_for_update().filter(acting=row).first()
    if held is None or held.valid_until <= at or held.tries >= CODE_TRIES:
        return _("这个验证码已经失效，请重发一个。")
    if not hmac.compare_digest(held.digest, _digest(row, code)):
        held.tries += 1
        held.save(update_fields=["tries"])
        return _("验证码不对，还可以试%(n)d次。") % {"n": CODE_TRIES - held.tries}
    held.delete()
    row.awaiting = False
    row.save(update_fields=["awaiting"])
    ledger.note(
        stream=_principal_of(row), act="acting-confirmed", actor=actor, data={"acting": str(row)}, at=at
    )
    return ""


@kernel.writing()
def revoke_acting(*, acting: str, actor: Actor, at: datetime) -> None:
    """End an acting at the instant `at`: the principal takes it back, or the agent lays it down.

    :param acting: ``acting:ID``
    :raises ActorsError: not known, revoked already, or the actor is neither
    """
    row = Acting.objects.select_for_update().filter(pk=split_id(acting)[1]).first()
    if row is None:
        raise NotKnownError(_("没有这项委托。"))
    if row.revoked_at is not None:
        raise EndedError(_("这项委托已经撤回。"))
    principal = _principal_of(row)
    agent = f"person:{row.person_id}" if row.person_id else f"officer:{row.officer_id}"
    if not (actor.is_system or _speaks_for(actor) & {principal, agent}):
        raise ActorsError(_("只有委托人或受托人可以撤回委托。"))
    if row.basis == Basis.LAW and not actor.is_system:
        raise ActorsError(_("监护是法定的，不能在这里撤回；监护关系变更请到民政部门办理。"))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    ledger.note(stream=principal, act="acting-revoked", actor=actor, data={"acting": acting}, at=at)


def _made(
    agent: str, principal: str, matters: Iterable[str], from_date: date, until_date: date | None, *, tie: Tie,
    at: datetime,
) -> Acting:  # fmt: skip
    """A row that keeps the rules, not saved yet."""
    kind, pk = split_id(principal)
    if agent == principal or kind not in {"person", "organisation"}:
        raise ActorsError(_("请选择委托您办事的单位或个人。"))
    table = Organisation if kind == "organisation" else Person
    if not table._default_manager.filter(pk=pk, ended_on__isnull=True).exists():  # noqa: SLF001  # Django's public name
        raise NotKnownError(_("没有这个人或单位的登记。"))
    who, number = split_id(agent)
    named = sorted(set(matters))
    _check_agent(who, number, named, until_date, at)
    _check_days(from_date, until_date, tie if who == "person" else Tie.AGENT, at)
    if len(named) > MOST_MATTERS:
        raise ActorsError(_("一次最多授权%(n)d个事项。") % {"n": MOST_MATTERS})
    return Acting(
        person_id=number if who == "person" else None, officer_id=number if who == "officer" else None,
        for_organisation_id=pk if kind == "organisation" else None, for_person_id=pk if kind == "person" else None,
        matters=named, from_date=from_date, until_date=until_date, tie=tie if who == "person" else Tie.AGENT,
    )  # fmt: skip


def _check_agent(who: str, number: int, named: list[str], until: date | None, at: datetime) -> None:
    if who == "person":
        if not Person.objects.filter(pk=number, ended_on__isnull=True).exists():
            raise NotKnownError(_("没有这个人的登记。"))
        return
    if who != "officer" or not Officer.objects.filter(pk=number, ended_on__isnull=True).exists():
        raise NotKnownError(_("没有这名帮办代办员。"))
    serves = Appointment.objects.filter(holds_on(day_of(at)), officer_id=number, role=Role.AGENT)
    if not serves.exists():
        raise ActorsError(_("这名工作人员现在不是帮办代办员，请另选一位。"))
    if not named:
        raise ActorsError(_("请写明委托帮办代办员办理的事项。"))
    if until is None:
        raise ActorsError(_("请写明委托的最后一日。"))


def _check_days(since: date, until: date | None, tie: Tie, at: datetime) -> None:
    if until is None:
        return
    if until < since:
        raise ActorsError(_("最后一日早于起始日，请改一下日期。"))
    if until < day_of(at):
        raise ActorsError(_("最后一日已经过去，请选今天或以后。"))
    most = settings.ACTING_MOST_DAYS.get(tie.value, 0)
    if most and until > since + timedelta(days=most):
        raise ActorsError(_("这类委托一次最长%(n)d天，到期可以再授权。") % {"n": most})


def _require_station(actor: Actor) -> None:
    if not any(grant.role in {Role.AGENT, Role.WINDOW} for grant in actor.grants):
        raise ActorsError(_("只有帮办代办员或窗口人员可以登记书面授权。"))


def _awaiting(mandate: str, actor: Actor) -> Acting:
    row = Acting.objects.select_for_update().filter(pk=split_id(mandate)[1]).first()
    if row is None or row.recorded_by != actor.id:
        raise NotKnownError(_("没有这项委托，或者不是您登记的。"))
    if not row.awaiting or row.revoked_at is not None:
        raise EndedError(_("这项委托不在等确认。"))
    return row


def _new_code(row: Acting, at: datetime) -> str:
    code = f"{secrets.randbelow(1_000_000):06}"
    ActingCode.objects.update_or_create(
        acting=row,
        defaults={
            "digest": _digest(row, code),
            "valid_until": at + timedelta(minutes=CODE_MINUTES),
            "tries": 0,
        },
    )
    return code


def _digest(row: Acting, code: str) -> str:
    # Six digits are guessed from a plain digest at once: it is keyed, and bound to this authority.
    keyed = blind_index(f"{row}:{code}", purpose="acting-code")
    return hashlib.sha256(keyed.encode()).hexdigest()


def _speaks_for(actor: Actor) -> set[str]:
    by_law = {own.unit for own in actor.authorities if own.id.startswith("representative:")}
    return {actor.id} | by_law


def _principal_of(row: Acting) -> str:
    pk = row.for_organisation_id or row.for_person_id
    return f"organisation:{pk}" if row.for_organisation_id else f"person:{pk}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
