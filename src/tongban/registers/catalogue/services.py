"""Writing the catalogue: bring in, publish, withdraw. Each is one transaction and one ledger entry."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import cache, ledger, regions
from tongban.registers.catalogue.codes import State
from tongban.registers.catalogue.contracts import CatalogueError, Change, UnknownMatterError
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.elements import changes, columns, digest
from tongban.registers.catalogue.models import (
    CatalogueVersion,
    Elements,
    Implementation,
    ImplementationVersion,
    Matter,
    MatterElement,
    MatterMaterial,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many implementations a batch made, changed and found as they were."""

    created: int
    changed: int
    unchanged: int


def store_elements(datas: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Ids by digest; what is not there yet is written with its papers and data elements."""
    by_digest = {digest(data): data for data in datas}
    ids = _element_ids(by_digest)
    new = [Elements(**columns(data)) for key, data in by_digest.items() if key not in ids]
    Elements.objects.bulk_create(new, batch_size=BATCH)
    papers: list[MatterMaterial] = []
    asked: list[MatterElement] = []
    for row in new:
        ids[row.digest] = row.pk
        papers += [
            MatterMaterial(
                elements=row,
                material_id=use["key"],
                necessity=use["necessity"],
                commitment=use["commitment"],
                position=position,
            )
            for position, use in enumerate(row.data["materials"])
        ]
        asked += [
            MatterElement(elements=row, element_id=use["key"], required=use["required"], position=position)
            for position, use in enumerate(row.data["elements"])
        ]
    MatterMaterial.objects.bulk_create(papers, batch_size=BATCH)
    MatterElement.objects.bulk_create(asked, batch_size=BATCH)
    return ids


def _element_ids(wanted: Iterable[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for part in _parts(list(wanted)):
        ids.update(Elements.objects.filter(digest__in=part).values_list("digest", "pk"))
    return ids


def _parts(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def store_matters(drafts: Sequence[Draft]) -> dict[str, int]:
    """Ids of the basic items by code; their name, kind and legal basis follow the newest draft."""
    rows = {
        draft.basic_code: Matter(
            code=draft.basic_code,
            name=draft.data["name"],
            kind=draft.data["kind"],
            legal_basis=draft.data["legal_basis"],
            generated=draft.generated,
        )
        for draft in drafts
    }
    Matter.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kind", "legal_basis", "generated"],
    )
    ids: dict[str, int] = {}
    for part in _parts(list(rows)):
        ids.update(Matter.objects.filter(code__in=part).values_list("code", "pk"))
    return ids


@transaction.atomic
def bring_in(
    drafts: Sequence[Draft], *, region: str, actor: Actor, at: datetime, note: str = "", publish: bool = True
) -> Outcome:
    """Make the catalogue say what the drafts say, new versions where they say something new.

    :param region: in whose name the act is written down
    :param publish: in force at once; otherwise new versions wait as drafts for `publish`
    """
    element_ids = store_elements(draft.data for draft in drafts)
    matter_ids = store_matters(drafts)
    known = _known(drafts)
    new: list[Implementation] = []
    renewed: list[tuple[Implementation, Draft]] = []
    moved: list[Implementation] = []
    for draft in drafts:
        row = known.get((draft.region, draft.code))
        wanted = element_ids[digest(draft.data)]
        if row is None:
            row = Implementation(
                matter_id=matter_ids[draft.basic_code],
                code=draft.code,
                region=draft.region,
                status=State.PUBLISHED if publish else State.DRAFT,
                version=1 if publish else 0,
                elements_id=wanted if publish else None,
                **draft.place,
            )
            new.append(row)
        elif row.elements_id != wanted or row.status != State.PUBLISHED:
            renewed.append((row, draft))
        elif any(getattr(row, name) != value for name, value in draft.place.items()):
            moved.append(row)
        for name, value in draft.place.items():
            setattr(row, name, value)
    outcome = Outcome(len(new), len(renewed) + len(moved), len(drafts) - len(new) - len(renewed) - len(moved))
    if outcome.created or outcome.changed:
        act = "publish" if publish else "draft"
        release = _release(region, act, actor, at, note=note, count=outcome.created + outcome.changed)
        wanted_ids = {(d.region, d.code): element_ids[digest(d.data)] for d in drafts}
        _write_new(new, wanted_ids, release, publish=publish)
        _write_renewed([row for row, _ in renewed], wanted_ids, release, publish=publish)
        Implementation.objects.bulk_update(moved, list(drafts[0].place), batch_size=BATCH)
        _announce(release, [*new, *(row for row, _ in renewed), *moved], actor, at)
    return outcome


def _known(drafts: Sequence[Draft]) -> dict[tuple[str, str], Implementation]:
    found: dict[tuple[str, str], Implementation] = {}
    codes = sorted({draft.code for draft in drafts})
    for part in _parts(codes):
        for row in Implementation.objects.filter(code__in=part):
            found[row.region, row.code] = row
    return found


def _release(region: str, act: str, actor: Actor, at: datetime, *, note: str, count: int) -> CatalogueVersion:
    return CatalogueVersion.objects.create(
        region=region, act=act, actor=actor.id, at=at, note=note, count=count
    )


def _write_new(
    rows: list[Implementation],
    wanted: dict[tuple[str, str], int],
    release: CatalogueVersion,
    *,
    publish: bool,
) -> None:
    Implementation.objects.bulk_create(rows, batch_size=BATCH)
    ImplementationVersion.objects.bulk_create(
        [
            ImplementationVersion(
                implementation=row,
                number=1,
                elements_id=wanted[row.region, row.code],
                drafted=release,
                published=release if publish else None,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _write_renewed(
    rows: list[Implementation],
    wanted: dict[tuple[str, str], int],
    release: CatalogueVersion,
    *,
    publish: bool,
) -> None:
    last: dict[int, int] = {}
    for part in _parts([row.pk for row in rows]):
        last.update(
            ImplementationVersion.objects.filter(implementation__in=part)
            .values_list("implementation")
            .annotate(Max("number"))
        )
        if publish:
            _end(part, release)
    versions = []
    for row in rows:
        number = last[row.pk] + 1
        elements_id = wanted[row.region, row.code]
        versions.append(
            ImplementationVersion(
                implementation=row,
                number=number,
                elements_id=elements_id,
                drafted=release,
                published=release if publish else None,
            )
        )
        if publish:
            row.status, row.version, row.elements_id = State.PUBLISHED, number, elements_id
    ImplementationVersion.objects.bulk_create(versions, batch_size=BATCH)
    fields = ["status", "version", "elements", *_PLACE]
    Implementation.objects.bulk_update(rows, fields, batch_size=BATCH)


_PLACE = (
    "public_code",
    "profile",
    "level",
    "unit",
    "unit_name",
    "unit_code",
    "department",
    "main_item",
    "partner",
    "generated",
)


def _end(implementations: Sequence[int], release: CatalogueVersion) -> None:
    ImplementationVersion.objects.filter(
        implementation__in=implementations, published__isnull=False, ended__isnull=True
    ).update(ended=release)


def _announce(release: CatalogueVersion, rows: Sequence[Implementation], actor: Actor, at: datetime) -> None:
    """The act in the ledger: few codes in full, many as count and digest; and what each matter is from now on."""
    ordered = sorted(row.code for row in rows)
    ledger.record(
        region=release.region,
        act=release.act,
        data={
            "release": release.pk,
            "count": release.count,
            "codes": ordered[:20],
            "digest": hashlib.sha256("\n".join(ordered).encode()).hexdigest(),
            "note": release.note,
        },
        rows=rows,
        actor=actor,
        at=at,
    )
    cache.changed()


def _named(codes: Sequence[str], region: str) -> dict[str, Implementation]:
    wanted = list(dict.fromkeys(codes))
    rows = Implementation.objects.select_for_update().filter(
        Q(public_code__in=wanted) | Q(code__in=wanted), region=region
    )
    found: dict[str, Implementation] = {}
    for row in rows:
        found[row.public_code] = found[row.code] = row
    for code in wanted:
        if code not in found:
            raise UnknownMatterError(code, region)
    return {code: found[code] for code in wanted}


@transaction.atomic
def publish(*, codes: Sequence[str], region: str, actor: Actor, at: datetime, note: str = "") -> int:
    """See `api.publish`."""
    region = regions.pad(region)
    rows = _named(codes, region)
    newest: list[tuple[Implementation, ImplementationVersion]] = []
    for code, row in rows.items():
        version = row.versions.order_by("-number").first()
        if version is None or version.published_id is not None:
            raise CatalogueError(f"“{code}”没有待发布的草稿。请先修改或导入，再发布。")
        newest.append((row, version))
    release = _release(region, "publish", actor, at, note=note, count=len(newest))
    _end([row.pk for row, _ in newest], release)
    for row, version in newest:
        version.published = release
        row.status, row.version, row.elements_id = State.PUBLISHED, version.number, version.elements_id
        version.save(update_fields=["published"])
        row.save(update_fields=["status", "version", "elements"])
    _announce(release, [row for row, _ in newest], actor, at)
    return len(newest)


@transaction.atomic
def withdraw(*, codes: Sequence[str], region: str, actor: Actor, at: datetime, note: str) -> int:
    """See `api.withdraw`."""
    region = regions.pad(region)
    rows = _named(codes, region)
    for code, row in rows.items():
        if row.status != State.PUBLISHED:
            raise CatalogueError(f"“{code}”现在是{row.get_status_display()}，只有已发布的才能撤回。")
    release = _release(region, "withdraw", actor, at, note=note, count=len(rows))
    _end([row.pk for row in rows.values()], release)
    for row in rows.values():
        row.status = State.WITHDRAWN
        row.save(update_fields=["status"])
    _announce(release, list(rows.values()), actor, at)
    return len(rows)


def changes_between(code: str, region: str, before: int, after: int) -> list[Change]:
    """See `api.changes_between`."""
    row = _one(code, regions.pad(region))
    versions = {version.number: version.elements.data for version in row.versions.select_related("elements")}
    for number in (before, after):
        if number not in versions:
            known = "、".join(str(number) for number in sorted(versions))
            raise CatalogueError(f"“{code}”没有第{number}版；有：{known}。")
    return changes(versions[before], versions[after])


def _one(code: str, region: str) -> Implementation:
    row = Implementation.objects.filter(Q(public_code=code) | Q(code=code), region=region).first()
    if row is None:
        raise UnknownMatterError(code, region)
    return row
