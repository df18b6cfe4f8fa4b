"""The bare cost of a licence's files: what a plain script with the same libraries does, and nothing around it.

It sets the same sheet with typst (one compiler kept), has pyHanko sign it (PAdES B-B with `PdfSigner` and the same
visible seal), and signs the same facts as JSON with P-256 and SM2. Keys are in memory; there is no database, no file,
no web. The platform does not sign through `PdfSigner` (see `registers/seals/cms`), so the script is not faster than what
it is the floor of: benchmarks tell what the platform's own way to the files costs beside it.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks import city
from tongban.registers.licences import api as licences
from tongban.registers.licences.paper import printing
from tongban.registers.licences.paper.services import address_of, new_token
from tongban.registers.seals import certificates, drawing, p256, sm2
from tongban.registers.seals.pades import POINTS, SIDE
from tongban.registers.seals.pades_writing import Round

RESERVED = 8192
"""Room for the signature: told, so that pyHanko does not sign twice to find out."""


@cache
def _keys() -> tuple[SimpleSigner, bytes, bytes]:
    """A signer of its own, its P-256 key and an SM2 key."""
    private, public = p256.generate()
    certificate = certificates.p256_certificate(
        subject=certificates.Subject("基准", "咸宁市"), public=public, serial=certificates.serial_number(), issuer=b"",
        issuer_key=private, span=certificates.Span(city.AT - timedelta(days=1), city.AT + timedelta(days=9)),
    )  # fmt: skip
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(certificate), signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )  # fmt: skip
    return signer, private, sm2.generate()[0]


@cache
def _style(name: str) -> BaseStampStyle:
    """The platform's round seal of a name as pyHanko's stamp."""
    picture = drawing.draw(name)

    class Seal(BaseStampStyle):
        def create_stamp(self, writer: Any, box: Any, text_params: dict[str, Any]) -> Any:
            del text_params
            return Round(writer, box, picture)

    return Seal()


def make(one: licences.LicenceInfo) -> int:
    """Both files of one licence; gives their size in bytes."""
    token = new_token()
    address = address_of(token)
    sheet, (page, x, y) = printing.pdf(one, address=address, at=city.AT)
    left, bottom = x * POINTS - SIDE / 2, 297 * POINTS - y * POINTS - SIDE / 2
    box = (round(left), round(bottom), round(left + SIDE), round(bottom + SIDE))
    signer, p256_key, sm2_key = _keys()
    meta = PdfSignatureMetadata(
        field_name="Seal1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=f"颁发{one.kind_name[0]}",
        name=one.unit_name,
    )  # fmt: skip
    spec = SigFieldSpec("Seal1", on_page=page - 1, box=box)
    by = PdfSigner(meta, signer=signer, stamp_style=_style(one.unit_name), new_field_spec=spec)
    sealed = by.sign_pdf(IncrementalPdfFileWriter(BytesIO(sheet)), bytes_reserved=RESERVED).getvalue()
    facts = printing.facts(one, token=token, address=address)
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    signatures = [
        base64.b64encode(made).decode() for made in (p256.sign(p256_key, text), sm2.sign(sm2_key, text))
    ]
    return len(sealed) + len(json.dumps({"payload": facts, "signatures": signatures}, ensure_ascii=False))
