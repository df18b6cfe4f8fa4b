"""The worklist: named views, filters that live in the address, rows as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.faces.workbench import choices, words
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.web.contracts import Chip, ClockView

SHANGHAI = ZoneInfo("Asia/Shanghai")
COUNTED = 999
_DIGITS = {"3": 4, "4": 6, "5": 9, "6": 12}
NARROWING = ("kind", "state", "subject", "region", "unit", "opened")


@dataclass(frozen=True, slots=True)
class View:
    """One named view of the worklist. `count` says 999+ beyond that."""

    key: str
    label: str
    filters: kernel.Filters
    count: str = ""
    current: bool = False

    @property
    def url(self) -> str:
        return f"/work?view={self.key}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    row: kernel.DocketRow
    url: str
    kind: str
    state: str
    applicant: str
    officer: str
    unit: str
    region: str
    clock: ClockView | None

    @property
    def choice(self) -> str:
        """What its checkbox says: the docket and the revision that was seen."""
        return f"{self.row.id}:{self.row.revision}"


def views(actor: kernel.Actor, *, at: datetime) -> list[View]:
    """The named views that make sense for the actor, without counts."""
    now = at + timedelta(microseconds=1)  # the due instant itself is late
    found = [
        View("mine", _("我的"), kernel.Filters(officer=actor.id)),
        View("unit", _("本单位"), kernel.Filters(unit=actor.unit)),
        View("near", _("临期"), kernel.Filters(unit=actor.unit, near_at=at)),
        View("late", _("超期"), kernel.Filters(unit=actor.unit, due_before=now)),
    ]
    lent = {authority.unit for authority in actor.authorities if authority.id.startswith("delegation:")}
    found += [
        View(f"for-{unit}", _("受%s委托") % words.unit_name(unit), kernel.Filters(unit=unit))
        for unit in sorted(lent)
    ]
    return found


def chosen_view(actor: kernel.Actor, wanted: str, *, at: datetime) -> View:
    """The view asked for; `all` is everything one may see; by default mine, or the unit's when mine is empty."""
    if wanted == "all":
        return View("all", _("全部可见"), kernel.Filters())
    known = {view.key: view for view in views(actor, at=at)}
    if wanted in known:
        return known[wanted]
    mine = known["mine"]
    return mine if kernel.count(actor, mine.filters, most=1) else known["unit"]


def counted(actor: kernel.Actor, *, current: str, at: datetime) -> list[View]:
    """The tabs with their counts, in one statement."""
    shown = views(actor, at=at)
    numbers = kernel.counts(actor, [view.filters for view in shown], most=COUNTED + 1)
    return [
        replace(view, count=f"{COUNTED}+" if number > COUNTED else str(number), current=view.key == current)
        for view, number in zip(shown, numbers, strict=True)
    ]


def region_range(code: str) -> tuple[str, str]:
    """First and last code of the division's own numbering.

    :raises actors.NotKnownError: no such division
    """
    digits = _DIGITS[actors.region(code).level]
    return code[:digits].ljust(12, "0"), code[:digits].ljust(12, "9")


def narrowed(view: View, query: QueryDict) -> tuple[kernel.Filters, list[tuple[str, str]]]:
    """The view's filters with those of the address; and (name, words) of each for its chip.

    What cannot be meant (an unknown kind, a wrong date) is left out rather than refused.
    """
    filters, active = view.filters, []
    flows = {flow.kind: flow for flow in kernel.all_flows()}
    kind, state = query.get("kind", ""), query.get("state", "")
    if "." in state:
        kind, state = state.split(".", 1)
    if kind in flows:
        filters = replace(filters, kind=kind)
        if state in flows[kind].states:
            filters = replace(filters, state=state)
            active.append(("state", str(flows[kind].states[state].label)))
        elif query.get("kind"):
            active.append(("kind", str(flows[kind].label)))
    if subject := query.get("subject", ""):
        filters = replace(filters, subject=subject)
        active.append(("subject", subject))
    filters, active = _places(filters, query, active)
    if query.get("closed") == "1" or (
        kind in flows and state in flows[kind].states and flows[kind].states[state].final
    ):
        filters = replace(filters, open_only=False)
    return filters, active


