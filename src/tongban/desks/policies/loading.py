"""Bringing in policies from files: wholly or not at all.

A policy that is new is published as the file dates it, with the versions before. One that is there and says the same
stays as it is; what a measure says anew becomes its next version, from the day on which it is brought in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies import events, ledger, media, packs, selectors
from tongban.desks.policies.contracts import KIND, PoliciesError, VersionState
from tongban.desks.policies.format import Head, PolicyPack, Terms, Written
from tongban.desks.policies.models import Generation, Measure, Policy, Version
from tongban.kernel import api as kernel

DAY = timedelta(days=1)
Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Brought:
    """How much was new: policies, measures, and versions of measures that were there."""

    policies: int = 0
    measures: int = 0
    changed: int = 0


def changed() -> None:
    """Say that what is in force has changed; inside the transaction that changes it."""
    Generation.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


def load_pack(folder: Path | None = None, *, at: datetime, region: str = "") -> Mapping[str, int]:
    """The policies of a folder (default: this installation's packs), published by the system.

    :param region: the division whose departments issued them; default the root region
    :raises PackError: with every fault of every file; nothing is written then
    """
    files = sorted((folder or packs.folder()).glob("*.yaml"))
    done = load_files(files, actor=kernel.SYSTEM, at=at, region=region)
    return {"policies": done.policies, "measures": done.measures, "changed": done.changed}


def load_files(files: Iterable[Path], *, actor: kernel.Actor, at: datetime, region: str = "") -> Brought:
    """:raises PackError: with every fault; nothing is written then"""
    stock = packs.read(files, on=actors.day_of(at), known=selectors.known_keys())
    units = {
        pack.department: _unit(pack.department, region or settings.ROOT_REGION) for _s, pack in stock.packs
    }
    rows = [(units[pack.department], policy) for _source, pack in stock.packs for policy in pack.policies]
    digests = {
        policy.key: _kept(policy, source.folder, at=at)
        for source, pack in stock.packs
        for policy in pack.policies
        if policy.interpretation.file
    }
    with kernel.writing():
        done = bring_in(rows, actor=actor, at=at, region=region or settings.ROOT_REGION)
        _explain_with(digests)
    return done


def _kept(policy: PolicyPack, folder: Path, *, at: datetime) -> str:
    """Keep the picture, recording or film that explains a policy; its digest.

    :raises PoliciesError: it is not of the form that the pack says
    """
    said = policy.interpretation
    with (folder / said.file).open("rb") as content:
        return media.take(content=content, name=said.file, medium=said.form, at=at)


def _explain_with(digests: Mapping[str, str]) -> None:
    differing = [row for row in Policy.objects.filter(key__in=digests) if row.file != digests[row.key]]
    for row in differing:
        row.file = digests[row.key]
        row.save(update_fields=["file"])
    if differing:
        changed()


def _unit(department: str, region: str) -> actors.UnitInfo:
    """The department's unit of the division, or where it has none the first one below."""
    found = actors.unit_for(department=department, region=region)
    if found is None:
        found = next(iter(actors.units_in(region=region, department=department, below=True)), None)
    if found is None:
        raise PoliciesError(
            _("这里没有编号为“%s”的部门。") % department, possible=_("先装入它的机构，再装入它的政策。")
        )
    return found


@kernel.writing()
def bring_in(
    rows: Iterable[tuple[actors.UnitInfo, PolicyPack]],
    *,
    actor: kernel.Actor,
    at: datetime,
    region: str = "",
) -> Brought:
    """Make the stock say what the rows say. They were checked.

    :param region: the division that the policies are for; default that of each unit
    :raises PoliciesError: a measure belongs to another policy already, or one is being changed by an editor
    """
    wanted = {policy.key: (unit, policy) for unit, policy in rows}
    known = {row.key: row for row in Policy.objects.filter(key__in=wanted)}
    new = [wanted[key] for key in wanted if key not in known]
    known |= {row.key: row for row in _opened(new, actor=actor, at=at, region=region)}
    measures, made = _measures(known, [policy for _unit, policy in wanted.values()])
    fresh: list[Version] = []
    new_ones = {one.key for one in made}
    for key, (_unit, policy) in wanted.items():
        _head(known[key], policy.head)
        for written in policy.measures:
            is_new = written.key in new_ones
            fresh += _versions(measures[written.key], written, known[key], is_new=is_new, actor=actor, at=at)
    Version.objects.bulk_create(fresh)
    newest = {version.measure_id: version for version in fresh}
    for version in newest.values():
        ledger.tell(
            topic=events.MEASURE_PUBLISHED,
            version=version,
            number=version.measure.policy.number,
            actor=actor,
            at=at,
        )
    if fresh or new:
        changed()
    return Brought(len(new), len(made), len(newest.keys() - {one.pk for one in made}))


def _opened(
    new: list[tuple[actors.UnitInfo, PolicyPack]], *, actor: kernel.Actor, at: datetime, region: str
) -> list[Policy]:
    if not new:
        return []
    openings = [
        kernel.Opening(
            kind=KIND, way="bring", title=policy.title, unit=unit.id, region=region or unit.region, channel="system",
            subject=policy.key, data={"document": policy.document, "key": policy.key},
        )
        for unit, policy in new
    ]  # fmt: skip
    dockets, _again = kernel.open_dockets(openings, actor=actor, at=at)
    rows = [
        Policy(
            docket_id=docket.id, number=docket.number, key=policy.key, unit=docket.unit, region=docket.region,
            published_at=at, **head_columns(policy.head),
        )
        for docket, (_unit, policy) in zip(dockets, new, strict=True)
    ]  # fmt: skip
    return Policy.objects.bulk_create(rows)


def head_columns(head: Head) -> dict[str, Any]:
    """A policy's head as columns of its row."""
    return {
        "title": head.title, "title_en": head.title_en, "document": head.document, "issued_on": head.issued_on,
        "valid_from": head.valid_from, "valid_until": head.valid_until, "summary": head.summary,
        "summary_en": head.summary_en, "medium": head.interpretation.form, "explained": head.interpretation.text,
        "explained_en": head.interpretation.text_en,
    }  # fmt: skip


def _head(row: Policy, head: Head) -> None:
    differing = [name for name, value in head_columns(head).items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, head_columns(head)[name])
    if differing:
        row.save(update_fields=differing)


def _measures(
    policies: Mapping[str, Policy], written: list[PolicyPack]
) -> tuple[dict[str, Measure], list[Measure]]:
    keys = {one.key: (policies[policy.key], one) for policy in written for one in policy.measures}
    known = {row.key: row for row in Measure.objects.filter(key__in=keys).select_related("policy")}
    for key, row in known.items():
        policy, one = keys[key]
        if row.policy_id != policy.pk or row.party != one.party:
            raise PoliciesError(
                _("“%(key)s”已经是“%(policy)s”的措施，对象也不能改。")
                % {"key": key, "policy": row.policy.title},
                possible=_("换一个新的键。"),
            )
    made = [
        Measure(key=key, policy=policy, party=one.party)
        for key, (policy, one) in keys.items()
        if key not in known
    ]
    Measure.objects.bulk_create(made)
    return known | {row.key: row for row in made}, made


def _versions(
    measure: Measure, written: Written, policy: Policy, *, is_new: bool, actor: kernel.Actor, at: datetime
) -> list[Version]:
    """The versions to be made: all of a new measure, one of a measure that says something new."""
    terms, last = written.terms, None if is_new else selectors.last_version(measure)
    if not is_new and selectors.open_version(measure) is not None:
        raise PoliciesError(_("“%s”正在修订。") % measure.key, possible=_("请先公布或放弃修订，再装入。"))
    if last is None:
        number, found, since = 0, [], policy.valid_from
        for number, earlier in enumerate(written.earlier, 1):
            said = terms.model_copy(
                update={"condition": earlier.condition, "amount": earlier.amount, "examples": ()}
            )
            span = (earlier.valid_from, earlier.valid_until)
            found.append(_version(measure, number, said, by=actor, at=at, span=span))
            since = earlier.valid_until + DAY
        return [*found, _version(measure, number + 1, terms, by=actor, at=at, span=(since, None))]
    if last.digest == terms.digest and last.state == VersionState.PUBLISHED:
        return []
    since = actors.day_of(at)
    end_before(measure, since)
    return [_version(measure, last.number + 1, terms, by=actor, at=at, span=(since, None))]


def end_before(measure: Measure, day: date) -> None:
    """What was published of a measure ends on the day before another version begins."""
    for row in measure.versions.filter(state=VersionState.PUBLISHED):
        if row.valid_until is None or row.valid_until >= day:
            row.valid_until = day - DAY
            row.save(update_fields=["valid_until"])


def _version(
    measure: Measure, number: int, terms: Terms, *, by: kernel.Actor, at: datetime, span: Span
) -> Version:
    return Version(
        measure=measure, number=number, state=VersionState.PUBLISHED, valid_from=span[0], valid_until=span[1],
        terms=terms.kept(), digest=terms.digest, written_by=by.id, written_at=at, checked_by=by.id,
        published_by=by.id, published_at=at,
    )  # fmt: skip
