"""A definition is proposed by one officer and adopted by another; every step is in the ledger of the indicator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.oversight.insight import packs
from tongban.oversight.insight.contracts import InsightError, Measured, Period, Scope
from tongban.oversight.insight.counting import Asked, count
from tongban.oversight.insight.definitions import access, editing, selectors
from tongban.oversight.insight.definitions.contracts import DefinitionError, State, Version
from tongban.oversight.insight.definitions.effect import Effect, effect
from tongban.oversight.insight.definitions.models import Definition
from tongban.oversight.insight.formulas import Formula, Joined, Leaf, Line, leaves, parse
from tongban.oversight.insight.months import selectors as months
from tongban.oversight.insight.packs import Indicator

_KEY = re.compile(r"[a-z]{2,20}\.[a-z0-9_]{2,50}")
_HUNDRED = 100
LATELY = timedelta(days=400)


def checked(record: Mapping[str, Any], *, base: int) -> Indicator:
    """A definition that can hold, or all that is wrong with it.

    :param base: the version that it was made from, 0 for a new indicator
    :raises DefinitionError: with `faults` by field
    """
    faults: dict[str, str] = {}
    key = str(record["id"])
    if not base and not _KEY.fullmatch(key):
        faults["id"] = _("编号由小写字母、一个点、小写字母和数字组成，例如 hotline.night。")
    elif not base and selectors.versions(key):
        faults["id"] = _("编号%s已经有了。要改它，请从它的页面提出。") % key
    since = date.fromisoformat(record["since"])
    if fault := too_early(since, selectors.versions(key)):
        faults["since"] = fault
    try:
        formula(record["formula"])
        found = selectors.read(record, number=base + 1)
    except InsightError as error:
        raise DefinitionError(
            error.reason, possible=error.possible, faults={**faults, "formula": str(error)}
        ) from error
    faults |= _against(found) or _uncountable(found)
    if faults:
        raise DefinitionError(_("口径还不能提交。"), faults=faults)
    return found


def formula(written: Any) -> Formula:
    """A formula as it is counted. :raises DefinitionError: what is wrong with it and what is possible"""
    try:
        found = parse(written)
        for line in (line for leaf in leaves(found) for line in leaf.where):
            hash(line)
            _comparable(line)
    except (
        InsightError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError,
    ) as error:  # fmt: skip
        raise DefinitionError(
            getattr(error, "reason", "") or _("看不懂这个公式。"), possible=getattr(error, "possible", "")
        ) from error
    return found


def _comparable(line: Line) -> None:
    """:raises ValueError: what a line compares with is no word and no number that can be kept; `from` and `below` want one number"""
    numbers = [float(one) for one in line.values if isinstance(one, int | float)]
    if line.how in {"from", "below"}:
        numbers.append(float(line.values[0]))
    if not all(isinstance(one, str | int | float) for one in line.values):
        raise ValueError(line.column)
    if not all(abs(one) < editing.BEYOND for one in numbers):  # neither NaN nor endless
        raise ValueError(line.column)


def too_early(since: date, own: list[Version]) -> str:
    """Why a version cannot begin, or an indicator end, on a day; empty when it can."""
    last = months.last_closed()
    if last is not None and since <= last:
        return _("%(month)s已经公布，公布的不变。最早从它的下一个月算起。") % {"month": f"{last:%Y-%m}"}
    newest = own[-1] if own else None
    if newest is not None and since < newest.since:
        said = {"number": newest.number, "day": newest.since.isoformat()}
        return _("第%(number)d版从%(day)s算起，新的一版不能比它早。") % said
    return ""


def _against(one: Indicator) -> dict[str, str]:
    """What contradicts itself."""
    faults = {}
    share = isinstance(one.formula, Joined) and one.formula.how == "share"
    days = isinstance(one.formula, Leaf) and one.formula.kind == "days"
    needed = {Measured.SHARE} if share else {Measured.DAYS} if days else {Measured.COUNT, Measured.FEN}
    if one.measured not in needed:
        said = _("或者").join(str(unit.label) for unit in Measured if unit in needed)
        faults["measured"] = _("这个公式算出来的单位是%s，请改单位或者改公式。") % said
    if one.target is not None and (one.target < 0 or (share and one.target > _HUNDRED)):
        faults["target"] = _("目标不能小于0；百分比也不能大于100。")
    return faults


def _uncountable(one: Indicator) -> dict[str, str]:
    """Whether the engine refuses the formula, or finds nothing but words where it wants numbers."""
    from duckdb import Error
    from ibis.common.exceptions import IbisError

    asked = [Asked(one.id, one.version, one.formula)]
    try:
        found = count(asked, period=Period(one.since - LATELY, one.since + LATELY))[one.id].figures[()]
    except (Error, IbisError, ValueError, TypeError, AttributeError):
        return {"formula": _no_numbers()}
    return {"formula": _no_numbers()} if found.unread and not found.value else {}


def _no_numbers() -> str:
    said = _("这个公式算不出来：要合计、要比大小的列里有不是数字的内容，或者值和列的类型不一样。")
    return said + _("请另选一列，或者改成“是”“不是”。")


def propose(*, record: Mapping[str, Any], reason: str, base: int, actor: Actor, at: datetime) -> Definition:
    """Put a definition forward; nothing is counted by it before somebody else adopts it.

    :raises DefinitionError: it cannot hold, is what holds already, or another one waits
    """
    one, own = checked(record, base=base), selectors.versions(str(record["id"]))
    newest = max(own, key=lambda version: version.number) if own else None
    unit = access.proposes_as(actor, owner=newest.indicator.owner if newest is not None else one.owner)
    _must(bool(unit), _NOT_THEIRS)
    unchanged = newest is not None and not newest.ended and _same(newest.indicator, one)
    _must(not unchanged, _("和现行口径一样，没有什么要改。"))
    row = Definition(indicator=one.id, base=base, record=dict(record), since=one.since, reason=reason)
    return _waits(row, unit=unit, actor=actor, at=at, data={"record": dict(record)})


_NOT_THEIRS = _lazy("只有现在负责这项口径的市级部门的监督人员或者负责人可以提出。")


def put_forward(newest: Version, *, since: date, reason: str, actor: Actor, at: datetime) -> Definition:
    """Put the end of an indicator forward (`ending` says when that can be). :raises DefinitionError: as `propose` does"""
    unit = access.proposes_as(actor, owner=newest.indicator.owner)
    _must(bool(unit), _NOT_THEIRS)
    record = {**packs.written(newest.indicator), "since": since.isoformat()}
    row = Definition(
        indicator=newest.indicator.id,
        base=newest.number,
        record=record,
        since=since,
        reason=reason,
        ends=True,
    )
    return _waits(row, unit=unit, actor=actor, at=at, data={"ends": since.isoformat()})


def _waits(row: Definition, *, unit: str, actor: Actor, at: datetime, data: dict[str, Any]) -> Definition:
    """Keep a proposal until it is decided on; one at a time for an indicator."""
    row.proposed_by, row.proposed_unit, row.proposed_at = actor.id, unit, at
    try:
        with kernel.writing(), transaction.atomic():
            row.save(force_insert=True)
            data = {"reason": row.reason, "base": row.base, **data}
            _note(row, actor, at, act="propose", unit=unit, data=data)
    except IntegrityError as error:
        raise DefinitionError(
            _("这项指标已经有一份修改在等采纳。"),
            possible=_("先采纳、退回或者撤回那一份，再提出新的；您填的都还在。"),
        ) from error
    return row


def _same(one: Indicator, other: Indicator) -> bool:
    """Whether nothing differs but the number of the version, the day and the spelling."""
    told = set(Indicator.__slots__) - {"version", "since", "written"}
    return all(getattr(one, name) == getattr(other, name) for name in told)


def adopt(*, pk: int, actor: Actor, at: datetime, said: str = "") -> Definition:
    """Make a proposal the version that holds from its day on.

    :raises DefinitionError: the actor proposed it, may not adopt, or something came between
    """
    past = _past(pk, actor, at)  # counting takes its time; nobody else's writing waits for it
    with kernel.writing(), transaction.atomic():
        row, unit = _adoptable(pk, actor)
        row.state, row.number, row.said = State.ADOPTED, row.base + 1, said
        _decide(row, actor, at)
        data = {"version": row.number, "since": row.since.isoformat(), "past": past, "said": said}
        data |= {"ends": True} if row.ends else {}
        _note(row, actor, at, act="adopt", unit=unit, data=data)
    return row


def _past(pk: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """The effect on the past at the moment of adoption, for the ledger."""
    row, _unit = _adoptable(pk, actor)
    own = selectors.versions(row.indicator)
    if row.ends:
        if fault := too_early(row.since, own):
            raise DefinitionError(fault)
        return {}
    found = checked(row.record, base=row.base)
    old = _newest_of(own)
    return totals(effect(old=old, new=found, until=actors.day_of(at), scope=Scope()))


def _adoptable(pk: int, actor: Actor) -> tuple[Definition, str]:
    row, unit = _waiting(pk, actor)
    _must(row.proposed_by != actor.id, _("提出的人不能自己采纳，请另一位负责人采纳。"))
    newest = max((one.number for one in selectors.versions(row.indicator)), default=0)
    if newest != row.base:
        raise DefinitionError(
            _("提出之后，这项指标已经有了第%d版。") % newest,
            possible=_("请退回这一份，照新的一版重新提出。"),
        )
    return row, unit


def _newest_of(own: list[Version]) -> Indicator | None:
    return max(own, key=lambda one: one.number).indicator if own else None


def refuse(*, pk: int, actor: Actor, at: datetime, said: str) -> Definition:
    """Send a proposal back with the reason. :raises DefinitionError: no reason, or the actor may not"""
    _must(bool(said.strip()), _("请写明为什么退回。"), field="said")
    with kernel.writing(), transaction.atomic():
        row, unit = _waiting(pk, actor)
        row.state, row.said = State.REFUSED, said
        _decide(row, actor, at)
        _note(row, actor, at, act="refuse", unit=unit, data={"said": said})
    return row


def withdraw(*, pk: int, actor: Actor, at: datetime) -> Definition:
    """Take the own proposal back. :raises DefinitionError: it is another's, or decided"""
    with kernel.writing(), transaction.atomic():
        row = _locked(pk)
        _must(row.proposed_by == actor.id, _("只有提出的人可以撤回。"))
        row.state = State.WITHDRAWN
        _decide(row, actor, at)
        _note(row, actor, at, act="withdraw", unit=row.proposed_unit, data={})
    return row


