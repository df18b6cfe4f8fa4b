"""Writing the knowledge base: draft, propose, publish by a second person, withdraw, count what readers say."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Max
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.registers.knowledge import ledger, questions, rules, selectors
from tongban.registers.knowledge.contracts import Audience, KnowledgeError, VersionState
from tongban.registers.knowledge.models import Entry, Generation, Opinion, Version

WRITERS = (Role.HANDLER, Role.APPROVER, Role.HEAD, Role.DISPATCHER, Role.CATALOGUE_EDITOR)
PUBLISHERS = (Role.APPROVER, Role.HEAD, Role.CATALOGUE_EDITOR)
REVIEW_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Said:
    """What a version is to say."""

    question: str
    answer: str
    as_of: date
    question_en: str = ""
    short_en: str = ""
    ways: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    laws: tuple[Mapping[str, str], ...] = ()
    matters: tuple[str, ...] = ()
    valid_until: date | None = None
    answers: str = field(default="", compare=False)

    def columns(self) -> dict[str, Any]:
        """As the columns of `Version`."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def changed() -> None:
    """Say that what is in force has changed; inside the transaction that changes it."""
    Generation.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


def writes_for(actor: kernel.Actor) -> set[str]:
    """Units whose entries the actor may write."""
    return {unit for role in WRITERS for unit in actor.units_of(role)}


def publishes_for(actor: kernel.Actor) -> set[str]:
    """Units whose proposals the actor may publish or send back."""
    return {unit for role in PUBLISHERS for unit in actor.units_of(role)}


def _may_write(actor: kernel.Actor, unit: str) -> None:
    if unit not in writes_for(actor):
        raise KnowledgeError(
            _("这个条目由%(unit)s负责，您不能改。") % {"unit": actors.unit_name(unit_id=unit)},
            possible=_("可以请该单位的承办人改，或先转过去。"),
        )


@kernel.writing()
def draft(
    *, key: str, said: Said, unit: str, audience: Audience, actor: kernel.Actor, at: datetime
) -> Version:
    """Write a new version, or change the one being written. A first version makes the entry.

    :raises KnowledgeError: not one's unit, faults in what is said, or the version waits for its publisher
    """
    _may_write(actor, unit)
    if faults := rules.faults(said):
        raise KnowledgeError("".join(faults))
    row = Entry.objects.select_for_update().filter(key=key).first()
    if row is None:
        row = _made(key, unit, audience)
    _may_write(actor, row.unit)
    row.audience = audience
    row.unit = unit
    row.save(update_fields=["audience", "unit"])
    version = selectors.open_version(row)
    if version is not None and version.state == VersionState.PROPOSED:
        raise KnowledgeError(
            _("第%d版正等着发布，不能再改。") % version.number, possible=_("可以请发布人退回，再改。")
        )
    if version is None:
        version = Version(
            entry=row, number=_next(row), state=VersionState.DRAFT, valid_from=actors.day_of(at)
        )
    for name, value in said.columns().items():
        setattr(version, name, value)
    version.written_by, version.written_at = actor.id, at
    version.save()
    return version


def _made(key: str, unit: str, audience: Audience) -> Entry:
    if not rules.is_key(key):
        raise KnowledgeError(
            _("键用小写字母、数字和连字符，3到60个字符，以字母开头；m-、r-、t- 留给目录和主题。")
        )
    try:
        return Entry.objects.create(key=key, unit=unit, audience=audience, region=actors.unit(unit).region)
    except IntegrityError as error:
        raise KnowledgeError(_("这个键已经有条目了。")) from error


def _next(row: Entry) -> int:
    return int(row.versions.aggregate(most=Max("number"))["most"] or 0) + 1


@kernel.writing()
def propose(*, key: str, actor: kernel.Actor, at: datetime) -> Version:
    """Hand the draft to a second person. :raises KnowledgeError: no draft, or not one's unit"""
    row, version = _open(key, VersionState.DRAFT)
    _may_write(actor, row.unit)
    version.state, version.proposed_at = VersionState.PROPOSED, at
    version.written_by = actor.id if not version.written_by else version.written_by
    version.save(update_fields=["state", "proposed_at", "written_by"])
    ledger.record(
        key=key,
        act="propose",
        data={"version": version.number, "digest": rules.digest(version)},
        actor=actor,
        at=at,
    )
    return version


