"""An indicator ends: from a month on it is counted no more; one officer proposes it, another adopts; what was stays."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.kernel.contracts import Actor
from tongban.oversight.insight.definitions import selectors, services
from tongban.oversight.insight.definitions.contracts import DefinitionError, Version
from tongban.oversight.insight.definitions.models import Definition
from tongban.oversight.insight.definitions.using import needed_for


def propose_end(*, key: str, since: date, reason: str, actor: Actor, at: datetime) -> Definition:
    """Put forward that an indicator is counted no more; it is, until somebody else adopts that.

    :param since: the first day that is not counted, a month's first
    :raises DefinitionError: there is no such one, it has ended, something needs it, or that month cannot be; `faults` by field
    """
    own = selectors.versions(key)
    if not own:
        raise DefinitionError(_("没有这个指标：%s。") % key, possible=_("打开指标口径，从里面选一个。"))
    newest = max(own, key=lambda one: one.number)
    checked_end(newest, own, since=since)
    return services.put_forward(newest, since=since, reason=reason, actor=actor, at=at)


def checked_end(newest: Version, own: list[Version], *, since: date) -> None:
    """:raises DefinitionError: it cannot end then; says why and what can be done"""
    if newest.ended:
        raise DefinitionError(
            _("这个指标已经从%s起停用。") % newest.since.isoformat(),
            possible=_("要重新启用，请照旧的一版提出新的一版。"),
        )
    if needs := list(needed_for(newest.indicator.id)):
        raise DefinitionError(
            _("%s里用着这个指标，停用了就写不出来。") % "、".join(needs),
            possible=_("先把它从那里去掉，再提出停用。"),
        )
    if fault := services.too_early(since, own):
        raise DefinitionError(_("不能从这个月起停用。"), faults={"since": fault})
