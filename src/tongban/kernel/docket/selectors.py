"""Read dockets: one, a page of a worklist, the children, the timeline. Always through access."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.kernel import store
from tongban.kernel.clock.models import Clock
from tongban.kernel.contracts import Actor, ClockRow, DocketRow, Happening
from tongban.kernel.docket import paging
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow import registry
from tongban.kernel.flow.declaration import Flow, State
from tongban.kernel.flow.errors import NotFound
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import history

PAGE = 50
MANY_REASONS = 24
FEW = 1_000  # dockets that are looked up one by one and then put in order


def row_of(docket: Docket) -> DocketRow:
    """The kernel's plain row of an ORM object."""
    return DocketRow(
        id=docket.id, number=docket.number, kind=docket.kind, state=docket.state, title=docket.title,
        unit=docket.unit, officer=docket.officer, applicant=docket.applicant, agent=docket.agent,
        region=docket.region, channel=docket.channel, subject=docket.subject, parent=docket.parent_id,
        opened_at=docket.opened_at, due_at=docket.due_at, closed_at=docket.closed_at, outcome=docket.outcome,
        revision=docket.revision, flow_version=docket.flow_version, ledger_head=docket.ledger_head,
    )  # fmt: skip


def docket(number: str, *, actor: Actor) -> DocketRow:
    """The docket of that number.

    :raises NotFound: there is none that the actor may see; both cases say the same
    """
    return _seen(store.docket_of(number=number) if number else None, actor)


def docket_by_id(key: int, *, actor: Actor) -> DocketRow:
    """The docket of that id; see `docket`."""
    return _seen(store.docket_of(key=key), actor)


def _seen(row: DocketRow | None, actor: Actor) -> DocketRow:
    if row is not None and (actor.is_system or registry.flow_of(row.kind).sees(actor, row)):
        return row
    raise NotFound("no_docket", _("没有这个案卷，或者您无权查看。"), possible=_("请核对编号，或打12345。"))


def scope(actor: Actor, kinds: Sequence[str] = ()) -> Q:
    """The dockets of all kinds (or of `kinds`) that an actor sees, as a condition."""
    condition = Q(pk__in=[])
    for flow in registry.all_flows():
        if not kinds or flow.kind in kinds:
            shown, hidden = Q(kind=flow.kind) & _looked_up(flow.scope(actor)), _hidden(actor, flow.kind)
            condition |= shown & ~hidden if hidden else shown
    return condition


def _hidden(actor: Actor, kind: str = "") -> Q:
    """Dockets (of one kind, or of all) that no reason shows to an actor."""
    condition = Q()
    kinds: dict[Callable[[Actor], Q], list[str]] = {}
    for flow in () if actor.is_system else registry.all_flows():
        if flow.hides and kind in ("", flow.kind):
            kinds.setdefault(flow.hides, []).append(flow.kind)
    for hides, hiding in kinds.items():  # kinds that hide alike are asked for together
        condition |= _of_kinds(hiding) & hides(actor)
    return condition


def children_of(parents: Sequence[int], *, actor: Actor) -> dict[int, list[DocketRow]]:
    """The dockets owned by each parent that the actor may see, in the order of opening."""
    found: dict[int, list[DocketRow]] = {parent: [] for parent in parents}
    for row in store.children_of(parents) if parents else ():
        if actor.is_system or registry.flow_of(row.kind).sees(actor, row):
            found[row.parent or 0].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of dockets may be narrowed by; every field is optional.

    `unit`, `officer`, `applicant` and `region` are opaque ids, `units` several of them; `within` is the
    first and the last code of a range of regions. Instants: `due_before` (exclusive), `opened_from`,
    `opened_before`; `near_at` keeps dockets with a running clock whose warning has come by then and
    whose due instant has not. `open_only` leaves out what is closed, `closed_only` what is open; `outcome` is
    how a closed one ended.
    """

    unit: str = ""
    officer: str = ""
    applicant: str = ""
    region: str = ""
    kind: str = ""
    state: str = ""
    subject: str = ""
    parent: int | None = None
    outcome: str = ""
    open_only: bool = True
    closed_only: bool = False
    due_before: datetime | None = None
    units: tuple[str, ...] = ()
    within: tuple[str, str] | None = None
    near_at: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One keyset page. `after` is the cursor of the next page, empty on the last one; `before` that of the one before."""

    rows: list[DocketRow]
    after: str = ""
    before: str = ""
    clocks: dict[int, list[ClockRow]] = field(default_factory=dict)


