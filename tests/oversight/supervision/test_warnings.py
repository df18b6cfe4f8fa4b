"""Limits turn yellow and red, the line is told rung by rung and once, a reason ends the climb."""

from dataclasses import replace

import pytest
from django.db import connection

from tests.kernel.toy import CITIZEN, at
from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Clock
from tongban.oversight.supervision import api, marking, pack, rules, selectors, telling
from tongban.oversight.supervision.contracts import Colour, SupervisionError
from tongban.oversight.supervision.models import Mark

from .conftest import LATE


def colours():
    return list(Mark.objects.order_by("pk").values_list("colour", flat=True))


def test_a_limit_of_any_kind_turns_yellow_at_its_threshold_and_not_before(town):
    town.taken()  # due at the end of 30 November; the last line of the pack: a fifth, at most three working days
    town.to("2026-11-24 12:00")
    assert colours() == []
    town.to("2026-11-26 09:00")
    assert colours() == ["yellow"]
    assert town.letters("head") == ["supervision.yellow"]
    assert "最早 2026年11月30日：" in town.last_letter("head"), "the last day, not the midnight after it"
    assert town.letters("handler") == [], "who has it was told by the desk: the kernel warns of this limit"
    town.to("2026-11-26 10:00")
    assert town.letters("head") == ["supervision.yellow"], "once"


def test_what_was_done_in_time_leaves_the_board_without_a_trace_of_red(town):
    row = town.taken()
    town.to("2026-11-27 09:00")
    town.decide(row)
    town.to("2026-12-10 09:00")
    assert colours() == ["yellow"]
    assert town.mark().outcome == "kept"
    assert selectors.counted(town.actor("district")) == []


def test_a_late_limit_climbs_the_line_until_somebody_explains(town):
    town.taken()
    town.to("2026-12-01 09:00")
    assert colours() == ["red"]
    assert (town.letters("head"), town.letters("district")) == (["supervision.red"], [])
    assert "请不晚于 2026年12月3日 到" in town.last_letter("head")
    town.to("2026-12-03 09:00")
    assert town.letters("district") == []
    town.to("2026-12-04 09:00")
    assert town.letters("district") == ["supervision.risen"]
    assert town.letters("leader") == town.letters("city") == [], "the nearest supervisor, not every one"
    town.to("2026-12-08 09:00")
    assert town.letters("leader") == ["supervision.risen"], "the district has no leader: the city's"
    town.to("2026-12-20 09:00")
    assert [len(town.letters(one)) for one in ("head", "district", "leader")] == [1, 1, 1]


def test_a_reason_ends_the_climb_and_stands_in_the_ledger(town):
    row = town.taken()
    town.to("2026-12-01 09:00")
    town.explain()
    town.to("2026-12-20 09:00")
    assert town.letters("district") == []
    (entry,) = kernel.history(f"warning:{town.mark().clock}", at=town.at)
    assert (entry.act, entry.body["docket"], entry.body["reason"]) == ("explain", row.number, "workload")
    assert "words" not in entry.body, "free text may name somebody: it lies beside the chain"


def test_a_reason_given_while_limits_are_looked_through_stays(town, monkeypatch):
    row = town.taken()
    town.to("2026-12-01 09:00")
    town.at = at("2026-12-01 10:00")
    town.decide(row)
    look = marking._moved

    def meanwhile(mark, clock, now):
        if not town.mark().reason:
            town.explain()
        return look(mark, clock, now)

    monkeypatch.setattr(marking, "_moved", meanwhile)
    api.scan(at=town.at)
    mark = town.mark()
    assert (mark.reason, mark.words, mark.next_at) == ("workload", "两名经办人休假。", None)
    assert mark.outcome == "missed"


def test_a_reason_given_while_the_line_is_told_ends_the_climb(town, monkeypatch):
    town.taken()
    town.to("2026-12-01 09:00")
    town.at = at("2026-12-04 09:00")
    look = telling._waiting

    def meanwhile(now):
        found = look(now)
        if not town.mark().reason:
            town.explain()
        return found

    monkeypatch.setattr(telling, "_waiting", meanwhile)
    api.tell_due(at=town.at)
    assert (town.letters("district"), town.mark().next_at) == ([], None)


def test_a_line_made_shorter_ends_for_those_who_had_climbed_beyond_it(town, monkeypatch):
    town.taken()
    town.to("2026-12-01 09:00")
    shorter = replace(pack.rules(), line={**pack.rules().line, "red": pack.rules().line["red"][:1]})
    for room in (marking, telling):
        monkeypatch.setattr(room, "rules", lambda: shorter)
    town.to("2026-12-04 09:00")
    assert (town.letters("district"), town.mark().next_at) == ([], None)


@pytest.mark.parametrize(
    ("who", "reason", "words", "code"),
    [
        ("handler", "workload", "两名经办人休假。", "not_yours"),
        ("other", "workload", "两名经办人休假。", "unknown"),
        ("head", "no_such", "两名经办人休假。", "reason"),
        ("head", "workload", " ", "words"),
    ],
)
def test_a_reason_that_cannot_be_taken_says_why_and_changes_nothing(town, who, reason, words, code):
    town.taken()
    town.to("2026-12-01 09:00")
    with pytest.raises(SupervisionError) as refused:
        api.explain(mark=town.mark().pk, reason=reason, words=words, actor=town.actor(who), at=town.at)
    assert refused.value.code == code
    assert town.mark().explained_at is None


def test_limits_that_stand_still_or_are_the_applicants_are_nobodys_warning(town):
    row = town.taken()
    town.at = at("2026-11-10 10:00")
    kernel.perform(row.id, "ask", actor=town.clerk(), at=town.at, data={"reason": "缺一份图纸"})
    town.to("2026-11-19 09:00")  # the applicant's ten days are nearly over, the unit's limit stands still
    assert colours() == []


