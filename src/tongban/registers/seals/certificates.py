"""X.509 certificates of the city's root and of units' seals: P-256 by `cryptography`, SM2 by hand on asn1crypto.

No library of PyPI issues SM2 certificates (GB/T 20518, GM/T 0015); the structure is the same, only the algorithms
differ. Both carry the unit's id as serialNumber (2.5.4.5) of the subject and its name as commonName.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import algos, core, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tongban.registers.seals import p256, sm2
from tongban.registers.seals.contracts import ES256, SM2

SM2_WITH_SM3 = "1.2.156.10197.1.501"
"""Signature algorithm SM2 with SM3, GM/T 0006."""
DOCUMENTS = "1.3.6.1.5.5.7.3.36"
"""id-kp-documentSigning, RFC 9336."""
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose certificate: `id` is the unit's, empty for the root. Names longer than 64 characters are cut (X.520)."""

    name: str
    organisation: str
    id: str = ""

    @property
    def common_name(self) -> str:
        return self.name[:64]


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, both inclusive as X.509 has it."""

    since: datetime
    until: datetime


def serial_number() -> int:
    """A random positive number of 16 octets."""
    return secrets.randbits(126) | (1 << 126)


def _name(subject: Subject) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(subject.organisation)),
        x509.NameAttribute(NameOID.COMMON_NAME, _cut(subject.common_name)),
    ]
    if subject.id:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, subject.id))
    return x509.Name(parts)


def _cut(text: str) -> str:
    """X.520 bounds names at 64, which the library counts in octets of UTF-8: 21 Chinese characters.

    The unit's id stands beside it in the certificate; the whole name in the seal's picture and row.
    """
    return text.encode()[:64].decode(errors="ignore")


def _usage(*, root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not root, content_commitment=not root, key_cert_sign=root, crl_sign=root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _whole(at: datetime) -> datetime:
    """X.509 knows seconds."""
    return at.astimezone(UTC).replace(microsecond=0)


def p256_certificate(
    *, subject: Subject, public: bytes, span: Span, serial: int, issuer: bytes, issuer_key: bytes
) -> bytes:
    """A certificate in DER.

    :param public: SPKI in DER
    :param issuer: certificate of the root in DER; empty for the root itself
    :param issuer_key: private key of the issuer, PKCS #8 in DER
    """
    key = serialization.load_der_public_key(public)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    root = not issuer
    above = _name(subject) if root else x509.load_der_x509_certificate(issuer).subject
    signing = p256.private_key(issuer_key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject)).issuer_name(above).public_key(key).serial_number(serial)
        .not_valid_before(_whole(span.since)).not_valid_after(_whole(span.until))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(_usage(root=root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )  # fmt: skip
    if not root:
        purposes = [x509.ObjectIdentifier(DOCUMENTS), ExtendedKeyUsageOID.EMAIL_PROTECTION]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    made = builder.sign(signing, hashes.SHA256(), ecdsa_deterministic=True)
    return made.public_bytes(serialization.Encoding.DER)


def sm2_certificate(
    *, subject: Subject, public: bytes, span: Span, serial: int, issuer: bytes, issuer_key: bytes
) -> bytes:
    """The same in SM2: see `p256_certificate`."""
    root = not issuer
    own = asn1.Name.load(_name(subject).public_bytes())
    above = own if root else asn1.Certificate.load(issuer).subject
    algorithm = algos.SignedDigestAlgorithm({"algorithm": SM2_WITH_SM3})
    spki = keys.PublicKeyInfo.load(public)
    body = asn1.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": algorithm,
            "issuer": above,
            "validity": {"not_before": _time(span.since), "not_after": _time(span.until)},
            "subject": own,
            "subject_public_key_info": spki,
            "extensions": _extensions(root=root, public=public, issuer=issuer),
        }
    )
    value = sm2.der(sm2.sign(issuer_key, body.dump()))
    made = asn1.Certificate(
        {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": value}
    )
    der: bytes = made.dump()
    return der


def _time(at: datetime) -> asn1.Time:
    whole = _whole(at)
    if whole.year < 2050:  # RFC 5280, 4.1.2.5
        return asn1.Time({"utc_time": core.UTCTime(whole)})
    return asn1.Time({"general_time": core.GeneralizedTime(whole)})


def _extensions(*, root: bool, public: bytes, issuer: bytes) -> list[dict[str, object]]:
    above = asn1.Certificate.load(issuer).public_key.dump() if issuer else public
    usage = {"key_cert_sign", "crl_sign"} if root else {"digital_signature", "non_repudiation"}
    limits = {"ca": True, "path_len_constraint": 0} if root else {"ca": False}
    return [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": asn1.BasicConstraints(limits)},
        {"extn_id": "key_usage", "critical": True, "extn_value": asn1.KeyUsage(usage)},
        {"extn_id": "key_identifier", "critical": False, "extn_value": core.OctetString(_key_id(public))},
        {
            "extn_id": "authority_key_identifier", "critical": False,
            "extn_value": asn1.AuthorityKeyIdentifier({"key_identifier": _key_id(above)}),
        },
    ]  # fmt: skip


def _key_id(public: bytes) -> bytes:
    """The first 20 octets of SHA-256 of the key (RFC 7093, method 1)."""
    point = bytes(keys.PublicKeyInfo.load(public)["public_key"])
    return hashlib.sha256(point).digest()[:20]


# Reading ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """A certificate as a verifier needs it. `public` is SPKI in DER, `serial` in hex."""

    algorithm: str
    unit: str
    name: str
    serial: str
    public: bytes
    since: datetime
    until: datetime
    der: bytes


@lru_cache(maxsize=512)
def read(der: bytes) -> Read:
    """Read a certificate of either kind; a unit's certificate is met again and again.

    :raises ValueError: it is none, or of another algorithm
    """
    try:
        found = asn1.Certificate.load(der, strict=True)
        algorithm = found["signature_algorithm"]["algorithm"].dotted
        names = found.subject.native
        body = found["tbs_certificate"]
        validity = body["validity"].native
        made = Read(
            {SM2_WITH_SM3: SM2, "1.2.840.10045.4.3.2": ES256}[algorithm],
            str(names.get("serial_number", "")), str(names.get("common_name", "")),
            f"{found.serial_number:x}", body["subject_public_key_info"].dump(),
            validity["not_before"], validity["not_after"], der,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a certificate of a seal") from fault
    return made


@lru_cache(maxsize=512)
def issued_by(der: bytes, roots: tuple[bytes, ...]) -> bytes | None:
    """The root that issued a certificate, or None: name, signature, and that the root is one and it is no root."""
    try:
        found = asn1.Certificate.load(der, strict=True)
        algorithm = read(der).algorithm
        if found.ca:
            return None
        signature = sm2.raw(found["signature_value"].native)
        body = found["tbs_certificate"].dump()
        verify = {SM2: sm2.verify, ES256: p256.verify}[algorithm]
        for root in roots:
            above = asn1.Certificate.load(root)
            same = above.subject.dump() == found.issuer.dump() and read(root).algorithm == algorithm
            if same and above.ca and verify(above.public_key.dump(), signature, body):
                return root
    except (ValueError, OverflowError, TypeError):
        return None
    return None


def pem(der: bytes) -> str:
    """A certificate as PEM."""
    return ssl.DER_cert_to_PEM_cert(der)


def der(pem: str) -> bytes:
    """A certificate in DER.

    :raises ValueError: not one certificate in PEM
    """
    return ssl.PEM_cert_to_DER_cert(pem.strip())
