"""Verify a sealed PDF. Pure: trust is an argument.

Hostile files never reach a PDF parser. First the file is looked at as bytes: its size, whether it is encrypted or
carries scripts, programs or other files. Then the last signature's two ranges are found as bytes; they must be
everything but the signature's own digits, so nothing in the file can be outside them. Only the certificate and the
signature are decoded (ASN.1). Whatever else the file says is then what a trusted unit signed, byte for byte. Earlier
seals of other units are checked the same way over the file as it was when they signed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from asn1crypto import (
    cms,
    tsp,  # noqa: F401  # teaches asn1crypto the attribute that binds the certificate (signing-certificate-v2)
)
from asn1crypto import x509 as asn1

from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.kinds import check_pdf
from tongban.registers.seals import certificates, contracts, p256, sm2
from tongban.registers.seals.contracts import Finding, Signed, Trust, Verdict
from tongban.registers.seals.trust import standing

MAX_BYTES = 20 * 1024 * 1024
MAX_SIGNATURES = 16
_REFUSED = {
    "broken": contracts.UNREADABLE, "encrypted": contracts.ENCRYPTED, "active": contracts.ACTIVE,
    "bomb": contracts.TOO_BIG,
}  # fmt: skip
_RANGE = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{0,80}\]"
)
_TEXT = rb"\s{0,8}\(((?:[^()\\]|\\.){0,800})\)"
_WRITTEN = re.compile(rb"/M" + _TEXT, re.DOTALL)
_REASON = re.compile(rb"/Reason" + _TEXT, re.DOTALL)
_INSTANT = re.compile(r"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)?")
_DIGITS = re.compile(rb"[0-9A-Fa-f]+")
_NULL = bytes.fromhex("0500")
_ONE = bytes.fromhex("020101")
_SHA256 = bytes.fromhex("0609608648016503040201")
_ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


@dataclass(frozen=True, slots=True)
class _Found:
    """One signature as bytes: where its covered part ends, what is signed, and the CMS."""

    until: int
    ranges: tuple[bytes, bytes]
    der: bytes
    signed_at: datetime | None


def check(pdf: bytes, *, trust: Trust, at: datetime) -> Verdict:
    """Verify a PDF.

    :param at: now
    """
    if len(pdf) > MAX_BYTES:
        return Verdict((Finding(contracts.TOO_BIG),))
    if not pdf.startswith(b"%PDF-"):
        return Verdict((Finding(contracts.UNREADABLE),))
    try:
        check_pdf(pdf)
    except UploadError as refused:
        return Verdict((Finding(_REFUSED.get(refused.code, contracts.UNREADABLE)),))
    marks = list(_RANGE.finditer(pdf))
    if not marks:
        return Verdict((Finding(contracts.UNSIGNED),))
    if len(marks) > MAX_SIGNATURES:
        return Verdict((Finding(contracts.TOO_BIG),))
    findings: list[Finding] = []
    signatures: list[Signed] = []
    reach = 0
    for mark in marks:
        found = _ranges(pdf, mark)
        if found is None or found.until <= reach:
            findings.append(Finding(contracts.UNREADABLE))
            continue
        reach = found.until
        one, faults = _signature(found, trust=trust, at=at, whole=reach == len(pdf), pdf=pdf)
        findings += faults
        if one is not None:
            signatures.append(one)
    if reach < len(pdf):
        findings.append(Finding(contracts.APPENDED, str(reach)))
    return Verdict(tuple(dict.fromkeys(findings)), tuple(signatures))


def _ranges(pdf: bytes, mark: re.Match[bytes]) -> _Found | None:
    """The signature of a ByteRange; None unless it covers all of its revision but its own digits."""
    start, first, second, length = (int(mark[place]) for place in (1, 2, 3, 4))
    until = second + length
    if start != 0 or not first < second or until > len(pdf) or mark.end() > until:
        return None
    if mark.end() > first and mark.start() < second:
        return None
    der = _contents(pdf[first:second])
    if der is None or not re.search(rb"/Contents\s{0,8}$", pdf[max(first - 24, 0) : first]):
        return None
    return _Found(until, (pdf[:first], pdf[second:until]), der, _instant(pdf, first))


def _contents(gap: bytes) -> bytes | None:
    """The one DER value in what no signature covers: ``<`` digits of one case, padded with zeros ``>``."""
    if gap[:1] != b"<" or gap[-1:] != b">" or not _DIGITS.fullmatch(gap[1:-1]) or len(gap) % 2:
        return None
    packed = bytes.fromhex(gap[1:-1].decode())
    if gap[1:-1] not in {packed.hex().encode(), packed.hex().upper().encode()}:
        return None  # digits of both cases: somebody wrote in them
    if len(packed) < 4 or packed[0] != 0x30 or packed[1] not in {0x81, 0x82, 0x83}:
        return None
    count = packed[1] & 0x7F
    size = 2 + count + int.from_bytes(packed[2 : 2 + count], "big")
    return None if size > len(packed) or packed[size:].strip(b"\0") else packed[:size]


def _dictionary(pdf: bytes, gap: int) -> bytes:
    """The signature's dictionary without its digits: from its object's start to its end."""
    start = pdf.rfind(b" obj", 0, gap)
    after = pdf.find(b">", gap) + 1
    end = pdf.find(b"endobj", after)
    return pdf[max(start, 0) : gap] + pdf[after : end if end > 0 else after + 4096]


def _text(pattern: re.Pattern[bytes], pdf: bytes, gap: int) -> str:
    """A text of the signature's dictionary, empty where there is none."""
    found = pattern.search(_dictionary(pdf, gap))
    if found is None:
        return ""
    octal = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8) & 255]), found[1])
    if octal.startswith(b"\xfe\xff"):
        return octal[2:].decode("utf-16-be", "replace")
    return octal.decode("latin-1")


