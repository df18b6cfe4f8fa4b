"""A month is closed and published once; what comes later is a correction, published as one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.oversight.insight.contracts import InsightError, Scope
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.months import access, digests, events, freezing, selectors
from tongban.oversight.insight.months.models import Check, Edition, Published
from tongban.oversight.insight.selectors import month as month_of_day

TRIES = 3


class MonthError(InsightError):
    """A month cannot be published or corrected now."""


def publish(*, month: date, actor: Actor, at: datetime) -> Edition:
    """Close a month: its figures are kept as they are counted now, by the definitions that hold on its last day.

    :param month: any day of it
    :raises MonthError: it is not over, was published, or the actor may not
    """
    unit = _publisher(actor)
    period = month_of_day(month)
    if actors.day_of(at) <= period.last:
        raise MonthError(
            _("%s还没有过完。") % f"{month:%Y-%m}",
            possible=_("下个月1日起可以公布；现在的数在指标页上随时看得到。"),
        )
    if selectors.newest(month) is not None:
        raise MonthError(_("%s已经公布了，公布的不变。") % f"{month:%Y-%m}", possible=_("数变了的，发更正。"))
    wanted = list(definitions.indicators(on=period.last).values())
    made = Edition(month=period.first, number=1, definitions={one.id: freezing.kept(one) for one in wanted})
    return _publish(made, actor, at, unit=unit, act="publish")


def correct(*, month: date, reason: str, actor: Actor, at: datetime) -> Edition:
    """Publish a correction 更正: what the facts say now, by the definitions of the first edition, with the reason.

    :raises MonthError: the month is open, nothing differs, no reason, or the actor may not
    """
    unit = _publisher(actor)
    last = selectors.newest(month)
    if last is None:
        raise MonthError(_("%s还没有公布，没有什么要更正。") % f"{month:%Y-%m}", possible=_("可以先公布。"))
    if not reason.strip():
        raise MonthError(
            _("请写明为什么更正。"), possible=_("例如：某件晚到的记录、某次申诉成立、某条台账被改动。")
        )
    facts.collect()
    changed = selectors.differences(last)
    if not changed:
        raise MonthError(_("现在的数和公布的一样，没有什么要更正。"))
    made = Edition(
        month=last.month, number=last.number + 1, reason=reason.strip(), definitions=last.definitions
    )
    return _publish(made, actor, at, unit=unit, act="correct", more={"changed": len(changed)})


def _publisher(actor: Actor) -> str:
    unit = access.publishes_as(actor)
    if not unit:
        raise MonthError(_("只有负责全市指标的部门负责人或者市领导可以公布。"))
    return unit


def _publish(
    made: Edition, actor: Actor, at: datetime, *, unit: str, act: str, more: dict[str, Any] | None = None
) -> Edition:
    facts.collect()
    found, grounds = _counted(made)
    doubtful = selectors.marked(made.month, scope=Scope(("",)))
    made.by, made.unit, made.at = actor.id, unit, at
    made.facts, made.digest, made.days = grounds.rows, grounds.digest, dict(grounds.days)
    rows = [
        Published(
            edition=made, indicator=one.figure.indicator, version=one.figure.version, whose=one.whose, value=one.figure.value,
            part=one.figure.part, whole=one.figure.whole, doubtful=one.figure.indicator in doubtful,
        )
        for one in found
    ]  # fmt: skip
    name = f"{made.month:%Y-%m}"
    city = {row.indicator: _said(row) for row in rows if row.whose == settings.ROOT_REGION}
    data = {
        "edition": made.number,
        "facts": made.facts,
        "digest": made.digest,
        "reason": made.reason,
        "figures": city,
        "as": unit,
    }
    try:
        with kernel.writing(), transaction.atomic():
            made.save()
            Published.objects.bulk_create(rows, batch_size=500)
            place = kernel.record(
                stream=f"month:{name}", act=act, actor=actor, at=at, data={**data, **(more or {})}
            )
            kernel.announce(
                topic=events.PUBLISHED, place=place, at=at, body={"month": name, "edition": made.number}
            )
    except IntegrityError as error:
        raise MonthError(_("%s刚刚由别人公布了。") % name, possible=_("请重新打开这一页。")) from error
    return made


def _counted(made: Edition) -> tuple[list[freezing.Counted], digests.Grounds]:
    """Figures and a digest of the very facts that they were counted from; facts that come in meanwhile are counted too."""
    period, wanted = month_of_day(made.month), freezing.restored(made.definitions)
    for _again in range(TRIES):
        before = digests.state(period)
        found, grounds = freezing.counted(wanted, period=period), digests.grounds(period)
        if digests.state(period) == before:
            return found, grounds
    raise MonthError(
        _("%s的事实正在写入，还数不齐。") % f"{made.month:%Y-%m}", possible=_("请过几分钟再公布。")
    )


def _said(row: Published) -> str | None:
    return None if row.value is None else str(row.value)


def ask_check(*, actor: Actor, at: datetime) -> Check:
    """Have ledger and facts compared; the worker does it within a minute or so."""
    with kernel.writing():
        waiting = selectors.waiting_check()
        return waiting or Check.objects.create(asked_by=actor.id, asked_at=at)
