"""Read packages. The caller has passed the kernel's access."""

from __future__ import annotations

from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.selectors import content_of
from tongban.registers.archive.contracts import ArchiveError, ArchiveInfo
from tongban.registers.archive.models import Archive


def info(row: Archive) -> ArchiveInfo:
    """A package as others see it."""
    return ArchiveInfo(
        number=row.number, version=row.version, unit=row.unit, made_at=row.made_at, made_by=row.made_by,
        members=row.members, size=row.size, digest=row.digest, manifest_digest=row.manifest_digest,
    )  # fmt: skip


def latest(docket: int) -> Archive | None:
    """The newest package of a docket."""
    return Archive.objects.filter(docket_id=docket).order_by("-version").first()


def archives_of(number: str, *, actor: kernel.Actor) -> list[ArchiveInfo]:
    """The packages of a docket, newest first.

    :raises NotFound: there is no such docket that the actor may see
    """
    row = kernel.docket(number, actor=actor)
    return [info(one) for one in Archive.objects.filter(docket_id=row.id).order_by("-version")]


def content(found: ArchiveInfo) -> bytes:
    """The bytes of a package.

    :raises ArchiveError: it is not in the storage any more
    """
    file = StoredFile.objects.filter(digest=found.digest).first()
    if file is None:
        raise ArchiveError(f"the package of {found.number} is not in the storage")
    return content_of(file)
