"""A stored file as a response. Who may read it is decided by the caller, through access."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse

from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.kinds import KINDS
from tongban.kernel.files.models import StoredFile

# A file of somebody else's making may show itself and nothing more; a PDF viewer styles its own page.
_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


def serve(*, file: StoredFile, name: str, download: bool = False) -> FileResponse:
    """A response that streams the file under safe headers.

    Pictures and PDF are shown in the browser unless `download`; everything else is downloaded. The name goes as
    RFC 5987. Nothing is cached: the page may be open on a shared machine.

    :raises FileGoneError: the content is not in the storage
    """
    kind = KINDS.get(file.media_type)
    shown = kind is not None and kind.shown and not download
    try:
        stream = default_storage.open(file.path)
    except FileNotFoundError as error:
        raise FileGoneError(file.digest) from error
    response = FileResponse(stream, as_attachment=not shown, filename=name, content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
