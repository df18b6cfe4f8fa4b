"""Signing in, tokens, preferences and the accounts of the demo city."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import LoadError, read_pack
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.prepared import Prepared
from tongban.registers.identity import guessing, ledger, selectors
from tongban.registers.identity.contracts import AccountKind, IdentityError, IssuedToken
from tongban.registers.identity.factors import totp
from tongban.registers.identity.guessing import ACCOUNT_LIMIT, ADDRESS_LIMIT
from tongban.registers.identity.models import Account, ApiToken
from tongban.registers.identity.tokens import digest_of

_RESIDENT_ID = re.compile(r"\d{17}[\dX]")
TOKEN_DAYS = 90
TOKEN_BYTES = 32


def sign_in(*, username: str, password: str, address: str, at: datetime) -> Account:
    """Check a password. What a second factor proves, and the session, come after: `web/entering.py`.

    :param username: the account's name or a person's resident id number
    :param address: of the client, counted against guessing; only its digest is kept
    :raises LockedError: too many failures for this account or from this address
    :raises IdentityError: wrong; the text does not tell whether the account exists
    """
    by_account, by_address = guessing.subject("account", username), guessing.subject("address", address)
    guessing.refuse_locked(by_account, ACCOUNT_LIMIT, at)
    guessing.refuse_locked(by_address, ADDRESS_LIMIT, at)
    account = authenticate(username=_username(username), password=password)
    if not isinstance(account, Account):
        guessing.count((by_account, by_address), at)
        guessing.refuse_locked(by_account, ACCOUNT_LIMIT, at)
        raise IdentityError(_("账号或密码不对，请再试一次。忘记密码可以用手机号和身份证号找回。"))
    guessing.forget(by_account)
    return account


def _username(given: str) -> str:
    """The account's name; a resident id number finds the account of its person."""
    if not _RESIDENT_ID.fullmatch(given.strip().upper()):
        return given
    person = actors.find_person(given)
    account = selectors.account_of_actor(person) if person else None
    return account.username if account else given


def organisation_of(*, account: Account, code: str, at: datetime) -> str:
    """The organisation with this credit code, if the person behind the account may ask in its name.

    :raises IdentityError: the code is wrong, or the organisation did not let them
    """
    try:
        found = actors.find_organisation(actors.credit_code(code))
    except ValidationError as error:
        raise IdentityError(" ".join(error.messages)) from error
    actor = selectors.actor_of_account(account=account, at=at)
    if found is None or found not in selectors.parties_open_to(actor):
        raise IdentityError(_("您不是这个单位的法定代表人，也没有受它委托。请法定代表人先委托您。"))
    return found


def sign_in_demo(*, username: str) -> Account:
    """Sign in to a demo account at one tap; only where the installation shows them.

    :raises IdentityError: no demonstration here, or no such demo account
    """
    account = Account.objects.filter(username=username, demo=True, is_active=True).first()
    if not settings.DEMO or account is None:
        raise IdentityError(_("没有这个演示账号。请用账号和密码登录。"))
    return account


# Tokens ------------------------------------------------------------------------------------


