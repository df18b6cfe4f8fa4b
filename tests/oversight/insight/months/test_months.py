"""A month stays as it was published; what comes later is a correction; what was altered by hand is found and marked."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.actors.factories import CITY
from tests.kernel.toy import at
from tests.oversight.insight.conftest import MONDAY, collected
from tongban.kernel import api as kernel
from tongban.kernel.ledger import services as ledger
from tongban.kernel.ledger.models import Entry
from tongban.kernel.outbox.models import Event
from tongban.oversight.insight import api as insight
from tongban.oversight.insight.access import scope_of
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.facts import services as facts
from tongban.oversight.insight.facts import storing
from tongban.oversight.insight.months import checking, digests, freezing, selectors, services
from tongban.oversight.insight.months.models import Check, Edition, Published
from tongban.oversight.insight.web.published import history

NOVEMBER = date(2026, 11, 15)
AFTER = at("2026-12-03 09:00")


pytestmark = pytest.mark.usefixtures("toy_pack")


def published(bureau, *, month=NOVEMBER, at=AFTER, by="head"):
    return services.publish(month=month, actor=bureau.actor(by), at=at)


def city(edition=None):
    return insight.published(NOVEMBER, whose=CITY, edition=edition)[CITY]


def now():
    found = list(insight.indicators(on=NOVEMBER).values())
    return insight.figures(found, period=insight.month(NOVEMBER), scope=Scope())


def test_a_month_is_published_once_by_who_may_and_after_it_is_over(bureau, toys):
    toys(1, 2)
    with pytest.raises(services.MonthError, match="还没有过完"):
        published(bureau, at=at("2026-11-30 23:00"))
    for nobody in ("supervisor", "other"):
        with pytest.raises(services.MonthError, match="可以公布"):
            published(bureau, by=nobody)
    assert insight.closed(NOVEMBER) is None
    made = published(bureau)
    found = insight.closed(NOVEMBER)
    assert (found.edition, found.by, found.unit) == (1, bureau.actor("head").id, bureau.unit.pk)
    assert found.digest == made.digest == digests.grounds(insight.month(NOVEMBER)).digest
    assert city()["toy.opened"].value == 2
    assert insight.published(NOVEMBER)["u1"]["toy.on_time"].whole == 2
    with pytest.raises(services.MonthError, match="已经公布了"):
        published(bureau)
    entry = kernel.history("month:2026-11", at=AFTER)[0]
    assert (entry.act, entry.body["digest"], entry.body["figures"]["toy.opened"]) == (
        "publish",
        made.digest,
        "2",
    )


def test_a_late_event_does_not_change_what_was_published_and_is_shown_as_a_correction(
    bureau, toys, monkeypatch
):
    toys(1)
    published(bureau)
    services_none = services.correct
    with pytest.raises(services.MonthError, match="没有什么要更正"):
        services_none(month=NOVEMBER, reason="看看", actor=bureau.actor("head"), at=AFTER)
    toys(2)  # written down now, of November
    assert city()["toy.opened"].value == 1, "published stays published"
    assert now()["toy.opened"].figures[()].value == 2
    edition = selectors.newest(NOVEMBER)
    found = {(one.indicator.id, one.whose): one for one in selectors.differences(edition)}
    assert (found["toy.opened", CITY].published.value, found["toy.opened", CITY].now.value) == (1, 2)
    assert ("toy.opened", "u1") in found
    Edition.objects.update(at=MONDAY)  # entries are recorded when this test runs
    late = selectors.late(selectors.newest(NOVEMBER), days=digests.grounds(insight.month(NOVEMBER)).days)
    assert late.rows
    assert digests.known(insight.month(NOVEMBER)) == digests.grounds(insight.month(NOVEMBER))
    with monkeypatch.context() as looked:
        looked.setattr(digests, "_of_file", lambda _path: 1 / 0)
        assert digests.known(insight.month(NOVEMBER)).rows, "no row is read again while no file changed"
    assert ("moves", MONDAY.date()) in late.days
    with pytest.raises(services.MonthError, match="为什么更正"):
        services.correct(month=NOVEMBER, reason=" ", actor=bureau.actor("head"), at=AFTER)
    made = services.correct(month=NOVEMBER, reason="一件晚到", actor=bureau.actor("leader"), at=AFTER)
    assert (made.number, insight.closed(NOVEMBER).reason) == (2, "一件晚到")
    assert city()["toy.opened"].value == 2
    assert city(edition=1)["toy.opened"].value == 1, "the first edition can still be read"
    assert [one.act for one in kernel.history("month:2026-11", at=AFTER)] == ["publish", "correct"]
    assert selectors.differences(selectors.newest(NOVEMBER)) == []


def test_a_year_of_months_is_read_in_as_many_queries_as_one(bureau, toys, django_assert_num_queries):
    toys(1, 30)
    published(bureau)
    published(bureau, month=date(2026, 12, 1), at=at("2027-01-03 09:00"))
    periods = [insight.month(date(2026, 12, 1), back=back) for back in reversed(range(13))]
    whole = Scope(("4212",))
    freezing.divisions()  # the directory is read
    with django_assert_num_queries(4):
        rows = history("toy.on_time", periods=periods, scope=whole)
    assert [(row["month"], row["value"], row["published"]) for row in rows] == [
        ("2026-11", "100%", True), ("2026-12", "0.0%", True),
    ]  # fmt: skip


def test_an_event_told_twice_changes_nothing(bureau, toys):
    toys(1, 2)
    made = published(bureau)
    Event.objects.update(delivered_at=None)
    collected()
    facts.rebuild()
    assert digests.grounds(insight.month(NOVEMBER)).digest == made.digest
    assert selectors.differences(made) == []


def test_nothing_to_divide_by_is_published_as_none(bureau, toys):
    toys(0)
    published(bureau)
    row = Published.objects.get(indicator="toy.on_time", whose=CITY)
    assert row.value is None
    assert insight.shown(insight.indicators(on=NOVEMBER)["toy.on_time"], city()["toy.on_time"]) == "无"


def altered(number):
    """An entry altered by hand: the decision was a day earlier, they say."""
    entry = Entry.objects.filter(stream=number).order_by("-sequence")[0]
    body = json.loads(entry.body)
    body["outcome"] = "forged"
    Entry.objects.filter(pk=entry.pk).update(
        body=json.dumps(body, ensure_ascii=False), at=entry.at - timedelta(days=1)
    )
    return entry


def checked():
    return checking.check(Check(asked_by="system", asked_at=AFTER), at=AFTER)


def test_an_entry_altered_by_hand_is_found_and_the_figures_that_rest_on_it_are_marked(bureau, toys):
    bad = toys(1, 2)[0]
    toys(1, unit="u2", region="421221000000")
    assert checked().marks == {}
    assert insight.marked(NOVEMBER, scope=Scope(("",))) == {}
    entry = altered(bad.number)
    found = checked()
    assert [(one["stream"], one["sequence"]) for one in found.faults] == [(bad.number, entry.sequence)]
    assert found.days, "the facts are not what the altered ledger says"
    found = insight.marked(NOVEMBER, scope=Scope(("",)))
    assert {"toy.opened", "toy.on_time"} <= set(found)
    assert bad.number in {one.stream for one in found["toy.on_time"]}


def test_a_mark_is_shown_only_to_who_counts_what_it_rests_on(bureau, toys):
    bad = toys(1)[0]
    toys(1, unit="u2", region="421221000000")
    altered(bad.number)
    facts.rebuild()  # facts and ledger agree again; the chain does not
    assert checked().days == []
    inside = insight.marked(NOVEMBER, scope=Scope(("421202",)))
    assert {one.stream for one in inside["toy.opened"]} == {bad.number}
    assert insight.marked(NOVEMBER, scope=Scope(("421221",))) == {}
    assert insight.marked(NOVEMBER, scope=scope_of(bureau.actor("other"))) == {}
    published(bureau)
    assert Published.objects.filter(doubtful=True, indicator="toy.opened", whose=CITY).exists()


def test_a_file_of_facts_touched_by_hand_marks_every_figure_of_its_table(bureau, toys):
    toys(1)
    day = MONDAY.date()
    rows = storing.read(storing.folder(), "moves", day)
    storing.write(storing.file_of(storing.folder(), "moves", day), rows.slice(0, 1))
    assert checked().days == [["moves", day.isoformat()]]
    assert "toy.opened" in insight.marked(NOVEMBER, scope=Scope(("421221",)))


def test_a_mark_of_a_register_is_for_who_counts_what_is_nobodys_own():
    one = selectors.Mark("licences.uses", "u1", "", "licence:1")
    for seen in (Scope(("4212",)), Scope(("",)), Scope(units=("u1",))):
        assert selectors._inside(one, seen)
    for other in (Scope(("421202",)), Scope(units=("u2",))):
        assert not selectors._inside(one, other)


def test_facts_that_come_in_meanwhile_are_counted_before_a_month_is_published(bureau, toys, monkeypatch):
    toys(1)
    states, counted, real = iter("abcc"), [], freezing.counted
    monkeypatch.setattr(digests, "state", lambda _period: next(states))
    monkeypatch.setattr(
        freezing, "counted", lambda *given, **named: counted.append(1) or real(*given, **named)
    )
    assert published(bureau).number == 1
    assert len(counted) == 2
    changing = iter(range(9))
    monkeypatch.setattr(digests, "state", lambda _period: next(changing))
    with pytest.raises(services.MonthError, match="正在写入"):
        published(bureau, month=date(2026, 10, 1))


def test_a_chain_that_is_gone_to_its_end_is_missed_beside_the_anchor(bureau, settings):
    kernel.record(stream="licence:x", act="use", actor=kernel.SYSTEM, at=MONDAY, data={})
    assert checked().anchored_until is None
    folder, until = settings.DATA / "anchors", timezone.now() + timedelta(minutes=1)
    path = ledger.seal(until=until, at=until, folder=folder)
    Entry.objects.filter(stream="licence:x").delete()
    found = checked()
    assert (found.anchored_until, [one["stream"] for one in found.faults]) == (until, ["licence:x"])
    path.write_bytes(b"nothing that can be read")
    assert [one["stream"] for one in checked().faults] == [""]


def test_months_over_the_pages(bureau, client, toys):
    toys(1, 2)
    head = bureau.signed_in(client, "head")
    assert head.get("/work/insight/months").status_code == 200
    last = insight.month(timezone.localdate(), back=1).first
    page = f"/work/insight/months/{last:%Y-%m}"
    assert "还没有公布" in head.get(page).content.decode()
    assert head.post(page, {"act": "publish"}).status_code == 302
    again = head.post(page, {"act": "publish"})
    assert (again.status_code, "已经公布了" in again.content.decode()) == (422, True)
    none = head.post(page, {"act": "correct", "reason": "写了理由"})
    assert "没有什么要更正" in none.content.decode()
    assert "写了理由" in none.content.decode(), "what was typed is still there"
    assert head.post("/work/insight/months", {"act": "check"}).status_code == 302
    assert Check.objects.filter(done_at=None).count() == 1
    supervisor = bureau.signed_in(client, "supervisor")
    assert supervisor.post(page, {"act": "publish"}).status_code == 422
    assert supervisor.get("/work/insight/months/2026-13").status_code == 404
    other = bureau.signed_in(client, "other")
    assert other.get(page).status_code == 200
