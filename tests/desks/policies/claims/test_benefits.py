"""免申即享 from the list to the account: published, objected to, confirmed with one tap, paid once."""

import pytest

from tests.desks.policies.claims.conftest import GOOD, WRONG
from tongban.actors.models import Organisation
from tongban.desks.policies import events as policies
from tongban.desks.policies.claims import api, confirming, handlers, paying, telling
from tongban.desks.policies.claims.contracts import ClaimsError, UnknownError
from tongban.desks.policies.claims.models import Due, Objection, Pool, Run
from tongban.desks.policies.contracts import Order
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.outbox.relay import News
from tongban.registers.messages.models import Message
from tongban.registers.payments import api as payments
from tongban.registers.payments.models import Batch

pytestmark = pytest.mark.django_db


def kernel_news(topic, town, *, number=1, **body):
    return News(number, topic, None, {"key": "kjj-rd", **body}, town.at)


def test_money_finds_a_company_and_is_taken_with_one_tap(town):
    town.companies(星河=1234_56, 长江=100_00)
    run = town.drawn()
    assert (run.entitled, Pool.objects.get().taken, Pool.objects.get().taken_fen) == (2, 2, 1334_56)
    assert api.dues_of(town.parties["星河"]) == [], "a draft is nobody's promise"
    with pytest.raises(kernel.NotPermitted):
        town.does("handler", run.docket, "publish")
    town.does("head", run.docket, "publish")
    (mine,) = api.dues_of(town.parties["星河"])
    assert (mine.state, mine.amount_fen, mine.article) == ("listed", 1234_56, "第五条")
    with pytest.raises(ClaimsError, match="公示中"):
        town.confirms("星河")
    town.days_over()
    assert town.state("星河") == "waiting"
    assert telling.tell_due(at=town.at) == 2
    assert telling.tell_due(at=town.at) == 0
    told = Message.objects.get(recipient=town.parties["星河"], template="benefit.waiting")
    assert "1,234.56元" in told.body
    with pytest.raises(ClaimsError) as asked:
        town.confirms("星河", account=None)
    assert asked.value.code == "account"
    assert town.confirms("星河").state == "confirmed"
    assert town.confirms("星河", account=None).state == "confirmed", "the second tap is the first"
    assert town.bundle() == 1
    assert town.bundle() == 0
    assert payments.batch(Due.objects.exclude(batch="").get().batch).amount_fen == 1234_56
    town.pays()
    assert town.out() == [1234_56]
    assert town.state("星河") == "paid"
    assert town.sound()


def test_by_the_code_of_the_message_without_signing_in(town):
    town.companies(星河=500_00)
    town.concluded()
    telling.tell_due(at=town.at)
    due = town.due("星河")
    code = confirming.code_of(due)
    assert code in Message.objects.get(template="benefit.waiting").body
    assert code not in "".join(str(value) for value in Due.objects.values().get().values())
    with pytest.raises(UnknownError):
        api.waiting_for("AAAA-BBBB-CCCC")
    spoken = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
    assert api.waiting_for(spoken).amount_fen == 500_00
    account = api.NewAccount("咸宁星河有限公司", GOOD, "湖北银行")
    assert (
        api.confirm_by_code(spoken, actor=town.actor("星河"), at=town.at, account=account).state
        == "confirmed"
    )


def test_the_published_order_decides_and_nobody_overtakes(town):
    town.change(quota=2, order=Order("amount"))
    town.companies(甲=100, 乙=300, 丙=200, 丁=50)
    run = town.published()
    assert [one.amount_fen for one in api.lines_of(run.docket)] == [300, 200]
    assert town.drawn() is None, "there is no place left"
    town.change(quota=None, budget_fen=560)
    more = town.drawn()
    assert more is None, "100 do not fit into 60, and 50 do not overtake"
    api.decline(
        number=town.due("乙").number, party=town.parties["乙"], reason="", actor=town.actor("乙"), at=town.at
    )
    town.news()
    (run,) = Run.objects.exclude(pk=run.pk)
    assert [one.amount_fen for one in api.lines_of(run.docket)] == [100, 50], (
        "who gave it up is not listed again"
    )
    assert town.sound()


