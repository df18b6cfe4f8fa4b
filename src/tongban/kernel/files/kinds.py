"""What a file is, told by its content and never by its name; and what may be dangerous in it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import puremagic
from django.utils.translation import gettext as _

from tongban.kernel.files.errors import UploadError

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PACKED_FILES = 5_000
MAX_RATIO = 200  # compressed text reaches 20, an Office file of one repeated cell 100
_RATIO_MATTERS_FROM = 1024 * 1024
_MAX_OBJECT_STREAM = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that is taken. `shown` files may be opened in the browser, others are downloaded only."""

    media_type: str
    suffix: str
    image: bool = False
    shown: bool = False


JPEG = Kind("image/jpeg", ".jpg", image=True, shown=True)
PNG = Kind("image/png", ".png", image=True, shown=True)
WEBP = Kind("image/webp", ".webp", image=True, shown=True)
GIF = Kind("image/gif", ".gif", image=True, shown=True)
PDF = Kind("application/pdf", ".pdf", shown=True)
DOCX = Kind(_DOCX, ".docx")
XLSX = Kind(_XLSX, ".xlsx")
DOC = Kind("application/msword", ".doc")
XLS = Kind("application/vnd.ms-excel", ".xls")
TXT = Kind("text/plain", ".txt")
KINDS = {kind.media_type: kind for kind in (JPEG, PNG, WEBP, GIF, PDF, DOCX, XLSX, DOC, XLS, TXT)}


def detect(content: bytes) -> Kind:
    """The kind of a content.

    :raises UploadError: none that is taken, naming those that are
    """
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    found = _pdf(content) or _zip(content) or _ole(content) or _text(content)
    if found is None:
        raise _refusal(content)
    return found


def _refusal(content: bytes) -> UploadError:
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        return UploadError(
            "heic",
            _("这是 HEIC 照片，请在手机相机设置中选“兼容性最佳”，或另存为 JPG 后再上传。"),
        )
    try:
        guess = puremagic.from_string(content)
    except (puremagic.PureError, ValueError):
        guess = ""
    found = _("（看起来是 %(kind)s 文件）") % {"kind": guess} if guess else ""
    return UploadError(
        "kind",
        _("不支持这种文件%(found)s。可以上传：JPG、PNG、WEBP、GIF 图片，PDF，Word、Excel 文档，TXT。")
        % {"found": found},
    )


# --- PDF ---------------------------------------------------------------------------------------------------

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
_HEAD, _TAIL = 1024, 2048


def _pdf(content: bytes) -> Kind | None:
    return PDF if b"%PDF-" in content[:_HEAD] else None


def check_pdf(content: bytes) -> None:
    """Refuse a PDF that is broken, encrypted or carries scripts, programs or other files.

    :raises UploadError: saying which
    """
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content[-_TAIL:]:
        raise UploadError("broken", _("PDF 不完整，可能没有传完。请重新导出后再上传。"))
    for part in _pdf_objects(content):
        plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
        if re.search(rb"/Encrypt(?![A-Za-z])", plain):
            raise UploadError("encrypted", _("PDF 设了密码，无法核对。请去掉密码后再上传。"))
        if _ACTIVE.search(plain):
            raise UploadError(
                "active", _("PDF 内含脚本、程序或附件，不能接收。请用“打印为 PDF”另存后再上传。")
            )


def _pdf_objects(content: bytes) -> Iterator[bytes]:
    """What is written outside streams, and the objects packed into object streams.

    Other streams are pictures and fonts: chance bytes in them mean nothing.
    """
    position = 0
    for found in _STREAM.finditer(content):
        outside = content[position : found.start()]
        yield outside
        position = found.end()
        if b"/ObjStm" in _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), outside[-_TAIL:]):
            yield _inflate(found[1])
    yield content[position:]


def _inflate(packed: bytes) -> bytes:
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(packed, _MAX_OBJECT_STREAM)
    except zlib.error:
        return packed  # not deflated: as it stands
    if unpack.unconsumed_tail:
        raise UploadError("bomb", _("文件解压后过大，不能接收。"))
    return plain


# --- Office ------------------------------------------------------------------------------------------------


def _zip(content: bytes) -> Kind | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def check_office(content: bytes) -> None:
    """Refuse a Word or Excel file that would burst when unpacked, or carries macros.

    :raises UploadError: saying which
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > _RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    overlapping = sum(entry.compress_size for entry in entries) > len(content)
    if unpacked > MAX_UNPACKED_BYTES or len(entries) > MAX_PACKED_FILES or swollen or overlapping:
        raise UploadError("bomb", _("文件解压后过大，不能接收。"))
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadError("encrypted", _("文档设了密码，无法核对。请去掉密码后再上传。"))
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise UploadError("active", _("文档内含宏，不能接收。请另存为不含宏的文档后再上传。"))


def _ole(content: bytes) -> Kind | None:
    if not content.startswith(_OLE):
        return None
    # The directory of an OLE file holds its stream names in UTF-16.
    if "WordDocument".encode("utf-16-le") in content:
        return DOC
    books = ("Workbook", "Book")
    return XLS if any(name.encode("utf-16-le") in content for name in books) else None


def check_ole(content: bytes) -> None:
    """Refuse an old Word or Excel file with macros.

    :raises UploadError: saying so
    """
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise UploadError("active", _("文档内含宏，不能接收。请另存为不含宏的文档后再上传。"))


# --- text --------------------------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _text(content: bytes) -> Kind | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) or text.lstrip("\ufeff \r\n\t")[:1] == "<" else TXT
    return None


CHECKS: dict[str, Callable[[bytes], None]] = {
    PDF.media_type: check_pdf,
    DOCX.media_type: check_office,
    XLSX.media_type: check_office,
    DOC.media_type: check_ole,
    XLS.media_type: check_ole,
}
