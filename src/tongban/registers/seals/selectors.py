"""Read seals."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.selectors import content_of
from tongban.kernel.prepared import Prepared
from tongban.registers.seals import root
from tongban.registers.seals.contracts import NoSealError, SealInfo, Trust
from tongban.registers.seals.models import Paper, Seal, Use


def info(row: Seal) -> SealInfo:
    """A seal as others see it, without its private part."""
    return SealInfo(
        unit=row.unit, name=row.name, generation=row.generation, serial=row.serial,
        certificate=base64.b64decode(row.certificate), sm2_certificate=base64.b64decode(row.sm2_certificate),
        valid_from=row.valid_from, valid_until=row.valid_until, made_at=row.made_at,
        replaced_at=row.replaced_at, revoked_since=row.revoked_since, revoked_reason=row.revoked_reason,
    )  # fmt: skip


def _usable(unit: str, at: datetime) -> QuerySet[Seal]:
    rows = Seal.objects.filter(unit=unit, replaced_at=None, revoked_since=None)
    return rows.filter(valid_from__lte=at, valid_until__gt=at).order_by("-generation")[:1]


_USABLE = Prepared(_usable, at=datetime)


def row_at(unit: str, *, at: datetime) -> Seal | None:
    """The seal with which a unit seals at an instant; None when there is none."""
    return _USABLE.first(unit=unit, at=at)


def latest(unit: str) -> Seal:
    """The newest seal of a unit, whatever became of it.

    :raises NoSealError: it never had one
    """
    row = Seal.objects.filter(unit=unit).order_by("-generation").first()
    if row is None:
        raise NoSealError(f"the unit {unit} has no seal yet; it gets one with its first use")
    return row


def seals_of(unit: str = "") -> list[SealInfo]:
    """Every seal ever made, of one unit or of all, by unit and generation."""
    rows = Seal.objects.filter(unit=unit) if unit else Seal.objects.all()
    return [info(row) for row in rows.order_by("unit", "generation")]


def picture(unit: str) -> tuple[str, str]:
    """Name and outlines of a unit's newest seal; see `drawing`.

    :raises NoSealError: it never had one
    """
    row = latest(unit)
    return row.name, row.picture


def trust() -> Trust:
    """The roots and the revoked seals, as verification needs them; one query."""
    revoked: dict[str, datetime] = {}
    rows = Seal.objects.filter(revoked_since__isnull=False)
    for serial, national, since in rows.values_list("serial", "sm2_serial", "revoked_since"):
        assert since is not None
        revoked[serial] = revoked[national] = since
    return Trust(root.trusted(), revoked)


def uses(unit: str, *, limit: int = 100) -> list[Use]:
    """What a unit's seals were used for, newest first."""
    rows = Use.objects.filter(seal__unit=unit).select_related("seal")
    return list(rows.order_by("-at", "-id")[:limit])


def revoked(*, limit: int = 200) -> list[SealInfo]:
    """Seals that were revoked, the last first."""
    rows = Seal.objects.filter(revoked_since__isnull=False).order_by("-revoked_at")[:limit]
    return [info(row) for row in rows]


def papers(prefix: str) -> dict[str, bytes]:
    """Sealed papers that were kept, by key; see `sealed_once`.

    :param prefix: what their keys begin with
    :raises FileGoneError: one is not in the storage any more
    """
    rows = dict(Paper.objects.filter(key__startswith=prefix).order_by("key").values_list("key", "digest"))
    files = StoredFile.objects.in_bulk(set(rows.values()))
    return {key: content_of(files[digest]) for key, digest in rows.items()}


def papers_among(digests: Collection[str]) -> set[str]:
    """Of these contents, those that are a sealed paper kept here; they are not destroyed with a docket."""
    return set(Paper.objects.filter(digest__in=list(digests)).values_list("digest", flat=True))