@kernel.writing()
def send_back(*, key: str, reason: str, actor: kernel.Actor, at: datetime) -> Version:
    """Give a proposal back to its writer. :raises KnowledgeError: none, no reason, or not one's to judge"""
    row, version = _open(key, VersionState.PROPOSED)
    _may_publish(actor, row.unit)
    if len(reason.strip()) < 2:
        raise KnowledgeError(_("请写明退回的理由。"))
    version.state, version.note = VersionState.DRAFT, reason.strip()[:300]
    version.save(update_fields=["state", "note"])
    ledger.record(key=key, act="send_back", data={"version": version.number}, actor=actor, at=at)
    return version


def _may_publish(actor: kernel.Actor, unit: str) -> None:
    if unit not in publishes_for(actor):
        raise KnowledgeError(
            _("由%(unit)s的负责人或审批人发布。") % {"unit": actors.unit_name(unit_id=unit)},
            possible=_("可以提醒他们：待发布的条目在他们的知识库页上。"),
        )


@kernel.writing()
def publish(*, key: str, actor: kernel.Actor, at: datetime) -> Version:
    """Put a proposal in force; the version before it ends. By somebody else than who wrote it.

    The question it was written for is answered with it, and a review that is due is done.

    :raises KnowledgeError: no proposal, not one's to publish, or written by the same person
    """
    row, version = _open(key, VersionState.PROPOSED)
    _may_publish(actor, row.unit)
    if version.written_by == actor.id:
        raise KnowledgeError(
            _("您写的条目要由另一个人发布。"), possible=_("请本单位另一位负责人或审批人看过再发布。")
        )
    _in_force(row, version, actor=actor, at=at)
    ledger.record(
        key=key,
        act="publish",
        data={"version": version.number, "digest": rules.digest(version)},
        stock=[ledger.thing(row)],
        actor=actor,
        at=at,
    )
    questions.written_for(row, version, at=at)
    return version


def _in_force(row: Entry, version: Version, *, actor: kernel.Actor, at: datetime) -> None:
    row.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.SUPERSEDED, ended_at=at)
    version.state, version.published_by, version.published_at = VersionState.PUBLISHED, actor.id, at
    version.valid_from = actors.day_of(at)
    version.save(update_fields=["state", "published_by", "published_at", "valid_from"])
    row.current = version
    row.review_on = rules.review_day(version, after=REVIEW_AFTER)
    row.save(update_fields=["current", "review_on"])
    changed()


@kernel.writing()
def withdraw(*, key: str, reason: str, actor: kernel.Actor, at: datetime) -> None:
    """Take an entry off; its versions stay readable to officers. :raises KnowledgeError: not in force, or no reason"""
    row = Entry.objects.select_for_update().filter(key=key).first()
    if row is None or row.current_id is None:
        raise KnowledgeError(_("这个条目没有在公布。"))
    _may_publish(actor, row.unit)
    if len(reason.strip()) < 2:
        raise KnowledgeError(_("请写明撤下的理由。"))
    row.versions.filter(state=VersionState.PUBLISHED).update(
        state=VersionState.WITHDRAWN, ended_at=at, note=reason.strip()[:300]
    )
    row.current, row.review_on = None, None
    row.save(update_fields=["current", "review_on"])
    changed()
    said = {"reason": reason.strip()[:300]}
    ledger.record(
        key=key, act="withdraw", data=said, stock=[ledger.thing(row, gone=True)], actor=actor, at=at
    )


def _open(key: str, state: VersionState) -> tuple[Entry, Version]:
    row = Entry.objects.select_for_update().filter(key=key).first()
    version = selectors.open_version(row) if row else None
    if row is None or version is None or version.state != state:
        wanted = VersionState(state).label
        raise KnowledgeError(
            _("没有%(state)s的版本。") % {"state": wanted}, possible=_("请刷新看看，别人可能已经处理了。")
        )
    return row, version


@kernel.writing()
def opinion(*, entry: str, version: int, helped: bool) -> None:
    """Count what a reader says of an entry; nobody is named."""
    row, _made = Opinion.objects.get_or_create(entry=entry, version=version)
    name = "helped" if helped else "not_helped"
    Opinion.objects.filter(pk=row.pk).update(**{name: F(name) + 1})
