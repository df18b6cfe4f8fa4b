"""Reading policies and measures: which version holds on a day, and everything that is drawn up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from tongban.desks.policies.contracts import (
    MeasureInfo,
    PolicyInfo,
    UnknownMeasureError,
    VersionState,
)
from tongban.desks.policies.format import Terms
from tongban.desks.policies.models import Generation, Measure, Policy, Version
from tongban.desks.policies.places import limited
from tongban.desks.policies.trying import load
from tongban.kernel import api as kernel
from tongban.kernel.rules.columns.matching import Measure as Runnable
from tongban.kernel.rules.columns.matching import Plan
from tongban.registers.portraits import api as portraits

HELD = (VersionState.PUBLISHED, VersionState.WITHDRAWN)
OPEN = (VersionState.DRAFT, VersionState.PROPOSED)


def stamp() -> str:
    """Changes with every publishing and withdrawal; one query."""
    return Generation.objects.filter(pk=1).values_list("token", flat=True).first() or ""


def terms_of(version: Version) -> Terms:
    """What a version says, as it was kept: it was checked when it was written."""
    return Terms.model_validate(version.terms)


def info(version: Version) -> MeasureInfo:
    """A version with its measure and policy loaded, as it crosses the door."""
    terms, policy = terms_of(version), version.measure.policy
    ends = [day for day in (version.valid_until, policy.valid_until) if day is not None]
    return MeasureInfo(
        key=terms.key, version=version.number, policy=policy.number, policy_key=policy.key, policy_title=policy.title,
        policy_title_en=policy.title_en, document=policy.document, unit=policy.unit, region=policy.region,
        valid_from=version.valid_from, valid_until=min(ends, default=None), title=terms.title, title_en=terms.title_en,
        party=terms.party, gives=terms.gives, article=terms.article, says=terms.says, says_en=terms.says_en,
        condition=terms.condition, amount=terms.amount, way=terms.way, matter=terms.matter, period=terms.period,
        opens_on=terms.opens_on, closes_on=terms.closes_on, quota=terms.quota, budget_fen=terms.budget_fen,
        order=terms.ordered, publicity_days=terms.publicity_days, evidence=terms.evidence, excludes=terms.excludes,
        examples=terms.examples,
    )  # fmt: skip


def _holding(on: date) -> QuerySet[Version]:
    """Versions that held on a day; of two the later number counts."""
    rows = Version.objects.filter(state__in=HELD, valid_from__lte=on).filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        Q(measure__policy__valid_until=None) | Q(measure__policy__valid_until__gte=on),
    )
    return rows.select_related("measure__policy").order_by("measure__key", "number")


@lru_cache(maxsize=4)
def _in_force(_token: str, _packs: str, on: date) -> tuple[MeasureInfo, ...]:
    newest = {row.measure_id: row for row in _holding(on)}
    return tuple(info(row) for row in newest.values())


@lru_cache(maxsize=4)
def _keyed(token: str, packs: str, on: date) -> dict[str, MeasureInfo]:
    return {one.key: one for one in _in_force(token, packs, on)}


def measures(
    *, on: date, party_kind: str | None = None, keys: Collection[str] | None = None
) -> tuple[MeasureInfo, ...]:
    """Measures in force on a day, by key; one small query once they have been read."""
    held: Iterable[MeasureInfo]
    if keys is None:
        held = _in_force(stamp(), str(settings.PACKS), on)
    else:
        known = _keyed(stamp(), str(settings.PACKS), on)
        held = (known[key] for key in sorted(set(keys)) if key in known)
    return tuple(one for one in held if party_kind is None or one.party == party_kind)


def measure(key: str, *, on: date | None = None, version: int | None = None) -> MeasureInfo:
    """One version of a measure that was published.

    :param on: that which held on the day; `version`: that number; neither: the last
    :raises UnknownMeasureError: there is none
    """
    rows = Version.objects.filter(measure__key=key, state__in=HELD) if on is None else _holding(on)
    rows = rows.filter(measure__key=key).select_related("measure__policy").order_by("-number")
    if version is not None:
        rows = rows.filter(number=version)
    row = rows.first()
    if row is None:
        raise UnknownMeasureError(f"没有公布过“{key}”这项措施。")
    return info(row)


_ready: dict[str, tuple[object, Runnable]] = {}


def compiled(measure: MeasureInfo) -> Runnable:
    """One measure ready to run, kept to its division: what a plan does for all; kept while it says the same."""
    condition = limited(measure.condition, region=measure.region, party=measure.party)
    elements = portraits.rule_elements(measure.party)
    sign = (id(elements), measure.version, condition, measure.amount)
    kept = _ready.get(measure.key)
    if kept is None or kept[0] != sign:
        loaded = load(condition, measure.amount, elements=elements)
        kept = _ready[measure.key] = (sign, Runnable(measure.key, loaded.rule, loaded.amount))
    return kept[1]


_plans: dict[str, tuple[object, Plan]] = {}


def plan(party_kind: str, *, on: date) -> Plan:
    """All measures in force on a day, ready to run; kept as long as the same versions and elements hold."""
    held = measures(on=on, party_kind=party_kind)
    elements = portraits.rule_elements(party_kind)
    sign = (id(elements), tuple((one.key, one.version, one.region) for one in held))
    kept = _plans.get(party_kind)
    if kept is None or kept[0] != sign:
        kept = _plans[party_kind] = (sign, Plan(map(compiled, held), elements=elements))
    return kept[1]


def policy_row(number: str) -> Policy:
    """:raises UnknownMeasureError: no such policy"""
    row = Policy.objects.filter(number=number).select_related("docket").first()
    if row is None:
        raise UnknownMeasureError("没有这个政策。")
    return row


def policy(row: Policy, *, on: date) -> PolicyInfo:
    """A policy with the measures that hold on a day."""
    held = [one for one in _in_force(stamp(), str(settings.PACKS), on) if one.policy == row.number]
    return PolicyInfo(
        number=row.number, key=row.key, title=row.title, title_en=row.title_en, document=row.document, unit=row.unit,
        region=row.region, issued_on=row.issued_on, valid_from=row.valid_from, valid_until=row.valid_until,
        summary=row.summary, summary_en=row.summary_en, medium=row.medium, explained=row.explained,
        explained_en=row.explained_en, file=row.file, published_at=row.published_at, withdrawn_at=row.withdrawn_at,
        reason=row.reason, measures=tuple(held),
    )  # fmt: skip


def drafts(policy: Policy | int) -> list[Version]:
    """Versions being written or waiting to be published, by measure."""
    docket = policy.pk if isinstance(policy, Policy) else policy
    return list(
        Version.objects.filter(measure__policy=docket, state__in=OPEN)
        .select_related("measure__policy")
        .order_by("measure__key")
    )


def writers(docket: int) -> set[str]:
    """Who wrote what is not published yet."""
    rows = Version.objects.filter(measure__policy=docket, state__in=OPEN)
    return set(rows.values_list("written_by", flat=True))


def open_version(measure: Measure) -> Version | None:
    """The version of a measure that is being written or waits."""
    return measure.versions.filter(state__in=OPEN).first()


def last_version(measure: Measure) -> Version | None:
    """The newest version that was published."""
    return measure.versions.filter(state__in=HELD).order_by("-number").first()


def known_keys(keys: Iterable[str] | None = None) -> set[str]:
    """Keys of measures that were published and not stopped."""
    rows = Measure.objects.filter(versions__state=VersionState.PUBLISHED)
    rows = rows if keys is None else rows.filter(key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def docket_of(number: str, *, actor: kernel.Actor) -> kernel.DocketRow:
    """The docket of a policy that the actor sees. :raises kernel.NotFound: none"""
    return kernel.docket(number, actor=actor)


def titles(keys: Iterable[str], *, english: bool = False) -> dict[str, str]:
    """Titles of measures by key, as they were last written; only those that one title means.

    :param english: the English title, where there is one
    """
    wanted = set(keys)
    found = {
        row.key: (english and _title(row, "title_en")) or _title(row)
        for row in Measure.objects.filter(key__in=wanted).prefetch_related("versions")
    }
    return {key: title for key, title in found.items() if title}


def keys_by_title(names: Iterable[str]) -> dict[str, str]:
    """Keys of measures by title, where one measure has it."""
    wanted = set(names)
    rows = Version.objects.filter(terms__title__in=wanted).values_list("terms__title", "measure__key")
    found: dict[str, set[str]] = {}
    for title, key in rows.distinct():
        found.setdefault(title, set()).add(key)
    return {title: next(iter(keys)) for title, keys in found.items() if len(keys) == 1}


def _title(row: Measure, name: str = "title") -> str:
    versions = sorted(row.versions.all(), key=lambda one: -one.number)
    return str(versions[0].terms.get(name, "")) if versions else ""


def counts(policies: Iterable[int]) -> dict[int, int]:
    """How many measures each policy has; one query."""
    rows = Measure.objects.filter(policy__in=list(policies)).values_list("policy").annotate(n=Count("pk"))
    return dict(rows)


def expiring(on: date, *, within: timedelta = timedelta(days=60), most: int = 20) -> list[Policy]:
    """Published policies that end soon, the next one first."""
    rows = Policy.objects.filter(
        published_at__isnull=False, withdrawn_at=None, valid_until__gte=on, valid_until__lte=on + within
    )
    return list(rows.order_by("valid_until", "docket")[:most])


def public(on: date) -> QuerySet[Policy]:
    """Policies that everybody may read: published, those that were stopped or ended too."""
    del on
    return Policy.objects.filter(published_at__isnull=False)
