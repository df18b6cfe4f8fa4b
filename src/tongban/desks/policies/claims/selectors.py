"""Reading dues, runs, claims and objections. Whoever asks for one party's gets that party's only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from tongban.desks.policies.claims.contracts import (
    ClaimInfo,
    DueInfo,
    DueState,
    Fact,
    ObjectionInfo,
    PublicLine,
    RunInfo,
    UnknownError,
)
from tongban.desks.policies.claims.models import Claim, Due, Objection, Run
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock, Docket
from tongban.kernel.privacy import mask_name
from tongban.registers.payments import api as payments

MOST, PAGE = 200, 50


def still_open(dockets: Sequence[int]) -> list[int]:
    """Those of the dockets that are still open."""
    rows = Docket.objects.filter(pk__in=dockets, closed_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def clocks(dockets: Iterable[int], name: str) -> dict[int, datetime]:
    """When the running clock of that name falls due, by docket."""
    rows = Clock.objects.filter(docket__in=list(dockets), name=name, stopped_at=None)
    return dict(rows.values_list("docket_id", "due_at"))


def due_of(one: Due, until: Mapping[int, datetime] | None = None) -> DueInfo:
    """A due as it crosses the door; the account masked."""
    return DueInfo(
        number=one.number, measure=one.measure, version=one.version, title=one.title, title_en=one.title_en,
        article=one.article, period=one.period, party=one.party, payee=one.payee,
        way="none" if one.run_id else "quick", unit=one.unit, amount_fen=one.amount_fen, state=one.state,
        place=one.place, run=one.run.number if one.run else "", words=one.words,
        account=payments.mask_account(one.account) if one.account else "", bank=one.bank, batch=one.batch, at=one.at,
        paid_at=one.paid_at, confirm_until=(until or {}).get(one.run.docket) if one.run else None,
    )  # fmt: skip


def dues_of(party: str, *, states: Iterable[str] = (), most: int = MOST) -> list[DueInfo]:
    """What a party is due or got, newest first, in a constant number of queries. Drafts of lists are not shown."""
    rows = Due.objects.filter(Q(party=party) | Q(payee=party)).select_related("run")
    rows = rows.exclude(run__isnull=False, run__published_at=None, run__again=False)
    wanted = list(states)
    if wanted:
        rows = rows.filter(state__in=wanted)
    found = list(rows.order_by("-pk")[:most])
    until = clocks({one.run.docket for one in found if one.run}, "confirm")
    return [due_of(one, until) for one in found]


def due(number: str, *, party: str = "") -> DueInfo:
    """One due; with `party` only when it is that party's. :raises UnknownError: there is none: both say the same"""
    row = Due.objects.filter(number=number).select_related("run").first()
    hidden = row is not None and row.run is not None and row.run.published_at is None and not row.run.again
    if row is None or (party and (hidden or party not in (row.party, row.payee))):
        raise UnknownError(_("没有这笔政策资金，或者不是您的。"), code="unknown")
    return due_of(row, clocks([row.run.docket], "confirm") if row.run else None)


def facts_of(one: Due) -> tuple[Fact, ...]:
    """The data that a due stands on, as they were when it was listed or decided."""
    return tuple(
        Fact(item["element"], item["value"], item["source"], date.fromisoformat(item["as_of"]), item["via"])
        for item in json.loads(one.facts or "[]")
    )


def run_of(row: Run) -> RunInfo:
    """A run as it crosses the door."""
    docket = Docket.objects.only("state").get(pk=row.docket)
    sums = list(row.dues.values("state").annotate(n=Count("pk"), fen=Sum("amount_fen")).order_by("state"))
    return RunInfo(
        docket=row.docket, number=row.number, state=docket.state, measure=row.measure, version=row.version,
        policy=row.policy, period=row.period, title=row.title, title_en=row.title_en, article=row.article,
        says=row.says, says_en=row.says_en, unit=row.unit, order=json.dumps(row.order), day=row.day,
        entitled=row.entitled, listed=sum(one["n"] for one in sums), amount_fen=sum(one["fen"] for one in sums),
        skipped=row.skipped, published_at=row.published_at,
        publicity_until=clocks([row.docket], "publicity").get(row.docket),
        confirm_until=clocks([row.docket], "confirm").get(row.docket),
        counts={one["state"]: one["n"] for one in sums}, sums={one["state"]: one["fen"] for one in sums},
    )  # fmt: skip


def run_behind(docket: int) -> RunInfo | None:
    """The run of a docket; the caller has made sure that the reader sees the docket."""
    row = Run.objects.filter(docket=docket).first()
    return run_of(row) if row else None


