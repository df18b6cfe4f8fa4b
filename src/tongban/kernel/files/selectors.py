"""Reading attachments and their contents. Who may read is decided by the caller, through access."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage

from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import Attachment, StoredFile


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
    rows = Attachment.objects.filter(docket_id__in=list(docket_ids)).select_related("file").order_by("id")
    if slot:
        rows = rows.filter(slot=slot)
    if not removed:
        rows = rows.filter(removed_at__isnull=True)
    found: dict[int, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row.docket_id, []).append(row)
    return found


def content_of(file: StoredFile) -> bytes:
    """The content of a stored file.

    :raises FileGoneError: it is not in the storage
    """
    try:
        with default_storage.open(file.path) as stream:
            data: bytes = stream.read()
    except FileNotFoundError as error:
        raise FileGoneError(file.digest) from error
    return data
