"""The half of `pades` that needs pyHanko: import it through `pades.writing`."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, VisibleSigSettings
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.stamp import BaseStampStyle

from tongban.registers.seals import drawing
from tongban.registers.seals.cms import signed_data
from tongban.registers.seals.contracts import Place, SealsError
from tongban.registers.seals.pades import MAX_SEALS, POINTS, SIDE, Sealing

_RESERVED = 8192  # hexadecimal digits: a certificate of 600 bytes, attributes and a signature take 2,800


class Steady(IncrementalPdfFileWriter):
    """pyHanko's writer without chance and clock: the same input gives the same bytes.

    The second half of the file's /ID comes from the content, and the paper keeps its own dates: when it was sealed
    stands in the signature.
    """

    def name_by(self, content: bytes) -> None:
        first, _drawn = self.document_id
        second = hashlib.sha256(content).digest()[:16]
        self._document_id = ArrayObject([ByteStringObject(first), ByteStringObject(second)])

    def _update_meta(self) -> None:
        """Leave the dates as they are."""


def seal(pdf: bytes, *, sealing: Sealing, reason: str, at: datetime, place: Place) -> bytes:
    """See `pades.seal`."""
    try:
        writer = Steady(BytesIO(pdf), strict=True)
        if writer.prev.encrypted:
            raise SealsError("an encrypted PDF cannot be sealed")
        writer.name_by(pdf + at.isoformat().encode())
        return _seal(writer, sealing=sealing, reason=reason, at=at, place=place)
    except PdfError as fault:
        raise SealsError("the PDF cannot be read; render it again") from fault


def _seal(
    writer: IncrementalPdfFileWriter, *, sealing: Sealing, reason: str, at: datetime, place: Place
) -> bytes:
    taken = len(writer.prev.embedded_signatures)
    if taken >= MAX_SEALS:
        raise SealsError(f"a paper takes {MAX_SEALS} seals")
    page, box = _box(writer, place)
    spec = SigFieldSpec(
        f"Seal{taken + 1}", on_page=page, box=box, readable_field_name=sealing.name,
        visible_sig_settings=VisibleSigSettings(rotate_with_page=True, scale_with_page_zoom=True),
    )  # fmt: skip
    steps = PdfCMSEmbedder(spec).write_cms(spec.sig_field_name, writer)
    next(steps)
    placeholder = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, name=sealing.name, reason=reason,
        bytes_reserved=_RESERVED,
    )  # fmt: skip
    steps.send(SigObjSetup(placeholder, appearance_setup=_appearance(sealing, at)))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    steps.send(signed_data(prepared.document_digest, certificate=sealing.certificate, sign=sealing.sign))
    return bytes(output.getvalue())


def _box(writer: IncrementalPdfFileWriter, place: Place) -> tuple[int, tuple[int, int, int, int]]:
    """Page from 0 and the square of the seal in the page's own points."""
    pages = int(writer.root["/Pages"]["/Count"])
    index = place.page - 1 if place.page > 0 else pages + place.page
    if not 0 <= index < pages:
        raise SealsError(f"the paper has {pages} pages, none with number {place.page}")
    reference, _resources = writer.find_page_for_modification(index)  # type: ignore[no-untyped-call]  # pyHanko's
    left, bottom, right, top = (float(one) for one in _media_box(reference.get_object()))
    side = SIDE
    x = min(max(left, left + place.x * POINTS - side / 2), right - side)
    y = min(max(bottom, top - place.y * POINTS - side / 2), top - side)
    return index, (round(x), round(y), round(x + side), round(y + side))


def _media_box(page: Any) -> Any:
    """A page's MediaBox, which it may inherit."""
    while "/MediaBox" not in page:
        page = page["/Parent"]
    return page["/MediaBox"]


class Round(AppearanceContent):
    """The seal as a form of the PDF, filling its square."""

    def __init__(self, writer: Any, box: BoxConstraints, picture: str) -> None:
        super().__init__(writer, box)
        self._picture = picture

    def render(self) -> bytes:
        # Pressed over the text, like a seal on paper: what is below stays black.
        multiply = DictionaryObject({pdf_name("/BM"): pdf_name("/Multiply")})  # type: ignore[no-untyped-call]  # pyHanko's
        self.set_resource(ResourceType.EXT_G_STATE, pdf_name("/Press"), multiply)
        return b"/Press gs " + drawing.pdf_operators(self._picture, side=float(self.box.width))

    def as_form_xobject(self) -> Any:
        form = super().as_form_xobject()
        form.compress()  # type: ignore[no-untyped-call]  # pyHanko's
        return form


def _appearance(sealing: Sealing, at: datetime) -> Any:
    class Style(BaseStampStyle):
        """Makes the seal of any box."""

        def create_stamp(self, writer: Any, box: BoxConstraints, text_params: dict[str, Any]) -> Any:
            del text_params
            return Round(writer, box, sealing.picture)

    return SigAppearanceSetup(style=Style(), timestamp=at, name=None)
