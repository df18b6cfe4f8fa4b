"""Signing in, tokens, preferences and the accounts of the demo city."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import LoadError, read_pack
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.privacy import blind_index
from tongban.registers.identity import ledger, selectors
from tongban.registers.identity.contracts import AccountKind, IdentityError, IssuedToken, LockedError
from tongban.registers.identity.models import Account, ApiToken, FailedSignIn

LOCK_FOR = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
# A service hall has one address for many people: its own limit is wider.
ADDRESS_LIMIT = 20
TOKEN_DAYS = 90
TOKEN_BYTES = 32


def sign_in(*, username: str, password: str, address: str, at: datetime) -> Account:
    """Check a password.

    :param address: of the client, counted against guessing; only its digest is kept
    :raises LockedError: too many failures for this account or from this address
    :raises IdentityError: wrong; the text does not tell whether the account exists
    """
    by_account, by_address = _subject("account", username), _subject("address", address)
    _refuse_locked(by_account, ACCOUNT_LIMIT, at)
    _refuse_locked(by_address, ADDRESS_LIMIT, at)
    account = authenticate(username=username, password=password)
    if not isinstance(account, Account):
        FailedSignIn.objects.bulk_create(FailedSignIn(subject=one, at=at) for one in (by_account, by_address))
        _refuse_locked(by_account, ACCOUNT_LIMIT, at)
        raise IdentityError(_("账号或密码不对，请再试一次。忘记密码可带身份证到任一综合窗口重设。"))
    FailedSignIn.objects.filter(subject=by_account).delete()
    _signed_in(account, "password", at)
    return account


def sign_in_demo(*, username: str, at: datetime) -> Account:
    """Sign in to a demo account at one tap; only where the installation shows them.

    :raises IdentityError: no demonstration here, or no such demo account
    """
    account = Account.objects.filter(username=username, demo=True, is_active=True).first()
    if not settings.DEMO or account is None:
        raise IdentityError(_("没有这个演示账号。请用账号和密码登录。"))
    _signed_in(account, "demo", at)
    return account


def _signed_in(account: Account, how: str, at: datetime) -> None:
    actor = Actor(id=account.actor_id or f"account:{account.pk}")
    ledger.note(account=account.pk, act="signed-in", actor=actor, at=at, data={"how": how})


def _subject(kind: str, value: str) -> str:
    return blind_index(f"{kind}:{value}", purpose="sign-in")


def _refuse_locked(subject: str, limit: int, at: datetime) -> None:
    recent = FailedSignIn.objects.filter(subject=subject, at__gt=at - LOCK_FOR, at__lte=at).order_by("-at")
    failures = list(recent.values_list("at", flat=True)[:limit])
    if len(failures) < limit:
        return
    until = failures[0] + LOCK_FOR
    when = localtime(until).strftime("%H:%M")
    raise LockedError(
        _("输错太多次，为了您的安全暂停登录，%(when)s后可以再试。") % {"when": when}, until=until
    )


def guessed_too_often(*, limits: Mapping[str, int], at: datetime) -> bool:
    """Whether one of these things has been guessed at too often in the last quarter of an hour.

    For pages without sign-in that answer to who knows a secret; counted for all processes together.

    :param limits: wrong guesses allowed, by what is counted: ``progress-number:A42…``; kept as a blind index
    """
    since, subjects = at - LOCK_FOR, {_subject("guess", what): most for what, most in limits.items()}
    counted = (
        FailedSignIn.objects.filter(subject__in=subjects, at__gt=since, at__lte=at)
        .values_list("subject")
        .annotate(n=Count("pk"))
    )
    return any(n >= subjects[subject] for subject, n in counted)


def note_wrong_guess(*, what: Iterable[str], at: datetime) -> None:
    """Count a wrong guess against each of these things; see `guessed_too_often`."""
    FailedSignIn.objects.bulk_create(FailedSignIn(subject=_subject("guess", one), at=at) for one in what)


def forget_failures(*, before: datetime) -> int:
    """Delete failed sign-ins that no longer count; tells how many."""
    deleted, _per_table = FailedSignIn.objects.filter(at__lt=before - LOCK_FOR).delete()
    return deleted


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


def account_of_token(*, secret: str, at: datetime) -> Account | None:
    """The account that a bearer token speaks for, or None when it is unknown, revoked or expired.

    Notes the day of use, at most once a day.
    """
    row = ApiToken.objects.select_related("account").filter(digest=digest_of(secret)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= at or not row.account.is_active:
        return None
    today = actors.day_of(at)
    if row.last_used_date != today:
        ApiToken.objects.filter(pk=row.pk).update(last_used_date=today)
    return row.account


def digest_of(secret: str) -> str:
    """What is kept of a token. It is long and random, so a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


# Preferences and switching -----------------------------------------------------------------


def save_preferences(*, account: Account, language: str, elder_mode: bool, shortcuts: bool) -> None:
    """Keep what a person likes. An unknown language means the browser's."""
    account.language = language if language in dict(settings.LANGUAGES) else ""
    account.elder_mode, account.shortcuts = elder_mode, shortcuts
    account.save(update_fields=["language", "elder_mode", "shortcuts"])


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
def load_accounts(*, folder: Path) -> Counter[str]:
    """Load `accounts.yaml` of a city folder. Existing accounts keep their password.

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
    return done


def _actor_ids(folder: Path) -> dict[str, str]:
    city = read_pack(folder, "people.yaml")
    ids = {
        f"officer:{row['username']}": f"officer:{row['id']}"
        for row in read_pack(folder, "officers.yaml")["officers"]
    }
    ids |= {f"person:{row['key']}": f"person:{row['id']}" for row in city["people"]}
    return ids | {f"organisation:{row['key']}": f"organisation:{row['id']}" for row in city["organisations"]}
