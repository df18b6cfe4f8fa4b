"""The picture, recording or film that explains a policy: told by its content, kept by its digest, served to everybody."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tongban.desks.policies.contracts import Medium, PoliciesError
from tongban.kernel.files import scanners
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import Readable, keep, store

MEBIBYTE = 1024 * 1024
MOST_AT_ONCE = 4 * MEBIBYTE
"""Of a part that is asked for; a player asks for the next when it needs it."""
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
MEDIA_TYPES = {
    "audio/mpeg": Medium.AUDIO, "audio/wav": Medium.AUDIO, "audio/ogg": Medium.AUDIO, "audio/mp4": Medium.AUDIO,
    "video/mp4": Medium.VIDEO, "video/webm": Medium.VIDEO,
}  # fmt: skip


def media_type(content: bytes) -> str:
    """The type of a recording or film by its first bytes; empty where it is none that browsers play."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] in {b"M4A", b"M4B"} else "video/mp4"
    starts = {
        b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"\xff\xf3": "audio/mpeg", b"OggS": "audio/ogg",
        b"\x1a\x45\xdf\xa3": "video/webm",
    }  # fmt: skip
    return next((kind for start, kind in starts.items() if content.startswith(start)), "")


def take(*, content: Readable, name: str, medium: str, at: datetime) -> str:
    """Keep what was uploaded; gives its digest.

    :raises PoliciesError: it is not of the form that was chosen, too large, or not taken by the scanner
    """
    data = content.read(settings.UPLOAD_MAX_BYTES + 1)
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise PoliciesError(
            _("文件超过%dMB。") % (settings.UPLOAD_MAX_BYTES // MEBIBYTE),
            possible=_("请压缩，或剪成几段。"),
            code="file",
        )
    found = media_type(data)
    try:
        if found:
            scanners.scan(data)
            kept = keep(content=data, media_type=found, at=at)
        else:
            kept = store(content=data, name=name, at=at)
    except UploadError as error:
        raise PoliciesError(str(error), code="file") from error
    told = MEDIA_TYPES.get(kept.media_type, Medium.PICTURE if kept.media_type.startswith("image/") else None)
    if told != medium:
        raise PoliciesError(
            _("这个文件不是%s。") % Medium(medium).label,
            possible=_("请选对解读形式，或换一个文件。"),
            code="file",
        )
    return kept.digest


def serve(digest: str, *, wanted: str = "") -> HttpResponseBase:
    """The file as a response that browsers play or show.

    :param wanted: the header ``Range``: players ask for parts, and some play nothing of a whole (RFC 9110, 14)
    :raises FileGoneError: it is not there
    """
    file = StoredFile.objects.filter(digest=digest).first()
    if file is None:
        raise FileGoneError(digest)
    try:
        stream = default_storage.open(file.path)
    except FileNotFoundError as error:
        raise FileGoneError(digest) from error
    asked = _part(wanted, file.size)
    response: HttpResponseBase
    if asked is None:
        response = FileResponse(stream, content_type=file.media_type)
        response["Content-Length"] = str(file.size)
    else:
        first, last = asked
        with stream:
            stream.seek(first)
            response = HttpResponse(stream.read(last - first + 1), status=206, content_type=file.media_type)
        response["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; img-src 'self'"
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _part(wanted: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of the part that is given; None: the whole."""
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or int(asked[1]) >= size:
        return None
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1, first + MOST_AT_ONCE - 1)
    return (first, last) if first <= last else None
