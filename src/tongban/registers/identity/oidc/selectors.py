"""Reading clients and consents."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc.models import OidcClient, OidcConsent


def client_of(client_id: str) -> OidcClient | None:
    """A client in use, None when unknown or ended."""
    return OidcClient.objects.filter(pk=client_id, ended_at__isnull=True).first()


def consents_of(account: Account) -> list[OidcConsent]:
    """Which systems an account lets see what, newest first."""
    rows = OidcConsent.objects.filter(account=account, withdrawn_at__isnull=True)
    return list(rows.select_related("client").order_by("-given_at"))


def has_consented(*, account: Account, client: OidcClient, scopes: Collection[str]) -> bool:
    """Whether somebody let this client see all of this."""
    row = OidcConsent.objects.filter(account=account, client=client, withdrawn_at__isnull=True).first()
    return row is not None and set(scopes) <= set(row.scopes)


def origin_of(uri: str) -> str:
    """Scheme, host and port of an address, for the policy of a page that posts there."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
