"""快申快享: claimed, put in order, decided by the rule, paid in time or refused with a reason; and money asked back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.desks.policies.claims.conftest import GOOD, WRONG, Order
from tests.kernel.files.test_files import pdf
from tongban.desks.policies.claims import api, queueing, recovering, selectors
from tongban.desks.policies.claims.contracts import ClaimsError, UnknownError
from tongban.desks.policies.claims.models import Due, Recovery
from tongban.desks.policies.claims.web.words import next_step
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.files.services import store
from tongban.kernel.models import Clock, Docket
from tongban.registers.messages.models import Message
from tongban.registers.payments import api as payments
from tongban.registers.payments import collecting
from tongban.registers.payments.models import Batch
from tongban.registers.payments.providers import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick(town):
    town.change(way="quick")
    return town


def test_claimed_with_what_is_known_and_paid_within_sixty_working_days(quick):
    quick.companies(星河=88_000_01)
    made = quick.claim("星河")
    assert quick.claim("星河").number == made.number, "a double click is one claim"
    assert (made.state, made.due.amount_fen, made.rank) == ("claimed", 88_000_01, 0)
    clock = Clock.objects.get(docket=made.docket, name="pay")
    assert (clock.amount, clock.basis) == (60, "working_days")
    assert clock.due_at - quick.at > timedelta(days=80)
    with pytest.raises(ClaimsError, match="同一项只享受一次"):
        quick.claim("星河", key="2")
    with pytest.raises(kernel.NotPermitted):
        quick.does("handler", made.docket, "approve")
    quick.does("approver", made.docket, "approve")
    assert quick.bundle() == 1
    assert quick.bundle() == 0
    quick.pays()
    found = selectors.claim(made.number)
    assert (found.state, found.due.state, quick.out()) == ("paid", "paid", [88_000_01])
    clock.refresh_from_db()
    assert clock.outcome == "kept"
    assert quick.sound()


def test_what_is_not_known_is_proven_with_a_paper(quick):
    party = quick.company("星河", 500_00)
    quick.unknown[party] = ("tax.rd",)
    with pytest.raises(ClaimsError) as asked:
        quick.claim("星河")
    assert (asked.value.code, list(asked.value.fields)) == ("missing", ["tax.rd"])
    with pytest.raises(ClaimsError, match="证明材料"):
        quick.claim("星河", proven={"tax.rd": 1_200_000_00})
    paper = store(content=pdf(), name="a.pdf", at=quick.at)
    made = quick.claim(
        "星河", proven={"tax.rd": 1_200_000_00}, evidence=[("tax.rd", paper.digest, "专项审计报告.pdf")]
    )
    quick.does("handler", made.docket, "ask", reason="请补第三页的签章")
    assert selectors.claim(made.number).asked == "请补第三页的签章"
    assert Clock.objects.get(docket=made.docket, name="pay").suspended_at is not None
    kernel.perform(made.docket, "supply", actor=quick.actor("星河"), at=quick.at, data={"text": "签章页已补"})
    assert Clock.objects.get(docket=made.docket, name="pay").suspended_at is None
    assert "签章页已补" in selectors.claim(made.number).said
    quick.company("长江", 100)
    with pytest.raises(ClaimsError, match="不用另外证明"):
        quick.claim("长江", proven={"tax.rd": 5})


def test_refused_with_reason_and_remedy_and_the_place_goes_on(quick):
    quick.change(quota=1)
    quick.companies(甲=100, 乙=200, 丙=300)
    first, second, third = quick.claim("甲"), quick.claim("乙"), quick.claim("丙")
    assert [(one.state, one.rank) for one in (first, second, third)] == [
        ("claimed", 0),
        ("queued", 1),
        ("queued", 2),
    ]
    quick.does("head", first.docket, "refuse", reason="审计报告与申报不符")
    quick.news()
    assert selectors.claim(second.number).state == "claimed"
    assert selectors.claim(third.number).rank == 1
    told = Message.objects.get(recipient=quick.parties["甲"], template="claim.refuse")
    assert "审计报告与申报不符" in told.body
    assert "行政复议" in told.body
    assert quick.claim("甲", key="again").rank == 2, "who was refused may claim again, at the end"
    assert quick.sound()


def test_nobody_overtakes_who_waits(quick):
    quick.change(budget_fen=250)
    quick.companies(甲=200, 乙=100, 丙=10)
    quick.claim("甲")
    assert quick.claim("乙").state == "queued"
    assert quick.claim("丙").state == "queued", "10 would fit, but 乙 was first"
    assert queueing.fill("kjj-rd", "2026", at=quick.at) == 0
    quick.change(budget_fen=310)
    assert queueing.fill_all(at=quick.at) == 2


def test_who_waits_is_put_in_the_published_order(quick):
    quick.change(quota=1, order=Order("amount"))
    quick.companies(甲=100, 乙=200, 丙=300)
    first, small, large = quick.claim("甲"), quick.claim("乙"), quick.claim("丙")
    assert (first.state, small.rank, large.rank) == ("claimed", 1, 1)
    assert selectors.claim(small.number).rank == 2, "a larger one came after it and is before it"
    quick.does("head", first.docket, "refuse", reason="审计报告与申报不符")
    quick.news()
    assert [quick.state(name) for name in ("乙", "丙")] == ["queued", "claimed"]
    assert quick.sound()


def test_with_a_last_day_all_who_claimed_are_put_in_order_together(quick):
    """However early the first comes, the places go by what the measure says; the last day over, at once."""
    last = quick.at.date() + timedelta(days=3)
    quick.change(quota=2, closes_on=last, valid_until=last, order=Order("element", "energy.saved"))
    quick.companies(甲=100, 乙=100, 丙=100, 丁=100)
    quick.known = {quick.parties["甲"]: 9, quick.parties["乙"]: 100, quick.parties["丙"]: Decimal("20.5")}
    made = [quick.claim(name) for name in ("甲", "丁", "丙", "乙")]
    assert {one.state for one in made} == {"queued"}
    assert queueing.fill_all(at=quick.at) == 0
    assert [selectors.claim(one.number).rank for one in made] == [3, 4, 2, 1]
    assert str(last.day) in next_step(made[0].due, at=quick.at)

    quick.later(days=4)
    gone = quick.measures.pop("kjj-rd")
    assert queueing.fill_all(at=quick.at) == 0, (
        "nothing was in force on the last day: the policy was stopped before"
    )
    quick.on_day[last] = gone
    assert queueing.fill_all(at=quick.at) == 2
    assert [quick.state(name) for name in ("甲", "乙", "丙", "丁")] == [
        "queued",
        "claimed",
        "claimed",
        "queued",
    ]
    assert quick.sound()


def test_a_new_version_after_the_last_day_leaves_who_waits_in_order(quick):
    last = quick.at.date() + timedelta(days=3)
    old = quick.change(quota=1, closes_on=last, order=Order("amount"))
    quick.companies(甲=100, 乙=200)
    made = [quick.claim(name) for name in ("甲", "乙")]
    quick.later(days=4)
    quick.on_day[last] = old
    quick.change(version=2, closes_on=None, order=Order())
    assert [selectors.claim(one.number).rank for one in made] == [2, 1]


def test_at_approval_the_rule_has_the_last_word(quick):
    quick.companies(甲=100, 乙=100)
    first, second = quick.claim("甲"), quick.claim("乙")
    quick.company("甲", 80)
    quick.does("head", first.docket, "approve")
    assert quick.due("甲").amount_fen == 80
    del quick.entitled["kjj-rd"][quick.parties["乙"]]
    with pytest.raises(kernel.MoveRefused, match="不再符合"):
        quick.does("head", second.docket, "approve")
    assert quick.sound()


def test_not_for_others_not_after_the_end_not_without_account(quick):
    quick.companies(甲=100, 乙=100)
    quick.company("丙")
    with pytest.raises(ClaimsError, match="不符合"):
        quick.claim("丙")
    with pytest.raises(ClaimsError) as asked:
        quick.claim("甲", account=None)
    assert asked.value.code == "account"
    with pytest.raises(ClaimsError) as wrong:
        quick.claim("甲", account="12a4")
    assert set(wrong.value.fields) == {"account"}
    made = quick.claim("甲")
    with pytest.raises(UnknownError):
        selectors.claim(made.number, party=quick.parties["乙"])
    with pytest.raises(kernel.NotFound):
        kernel.docket(made.number, actor=quick.actor("乙"))
    quick.ends("乙")
    with pytest.raises(ClaimsError, match="已注销"):
        quick.claim("乙")
    assert Due.objects.count() == 1


def test_a_claim_that_finance_sends_back_or_the_bank_returns(quick):
    quick.companies(甲=100)
    made = quick.claim("甲", account=WRONG)
    quick.does("head", made.docket, "approve")
    with pytest.raises(kernel.MoveRefused, match="没有被退回"):
        quick.does("head", made.docket, "release", reason="再送一次看看")
    quick.bundle()
    quick.does("clerk", Batch.objects.get().docket, "refuse", reason="户名不一致")
    quick.news()
    assert (selectors.claim(made.number).state, quick.state("甲"), quick.bundle()) == ("approved", "held", 0)
    quick.does("head", made.docket, "release", reason="户名核对无误")
    quick.bundle()
    quick.pays()
    assert selectors.claim(made.number).state == "returned"
    account = api.NewAccount("咸宁甲有限公司", GOOD, "湖北银行")
    api.correct(
        number=made.number, party=quick.parties["甲"], account=account, actor=quick.actor("甲"), at=quick.at
    )
    batch = Batch.objects.order_by("-pk").first()
    quick.does("treasurer", batch.docket, "confirm", place=1)
    quick.pays()
    assert (selectors.claim(made.number).state, quick.out()) == ("paid", [100])


def test_withdrawn_or_never_supplied(quick):
    quick.companies(甲=100, 乙=100)
    first, second = quick.claim("甲"), quick.claim("乙")
    kernel.perform(first.docket, "withdraw", actor=quick.actor("甲"), at=quick.at)
    quick.does("handler", second.docket, "ask", reason="请补充审计报告")
    quick.later(days=40)
    fire_due(at=quick.at)
    assert {selectors.claim(one.number).state for one in (first, second)} == {"withdrawn", "refused"}
    assert quick.sound()


def test_what_was_paid_wrongly_comes_back_by_order_of_another(town):
    town.companies(甲=100)
    town.concluded()
    town.confirms("甲")
    town.bundle()
    due = town.due("甲")
    with pytest.raises(ClaimsError, match="已到账的才能追回"):
        recovering.propose(number=due.number, reason="数据有误", actor=town.actor("head"), at=town.at)
    town.pays()
    with pytest.raises(kernel.NotPermitted):
        recovering.propose(number=due.number, reason="数据有误", actor=town.actor("treasurer"), at=town.at)
    number = recovering.propose(
        number=due.number, reason="登记的数据后来更正了", actor=town.actor("head"), at=town.at
    )
    with pytest.raises(ClaimsError, match="正在追回"):
        recovering.propose(number=due.number, reason="又提一次追回", actor=town.actor("head"), at=town.at)
    docket = Docket.objects.get(number=number).pk
    with pytest.raises(kernel.MoveRefused, match="另一个人"):
        town.does("head", docket, "order")
    town.does("approver", docket, "order")
    fee = payments.fee(Recovery.objects.get().fee)
    assert (fee.amount_fen, fee.payer, fee.about) == (100, town.parties["甲"], number)
    town.later(days=31)
    fire_due(at=town.at)
    town.news()
    again = payments.fee(Recovery.objects.get().fee)
    assert again.number != fee.number, "not paid in time: another order, the clock says how late"
    api_address = payments.checkout(number=again.number, party=town.parties["甲"], at=town.at)
    assert api_address
    body, headers = provider().pay(again.number.replace("-", ""), at=town.at)
    collecting.take_in(provider().read(body, headers, at=town.at), at=town.at)
    town.news()
    due.refresh_from_db()
    assert (due.state, Docket.objects.get(pk=docket).state) == ("recovered", "recovered")
    assert town.sound()
