"""Who is in charge of it, and by which law: the regulated matters, found by the words of those who complain.

They have an index of their own: what one applies for and what is punished use the same words, and somebody who
wants a signboard does not look for the fine.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.kernel.search import Field, Index
from tongban.registers.catalogue import cache, codes, finding, regions, regulated, selectors
from tongban.registers.catalogue.contracts import MatterSpec
from tongban.registers.catalogue.models import Implementation

FIELDS = (
    Field("plain_name", 3.0, sound=True),
    Field("name", 2.0, sound=True),
    Field("words", 3.0, sound=True),
    Field("law", 0.4),
)
SURE = 0.5

_lock = threading.Lock()
_index: tuple[str, Index] | None = None


@dataclass(frozen=True, slots=True)
class ChargeHit:
    """A regulated matter found: who is in charge in the region and by which law. `score` compares within a search."""

    code: str
    name: str
    plain_name: str
    name_en: str
    kind: str
    region: str
    unit_name: str
    basis: tuple[str, ...]
    score: float

    @property
    def kind_name(self) -> str:
        return str(codes.MatterKind(self.kind).label)


def search(text: str, *, region: str, top: int) -> list[ChargeHit]:
    """See `api.search_regulated`."""
    padded = regions.pad(region)
    hits = index().search(text, filters={"region": finding.visible(padded)}, top=top)
    return [_hit(hit.payload, hit.score, padded) for hit in hits if hit.score >= SURE]


def _hit(payload: Mapping[str, Any], score: float, region: str) -> ChargeHit:
    place, unit_name = finding.nearest(payload["units"], region)
    return ChargeHit(
        code=payload["code"],
        name=payload["name"],
        plain_name=payload["plain_name"],
        name_en=payload["name_en"],
        kind=payload["kind"],
        region=place,
        unit_name=unit_name,
        basis=tuple(payload["basis"]),
        score=score,
    )


def index() -> Index:
    """The index of the regulated matters published now, in memory: a city has hundreds, not thousands."""
    global _index  # noqa: PLW0603  one index per process is the point
    token = cache.token()
    current = _index
    if current is None or current[0] != token:
        with _lock:
            made = Index(name="regulated", fields=FIELDS)
            made.rebuild(finding.documents(regulated=True))
            current = _index = (token, made)
    return current[1]


def matters(region: str) -> list[MatterSpec]:
    """See `api.regulated_matters`."""
    padded = regions.pad(region)

    def build() -> list[MatterSpec]:
        places = Implementation.objects.filter(
            region__in=regions.lineage(padded),
            status=codes.State.PUBLISHED,
            elements__kind__in=regulated.KINDS,
        )
        wanted = sorted(set(places.values_list("public_code", flat=True)))
        return [spec for spec in selectors.matters(wanted, padded).values() if spec.regulated is not None]

    return cache.remember(("regulated", padded), build)
