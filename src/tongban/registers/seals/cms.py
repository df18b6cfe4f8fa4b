"""The signature of a PDF (CMS SignedData, RFC 5652) for PAdES B-B, put together with asn1crypto.

What a certificate makes of every signature (itself, whose it is, the attribute that binds the signature to it) is read
and encoded once; each paper adds its digest and its signature. A test holds the result against pyHanko's own signer, byte for byte,
and has it verified by pyHanko and poppler. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp, x509

_SHA256: Final = {"algorithm": "sha256"}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a seal's certificate makes of every signature."""

    certificate: Any
    signer: Any
    """Whose certificate: issuer and serial number."""
    kind: Any
    """The attribute that says what is signed: data."""
    bound: Any
    """The attribute that binds the signature to this very certificate (ETSI EN 319 122-1, 5.2.2)."""


@lru_cache(maxsize=512)
def _frame(certificate: bytes) -> _Frame:
    read = x509.Certificate.load(certificate)
    which = tsp.IssuerSerial({
        "issuer": [x509.GeneralName("directory_name", read.issuer)], "serial_number": read.serial_number,
    })  # fmt: skip
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest(), "issuer_serial": which})
    whose = cms.IssuerAndSerialNumber({"issuer": read.issuer, "serial_number": read.serial_number})
    bound = _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [identifier]}))
    return _Frame(
        read,
        cms.SignerIdentifier("issuer_and_serial_number", whose),
        _attribute("content_type", "data"),
        bound,
    )


def _attribute(kind: str, value: Any) -> Any:
    """One signed attribute, encoded: what is put into a larger whole is not encoded again."""
    return cms.CMSAttribute.load(cms.CMSAttribute({"type": kind, "values": [value]}).dump())


def signed_data(digest: bytes, *, certificate: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """A detached P-256 signature over a document, in DER.

    :param digest: SHA-256 of the document's bytes
    :param certificate: the signer's, in DER; it is put in, its issuer's is not: nothing there would make it trusted
    :param sign: gives the ECDSA signature with SHA-256 over a message, in DER
    """
    frame = _frame(certificate)
    attributes = cms.CMSAttributes([frame.kind, _attribute("message_digest", digest), frame.bound])
    signer = cms.SignerInfo({
        "version": "v1", "sid": frame.signer, "digest_algorithm": _SHA256, "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signature": core.OctetString(sign(attributes.dump())),
    })  # fmt: skip
    content = cms.SignedData({
        "version": "v1", "digest_algorithms": [_SHA256], "encap_content_info": {"content_type": "data"},
        "certificates": [frame.certificate], "signer_infos": [signer],
    })  # fmt: skip
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return whole
