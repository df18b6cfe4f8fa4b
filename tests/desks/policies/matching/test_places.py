"""What a county gives, it gives to its own: the same for everybody at once and for one company."""

from __future__ import annotations

from tests.actors.factories import DISTRICT, OTHER_DISTRICT, STREET, VILLAGE, a_unit
from tests.desks.policies.conftest import a_policy
from tests.desks.policies.matching.conftest import CAPITAL, GOOD, NEARLY, growth
from tongban.actors import api as actors
from tongban.desks.policies import api, counting, loading, readiness, selectors
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.format import PolicyPack
from tongban.desks.policies.matching import api as matching
from tongban.desks.policies.models import Version
from tongban.desks.policies.trying import load
from tongban.kernel import api as kernel
from tongban.registers.portraits import api as portraits

HERE, THERE = "咸安区", "赤壁市"


def opened_in(town, region, *measures, key="kjj-rd"):
    """Measures of a division's own science bureau."""
    unit = a_unit(f"{region}-kjj", region=region)
    written = PolicyPack.model_validate(a_policy(*(measures or (growth(),)), key=key))
    loading.bring_in([(actors.unit(str(unit.pk)), written)], actor=kernel.SYSTEM, at=town.at)


def test_a_county_gives_to_its_own_companies_alone(town):
    here = town.company(**GOOD, firm__county=HERE)
    there = town.company(**GOOD, firm__county=THERE)
    nowhere = town.company(**GOOD)
    opened_in(town, DISTRICT)
    town.run()

    assert town.entitled() == {str(here): 30_000_00}
    told = town.counts()
    assert (told.entitled, told.unknown, told.nearest) == (1, 1, 0)
    [mine], [theirs], [open_one] = (town.standings(one).values() for one in (here, there, nowhere))
    assert mine.standing is Standing.ENTITLED
    assert (theirs.standing, theirs.nearest) == (Standing.NOT, ())
    assert (open_one.standing, open_one.missing) == (Standing.UNKNOWN, ("firm.county",))


def test_who_lives_elsewhere_reads_that_it_is_the_county(town):
    there = town.company(**GOOD, firm__county=THERE)
    opened_in(town, DISTRICT)

    told = matching.why(str(there), "kjj-growth", at=town.at)

    where, *others = told.conditions
    assert (where.holds, where.wanted.en) == ("unmet", "County or district is Xian'an District")
    assert [one.value.zh for one in where.known] == [THERE]
    assert {one.holds for one in others} == {"met"}
    assert told.standing is Standing.NOT


def test_the_city_gives_to_everybody_and_its_rule_is_as_it_was_written(town):
    town.company(**GOOD, firm__county=THERE)
    town.company(**GOOD)
    town.open()
    town.run()
    assert len(town.entitled()) == 2
    [one] = api.measures(on=town.today)
    assert selectors.compiled(one).rule.source == one.condition


def test_a_street_gives_to_its_own_and_a_village_is_told_that_nobody_can_be_told(town):
    mine = town.company(**GOOD, firm__county=HERE, firm__township="温泉街道")
    town.company(**GOOD, firm__county=HERE, firm__township="永安街道")
    town.company(**GOOD, firm__county=THERE, firm__township="温泉街道")
    opened_in(town, STREET)
    opened_in(town, VILLAGE, growth("kjj-village"), key="kjj-other")
    town.run()

    assert set(town.entitled()) == {str(mine)}
    assert matching.counts(["kjj-village"])[0].entitled == 0
    version = Version.objects.get(measure__key="kjj-village")
    [found] = [one for one in readiness.findings(version, on=town.today) if one.code == "region"]
    assert found.stops
    assert "万年路社区" in found.words


def test_a_policy_loaded_for_the_city_is_the_citys_whichever_unit_answers_for_it(town):
    """A department may have its unit only in a county; what the city's pack says is the city's all the same."""
    a_unit(f"{OTHER_DISTRICT[:6]}-swu", region=OTHER_DISTRICT)
    town.bring(a_policy(), department="swu")
    [one] = api.measures(on=town.today)
    assert (one.unit, one.region) == ("421281-swu", "421200000000")


def test_a_county_that_is_written_into_the_rule_too_counts_once(town):
    there = town.company(**GOOD, firm__county=THERE)
    small = town.company(**NEARLY, firm__county=HERE)
    twice = {"and": [growth()["condition"], {"==": [{"var": "firm.county"}, HERE]}]}
    opened_in(town, DISTRICT, growth(condition=twice))
    town.run()

    assert town.counts().nearest == 1
    for party, standing in ((there, Standing.NOT), (small, Standing.NOT_YET)):
        [told] = town.standings(party).values()
        assert told.standing is matching.why(str(party), "kjj-growth", at=town.at).standing is standing


def test_an_editor_is_told_of_no_other_county_as_nearly_there(town):
    """Those who are in another county are excluded by it, and it is not what keeps them out alone."""
    town.company(**GOOD, firm__county=THERE)
    town.company(**NEARLY, firm__county=HERE)
    rule = {"and": [{"==": [{"var": "firm.county"}, HERE]}, CAPITAL]}
    ready = load(rule, None, elements=portraits.rule_elements("organisation"))
    told = counting.numbers(ready, party="organisation", at=town.at)
    assert told.nearest == 1
    assert [(one.excluded, one.alone) for one in told.conditions] == [(1, 0), (1, 1)]
