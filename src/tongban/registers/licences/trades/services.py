"""Combining permits into one licence per trade, and keeping it in step with its parts.

国务院办公厅关于深化商事制度改革…“一业一证”: the combined licence shows the permits together; each stays a licence of
its own, given and taken by its own unit. So nobody weighs anything here: what is combined was decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.licences import kinds, life, selectors, services
from tongban.registers.licences.contents import holder_index
from tongban.registers.licences.contracts import KindInfo, LicenceInfo, LicencesError
from tongban.registers.licences.models import Licence
from tongban.registers.licences.trades.selectors import (
    LEAST,
    base_of,
    made_of,
    part_kinds,
    parts_named,
    rows_of,
)

PLACE, NAME = "premises.address", "business.name"


@kernel.writing()
def combine(
    *, trade: str, parts: Sequence[str], holder: str, actor: kernel.Actor, at: datetime, docket: str = ""
) -> LicenceInfo:
    """Issue the combined licence of a trade from valid licences of one holder and one place.

    Where an open one has one of them already, that one gets a new version with the others added; the same again
    changes nothing. Joins the caller's transaction; two at once wait for each other at the parts' rows.

    :param parts: identifiers, of at most one licence of each kind
    :param docket: number of the application in which the parts were granted
    :raises LicencesError: a part is missing, not valid, somebody else's, of another trade or place; or the licensing
        unit cannot issue it
    """
    form = kinds.kind(trade)
    index = holder_index(actors.party_facts(holder).number)
    rows = rows_of(parts, locked=True)
    order = {slug: place for place, slug in enumerate(form.parts)}
    found = sorted((selectors.info(row) for row in rows), key=lambda one: order.get(one.kind, len(order)))
    _check(form, found, len(set(parts)), foreign=any(row.holder_index != index for row in rows), at=at)
    same = made_of([base_of(one.identifier) for one in found], holder_index=index, trade=trade)
    if same:
        return _grown(same[0], found, actor=actor, at=at)
    unit = _issuer(form, found)
    return services.issue(
        kind=trade,
        holder=holder,
        unit=unit.id,
        fields=_entries(form, found),
        actor=actor,
        at=at,
        docket=docket,
    )


def _check(form: KindInfo, found: Sequence[LicenceInfo], asked: int, *, foreign: bool, at: datetime) -> None:
    slugs = [one.kind for one in found]
    if len(found) != asked or foreign:
        raise LicencesError(_("有的许可不在您名下，不能合成。"), possible=_("请从您持有的许可里选。"))
    if not form.trade or set(slugs) - set(form.parts) or len(set(slugs)) != len(slugs):
        raise LicencesError(_("%s不能这样合成：每种许可选一份。") % form.name)
    if any(one.standing(actors.day_of(at)) != "valid" for one in found):
        raise LicencesError(_("有的许可现在不是有效状态，不能合成。"), possible=_("请先办好延续或恢复。"))
    if lacking := [kinds.kind(slug).name for slug in form.needs if slug not in slugs]:
        raise LicencesError(
            _("%(trade)s少不了：%(parts)s。") % {"trade": form.name, "parts": "、".join(lacking)},
            possible=_("办好以后再来合成。"),
        )
    if len(found) < LEAST:
        raise LicencesError(_("至少两份许可才能合成。"), possible=_("只有一份的，直接用那一份。"))
    if len({"".join(place.split()) for one in found if (place := _said(one, PLACE))}) > 1:
        raise LicencesError(
            _("这几份许可的经营场所不一样，不能合成一张。"),
            possible=_("同一家店的许可才能合成；地址写错的，请先更正。"),
        )


def _said(one: LicenceInfo, element: str) -> str:
    kind = kinds.kinds().get(one.kind)
    keys = [entry.key for entry in kind.fields if entry.element == element] if kind else []
    return next((str(one.fields[key]) for key in keys if one.fields.get(key)), "")


def _issuer(form: KindInfo, found: Sequence[LicenceInfo]) -> actors.UnitInfo:
    unit = actors.unit_for(department=form.department, region=found[0].region)
    if unit is None:
        raise LicencesError(_("这个地区还没有颁发综合许可证的单位。"))
    return unit


def _entries(form: KindInfo, found: Sequence[LicenceInfo]) -> dict[str, Any]:
    """What the combined licence says, in the words of its parts, the leading one first."""
    values: dict[str, Any] = {}
    for entry in form.fields:
        if entry.type == "licences":
            values[entry.key] = [one.identifier for one in found]
        elif entry.element:
            said = next((value for one in found if (value := _said(one, entry.element))), "")
            if said:
                values[entry.key] = said
    return values


def _grown(
    same: LicenceInfo, found: Sequence[LicenceInfo], *, actor: kernel.Actor, at: datetime
) -> LicenceInfo:
    """A combined licence with further parts, in a new version; itself when it has them all."""
    form = kinds.kind(same.kind)
    known = {base_of(name) for name in parts_named(same)}
    if {base_of(one.identifier) for one in found} <= known:
        return same
    newer = {one.kind for one in found}
    kept = [selectors.info(row) for row in rows_of(parts_named(same)) if row.kind not in newer]
    parts = sorted([*kept, *found], key=lambda one: form.parts.index(one.kind))
    reason = _("增加许可：%s。") % "、".join(
        one.kind_name[0] for one in found if base_of(one.identifier) not in known
    )
    return life.correct(
        identifier=same.identifier, fields=_entries(form, parts), actor=actor, at=at, reason=reason
    )


def follow(row: Licence, *, successor: str, actor: kernel.Actor, at: datetime) -> None:
    """A part has a new version, or another licence in its place: so has every combined licence that contains it.

    In the transaction of the act on the part.
    """
    if row.kind not in part_kinds():
        return
    for one in made_of([row.base], holder_index=row.holder_index):
        names = [
            successor or row.identifier if base_of(name) == row.base else name for name in parts_named(one)
        ]
        form = kinds.kind(one.kind)
        parts = sorted(
            (selectors.info(part) for part in rows_of(names)), key=lambda part: form.parts.index(part.kind)
        )
        reason = _("其中的%s有了新版本。") % kinds.kind(row.kind).name
        life.correct(
            identifier=one.identifier, fields=_entries(form, parts), actor=actor, at=at, reason=reason
        )


life.followers.append(follow)
