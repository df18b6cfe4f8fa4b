"""A photo that was refused is taken again by the parent: until when, which ones, and the new one in place of the old.

行政许可法 第三十二条: what is to be put right is told, with the time for it; the enrolment stands meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.desks.themes.contracts import Wording
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.schools.models import Photo, PhotoState
from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.services import attach, detach, store
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MaterialSpec, UnknownKeyError

PAGE = 50
WORKING_DAYS = 5
"""For taking a photo again, from the day after it was refused."""


class RetakeRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The photo cannot be taken again now; says why and what is possible."""


def last_day(region: str, at: datetime) -> date:
    """The last day for taking a photo again that is refused now."""
    return calendar_for(region).workday_after(at.astimezone(SHANGHAI).date(), WORKING_DAYS)


def refused(parties: Iterable[str]) -> QuerySet[Photo]:
    """The refused photos of these applicants that nobody took again, nearest day first."""
    return (
        Photo.objects.filter(
            enrolment__applicant__in=set(parties), state=PhotoState.REFUSED, followed_by=None
        )
        .select_related("enrolment", "enrolment__school")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class RefusedPhoto:
    """A photo that waits to be taken again: whose paper, for which school, until when."""

    photo: int
    school: Wording
    paper: Wording
    due_on: date | None


def refused_photos(parties: Iterable[str], *, at: datetime) -> list[RefusedPhoto]:
    """What these applicants have to take again and still may; one query where there is nothing."""
    return [
        RefusedPhoto(
            row.pk, Wording(row.enrolment.school.name, row.enrolment.school.name_en),
            Wording(row.paper, known.name_en if (known := paper_of(row)) else ""), row.due_on,
        )
        for row in refused(parties)[:PAGE]
        if in_time(row, at)
    ]  # fmt: skip


def paper_of(photo: Photo) -> MaterialSpec | None:
    """The paper that a photo is of, as the catalogue describes it."""
    slot = Attachment.objects.filter(pk=photo.attachment).values_list("slot", flat=True).first()
    try:
        return catalogue.material(slot) if slot else None
    except UnknownKeyError:
        return None


def in_time(photo: Photo, at: datetime) -> bool:
    """Whether it may still be taken again (the last day included). One refused by an earlier release has no last day."""
    return photo.due_on is None or at.astimezone(SHANGHAI).date() <= photo.due_on


@kernel.writing()
def retake(photo: int, *, upload: UploadedFile[Any], actor: kernel.Actor, at: datetime) -> Photo:
    """Put a new photo in place of a refused one: on the docket and in the queue of those to be looked at.

    The same again (a second click) gives the first one again.

    :param photo: id of a refused photo of an enrolment that the actor has been found to have asked for
    :raises RetakeRefused: it was not refused, or the last day is over
    :raises UploadError: what is wrong with the file
    """
    old = Photo.objects.select_for_update().get(pk=photo)
    known = Photo.objects.filter(instead_of=old).first()
    if known is not None:
        return known
    if old.state != PhotoState.REFUSED:
        raise RetakeRefused(_("这张照片不用重拍。"))
    if not in_time(old, at):
        raise RetakeRefused(_("重拍的日子已经过了。请带原件到学校，或打学校电话说明。"))
    enrolment = old.enrolment
    before = Attachment.objects.filter(pk=old.attachment).first()
    file = store(content=upload, name=upload.name or old.paper, at=at)
    added = attach(
        docket_id=enrolment.docket, slot=before.slot if before else old.paper, file=file, name=upload.name or old.paper,
        by=actor.id, at=at,
    )  # fmt: skip
    if before is not None:
        detach(attachment=before, at=at)
    made = Photo.objects.create(
        enrolment=enrolment, attachment=added.pk, digest=file.digest, paper=old.paper, instead_of=old
    )
    kernel.record(
        stream=f"school:{enrolment.school.code}", act="retake_photo", actor=actor, at=at,
        data={"number": enrolment.number, "photo": made.pk, "instead_of": old.pk, "file": file.digest},
    )  # fmt: skip
    return made
