"""ECDSA on P-256 over SHA-256. Signatures are raw r‖s, 64 bytes, the same for the same message (RFC 6979)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tongban.registers.seals.sm2 import SIGNATURE_BYTES, der, raw

_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""SubjectPublicKeyInfo of a P-256 key up to its uncompressed point of 65 bytes."""


def generate() -> tuple[bytes, bytes]:
    """A new key: private part (PKCS #8, DER, not encrypted) and public part (SPKI, DER)."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def private_key(private: bytes) -> ec.EllipticCurvePrivateKey:
    """The key of a PKCS #8.

    :raises TypeError: it is of another kind
    """
    key = serialization.load_der_private_key(private, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not a key on an elliptic curve")
    return key


def sign(private: bytes, message: bytes) -> bytes:
    """Sign a message of any length."""
    return raw(private_key(private).sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a raw signature fits; False too for a key or signature that is none."""
    if len(signature) != SIGNATURE_BYTES or not public.startswith(_PREFIX):
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public[len(_PREFIX) :])
        key.verify(der(signature), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
