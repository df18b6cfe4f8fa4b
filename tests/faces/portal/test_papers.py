"""What applicants take home as PDF, and another time for a survey."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.cases.town import CITIZEN, approver, cases_by_matter, grant, handler, restaurant
from tests.faces.portal.walking import signed_in
from tests.kernel.test_pdf import text_of
from tongban.actors.models import Person
from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import MaterialGiven
from tongban.kernel import api as kernel

pytestmark = pytest.mark.usefixtures("town")

LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿卜杜克里木·艾力江𬍛"


@pytest.fixture
def application():
    """A restaurant's application of person:1 (zhang), submitted now."""
    dates = (
        ("0703100100", "2026-11-23", "2026-11-27", []),
        ("0104100100", "2026-11-23", "2026-11-27", []),
        ("0103100200", "2026-11-30", "2026-12-04", ["0703100100"]),
    )
    notice = {
        "matters": [
            {"code": code, "name": {"zh": code, "en": f"Matter {code}"}, "starts_on": first, "due_on": last, "after": after}
            for code, first, last, after in dates
        ]
    }  # fmt: skip
    return cases.submit(restaurant(notice=notice), actor=CITIZEN, at=timezone.now())


@pytest.fixture
def zhang():
    return signed_in("zhang")


def decide(application, matter, department, move, data):
    at, row = timezone.now(), cases_by_matter(application.docket)[matter]
    if move == "refuse":
        kernel.perform(row.id, "refuse", actor=handler(department), at=at, data=data)
    else:
        kernel.perform(row.id, "accept", actor=handler(department), at=at)
        kernel.perform(row.id, "propose", actor=handler(department), at=at, data={"opinion": "reject", "text": "不符合"})  # fmt: skip
        kernel.perform(row.id, move, actor=approver(department), at=at, data=data)
    return row.number


