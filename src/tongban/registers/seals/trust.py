"""Whether a certificate was to be trusted when it signed. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.registers.seals import certificates, contracts
from tongban.registers.seals.contracts import Finding, Trust

SKEW = timedelta(minutes=5)
"""Two machines' clocks may differ by this much."""


def standing(
    certificate: certificates.Read, *, trust: Trust, signed_at: datetime, at: datetime
) -> list[Finding]:
    """What speaks against a certificate, or is worth telling.

    A signature without time-stamp says itself when it was made. Whoever holds a stolen key can say anything; a seal
    is therefore revoked *since* the instant from which its signatures are in doubt, if need be from its first day.

    :param signed_at: when the signature says that it was made
    :param at: now
    """
    name, found = certificate.algorithm, []
    if certificates.issued_by(certificate.der, trust.roots) is None:
        return [Finding(contracts.UNKNOWN_SIGNER, name)]
    if signed_at < certificate.since:
        found.append(Finding(contracts.NOT_YET_VALID, name))
    if signed_at > certificate.until:
        found.append(Finding(contracts.EXPIRED, name))
    elif at > certificate.until:
        found.append(Finding(contracts.LATER_EXPIRED, name))
    if signed_at > at + SKEW:
        found.append(Finding(contracts.FUTURE, name))
    if trust.revoked is None:
        found.append(Finding(contracts.REVOCATION_UNKNOWN, name))
    elif certificate.serial in trust.revoked:
        since = trust.revoked[certificate.serial]
        found.append(Finding(contracts.REVOKED if signed_at >= since else contracts.LATER_REVOKED, name))
    return found
