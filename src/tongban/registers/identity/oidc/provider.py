"""OpenID Connect on the library oauthlib: authorization code with PKCE (S256), and nothing else.

No implicit, hybrid or password grant, no refresh token: another system that needs somebody again sends them here,
and the session answers without a question.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from tongban.kernel import api as kernel
from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc import claims, keys, selectors
from tongban.registers.identity.oidc.models import OidcClient, OidcGrant
from tongban.registers.identity.tokens import digest_of

CODE_FOR = timedelta(seconds=60)
ACCESS_FOR = timedelta(minutes=10)
METHOD = "S256"

__all__ = ["Provider", "Visitor", "errors"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in at the browser that asks, since when, by what, in whose name."""

    account: Account
    since: datetime
    party: str = ""
    amr: tuple[str, ...] = field(default=())


class Validator(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """The library's questions, answered from the database. Made anew for each call, with its instant.

    The library names its argument `request`; here it is `asked`, since it is not the HTTP request.
    """

    def __init__(self, *, issuer: str, at: datetime, visitor: Visitor | None = None) -> None:
        self.issuer, self.at, self.visitor = issuer, at, visitor
        self.grant: OidcGrant | None = None

    # The client

    def validate_client_id(self, client_id: str, asked: Any, *_args: Any, **_more: Any) -> bool:
        asked.client = selectors.client_of(client_id)
        return asked.client is not None

    def validate_redirect_uri(self, _client: str, uri: str, asked: Any, *_args: Any, **_more: Any) -> bool:
        return uri in asked.client.redirect_uris

    def get_default_redirect_uri(self, _client: str, asked: Any, *_args: Any, **_more: Any) -> str | None:
        uris: list[str] = asked.client.redirect_uris
        return uris[0] if len(uris) == 1 else None

    def validate_response_type(self, _client: str, kind: str, *_args: Any, **_more: Any) -> bool:
        return kind == "code"

    def validate_grant_type(self, _client: str, kind: str, *_args: Any, **_more: Any) -> bool:
        return kind == "authorization_code"

    def validate_scopes(
        self, _client: str, scopes: list[str], client: OidcClient, *_args: Any, **_more: Any
    ) -> bool:
        return claims.OPENID in scopes and set(scopes) <= set(client.scopes)

    def get_default_scopes(self, *_args: Any, **_more: Any) -> list[str]:
        return [claims.OPENID]

    def client_authentication_required(self, asked: Any, *_args: Any, **_more: Any) -> bool:
        client = selectors.client_of(asked.client_id or "")
        return client is None or bool(client.secret_digest)

    def authenticate_client(self, asked: Any, *_args: Any, **_more: Any) -> bool:
        client = selectors.client_of(asked.client_id or "")
        given = digest_of(asked.client_secret or "")
        if (
            client is None
            or not client.secret_digest
            or not secrets.compare_digest(client.secret_digest, given)
        ):
            return False
        asked.client = client
        return True

    def authenticate_client_id(self, client_id: str, asked: Any, *_args: Any, **_more: Any) -> bool:
        asked.client = selectors.client_of(client_id)
        return asked.client is not None and not asked.client.secret_digest

    # Who is there, and what they allowed

    def validate_silent_login(self, _asked: Any) -> bool:
        return self.visitor is not None

    def validate_silent_authorization(self, asked: Any) -> bool:
        return self.visitor is not None and selectors.has_consented(
            account=self.visitor.account, client=asked.client, scopes=asked.scopes
        )

    def validate_user_match(self, hint: str | None, _scopes: Any, _claims: Any, asked: Any) -> bool:
        if not hint or self.visitor is None:
            return True
        told = keys.read(hint, issuer=self.issuer) or {}
        return told.get("sub") == claims.subject_of(self.visitor.account, asked.client)

    # The code

    def is_pkce_required(self, _client: str, asked: Any) -> bool:
        if asked.code_challenge and asked.code_challenge_method != METHOD:
            raise errors.UnsupportedCodeChallengeMethodError(request=asked)
        return True

    def save_authorization_code(
        self, _client: str, code: dict[str, str], asked: Any, *_args: Any, **_more: Any
    ) -> None:
        assert self.visitor is not None
        OidcGrant.objects.create(
            client=asked.client, account=self.visitor.account, party=self.visitor.party, scopes=list(asked.scopes),
            redirect_uri=asked.redirect_uri, nonce=asked.nonce or "", challenge=asked.code_challenge,
            amr=list(self.visitor.amr), signed_in_at=self.visitor.since, code_digest=digest_of(code["code"]),
            code_expires_at=self.at + CODE_FOR,
        )  # fmt: skip

    def validate_code(
        self, _client: str, code: str, client: OidcClient, asked: Any, *_args: Any, **_more: Any
    ) -> bool:
        with kernel.writing():
            row = (
                OidcGrant.objects.select_related("account", "client")
                .filter(code_digest=digest_of(code), client=client)
                .first()
            )
            if row is None or not row.account.is_active:
                return False
            # One try, right or wrong; at the second somebody else has the code, and its token ends as well.
            first = OidcGrant.objects.filter(pk=row.pk, code_used_at__isnull=True).update(
                code_used_at=self.at
            )
            if not first:
                OidcGrant.objects.filter(pk=row.pk).update(revoked_at=self.at)
                return False
        if row.code_expires_at <= self.at or row.revoked_at is not None:
            return False
        self.grant = row
        asked.user, asked.scopes = row.account, list(row.scopes)
        return True

    def confirm_redirect_uri(
        self, _client: str, _code: str, uri: str, _row: OidcClient, _asked: Any, *_args: Any, **_more: Any
    ) -> bool:
        return self.grant is not None and uri == self.grant.redirect_uri

    def get_code_challenge(self, _code: str, _asked: Any) -> str | None:
        return self.grant.challenge if self.grant else None

    def get_code_challenge_method(self, _code: str, _asked: Any) -> str:
        return METHOD

    def get_authorization_code_nonce(self, *_args: Any) -> str | None:
        return (self.grant.nonce or None) if self.grant else None

    def invalidate_authorization_code(self, *_args: Any, **_more: Any) -> None:
        """It was used up when it was looked at."""

    # Tokens

    def save_bearer_token(self, token: dict[str, Any], _asked: Any, *_args: Any, **_more: Any) -> None:
        assert self.grant is not None
        OidcGrant.objects.filter(pk=self.grant.pk).update(
            access_digest=digest_of(token["access_token"]), access_expires_at=self.at + ACCESS_FOR
        )

    def get_id_token(self, *_args: Any) -> None:
        """The library builds it and asks for the signature."""

    def finalize_id_token(self, id_token: dict[str, Any], _token: Any, _handler: Any, _asked: Any) -> str:
        assert self.grant is not None
        now = int(self.at.timestamp())
        told = {
            **id_token, "iss": self.issuer, "sub": claims.subject_of(self.grant.account, self.grant.client),
            "iat": now, "exp": now + int(ACCESS_FOR.total_seconds()), "amr": self.grant.amr,
            "auth_time": int(self.grant.signed_in_at.timestamp()),
        }  # fmt: skip
        return keys.signed(told, at=self.at)

    def validate_bearer_token(self, token: str, scopes: list[str], asked: Any) -> bool:
        row = (
            OidcGrant.objects.select_related("account", "client")
            .filter(
                access_digest=digest_of(token or ""), access_expires_at__gt=self.at, revoked_at__isnull=True
            )
            .first()
        )
        if not token or row is None or not row.account.is_active or row.client.ended_at is not None:
            return False
        self.grant = row
        asked.scopes = list(row.scopes)
        return set(scopes or ()) <= set(row.scopes)

    def get_userinfo_claims(self, _asked: Any) -> dict[str, Any]:
        assert self.grant is not None
        return claims.claims_of(self.grant)


class Provider(AuthorizationEndpoint, TokenEndpoint, UserInfoEndpoint):  # type: ignore[misc]  # oauthlib ships no types
    """The three endpoints, for one call."""

    def __init__(self, *, issuer: str, at: datetime, visitor: Visitor | None = None) -> None:
        validator = Validator(issuer=issuer, at=at, visitor=visitor)
        code = AuthorizationCodeGrant(validator)
        code.refresh_token = False
        bearer = BearerToken(
            validator,
            token_generator=lambda _asked: secrets.token_urlsafe(32),
            expires_in=int(ACCESS_FOR.total_seconds()),
        )
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": code})
        TokenEndpoint.__init__(self, "authorization_code", bearer, {"authorization_code": code})
        UserInfoEndpoint.__init__(self, validator)
