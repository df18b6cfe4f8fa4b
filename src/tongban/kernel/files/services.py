"""Taking files in, and attaching them to dockets."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from tongban.kernel import store as rows
from tongban.kernel.files import kinds, pictures, scanners
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.models import Attachment, StoredFile

_MEGABYTE = 1024 * 1024
_MAX_NAME = 120  # characters, before the suffix


class Readable(Protocol):
    """An open file, an upload of Django, or anything else with ``read(size)``."""

    def read(self, size: int = ..., /) -> bytes: ...


def store(*, content: bytes | Readable, name: str, at: datetime) -> StoredFile:
    """Take a file in: check it, draw a picture anew, keep it once by its content.

    The same content gives the same row. What is kept of a picture differs from what was sent (see pictures.py).

    :param name: as the sender calls it; only an empty one matters here, the type is told by the content
    :param at: when it was handed in
    :raises UploadError: with what is wrong and what is possible; nothing is kept
    """
    data = _read(content)
    if not data:
        raise UploadError("empty", _("文件“%(name)s”是空的。请重新选择。") % {"name": clean_name(name)})
    kind = kinds.detect(data)
    check = kinds.CHECKS.get(kind.media_type)
    if check is not None:
        check(data)
    scanners.scan(data)
    if kind.image:
        data, kind = pictures.redraw(data, kind=kind)
    digest = hashlib.sha256(data).hexdigest()
    return _row(StoredFile(digest=digest, size=len(data), media_type=kind.media_type, stored_at=at), data)


def keep(*, content: bytes, media_type: str, at: datetime) -> StoredFile:
    """Keep a file that the platform made itself: no check, no scanner, any type. Backups take it along.

    :param media_type: of a kind that `kinds` does not know, it is downloaded only
    """
    digest = hashlib.sha256(content).hexdigest()
    return _row(StoredFile(digest=digest, size=len(content), media_type=media_type, stored_at=at), content)


def _row(made: StoredFile, data: bytes) -> StoredFile:
    """Keep a content and its row; where there was one, as it was."""
    _keep(made, data)
    columns = ("digest", "size", "media_type", "stored_at")
    values = (made.digest, made.size, made.media_type, made.stored_at)
    with rows.writing():
        new = rows.insert_unless_there(StoredFile._meta.db_table, columns, values, key=("digest",))
    if new:
        return StoredFile.from_db(DEFAULT_DB_ALIAS, columns, values)
    return StoredFile.objects.get(digest=made.digest)


def _read(content: bytes | Readable) -> bytes:
    limit: int = settings.UPLOAD_MAX_BYTES
    data = content if isinstance(content, bytes) else content.read(limit + 1)
    if len(data) > limit:
        raise UploadError(
            "size", _("文件超过 %(limit)d MB。请压缩或拆分后再上传。") % {"limit": limit // _MEGABYTE}
        )
    return data


def _keep(row: StoredFile, data: bytes) -> None:
    """Write the content under its digest, unless it is there in full; half a file of a crash is replaced."""
    path = row.path
    if default_storage.exists(path):
        if default_storage.size(path) == row.size:
            return
        default_storage.delete(path)
    written = default_storage.save(path, ContentFile(data))
    if written != path:  # another process wrote the same content at this moment
        default_storage.delete(written)


def attach(*, docket_id: int, slot: str, file: StoredFile, name: str, by: str, at: datetime) -> Attachment:
    """Attach a stored file to a docket.

    :param slot: what it is for, e.g. the key of a material
    :param name: as the person calls it; cleaned, and given the suffix of what the file is
    :param by: id of the actor
    """
    return Attachment.objects.create(
        docket_id=docket_id,
        slot=slot,
        file=file,
        name=clean_name(name, suffix=kinds.KINDS[file.media_type].suffix),
        added_by=by,
        added_at=at,
    )


def attach_many(
    given: Sequence[tuple[str, str, str]], *, docket_id: int, by: str, at: datetime
) -> list[tuple[str, str]]:
    """Attach stored files to a docket in one statement.

    :param given: slot, digest and name of each file; see `attach`
    :return: slot and name of those whose content is not stored; when there is one, nothing is attached
    """
    kept = rows.media_types(sorted({digest for _slot, digest, _name in given})) if given else {}
    lost = [(slot, name) for slot, digest, name in given if digest not in kept]
    if not lost:
        rows.insert_rows(
            Attachment._meta.db_table,
            ("docket_id", "slot", "digest", "name", "added_by", "added_at"),
            [
                (docket_id, slot, digest, clean_name(name, suffix=kinds.KINDS[kept[digest]].suffix), by, at)
                for slot, digest, name in given
            ],
        )
    return lost


def detach(*, attachment: Attachment, at: datetime) -> Attachment:
    """Mark an attachment as taken away; row and content stay for the ledger. Again it changes nothing."""
    if attachment.removed_at is None:
        attachment.removed_at = at
        attachment.save(update_fields=["removed_at"])
    return attachment


def clean_name(name: str, *, suffix: str = "") -> str:
    """A name that is safe to show and to save: no folders, no control or direction characters, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = last if last.isprintable() else "".join(c for c in last if unicodedata.category(c)[0] != "C")
    tidy = re.sub(r'[<>:"|?*]', "_", printable).strip(" .") or _("文件")
    stem = PurePosixPath(tidy).stem if suffix else tidy
    return stem[:_MAX_NAME] + suffix
