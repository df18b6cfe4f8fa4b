"""An entry's life: written by one, published by another; every version stays; reviews and questions are work."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.registers.knowledge.conftest import TODAY
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.knowledge import api, importing, reviewing, selectors, services
from tongban.registers.knowledge.contracts import Audience, KnowledgeError, UnknownEntryError
from tongban.registers.knowledge.models import Entry, Question, Version
from tongban.registers.knowledge.services import Said

pytestmark = pytest.mark.django_db
NOW = timezone.now


def today():
    return actors.day_of(NOW())


def test_nobody_publishes_what_he_wrote_and_nobody_else_s(town):
    said = Said(question="租房怎么提取公积金？", answer="无房租房的可以提取，网上申请。", as_of=TODAY)
    head = town.actor("head")
    services.draft(
        key="fund-rent", said=said, unit=town.fund.pk, audience=Audience.PUBLIC, actor=head, at=NOW()
    )
    services.propose(key="fund-rent", actor=head, at=NOW())
    for name, reason in (("head", "另一个人"), ("stranger", "负责人或审批人"), ("writer", "负责人或审批人")):
        with pytest.raises(KnowledgeError, match=reason):
            services.publish(key="fund-rent", actor=town.actor(name), at=NOW())
    assert api.search("租房提取公积金", on=today()) == []
    with pytest.raises(KnowledgeError, match="不能改"):
        services.draft(
            key="fund-rent",
            said=said,
            unit=town.fund.pk,
            audience=Audience.PUBLIC,
            actor=town.actor("stranger"),
            at=NOW(),
        )


def test_a_new_version_takes_the_place_of_the_old_which_stays(town):
    town.publish()
    (hit,) = api.search("租房能不能提公积金", on=today())
    assert (hit.entry, hit.version, hit.owner) == ("fund-rent", 1, "421200-gjj")
    assert hit.laws[0].cited == "《住房公积金管理条例》第二十四条"
    town.publish(answer="无房租房的可以提取。网上申请，当天到账。")
    (hit,) = api.search("租房能不能提公积金", on=today())
    assert hit.version == 2
    assert "当天到账" in hit.quote
    before, after = Version.objects.order_by("number")
    assert (before.state, after.state) == ("superseded", "published")
    ((name, parts),) = selectors.difference(before, after)
    assert name == "答案"
    assert ("gone", "三个工作日") in parts
    assert [one.act for one in kernel.history("knowledge:fund-rent", at=NOW())] == ["propose", "publish"] * 2


def test_what_ended_or_is_for_the_house_is_not_shown_to_the_public(town):
    town.publish(valid_until=today() + timedelta(days=40))
    town.publish(
        "desk-loan",
        audience=Audience.OFFICER,
        question="公积金贷款来电怎么答？",
        answer="先核对身份再答进度。",
    )
    assert api.search("租房提取公积金", on=today())[0].entry == "fund-rent"
    assert "fund-rent" not in {
        hit.entry for hit in api.search("租房提取公积金", on=today() + timedelta(days=41))
    }
    assert "desk-loan" not in {hit.entry for hit in api.search("公积金贷款来电", on=today(), top=9)}
    assert api.search("公积金贷款来电", on=today(), audience="officer")[0].entry == "desk-loan"
    with pytest.raises(UnknownEntryError):
        api.entry("desk-loan", on=today())
    services.withdraw(key="fund-rent", reason="政策停了", actor=town.actor("head"), at=NOW())
    assert api.search("租房提取公积金", on=today()) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"answer": "打我手机13812345678问。"}, "手机号"),
        ({"question": "啥"}, "问题写"),
        ({"laws": ({"law": ""},)}, "哪部法"),
    ],
)
def test_what_must_not_be_written_is_refused(town, said, reason):
    with pytest.raises(KnowledgeError, match=reason):
        town.publish(**said)
    assert not Entry.objects.exists()


def test_a_question_becomes_work_once_and_is_answered_by_publishing(town):
    town.publish()
    text = "公积金可以用来给父母家加装电梯吗？我的电话13812345678"
    asked = api.ask(text, at=NOW())
    again = api.ask("公积金可以用来给父母家加装电梯吗，我的电话 13987654321", at=NOW())
    assert (asked.is_new, again.is_new, again.number, again.times) == (True, False, asked.number, 2)
    row = kernel.docket(asked.number, actor=town.actor("writer"))
    assert (row.unit, row.applicant, row.state) == ("421200-gjj", "", "asked")
    assert "138" not in row.title + Question.objects.get().text
    town.publish(
        "fund-lift",
        question="加装电梯能提公积金吗？",
        answer="能，按分摊的费用提取，带方案和发票。",
        answers=asked.number,
    )
    told = api.question(asked.number)
    assert (told.state, told.entry, told.entry_version) == ("answered", "fund-lift", 1)
    assert api.ask(text, at=NOW()).is_new  # the same question, should the answer not be found


def test_a_question_may_be_handed_on_declined_or_answered_with_what_there_is(town):
    town.publish()
    number = api.ask("火车站晚上几点关门？", at=NOW()).number
    row = kernel.docket(number, actor=town.actor("stranger"))
    assert row.unit == "421200-dsj"
    with pytest.raises(kernel.MoveRefused, match="已发布条目"):
        kernel.perform(row.id, "answer", actor=town.actor("stranger"), at=NOW(), data={"entry": "nothing"})
    kernel.perform(
        row.id,
        "hand",
        actor=town.actor("stranger"),
        at=NOW(),
        data={"unit": town.fund.pk, "reason": "归他们管"},
    )
    kernel.perform(
        row.id, "decline", actor=town.actor("writer"), at=NOW(), data={"reason": "属于合同约定，请看入住协议"}
    )
    assert api.question(number).said == "属于合同约定，请看入住协议"
    for bad in ("?", "13812345678", "问" * 501):
        with pytest.raises(KnowledgeError):
            api.ask(bad, at=NOW())


def test_an_entry_that_was_checked_long_ago_is_on_its_owner_s_worklist(town):
    town.publish(as_of=date(2025, 1, 10))
    assert reviewing.remind(at=NOW()) == 1
    assert reviewing.remind(at=NOW()) == 0
    row = Docket.objects.get(kind="question", subject="fund-rent")
    assert (row.unit, row.state) == ("421200-gjj", "reviewing")
    kernel.perform(
        row.pk, "confirm", actor=town.actor("writer"), at=NOW(), data={"months": 6, "basis": "条例没有变"}
    )
    entry = Entry.objects.get()
    assert entry.reviewing is None
    assert entry.review_on > today() + timedelta(days=150)
    Entry.objects.update(review_on=today())
    reviewing.remind(at=NOW())
    town.publish(answer="无房租房的可以提取，限额以公告为准。", as_of=today())
    assert set(Docket.objects.filter(subject="fund-rent").values_list("state", flat=True)) == {
        "confirmed",
        "revised",
    }


def test_a_file_comes_in_whole_or_not_at_all(town):
    head = "key,question,answer,as_of,unit,ways,laws\n"
    good = "fund-a,公积金怎么转移？,在新城市开户后网上申请转移。,2026-11-01,gjj,转公积金|公积金迁移,住房公积金管理条例 第十四条\n"
    rows = importing.read_csv((head + good).encode(), name="a.csv")
    assert importing.bring_in(rows, actor=kernel.SYSTEM, at=NOW(), publish=False) == {
        "added": 1,
        "changed": 0,
    }
    services.publish(key="fund-a", actor=town.actor("head"), at=NOW())
    assert api.entry("fund-a", on=today()).laws[0].article == "第十四条"
    assert importing.bring_in(rows, actor=kernel.SYSTEM, at=NOW()) == {"added": 0, "changed": 0}
    with pytest.raises(KnowledgeError, match="第3行"):
        importing.read_csv(
            (head + good + "Bad Key,问题在这里？,答案在这里写着。,2026-11-01,gjj,,\n").encode(), name="b.csv"
        )
