"""Finding matters: what goes into the index, and the search page's providers.

The index is disposable: it carries the token of the catalogue's generation (see `cache`), and a process
whose index is of another generation opens or builds the right one. A small one is built in memory on
the spot; a large one in the data folder, and while a newer one is being built the old one answers.
"""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from tongban.kernel.search import Document, Field, Index, Vocabulary
from tongban.registers.catalogue import cache, listing, regions
from tongban.registers.catalogue.codes import State
from tongban.registers.catalogue.contracts import CatalogueError, MatterHit, MatterSpec
from tongban.registers.catalogue.limits import limit_text
from tongban.registers.catalogue.listing import LISTS
from tongban.registers.catalogue.models import Implementation

FIELDS = (
    Field("name", 4.0, sound=True),
    Field("plain_name", 3.0, sound=True),
    Field("keywords", 2.5, sound=True),
    Field("topics", 1.0),
    Field("main_item", 1.0),
    Field("guide", 0.4),
)
FILTERS = ("party", "topic", "department", "kind", "list")
IN_MEMORY = 3_000  # up to so many the index is built in memory in a moment

Provider = Callable[..., Sequence[object]]
_providers: dict[str, Provider] = {}
_actions: dict[str, Callable[[MatterSpec], object | None]] = {}
_lock = threading.Lock()
_index: tuple[str, Index] | None = None
_building = threading.Event()


def register_provider(name: str, provider: Provider) -> None:
    """See `api.register_search_provider`."""
    _providers[name] = provider


def provided(text: str, *, region: str, party: str, top: int) -> dict[str, Sequence[object]]:
    """What other contexts found, by their names; those that found nothing are left out."""
    found = {
        name: provider(text=text, region=region, party=party, top=top)
        for name, provider in _providers.items()
    }
    return {name: results for name, results in found.items() if results}


def register_action(name: str, provider: Callable[[MatterSpec], object | None]) -> None:
    """See `api.register_guide_action`."""
    _actions[name] = provider


def actions(spec: MatterSpec) -> list[object]:
    """What can be begun from the guide of a matter, in the order of registration."""
    return [found for provider in _actions.values() if (found := provider(spec)) is not None]