def page(actor: Actor, filters: Filters, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """A page of dockets the actor sees: open ones nearest deadline first, else newest first.

    Costs the same at any number of dockets: each order is that of an index. What an actor sees for
    several reasons (units, parties, delegations) is read reason by reason, each in its own index's
    order, and merged: one condition with OR would read and sort everything.

    :param after: cursor of the row before the page; `before` that of the row behind it, which then counts
    :raises InvalidInput: the cursor is not one that this function gave
    """
    wanted, back = _narrowed(filters, _hidden(actor, filters.kind)), bool(before)
    place = paging.read_cursor(before or after)
    read, key = (
        (paging.by_due, paging.due_key) if filters.open_only else (paging.by_opening, paging.opening_key)
    )
    found = {
        row.id: row
        for reason in _reasons(actor, filters)
        for row in read(wanted.filter(_in_order(reason)), place, back=back, most=size + 1)
    }
    rows = sorted(found.values(), key=key)
    more = len(rows) > size
    shown = [row_of(item) for item in (rows[-size:] if back else rows[:size])]
    first, last = (
        (paging.cursor_of(row, by_due=filters.open_only) for row in (shown[0], shown[-1]))
        if shown
        else ("", "")
    )
    return Page(
        shown,
        after=last if back or more else "",
        before=first if (more if back else place is not None) else "",
        clocks=store.clocks_of([row.id for row in shown]) if shown else {},
    )


def count(actor: Actor, filters: Filters, *, most: int = 1000) -> int:
    """How many dockets the filters match, counted up to `most` only."""
    return counts(actor, [filters], most=most)[0]


def counts(actor: Actor, wanted: Sequence[Filters], *, most: int = 1000) -> list[int]:
    """`count` of each of several lists, in one statement: each is read from its own index, up to `most`."""
    hidden = {kind: _hidden(actor, kind) for kind in {filters.kind for filters in wanted}}
    lists = []
    for one in wanted:
        # SQLite cannot tell how little of all work is open: the order of the pages leads it to the indexes of open work.
        ordered = connection.vendor == "sqlite" and one.open_only and not one.closed_only
        order = ("due_at", "id") if ordered else ()
        lists.append(_all_seen(actor, one, hidden[one.kind]).order_by(*order).values("pk")[:most])
    return store.count_each(lists)


def _all_seen(actor: Actor, filters: Filters, hidden: Q) -> QuerySet[Docket, Docket]:
    """What the filters match, whatever it is seen for."""
    wanted, seen = _narrowed(filters, hidden), Q()
    for reason in _reasons(actor, filters):
        if not reason:  # whatever matches is seen
            return wanted
        seen |= _looked_up(reason)
    return wanted.filter(seen or Q(pk__in=[]))


def _narrowed(filters: Filters, hidden: Q) -> QuerySet[Docket, Docket]:
    condition = _narrow(filters)
    return Docket.objects.filter(condition & ~hidden if hidden else condition)


def _reasons(actor: Actor, filters: Filters) -> list[Q]:
    """Why the actor sees dockets, as conditions that one index each can answer."""
    # A unit always sees its own work: its worklist reads its index without further conditions.
    own = filters.unit and any(grant.unit == filters.unit for grant in actor.grants)
    if own or actor.is_system:
        return [Q()]
    flows = [flow for flow in registry.all_flows() if filters.kind in ("", flow.kind)]
    found: list[tuple[Q, list[str]]] = []
    for scope_of, of_scope in _by_scope(flows):  # kinds that are seen alike are asked for together
        for reason in _alternatives(scope_of(actor)):
            kinds = next((kinds for known, kinds in found if _said(known) == _said(reason)), None)
            if kinds is None:
                found.append((reason, [*of_scope]))
            else:
                kinds += of_scope
    implied = {kind for reason, kinds in found if _says(filters, reason) for kind in kinds}
    if len(implied) == len(flows):
        return [Q()]
    if implied:  # of these kinds all that matches is seen, for whatever other reason too
        found = [(reason, [kind for kind in kinds if kind not in implied]) for reason, kinds in found]
        return _beside(_of_kinds(sorted(implied)), [one for one in found if one[1]], filters)
    # A reason that holds for every kind needs no look at the kind, which its index does not have.
    return [reason if len(kinds) == len(flows) else reason & _of_kinds(kinds) for reason, kinds in found]


def _beside(seen: Q, found: list[tuple[Q, list[str]]], filters: Filters) -> list[Q]:
    """What is left to ask for beside kinds of which all that matches is seen.

    A reason that says again what the filters say, and more, is read along with them: by itself it would read all that
    the filters match, looking for kinds of which there may be none.
    """
    others = []
    for reason, kinds in found:
        if _repeats(filters, reason):
            seen |= reason & _of_kinds(kinds)
        else:
            others.append(reason & _of_kinds(kinds))
    return [seen, *others]


def _repeats(filters: Filters, reason: Q) -> bool:
    """Whether one of the conditions that a reason joins holds already for whatever the filters ask for."""
    if reason.negated or reason.connector != Q.AND:
        return False
    parts = (child if isinstance(child, Q) else Q(child) for child in reason.children)
    return any(_says(filters, one) for part in parts for one in _alternatives(part))


def _said(condition: Q) -> tuple[Any, ...]:
    """A condition as it can be compared. Django's own comparison would read all the rows of a subquery."""
    parts: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            parts.append(_said(child))
            continue
        name, value = cast("tuple[str, Any]", child)
        parts.append((name, str(value.query) if isinstance(value, QuerySet) else value))
    return (condition.connector, condition.negated, *parts)


def _of_kinds(kinds: Sequence[str]) -> Q:
    """One kind by itself leaves the order to its index."""
    return Q(kind=kinds[0]) if len(kinds) == 1 else Q(kind__in=kinds)


def _in_order(reason: Q) -> Q:
    """A reason that names dockets by a desk's own rows, said so that it costs the same however many those are.

    A few are looked up and put in order. Where there are more the dockets are read in their index's order, each with a
    look whether it is among them: so many lie thick enough that a page is soon full.
    """
    return _looked_up(reason, from_rows=FEW)


def _looked_up(condition: Q, *, from_rows: int = 0) -> Q:
    """``pk__in`` of a desk's own rows as a look at each docket; kept as it is where there are at most `from_rows`.

    Inside an OR a database that cannot keep the whole list at hand would read it anew for every docket.
    """
    children: list[Any] = []
    for child in condition.children:
        if isinstance(child, tuple) and child[0] == "pk__in" and isinstance(child[1], QuerySet):
            rows = child[1].order_by()
            if not from_rows or rows[from_rows : from_rows + 1].exists():
                (column,) = rows.query.values_select
                children.append(Exists(rows.filter(**{column: OuterRef("pk")})))
                continue
        children.append(_looked_up(child, from_rows=from_rows) if isinstance(child, Q) else child)
    return Q.create(children, connector=condition.connector, negated=condition.negated)


def _by_scope(flows: Sequence[Flow]) -> Iterable[tuple[Callable[[Actor], Q], list[str]]]:
    """Each way of saying what an actor sees, with the kinds that it holds for."""
    found: dict[Callable[[Actor], Q], list[str]] = {}
    for flow in flows:
        found.setdefault(flow.scope, []).append(flow.kind)
    return found.items()


def _says(filters: Filters, reason: Q) -> bool:
    """Whether the filters ask for nothing but what the reason shows anyway."""
    if reason.negated or len(reason.children) != 1 or isinstance(reason.children[0], Q):
        return False
    name, value = cast("tuple[str, Any]", reason.children[0])
    return isinstance(value, str) and bool(value) and getattr(filters, name, None) == value


def _alternatives(condition: Q) -> list[Q]:
    """The parts of an OR, short lists taken apart too; more than a few stay one condition."""
    if condition.negated or (condition.connector != Q.OR and len(condition.children) > 1):
        return [condition]
    parts: list[Q] = []
    for child in condition.children:
        if isinstance(child, Q):
            parts += _alternatives(child)
            continue
        name, value = cast("tuple[str, Any]", child)
        if name.endswith("__in") and isinstance(value, list | tuple | set | frozenset):
            parts += [Q(**{name.removesuffix("__in"): one}) for one in sorted(value)]
        else:
            parts.append(Q(**{name: value}))
    return parts if 0 < len(parts) <= MANY_REASONS else [condition]


def _narrow(filters: Filters) -> Q:
    named = ("unit", "officer", "applicant", "region", "kind", "state", "subject", "outcome")
    wanted = {name: value for name in named if (value := getattr(filters, name))}
    more = {
        "parent_id": filters.parent,
        "due_at__lt": filters.due_before,
        "unit__in": filters.units or None,
        "region__range": filters.within,
        "opened_at__gte": filters.opened_from,
        "opened_at__lt": filters.opened_before,
    }
    condition = Q(**wanted, **{name: value for name, value in more.items() if value is not None})
    if filters.closed_only or filters.outcome:
        condition &= Q(closed_at__isnull=False)
    elif filters.open_only:
        condition &= Q(closed_at=None)
    if filters.near_at:
        condition &= Q(due_at__gte=filters.near_at) & _near(filters.near_at)
    return condition


def _near(at: datetime) -> Q:
    warned = Clock.objects.filter(
        docket=OuterRef("pk"), stopped_at=None, suspended_at=None, warn_at__lte=at, due_at__gt=at
    )
    return Q(Exists(warned))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A ledger entry with the words of the flow. `told` is what the applicant reads."""

    happening: Happening
    label: str
    told: str
    state: str


def _state_words(state: State | None, *, for_applicant: bool) -> str:
    if state is None:
        return ""
    return str((for_applicant and state.told) or state.label)


def timeline(row: DocketRow, *, at: datetime, for_applicant: bool) -> list[TimelineEntry]:
    """What happened to a docket, newest first.

    :param for_applicant: only moves that the flow tells the applicant, and no internal data
    """
    flow = registry.flow_of(row.kind)
    shown = []
    for item in reversed(history(row.number, at=at)):
        step = flow.moves.get(item.act) or flow.opens.get(item.act)
        told = str(step.tells) if step else ""
        if for_applicant and not told:
            continue
        state = flow.states.get(str(item.body.get("to", "")))
        shown.append(
            TimelineEntry(
                item,
                str(step.label) if step else item.act,
                told,
                _state_words(state, for_applicant=for_applicant),
            )
        )
    return shown


def revision_of(row: DocketRow) -> int:
    """How many entries the docket's ledger has; equals `row.revision` on a sound ledger."""
    return Entry.objects.filter(stream=row.number).count()
