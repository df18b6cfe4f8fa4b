"""The signature of a PDF is, byte for byte, what pyHanko makes of the same certificate and digest."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.actors.factories import NOON
from tongban.registers.seals import certificates, p256
from tongban.registers.seals.cms import signed_data

SPAN = certificates.Span(NOON, NOON + timedelta(days=9))


class ByPyhanko(Signer):
    """Signs with a constant, so that two results can be compared."""

    def __init__(self, certificate, signature):
        super().__init__(
            signing_cert=x509.Certificate.load(certificate),
            cert_registry=SimpleCertificateStore(),
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self.signature, self.signed = signature, b""

    async def async_sign_raw(self, data, digest_algorithm, dry_run=False):  # noqa: FBT002 - pyHanko's signature
        self.signed = data
        return self.signature


def a_certificate(*, name, unit, serial):
    private, public = p256.generate()
    root = certificates.p256_certificate(
        subject=certificates.Subject(name, name), public=public, span=SPAN, serial=1, issuer=b"",
        issuer_key=private,
    )  # fmt: skip
    return certificates.p256_certificate(
        subject=certificates.Subject(name, name, unit), public=p256.generate()[1], span=SPAN, serial=serial,
        issuer=root, issuer_key=private,
    )  # fmt: skip


@settings(max_examples=25)
@given(
    digest=st.binary(min_size=32, max_size=32),
    serial=st.integers(1, 2**127 - 1) | st.sampled_from([127, 128, 255, 256, 2**127 - 1]),
    signature=st.binary(min_size=8, max_size=72),
    name=st.text(st.characters(categories=["Lo"]), min_size=1, max_size=64),
)
def test_it_is_what_pyhanko_makes(digest, serial, signature, name):
    certificate = a_certificate(name=name, unit="421202-scjg", serial=serial)
    theirs = ByPyhanko(certificate, signature)
    with ThreadPoolExecutor(1) as own:  # a browser of another test may have a loop in this thread
        whole = own.submit(lambda: asyncio.run(theirs.async_sign(digest, "sha256", use_pades=True))).result()
    signed = []

    def sign(message):
        signed.append(message)
        return signature

    assert signed_data(digest, certificate=certificate, sign=sign) == whole.dump()
    assert signed == [theirs.signed]


def test_a_unit_with_a_long_name_has_a_certificate_too():
    name = "咸安区退役军人事务局（咸安区拥军优属拥政爱民工作领导小组办公室）"
    subject = x509.Certificate.load(a_certificate(name=name, unit="421202-tyjr", serial=7)).subject.native
    assert name.startswith(subject["common_name"])
    assert len(subject["common_name"]) == 21
    assert subject["serial_number"] == "421202-tyjr"
