"""How long dockets are kept after closing, as data; what is due is listed, approved by a person, destroyed by a job.

What is destroyed is the content (forms, addresses, files) and, when nothing else of the person is kept, nothing more: the docket's
row and its ledger stay, without personal data, so that statistics and the chain stay whole (档案法 第三十一条: destroying needs
appraisal and approval; 个人信息保护法 第十九条: no longer than necessary).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.identity.privacy import registry
from tongban.registers.identity.privacy.contracts import PrivacyRefused, Rule
from tongban.registers.identity.privacy.models import Disposal, Disposed

MOST = 500
"""Dockets in one list: what a person can look through before approving."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the packs, in the order in which they apply."""
    records = [
        record
        for path in sorted((Path(settings.PACKS) / "retention").glob("*.yaml"))
        for record in YAML(typ="safe").load(path)
    ]
    return tuple(
        Rule(one["kind"], one.get("years"), one["basis"], tuple(one.get("outcomes", ())), one.get("note", ""))
        for one in records
    )


def rule_for(kind: str, outcome: str = "") -> Rule | None:
    """The first rule for a kind and an outcome; None: nobody has said, so it is kept for good."""
    return next(
        (one for one in rules() if one.kind == kind and (not one.outcomes or outcome in one.outcomes)), None
    )


def kept_until(closed_at: datetime, rule: Rule | None) -> date | None:
    """The last day on which a closed docket is kept; None for good. Years count from the end of the year of closing."""
    if rule is None or rule.years is None:
        return None
    # 机关文件材料归档范围和文书档案保管期限规定: the term begins on 1 January after the year of the file.
    return date(actors.day_of(closed_at).year + rule.years, 12, 31)


@kernel.writing()
def list_due(*, at: datetime) -> int:
    """List what is due and stands in no list yet; gives how many dockets. One list per rule and run."""
    today, listed = actors.day_of(at), 0
    for rule in rules():
        if rule.years is None or registry.destroyer_of(rule.kind) is None:
            continue
        before = date(today.year - rule.years, 1, 1)
        mine = Q(outcome__in=rule.outcomes) if rule.outcomes else ~Q(outcome__in=_earlier_outcomes(rule))
        rows = (
            Docket.objects.filter(mine, kind=rule.kind, closed_at__lt=_midnight(before))
            .exclude(pk__in=Disposed.objects.values("docket"))
            .order_by("closed_at", "pk")
            .values_list("pk", "number")[:MOST]
        )
        if not rows:
            continue
        ids, numbers = [pk for pk, _number in rows], [number for _pk, number in rows]
        made = Disposal.objects.create(
            kind=rule.kind, basis=rule.basis, years=rule.years, listed_at=at, dockets=ids, numbers=numbers
        )
        Disposed.objects.bulk_create(Disposed(docket=pk, disposal=made) for pk in ids)
        data = {"kind": rule.kind, "count": len(ids), "basis": rule.basis}
        kernel.record(
            stream=f"disposal:{made.pk}", act="disposal-listed", actor=kernel.SYSTEM, at=at, data=data
        )
        listed += len(ids)
    return listed


def _earlier_outcomes(rule: Rule) -> list[str]:
    """Outcomes that rules before this one of the same kind have taken."""
    taken: list[str] = []
    for one in rules():
        if one == rule:
            break
        if one.kind == rule.kind:
            taken += one.outcomes
    return taken


def _midnight(day: date) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai"))


@kernel.writing()
def approve(*, disposal: int, actor: kernel.Actor, at: datetime) -> None:
    """Approve a list: the night's job destroys it.

    :raises PrivacyRefused: no such list, or approved before
    """
    row = Disposal.objects.select_for_update().filter(pk=disposal).first()
    if row is None or row.approved_at is not None:
        raise PrivacyRefused(_("没有这份清单，或者已经批准过。"))
    row.approved_by, row.approved_at = actor.id, at
    row.save(update_fields=["approved_by", "approved_at"])
    kernel.record(
        stream=f"disposal:{row.pk}",
        act="disposal-approved",
        actor=actor,
        at=at,
        data={"count": len(row.dockets)},
    )


def destroy_approved(*, at: datetime) -> int:
    """Destroy the contents of what was approved; gives how many dockets. A list is destroyed whole or not at all."""
    done = 0
    for pk in list(
        Disposal.objects.filter(approved_at__isnull=False, destroyed_at=None).values_list("pk", flat=True)
    ):
        with kernel.writing():
            row = Disposal.objects.select_for_update().get(pk=pk)
            destroyer = registry.destroyer_of(row.kind)
            if row.destroyed_at is not None or destroyer is None:
                continue
            also = sum(destroys(row.dockets, at) for destroys in registry.beside().values())
            row.rows, row.destroyed_at = destroyer(row.dockets, at) + also, at
            row.save(update_fields=["rows", "destroyed_at"])
            digest = hashlib.sha256("\n".join(row.numbers).encode()).hexdigest()
            kernel.record(
                stream=f"disposal:{row.pk}", act="disposal-destroyed", actor=kernel.SYSTEM, at=at,
                data={"count": len(row.dockets), "rows": row.rows, "numbers_digest": digest},
            )  # fmt: skip
            done += len(row.dockets)
    return done
