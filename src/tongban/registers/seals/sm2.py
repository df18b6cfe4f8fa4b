"""SM2 with SM3 (GB/T 32918.2) by Tongsuo. Signatures are raw r‖s, 64 bytes; keys PKCS #8 and SPKI in DER."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from tongsuopy.crypto import hashes, serialization
from tongsuopy.crypto.asymciphers import ec
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature

SIGNATURE_BYTES = 64
_HALF = SIGNATURE_BYTES // 2
_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""SubjectPublicKeyInfo of an SM2 key up to its uncompressed point of 65 bytes."""


def generate() -> tuple[bytes, bytes]:
    """A new key: private part (PKCS #8, DER, not encrypted) and public part (SPKI, DER)."""
    key = ec.generate_private_key(ec.SM2())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return bytes(private), bytes(public)


def sign(private: bytes, message: bytes) -> bytes:
    """Sign a message (any length; SM3 with the default identifier is part of it)."""
    key = serialization.load_der_private_key(private, None)
    return raw(bytes(key.sign(message, ec.ECDSA(hashes.SM3()))))


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a raw signature fits; False too for a key or signature that is none."""
    if len(signature) != SIGNATURE_BYTES or not public.startswith(_PREFIX):
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SM2(), public[len(_PREFIX) :])
        key.verify(der(signature), message, ec.ECDSA(hashes.SM3()))
    except (InvalidSignature, InternalError, ValueError):
        return False
    return True


def raw(signature: bytes) -> bytes:
    """A DER signature as r‖s."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def der(signature: bytes) -> bytes:
    """A raw signature in DER."""
    return encode_dss_signature(
        int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    )