def totals(found: Effect) -> dict[str, Any]:
    """The effect on the past as the ledger keeps it: the sum of twelve months by both definitions."""

    def value(figure: Any) -> str | None:
        return None if figure is None or figure.value is None else str(figure.value)

    return {
        "from": found.period.first.isoformat(), "to": found.period.last.isoformat(),
        "old": value(found.whole.old), "new": value(found.whole.new),
    }  # fmt: skip


def _waiting(pk: int, actor: Actor) -> tuple[Definition, str]:
    row = _locked(pk)
    unit = access.adopts_as(actor, owner=str(row.record["owner"]))
    _must(bool(unit), _("只有负责这项口径的市级部门负责人，或者市领导，可以采纳或者退回。"))
    return row, unit


def _locked(pk: int) -> Definition:
    rows = (
        Definition.objects.select_for_update()
        if transaction.get_connection().in_atomic_block
        else Definition.objects
    )
    row = rows.filter(pk=pk).first()
    if row is None or row.state != State.PROPOSED:
        raise DefinitionError(
            _("这份修改已经不在等采纳了。"), possible=_("打开指标的口径页，可以看到它的结果和现行口径。")
        )
    return row


def _decide(row: Definition, actor: Actor, at: datetime) -> None:
    row.decided_by, row.decided_at = actor.id, at
    row.save()


def _note(row: Definition, actor: Actor, at: datetime, *, act: str, unit: str, data: dict[str, Any]) -> None:
    kernel.record(
        stream=f"indicator:{row.indicator}",
        act=act,
        actor=actor,
        at=at,
        data={"proposal": row.pk, "as": unit, **data},
    )


def _must(holds: bool, reason: Any, *, field: str = "") -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise DefinitionError(str(reason), faults={field: str(reason)} if field else None)
