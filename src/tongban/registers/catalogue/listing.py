"""The lists of matters that cities publish (sunk, nearby, cross-region …) as queries over elements, and the check of four levels."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from tongban.registers.catalogue import cache, regions, regulated, selectors
from tongban.registers.catalogue.contracts import (
    CatalogueError,
    Disagreement,
    ListCount,
    MatterHit,
)
from tongban.registers.catalogue.limits import limit_text
from tongban.registers.catalogue.models import Implementation


@dataclass(frozen=True, slots=True)
class MatterList:
    """One list: its name, what being on it means, and the condition on a published implementation."""

    key: str
    name: Any
    says: Any
    condition: Q


def _has(**elements: Any) -> Q:
    return Q(**{f"elements__{name}": value for name, value in elements.items()})


LISTS: dict[str, MatterList] = {
    entry.key: entry
    for entry in (
        MatterList("instant", _("马上办"), _("材料齐全当场办结。"), _has(instant=True)),
        MatterList("online", _("网上办"), _("从申请到拿结果都可以在网上。"), _has(online=True)),
        MatterList("nearby", _("就近办"), _("在乡镇街道、村社区就能办。"), _has(nearby=True)),
        MatterList("once", _("一次办"), _("最多跑一次。"), _has(once=True) | _has(visits__lte=1)),
        MatterList("no_visit", _("不见面"), _("一次也不用跑。"), _has(visits=0, online=True)),
        MatterList("commitment", _("告知承诺"), _("您承诺属实，我们先批后查。"), _has(commitment=True)),
        MatterList("tolerance", _("容缺受理"), _("先办，缺的材料说好时间再补。"), _has(tolerance=True)),
        MatterList(
            "cross_province",
            _("跨省通办"),
            _("在外省也能办。"),
            _has(across_provinces=True) | _has(across_nation=True),
        ),
        MatterList("cross_city", _("跨市通办"), _("在省内别的市也能办。"), _has(across_cities=True)),
        MatterList(
            "cross_county", _("区内通办"), _("在市内任何一个县区都能办。"), _has(across_counties=True)
        ),
        MatterList("sunk", _("下沉基层"), _("上级的事项，交给乡镇街道、村社区办。"), _has(sunk=True)),
        MatterList("self_service", _("自助办"), _("自助机上就能办。"), _has(self_service=True)),
        MatterList("high_frequency", _("高频事项"), _("办的人最多的事项。"), _has(high_frequency=True)),
        MatterList("convenience", _("便民服务"), _("查询、缴费、打印等便民服务。"), _has(convenience=True)),
        MatterList("intermediary", _("中介服务"), _("需要中介机构出具材料的事项。"), _has(intermediary=True)),
        MatterList(
            "abolished_proofs", _("取消证明"), _("取消了证明材料的事项。"), _has(abolished_proofs__gt=0)
        ),
    )
}
FOUR_KINDS = ("instant", "online", "nearby", "once")


def list_of(key: str) -> MatterList:
    """:raises CatalogueError: naming the lists that exist"""
    try:
        return LISTS[key]
    except KeyError:
        possible = "、".join(f"{name}（{entry.name}）" for name, entry in LISTS.items())
        raise CatalogueError(f"没有清单“{key}”；有：{possible}。") from None


def counts(region: str, *, below: bool = True) -> list[ListCount]:
    """Every list with its count of implementations; one query, remembered until the catalogue changes."""
    region = regions.pad(region)

    def build() -> dict[str, int]:
        found: dict[str, int] = selectors.published(region, below=below).aggregate(
            **{key: Count("pk", filter=entry.condition) for key, entry in LISTS.items()}
        )
        return found

    numbers = cache.remember(("lists", region, below), build)
    return [ListCount(key, str(entry.name), str(entry.says), numbers[key]) for key, entry in LISTS.items()]


def abolished_proof_count(region: str) -> int:
    """How many proofs are no longer asked for in the region and below."""
    total = selectors.published(region).aggregate(total=Sum("elements__abolished_proofs"))["total"]
    return int(total or 0)


def on_list(key: str, region: str, *, top: int, after: str = "") -> list[MatterHit]:
    """See `api.on_list`."""
    found = list_of(key)  # first: a list that there is not is said, not kept
    said_in = get_language()  # limits are words

    def build() -> list[MatterHit]:
        return browse(found.condition, region, top=top, after=after)

    return list(build() if after else cache.remember(("on_list", key, region, top, said_in), build))


def of_unit(unit: str, department: str, region: str) -> list[tuple[str, str]]:
    """See `api.matters_of_unit`."""
    rows = Implementation.objects.filter(status="published", unit=unit)
    if not rows.exists():  # published at the level above for every unit of the department below it
        rows = Implementation.objects.filter(
            status="published", department=department, region__in=regions.lineage(regions.pad(region))
        )
    rows = rows.exclude(elements__kind__in=regulated.KINDS)  # nobody applies for a fine
    found = rows.select_related("elements").defer("elements__data").order_by("public_code")
    return list({row.public_code: hit_of(row).name for row in found}.items())


def browse(condition: Q, region: str, *, top: int, after: str = "") -> list[MatterHit]:
    """Matters that a person in the region can use, each once at its most specific, by code (keyset)."""
    padded = regions.pad(region)
    rows = (
        Implementation.objects.filter(condition, status="published", public_code__gt=after)
        .filter(Q(region__in=regions.lineage(padded)) | Q(region__startswith=regions.significant(padded)))
        .select_related("elements")
        .defer("elements__data")
        .annotate(name_en=KeyTextTransform("name_en", "elements__data"))
        .order_by("public_code", "region")
    )
    found: dict[str, Implementation] = {}
    for row in rows.iterator(chunk_size=200):
        if row.public_code not in found and len(found) == top:
            break
        best = found.get(row.public_code)
        if best is None or _rank(row.region, padded) > _rank(best.region, padded):
            found[row.public_code] = row
    return [hit_of(row) for row in found.values()]


def _rank(region: str, asked: str) -> tuple[bool, int]:
    """Own and higher regions before lower ones; among the former the most specific."""
    own_or_above = region in regions.lineage(asked)
    length = len(regions.significant(region))
    return own_or_above, length if own_or_above else -length


def hit_of(row: Implementation, score: float = 0.0) -> MatterHit:
    """A listed matter as a search result."""
    elements = row.elements
    assert elements is not None  # published rows have elements
    return MatterHit(
        code=row.public_code,
        name=elements.name,
        score=score,
        plain_name=elements.plain_name,
        name_en=getattr(row, "name_en", None) or "",
        department=row.department,
        unit_name=row.unit_name,
        region=row.region,
        visits=elements.visits,
        days=limit_text(elements.limit_amount, elements.limit_unit),
    )


_SAME = {
    "name": gettext_noop("事项名称"),
    "kind": gettext_noop("事项类型"),
    "legal_basis": gettext_noop("设定依据"),
}


def disagreements(region: str) -> list[Disagreement]:
    """See `api.check_same`. Code is what they are grouped by; a name with two codes is told as ``code``."""
    rows = (
        selectors.published(region)
        .select_related("matter", "elements")
        .order_by("matter__code", "region")
        .only("region", "matter__code", "elements__name", "elements__kind", "elements__data", "elements_id")
    )
    by_code: dict[str, dict[int, tuple[str, dict[str, Any]]]] = defaultdict(dict)
    codes_of: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        assert row.elements is not None  # published rows have elements
        code = row.matter.code
        by_code[code].setdefault(row.elements.pk, (row.region, row.elements.data))
        codes_of[row.elements.name].setdefault(code, row.region)
    found = [
        Disagreement(code, field, tuple((place, _said(data[field])) for place, data in versions.values()))
        for code, versions in by_code.items()
        for field in _SAME
        if len({_said(data[field]) for _, data in versions.values()}) > 1
    ]
    found += [
        Disagreement(name, "code", tuple((place, code) for code, place in codes.items()))
        for name, codes in codes_of.items()
        if len(codes) > 1
    ]
    return found


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(f"{item.get('law', '')}{item.get('article', '')}" for item in value)
    return str(value)
