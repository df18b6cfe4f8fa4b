"""Registering clients, keeping consents, clearing away."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM
from tongban.registers.identity import ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc.claims import SCOPES
from tongban.registers.identity.oidc.models import OidcClient, OidcConsent, OidcGrant
from tongban.registers.identity.tokens import digest_of

GRANTS_KEPT_FOR = timedelta(days=30)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,58}")


@kernel.writing()
def register_client(
    *,
    client_id: str,
    name: str,
    name_en: str,
    redirect_uris: Iterable[str],
    logout_uris: Iterable[str],
    scopes: Iterable[str],
    public: bool,
    at: datetime,
    sector: str = "",
) -> str:
    """Let another system of the city in.

    :param public: a phone app or a page without a server: no secret, PKCE only
    :param sector: clients of one sector know people by the same subject; by default the redirects' host
    :returns: the secret, shown once; empty for a public client
    :raises IdentityError: a wrong or taken id, address or scope
    """
    redirects, logouts, wanted = list(redirect_uris), list(logout_uris), list(dict.fromkeys(scopes))
    if not _ID.fullmatch(client_id):
        raise IdentityError(_("系统标识用小写字母、数字和连字符，2至59个字符。"))
    if OidcClient.objects.filter(pk=client_id).exists():
        raise IdentityError(_("这个系统标识已经用过。"))
    for uri in [*redirects, *logouts]:
        _check_uri(uri)
    if not redirects:
        raise IdentityError(_("至少要有一个回调地址。"))
    if unknown := set(wanted) - set(SCOPES):
        raise IdentityError(_("没有这些范围：%(scopes)s") % {"scopes": ", ".join(sorted(unknown))})
    hosts = {urlsplit(uri).netloc for uri in redirects}
    if not sector and len(hosts) > 1:
        raise IdentityError(_("回调地址在几个主机上，请用 --sector 指明主体分区。"))
    secret = "" if public else secrets.token_urlsafe(32)
    OidcClient.objects.create(
        id=client_id, name=name, name_en=name_en, secret_digest=digest_of(secret) if secret else "",
        sector=sector or hosts.pop(), redirect_uris=redirects, logout_uris=logouts,
        scopes=list(dict.fromkeys(["openid", *wanted])), created_at=at,
    )  # fmt: skip
    _note(client_id, "client-registered", at, {"scopes": wanted, "public": public})
    return secret


@kernel.writing()
def renew_secret(*, client_id: str, at: datetime) -> str:
    """A new secret; the old one no longer works.

    :raises IdentityError: no such client, or a public one
    """
    row = _client(client_id)
    if not row.secret_digest:
        raise IdentityError(_("公开客户端没有密钥。"))
    secret = secrets.token_urlsafe(32)
    row.secret_digest = digest_of(secret)
    row.save(update_fields=["secret_digest"])
    _note(client_id, "client-secret-renewed", at, {})
    return secret


@kernel.writing()
def end_client(*, client_id: str, at: datetime) -> None:
    """Let a system in no longer; its tokens end at once.

    :raises IdentityError: no such client
    """
    row = _client(client_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    OidcGrant.objects.filter(client=row, revoked_at__isnull=True).update(revoked_at=at)
    _note(client_id, "client-ended", at, {})


@kernel.writing()
def consent(*, account: Account, client: OidcClient, scopes: Collection[str], at: datetime) -> None:
    """Somebody lets a client see what these scopes say, beside what they allowed before."""
    row = OidcConsent.objects.filter(account=account, client=client, withdrawn_at__isnull=True).first()
    before = set(row.scopes) if row else set()
    if row is not None and set(scopes) <= before:
        return
    if row is not None:
        row.withdrawn_at = at  # a wider one takes its place; what was allowed when stays on record
        row.save(update_fields=["withdrawn_at"])
    allowed = sorted({*before, *scopes})
    OidcConsent.objects.create(account=account, client=client, scopes=allowed, given_at=at)
    ledger.note_own(
        account=account, act="consent-given", at=at, data={"client": client.id, "scopes": allowed}
    )


@kernel.writing()
def withdraw(*, account: Account, client_id: str, at: datetime) -> None:
    """Take a consent back; the client's tokens for this account end at once.

    :raises IdentityError: nothing to take back
    """
    rows = OidcConsent.objects.filter(account=account, client_id=client_id, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=at):
        raise IdentityError(_("您没有授权过这个系统。"))
    OidcGrant.objects.filter(account=account, client_id=client_id, revoked_at__isnull=True).update(
        revoked_at=at
    )
    ledger.note_own(account=account, act="consent-withdrawn", at=at, data={"client": client_id})


def forget_grants(*, before: datetime) -> int:
    """Delete codes and tokens that ran out a month ago; the ledger keeps that they were."""
    deleted, _tables = OidcGrant.objects.filter(code_expires_at__lt=before - GRANTS_KEPT_FOR).delete()
    return deleted


def _client(client_id: str) -> OidcClient:
    row = OidcClient.objects.filter(pk=client_id, ended_at__isnull=True).first()
    if row is None:
        raise IdentityError(_("没有这个接入系统。"))
    return row


def _check_uri(uri: str) -> None:
    parts = urlsplit(uri)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    web = parts.scheme == "https" or (parts.scheme == "http" and local)
    app = "." in parts.scheme  # an app's own scheme, as cn.gov.xianning.app
    if not ((web and parts.netloc) or app) or parts.fragment or "*" in uri:
        raise IdentityError(_("地址要写全、用https、不带#和*：%(uri)s") % {"uri": uri})


def _note(client_id: str, act: str, at: datetime, data: dict[str, object]) -> None:
    kernel.record(stream=f"oidc:{client_id}", act=act, actor=SYSTEM, data=data, at=at)
