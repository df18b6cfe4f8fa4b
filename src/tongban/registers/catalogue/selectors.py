"""Reading the catalogue. Everything asked for often is answered from `cache`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongban.registers.catalogue import cache, regions
from tongban.registers.catalogue.codes import State
from tongban.registers.catalogue.contracts import (
    ElementSpec,
    MaterialSpec,
    MatterSpec,
    UnknownKeyError,
    UnknownMatterError,
    VersionLine,
)
from tongban.registers.catalogue.models import (
    DataElement,
    Implementation,
    ImplementationVersion,
    MaterialKind,
)
from tongban.registers.catalogue.specs import element_spec, material_spec, matter_spec

_ABSENT = object()


def element_entries() -> dict[str, dict[str, Any]]:
    """Every data element by key, as its pack has it."""

    def build() -> dict[str, dict[str, Any]]:
        rows = DataElement.objects.values_list("key", "name", "type", "group", "personal", "data")
        return {
            key: {**data, "name": name, "type": kind, "group": group, "personal": personal}
            for key, name, kind, group, personal, data in rows
        }

    return cache.remember("elements", build)


def material_entries() -> dict[str, dict[str, Any]]:
    """Every kind of paper by key, as its pack has it."""

    def build() -> dict[str, dict[str, Any]]:
        rows = MaterialKind.objects.values_list("key", "name", "source", "issuer", "licence_kind", "data")
        return {
            key: {**data, "name": name, "source": source, "issuer": issuer, "licence_kind": licence}
            for key, name, source, issuer, licence, data in rows
        }

    return cache.remember("materials", build)


def element(key: str) -> ElementSpec:
    try:
        return element_spec(key, element_entries()[key])
    except KeyError:
        raise UnknownKeyError(f"没有键为“{key}”的数据项。") from None


def material(key: str) -> MaterialSpec:
    try:
        return material_spec(key, material_entries()[key])
    except KeyError:
        raise UnknownKeyError(f"没有键为“{key}”的材料。") from None


def spec_of(row: Implementation, data: dict[str, Any], version: int) -> MatterSpec:
    """The spec of one implementation with the given canonical elements."""
    return matter_spec(
        data=data,
        place={
            "code": row.public_code,
            "implementation_code": row.code,
            "region": row.region,
            "unit": row.unit,
            "unit_name": row.unit_name,
            "department": row.department,
            "main_item": row.main_item,
            "partner": row.partner,
            "version": version,
        },
        elements=element_entries(),
        materials=material_entries(),
    )


def _asked(codes: Iterable[str], region: str) -> QuerySet[Implementation]:
    wanted = list(codes)
    return Implementation.objects.filter(
        Q(public_code__in=wanted) | Q(code__in=wanted), region__in=regions.lineage(region)
    )


def _most_specific(rows: Iterable[Implementation]) -> dict[str, Implementation]:
    """By both codes; a later, more specific row wins over what was found above it."""
    found: dict[str, Implementation] = {}
    for row in sorted(rows, key=lambda row: len(regions.significant(row.region))):
        found[row.public_code] = row
        found[row.code] = row
    return found


def matters(codes: Sequence[str], region: str) -> dict[str, MatterSpec]:
    """Published specs by the code asked for; unknown codes are absent. At most one query and, warm, none."""
    region = regions.pad(region)
    found: dict[str, MatterSpec] = {}
    missing: list[str] = []
    for code in dict.fromkeys(codes):
        kept = cache.get(("matter", code, region))
        if kept is None:
            missing.append(code)
        elif kept is not _ABSENT:
            found[code] = kept
    if missing:
        rows = _asked(missing, region).filter(status=State.PUBLISHED).select_related("elements")
        by_code = _most_specific(rows)
        for code in missing:
            row = by_code.get(code)
            if row is None or row.elements is None:
                cache.put(("matter", code, region), _ABSENT)
                continue
            # One object per implementation, however many regions ask for it.
            key = ("row", row.pk)
            spec: MatterSpec | None = cache.get(key)
            if spec is None:
                spec = spec_of(row, row.elements.data, row.version)
                cache.put(key, spec)
            cache.put(("matter", code, region), spec)
            found[code] = spec
    return {code: found[code] for code in codes if code in found}


def matter(code: str, region: str, at: datetime | None = None) -> MatterSpec:
    """The published spec of one matter; see `api.matter`."""
    if at is not None:
        return _matter_at(code, regions.pad(region), at)
    found = matters([code], region)
    if code not in found:
        raise UnknownMatterError(code, region)
    return found[code]


def _matter_at(code: str, region: str, at: datetime) -> MatterSpec:
    rows = list(_asked([code], region))
    versions = (
        ImplementationVersion.objects.filter(
            Q(ended__isnull=True) | Q(ended__at__gt=at), implementation__in=rows, published__at__lte=at
        )
        .select_related("implementation", "elements")
        .order_by("number")
    )
    in_force = {version.implementation_id: version for version in versions}
    row = _most_specific(row for row in rows if row.pk in in_force).get(code)
    if row is None:
        raise UnknownMatterError(code, region)
    version = in_force[row.pk]
    return spec_of(row, version.elements.data, version.number)


def published(region: str, *, below: bool = True) -> QuerySet[Implementation]:
    """Published implementations of a region, by default with everything below it."""
    padded = regions.pad(region)
    rows = Implementation.objects.filter(status=State.PUBLISHED)
    if below:
        return rows.filter(region__startswith=regions.significant(padded))
    return rows.filter(region=padded)


def history(code: str, region: str) -> list[VersionLine]:
    """Versions of an implementation in exactly this region, newest first."""
    region = regions.pad(region)
    versions = (
        ImplementationVersion.objects.filter(
            Q(implementation__public_code=code) | Q(implementation__code=code), implementation__region=region
        )
        .select_related("published", "ended", "drafted")
        .order_by("-number")
    )
    return [
        VersionLine(
            number=version.number,
            state=_state(version),
            published_at=version.published.at if version.published else None,
            published_by=version.published.actor if version.published else "",
            ended_at=version.ended.at if version.ended else None,
            ended_by=version.ended.actor if version.ended else "",
            note=(version.published or version.drafted).note,
        )
        for version in versions
    ]


def _state(version: ImplementationVersion) -> str:
    if version.published is None:
        return "draft"
    if version.ended is None:
        return "published"
    return "withdrawn" if version.ended.act == "withdraw" else "superseded"


def every(region: str) -> list[MatterSpec]:
    """See `api.every_matter`."""
    padded = regions.pad(region)
    above = regions.lineage(padded)
    places: dict[str, str] = {}
    for code, place in (
        published(padded).order_by("public_code", "region").values_list("public_code", "region")
    ):
        if code not in places or place in above:
            places[code] = place
    asked: dict[str, list[str]] = {}
    for code, place in places.items():
        asked.setdefault(place, []).append(code)
    found = {code: spec for place, codes in asked.items() for code, spec in _several(codes, place).items()}
    return [found[code] for code in sorted(found)]


def _several(codes: Sequence[str], region: str) -> dict[str, MatterSpec]:
    found: dict[str, MatterSpec] = {}
    for start in range(0, len(codes), 400):  # the engine's limit of variables
        found |= matters(codes[start : start + 400], region)
    return found


def with_instant(region: str) -> list[MatterSpec]:
    """Every matter with decision rules as handled in the region or, for its own, anywhere below it; by code."""
    padded = regions.pad(region)

    def build() -> list[MatterSpec]:
        short = regions.significant(padded)
        rows = Implementation.objects.filter(
            Q(region__in=regions.lineage(padded)) | Q(region__startswith=short),
            status=State.PUBLISHED, elements__data__has_key="instant",
        )  # fmt: skip
        places = dict(rows.order_by("-region").values_list("public_code", "region"))
        specs = [matters([code], place).get(code) for code, place in sorted(places.items())]
        return [spec for spec in specs if spec is not None and spec.instant is not None]

    return cache.remember(("with_instant", padded), build)
