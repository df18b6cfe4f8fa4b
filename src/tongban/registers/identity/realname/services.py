"""Registering citizens and companies: the real name is checked, and an account becomes somebody by that only.

An account without a checked name acts as nobody: it may sign in and wait. So nobody sees what is known of a person
by naming that person while the register is away.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.identity import guessing, ledger
from tongban.registers.identity.contracts import AccountKind, IdentityError, UndeliveredError, messenger
from tongban.registers.identity.models import Account
from tongban.registers.identity.realname.contracts import (
    CheckState,
    OrganisationClaim,
    PersonClaim,
    RegisterDownError,
    Verdict,
)
from tongban.registers.identity.realname.models import RealNameCheck
from tongban.registers.identity.realname.registers import register

logger = logging.getLogger(__name__)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
BATCH = 100
PERSON, ORGANISATION = "person", "organisation"


def register_citizen(*, claim: PersonClaim, password: str, language: str, at: datetime) -> RealNameCheck:
    """Open an account for somebody whose phone was proven, and check the name at once.

    :returns: the check: verified, or waiting while the register is down
    :raises IdentityError: the person has an account, or the names do not match (nothing is opened then)
    """
    person = actors.find_person(claim.number)
    if person and Account.objects.filter(actor_id=person, is_active=True).exists():
        raise IdentityError(_("您已经有账号了。请直接登录；忘记密码可以用手机号和身份证号找回。"))
    verdict = _unless_refused(_ask_person(claim))
    hashed = make_password(password)  # half a second: before other writers have to wait
    with kernel.writing():
        account = Account.objects.create(
            username=_new_username(),
            password=hashed,
            kind=AccountKind.PERSON,
            language=language,
        )
        ledger.note_own(account=account, act="registered", at=at)
        return _new_check(account, PERSON, claim, verdict, at)


def register_organisation(*, account: Account, name: str, code: str, at: datetime) -> RealNameCheck:
    """Bring a company in that one is the legal representative of, and check it at once.

    :returns: the check: verified, or waiting while the register is down
    :raises IdentityError: not a person with a checked name, a wrong code, or the register says otherwise
    """
    if not account.actor_id.startswith("person:"):
        raise IdentityError(_("先完成个人实名，再登记您的企业。"))
    try:
        tidy = actors.credit_code(code)
    except ValidationError as error:
        raise IdentityError(" ".join(error.messages)) from error
    own = actors.party_facts(account.actor_id)
    claim = OrganisationClaim(name.strip(), tidy, own.name, own.number)
    verdict = _unless_refused(_ask_organisation(claim))
    with kernel.writing():
        return _new_check(account, ORGANISATION, claim, verdict, at)


def check_waiting(*, at: datetime) -> int:
    """Ask again about whoever waits; the register is called outside any transaction. Tells how many are decided.

    A register that is down is asked once per run.
    """
    due = list(
        RealNameCheck.objects.select_related("account")
        .filter(state=CheckState.WAITING, next_at__lte=at)
        .order_by("next_at")[:BATCH]
    )
    decided = 0
    down: set[str] = set()
    for check in due:
        if check.kind in down:
            continue
        body = json.loads(check.body)
        claim = PersonClaim(**body) if check.kind == PERSON else OrganisationClaim(**body)
        verdict = _ask_person(claim) if isinstance(claim, PersonClaim) else _ask_organisation(claim)
        if verdict is None:
            down.add(check.kind)
            _put_off(check, at)
            continue
        with kernel.writing():
            (_verified if verdict.matches else _refused)(check, claim, at, verdict.reason)
        decided += 1
        _tell(check, claim, at)
    return decided


def standing(account: Account) -> RealNameCheck | None:
    """The latest check of the account's own name; None for accounts that were opened at a counter."""
    return RealNameCheck.objects.filter(account=account, kind=PERSON).first()


def words_of(reason: str) -> str:
    """Why a check does not match, and what is possible."""
    told = {
        "name": _("姓名和号码对不上。请照着证件再核对一遍。"),
        "phone": _("这个手机号和登记的不一致。请用登记的手机号，或带身份证到综合窗口更新。"),
        "representative": _("登记的法定代表人不是您。请由法定代表人登记，或请其委托您办理。"),
        "taken": _("这个人已经有账号了。请直接登录或找回密码。"),
    }
    return told.get(reason) or _("登记机关没有查到。请照着证件核对，或带证件到综合窗口办理。")


def _ask_person(claim: PersonClaim) -> Verdict | None:
    try:
        return register().check_person(claim)
    except RegisterDownError:
        return None
    except Exception as failure:  # noqa: BLE001  # a plugin's own mistake is a register that is away
        logger.error("real-name register failed: %s", type(failure).__name__)  # noqa: TRY400  # its words quote names
        return None


def _ask_organisation(claim: OrganisationClaim) -> Verdict | None:
    try:
        return register().check_organisation(claim)
    except RegisterDownError:
        return None
    except Exception as failure:  # noqa: BLE001  # a plugin's own mistake is a register that is away
        logger.error("real-name register failed: %s", type(failure).__name__)  # noqa: TRY400  # its words quote names
        return None


