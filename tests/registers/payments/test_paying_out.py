"""Batches: four eyes, one payment per entitlement, whenever the process is killed."""

from itertools import count

import pytest

from tests.registers.payments.conftest import GOOD, WRONG
from tongban.kernel import api as kernel
from tongban.registers.payments import api, paying_out, rules
from tongban.registers.payments.contracts import Answer, ItemState, NewItem, Outcome, PaymentsError, Way
from tongban.registers.payments.models import Batch, Difference, Item
from tongban.registers.payments.providers import DemoBank

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone."""


def sent(town):
    return paying_out.send_due(at=town.at)


def out(town):
    return [one for one in town.paid_out() if one.way is Way.OUT]


def test_two_officers_and_neither_of_them_prepared_it(town):
    batch = town.batch()
    with pytest.raises(kernel.NotPermitted):
        town.does("treasurer", batch.docket, "check")
    with pytest.raises(kernel.MoveRefused):
        town.does("treasurer", batch.docket, "approve")
    town.does("second", batch.docket, "check")
    with pytest.raises(kernel.MoveRefused, match="另一个人"):
        town.does("second", batch.docket, "approve")
    assert sent(town) == 0, "nothing leaves before it is approved"
    town.does("treasurer", batch.docket, "approve")
    assert sent(town) == 3
    assert sent(town) == 0
    assert town.state(batch) == "paid"
    assert sorted(one.amount_fen for one in out(town)) == [100_00, 100_01, 100_02]
    found = api.batch(batch.number)
    assert (found.checked_by, found.approved_by) == tuple(
        town.actor(name).id for name in ("second", "treasurer")
    )
    assert found.sums == {"paid": 300_03}
    town.later(days=20)
    town.fire()
    assert town.state(batch) == "closed"


def test_one_entitlement_is_in_one_batch(town):
    batch = town.batch()
    assert town.batch().number == batch.number
    with pytest.raises(PaymentsError, match="另一批"):
        town.batch(accounts=(GOOD,))
    again = [NewItem("batch-1:0", "person:1", "张小明", GOOD, "湖北银行", 5)]
    with pytest.raises(PaymentsError, match="不发两次：batch-1:0"):
        town.batch(key="batch-2", items=again)
    assert Batch.objects.count() == 1
    town.does("clerk", batch.docket, "refuse", reason="名单要重新公示")
    assert town.batch(key="batch-2", items=again).count == 1, "what was sent back may be put up again"


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (NewItem("a", "person:1", "张", GOOD, "行", 0), "大于0"),
        (NewItem("a", "person:1", "张", "12a456", "行", 5), "6到32位数字"),
        (NewItem("a", "person:1", " ", GOOD, "行", 5), "户名"),
        (NewItem("a", "person:1", "张", GOOD, "行", 10**20), "大于0"),
    ],
)
def test_what_cannot_be_paid_is_refused_by_its_place(town, item, fault):
    with pytest.raises(PaymentsError, match=f"第1笔.*{fault}"):
        town.batch(items=[item])
    assert Batch.objects.count() == 0
    with pytest.raises(PaymentsError, match="出现两次"):
        town.batch(items=[NewItem("a", "p", "张三", GOOD, "行", 5)] * 2)


def test_the_budget_of_the_source_has_the_last_word(town):
    asked = []

    def budget(ask):
        asked.append(ask)
        return "本年预算还剩100元。"

    paying_out.register_budget("tight", budget)
    batch = town.batch(source="tight", budget="2026-37")
    town.does("clerk", batch.docket, "check")
    with pytest.raises(kernel.MoveRefused, match="还剩100元"):
        town.does("treasurer", batch.docket, "approve")
    assert (asked[0].budget, asked[0].amount_fen, len(asked[0].keys)) == ("2026-37", 300_03, 3)
    assert town.state(batch) == "checked"
    assert not Item.objects.filter(live=True).exists()


@pytest.mark.parametrize("when", ["before", "half", "after"])
def test_killed_between_sending_and_noting_nobody_is_paid_twice(town, monkeypatch, when):
    town.approved()
    whole = DemoBank.send

    def dies(self, items, *, at):
        whole(self, {"before": [], "half": items[:2], "after": items}[when], at=at)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(DemoBank, "send", dies)
        with pytest.raises(Killed):
            sent(town)
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.SENDING}
    assert sent(town) == 0, "what may have been sent is not sent again"
    assert paying_out.ask_unanswered(at=town.at) == 0
    assert paying_out.ask_unanswered(at=town.later(minutes=6)) == 3
    sent(town)
    assert sorted(one.amount_fen for one in out(town)) == [100_00, 100_01, 100_02]
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.PAID}


def test_killed_at_every_statement_of_the_job_the_books_agree_with_the_bank(town, monkeypatch):
    """The job is begun and killed at its first, second, third … statement until it gets through."""
    from django.db.backends.utils import CursorWrapper

    town.approved(accounts=(GOOD, GOOD))
    execute, killed = CursorWrapper.execute, 0
    for limit in count(1):
        left = [limit]

        def dying(self, sql, params=None, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return execute(self, sql, params)

        try:
            with monkeypatch.context() as patch:
                patch.setattr(CursorWrapper, "execute", dying)
                try:
                    paying_out.ask_unanswered(at=town.at)
                    paying_out.send_due(at=town.at)
                finally:
                    patch.setattr(CursorWrapper, "execute", execute)
        except Killed:
            killed += 1
            town.later(minutes=6)
            continue
        if set(Item.objects.values_list("state", flat=True)) == {ItemState.PAID}:
            break
        town.later(minutes=6)
    assert killed > 5
    assert len(out(town)) == 2 if killed else False
    assert [one.reference for one in out(town)] == [f"P{one.pk}-1" for one in Item.objects.order_by("pk")]


def test_a_wrong_account_is_corrected_by_one_confirmed_by_another_and_paid_once(town):
    batch = town.approved(accounts=(GOOD, WRONG))
    assert sent(town) == 2
    assert town.state(batch) == "partly"
    (returned,) = api.items_of(batch.docket, states=["returned"])
    assert (returned.place, returned.account) == (2, "6222***********0000")
    with pytest.raises(kernel.MoveRefused, match="能做的是"):
        town.does(
            "clerk",
            batch.docket,
            "correct",
            place=1,
            account=GOOD,
            holder="张小明",
            bank="湖北银行",
            reason="本人来电",
        )
    town.does(
        "second", batch.docket, "correct", place=2, account="6222021812009999888", holder="张小明", bank="湖北银行",
        reason="本人持卡到窗口核对",
    )  # fmt: skip
    assert sent(town) == 0, "a corrected account waits for the second pair of eyes"
    with pytest.raises(kernel.MoveRefused, match="另一个人"):
        town.does("second", batch.docket, "confirm", place=2)
    town.does("treasurer", batch.docket, "confirm", place=2)
    assert sent(town) == 1
    assert town.state(batch) == "paid"
    assert sorted(one.amount_fen for one in out(town)) == [100_00, 100_01]
    said = "".join(str(one.body) for one in kernel.history(batch.number, at=town.at))
    assert "6222021812009999888" not in said
    assert GOOD not in "".join(Item.objects.extra(select={"raw": "account"}).values_list("raw", flat=True))


def test_a_payment_may_come_back_days_after_it_arrived_and_after_the_batch_was_closed(town):
    batch = town.approved(accounts=(GOOD, GOOD))
    sent(town)
    first, second = town.items(batch)
    town.later(days=3)
    assert api.returned(reference=first.reference, reason="账户已冻结", at=town.at)
    assert not api.returned(reference=first.reference, reason="账户已冻结", at=town.at)
    assert town.state(batch) == "partly"
    town.does("treasurer", batch.docket, "drop", place=1, reason="本人放弃")
    assert town.state(batch) == "paid"
    town.later(days=20)
    town.fire()
    assert town.state(batch) == "closed"
    assert api.returned(reference=second.reference, reason="账户已销户", at=town.at)
    assert Difference.objects.count() == 1
    with pytest.raises(PaymentsError, match="没有这笔"):
        api.returned(reference="P99999-1", reason="", at=town.at)


def test_an_old_answer_does_not_settle_a_new_attempt(town):
    batch = town.approved(accounts=(WRONG,))
    sent(town)
    town.does(
        "clerk",
        batch.docket,
        "correct",
        place=1,
        account=GOOD,
        holder="张小明",
        bank="湖北银行",
        reason="本人核对",
    )
    town.does("treasurer", batch.docket, "confirm", place=1)
    late = {"place": 1, "attempt": 1, "state": "paid", "transaction": "X"}
    kernel.perform(batch.docket, "answer", actor=kernel.SYSTEM, at=town.at, data={"results": [late]})
    (item,) = town.items(batch)
    assert (item.state, item.attempt) == ("waiting", 2)


def test_pending_is_asked_again_and_payees_are_told_once(town, monkeypatch):
    batch = town.approved(accounts=(GOOD,))
    with monkeypatch.context() as patch:
        patch.setattr(DemoBank, "send", lambda *_a, **_k: {})
        assert sent(town) == 0
        patch.setattr(DemoBank, "fate", lambda *_a, **_k: Answer(Outcome.PENDING))
        assert paying_out.ask_unanswered(at=town.later(minutes=6)) == 0
    assert paying_out.ask_unanswered(at=town.later(minutes=6)) == 1
    sent(town)
    town.relay()
    town.relay()
    from tongban.registers.messages.models import Message

    assert Message.objects.filter(template="payment.arrived").count() == 1
    (got,) = api.received_by(str(town.people["payer"]))
    assert (got.batch, got.state) == (batch.number, "paid")
    assert api.item("batch-1:0").state == "paid"


@pytest.mark.parametrize(
    ("counts", "move"),
    [
        ({"paid": 3}, "finish"), ({"paid": 2, "returned": 1}, "fall_short"), ({"paid": 2, "waiting": 1}, ""),
        ({"sending": 1, "returned": 5}, ""), ({"corrected": 1}, "fall_short"), ({"dropped": 2}, "finish"),
    ],
)  # fmt: skip
def test_what_a_batch_does_next(counts, move):
    assert rules.after_answers(counts) == move
