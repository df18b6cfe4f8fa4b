"""A theme file that is wrong: every fault is told with line and column, and with what is possible."""

import pytest

from tests.desks.themes.city import CALENDAR, PACKS, REGION, PackCatalogue
from tongban.desks.themes.check import check_file, check_text

RESTAURANT = (PACKS / "themes" / "open-restaurant.yaml").read_text(encoding="utf-8")
CLOSING = (PACKS / "themes" / "company-closing.yaml").read_text(encoding="utf-8")
HOUSE = (PACKS / "themes" / "second-hand-house.yaml").read_text(encoding="utf-8")


def findings(text):
    return check_text(text, file="t.yaml", catalogue=PackCatalogue(), region=REGION, calendar=CALENDAR)


def broken(text, old, new):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def line_of(text, part):
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_good_file_has_no_finding():
    assert findings(RESTAURANT) == ()


CASES = {
    # name: (file, what is there, what is written instead, code, part of the line told, words told)
    "unknown matter": (
        RESTAURANT, '- code: "0104100200" ', '- code: "0104100299" ', "unknown_matter", '"0104100299"', "没有编码“0104100299”",
    ),
    "code without quotes": (
        RESTAURANT, '- code: "0104100200" ', "- code: 0104100200 ", "shape", "code: 0104100200", "要加引号",
    ),
    "unknown element": (
        RESTAURANT, "premises.floor, premises", "premises.flor, premises", "unknown_element", "premises.flor", "是不是“premises.floor”",
    ),
    "unknown paper": (
        RESTAURANT, "{key: business-licence, prod", "{key: busines-licence, prod", "unknown_paper", "busines-licence", "是不是“business-licence”",
    ),
    "unknown question in a condition": (
        RESTAURANT, "when: {var: fitout}", "when: {var: fitoutt}", "unknown_question", "fitoutt", "是不是“fitout”",
    ),
    "a later question in a condition": (
        RESTAURANT, 'when: {">=": [{var: area}, 300]}\n    options', "when: {var: fitout}\n    options", "later_question", "when: {var: fitout}", "只能用前面的问题",
    ),
    "an unreachable question": (
        RESTAURANT, '    when: {"==": [{var: food}, cooked]}\n    unsure',
        '    when: {and: [{"==": [{var: food}, cooked]}, {"==": [{var: food}, drinks]}]}\n    unsure',
        "unreachable", "{and: ", "永远问不到",
    ),
    "a number out of its range": (
        RESTAURANT, 'when: {">=": [{var: area}, 300]}\n    options', 'when: {">": [{var: area}, 20000]}\n    options', "unreachable", "20000]}", "永远问不到",
    ),
    "a matter that can never occur": (
        RESTAURANT, "when: {in: [{var: sign}, [shop, large]]}", "when: {in: [{var: sign}, [huge]]}", "never", '"0104100100"        #', "永远办不到",
    ),
    "a condition of the wrong type": (
        RESTAURANT, "when: {var: fitout}", "when: {var: area}", "condition", "when: {var: area}", "条件不对",
    ),
    "a condition that is none": (
        RESTAURANT, "when: {var: fitout}", "when: {perhaps: fitout}", "condition", "perhaps", "没有“perhaps”这个运算",
    ),
    "a prerequisite outside": (
        RESTAURANT, 'situation: general\n    after: ["0703100100"]', 'situation: general\n    after: ["0703100101"]', "outside", '["0703100101"]', "不在这个主题里",
    ),
    "a joint survey that blocks itself": (
        RESTAURANT, 'situation: general\n    after: ["0703100100"]', 'situation: general\n    after: ["0103100200"]', "cycle", "- name: 开店联合勘验", "联合勘验要等",
    ),
    "a lead that does not take part": (
        RESTAURANT, 'lead: "0103100200"', 'lead: "1003000100"', "unknown_lead", 'lead: "1003000100"', "不在这个勘验组里",
    ),
    "a survey forgotten": (
        HOUSE, 'matters: ["2005300100"]\n    lead: "2005300100"', 'matters: ["2005400100"]\n    lead: "2005400100"', "no_survey", '"2005300100"        #', "要现场勘验",
    ),
    "a key twice": (RESTAURANT, "  - key: fitout\n", "  - key: drain\n", "duplicate", "", "写了两次"),
    "a name twice in one block": (
        RESTAURANT, "version: 1\n", "version: 1\nversion: 2\n", "duplicate", "version: 2", "写了两次",
    ),
    "a field in two groups": (
        RESTAURANT, "fields: [premises.address,", "fields: [business.name, premises.address,", "duplicate", "fields: [business.name, premises", "一个字段只问一次",
    ),
    "an option never used": (
        RESTAURANT, ", note: 和租赁一样要业主同意挂招牌, note_en: As with rented premises the owner must agree to a sign", "", None, None, None,
    ),
    "a default that is no answer": (
        RESTAURANT, "plan_as: individual", "plan_as: nobody", "no_answer", "plan_as: nobody", "不是这个问题的答案",
    ),
    "no English": (RESTAURANT, "    ask_en: Will you fit out the shop?\n", "", "english", "ask: 要装修吗", "缺少英文"),
    "an example that fails": (
        RESTAURANT, '["0103100200", "1003000100"]', '["0103100200"]', "example", 'matters: ["0103100200"]', "多出来：税务信息确认",
    ),
    "an example with a wrong answer": (
        RESTAURANT, "owner: licensed, food: drinks", "owner: nobody, food: drinks", "example", "owner: nobody", "可以回答",
    ),
    "a promise too short": (RESTAURANT, "limits: {days: 8}", "limits: {days: 3}", "limit", "limits: {days: 3}", "做不到"),
    "a promise not shorter than the law": (
        RESTAURANT, "limits: {days: 8}", "limits: {days: 500}", "limit", "limits: {days: 500}", "不比法定时限",
    ),
    "a limit longer than promised": (
        RESTAURANT, "when: {var: fitout}\n", "when: {var: fitout}\n    limit_days: 9\n", "limit", "limit_days: 9", "只能更短",
    ),
    "a situation the matter has not": (
        RESTAURANT, "situation: general", "situation: generally", "unknown_situation", "situation: generally", "是不是“general”",
    ),
    "a situation that is never chosen": (
        RESTAURANT, "      - {key: simple}", '      - {key: simple, when: {"==": [{var: food}, cooked]}}\n      - {key: change}', "never", "key: simple, when", "永远轮不到",
    ),
    "a result used before it is made": (
        HOUSE, 'after: ["0403000100"]\n', "\n", "unordered", "tax-paid-proof, produced_by", "请写 after",
    ),
    "a field with two sources": (
        RESTAURANT, "{key: premises.area, from_answer: area}", "{key: premises.area, from_answer: area, copies: food.kitchen_area}", "shape", "copies: food.kitchen_area", "只能写一个",
    ),
    "a choice the element has not": (
        RESTAURANT, "derived: [{value: 饭店}]", "derived: [{value: 酒家}]", "no_choice", "酒家", "没有“酒家”这个选项",
    ),
    "spared without a reason": (
        RESTAURANT, "    why: 房子是您自己的，不用业主同意\n    why_en: The premises are yours; no owner's consent is needed\n", "", "why", "in: [{var: premises}", "理由",
    ),
    "a name that is none": (RESTAURANT, "life_stage: 餐饮", "life_stge: 餐饮", "shape", "life_stge", "是不是“life_stage”"),
    "delivery the theme does not offer": (
        RESTAURANT, "usual: electronic", "usual: courier\n  ways_not: 1", "shape", "ways_not", "没有“ways_not”",
    ),
    "broken YAML": (RESTAURANT, "questions:\n", "questions: [\n", "yaml", "", "不是正确的 YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_where_it_is(name):
    text, old, new, code, where, words = CASES[name]
    wrong = broken(text, old, new)
    found = findings(wrong)
    if code is None:
        assert all(finding.code != "shape" for finding in found)
        return
    hits = [finding for finding in found if finding.code == code]
    assert hits, [str(finding) for finding in found]
    assert any(words in finding.says.zh and finding.says.en for finding in hits), [str(hit) for hit in hits]
    if where:
        assert line_of(wrong, where) in {finding.line for finding in hits}, [str(hit) for hit in hits]
    assert all(finding.file == "t.yaml" and finding.column >= 1 for finding in hits)


def test_a_circle_of_prerequisites_is_named():
    wrong = broken(
        CLOSING, "    why: 注销前要结清税款", '    after: ["1000900300"]\n    why: 注销前要结清税款'
    )
    [finding] = [each for each in findings(wrong) if each.code == "cycle"]
    for name in ("清税证明开具", "企业注销登记", "印章缴销备案"):
        assert name in finding.says.zh
    assert finding.line in range(1, len(wrong.splitlines()))


def test_two_options_that_lead_to_the_same_need_a_word():
    wrong = broken(
        RESTAURANT,
        "{value: large, label: 楼顶、墙面等大型招牌,",
        "{value: huge, label: 很大的招牌, label_en: A huge sign}\n      - {value: large, label: 楼顶、墙面等大型招牌,",
    )
    [finding] = [each for each in findings(wrong) if each.code == "unused_option"]
    assert "huge" in finding.says.zh
    assert "none" in finding.says.zh


def test_a_question_nobody_uses_is_told():
    wrong = broken(RESTAURANT, "    when: {var: fitout}\n", "")
    assert any(each.code == "unused" and "fitout" in each.says.zh for each in findings(wrong))


def test_a_missing_file_and_a_wrong_encoding_are_findings(tmp_path):
    def told(path):
        [finding] = check_file(path, catalogue=PackCatalogue(), region=REGION, calendar=CALENDAR)
        return finding.says.zh

    assert "读不到" in told(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("名称: 我要开饭店".encode("gbk"))
    assert "UTF-8" in told(tmp_path / "gbk.yaml")


def test_a_finding_reads_like_a_compilers_line_in_both_languages():
    [finding] = findings(broken(RESTAURANT, "version: 1", "version: 0"))
    assert str(finding).startswith(f"t.yaml:{line_of(RESTAURANT, 'version: 1')}:")
    assert finding.text("en").startswith("t.yaml:")


@pytest.mark.parametrize("text", ["", "[]", "a", "1: 2", "\x00", "a: &x [*x]", "- " * 3000])
def test_rubbish_is_refused_not_crashed_on(text):
    assert findings(text)