def _places(
    filters: kernel.Filters, query: QueryDict, active: list[tuple[str, str]]
) -> tuple[kernel.Filters, list[tuple[str, str]]]:
    if region := query.get("region", ""):
        try:
            filters = replace(filters, within=region_range(region))
            active.append(("region", words.region_name(region)))
        except (actors.NotKnownError, KeyError):
            pass
    if (unit := query.get("unit", "")) and not filters.unit:
        filters = replace(filters, unit=unit)
        active.append(("unit", words.unit_name(unit)))
    if opened := query.get("opened", ""):
        try:
            day = date.fromisoformat(opened)
        except ValueError:
            return filters, active
        start = datetime.combine(day, time(), tzinfo=SHANGHAI)
        filters = replace(
            filters, opened_from=start, opened_before=start + timedelta(days=1), open_only=False
        )
        active.append(("opened", _("%s提交") % opened))
    return filters, active


def chips(active: Sequence[tuple[str, str]], query: QueryDict) -> list[Chip]:
    """A removable chip per filter."""
    made = []
    for name, label in active:
        rest = query.copy()
        rest.pop("after", None)
        rest.pop(name, None)
        made.append(Chip(label, f"?{rest.urlencode()}"))
    return made


def lines(page: kernel.Page, *, at: datetime, origin: str, offset: int = 0) -> list[Line]:
    """The rows of a page. Names are read in at most one statement per kind of actor.

    :param origin: query of the list, so that a docket's page leads back to its row
    """
    names = words.Names(one for row in page.rows for one in (row.applicant, row.officer))
    made = []
    for place, row in enumerate(page.rows, start=offset):
        clock = clocks.nearest(page.clocks.get(row.id, []))
        made.append(
            Line(
                row=row, url=f"/work/{row.number}?{urlencode({'from': origin, 'place': place})}",
                kind=words.kind_label(row.kind), state=words.state_label(row), applicant=names(row.applicant),
                officer=names(row.officer), unit=words.unit_name(row.unit), region=words.region_name(row.region),
                clock=clocks.view_of(clock, at=at),
            )
        )  # fmt: skip
    return made


def bulk_moves(rows: Sequence[Line]) -> list[tuple[str, str]]:
    """Name and label of the moves that may be made on many rows at once, in the order of the flows."""
    found: dict[str, str] = {}
    for kind in dict.fromkeys(line.row.kind for line in rows):
        flow = kernel.flow_of(kind)
        for name in flow.bulk:
            found.setdefault(name, str(flow.moves[name].label))
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a docket stands in the list that one came from."""

    back: str
    previous: str = ""
    next: str = ""
    position: int = 0
    total: int = 0
    more: bool = False


def page_of(actor: kernel.Actor, filters: kernel.Filters, query: QueryDict) -> kernel.Page:
    """The page that the address asks for by ``after`` or ``before``.

    :raises kernel.InvalidInput: no cursor of ours
    """
    return kernel.page(actor, filters, after=query.get("after", ""), before=query.get("before", ""))


def place_of(number: str, actor: kernel.Actor, *, origin: str, place: str, at: datetime) -> Place:
    """Neighbours of a docket in its list as the list is now.

    :param place: index that it had; when the docket has left the list, its neighbours moved up there
    """
    query = QueryDict(origin)
    back = f"/work?{query.urlencode()}" if origin else "/work"
    if not origin:
        return Place(f"{back}#row-{number}")
    filters, _active = narrowed(chosen_view(actor, query.get("view", ""), at=at), query)
    try:
        page = page_of(actor, filters, query)
    except kernel.InvalidInput:
        return Place(f"{back}#row-{number}")
    numbers = [row.number for row in page.rows]
    if number in numbers:
        here = numbers.index(number)
        before, after = here - 1, here + 1
    else:
        here = int(place) if place.isdecimal() else 0
        before, after = here - 1, here

    def link(index: int) -> str:
        if not 0 <= index < len(numbers):
            return ""
        return f"/work/{numbers[index]}?{urlencode({'from': origin, 'place': index})}"

    return Place(
        f"{back}#row-{number}", link(before), link(after), here + 1 if number in numbers else 0, len(numbers),
        bool(page.after),
    )  # fmt: skip


def open_options(actor: kernel.Actor, rows: Sequence[Line], chosen: QueryDict) -> dict[str, Any]:
    """What the filters offer: states of every flow, matters on this page, divisions of the actor."""
    matters = {line.row.subject: line.row.title for line in rows if line.row.kind == "case"}
    if (subject := chosen.get("subject", "")) and subject not in matters:
        matters[subject] = subject
    regions = []
    if actor.region:
        below = actors.regions_below(actor.region)
        regions = [(one.code, words.region_name(one.code)) for one in [actors.region(actor.region), *below]]
    return {
        "kinds": choices.kinds(chosen.get("kind", "")),
        "states": choices.states(chosen.get("state", "")),
        "matters": sorted(matters.items(), key=lambda item: item[1]),
        "regions": regions,
        "subject": subject,
        "region": chosen.get("region", ""),
    }
