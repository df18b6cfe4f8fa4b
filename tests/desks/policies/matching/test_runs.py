"""What a run stores, what replaces it, and what does not."""

from __future__ import annotations

import json

import pytest
from django.db import transaction

from tests.desks.policies.matching.conftest import CAPITAL, FAR, GOOD, NEARLY, OPEN, growth
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import api, running, storing
from tongban.desks.policies.matching.computing import compute
from tongban.desks.policies.matching.contracts import Cause, RunState
from tongban.desks.policies.matching.models import Changed, Result, Roll, Run
from tongban.kernel.rules.amounts import MOST_FEN


class Killed(BaseException):
    """The process ends here; nothing gets to tidy up."""


def test_a_run_keeps_who_is_entitled_and_to_how_much(town):
    good, nearly = town.company(**GOOD), town.company(**NEARLY)
    town.company(**FAR)
    town.company(**OPEN)
    town.open()

    organisations, persons = town.run()

    assert (organisations.state, organisations.measures, organisations.parties) == (RunState.COMPLETE, 1, 4)
    assert (persons.measures, persons.parties) == (0, 0)
    assert town.entitled() == {str(good): 30_000_00}
    told = town.counts()
    assert (told.entitled, told.unknown, told.nearest, told.fen) == (1, 1, 2, 30_000_00)
    assert [(one.element, one.pairs, one.parties) for one in organisations.lacking] == [
        ("firm.abnormal", 1, 1)
    ]
    assert town.standings(nearly)["kjj-growth"].standing is Standing.NOT_YET


def test_what_is_stored_is_what_each_company_is_told(town):
    companies = [town.company(**facts) for facts in (GOOD, NEARLY, FAR, OPEN)]
    town.open(
        growth(),
        growth("kjj-all", condition=CAPITAL, amount=None),
        growth("kjj-fixed", amount={"yuan": "800"}),
    )
    town.run()

    for key in ("kjj-growth", "kjj-all", "kjj-fixed"):
        told = {str(one): town.standings(one)[key] for one in companies if town.standings(one)}
        entitled = {party: one.amount_fen for party, one in told.items() if one.standing is Standing.ENTITLED}
        assert town.entitled(key) == entitled
        unknown = [one for one in told.values() if one.standing is Standing.UNKNOWN]
        assert town.counts(key).unknown == len([one for one in unknown if one.missing])


def test_a_repeated_run_changes_nothing_and_announces_nothing(town):
    town.company(**GOOD)
    town.open()
    town.run()
    before, rows = town.stored(), list(Result.objects.values_list("pk", flat=True))

    again, _persons = town.run()

    assert again.state is RunState.SAME
    assert town.stored() == before
    assert list(Result.objects.values_list("pk", flat=True)) == rows
    assert len(town.events("measure.matched")) == 1


def test_a_new_day_is_a_new_run_and_tells_only_what_came_out_otherwise(town):
    town.company(**GOOD)
    town.open(growth(), growth("kjj-old", condition=CAPITAL))
    town.run()
    town.later(days=40)  # what is known of the abnormal list may be 31 days old

    again, _persons = town.run()

    assert again.state is RunState.COMPLETE
    assert town.entitled() == {}
    assert town.counts().unknown == 1
    assert len(town.entitled("kjj-old")) == 1
    keys = [json.loads(body)["key"] for body in town.events("measure.matched")]
    assert keys == ["kjj-growth", "kjj-old", "kjj-growth"]


@pytest.mark.parametrize("point", range(6))
def test_a_run_killed_anywhere_loses_nothing_and_repeated_gives_the_same(town, monkeypatch, point):
    town.company(**GOOD)
    town.open(growth(), growth("kjj-all", condition=CAPITAL))
    town.run()
    before = town.stored()
    town.company(**{**GOOD, "firm__capital": 2_000_000_00})
    monkeypatch.setattr(storing, "BATCH", 1)
    _killed_at(point, monkeypatch)
    with pytest.raises(Killed):
        town.run()
    if point < 5:  # the last point lies after the one step that replaces
        assert town.stored() == before
    monkeypatch.undo()
    _in_this_process(monkeypatch)

    town.later(minutes=21)
    running.work(at=town.at)  # takes up what was begun so long ago and has not ended
    town.run()

    after = town.stored()
    Run.objects.all().update(roll=None)
    Result.objects.all().delete()
    Run.objects.all().delete()
    town.run()
    assert town.stored() == after
    assert len(town.entitled()) == 2
    assert Result.objects.filter(current=False).count() == 0


