"""An order from asking to rating; silence on either side; a price that nobody agreed to is never owed."""

from datetime import timedelta

import pytest

from tongban.actors import api as actors
from tongban.desks.bundles import api
from tongban.desks.bundles.contracts import BundlesError, UnknownError
from tongban.kernel import api as kernel
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.appraisal.models import Evaluation
from tongban.registers.messages import api as messages

pytestmark = pytest.mark.django_db


def figures(town, who="law"):
    known = api.provider_of(town.party(who))
    return api.figures([known.docket])[known.docket]


def letters(town, who):
    town.relay()
    return [str(row.subject) for row in messages.inbox(recipients=[town.party(who)])]


def test_an_order_at_a_published_price_from_asking_to_rating(town):
    order = town.orders(town.offers())
    assert (order.state, order.offer.price_fen) == ("asked", 80_000)
    town.does("law", order.docket, "accept")
    assert town.state(order.docket) == "agreed"
    town.does("law", order.docket, "deliver", says="修改稿和说明已用邮件发出")
    town.does("law", order.docket, "paid", amount_fen=80_000, on=town.at.date())
    town.does("company", order.docket, "confirm")
    town.does("company", order.docket, "rate", level=2, said="很细致")
    done = api.order_behind(order.docket)
    assert (done.state, done.agreed_fen, done.on_time, done.level) == ("closed", 80_000, True, 2)
    assert [(one.by, one.amount_fen) for one in done.statements] == [("provider", 80_000)]
    found = figures(town)
    assert (found.asked, found.answered, found.delivered, found.on_time, found.rated, found.satisfied) == (
        1,
    ) * 6


def test_a_quote_binds_nobody_until_the_company_agrees(town):
    order = town.orders(town.offers(price="quote", unit=""))
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "quote", amount_fen=1_200_000, days=20, says="全年顾问")
    assert api.order_behind(order.docket).agreed_fen is None
    town.does("company", order.docket, "ask_again", reason="太贵，只要半年")
    town.does("law", order.docket, "quote", amount_fen=600_000, days=10, says="半年顾问")
    town.does("company", order.docket, "agree")
    agreed = api.order_behind(order.docket)
    assert (agreed.state, agreed.agreed_fen, agreed.agreed_days) == ("agreed", 600_000, 10)


def test_a_quote_that_nobody_decides_lapses_and_costs_nothing(town):
    order = town.orders(town.offers(price="quote", unit=""))
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "quote", amount_fen=1_200_000, days=20, says="全年顾问")
    town.later(days=12)
    town.fire()
    ended = api.order_behind(order.docket)
    assert (ended.state, ended.agreed_fen) == ("cancelled", None)
    assert any("已取消" in one for one in letters(town, "company"))


def test_a_silent_provider_loses_the_order_to_the_next_that_is_not_dearer(town):
    first = town.offers("law", price_fen=80_000)
    town.offers("rival", price_fen=90_000)
    dear = town.orders(first, others=True)
    cheap = town.offers("rival", price_fen=70_000)
    order = town.orders(first, others=True, wish="另一份合同")
    town.later(days=4)
    town.fire()
    assert api.order_behind(order.docket).offer.id == cheap
    assert town.state(order.docket) == town.state(dear.docket) == "asked"
    with pytest.raises(kernel.NotFound):
        town.does("law", order.docket, "accept")  # it does not lie with them any more
    town.does("rival", order.docket, "accept")
    assert (figures(town).asked, figures(town).answered) == (2, 0)


def test_only_a_dearer_offer_is_left_so_the_company_decides(town):
    order = town.orders(town.offers("law", price_fen=80_000), others=True)
    dear = town.offers("rival", price_fen=90_000)
    town.does("law", order.docket, "decline", reason="下周才有空")
    assert town.state(order.docket) == "returned"
    assert any("另选" in one for one in letters(town, "company"))
    town.does("company", order.docket, "choose", offer=dear)
    assert (town.state(order.docket), api.order_behind(order.docket).offer.price_fen) == ("asked", 90_000)


def test_without_leave_to_pass_it_on_an_order_comes_back(town):
    order = town.orders(town.offers("law"))
    town.offers("rival", price_fen=10_000)
    town.later(days=4)
    town.fire()
    assert town.state(order.docket) == "returned"
    assert api.orders_at(town.party("law")) == []
    town.later(days=20)
    town.fire()
    assert town.state(order.docket) == "cancelled"


def test_whom_to_call_is_told_only_to_who_accepted(town):
    order = town.orders(town.offers())
    (waiting,) = api.orders_at(town.party("law"))
    assert (waiting.company_name, waiting.contact, waiting.phone) == ("咸宁蓝田生物科技有限公司", "", "")
    town.does("law", order.docket, "accept")
    (accepted,) = api.orders_at(town.party("law"))
    assert accepted.phone == "13871100070"
    stored = town.order(order.docket)
    assert stored.phone == "13871100070"
    with pytest.raises(kernel.NotFound):
        kernel.docket(order.number, actor=town.actor("rival"))


def test_silence_after_a_delivery_is_confirmation_and_was_told_before(town):
    order = town.orders(town.offers())
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "deliver", says="已交付")
    assert any("请确认交付" in one for one in letters(town, "company"))
    town.later(days=8)
    town.fire()
    assert (town.state(order.docket), town.order(order.docket).by_silence) == ("confirmed", True)
    town.later(days=18)
    town.fire()
    assert town.state(order.docket) == "closed"
    assert figures(town).rated == 0  # silence praises nobody


