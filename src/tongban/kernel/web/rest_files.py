"""Files over the API: hand one in, get the digest that an application names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Header, Router, Schema
from ninja.files import UploadedFile

from tongban.kernel import store
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import store as keep
from tongban.kernel.once import once
from tongban.kernel.web.rest import Key, acting
from tongban.web.problems import Refusal, explain

HANDED_IN = "file"
"""Scope of the receipts that say who handed a content in: only that actor may use it."""


class FileOut(Schema):
    """A stored file. `digest` is the SHA-256 of what is kept; a picture is drawn anew first."""

    digest: str
    size: int
    media_type: str


def _refused(error: UploadError) -> Refusal:
    status = {"size": 413, "scanner_away": 503}.get(
        error.code, 415 if error.code in {"kind", "heic"} else 422
    )
    return Refusal(status, f"file_{error.code}", error.message, fields={"file": error.message})


explain(UploadError, _refused)


def _hand_in(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="PDF, JPEG, PNG, Office; at most 20 MB")],
    key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> dict[str, Any]:
    """Check and keep a file. Only who handed it in may name its digest in an application."""
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise Refusal(413, "file_size", _("文件超过 %d MB。请压缩或拆分后再上传。") % limit)
    actor, now = acting(request).id, timezone.now()
    kept = keep(content=file, name=file.name or "", at=now)
    content = {"digest": kept.digest, "size": kept.size, "media_type": kept.media_type}

    def note() -> dict[str, Any]:
        once(dict, scope=HANDED_IN, actor=actor, key=kept.digest, content=kept.digest, at=now)
        return content

    return once(note, scope="rest:files", actor=actor, key=key or "", content=content, at=now)[0]


def handed_in(digests: Iterable[str], *, actor: str) -> set[str]:
    """Those of the digests that the actor handed in: nobody attaches what somebody else sent."""
    wanted = list(dict.fromkeys(digests))
    found = store.receipts([(HANDED_IN, actor, digest) for digest in wanted]) if wanted else {}
    return {key for _scope, _actor, key in found}


def files(*, auth: Callable[..., Any]) -> Router:
    """The route of files, behind `auth`."""
    router = Router(tags=["files"])
    router.post("/files", response=FileOut, auth=auth, summary="上传文件 · hand in a file")(_hand_in)
    return router