def by_topic(topic: str, condition: Q, *, region: str, top: int, after: str) -> list[MatterHit]:
    """Matters under a heading, by code: the index knows the codes, the rows the condition."""
    codes = sorted(set(index().values("code", {"topic": [topic], "region": visible(regions.pad(region))})))
    wanted = [code for code in codes if code > after]
    found: list[MatterHit] = []
    for start in range(0, len(wanted), 200):
        part = condition & Q(public_code__in=wanted[start : start + 200])
        found += listing.browse(part, region, top=top - len(found))
        if len(found) >= top:
            break
    return found


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The everyday words of packs/search."""
    return Vocabulary.load(Path(settings.PACKS) / "search" / "synonyms.yaml")


def search(text: str, *, region: str, filters: Mapping[str, Sequence[str]], top: int) -> list[MatterHit]:
    """See `api.search_matters`."""
    padded = regions.pad(region)
    for name in filters:
        if name not in FILTERS:
            raise CatalogueError(f"不认识筛选条件{name}；可用：{'、'.join(FILTERS)}。")
    hits = index().search(text, filters={**filters, "region": visible(padded)}, top=top)
    return [_hit(hit.payload, hit.score, padded) for hit in hits]


def suggest(text: str, *, region: str, top: int) -> list[str]:
    """See `api.suggest`."""
    hits = index().suggest(text, filters={"region": visible(regions.pad(region))}, top=top)
    return list(dict.fromkeys(_title(hit.payload) for hit in hits))


def _title(payload: Mapping[str, Any]) -> str:
    return str(payload["plain_name"] or payload["name"])


def visible(region: str) -> list[str]:
    """Values of the filter `region`: carried out in the region or above it, or somewhere below it."""
    return [*(f"={code}" for code in regions.lineage(region)), f">{region}"]


def nearest(units: Mapping[str, str], region: str) -> tuple[str, str]:
    """Region and name of the unit that answers for a region: its own, the next above, else the first below."""
    place = next((code for code in regions.lineage(region) if code in units), None)
    if place is None:
        place = min((code for code in units if regions.is_under(code, region)), default=min(units))
    return place, units[place]


def _hit(payload: Mapping[str, Any], score: float, region: str) -> MatterHit:
    place, unit_name = nearest(payload["units"], region)
    return MatterHit(
        code=payload["code"],
        name=payload["name"],
        score=score,
        plain_name=payload["plain_name"],
        name_en=payload["name_en"],
        department=payload["department"],
        unit_name=unit_name,
        region=place,
        visits=payload["visits"],
        days=limit_text(payload["limit"][0], payload["limit"][1]),
    )


def index(*, fresh: bool = False) -> Index:
    """The index of what is published now.

    :param fresh: wait for it even when an older large one could answer meanwhile (commands do)
    """
    token = cache.token()
    current = _index
    if current is not None and current[0] == token:
        return current[1]
    if current is not None and len(current[1]) > IN_MEMORY and not fresh:
        _build_beside(token)
        return current[1]
    with _lock:
        if _index is not None and _index[0] == token:
            return _index[1]
        return _build(token)


def _build_beside(token: str) -> None:
    if _building.is_set():
        return
    _building.set()

    def work() -> None:
        try:
            with _lock:
                _build(token)
        finally:
            _building.clear()
            connection.close()

    threading.Thread(target=work, name="catalogue-index", daemon=True).start()


def _build(token: str) -> Index:
    global _index  # noqa: PLW0603  one index per process is the point
    folder = Path(settings.DATA) / "search" / f"catalogue-{token or 'empty'}"
    made = Index(name="catalogue", fields=FIELDS, folder=folder, vocabulary=vocabulary())
    if not len(made):
        rows = list(documents())
        made = Index(
            name="catalogue",
            fields=FIELDS,
            folder=folder if len(rows) > IN_MEMORY else None,
            vocabulary=vocabulary(),
        )
        made.rebuild(rows)
        for old in folder.parent.glob("catalogue-*") if len(rows) > IN_MEMORY else ():
            if old != folder:
                with contextlib.suppress(OSError):
                    shutil.rmtree(old)
    _index = (token, made)
    return made


def documents(*, regulated: bool = False) -> Iterator[Document]:
    """One document for each matter and name, with every region that carries it out.

    :param regulated: those that a department punishes, enforces and inspects, instead of those one applies for
    """
    rows = (
        Implementation.objects.filter(status=State.PUBLISHED)
        .order_by("public_code", "elements__name", "region")
        .values_list(
            "public_code", "elements__name", "elements_id", "region", "unit_name", "department", "main_item"
        )
    )
    stored = _Stored()
    group: tuple[str, str] | None = None
    units: dict[str, str] = {}
    first: tuple[int, str, str] = (0, "", "")
    for code, name, elements_id, region, unit_name, department, main_item in rows.iterator(chunk_size=2000):
        if ("regulated" in stored.data[elements_id]) != regulated:
            continue
        if group != (code, name):
            if group is not None:
                yield stored.document(group[0], first, units)
            group, units, first = (code, name), {}, (elements_id, department, main_item)
        units[region] = unit_name
    if group is not None:
        yield stored.document(group[0], first, units)


class _Stored:
    """Elements by id, read in one go: many implementations share them."""

    def __init__(self) -> None:
        from tongban.registers.catalogue.models import Elements

        flags = Elements.objects.filter(implementations__status=State.PUBLISHED)
        self.data = dict(flags.values_list("pk", "data"))
        self.lists: dict[int, list[str]] = {pk: [] for pk in self.data}
        rows = Implementation.objects.filter(status=State.PUBLISHED)
        for key, entry in LISTS.items():
            for pk in rows.filter(entry.condition).values_list("elements_id", flat=True).distinct():
                self.lists[pk].append(key)

    def document(self, code: str, first: tuple[int, str, str], units: Mapping[str, str]) -> Document:
        elements_id, department, main_item = first
        data = self.data[elements_id]
        applicants = set(data["applicants"])
        party = [
            *(["person"] if "1" in applicants else []),
            *(["organisation"] if applicants - {"1"} else []),
        ]
        limit = data["promised_limit"] or data["legal_limit"] or {}
        above = {code for region in units for code in regions.lineage(region)[1:]}
        return Document(
            key=f"{code} {data['name']}",
            texts=_texts(data, main_item),
            filters={
                "region": (*(f"={region}" for region in units), *(f">{region}" for region in above)),
                "party": tuple(party or ["person", "organisation"]),
                "topic": tuple(data["topics"]),
                "department": (department,) if department else (),
                "kind": (data["kind"],),
                "list": tuple(self.lists[elements_id]),
            },
            payload={
                "code": code,
                "name": data["name"],
                "plain_name": data["plain_name"],
                "department": department,
                "units": dict(units),
                "visits": data["visits"],
                "limit": [limit.get("amount"), limit.get("unit", "")],
                "basis": [f"《{one['law']}》{one['article']}" for one in data["legal_basis"]],
                "name_en": data["name_en"],
                "kind": data["kind"],
            },
        )


def _texts(data: Mapping[str, Any], main_item: str) -> dict[str, str]:
    guide = [
        *data["conditions"],
        *(result["name"] for result in data["results"]),
        *(item["name"] for item in data["handling_items"]),
        *(item["name"] for item in data["situations"]),
    ]
    return {
        "name": data["name"],
        "plain_name": data["plain_name"],
        "keywords": " ".join(data["keywords"]),
        "topics": " ".join(data["topics"]),
        "main_item": main_item,
        "guide": " ".join(guide),
        "words": " ".join(data["regulated"]["words"]) if "regulated" in data else "",
        "law": " ".join(f"{one['law']} {one['says']}" for one in data["legal_basis"]),
    }