def test_a_limit_that_ended_late_between_two_looks_is_found(town):
    row = town.taken()
    api.scan(at=town.at)
    town.at = at("2026-12-02 09:00")
    town.decide(row)  # nothing was fired meanwhile
    town.to("2026-12-02 10:00")
    assert (town.mark().colour, town.mark().outcome) == (Colour.RED, "missed")
    assert town.letters("head") == ["supervision.red"]


def test_one_that_was_over_long_ago_is_written_down_and_rouses_nobody(town):
    row = town.taken()
    town.at = at("2026-12-02 09:00")
    town.decide(row)
    town.to("2026-12-30 09:00")
    assert colours() == ["red"]
    assert town.letters("head") == []
    assert selectors.counted(town.actor("district")) == []


def test_a_period_that_only_has_to_pass_makes_nobody_late(town, monkeypatch):
    given = replace(pack.rules(), waits=frozenset({("toy", "decide")}))
    monkeypatch.setattr(marking, "rules", lambda: given)
    town.taken()
    town.to("2026-12-01 09:00")
    assert colours() == []


def test_a_moved_due_instant_moves_the_mark(town):
    town.taken()
    town.to("2026-11-27 09:00")
    Clock.objects.filter(name="decide").update(due_at=at("2026-12-15 00:00"), next_at=at("2026-12-15 00:00"))
    town.to("2026-12-05 09:00")
    assert colours() == ["yellow"]
    town.to("2026-12-16 09:00")
    assert colours() == ["red"]


@pytest.mark.parametrize("ends", ["kept", "dropped", "running"])
def test_a_red_one_whose_end_was_moved_is_red_no_more(town, ends):
    row = town.taken()
    town.to("2026-12-01 09:00")
    Clock.objects.filter(name="decide").update(due_at=at("2026-12-15 00:00"), next_at=at("2026-12-15 00:00"))
    town.at = at("2026-12-02 09:00")
    if ends == "kept":
        town.decide(row)
    elif ends == "dropped":
        kernel.perform(row.id, "drop", actor=CITIZEN, at=town.at)
    town.to("2026-12-10 09:00")
    assert (colours(), town.letters("district")) == (["yellow"], [])
    (counted,) = selectors.counted(town.actor("district")) or [None]
    assert counted is None or (ends, counted.red, counted.unexplained) == ("running", 0, 0)
    day = {"since": at("2026-12-01 00:00"), "until": at("2026-12-31 00:00")}
    assert selectors.late_of(LATE, **day).ended == 0
    if ends == "running":
        town.to("2026-12-16 09:00")
        assert colours() == ["red"]
        assert town.letters("head") == ["supervision.red"] * 2, "late again, told again"


def test_letters_of_a_bad_day_are_one_and_ask_for_people_once(town, django_assert_max_num_queries):
    for _ in range(12):
        town.taken()
    town.at = at("2026-12-01 09:00")
    fire_due(at=town.at)
    api.scan(at=town.at)
    with django_assert_max_num_queries(14):
        assert api.tell_due(at=town.at) == 12
    assert town.letters("head") == ["supervision.red"]
    assert selectors.counted(town.actor("city"))[0].red == 12


def test_who_reads_what(town):
    town.taken()
    town.to("2026-12-01 09:00")
    seen = {name: len(selectors.marks(town.actor(name))[0]) for name in town.officers}
    assert seen == {"head": 1, "handler": 1, "other": 0, "district": 1, "city": 1, "leader": 1}


def test_looking_through_asks_the_same_for_one_and_for_many(town, django_assert_max_num_queries):
    for _ in range(30):
        town.taken()
    town.to("2026-12-01 09:00")
    with django_assert_max_num_queries(12):
        api.scan(at=town.at)


def test_looking_through_reads_by_index_what_waits_and_what_is_late(town):
    if connection.vendor == "postgresql":
        pytest.skip("its planner goes by how much there is: two rows are read whole")
    town.taken()
    assert "clock_next" in marking.waiting(town.at).explain()
    assert "docket_open_kind" in marking.late(town.at).explain()


@pytest.mark.django_db
def test_thresholds_are_data_and_what_is_wrong_with_them_is_named():
    given = pack.rules()
    sign = given.threshold("ticket", "sign")
    calendar = calendar_for("421202000000")
    start, due = at("2026-11-09 09:00"), at("2026-11-09 11:00")
    assert rules.yellow_from(sign, started_at=start, due_at=due, calendar=calendar) == at("2026-11-09 10:30")
    fifth = given.threshold("no", "such")
    assert rules.yellow_from(fifth, started_at=start, due_at=due, calendar=calendar) == at("2026-11-09 10:36")
    with pytest.raises(SupervisionError, match="yellow"):
        pack.read({**_raw(), "yellow": [{"kind": "case", "before": {"amount": 1, "unit": "minutes"}}]})
    with pytest.raises(SupervisionError, match="weeks"):
        pack.read({**_raw(), "explain": {"amount": 1, "unit": "weeks"}})
    with pytest.raises(SupervisionError, match="judge"):
        pack.read({key: value for key, value in _raw().items() if key != "judge"})


def _raw():
    day = {"amount": 1, "unit": "working_days"}
    return {
        "yellow": [{"percent": 20, "most": day}], "waits": [], "line": {"yellow": [], "red": []}, "stale_days": 10, "explain": day,
        "appeal": day, "judge": day, "source": "示例", "reasons": [], "grounds": [],
    }  # fmt: skip