def _killed_at(point, monkeypatch):
    """After the head, after each batch, before and after the replacing step, while clearing."""
    if point < 3:
        whole = running.compute

        def dying(*given, **also):
            for number, part in enumerate(whole(*given, **also)):
                if number == point + 1:
                    raise Killed
                yield part

        monkeypatch.setattr(running, "compute", dying)
        return
    name, replace = {3: "_replace", 4: "_announce", 5: "clear"}[point], storing._replace
    # The test itself is one transaction: what the killed one had written has to be undone as it would be.
    monkeypatch.setattr(storing, "_replace", lambda *given: _undone(replace, given))

    def die(*_given, **_also):
        raise Killed

    monkeypatch.setattr(storing, name, die)


def _undone(function, given):
    with transaction.atomic():
        return function(*given)


def test_a_measure_published_is_matched_by_itself_and_one_withdrawn_has_no_result(town):
    company = town.company(**GOOD)
    town.open()
    assert town.work() == 1
    assert list(town.entitled()) == [str(company)]
    town.later(days=1)
    town.open(growth(condition={"and": [CAPITAL, {"==": [{"var": "firm.county"}, "赤壁市"]}]}))

    assert town.work() == 1

    assert town.entitled() == {}
    assert town.counts().version == 2
    assert {one.cause for one in api.latest_runs()} == {Cause.PUBLISHED}


def test_a_policy_that_has_run_out_loses_its_results_at_the_next_run(town):
    town.company(**GOOD)
    town.open(valid_until="2026-11-30")
    town.run()
    town.later(days=11)

    town.run()

    with pytest.raises(api.MatchingError, match="还没有匹配过"):
        town.entitled()
    assert Result.objects.count() == 0


def test_very_many_published_measures_are_one_run(town, monkeypatch):
    monkeypatch.setattr(running, "MOST_MEASURES", 2)
    _in_this_process(monkeypatch)
    town.company(**GOOD)
    town.open(*(growth(f"kjj-m{n}") for n in range(4)))

    assert town.work() == 1

    [one] = api.latest_runs()
    assert (one.key, one.measures, one.state) == ("", 4, RunState.COMPLETE)


def _in_this_process(monkeypatch):
    carry_out = running.carry_out
    monkeypatch.setattr(
        running, "carry_out", lambda number, *, at, apart: carry_out(number, at=at, apart=False)
    )


def test_a_company_that_changes_counts_at_once_and_alone(town):
    good, other = town.company(**GOOD), town.company(**FAR)
    town.open()
    town.run()
    town.renew()
    town.later(hours=1)
    town.knows(other, firm__capital=4_000_000_00)

    assert town.renew() == [str(other)]

    assert town.entitled() == {str(good): 30_000_00, str(other): 100_000_00}
    assert not Changed.objects.exists()
    town.run()
    assert town.entitled() == {str(good): 30_000_00, str(other): 100_000_00}
    town.later(hours=1)
    town.knows(good, firm__abnormal=True)
    town.renew()
    assert town.entitled() == {str(other): 100_000_00}


def test_very_many_changes_are_one_run(town, monkeypatch):
    monkeypatch.setattr(running, "MOST_SINGLY", 1)
    for _n in range(3):
        town.company(**GOOD)
    town.open()

    assert town.renew() == []

    assert [one.cause for one in api.latest_runs() if not one.key] == [Cause.CHANGES]
    assert not Changed.objects.exists()


def test_a_dissolved_company_leaves_at_once_and_with_the_next_run_for_good(town):
    gone, stays = town.company(**GOOD), town.company(**GOOD)
    town.open()
    town.run()
    gone.ended_on = town.today
    gone.save()

    assert list(api.entitled("kjj-growth", at=town.at).fen) == [str(stays)]
    assert api.standing(str(gone), at=town.at) == ()
    with pytest.raises(api.MatchingError, match="已经终止"):
        api.why(str(gone), "kjj-growth", at=town.at)
    town.run()
    assert list(town.entitled()) == [str(stays)]
    assert town.counts().parties == 1


