"""Destroying files for good, when the time for which law keeps them is over."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.core.files.storage import default_storage

from tongban.kernel.files.models import Attachment, StoredFile

# Of these digests, those that somebody else still needs.
Holder = Callable[[Collection[str]], set[str]]
_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """Declare contents that are kept by digest without an attachment, so that they are not destroyed with one."""
    _holders.append(holder)


def destroy_attachments(docket_ids: Collection[int]) -> int:
    """Delete the attachments of dockets, and contents that nothing else needs; gives how many attachments.

    Rows go in the caller's transaction; a content is deleted at once. After a crash in between, the same call again
    finds the rows still there and the content gone, and finishes.
    """
    rows = Attachment.objects.filter(docket_id__in=list(docket_ids))
    digests = set(rows.values_list("file_id", flat=True))
    deleted, _per_table = rows.delete()
    needed = set(Attachment.objects.filter(file_id__in=digests).values_list("file_id", flat=True))
    for holder in _holders:
        needed |= holder(digests)
    for file in StoredFile.objects.filter(pk__in=digests - needed):
        default_storage.delete(file.path)
        file.delete()
    return deleted
