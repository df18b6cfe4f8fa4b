"""Getting back in: citizens by name, number and registered phone; officers by their unit's admin."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.registers.identity import guessing, selectors
from tongban.registers.identity.contracts import IdentityError, UndeliveredError, messenger
from tongban.registers.identity.factors import recovery, services
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.models import Account

MINUTES = int(recovery.PHONE_CODE_FOR.total_seconds()) // 60


def send_code(*, purpose: str, phone: str, english: bool, address: str, at: datetime) -> str:
    """Send a code to a phone.

    :param address: of the client: an address that asks for many is held back like one that guesses
    :returns: the code in a demonstration, where it is shown on the page; else nothing
    :raises IdentityError: asked too often, or the channel is down
    """
    _hold_back(address, at)
    code = recovery.new_phone_code(purpose=purpose, phone=phone, at=at)
    try:
        messenger().to_phone(
            phone=phone, template="identity.code", context={"code": code, "minutes": MINUTES},
            english=english, at=at,
        )  # fmt: skip
    except UndeliveredError as error:
        raise IdentityError(_("短信现在发不出去，填的都在。请过几分钟再试，或打12345。")) from error
    return code if settings.DEMO else ""


def check_code(*, purpose: str, phone: str, code: str, at: datetime) -> None:
    """:raises IdentityError: the code is wrong, too old, or was tried too often"""
    if not recovery.use_phone_code(purpose=purpose, phone=phone, code=code.strip(), at=at):
        raise IdentityError(_("短信验证码不对或过期了。请核对最新的一条，或重新要一次。"))


def begin(*, name: str, number: str, phone: str, english: bool, address: str, at: datetime) -> str:
    """Send a code to the registered phone of whoever this is.

    When nothing fits nothing is sent, and the answer is the same: nobody learns who has an account.

    :returns: the code in a demonstration, as `send_code`
    :raises IdentityError: asked too often, or the channel is down
    """
    if _account(name=name, number=number, phone=phone) is None:
        _hold_back(address, at)
        return ""
    return send_code(purpose="recover", phone=phone, english=english, address=address, at=at)


def finish(
    *, number: str, phone: str, code: str, password: str, without_factors: bool, at: datetime
) -> Account:
    """A new password by the code from the phone; all sessions end, and whose account it is gets told.

    :param without_factors: the second factors were lost too and go
    :raises IdentityError: the code is not right
    """
    check_code(purpose="recover", phone=phone, code=code, at=at)
    person = actors.find_person(number)
    account = selectors.account_of_actor(person) if person else None
    if account is None:
        raise IdentityError(_("没有找到账号，请先注册。"))
    services.begin_anew(
        account=account, password=password, without_factors=without_factors, how="phone", at=at
    )
    messenger().to_actor(
        to=account.actor_id, template="identity.changed", context={}, key=f"changed-{at.timestamp()}", at=at
    )
    return account


def officers_of(*, unit: str, at: datetime) -> list[tuple[Account, str]]:
    """Accounts of the officers of a unit, with their names."""
    ids = actors.officers_of(unit_id=unit, at=at)
    names = actors.names(ids)
    rows = Account.objects.filter(actor_id__in=ids, is_active=True).order_by("actor_id")
    return [(row, names[row.actor_id]) for row in rows]


def hand_over(*, account_id: int, by: Actor, unit: str, at: datetime) -> tuple[Account, str]:
    """A code that the unit's admin gives an officer of the unit in person.

    :raises IdentityError: no officer of this unit, or oneself
    """
    account = next(
        (
            row
            for row, _name in officers_of(unit=unit, at=at)
            if row.pk == account_id and row.actor_id != by.id
        ),
        None,
    )
    if account is None:
        raise IdentityError(_("只能给本单位的其他工作人员重设。"))
    return account, recovery.hand_reset(account=account, by=by, at=at)


def finish_handed(*, username: str, code: str, password: str, address: str, at: datetime) -> Account:
    """A new password by a handed code; second factors go and have to be enrolled anew.

    :raises IdentityError: the code is wrong, used or too old
    """
    _hold_back(address, at)
    account = recovery.use_handed_reset(username=username, code=code, at=at)
    if account is None:
        raise IdentityError(_("账号或重设码不对，或者已经过期。请向本单位管理员再要一个。"))
    services.begin_anew(account=account, password=password, without_factors=True, how="admin", at=at)
    return account


def _account(*, name: str, number: str, phone: str) -> Account | None:
    person = actors.find_person(number)
    account = selectors.account_of_actor(person) if person else None
    if person is None or account is None or needs_second(account):
        return None
    facts = actors.party_facts(person)
    return account if facts.name == name and facts.phone == phone else None


def _hold_back(address: str, at: datetime) -> None:
    """:raises LockedError: this address asked too often within a quarter of an hour"""
    subject = guessing.subject("code-to", address)
    guessing.refuse_locked(subject, guessing.ADDRESS_LIMIT, at)
    guessing.count([subject], at)
