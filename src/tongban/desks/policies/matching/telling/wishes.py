"""What a party wants to be told: kinds of news, and single measures that it is tired of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import UnknownMeasureError
from tongban.desks.policies.matching.contracts import MatchingError, News
from tongban.desks.policies.matching.models import Wishes
from tongban.kernel import api as kernel

MOST_MUTED = 3_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is not wanted: kinds, and keys of measures."""

    declined: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()


def wishes_of(party: str) -> Wish:
    """As it was said last; everything is wanted until somebody says otherwise."""
    row = Wishes.objects.filter(party=party).first()
    return Wish(frozenset(row.declined), frozenset(row.muted)) if row else Wish()


@kernel.writing()
def decline(party: str, kinds: Collection[str], *, actor: kernel.Actor, at: datetime) -> None:
    """From now on nothing of these kinds; all others again.

    :raises MatchingError: no such kind
    """
    unknown = set(kinds) - set(News.values)
    if unknown:
        raise MatchingError(
            _("没有这种提醒：%(kinds)s。") % {"kinds": "、".join(sorted(unknown))},
            possible=_("可选：%(kinds)s。") % {"kinds": "、".join(News.values)}, code="news",
        )  # fmt: skip
    before = wishes_of(party)
    if before.declined != set(kinds):
        _keep(party, sorted(kinds), sorted(before.muted), actor=actor, at=at)


@kernel.writing()
def mute(party: str, key: str, *, muted: bool, actor: kernel.Actor, at: datetime) -> None:
    """Tell nothing more of one measure, or tell of it again.

    :raises MatchingError: no such measure was ever published
    """
    try:
        policies.measure(key)
    except UnknownMeasureError as error:
        raise MatchingError(_("没有这项措施。"), possible=_("请从政策清单里选。"), code="unknown") from error
    before = wishes_of(party)
    after = before.muted | {key} if muted else before.muted - {key}
    if len(after) > MOST_MUTED:
        raise MatchingError(_("不再提醒的措施太多了。"), possible=_("可以关掉整类提醒。"), code="too_many")
    if after != before.muted:
        _keep(party, sorted(before.declined), sorted(after), actor=actor, at=at)


def _keep(party: str, declined: list[str], muted: list[str], *, actor: kernel.Actor, at: datetime) -> None:
    Wishes.objects.update_or_create(
        party=party, defaults={"declined": declined, "muted": muted, "said_at": at}
    )
    kernel.record(
        stream=f"telling:{party}",
        act="wishes",
        actor=actor,
        at=at,
        data={"declined": declined, "muted": muted},
    )
