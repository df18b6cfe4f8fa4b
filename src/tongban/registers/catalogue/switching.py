"""The switches of instant approval: per matter and region, and the stop switch for all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tongban.kernel.contracts import Actor
from tongban.kernel.prepared import Prepared
from tongban.registers.catalogue import ledger, regions
from tongban.registers.catalogue.contracts import CatalogueError, SwitchLine
from tongban.registers.catalogue.models import InstantSwitch

ALL = ""
"""The code of the stop switch for every matter."""
_SWITCHES = Prepared(
    lambda codes, regions: InstantSwitch.objects.filter(code__in=codes, region__in=regions).values_list(
        "code", "region", "on"
    )
)


def on(codes: Iterable[str], region: str) -> dict[str, bool]:
    """Whether each matter may be decided without a human in a region; one query, never from memory.

    Anything stopped for all, there or above, is off; else the nearest switch of the matter says, and without one
    it is on.
    """
    wanted = list(dict.fromkeys(codes))
    lineage = regions.lineage(regions.pad(region))
    rows = _SWITCHES(codes=[ALL, *wanted], regions=lineage)
    said = {(code, place): on for code, place, on in rows}
    stopped = any(said.get((ALL, place)) is False for place in lineage)
    found = {}
    for code in wanted:
        nearest = next((said[code, place] for place in lineage if (code, place) in said), True)
        found[code] = nearest and not stopped
    return found


@transaction.atomic
def switch(*, code: str, region: str, on: bool, reason: str, actor: Actor, at: datetime) -> None:
    """See `api.switch_instant`."""
    if len(reason.strip()) < 2:
        raise CatalogueError("请写明开启或停用秒批的原因。")
    region = regions.pad(region)
    InstantSwitch.objects.update_or_create(
        code=code, region=region,
        defaults={"on": on, "reason": reason.strip()[:300], "actor": actor.id, "at": at},
    )  # fmt: skip
    ledger.record(
        region=region, act="instant_on" if on else "instant_off", data={"code": code, "reason": reason.strip()},
        actor=actor, at=at,
    )  # fmt: skip


def lines(region: str) -> list[SwitchLine]:
    """The switches that somebody has set in a region, above it and below it, newest first."""
    region = regions.pad(region)
    above = regions.lineage(region)
    rows = InstantSwitch.objects.order_by("-at", "code")
    return [
        SwitchLine(row.code, row.region, row.on, row.reason, row.actor, row.at)
        for row in rows
        if row.region in above or regions.is_under(row.region, region)
    ]