def _new_username() -> str:
    return f"tb{secrets.randbelow(10**8):08}"


def _unless_refused(verdict: Verdict | None) -> Verdict | None:
    """What the register said; None while it is away. :raises IdentityError: it says no"""
    if verdict is not None and not verdict.matches:
        raise IdentityError(words_of(verdict.reason))
    return verdict


def _new_check(
    account: Account, kind: str, claim: PersonClaim | OrganisationClaim, verdict: Verdict | None, at: datetime
) -> RealNameCheck:
    """A check of this claim: done when the register has said yes, waiting while it is away."""
    check = RealNameCheck.objects.create(
        account=account,
        kind=kind,
        body=json.dumps(asdict(claim), ensure_ascii=False),
        asked_at=at,
        next_at=at + FIRST_PAUSE,
        attempts=1,
    )
    if verdict is not None:
        _verified(check, claim, at)
    return check


def _verified(
    check: RealNameCheck, claim: PersonClaim | OrganisationClaim, at: datetime, reason: str = ""
) -> None:
    del reason
    own = Actor(id=check.account.actor_id or f"account:{check.account.pk}")
    if isinstance(claim, PersonClaim):
        person = actors.find_person(claim.number) or actors.register_person(
            name=claim.name,
            resident_id=claim.number,
            phone=claim.phone,
            address="",
            region="",
            actor=own,
            at=at,
        )
        if Account.objects.filter(actor_id=person, is_active=True).exists():
            _refused(check, claim, at, "taken")
            return
        check.account.actor_id = person
        check.account.save(update_fields=["actor_id"])
    elif actors.find_organisation(claim.code) is None:
        actors.register_organisation(
            name=claim.name, uscc=claim.code, type="", address="", region="", phone="",
            legal_representative=check.account.actor_id, actor=own, at=at,
        )  # fmt: skip
    _decide(check, CheckState.VERIFIED, "", at)


def _refused(
    check: RealNameCheck, claim: PersonClaim | OrganisationClaim, at: datetime, reason: str = ""
) -> None:
    del claim
    _decide(check, CheckState.REFUSED, reason, at)


def _decide(check: RealNameCheck, state: CheckState, reason: str, at: datetime) -> None:
    """What was claimed is erased; of a refused claim the proven phone stays, for a correction."""
    check.state, check.reason, check.decided_at, check.next_at = state, reason, at, None
    refused = state == CheckState.REFUSED and check.kind == PERSON
    kept = json.dumps({"phone": json.loads(check.body)["phone"]}) if refused else ""
    check.source, check.body = register().source, kept
    check.save(update_fields=["state", "reason", "decided_at", "next_at", "source", "body"])
    data = {"kind": check.kind, "state": state.value, "source": check.source}
    ledger.note(account=check.account_id, act="real-name-decided", actor=SYSTEM, at=at, data=data)


@kernel.writing()
def _put_off(check: RealNameCheck, at: datetime) -> None:
    """Later and later; whoever else waits for the same register waits as long, at no cost."""
    later = at + min(FIRST_PAUSE * 2 ** min(check.attempts, 10), LONGEST_PAUSE)
    RealNameCheck.objects.filter(pk=check.pk).update(attempts=check.attempts + 1, next_at=later)
    RealNameCheck.objects.filter(state=CheckState.WAITING, kind=check.kind, next_at__lte=at).update(
        next_at=later
    )


def _tell(check: RealNameCheck, claim: PersonClaim | OrganisationClaim, at: datetime) -> None:
    """Who waited is told on the phone: an account that is nobody has no inbox."""
    good = check.state == CheckState.VERIFIED
    template = "identity.real-name-verified" if good else "identity.real-name-refused"
    try:
        if isinstance(claim, PersonClaim):
            english = check.account.language == "en"
            messenger().to_phone(phone=claim.phone, template=template, context={}, english=english, at=at)
        else:
            key = f"real-name-{check.pk}"
            messenger().to_actor(to=check.account.actor_id, template=template, context={}, key=key, at=at)
    except UndeliveredError:
        logger.warning("a decided real-name check could not be told by phone")


def check_again(*, account: Account, name: str, number: str, at: datetime) -> RealNameCheck:
    """Correct a refused check. The phone stays the one that was proven by a code.

    :raises IdentityError: nothing was refused, it does not match again, or too many tries
    """
    last = standing(account)
    if account.actor_id or last is None or last.state != CheckState.REFUSED:
        raise IdentityError(_("没有要更正的实名信息。"))
    subject = guessing.subject("real-name", str(account.pk))
    guessing.refuse_locked(subject, guessing.ACCOUNT_LIMIT, at)
    guessing.count([subject], at)
    claim = PersonClaim(name, number, json.loads(last.body)["phone"])
    verdict = _unless_refused(_ask_person(claim))
    with kernel.writing():
        return _new_check(account, PERSON, claim, verdict, at)
