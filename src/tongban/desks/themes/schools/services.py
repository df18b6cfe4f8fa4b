"""Taking an application into a school's list, looking at photos, giving seats. Each is safe to do twice."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tongban.desks.cases import api as cases
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.schools import looking, retaking
from tongban.desks.themes.schools.models import Enrolment, Photo, PhotoState, School
from tongban.kernel import api as kernel
from tongban.kernel.files import selectors as files
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.models import Docket
from tongban.kernel.privacy import short_indexer
from tongban.registers.messages import api as messages

log = logging.getLogger(__name__)
THEME = "school-enrolment"
BATCH = 50
RANKS = {"政策照顾": 0, "户房一致": 1, "有户无房": 2, "有房无户": 3}
LAST_RANK = 4
CHILD = "themes.child"
MONTH_OF_NEXT_YEAR = 9
"""From September on one enrols for the next year's September."""


def load_schools(folder: Path, _at: datetime) -> dict[str, int]:
    """The schools of a city's pack (schools.yaml); one already there gets what the pack says now."""
    path = folder / "schools.yaml"
    rows = YAML(typ="safe").load(path.read_text("utf-8")) if path.is_file() else []
    for row in rows or ():
        School.objects.update_or_create(
            code=row["code"], defaults={key: row[key] for key in row if key != "code"}
        )
    return {"schools": len(rows or ())}


def school_year(at: datetime) -> int:
    """The year in whose September the school year begins for which one enrols at an instant."""
    local = at.astimezone(SHANGHAI)
    return local.year + (local.month >= MONTH_OF_NEXT_YEAR)


def chosen(name: str, region: str) -> School | None:
    """The school that a form names; what stands in brackets after the name does not count."""
    plain = name.partition("（")[0].strip()
    found = list(School.objects.filter(name=plain)) if plain else []
    return next((one for one in found if one.region == region), found[0] if found else None)


@kernel.writing()
def note(docket: int) -> Enrolment | None:
    """Put an application on the list of the school that it names; the same again changes nothing.

    None when it is none for a school of ours.
    """
    if (known := Enrolment.objects.filter(docket=docket).first()) is not None:
        return known
    row = Docket.objects.get(pk=docket)
    application = cases.application_of(docket)
    form = cases.form_of(application)
    school = chosen(str(form.get("school.choice", "")), row.region)
    if school is None:
        return None
    category = str(form.get("school.enrol_kind", ""))
    papers = cases.materials_of(docket)
    made, new = Enrolment.objects.get_or_create(
        docket=docket,
        defaults={
            "number": row.number, "school": school, "applicant": row.applicant,
            "child": short_indexer(purpose=CHILD)(str(form.get("child.id", "")) or row.number),
            "child_name": str(form.get("child.name", "")), "year": school_year(row.opened_at),
            "category": category, "rank": RANKS.get(category, LAST_RANK), "at": row.opened_at,
        },
    )  # fmt: skip
    if new:
        names = {one.key: one.name for one in papers if one.way == "upload"}
        photos = [
            Photo(
                enrolment=made, attachment=one.pk, digest=one.file_id,
                paper=names[one.slot],
            )
            for one in files.attachments(docket) if one.slot in names
        ]  # fmt: skip
        Photo.objects.bulk_create(photos)
        made.photos = len(photos)
        _count(made, papers)
    return made


def recount(docket: int) -> None:
    """Papers were looked up meanwhile: count them anew."""
    made = Enrolment.objects.filter(docket=docket).first()
    if made is not None:
        _count(made, cases.materials_of(docket))


def _count(made: Enrolment, papers: Iterable[Any]) -> None:
    at_hand = [one for one in papers if one.way in {"known", "form", "earlier"}]
    made.waiting = sum(one.check_state == cases.Check.QUEUED for one in at_hand)
    made.checked = len(at_hand) - made.waiting
    made.save(update_fields=["photos", "checked", "waiting"])


# Photos


def look_at_photos(at: datetime) -> int:
    """Look at one batch of photos that wait; gives how many there were. The looking is outside of any transaction."""
    rows = list(
        Photo.objects.filter(state=PhotoState.QUEUED).select_related("enrolment").order_by("id")[:BATCH]
    )
    if not rows:
        return 0
    kept = {one.digest: one for one in StoredFile.objects.filter(pk__in=[row.digest for row in rows])}
    seen: dict[str, list[str]] = {}
    for digest in {row.digest for row in rows}:
        try:
            seen[digest] = looking.findings(files.content_of(kept[digest]), kept[digest].media_type)
        except (KeyError, FileGoneError):
            seen[digest] = [looking.UNREADABLE]
    same = _same_photos(seen)
    with kernel.writing():
        for row in rows:
            found = [*seen[row.digest], *_twice(row, same.get(row.digest, []))]
            Photo.objects.filter(pk=row.pk, state=PhotoState.QUEUED).update(
                state=PhotoState.DOUBTFUL if found else PhotoState.CLEAN,
                findings=" ".join(found),
                looked_at=at,
            )
    return len(rows)


