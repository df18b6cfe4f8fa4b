"""Who may offer what: evidence, dated agreements, words that no offer may use, suspension and removal."""

from datetime import date, timedelta

import pytest

from tests.desks.bundles.conftest import SCOPE, TERMS
from tongban.actors import api as actors
from tongban.actors.models import Organisation
from tongban.desks.bundles import api
from tongban.desks.bundles.contracts import BundlesError, OfferState, UnknownError
from tongban.desks.bundles.models import Offer, Provider
from tongban.kernel import api as kernel

pytestmark = pytest.mark.django_db
OFFER = {
    "need": "contract-review", "title": "合同审查", "scope": SCOPE, "terms": TERMS, "price": "fixed", "price_fen": 80_000,
    "unit": "每份", "days": 3,
}  # fmt: skip


def shown(town, need="contract-review"):
    day = actors.day_of(town.at)
    return [one.id for one in api.shown([need], region="421202000000", day=day)[need]]


def test_a_provider_is_shown_from_admission_to_the_last_day_of_its_agreement(town):
    made = town.applied()
    with pytest.raises(UnknownError):
        api.provider(made.number)
    today = actors.day_of(town.at)
    agreement = {
        "agreement": "咸安企服〔2026〕1号",
        "from_date": today,
        "until_date": today + timedelta(days=30),
    }
    town.does("specialist", made.docket, "admit", **agreement)
    town.does("law", made.docket, "offer", **OFFER)
    assert shown(town) == []  # not checked yet
    offer = Offer.objects.get()
    town.does("specialist", made.docket, "show_offer", offer=offer.pk)
    assert shown(town) == [offer.pk]
    town.later(days=30)
    town.fire()
    assert shown(town) == [offer.pk]
    town.later(days=1)
    town.fire()
    assert shown(town) == []  # to the day, whatever the state still says
    town.later(days=1)
    town.fire()
    assert town.state(made.docket) == "expired"
    today = actors.day_of(town.at)
    renewal = {
        "agreement": "咸安企服〔2026〕9号",
        "from_date": today,
        "until_date": today + timedelta(days=300),
    }
    town.does("specialist", made.docket, "renew", **renewal)
    assert shown(town) == [offer.pk]


@pytest.mark.parametrize(
    ("until", "words"),
    [(date(2026, 11, 1), "以后"), (date(2031, 1, 1), "最长三年"), (date(2029, 6, 1), "资质")],
)
def test_an_agreement_has_an_end_that_the_qualification_reaches(town, until, words):
    made = town.applied()
    if words == "资质":
        Provider.objects.update(proof_until=date(2028, 1, 1))
    with pytest.raises(kernel.MoveRefused, match=words):
        town.does(
            "specialist", made.docket, "admit", agreement="1号", from_date=date(2026, 10, 1), until_date=until
        )
    assert town.state(made.docket) == "applied"


def test_evidence_is_needed_once_and_what_is_missing_can_be_added(town):
    said = api.Applying(
        ("law",), "短", "", "0715-8260001", ("421202000000",), "31421202MD0001", date(2020, 1, 1)
    )
    with pytest.raises(BundlesError) as refused:
        api.apply(said, party=town.party("law"), files=[], actor=town.actor("law"), at=town.at)
    assert set(refused.value.fields) == {"intro", "proof_until"}
    made = town.applied()
    town.does("specialist", made.docket, "ask_more", reason="请附2026年度年检页")
    assert town.applied().docket == made.docket
    assert town.state(made.docket) == "applied"
    with pytest.raises(BundlesError, match="已经申请"):
        town.applied()


def test_a_dissolved_company_is_not_admitted(town):
    made = town.applied()
    Organisation.objects.filter(pk=town.bodies["law"].pk).update(ended_on=actors.day_of(town.at))
    with pytest.raises(kernel.MoveRefused, match="注销"):
        town.does(
            "specialist",
            made.docket,
            "admit",
            agreement="1号",
            from_date=date(2026, 11, 1),
            until_date=date(2027, 1, 1),
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"need": "credit-loan"}, "资质不能"), ({"need": "nothing"}, "资质不能"), ({"price": "free"}, "明码标价"),
        ({"price_fen": None}, "明码标价"), ({"unit": ""}, "每份"), ({"scope": "代办许可，保证 获批，不成退款"}, "保证获批"),
        ({"terms": "政府指定机构，先付全款"}, "指定机构"), ({"regions": ["999999000000"]}, "地区"),
    ],
)  # fmt: skip
def test_an_offer_says_what_it_is_and_promises_no_decision_of_an_authority(town, change, words):
    made = town.admitted()
    with pytest.raises(kernel.MoveRefused, match=words):
        town.does("law", made.docket, "offer", **{**OFFER, **change})
    assert not Offer.objects.exists()


def test_a_refused_offer_tells_why_and_is_not_shown(town):
    made = town.admitted()
    town.does("law", made.docket, "offer", **OFFER)
    offer = Offer.objects.get()
    town.does("specialist", made.docket, "refuse_offer", offer=offer.pk, reason="请写明页数")
    (found,) = api.offers_of(made.docket)
    assert (found.state, found.reason) == (OfferState.REFUSED, "请写明页数")
    with pytest.raises(kernel.MoveRefused):
        town.does("specialist", made.docket, "show_offer", offer=offer.pk)


def test_suspension_hides_offers_and_lets_waiting_orders_go_on(town):
    offer = town.offers("law")
    other = town.offers("rival", price_fen=80_000)
    waiting = town.orders(offer, others=True)
    agreed = town.orders(offer, wish="另一份合同")
    town.does("law", agreed.docket, "accept")
    town.does("specialist", api.provider_of(town.party("law")).docket, "suspend", reason="资质被发证机关暂停")
    assert shown(town) == [other]
    assert api.order_behind(waiting.docket).offer.id == other
    town.does("law", agreed.docket, "deliver", says="做完了")  # what is agreed is still delivered
    town.does("specialist", api.provider_of(town.party("law")).docket, "resume", reason="已恢复")
    assert set(shown(town)) == {offer, other}


def test_a_removed_provider_may_apply_again_and_one_with_open_orders_may_not_leave(town):
    offer = town.offers("law")
    order = town.orders(offer)
    town.does("law", order.docket, "accept")
    docket = api.provider_of(town.party("law")).docket
    with pytest.raises(kernel.MoveRefused, match="没有做完"):
        town.does("law", docket, "leave")
    town.does("specialist", docket, "remove", reason="三次没有交付")
    assert shown(town) == []
    assert town.applied().docket != docket


def test_only_the_desk_admits_and_only_the_provider_offers(town):
    made = town.applied()
    for who in ("law", "rival", "company"):
        with pytest.raises((kernel.MoveRefused, kernel.NotFound)):
            town.does(
                who,
                made.docket,
                "admit",
                agreement="1号",
                from_date=date(2026, 11, 1),
                until_date=date(2027, 1, 1),
            )
    town.does(
        "specialist",
        made.docket,
        "admit",
        agreement="咸安1号",
        from_date=date(2026, 11, 1),
        until_date=date(2027, 1, 1),
    )
    with pytest.raises(kernel.MoveRefused):
        town.does("specialist", made.docket, "offer", **OFFER)
