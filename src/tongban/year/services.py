"""A year run through the real flows: stroke by stroke, each with the note that it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.contracts import PoliciesError
from tongban.desks.themes.contracts import ThemeRefused
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Docket, Event
from tongban.kernel.outbox.relay import LONGEST_WAIT, relay
from tongban.oversight.insight.facts import api as facts
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.year.contracts import Profile, YearError
from tongban.year.driving.calls import Calls
from tongban.year.driving.casework import Casework
from tongban.year.driving.collecting import Collector, Here
from tongban.year.driving.desks import Desks
from tongban.year.driving.sessions import Sessions
from tongban.year.driving.stage import Cast, moment, set_up
from tongban.year.driving.stocks import fill, has_stocks, take_stock
from tongban.year.driving.tickets import Tickets
from tongban.year.models import Planned, Run
from tongban.year.planning.lives import LAST_MINUTE
from tongban.year.planning.plan import Day, Plan, Stroke
from tongban.year.planning.quantities import quantities
from tongban.year.planning.quotas import exactly
from tongban.year.profiles import profile, topics

NEWS: Final = 5_000
FEW: Final = 50
"""Messages of a day; with fewer, news, clocks and facts wait for the end of the week."""
WEEK: Final = 7
ENOUGH: Final = 1_500
"""Messages, calls and moves of one transaction, about."""
HOURLY: Final = frozenset({"ring", "take", "move"})
LEAST_PEOPLE, MOST_PEOPLE, EACH = 10, 600, 6
"""Residents who apply for something: one for so many applications."""
Told = Callable[[date, int, int], None]
"""Is told of each day that is done: the day, how many of its tickets came in, and how many moves were made."""


def begin(
    slug: str,
    *,
    scale: float,
    seed: int,
    last: date | None = None,
    beside: bool = False,
    stocks: bool = False,
) -> Run:
    """The run of this database: the one that was begun, or a new one in an empty database.

    :param last: the day on which the year ends instead of the profile's own
    :param beside: beside what a demonstration has
    :param stocks: also make up the matters and themes that the city published and the packs lack
    :raises YearError: the database holds something else
    """
    found, run = profile(slug), Run.objects.first()
    first, last = found.days_to(last or found.last)
    if run:
        _same(run, slug, scale, seed, last)
        return run
    if not beside and Docket.objects.exists():
        raise YearError(
            _("数据库里已有%d个案卷，推演要从空的开始。") % Docket.objects.count(),
            possible=_("换一个空的数据目录：TONGBAN_DATA=新目录 tongban migrate，再推演；原来的数据不动。"),
        )
    if not 0 < scale <= 1:
        raise YearError(_("规模要大于0，不超过1，现在是%s。") % scale)
    if stocks and has_stocks(found):
        try:
            fill(found, seed=seed, at=moment(first, 0))
        except (CatalogueError, PoliciesError, ThemeRefused) as error:
            raise YearError(f"{slug}.yaml: published: {error}") from error
    return Run.objects.create(
        city=slug, scale=str(exactly(scale)), seed=seed, first=first, last=last, day=first
    )


def _same(run: Run, slug: str, scale: float, seed: int, last: date) -> None:
    if (run.city, run.scale, run.seed, run.last) != (slug, str(exactly(scale)), seed, last):
        raise YearError(
            _("这个数据库里推演的是%(city)s，规模%(scale)s，种子%(seed)d，到%(last)s为止。")
            % {"city": run.city, "scale": run.scale, "seed": run.seed, "last": run.last.isoformat()},
            possible=_("用同样的参数接着推演，或换一个空的数据目录。"),
        )


def plan_of(run: Run) -> Plan:
    """The plan of a run, with the city of this installation."""
    found: Profile = profile(run.city)
    if not actors.regions_below(settings.ROOT_REGION):
        try:
            actors.load_city(folder=Path(settings.PACKS) / "demo")
        except actors.LoadError as error:
            raise YearError(str(error)) from error
    asking = quantities(found, scale=Fraction(run.scale)).casework
    people = min(MOST_PEOPLE, max(LEAST_PEOPLE, asking // EACH)) if asking else 0
    city = set_up(topics().values(), first=run.first, last=run.last, people=people, seed=run.seed)
    return Plan(found, scale=Fraction(run.scale), seed=run.seed, last=run.last, city=city, topics=topics())


def replay(
    run: Run, *, told: Told | None = None, until: date | None = None, collector: Collector | None = None
) -> int:
    """Do what is left of a run; gives how many strokes of work were done.

    Killed at any moment it goes on where it was: each stroke and the note of it are one transaction.

    :param until: stop after this day
    :param collector: who writes the facts; without one this process does
    :raises YearError: a desk refused what was planned, or a piece of news reached nobody; everything before it stands
    """
    if run.finished:
        return 0
    plan = plan_of(run)
    collector = collector or Here()
    stage = Stage(run, plan, collector)
    stage.groups_and_facts(run.day - timedelta(days=1))  # of a run that was killed
    made = 0
    for day in plan.days():
        if day.day < run.day:
            continue
        moves = stage.day(day)
        made += moves
        if told:
            told(day.day, day.tickets, moves)
        if until and day.day >= until:
            stage.groups_and_facts(day.day)
            return made
    stage.last_news()
    with kernel.writing():
        Planned.objects.all().delete()
        run.finished = True
        run.save(update_fields=["finished"])
    facts.pack(facts.folder())
    return made


class Stage:
    """The desks at which a plan happens."""

    def __init__(self, run: Run, plan: Plan, collector: Collector) -> None:
        self._run, self._collector, cast = run, collector, Cast(moment(run.first, 0))
        self._every = WEEK if plan.counts.requests < FEW * plan.profile.days else 1
        self._tickets, self._calls = Tickets(plan, cast), Calls(run.city, cast)
        self._sessions, self._casework, self._desks = (
            Sessions(plan, cast),
            Casework(plan, cast),
            Desks(plan, cast),
        )

    def day(self, day: Day) -> int:
        """Make a day happen, and what follows of itself at its end; gives how many moves."""
        run, moves = self._run, 0
        done = run.strokes if run.day == day.day else 0
        for stroke in day.strokes[:done]:
            if stroke.kind == "ring":  # which ids the day's calls were given
                self._calls.ring(stroke, day.day)
        for many in _together(day.strokes[done:]):
            if many[0].kind == "repeat" and self._every > 1:
                self._collector.finish()  # who tells the same again and again is seen in the groups
            with kernel.writing(), transaction.atomic():
                self._note(day.day, done, len(many))
                moves += sum(self._stroke(stroke, day.day) for stroke in many)
            done += len(many)
        run.day, run.strokes = day.day, len(day.strokes)
        following = day.day + timedelta(days=1)
        if following.day == 1 or day.day in {run.first, run.last}:
            take_stock(at=moment(day.day, LAST_MINUTE))
        left = (run.last - day.day).days
        if left < WEEK or left % self._every == 0:
            self.evening(day.day)
        run.day, run.strokes = following, 0
        with kernel.writing():
            run.save(update_fields=["day", "strokes"])
        return moves

    def _note(self, day: date, done: int, more: int) -> None:
        """Note strokes with what they do. :raises YearError: somebody else has noted some since: each is made once"""
        mine = Run.objects.filter(pk=self._run.pk, day=day, strokes=done)
        if not mine.update(strokes=done + more):
            raise YearError(
                _("这个数据库正由另一个进程推演，做到%s。") % day.isoformat(),
                possible=_("等它做完，或停掉它，再用同样的参数运行 tongban year replay。"),
            )

    def _stroke(self, stroke: Stroke, day: date) -> int:
        doing: Mapping[str, Callable[[], int]] = {
            "ring": lambda: self._calls.ring(stroke, day),
            "take": lambda: self._tickets.take(stroke, day, self._calls.ids),
            "move": lambda: self._tickets.move(stroke),
            "repeat": lambda: self._tickets.put_forward(stroke, day),
            "session": lambda: self._sessions.hold(stroke, day),
            "apply": lambda: self._casework.apply(stroke, day),
            "cross": lambda: self._casework.cross(stroke, day),
            "use": lambda: self._casework.show(stroke, day),
            "inbox": lambda: self._desks.inbox(day) + self._casework.evaluate(day),
            "desk": lambda: self._desks.work(day),
        }
        return doing[stroke.kind]()

    def evening(self, day: date) -> None:
        """News are delivered, clocks fall due, groups and facts are made, as the worker does it all day."""
        at = moment(day + timedelta(days=1), 0)
        while relay(at=at, limit=NEWS) + fire_due(at=at, limit=NEWS):
            pass
        self._collector.collect(at)

    def groups_and_facts(self, day: date) -> None:
        """Everything that was told until a day is in groups and facts."""
        self._collector.collect(moment(day + timedelta(days=1), 0))
        self._collector.finish()

    def last_news(self) -> None:
        """Deliver what waited for another try. :raises YearError: something reaches nobody: figures would be short of it"""
        at = moment(self._run.last + timedelta(days=1), 0) + LONGEST_WAIT
        self.groups_and_facts(at.date())
        while relay(at=at, limit=NEWS) + fire_due(at=at, limit=NEWS):
            self.groups_and_facts(at.date())
        waiting = Event.objects.filter(delivered_at=None).order_by("id")
        if first := waiting.first():
            told = {"count": waiting.count(), "topic": first.topic, "error": first.error}
            raise YearError(
                _("有%(count)d条消息没有送到，第一条是%(topic)s（%(error)s）。") % told,
                possible=_("日志里有原因，改好后用同样的参数再运行 tongban year replay。"),
            )


def _together(strokes: Sequence[Stroke]) -> Iterator[list[Stroke]]:
    """Strokes of one transaction: those of some hours, everything else by itself."""
    held: list[Stroke] = []
    size = 0
    for stroke in strokes:
        if held and (stroke.kind not in HOURLY or size >= ENOUGH):
            yield held
            held, size = [], 0
        if stroke.kind not in HOURLY:
            yield [stroke]
        else:
            held.append(stroke)
            size += len(stroke.told) + len(stroke.calls) + len(stroke.acts)
    if held:
        yield held