def _instant(pdf: bytes, gap: int) -> datetime | None:
    """When the signer says it was signed: /M of the signature's dictionary (PAdES puts it nowhere else)."""
    found = _INSTANT.fullmatch(_text(_WRITTEN, pdf, gap))
    if found is None:
        return None
    try:
        written = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if not found[2]:
            return written
        ahead = timedelta(hours=int(found[3]), minutes=int(found[4])) * (1 if found[2] == "+" else -1)
        return (written - ahead).astimezone(timezone(ahead))
    except (ValueError, OverflowError):
        return None


def _signature(
    found: _Found, *, trust: Trust, at: datetime, whole: bool, pdf: bytes
) -> tuple[Signed | None, list[Finding]]:
    """Check one signature over its ranges."""
    try:
        read = _Cms.read(found.der)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError):
        return None, [Finding(contracts.BAD_SIGNATURE)]
    certificate = read.certificate
    signed = Signed(
        certificate.unit, certificate.name, found.signed_at, certificate.algorithm, certificate.serial, whole,
        _text(_REASON, pdf, len(found.ranges[0])),
    )  # fmt: skip
    faults = []
    if read.digest != hashlib.sha256(found.ranges[0] + found.ranges[1]).digest():
        faults.append(Finding(contracts.CHANGED))
    if not p256.verify(certificate.public, read.value, read.text):
        faults.append(Finding(contracts.BAD_SIGNATURE))
    if found.signed_at is None:
        faults.append(Finding(contracts.UNREADABLE, "/M"))
    else:
        faults += standing(certificate, trust=trust, signed_at=found.signed_at, at=at)
    return signed, faults


@dataclass(frozen=True, slots=True)
class _Cms:
    """A signature of our kind: the signer's certificate, the digest that was signed, what is signed, the signature."""

    certificate: certificates.Read
    digest: bytes
    text: bytes
    value: bytes

    @classmethod
    def read(cls, der: bytes) -> _Cms:
        """Read a CMS that holds what a seal of this platform holds and nothing else.

        The signature covers the signed attributes only. So that no byte beside them can be changed unseen, everything
        else has the one value that it can have: one certificate, one signer, no attribute without signature, DER.

        :raises ValueError: something differs; other errors of asn1crypto mean the same
        """
        content = cms.ContentInfo.load(der, strict=True)["content"]
        (info,) = content["signer_infos"]
        (given,) = content["certificates"]
        certificate = certificates.read(given.chosen.dump())
        signed, value = info["signed_attrs"], info["signature"].native
        if der not in _only_forms(certificate.der, signed.dump(), value):
            raise ValueError("more or other than a seal's signature")
        attributes = {one["type"].native: one["values"] for one in signed}
        (content_type,), (digest,) = attributes["content_type"], attributes["message_digest"]
        bound = attributes["signing_certificate_v2"][0]["certs"][0]["cert_hash"].native
        if content_type.native != "data" or bound != hashlib.sha256(certificate.der).digest():
            raise ValueError("the signature is for something else, or names another certificate")
        return cls(certificate, digest.native, signed.untag().dump(), sm2.raw(value))


def _only_forms(certificate: bytes, signed: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The CMS of these parts in DER (RFC 5652), with and without the NULL beside SHA-256 (RFC 5754 allows both)."""
    own = asn1.Certificate.load(certificate)
    named = _der(0x30, own.issuer.dump(), own["tbs_certificate"]["serial_number"].dump())

    def form(sha256: bytes) -> bytes:
        signer = _der(
            0x30, _ONE, named, sha256, signed, _der(0x30, _ECDSA_SHA256), _der(0x04, value)
        )  # fmt: skip
        data = _der(0x30, _DATA)
        content = _der(0x30, _ONE, _der(0x31, sha256), data, _der(0xA0, certificate), _der(0x31, signer))
        return _der(0x30, _SIGNED_DATA, _der(0xA0, content))

    return form(_der(0x30, _SHA256, _NULL)), form(_der(0x30, _SHA256))


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
