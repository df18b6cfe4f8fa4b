"""Reading attachments and their contents. Who may read is decided by the caller, through access."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage

from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.prepared import Prepared

_ALL = Prepared(
    lambda dockets: Attachment.objects.filter(docket_id__in=dockets).select_related("file").order_by("id"),
    dockets=int,
)


def attachments(docket_id: int, *, slot: str = "", removed: bool = False) -> list[Attachment]:
    """Attachments of a docket in the order in which they were added, with their files.

    :param slot: only those of one slot
    :param removed: also those taken away
    """
    return attachments_of([docket_id], slot=slot, removed=removed).get(docket_id, [])


def attachments_of(
    docket_ids: Iterable[int], *, slot: str = "", removed: bool = False
) -> dict[int, list[Attachment]]:
    """Attachments of several dockets by docket, in one query."""
    found: dict[int, list[Attachment]] = {}
    wanted = list(docket_ids)
    for row in _ALL(dockets=wanted) if wanted else ():
        if (not slot or row.slot == slot) and (removed or row.removed_at is None):
            found.setdefault(row.docket_id, []).append(row)
    return found


def content_of(file: StoredFile) -> bytes:
    """The content of a stored file.

    :raises FileGoneError: it is not in the storage
    """
    return content(file.digest)


def content(digest: str) -> bytes:
    """The content with a digest.

    :raises FileGoneError: it is not in the storage
    """
    try:
        with default_storage.open(StoredFile(digest=digest).path) as stream:
            data: bytes = stream.read()
    except FileNotFoundError as error:
        raise FileGoneError(digest) from error
    return data