def test_who_is_no_longer_entitled_or_has_ended_is_not_listed(town):
    town.companies(甲=100, 乙=200, 丙=300)
    town.ends("甲")
    town.unknown[town.parties["乙"]] = ("tax.rd",)
    run = town.drawn()
    assert [one.party for one in api.lines_of(run.docket)] == [town.parties["丙"]]
    assert run.skipped == {"ended": 1, "changed": 1}


def test_an_objection_stops_its_own_line_only(town):
    town.companies(甲=100, 乙=200)
    run = town.published()
    place = town.due("甲").place
    by = town.actor("乙")
    made = api.object_to(run=run.number, place=place, text="这家已经停产半年了", actor=by, at=town.at)
    assert made.state == "open"
    with pytest.raises(ClaimsError, match="已经对这一位"):
        api.object_to(run=run.number, place=place, text="再说一次停产了", actor=by, at=town.at)
    with pytest.raises(ClaimsError):
        api.object_to(run=run.number, place=place, text="？", actor=by, at=town.at)
    assert town.state("甲") == "held"
    town.days_over()
    assert (town.state("甲"), town.state("乙")) == ("held", "waiting")
    with pytest.raises(ClaimsError, match="已过"):
        api.object_to(run=run.number, place=town.due("乙").place, text="公示期过了再提", actor=by, at=town.at)
    town.does("head", run.docket, "release", place=place, reason="现场核查在生产")
    assert town.state("甲") == "waiting"
    assert Objection.objects.get().state == "dismissed"
    town.news()
    assert Message.objects.filter(recipient=by.id, template="benefit.objection").count() == 1


def test_an_upheld_objection_frees_the_place_for_the_next(town):
    town.change(quota=1, order=Order("amount"))
    town.companies(甲=300, 乙=200)
    run = town.published()
    api.object_to(run=run.number, place=1, text="研发费用不实，已被查处", actor=town.actor("乙"), at=town.at)
    town.does("approver", run.docket, "exclude", place=1, reason="查实研发费用不实")
    town.news()
    assert town.state("甲") == "left"
    assert town.due("甲").words == "查实研发费用不实"
    assert town.state("乙") == "listed", "the next in the order is listed, and published like the first"
    assert town.due("乙").run_id != run.pk
    assert town.sound()


def test_a_policy_withdrawn_during_publicity_grants_nothing_and_afterwards_takes_nothing_back(town):
    town.companies(甲=100)
    run = town.published()
    news = kernel_news(policies.MEASURE_WITHDRAWN, town, version=1, reason="上级文件废止")
    handlers.stopped(news)
    handlers.stopped(news)
    assert (town.docket(run).state, town.state("甲")) == ("withdrawn", "left")
    assert telling.tell_due(at=town.at) == 1
    assert "上级文件废止" in Message.objects.get(template="benefit.left").body
    assert town.sound()
    kept = town.concluded()
    handlers.stopped(
        kernel_news(policies.MEASURE_WITHDRAWN, town, version=1, reason="上级文件废止", number=2)
    )
    assert (town.docket(kept).state, town.state("甲")) == ("confirming", "waiting")


def test_a_new_version_draws_the_list_anew(town):
    town.companies(甲=100)
    first = town.published()
    town.change(version=2)
    town.company("甲", 150)
    handlers.changed(kernel_news(policies.MEASURE_PUBLISHED, town, version=2))
    assert town.docket(first).state == "withdrawn"
    second = town.drawn()
    (line,) = api.lines_of(second.docket)
    assert (line.version, line.amount_fen) == (2, 150)


def test_who_does_not_confirm_is_set_aside_and_found_again(town):
    town.companies(甲=100, 乙=200)
    run = town.concluded()
    town.confirms("乙")
    town.bundle()
    town.pays()
    town.later(days=70)
    fire_due(at=town.at)
    assert town.state("甲") == "aside"
    paying.settle_open(at=town.at)
    assert town.docket(run).state == "finished"
    town.later(days=100)
    assert town.confirms("甲").state == "confirmed"
    town.bundle()
    town.pays()
    assert town.state("甲") == "paid"
    again = Run.objects.get(again=True)
    assert town.docket(again).state == "finished"
    assert Batch.objects.count() == 2
    assert town.sound()