def _same_photos(digests: Iterable[str]) -> dict[str, list[Photo]]:
    found: dict[str, list[Photo]] = {}
    for one in Photo.objects.filter(digest__in=list(digests)).select_related("enrolment"):
        found.setdefault(one.digest, []).append(one)
    return found


def _twice(row: Photo, same: Iterable[Photo]) -> list[str]:
    others = [one for one in same if one.pk != row.pk]
    found = []
    if any(one.enrolment.child != row.enrolment.child for one in others):
        found.append(looking.OTHERS)
    if any(one.enrolment_id == row.enrolment_id and one.paper != row.paper for one in others):
        found.append(looking.TWICE)
    return found


@kernel.writing()
def decide_photos(
    school: School, photos: Collection[int], *, accept: bool, actor: kernel.Actor, at: datetime
) -> int:
    """A human accepts photos, or asks for them anew; gives how many. What is decided already stays."""
    due_on = retaking.last_day(school.region, at)
    rows = Photo.objects.select_for_update().filter(
        pk__in=photos, enrolment__school=school, state__in=(PhotoState.CLEAN, PhotoState.DOUBTFUL)
    )
    found = list(rows.order_by("pk"))
    by_number = {one.pk: one for one in Enrolment.objects.filter(pk__in=[row.enrolment_id for row in found])}
    for row in found:
        row.state = PhotoState.ACCEPTED if accept else PhotoState.REFUSED
        row.decided_by, row.decided_at = actor.id, at
        if not accept:
            row.due_on = due_on
            _tell(
                by_number[row.enrolment_id], "school.photo", school, at=at, key=f"photo:{row.pk}", paper=row.paper,
                due=due_on,
            )  # fmt: skip
    Photo.objects.bulk_update(found, ["state", "decided_by", "decided_at", "due_on"])
    if found:
        _record(
            school,
            "accept_photos" if accept else "refuse_photos",
            actor,
            at,
            photos=[one.pk for one in found],
        )
    return len(found)


# Seats


@dataclass(frozen=True, slots=True)
class Placed:
    """How many got a seat; for how many there was none; how many children have one already."""

    placed: int
    full: int
    double: int


@kernel.writing()
def place(school: School, enrolments: Collection[int], *, actor: kernel.Actor, at: datetime) -> Placed:
    """Give seats in the order of the list, as far as there are any. The school's row is locked: no seat twice."""
    locked = School.objects.select_for_update().get(pk=school.pk)
    rows = list(
        Enrolment.objects.select_for_update()
        .filter(pk__in=enrolments, school=locked, placed_at=None)
        .order_by("rank", "at", "id")
    )
    year = rows[0].year if rows else 0
    free = locked.seats - Enrolment.objects.filter(school=locked, year=year, placed_at__isnull=False).count()
    having = set(
        Enrolment.objects.filter(
            child__in=[one.child for one in rows], year=year, placed_at__isnull=False
        ).values_list("child", flat=True)
    )
    done: list[Enrolment] = []
    double = 0
    for row in rows:
        if row.child in having:
            double += 1
        elif len(done) < free:
            having.add(row.child)
            row.placed_at, row.placed_by = at, actor.id
            done.append(row)
    Enrolment.objects.bulk_update(done, ["placed_at", "placed_by"])
    for row in done:
        _tell(row, "school.placed", locked, at=at, key=f"placed:{row.pk}:{at:%s}")
    if done:
        _record(locked, "place", actor, at, numbers=[one.number for one in done])
    return Placed(len(done), len(rows) - len(done) - double, double)


@kernel.writing()
def release(school: School, enrolments: Collection[int], *, actor: kernel.Actor, at: datetime) -> int:
    """Take seats back that were given by mistake or are not wanted; gives how many."""
    rows = list(
        Enrolment.objects.select_for_update().filter(
            pk__in=enrolments, school=school, placed_at__isnull=False
        )
    )
    Enrolment.objects.filter(pk__in=[one.pk for one in rows]).update(placed_at=None, placed_by="")
    if rows:
        _record(school, "release", actor, at, numbers=[one.number for one in rows])
    return len(rows)


def _record(school: School, act: str, actor: kernel.Actor, at: datetime, **data: object) -> None:
    kernel.record(stream=f"school:{school.code}", act=act, actor=actor, at=at, data=dict(data))


def _tell(row: Enrolment, template: str, school: School, *, at: datetime, key: str, **more: Any) -> None:
    messages.send(
        to=row.applicant, template=template, docket=row.number, at=at, key=key,
        context={"school": {"zh": school.name, "en": school.name_en or school.name}, "number": row.number,
                 "phone": school.phone or "12345", **more},
    )  # fmt: skip