@kernel.writing()
def issue_token(*, username: str, label: str, at: datetime, days: int = TOKEN_DAYS) -> IssuedToken:
    """Make a bearer token of an account, valid for `days` from `at`.

    :raises IdentityError: no such account, or it may not sign in
    """
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise IdentityError(_("没有可用的账号%(username)s。") % {"username": username})
    secret = f"tb_{secrets.token_urlsafe(TOKEN_BYTES)}"
    row = ApiToken.objects.create(
        account=account,
        digest=digest_of(secret),
        label=label,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    actor = Actor(id=account.actor_id or f"account:{account.pk}")
    ledger.note(account=account.pk, act="token-issued", actor=actor, at=at, data={"token": row.pk})
    return IssuedToken(secret=secret, label=label, expires_at=row.expires_at)


@kernel.writing()
def revoke_token(*, token_id: int, account: Account, at: datetime) -> None:
    """Revoke one of an account's own tokens.

    :raises IdentityError: not this account's
    """
    row = ApiToken.objects.filter(pk=token_id, account=account).first()
    if row is None:
        raise IdentityError(_("没有这个令牌。"))
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        actor = Actor(id=account.actor_id or f"account:{account.pk}")
        ledger.note(account=account.pk, act="token-revoked", actor=actor, at=at, data={"token": row.pk})


_ACCOUNT_COLUMNS = [column.attname for column in Account._meta.concrete_fields]
_BY_TOKEN = Prepared(
    lambda digest: ApiToken.objects.filter(digest=digest).values_list(
        "pk", "revoked_at", "expires_at", "last_used_date", *(f"account__{name}" for name in _ACCOUNT_COLUMNS)
    )
)


def account_of_token(*, secret: str, at: datetime) -> Account | None:
    """The account that a bearer token speaks for, or None when it is unknown, revoked or expired.

    Notes the day of use, at most once a day.
    """
    found = next(iter(_BY_TOKEN(digest=digest_of(secret))), None)
    if found is None:
        return None
    token, revoked_at, expires_at, last_used, *columns = found
    account = Account.from_db(DEFAULT_DB_ALIAS, _ACCOUNT_COLUMNS, columns)
    if revoked_at is not None or expires_at <= at or not account.is_active:
        return None
    today = actors.day_of(at)
    if last_used != today:
        with kernel.writing():
            ApiToken.objects.filter(pk=token).update(last_used_date=today)
    return account


# Preferences and switching -----------------------------------------------------------------


def save_preferences(*, account: Account, language: str, elder_mode: bool, shortcuts: bool) -> None:
    """Keep what a person likes. An unknown language means the browser's."""
    account.language = language if language in dict(settings.LANGUAGES) else ""
    account.elder_mode, account.shortcuts = elder_mode, shortcuts
    account.save(update_fields=["language", "elder_mode", "shortcuts"])


def save_keys(*, account: Account, keymap: dict[str, str], shortcuts: bool) -> None:
    """Keep where somebody put the single keys: only what differs, by what the key does."""
    account.keymap, account.shortcuts = keymap, shortcuts
    account.save(update_fields=["keymap", "shortcuts"])


def switch_party(*, account: Account, party: str, at: datetime) -> str:
    """Check that a citizen may ask in the name of `party` and write the switch down.

    :raises IdentityError: not (or no longer) allowed
    """
    actor = selectors.actor_of_account(account=account, at=at)
    if party not in selectors.parties_open_to(actor):
        raise IdentityError(" ".join(actors.why_not(agent=actor.id, principal=party, at=at)))
    data = {"party": party, "authority": actors.authority_for(actor, party)}
    ledger.note(account=account.pk, act="party-switched", actor=actor, at=at, data=data)
    return party


def switch_unit(*, account: Account, unit: str, at: datetime) -> str:
    """Check that an officer holds a role in `unit` and write the switch down.

    :raises IdentityError: no role there
    """
    actor = selectors.actor_of_account(account=account, at=at, unit=unit)
    if all(grant.unit != unit for grant in actor.grants):
        raise IdentityError(_("您在该单位没有任职。请该单位的管理员先登记任职。"))
    ledger.note(account=account.pk, act="unit-switched", actor=actor, at=at, data={"unit": unit})
    return unit


# Demo city ---------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _hashed(password: str) -> str:
    """One slow hash per demo password, not one per account."""
    return make_password(password)


@kernel.writing()
def load_accounts(*, folder: Path, at: datetime) -> Counter[str]:
    """Load `accounts.yaml` of a city folder. Existing accounts keep their password.

    Officers get an authenticator app, whose code a demonstration shows on the page.

    :returns: how many were ``added`` and ``changed``
    :raises LoadError: an account of nobody in the files
    """
    ids = _actor_ids(folder)
    known = Account.objects.in_bulk(field_name="username")
    done: Counter[str] = Counter()
    for record in read_pack(folder, "accounts.yaml"):
        who = record["who"]
        if who not in ids:
            raise LoadError(f"accounts.yaml: {record['username']}: {who} ?")
        values = {
            "kind": AccountKind(who.partition(":")[0]),
            "actor_id": ids[who],
            "default_party": ids[f"organisation:{record['acts_for']}"] if record.get("acts_for") else "",
            "demo": True,
            "demo_shown": bool(record.get("shown")),
            "purpose": record.get("zh", ""),
            "purpose_en": record.get("en", ""),
        }
        account = known.get(record["username"])
        if account is None:
            account = Account(username=record["username"], password=_hashed(record["password"]), **values)
            account.save()
            done["added"] += 1
        elif changed := [name for name, value in values.items() if getattr(account, name) != value]:
            for name in changed:
                setattr(account, name, values[name])
            account.save(update_fields=changed)
            done["changed"] += 1
    totp.enrol_demo(at=at)
    return done


def _actor_ids(folder: Path) -> dict[str, str]:
    city = read_pack(folder, "people.yaml")
    ids = {
        f"officer:{row['username']}": f"officer:{row['id']}"
        for row in read_pack(folder, "officers.yaml")["officers"]
    }
    ids |= {f"person:{row['key']}": f"person:{row['id']}" for row in city["people"]}
    return ids | {f"organisation:{row['key']}": f"organisation:{row['id']}" for row in city["organisations"]}
