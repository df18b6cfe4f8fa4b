"""What others build on: measures of a day, their versions, and a plan that runs them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from tests.desks.policies.conftest import AMOUNT, EXAMPLES, KNOWN, a_measure, a_policy
from tongban.desks.policies import api
from tongban.desks.policies.contracts import Order, PoliciesError, UnknownMeasureError
from tongban.desks.policies.models import Policy
from tongban.desks.policies.templatetags.policies import article
from tongban.kernel.outbox.relay import relay
from tongban.kernel.rules.columns.single import outcomes
from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.operators import yuan
from tongban.oversight.insight import packs, selectors, stocktaking
from tongban.oversight.insight.contracts import Period, Scope
from tongban.oversight.insight.facts import api as facts

EARLIER = {
    "valid_from": "2025-01-01", "valid_until": "2026-02-28", "amount": {"yuan": "5000"},
    "condition": {">=": [{"var": "tax.research"}, {"yuan": "300000"}]},
}  # fmt: skip


def test_a_pack_is_published_with_what_its_file_says(town):
    done = town.bring(a_policy(a_measure(quota=20, opens_on="2026-04-01", closes_on="2026-12-31")))

    assert done == {"policies": 1, "measures": 1, "changed": 0}
    [one] = town.measures()
    assert (one.key, one.version, one.title, one.unit) == ("kjj-rd-subsidy", 1, "研发投入补贴", "421200-kjj")
    assert (one.quota, one.order, one.publicity_days) == (20, Order("amount"), 5)
    assert (one.valid_from, one.valid_until) == (date(2026, 3, 1), date(2028, 12, 31))
    assert (one.open_on(date(2026, 3, 31)), one.open_on(date(2026, 4, 1)), one.open_on(date(2027, 1, 1))) == (
        False, True, False,
    )  # fmt: skip
    assert one.policy == Policy.objects.get().number
    assert town.state(one.policy) == "published"


def test_the_version_that_held_on_a_day_is_told(town):
    town.bring(a_policy(a_measure(earlier=[EARLIER])))

    assert [one.version for one in town.measures(on=date(2024, 6, 1))] == []
    [before] = town.measures(on=date(2026, 2, 28))
    [since] = town.measures(on=date(2026, 3, 1))
    assert (before.version, before.amount) == (1, {"yuan": "5000"})
    assert (since.version, since.amount) == (2, AMOUNT)
    assert town.measures(on=date(2029, 1, 1)) == ()
    assert api.measure("kjj-rd-subsidy", version=1).amount == {"yuan": "5000"}
    assert api.measure("kjj-rd-subsidy", on=date(2025, 5, 5)).version == 1
    with pytest.raises(UnknownMeasureError):
        api.measure("kjj-rd-subsidy", on=date(2024, 1, 1))


def test_measures_are_counted_from_their_first_day_to_their_last(town):
    first, last = town.today + timedelta(days=1), town.today + timedelta(days=2)
    town.bring(a_policy(valid_from=first.isoformat(), valid_until=last.isoformat()))
    for day in range(4):
        stocktaking.take_stock(at=town.at + timedelta(days=day))
    relay(at=town.at + timedelta(days=4), limit=10_000)
    facts.collect()
    known, period = packs.indicators(), Period(town.today, town.today + timedelta(days=3))
    wanted = [known["policies.measures"], known["policies.departments"]]
    for series in selectors.figures(wanted, period=period, scope=Scope(), by=("day",)).values():
        counted = {day: int(figure.value or 0) for (day,), figure in series.figures.items()}
        assert {day for day, count in counted.items() if count} == {first.isoformat(), last.isoformat()}
        assert counted[first.isoformat()] == 1


def test_bringing_the_same_again_changes_nothing_and_anew_makes_a_version_from_today(town):
    town.bring(a_policy())
    stamp = api.stamp()
    assert town.bring(a_policy()) == {"policies": 0, "measures": 0, "changed": 0}
    assert api.stamp() == stamp

    town.later(days=3)
    assert town.bring(a_policy(a_measure(amount={"yuan": "8000"}, examples=_paying(yuan("8000"))))) == {
        "policies": 0, "measures": 0, "changed": 1,
    }  # fmt: skip

    assert api.stamp() != stamp
    [one] = town.measures()
    assert (one.version, one.valid_from, one.amount) == (2, town.today, {"yuan": "8000"})
    assert api.measure(one.key, on=date(2026, 11, 20)).version == 1
    assert [body for body in town.events("measure.published") if '"version":2' in body.replace(" ", "")]


def test_the_plan_runs_every_measure_in_force_of_one_kind_of_party(town):
    fair = a_measure(
        key="kjj-fair", title="展会", amount=None, order="first", condition={"var": "firm.returned_founder"},
        examples=[
            {"name": "是", "on": "2026-05-01", "record": {"firm.returned_founder": True}, "expect": "entitled"},
            {"name": "不是", "on": "2026-05-01", "record": {"firm.returned_founder": False}, "expect": "not"},
            {"name": "不知道", "on": "2026-05-01", "record": {}, "expect": "unknown"},
        ],
    )  # fmt: skip
    town.bring(a_policy(a_measure(), fair))

    plan = api.plan("organisation", on=town.today)

    assert api.plan("organisation", on=town.today) is plan
    assert [one.measure.key for one in plan.measures] == ["kjj-fair", "kjj-rd-subsidy"]
    assert api.plan("person", on=town.today).measures == ()
    record = {
        key: Dated(value, town.today) for key, value in {**KNOWN, "tax.research": yuan("90000000")}.items()
    }
    told = {one.measure.key: one for one in outcomes(plan, record=record, as_of=town.today)}
    assert (told["kjj-fair"].entitled, told["kjj-fair"].unknown) == (None, ("firm.returned_founder",))
    assert (told["kjj-rd-subsidy"].entitled, told["kjj-rd-subsidy"].fen) == (True, yuan("500000"))


def _paying(fen):
    return [{**EXAMPLES[0], "amount_fen": fen}, *EXAMPLES[1:]]


def picture(folder, content=None):
    from PIL import Image

    (folder / "files").mkdir(parents=True, exist_ok=True)
    path = folder / "files" / "rd.png"
    if content is None:
        Image.new("RGB", (40, 30), "white").save(path)
    else:
        path.write_bytes(content)
    return {"form": "picture", "file": "rd.png", "text": "一张图讲清楚。"}


def test_a_picture_beside_the_pack_explains_the_policy(town, client):
    said = picture(town.folder)
    town.bring(a_policy(interpretation=said))
    row = Policy.objects.get()
    assert (row.medium, len(row.file)) == ("picture", 64)
    page = client.get(f"/policies/{row.number}").content.decode()
    assert f'<img class="w-100" src="/policies/{row.number}/file"' in page
    assert "一张图讲清楚。" in page

    stamp = api.stamp()
    town.bring(a_policy(interpretation=said))
    assert api.stamp() == stamp, "the same picture again is no change"


def test_what_is_said_to_explain_has_to_be_there_and_be_it(town):
    said = picture(town.folder)
    for wrong, words in (
        ({**said, "file": "other.png"}, "没有“other.png”"),
        ({"form": "picture", "text": "图"}, "要写 file"),
        ({**said, "form": "text"}, "不用写 file"),
        ({**said, "file": "../kjj.yaml"}, "写法不对"),
    ):
        with pytest.raises(PoliciesError, match=words):
            town.bring(a_policy(interpretation=wrong))
    picture(town.folder, b"not a picture")
    with pytest.raises(PoliciesError):
        town.bring(a_policy(interpretation=said))
    assert not Policy.objects.exists(), "nothing half brought in"


def test_articles_are_told_in_the_language_of_the_reader():
    with override("en"):
        assert [article(one) for one in ("第五条", "第二十一条第二款", "第一百零五条", "附件2")] == [
            "Article 5", "Article 21, paragraph 2", "Article 105", "附件2",
        ]  # fmt: skip
    with override("zh-hans"):
        assert article("第五条") == "第五条"
