"""Stocks that no act changes and that a day brings or ends: lines and kinds of licences (files of the installation), licences that
are valid, agents and chief service officers (appointed and delegated from a day to a day), measures of policies (in force
from a day to a day).

Every night they are compared with what the ledger says, and what differs is written into the stream ``stocktaking:<what>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings

from tongban.actors import api as actors
from tongban.desks.hotline.telephony import api as telephony
from tongban.desks.policies import api as policies
from tongban.kernel import api as kernel
from tongban.registers.licences import api as licences

Thing = dict[str, Any]


class Taking(Protocol):
    """Everything of one stock as it stands at an instant."""

    def __call__(self, *, at: datetime) -> Iterator[Thing]: ...


def lines(*, at: datetime) -> Iterator[Thing]:
    """The one number and the city's other government lines."""
    del at
    for one in telephony.lines().values():
        yield {"kind": "line", "key": one.key, "way": str(one.way)}


def licence_kinds(*, at: datetime) -> Iterator[Thing]:
    """Kinds of licences, and how many of each are valid."""
    held = licences.valid_by_kind(on=actors.day_of(at))
    for slug, one in licences.kinds().items():
        found: Thing = {
            "kind": "licence_kind",
            "key": slug,
            "department": one.department,
            "party": one.holder,
        }
        found |= {"trade": True} if one.trade else {}
        yield found | ({"held": held[slug]} if held.get(slug) else {})


def agents(*, at: datetime) -> Iterator[Thing]:
    """Who helps and asks in others' names 帮办代办员, of all levels."""
    for one in actors.agents_for(settings.ROOT_REGION, at=at):
        region = actors.unit(one.unit).region
        yield {
            "kind": "agent",
            "key": f"{one.id}@{one.unit}",
            "unit": one.unit,
            "region": region,
            "level": str(one.level),
        }


def chiefs(*, at: datetime) -> Iterator[Thing]:
    """Who decides with other departments' authority 首席服务员, and in how many matters."""
    for one in actors.chiefs(at=at):
        region = actors.unit(one.unit).region
        yield {
            "kind": "chief",
            "key": one.officer,
            "unit": one.unit,
            "region": region,
            "matters": one.matters,
        }


def measures(*, at: datetime) -> Iterator[Thing]:
    """What policies give on that day, and whose they are."""
    for one in policies.measures(on=actors.day_of(at)):
        yield {
            "kind": "measure",
            "key": one.key,
            "party": one.party,
            "unit": one.unit,
            "region": one.region,
            "policy": one.policy_key,
            "department": actors.unit(one.unit).department,
        }


TAKEN: dict[str, Taking] = {
    "lines": lines,
    "licence-kinds": licence_kinds,
    "agents": agents,
    "chiefs": chiefs,
    "measures": measures,
}


def take_stock(*, at: datetime) -> int:
    """Write what differs from what the ledger says; gives how many things. Nothing new writes nothing."""
    return sum(_take(f"stocktaking:{name}", taking, at=at) for name, taking in TAKEN.items())


def _take(stream: str, taking: Taking, *, at: datetime) -> int:
    with kernel.writing():
        said = _said(stream, at)
        now = {one["key"]: one for one in taking(at=at)}
        fresh = [one for key, one in now.items() if said.get(key) != one]
        gone = [
            {"kind": one["kind"], "key": key, "gone": True}
            for key, one in said.items()
            if key not in now and not one.get("gone")
        ]
        if fresh or gone:
            things = {"stock": [*fresh, *gone]}
            kernel.record_listed(stream=stream, act="take", actor=kernel.SYSTEM, at=at, lists=things)
    return len(fresh) + len(gone)


def _said(stream: str, at: datetime) -> dict[str, Thing]:
    """Each thing as the ledger says it last."""
    found: dict[str, Thing] = {}
    for entry in kernel.history(stream, at=at):
        found |= {one["key"]: one for one in entry.body.get("stock", ())}
    return found