def test_late_is_late_even_when_it_is_delivered_at_last(town):
    order = town.orders(town.offers(days=2))
    town.does("law", order.docket, "accept")
    town.later(days=6)
    town.fire()
    assert any("超过约定期限" in one for one in letters(town, "company"))
    town.does("law", order.docket, "deliver", says="抱歉晚了")
    assert town.order(order.docket).on_time is False
    town.does("company", order.docket, "redo", reason="缺附件说明")
    town.does("law", order.docket, "deliver", says="补上了附件说明")
    assert town.order(order.docket).on_time is False
    assert (figures(town).delivered, figures(town).on_time) == (1, 0)


def test_a_dispute_is_mediated_and_each_side_hears_the_ruling(town):
    order = town.orders(town.offers())
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "deliver", says="已交付")
    town.does("company", order.docket, "dispute", reason="只改了错别字，没有看风险")
    town.later(days=9)
    town.fire()
    assert town.state(order.docket) == "disputed"  # nothing is presumed while it is disputed
    town.does("specialist", order.docket, "go_on", ruling="三天内补一份风险说明，不另收费", days=3)
    town.does("law", order.docket, "deliver", says="风险说明")
    town.does("company", order.docket, "dispute", reason="还是没有违约条款")
    town.does("specialist", order.docket, "part", ruling="退一半，双方终止")
    assert town.state(order.docket) == "ended"
    assert api.order_behind(order.docket).ruling == "退一半，双方终止"
    for who in ("company", "law"):
        assert any("调处有了结果" in one for one in letters(town, who))
    assert figures(town).disputes == 1


def test_a_dispute_can_also_end_for_the_provider(town):
    order = town.orders(town.offers())
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "dispute", reason="企业一直不给合同原文")
    town.does("specialist", order.docket, "hold", ruling="已按约完成能做的部分")
    assert (town.state(order.docket), town.order(order.docket).on_time) == ("confirmed", True)


def test_a_provider_that_cannot_go_on_gives_it_back(town):
    order = town.orders(town.offers())
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "give_up", reason="与对方有利益冲突")
    given = api.order_behind(order.docket)
    assert (given.state, given.agreed_fen) == ("returned", None)
    town.does("company", order.docket, "cancel", reason="不需要了")
    assert town.state(order.docket) == "cancelled"


@pytest.mark.parametrize(
    ("told", "field"),
    [({"wish": "急"}, "wish"), ({"phone": "123"}, "phone"), ({"contact": " "}, "contact")],
)  # fmt: skip
def test_what_is_missing_is_told_by_field_and_nothing_is_written(town, told, field):
    offer = town.offers()
    with pytest.raises(BundlesError) as refused:
        town.orders(offer, **told)
    assert list(refused.value.fields) == [field]
    assert api.orders_of(town.party("company")) == []


def test_nobody_orders_from_oneself_nor_as_a_person_nor_what_is_not_shown(town):
    offer = town.offers()
    told = {
        "wish": "请看一份供货合同",
        "contact": "周律",
        "phone": "13871100070",
        "others": False,
        "at": town.at,
    }
    with pytest.raises(BundlesError, match="自己代表"):
        api.place(offer=offer, company=town.party("law"), actor=town.actor("law"), **told)
    with pytest.raises(BundlesError, match="个人身份"):
        api.place(offer=offer, company=str(town.people["company"]), actor=town.actor("company"), **told)
    town.does("law", api.provider_of(town.party("law")).docket, "withdraw_offer", offer=offer)
    with pytest.raises(UnknownError):
        town.orders(offer)


def test_one_click_twice_is_one_order(town):
    offer = town.offers()
    first, again = town.orders_with_key(offer, "k1"), town.orders_with_key(offer, "k1")
    assert first.number == again.number
    assert len(api.orders_of(town.party("company"))) == 1


def test_a_payment_is_a_party_s_word_and_lies_not_in_the_future(town):
    order = town.orders(town.offers())
    town.does("law", order.docket, "accept")
    with pytest.raises(kernel.MoveRefused, match="将来"):
        town.does("company", order.docket, "paid", amount_fen=1, on=actors.day_of(town.at).replace(year=2027))
    town.does("company", order.docket, "paid", amount_fen=30_000, on=actors.day_of(town.at))
    town.does("law", order.docket, "paid", amount_fen=20_000, on=actors.day_of(town.at))
    said = {one.by: one.amount_fen for one in api.order_behind(order.docket).statements}
    assert said == {"company": 30_000, "provider": 20_000}


def test_the_evaluation_takes_a_companys_word_by_the_same_door(town):
    order = town.orders(town.offers())

    def says(level):
        return appraisal.evaluate(number=order.number, level=level, actor=town.actor("company"), at=town.at)

    with pytest.raises(appraisal.EvaluationRefused) as early:
        says(2)
    assert early.value.code == "open"
    town.does("law", order.docket, "accept")
    town.does("law", order.docket, "deliver", says="已发出")
    town.does("company", order.docket, "confirm")
    assert says(4).level == 4
    assert (api.order_behind(order.docket).level, town.state(order.docket)) == (4, "closed")
    assert not Evaluation.objects.exists(), "one fact, no copy"
    with pytest.raises(appraisal.EvaluationRefused) as again:
        says(1)
    assert again.value.code == "evaluated"
    until = town.later(days=1)
    span = {"since": until - timedelta(days=2), "until": until}
    assert api.rated(["421202000000"], **span) == {4: 1}
    assert api.rated(["421281000000"], **span) == {}


def test_who_follows_the_link_of_the_evaluation_rates_on_the_orders_page(town, client):
    order = town.orders(town.offers())
    town.signed_in(client, "company")
    assert client.get(f"/evaluate/{order.number}").url == f"/my/orders/{order.number}"
