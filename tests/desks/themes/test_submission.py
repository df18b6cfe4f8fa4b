"""From a plan to a submission: units, limits, order, papers; what is refused, with clear words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faces.portal.city import (
    DISTRICT,
    MONDAY,
    citizen,
    example,
    handed_in,
    held_by,
    left_to_fill,
    loaded_city,
    picture,
    town,
)  # fmt: skip
from tongban.desks.cases import api as cases
from tongban.desks.themes import filling, offers
from tongban.desks.themes.contracts import Party, PlanRefused, UnknownTheme
from tongban.desks.themes.submission import Asked, Paper, prepare, submit
from tongban.desks.themes.ways import ways_for
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Authority
from tongban.kernel.files.services import store

__all__ = ["loaded_city", "town"]
pytestmark = pytest.mark.usefixtures("town")

WHO = {
    "open-restaurant": ("person:13", citizen(13)),
    "newborn": ("person:2", citizen(2)),
    "second-hand-house": ("person:5", citizen(5)),
    "school-enrolment": ("person:7", citizen(7)),
    "company-closing": ("organisation:1", citizen(9, 1)),
    "utilities": ("organisation:2", citizen(10, 2)),
}


def plan_of(code: str, index: int = 0):
    given = example(code, index)
    party = Party(WHO[code][0].partition(":")[0], DISTRICT)
    return offers.plan_for(code, given["answers"], party=party, at=MONDAY), given


def asked_for(plan, **more) -> Asked:
    digest = store(content=picture(), name="a.jpg", at=MONDAY).digest
    held = held_by(plan, applicant=WHO[plan.theme][0], by=WHO[plan.theme][1])
    papers = handed_in(plan, digest, held=held)
    return replace(Asked(left_to_fill(plan, held), papers, delivery=plan.delivery.ways[0]), **more)


def refused(plan, asked, code="open-restaurant"):
    applicant, actor = WHO[code]
    with pytest.raises(cases.SubmissionRefused) as error:
        submit(plan, asked, applicant=applicant, actor=actor, at=MONDAY)
    return error.value


@pytest.mark.parametrize(
    ("code", "index"),
    [("open-restaurant", 0), ("newborn", 0), ("second-hand-house", 0), ("school-enrolment", 0),
     ("company-closing", 1), ("utilities", 1)],
)  # fmt: skip
def test_every_theme_becomes_an_application_with_its_department_cases(code, index):
    plan, given = plan_of(code, index)
    applicant, actor = WHO[code]
    asked = asked_for(plan)
    receipt = submit(plan, asked, applicant=applicant, actor=actor, at=MONDAY, key="k1")
    opened = kernel.children_of([receipt.docket], actor=actor)[receipt.docket]
    assert sorted(row.subject for row in opened if row.kind == "case") == sorted(given["matters"])
    assert all(row.unit.startswith(("421202-", "421200-")) for row in opened)
    top = kernel.docket(receipt.number, actor=actor)
    assert top.unit.endswith("-dsj")
    assert top.subject == code
    assert top.applicant == applicant
    assert top.agent == ("" if applicant == actor.id else actor.id)
    again = submit(plan, asked, applicant=applicant, actor=actor, at=MONDAY, key="k1")
    assert again.number == receipt.number
    assert again.replayed


def test_prerequisites_surveys_and_the_notice_are_carried_over():
    plan, _ = plan_of("open-restaurant")
    made = prepare(plan, asked_for(plan), applicant="person:13", actor=WHO["open-restaurant"][1], at=MONDAY)
    food = next(case for case in made.cases if case.matter == "0103100200")
    assert food.after == ("0703100100",)
    assert food.unit == "421202-scjg"
    assert food.survey == "开店联合勘验"
    (survey,) = made.surveys
    assert survey.lead == food.unit
    assert made.notice["saved"]["papers"][0] > made.notice["saved"]["papers"][1]
    assert made.form["premises.area"] == 60  # from the answer, not typed
    assert made.form["legal_rep.name"] == "吐尔逊江·买买提"  # known, not typed
    licence = next(paper for paper in made.materials if paper.key == "business-licence")
    assert (licence.way, licence.given_by) == ("result", "0703100100")


def test_one_objection_group_when_a_company_closes():
    plan, _ = plan_of("company-closing", 1)
    made = prepare(
        plan, asked_for(plan), applicant="organisation:1", actor=WHO["company-closing"][1], at=MONDAY
    )
    groups = {case.matter: case.objection for case in made.cases}
    assert groups["1003000200"] == groups["2004500100"] == "注销联合预检"
    assert groups["0703100300"] == ""
    assert made.form["company.name"] == "咸宁星河商贸有限公司"


def test_missing_wrong_and_unknown_fields_are_told_one_by_one_and_nothing_is_written():
    plan, _ = plan_of("open-restaurant")
    asked = asked_for(plan)
    form = dict(asked.form) | {"premises.address": "", "food.kitchen_area": "很大", "shoe.size": "43"}
    error = refused(plan, replace(asked, form=form))
    assert error.fields["premises.address"].startswith("请填")
    assert "数字" in error.fields["food.kitchen_area"]
    assert "没有“shoe.size”" in error.fields["shoe.size"]
    assert kernel.count(kernel.SYSTEM, kernel.Filters(kind="application")) == 0


def test_papers_are_met_only_in_ways_that_the_plan_allows():
    plan, _ = plan_of("open-restaurant")
    asked = asked_for(plan)
    held = held_by(plan, applicant=WHO["open-restaurant"][0])
    offers = {m.key: [one.way for one in ways_for(m, trusted=True, held=held)] for m in plan.materials}
    must = next(m for m in plan.materials if offers[m.key] == ["upload"])
    papers = dict(asked.papers)
    error = refused(plan, replace(asked, papers={**papers, must.key: Paper("later")}))
    assert "不能这样交" in error.fields[f"material:{must.key}"]
    del papers[must.key]
    error = refused(plan, replace(asked, papers={**papers, "moon-stone": Paper("upload")}))
    assert error.fields[f"material:{must.key}"] == f"请上传{must.name.zh}。"
    assert "不用交" in error.fields["material:moon-stone"]


def test_what_follows_later_needs_the_undertaking_and_becomes_one():
    plan, _ = plan_of("open-restaurant")
    asked = asked_for(plan)
    soft = next(m for m in plan.materials if m.necessity == "3" and m.brought)
    asked = replace(asked, papers={**asked.papers, soft.key: Paper("later")})
    assert "勾选" in refused(plan, asked).fields["undertaken"]
    receipt = submit(
        plan,
        replace(asked, undertaken=True),
        applicant="person:13",
        actor=WHO["open-restaurant"][1],
        at=MONDAY,
    )
    (row,) = cases.undertakings_of(receipt.docket)
    assert row.material == soft.key
    assert soft.name.zh in row.text


def test_the_courier_needs_an_address_and_a_real_phone():
    plan, _ = plan_of("open-restaurant")
    asked = replace(asked_for(plan), delivery="courier", delivery_to={"name": "张明远", "phone": "12"})
    fields = refused(plan, asked).fields
    assert set(fields) == {"delivery:address", "delivery:phone"}


def test_nobody_applies_in_a_strangers_name():
    plan, _ = plan_of("open-restaurant")
    with pytest.raises(cases.SubmissionRefused, match="没有委托您办事"):
        submit(plan, asked_for(plan), applicant="person:5", actor=citizen(13), at=MONDAY)


def test_a_fact_of_the_register_is_not_changed_by_the_form():
    plan, _ = plan_of("newborn")
    asked = asked_for(plan)
    error = refused(plan, replace(asked, form={**asked.form, "person.name": "李四"}), "newborn")
    assert "登记" in error.fields["person.name"]


def test_a_single_matter_is_planned_like_a_theme_and_asks_for_its_situation():
    party = Party("person", DISTRICT)
    slug = "matter-0103100200"
    question = offers.next_question(offers.offer(slug, DISTRICT).theme, {}, party=party, at=MONDAY)
    assert question is not None
    assert len(question.options) > 1
    with pytest.raises(PlanRefused):
        offers.plan_for(slug, {}, party=party, at=MONDAY)
    plan = offers.plan_for(slug, {"situation": question.options[0][0]}, party=party, at=MONDAY)
    assert [matter.code for matter in plan.matters] == ["0103100200"]
    held = held_by(plan, applicant="person:1")
    digest = store(content=picture(), name="a.jpg", at=MONDAY).digest
    asked = Asked(left_to_fill(plan, held), handed_in(plan, digest, held=held), delivery="electronic")
    made = prepare(plan, asked, applicant="person:1", actor=citizen(1), at=MONDAY)
    assert (made.theme, made.subject) == ("", "0103100200")
    assert made.cases[0].unit == "421202-scjg"


def test_an_unknown_offer_says_what_there_is():
    with pytest.raises(UnknownTheme, match="open-restaurant"):
        offers.offer("matter-9999999999", DISTRICT)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("date", "2026年3月5日", "2026-03-05"), ("date", "20260305", "2026-03-05"), ("number", "１２．５", 12.5),
        ("number", "60", 60), ("money", "1,200.5元", 120050), ("yesno", "no", False),
        ("id", " 42230119911105417x ", "42230119911105417X"), ("phone", "138 7101 0007", "13871010007"),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(kind, typed, kept):
    plan, _ = plan_of("open-restaurant")
    item = replace(plan.asked[0], type=kind, maximum=None)
    assert filling.read(item, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("date", "2026-02-30", "日期"), ("date", "0001-01-01", "日期"), ("number", "-1", "不能小于0"), ("number", "NaN", "数字"),
        ("money", "0.001", "写到分"), ("yesno", "maybe", "是"), ("id", "422301199111054170", "校验"),
        ("uscc", "91421202TB0002293X", "校验"), ("phone", "123", "手机号"), ("address", "咸宁", "门牌号"),
        ("choice", "火星", "只能选"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_can(kind, typed, says):
    plan, _ = plan_of("open-restaurant")
    item = replace(plan.asked[0], type=kind, maximum=None, choices=("甲", "乙") if kind == "choice" else ())
    with pytest.raises(ValueError, match=says):
        filling.read(item, typed)


def limited(*matters):
    """Person 10, whom organisation 2 lets act in these matters only."""
    own = kernel.Actor("person:10", parties=frozenset({"person:10"}))
    held = Authority("acting:1", "organisation:2", frozenset({"applicant"}), frozenset(matters))
    return replace(own, authorities=(held,))


def test_who_may_act_in_some_matters_submits_no_theme_with_others():
    plan, _ = plan_of("utilities", 1)
    codes = [matter.code for matter in plan.matters]
    asked = asked_for(plan)
    with pytest.raises(cases.SubmissionRefused) as error:
        submit(plan, asked, applicant="organisation:2", actor=limited(codes[0]), at=MONDAY)
    for matter in plan.matters[1:]:
        assert matter.name.zh in error.value.reason
    assert plan.matters[0].name.zh not in error.value.reason
    assert "单独办" in error.value.possible
    assert kernel.count(kernel.SYSTEM, kernel.Filters(kind="application")) == 0
    receipt = submit(plan, asked, applicant="organisation:2", actor=limited(*codes), at=MONDAY)
    assert kernel.docket(receipt.number, actor=kernel.SYSTEM).agent == "person:10"


def test_several_authorities_together_cover_a_theme_and_one_without_limits_covers_all():
    plan, _ = plan_of("utilities", 1)
    codes = [matter.code for matter in plan.matters]
    first, rest = limited(codes[0]), limited(*codes[1:])
    both = replace(first, authorities=first.authorities + rest.authorities)
    for actor in (both, limited()):
        assert (
            prepare(plan, asked_for(plan), applicant="organisation:2", actor=actor, at=MONDAY).agent
            == "person:10"
        )
    stranger = kernel.Actor("person:10", parties=frozenset({"person:10"}))
    with pytest.raises(cases.SubmissionRefused, match="没有委托您办事"):
        prepare(plan, asked_for(plan), applicant="organisation:2", actor=stranger, at=MONDAY)
