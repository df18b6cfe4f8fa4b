"""A small month through the real flows: what insight counts is what was published, whatever happened on the way."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction

from tests.year import town
from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket, Entry
from tongban.kernel.outbox import relay as outbox
from tongban.oversight.insight import api as insight
from tongban.oversight.insight.facts import storing
from tongban.oversight.insight.facts.contracts import TABLES
from tongban.year import reporting, services
from tongban.year.contracts import YearError
from tongban.year.driving import collecting
from tongban.year.models import Planned, Run

ALL = insight.Period(town.FIRST, town.LAST)


def replayed(slug):
    run = services.begin(slug, scale=1, seed=7)
    services.replay(run)
    return run


def digest():
    """Of all facts but when they were written down, and the numbers that the database gives to calls."""
    whole = hashlib.sha256()
    for table in TABLES:
        for day in storing.days_of(storing.folder(), table):
            rows = storing.read(storing.folder(), table, day).to_pylist()
            lines = [
                json.dumps(row | {"recorded_at": "", "key": ""}, sort_keys=True, default=str) for row in rows
            ]
            whole.update("\n".join(sorted(lines)).encode())
    return whole.hexdigest()


def figure(name):
    one = insight.indicators(on=town.LAST)[name]
    return insight.figures([one], period=ALL, scope=insight.Scope())[name].figures[()]


def test_indicators_give_the_published_figures_and_events_that_are_lost_or_altered_move_them(month):
    run = replayed(month)
    lines = {line.key: line for line in reporting.compare(run)}
    assert [key for key, line in lines.items() if line.same is False] == []
    assert {"requests", "by_phone", "by_net", "closed", "satisfied", "operators_satisfied", "sessions"} <= {
        key for key, line in lines.items() if line.same
    }
    assert lines["posts"].same is None
    assert all(
        line.told == line.found for line in lines.values() if line.same
    )  # the annual report says it too
    ends = {month: one.value for (month,), one in by_month("hotline.lines").items()}
    assert ends == {"2023-03": 42}
    assert not Planned.objects.exists()
    open_now = Docket.objects.filter(kind=hotline.KIND, closed_at=None)
    assert open_now.count() == 5
    _events_move_figures(run)


def _events_move_figures(run):
    before = figure("hotline.closed").value
    files = [
        storing.file_of(storing.folder(), "moves", day) for day in storing.days_of(storing.folder(), "moves")
    ]
    table = max(
        (storing.read(storing.folder(), "moves", date.fromisoformat(path.stem)) for path in files), key=len
    )
    day = table["day"][0].as_py()
    # Told twice: the same rows again.
    storing.add(storing.folder(), "moves", day, table.to_pylist())
    assert figure("hotline.closed").value == before
    # Dropped: a close is missing.
    closes = [n for n, (act, outcome) in enumerate(zip(table["act"].to_pylist(), table["outcome"].to_pylist(), strict=True))
              if outcome and act in {"answer", "close"}]  # fmt: skip
    storing.write(
        storing.file_of(storing.folder(), "moves", day),
        table.take([n for n in range(len(table)) if n != closes[0]]),
    )
    assert figure("hotline.closed").value == before - 1
    # Delayed into the next month, and altered to something else: it is not counted in this one.
    rows = table.to_pylist()
    rows[closes[0]] |= {"outcome": "", "after": "handling"}
    storing.write(storing.file_of(storing.folder(), "moves", day), table.schema.empty_table())
    late = town.LAST + timedelta(days=1)
    storing.add(storing.folder(), "moves", late, [{**row, "day": late} for row in rows])
    assert figure("hotline.closed").value == before - len(closes)
    assert any(line.same is False for line in reporting.compare(run))
    with pytest.raises(CommandError, match="closed"):
        call_command("year", "report")


def by_month(name):
    one = insight.indicators(on=town.LAST)[name]
    return insight.figures([one], period=ALL, scope=insight.Scope(), by=("month",))[name].figures


class KilledError(Exception):
    pass


def test_a_run_that_is_killed_goes_on_to_the_same_facts(month, monkeypatch, settings, tmp_path):
    few = {
        key: {"value": value, "row": "E1"}
        for key, value in {"requests": 24, "calls": 20, "answered": 18}.items()
    }
    town.written(tmp_path, last=date(2023, 3, 16), published=few)
    with transaction.atomic():
        replayed(month)
        whole, entries = digest(), Entry.objects.count()
        transaction.set_rollback(True)
    actors.forget()
    settings.DATA = tmp_path / "again"
    doing, left = services.Stage._stroke, [30]

    def die(self, stroke, day):
        left[0] -= 1
        if 0 >= left[0] > -9 and stroke.kind == "move":
            left[0] = -9
            raise KilledError
        return doing(self, stroke, day)

    monkeypatch.setattr(services.Stage, "_stroke", die)
    monkeypatch.setattr(services, "ENOUGH", 1)  # so that some of its day stands
    with pytest.raises(KilledError):
        replayed(month)
    run = Run.objects.get()
    assert town.FIRST < run.day < run.last
    assert run.strokes
    replayed(month)
    assert Run.objects.get().finished
    assert Entry.objects.count() == entries
    assert digest() == whole
    assert replayed(month).finished  # once more: nothing is left to do
    assert Entry.objects.count() == entries


def test_a_database_that_holds_something_else_is_refused(month):
    told = hotline.NewTicket(kind="help", channel="phone", text="路灯坏了三天，晚上看不见路。")
    hotline.take(told, actor=kernel.SYSTEM, at=services.moment(town.FIRST, 600))
    with pytest.raises(CommandError, match="TONGBAN_DATA"):
        call_command("year", "replay", city=month, scale=1.0)
    assert not Run.objects.exists()


def test_one_database_has_one_year(month):
    services.begin(month, scale=1, seed=7)
    with pytest.raises(YearError, match="种子7"):
        services.begin(month, scale=1, seed=8)
    with pytest.raises(YearError, match="没有做完"):
        reporting.finished_run()


def test_a_process_beside_comes_up_by_itself_and_tells_what_went_wrong_in_it(monkeypatch, tmp_path):
    monkeypatch.setenv("TONGBAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with collecting.Beside() as beside:
        beside.collect(services.moment(town.FIRST, 0))
        with pytest.raises(OperationalError, match="no such table"):
            beside.finish()


def test_two_who_replay_one_year_make_nothing_twice(month):
    first, second = services.begin(month, scale=1, seed=7), services.begin(month, scale=1, seed=7)
    services.replay(first, until=town.FIRST)
    entries = Entry.objects.count()
    with pytest.raises(YearError, match="另一个进程"):
        services.replay(second)
    assert Entry.objects.count() == entries


def test_a_year_is_not_over_while_news_reach_nobody(month):
    @outbox.on("toy.unheard")
    def fails(_news):
        raise ValueError

    run = services.begin(month, scale=1, seed=7)
    with kernel.writing():
        kernel.announce(topic="toy.unheard", place="toy:1#1", at=services.moment(town.LAST, 600), body={})
    with pytest.raises(YearError, match=r"toy\.unheard（ValueError）"):
        services.Stage(run, services.plan_of(run), services.Here()).last_news()
    outbox._HANDLERS.pop("toy.unheard")


def test_a_figure_that_no_indicator_gives_is_a_fault_of_the_profile(month, tmp_path):
    town.written(tmp_path, published={"requests": {"value": 24, "row": "E1", "indicator": "hotline.no_such"}})
    with pytest.raises(YearError, match=r"published\.requests\.indicator"):
        reporting.compare(services.begin(month, scale=1, seed=7))
