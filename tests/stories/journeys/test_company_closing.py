"""企业注销登记: acting for a company; one objection stops all; the bad evaluation is mended and called back."""

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ANSWERS = {
    "procedure": "normal", "noticed": True, "branches": True, "taxed": True, "insured": True, "fund": True,
    "customs": False, "food_licence": False, "seals": True,
}  # fmt: skip


def test_one_objection_stops_the_closing_and_a_bad_evaluation_is_mended(people: Company):
    owner = people.citizen("xinghe")
    owner.opens("/themes/company-closing")
    owner.is_told("以谁的名义办：", "星河商贸")
    owner.presses("开始")
    owner.answers(ANSWERS)
    owner.is_told("企业注销登记", "清税证明开具")
    owner.goes_on()
    owner.goes_on()
    owner.fills_in()
    owner.hands_in()
    owner.wants_it_by("electronic")
    number = owner.submits()

    tax, fund = people.department("swj"), people.department("gjj")
    people.officer("rsj").accepts("社会保险登记注销")
    fund.settles("住房公积金单位账户注销")
    tax.handler.accepts("清税证明开具")
    tax.handler.proposes("清税证明开具", "reject", "还有一期增值税没有申报。")
    tax.approver.works_on("清税证明开具")
    tax.approver.does(
        "不予批准", reason="2026年9月所属期增值税未申报。", law="税收征收管理法实施细则第五十条"
    )

    owner.looks_at(number)
    owner.is_told(
        "有的没有获准", "5项办好1项", "2026年9月所属期增值税未申报", "税收征收管理法实施细则第五十条", "行政复议",
        "联合前提有一项未通过", "哪家有异议就先到哪家办清",
    )  # fmt: skip
    owner.is_not_told("✓ 已办好")
    people.officer("rsj").opens("/work?view=unit")
    assert not people.officer("rsj").page.locator("[data-row]").count(), (
        "nothing is left to do for the others"
    )

    owner.evaluates(number, "非常不满意", "交了钱才告诉我还有一期没报")
    owner.is_told("1个工作日内")

    # The bad evaluation is a docket of its own.
    head = people.officer("xa-dsj-head")
    head.opens("/work?view=unit")
    head.works_on("差评整改")
    head.does("联系评价人", how="phone", said="未申报的信息应当在一次告知里就提示", days="5")
    head.does("报送整改结果", kind="mended", measure="税务预检结果接入一次告知，申请前就能看到未办结事项。")
    caller = people.officer("callback")
    caller.opens("/work?view=all")
    caller.works_on("差评整改", view="all")
    caller.does("回访：已整改", said="可以", result="已按您的意见改进一次告知。")
    owner.opens("/inbox")
    owner.is_told("整改")
