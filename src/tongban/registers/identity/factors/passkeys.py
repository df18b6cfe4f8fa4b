"""Passkeys (WebAuthn level 2) on the library fido2. A passkey proves possession and, by PIN or finger, the person."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tongban.kernel import api as kernel
from tongban.registers.identity import ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.factors.models import Passkey
from tongban.registers.identity.models import Account

MOST = 10
MOST_CHARACTERS = 20_000
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to: the host's name without port, and the origin that the browser must tell."""

    host: str
    origin: str
    name: str

    def server(self) -> Fido2Server:
        return Fido2Server(
            PublicKeyCredentialRpEntity(id=self.host, name=self.name),
            verify_origin=lambda origin: origin == self.origin,
        )


def begin_registration(*, account: Account, site: Site) -> tuple[dict[str, Any], State]:
    """Options for the browser, and what must be remembered until it answers.

    :raises IdentityError: there are ten already
    """
    known = passkeys_of(account)
    if len(known) >= MOST:
        raise IdentityError(_("一个账号最多10个通行密钥，请先删掉不用的。"))
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(
            id=_handle(account), name=account.username, display_name=account.username
        ),
        credentials=[_credential(row) for row in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def finish_registration(
    *, account: Account, site: Site, state: State | None, answer: str, label: str, at: datetime
) -> Passkey:
    """Keep a new passkey.

    :param state: what `begin_registration` gave; None when nothing was begun in this session
    :param answer: the JSON that the browser gave
    :raises IdentityError: it does not fit what was asked
    """
    if state is None or not answer:
        raise IdentityError(_("浏览器没有给出通行密钥。请打开JavaScript再试，或改用动态验证码。"))
    try:
        made = site.server().register_complete(state, _parsed(answer)).credential_data
    except (ValueError, KeyError, TypeError) as error:
        raise IdentityError(_("没有添加成功：浏览器的回答和本站不符。请再试一次。")) from error
    if made is None:
        raise IdentityError(_("没有添加成功：浏览器的回答和本站不符。请再试一次。"))
    digest = hashlib.sha256(made.credential_id).hexdigest()
    with kernel.writing():
        if Passkey.objects.filter(digest=digest).exists():
            raise IdentityError(_("这个通行密钥已经添加过。"))
        row = Passkey.objects.create(
            account=account, digest=digest, data=base64.b64encode(made).decode(), label=label, created_at=at
        )
        ledger.note_own(
            account=account, act="factor-added", at=at, data={"factor": "passkey", "passkey": row.pk}
        )
    return row


def begin_proof(*, site: Site, account: Account | None = None) -> tuple[dict[str, Any], State]:
    """Options for the browser to prove a passkey: one of `account`, or any that it finds for this site."""
    credentials = [_credential(row) for row in passkeys_of(account)] if account else None
    options, state = site.server().authenticate_begin(
        credentials or None, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), state


def finish_proof(*, site: Site, state: State, answer: str, at: datetime) -> Passkey:
    """The passkey that was proven.

    :raises IdentityError: unknown, of a closed account, or it does not fit what was asked
    """
    wrong = IdentityError(_("这个通行密钥没有通过。请再试一次，或改用密码登录。"))
    try:
        given = AuthenticationResponse.from_dict(_parsed(answer))
        digest = hashlib.sha256(given.raw_id).hexdigest()
        row = Passkey.objects.select_related("account").filter(digest=digest).first()
        if row is None or not row.account.is_active:
            raise wrong
        site.server().authenticate_complete(state, [_credential(row)], given)
        count = given.response.authenticator_data.counter
    except (ValueError, KeyError, TypeError) as error:
        raise wrong from error
    if count and count <= row.sign_count:  # a copy of the authenticator has been used meanwhile
        raise wrong
    with kernel.writing():
        row.sign_count, row.last_used_at = count, at
        row.save(update_fields=["sign_count", "last_used_at"])
    return row


@kernel.writing()
def remove_passkey(*, account: Account, passkey_id: int, at: datetime) -> None:
    """Remove one of the own passkeys.

    :raises IdentityError: not this account's
    """
    gone, _tables = Passkey.objects.filter(pk=passkey_id, account=account).delete()
    if not gone:
        raise IdentityError(_("没有这个通行密钥。"))
    ledger.note_own(
        account=account, act="factor-removed", at=at, data={"factor": "passkey", "passkey": passkey_id}
    )


def passkeys_of(account: Account) -> list[Passkey]:
    """An account's passkeys, oldest first."""
    return list(Passkey.objects.filter(account=account).order_by("pk"))


def _credential(row: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(row.data))


def _handle(account: Account) -> bytes:
    """What the authenticator keeps to tell accounts apart; no name and no number."""
    return hashlib.sha256(f"tongban-account-{account.pk}".encode()).digest()


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_CHARACTERS:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  # what came from outside, not a type of ours
    return found