def lines_of(docket: int, *, states: Iterable[str] = (), after: int = 0, most: int = PAGE) -> list[DueInfo]:
    """Dues of a run by place, accounts masked; `after` a place."""
    rows = Due.objects.filter(run__docket=docket, place__gt=after).select_related("run")
    wanted = list(states)
    if wanted:
        rows = rows.filter(state__in=wanted)
    return [due_of(one) for one in rows.order_by("place")[:most]]


def published() -> list[RunInfo]:
    """Lists that are published now, newest first."""
    rows = Run.objects.filter(published_at__isnull=False).order_by("-published_at")[:MOST]
    found = {row.docket: row for row in rows}
    live = Docket.objects.filter(pk__in=list(found), state="published").values_list("pk", flat=True)
    return [run_of(found[docket]) for docket in found if docket in set(live)]


def published_run(number: str) -> RunInfo:
    """A list that is or was published. :raises UnknownError: there is none"""
    row = Run.objects.filter(number=number, published_at__isnull=False, again=False).first()
    if row is None:
        raise UnknownError(_("没有这份公示名单。"), code="unknown")
    return run_of(row)


def public_lines(number: str, *, after: int = 0, most: int = PAGE) -> list[PublicLine]:
    """Lines of a published list by place, persons masked (政府信息公开条例 第十五条)."""
    from tongban.actors import api as actors

    rows = Due.objects.filter(run__number=number, place__gt=after).exclude(state=DueState.LEFT)
    found = list(rows.order_by("place")[:most])
    names = actors.names([one.party for one in found])
    return [
        PublicLine(
            one.place, mask_name(names[one.party]) if one.party.startswith("person:") else names[one.party],
            one.amount_fen, one.state == DueState.HELD,
        )
        for one in found
    ]  # fmt: skip


def _rank(one: Claim, state: str) -> int:
    """Place in the queue of its measure: 1 is the next."""
    if state != "queued":
        return 0
    from tongban.desks.policies.claims.queueing import queue

    waiting = queue(one.due.measure, one.due.period)
    return waiting.index(one.docket) + 1 if one.docket in waiting else 0


def claim_of(one: Claim) -> ClaimInfo:
    """A claim as it crosses the door."""
    row = Docket.objects.only("state", "opened_at").get(pk=one.docket)
    return ClaimInfo(
        docket=one.docket, number=one.due.number, state=row.state, due=due_of(one.due), said=one.said,
        proven=json.loads(one.proven or "{}"), asked=one.asked, reason=one.reason, rank=_rank(one, row.state),
        opened_at=row.opened_at, pay_by=clocks([one.docket], "pay").get(one.docket),
    )  # fmt: skip


def claim(number: str, *, party: str = "") -> ClaimInfo:
    """One claim; with `party` only when it is that party's. :raises UnknownError: there is none: both say the same"""
    row = Claim.objects.filter(due__number=number).select_related("due").first()
    if row is None or (party and party not in (row.due.party, row.due.payee)):
        raise UnknownError(_("没有这笔申领，或者不是您的。"), code="unknown")
    return claim_of(row)


def claim_behind(docket: int) -> ClaimInfo | None:
    """The claim of a docket; the caller has made sure that the reader sees the docket."""
    row = Claim.objects.filter(docket=docket).select_related("due").first()
    return claim_of(row) if row else None


def objection_of(one: Objection) -> ObjectionInfo:
    """An objection as it crosses the door."""
    return ObjectionInfo(
        one.pk, one.run.number, one.due.place, one.text, one.state, one.answer, one.at, one.answered_at
    )


def objections_of(docket: int) -> list[ObjectionInfo]:
    """Objections to a run's list, newest first."""
    rows = Objection.objects.filter(run__docket=docket).select_related("run", "due")
    return [objection_of(one) for one in rows.order_by("-pk")[:MOST]]


def objections_by(actor: str, *, run: str) -> list[ObjectionInfo]:
    """What somebody objected to in one list."""
    rows = Objection.objects.filter(by=actor, run__number=run).select_related("run", "due")
    return [objection_of(one) for one in rows.order_by("-pk")[:MOST]]


def order_words(order: Mapping[str, Any], *, name: str = "") -> str:
    """The published order in words."""
    if order.get("by") == "amount":
        return _("按金额从高到低；金额相同的，按公开摇号的结果")
    if order.get("by") == "element":
        way = _("从高到低") if order.get("descending", True) else _("从低到高")
        return _("按“%(name)s”%(way)s；相同的，按公开摇号的结果") % {"name": name, "way": way}
    return _("先到先得；同时的，按公开摇号的结果")


def docket_of(actor: kernel.Actor, number: str) -> kernel.DocketRow:
    """The docket of a run or a claim, for whoever may see it. :raises kernel.NotFound: not for this actor"""
    return kernel.docket(number, actor=actor)
