"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tongban.registers.identity.factors.passkeys import Site
from tongban.web.site import site


def address_of(request: HttpRequest) -> str:
    """The client's address, past as many own proxies as `settings.TRUSTED_PROXIES` says (default none)."""
    proxies = int(getattr(settings, "TRUSTED_PROXIES", 0))
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def passkey_site(request: HttpRequest) -> Site:
    """What passkeys made here are bound to."""
    host = request.get_host()
    return Site(
        host=host.rpartition(":")[0] if ":" in host else host,
        origin=f"{request.scheme}://{host}",
        name=site().name,
    )