def test_the_receipt_tells_number_matters_units_dates_next_step_phone_and_digest(application, zhang):
    assert (
        f"/receipts/{application.number}.pdf" in zhang.get(f"/receipts/{application.number}").content.decode()
    )
    answer = zhang.get(f"/receipts/{application.number}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    row = kernel.docket(application.number, actor=CITIZEN)
    for words in (
        "受理回执", application.number, "我要开饭店", "市场监督管理局", "3（1之后）", "11月30日（周一）", "12月4日（周五）",
        "最晚办好2026年12月1日", "12345", row.ledger_head[:16], "下一步", "平面图：已交到窗口", "张*远",
    ):  # fmt: skip
        assert words in text, words
    assert "张明远" not in text


def test_the_receipt_in_english(application, zhang):
    zhang.cookies["django_language"] = "en"
    text = text_of(zhang.get(f"/receipts/{application.number}.pdf").content)
    assert "XianningOne-Stop" in text
    assert "Matter0103100200" in text
    assert application.number in text


def test_promised_papers_have_their_english_names(zhang):
    names = {"zh": "平面图", "en": "Floor plan"}
    promised = MaterialGiven("floor-plan", "平面图", "later", ("0104100100",), due_on=timezone.localdate() + timedelta(days=20))  # fmt: skip
    made = restaurant(materials=(promised,), notice={"papers": [{"key": "floor-plan", "name": names}], "name": {"zh": "我要开饭店", "en": "A restaurant"}, "matters": []}, undertaking_text="我承诺补交。")  # fmt: skip
    number = cases.submit(made, actor=CITIZEN, at=timezone.now()).number
    zhang.cookies["django_language"] = "en"
    for address in ("/my", f"/my/{number}"):
        page = zhang.get(address).content.decode()
        assert "Floor plan" in page, address
        assert "平面图" not in page, address


def test_a_decision_names_the_applicant_reason_law_and_remedies(application, zhang):
    Person.objects.filter(pk=1).update(name=LONG_NAME)
    number = decide(application, "0104100100", "cgj", "reject", {"reason": "招牌超出门头。", "law": "城市市容管理条例第十一条"})  # fmt: skip
    address = f"/my/{application.number}/decisions/{number}.pdf"
    assert address in zhang.get(f"/my/{application.number}").content.decode()
    text = text_of(zhang.get(address).content)
    for words in (
        "不予批准决定",
        LONG_NAME,
        number,
        "招牌超出门头。",
        "城市市容管理条例第十一条",
        "行政复议",
        "行政诉讼",
    ):
        assert words in text, words


def test_a_refusal_to_accept_says_what_else_to_do_and_how_to_object(application, zhang):
    said = {"reason": "不归本局管。", "law": "行政许可法第三十二条", "instead": "请到住建局办。"}
    number = decide(application, "0104100100", "cgj", "refuse", said)
    text = text_of(zhang.get(f"/my/{application.number}/decisions/{number}.pdf").content)
    for words in ("不予受理通知", *said.values(), "行政复议"):
        assert words in text, words


def test_a_grant_has_its_paper_and_an_open_case_has_none(application, zhang):
    grant("0703100100", application.docket, "scjg", timezone.now())
    rows = cases_by_matter(application.docket)
    page = zhang.get(f"/my/{application.number}").content.decode()
    address = f"/my/{application.number}/decisions/%s.pdf"
    assert "批准决定" in text_of(zhang.get(address % rows["0703100100"].number).content)
    assert address % rows["0104100100"].number not in page
    assert zhang.get(address % rows["0104100100"].number).status_code == 404


def test_papers_are_only_for_who_sees_the_docket(application):
    number = cases_by_matter(application.docket)["0703100100"].number
    grant("0703100100", application.docket, "scjg", timezone.now())
    other = signed_in("li")
    for address in (
        f"/receipts/{application.number}.pdf",
        f"/my/{application.number}/decisions/{number}.pdf",
    ):
        assert other.get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/signin")


# Surveys ---------------------------------------------------------------------------------


@pytest.fixture
def survey(application):
    """Scheduled for three days from now."""
    at = timezone.now()
    grant("0703100100", application.docket, "scjg", at)
    rows = cases_by_matter(application.docket)
    for matter, department in (("0103100200", "scjg"), ("0104300100", "xfjy")):
        kernel.perform(rows[matter].id, "accept", actor=handler(department), at=at)
    (own,) = cases.surveys_of(application.docket)
    kernel.perform(own.docket_id, "schedule", actor=handler("scjg"), at=at, data={"held_at": at + timedelta(days=3)})  # fmt: skip
    return cases.survey_of(own.docket_id)


def test_an_applicant_puts_a_survey_off(application, survey, zhang):
    address = f"/my/{application.number}/surveys/{survey.docket.number}"
    assert address in zhang.get(f"/my/{application.number}").content.decode()
    page = zhang.get(address)
    seen = re.search(r'name="seen" value="(\d+)"', page.content.decode())[1]
    wished = timezone.localtime(timezone.now() + timedelta(days=5)).replace(second=0, microsecond=0)
    done = zhang.post(address, {"held_at": f"{wished:%Y-%m-%dT%H:%M}", "note": "那天不在家", "seen": seen, "key": "a1"})  # fmt: skip
    assert done["Location"] == f"/my/{application.number}"
    assert cases.survey_of(survey.docket_id).held_at == wished


@pytest.mark.parametrize("wished", ["2020-01-01T09:00", "", "明天上午"])
def test_a_time_that_cannot_be_is_told_at_its_field_and_the_text_stays(application, survey, zhang, wished):
    address = f"/my/{application.number}/surveys/{survey.docket.number}"
    answer = zhang.post(address, {"held_at": wished, "note": "那天不在家", "key": "a1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "那天不在家" in page
    assert "为什么改" in page
    assert 'href="#id_held_at"' in page
    assert "<title>错误：" in page
    assert cases.survey_of(survey.docket_id).held_at == survey.held_at


def test_a_page_that_is_old_tells_so_and_changes_nothing(application, survey, zhang):
    address = f"/my/{application.number}/surveys/{survey.docket.number}"
    later = timezone.now() + timedelta(days=6)
    kernel.perform(survey.docket_id, "reschedule", actor=handler("scjg"), at=timezone.now(), data={"held_at": later})  # fmt: skip
    answer = zhang.post(address, {"held_at": f"{datetime.now().year + 1}-01-05T09:00", "note": "改", "seen": survey.docket.revision})  # noqa: DTZ005  # fmt: skip
    assert answer.status_code == 422
    assert cases.survey_of(survey.docket_id).held_at == later


def test_only_a_survey_of_this_application_that_is_still_to_come(application, survey, zhang):
    at = timezone.now()
    own = f"/my/{application.number}/surveys/{survey.docket.number}"
    assert signed_in("li").get(own).status_code == 404
    case = cases_by_matter(application.docket)["0103100200"].number
    assert zhang.get(f"/my/{application.number}/surveys/{case}").status_code == 404
    kernel.perform(survey.docket_id, "report", actor=handler("scjg"), at=at, data={"passed": "yes", "findings": "符合要求"})  # fmt: skip
    assert zhang.get(own)["Location"] == f"/my/{application.number}"
    assert own not in zhang.get(f"/my/{application.number}").content.decode()