def test_dissolved_before_confirming_and_after(town):
    town.companies(甲=100, 乙=200, 丙=300)
    run = town.published()
    town.ends("甲")
    town.days_over()
    assert town.state("甲") == "held"
    town.confirms("乙")
    town.ends("乙")
    town.ends("丙")
    with pytest.raises(ClaimsError, match="已注销"):
        town.confirms("丙")
    assert town.state("丙") == "held"
    town.bundle()
    assert town.state("乙") == "held"
    assert not Batch.objects.exists()
    heir = town.company("承继")
    uscc = Organisation.objects.get(pk=heir.partition(":")[2]).uscc
    with pytest.raises(kernel.MoveRefused, match="已注销"):
        town.does("head", run.docket, "release", place=town.due("乙").place, reason="核对过了没问题")
    town.does(
        "head",
        run.docket,
        "succeed",
        place=town.due("乙").place,
        uscc=uscc,
        reason="吸收合并协议和登记通知书",
    )
    account = api.NewAccount("咸宁承继有限公司", GOOD, "湖北银行")
    api.confirm(
        number=town.due("乙").number, party=heir, actor=town.actor("承继"), at=town.at, account=account
    )
    town.does("head", run.docket, "exclude", place=town.due("甲").place, reason="已注销，没有承继单位")
    town.bundle()
    town.pays()
    assert (town.state("甲"), town.state("乙"), town.out()) == ("left", "paid", [200])
    assert town.sound()


def test_money_that_comes_back_goes_to_the_corrected_account_once(town):
    town.companies(甲=100)
    town.concluded()
    town.confirms("甲", account=WRONG)
    town.bundle()
    town.pays()
    assert town.state("甲") == "returned"
    telling.tell_due(at=town.at)
    assert Message.objects.filter(template="benefit.returned").count() == 1
    due = town.due("甲")
    good = api.NewAccount("咸宁甲有限公司", GOOD, "湖北银行")
    api.correct(number=due.number, party=due.payee, account=good, actor=town.actor("甲"), at=town.at)
    assert town.state("甲") == "paying"
    town.pays()
    assert town.out() == [], "an account that the payee corrected waits for a second pair of eyes"
    batch = Batch.objects.get()
    town.does("treasurer", batch.docket, "confirm", place=1)
    town.pays()
    assert (town.state("甲"), town.out()) == ("paid", [100])
    with pytest.raises(ClaimsError, match="没有被银行退回"):
        api.correct(number=due.number, party=due.payee, account=good, actor=town.actor("甲"), at=town.at)


def test_what_finance_sends_back_goes_out_again_only_by_an_officer(town):
    town.companies(甲=100)
    run = town.concluded()
    town.confirms("甲")
    town.bundle()
    batch = Batch.objects.get()
    town.does("clerk", batch.docket, "refuse", reason="户名和登记不一致")
    town.news()
    assert town.state("甲") == "held"
    assert town.bundle() == 0
    town.does("head", run.docket, "release", place=1, reason="户名核对无误，重新报送")
    assert town.bundle() == 1
    town.pays()
    assert (town.state("甲"), town.out()) == ("paid", [100])


def test_the_budget_has_the_last_word_when_it_is_approved(town):
    town.companies(甲=300, 乙=300)
    town.concluded()
    town.confirms("甲")
    town.confirms("乙")
    town.bundle()
    town.change(budget_fen=500)
    batch = Batch.objects.get()
    town.does("clerk", batch.docket, "check")
    with pytest.raises(kernel.MoveRefused, match="本期预算"):
        town.does("treasurer", batch.docket, "approve")


def test_measures_that_exclude_each_other_are_not_enjoyed_together(town):
    town.has(town.measures["kjj-rd"], key="kjj-other", excludes=("kjj-rd",), way="quick")
    town.companies(甲=100)
    town.company("甲", 900, measure="kjj-other")
    town.published()
    with pytest.raises(ClaimsError, match="不能同时享受"):
        town.claim("甲", measure="kjj-other")
    api.decline(
        number=town.due("甲").number, party=town.parties["甲"], reason="", actor=town.actor("甲"), at=town.at
    )
    assert town.claim("甲", measure="kjj-other").due.amount_fen == 900
    town.news()
    assert town.due("甲").state == "left", "nor is it listed again meanwhile"
    assert town.sound()
