"""The bare cost of a sealed paper: typst sets it, pyHanko signs it with a key in memory. No database, no picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tongban.kernel import pdf as papers
from tongban.registers.seals import certificates, p256, sm2


class Bare:
    """Keys and a warm typesetter."""

    def __init__(self, *, at: datetime) -> None:
        span = certificates.Span(at - timedelta(days=1), at + timedelta(days=365))
        root, root_public = p256.generate()
        self.private, public = p256.generate()
        above = certificates.p256_certificate(
            subject=certificates.Subject("根", "市"), public=root_public, span=span,
            serial=certificates.serial_number(), issuer=b"", issuer_key=root,
        )  # fmt: skip
        own = certificates.p256_certificate(
            subject=certificates.Subject("局", "市", "u"), public=public, span=span,
            serial=certificates.serial_number(), issuer=above, issuer_key=root,
        )  # fmt: skip
        self._signer = signers.SimpleSigner(
            signing_cert=asn1.Certificate.load(own), signing_key=asn1_keys.PrivateKeyInfo.load(self.private),
            cert_registry=SimpleCertificateStore(),
        )  # fmt: skip
        self.sm2_private, self.sm2_public = sm2.generate()
        self._compiler = typst.Compiler(
            root=papers.TEMPLATES,
            font_paths=[papers._faces()],  # noqa: SLF001 - the same face
            ignore_system_fonts=True,
        )

    def render(self, template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        made = self._compiler.compile(
            papers.TEMPLATES / f"{template}.typ", format="pdf", timestamp=int(at.timestamp()),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards=["a-2a", "ua-1"],
        )  # fmt: skip
        assert isinstance(made, bytes)
        return made

    def sign(self, pdf: bytes) -> bytes:
        asked = signers.PdfSignatureMetadata(
            field_name="S", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), asked, signer=self._signer)
        return bytes(made.getvalue())

    def sign_text(self, text: bytes) -> None:
        sm2.sign(self.sm2_private, text)
        p256.sign(self.private, text)