def test_a_rule_that_matches_everybody_and_one_that_matches_nobody_are_marked(town):
    town.company(**GOOD)
    below = {"<": [{"var": "firm.capital"}, {"yuan": "500000"}]}
    town.open(
        growth("kjj-all", condition={"or": [CAPITAL, below]}),
        growth("kjj-none", condition={"and": [CAPITAL, below, {"var": "firm.abnormal"}]}),
    )
    town.run()

    everybody, nobody = town.counts("kjj-all"), town.counts("kjj-none")
    assert (everybody.everybody, everybody.nobody) == (True, False)
    assert (nobody.everybody, nobody.nobody) == (False, True)


def test_an_amount_beyond_all_reason_is_named_and_not_paid(town):
    company, usual = town.company(**{**GOOD, "firm__capital": MOST_FEN}), town.company(**GOOD)
    town.open(growth(amount={"*": [{"var": "firm.capital"}, 2]}))
    town.run()

    told = town.counts()
    assert (told.entitled, told.unpaid, told.fen) == (2, 1, 1_200_000_00)
    assert town.entitled() == {str(company): None, str(usual): 1_200_000_00}
    [pair] = api.standing(str(company), at=town.at)
    assert (pair.standing, pair.amount_fen) == (Standing.ENTITLED, None)


def test_what_goes_wrong_is_written_on_the_run_and_the_results_stay(town, monkeypatch):
    town.company(**GOOD)
    town.open()
    town.run()
    before = town.stored()
    town.later(days=1)

    def broken(*_given, **_also):
        raise OSError("no space left")

    monkeypatch.setattr(storing, "_write", broken)
    failed, _persons = town.run()

    assert (failed.state, failed.trouble) == (RunState.FAILED, "OSError")
    assert town.stored() == before


def test_findings_without_their_end_replace_nothing(town):
    town.company(**GOOD)
    town.open()
    run = Run.objects.create(party_kind="organisation", cause=Cause.ASKED, asked_by="system", at=town.at)
    parts = list(compute("organisation", at=town.at))

    with pytest.raises(ValueError, match="tail"):
        storing.store(run, parts[:-1], at=town.at)
    with pytest.raises(ValueError, match="head"):
        storing.store(run, parts[1:], at=town.at)
    assert not Result.objects.filter(current=True).exists()


def test_an_older_run_that_ends_late_replaces_nothing_newer(town):
    town.company(**GOOD)
    town.open()
    old = api.ask("organisation", cause=Cause.ASKED, at=town.at)
    Run.objects.filter(pk=old.number).update(state=RunState.COMPUTING)
    town.later(minutes=1)
    town.run()
    before = town.stored()
    Run.objects.filter(pk=old.number).update(state=RunState.WAITING)
    Run.objects.exclude(pk=old.number).update(day=None)  # so that it is not the same

    running.carry_out(old.number, at=town.later(minutes=1), apart=False)

    assert api.run(old.number).state is RunState.OVERTAKEN
    assert town.stored() == before


def test_rolls_that_nobody_reads_go(town):
    town.company(**GOOD)
    town.open()
    town.run()
    town.later(days=1)
    town.company(**GOOD)
    town.run()

    assert Roll.objects.filter(party_kind="organisation").count() == 1
    assert town.counts().parties == 2


def test_a_run_in_a_child_process_hands_its_findings_over(town, tmp_path):
    from tongban.desks.policies.matching import handing

    town.company(**GOOD)
    town.open()
    path = tmp_path / "run.found"
    parts = list(compute("organisation", at=town.at))
    handing.write(path, parts)

    assert list(handing.read(path)) == parts
    assert not path.with_suffix(".part").exists()


def test_the_engine_is_configuration(town, settings, monkeypatch):
    town.company(**GOOD)
    town.open()
    town.run()
    here = town.stored()
    asked = []

    from tongban.kernel.rules.columns import parts

    real = parts._mapper
    monkeypatch.setattr(
        parts, "_mapper", lambda engine, address: asked.append((engine, address)) or real("here", "")
    )
    settings.COLUMN_ENGINE, settings.SPARK_MASTER = "spark", "local[2]"
    town.later(minutes=1)
    Run.objects.update(day=None)
    town.run()

    assert ("spark", "local[2]") in asked
    assert town.stored() == here
