"""The signature of a PDF (CMS SignedData, RFC 5652) for PAdES B-B, written as bytes.

All but two values of it are the same for every paper of a seal, so what the certificate says is encoded once and the
rest put beside it: some 0.1 ms, where building it as a tree of objects takes 13 ms. Tests hold it against pyHanko's own,
byte for byte, and have it verified by pyHanko and poppler. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography import x509

_INTEGER, _OCTETS, _NULL, _OBJECT, _SEQUENCE, _SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31
_CERTIFICATES = _SIGNED_ATTRIBUTES = 0xA0
_DIRECTORY_NAME = 0xA4


def _der(tag: int, *parts: bytes) -> bytes:
    """One value in DER: its tag, its length in the fewest octets, its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _number(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _set(*values: bytes) -> bytes:
    """DER sorts what stands in a SET OF."""
    return _der(_SET, *sorted(values))


def _named(name: str) -> bytes:
    """An object identifier."""
    first, second, *rest = (int(part) for part in name.split("."))
    content = bytearray((first * 40 + second,))
    for arc in rest:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | (arc & 0x7F))
        content += bytes(reversed(septets))
    return _der(_OBJECT, bytes(content))


_SIGNED_DATA: Final = _named("1.2.840.113549.1.7.2")
_DATA: Final = _named("1.2.840.113549.1.7.1")
_CONTENT_TYPE: Final = _der(_SEQUENCE, _named("1.2.840.113549.1.9.3"), _set(_DATA))
_MESSAGE_DIGEST: Final = _named("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE: Final = _named("1.2.840.113549.1.9.16.2.47")
_SHA256: Final = _der(_SEQUENCE, _named("2.16.840.1.101.3.4.2.1"), _der(_NULL))
_ECDSA_SHA256: Final = _der(_SEQUENCE, _named("1.2.840.10045.4.3.2"))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a seal's certificate makes of every signature."""

    certificate: bytes
    signer: bytes
    """Whose certificate: issuer and serial number."""
    bound: bytes
    """The attribute that binds the signature to this very certificate (ETSI EN 319 122-1, 5.2.2)."""


@lru_cache(maxsize=512)
def _frame(certificate: bytes) -> _Frame:
    read = x509.load_der_x509_certificate(certificate)
    issuer, serial = read.issuer.public_bytes(), _number(read.serial_number)
    which = _der(_SEQUENCE, _der(_SEQUENCE, _der(_DIRECTORY_NAME, issuer)), serial)
    identifier = _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(certificate).digest()), which)
    bound = _der(_SEQUENCE, _SIGNING_CERTIFICATE, _set(_der(_SEQUENCE, _der(_SEQUENCE, identifier))))
    return _Frame(certificate, _der(_SEQUENCE, issuer, serial), bound)


def signed_data(digest: bytes, *, certificate: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """A detached P-256 signature over a document, in DER.

    :param digest: SHA-256 of the document's bytes
    :param certificate: the signer's, in DER; it is put in, its issuer's is not: nothing there would make it trusted
    :param sign: gives the ECDSA signature with SHA-256 over a message, in DER
    """
    frame = _frame(certificate)
    attributes = sorted((
        _CONTENT_TYPE, _der(_SEQUENCE, _MESSAGE_DIGEST, _set(_der(_OCTETS, digest))), frame.bound,
    ))  # fmt: skip
    signature = sign(_der(_SET, *attributes))
    signer = _der(
        _SEQUENCE, _number(1), frame.signer, _SHA256, _der(_SIGNED_ATTRIBUTES, *attributes), _ECDSA_SHA256,
        _der(_OCTETS, signature),
    )  # fmt: skip
    content = _der(
        _SEQUENCE, _number(1), _set(_SHA256), _der(_SEQUENCE, _DATA), _der(_CERTIFICATES, frame.certificate),
        _set(signer),
    )  # fmt: skip
    return _der(_SEQUENCE, _SIGNED_DATA, _der(0xA0, content))
