"""One licence per trade 一业一证 over HTTP: combined from its parts, opened by its code, in step with them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_person, a_unit, an_organisation
from tests.registers.identity.factories import an_account
from tests.registers.licences.holding import bureau, root_folder, storage
from tongban.kernel import api as kernel
from tongban.registers.licences import api
from tongban.registers.licences.paper import printing

__all__ = ["bureau", "root_folder", "storage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau", "office")]
TRADES = [one.slug for one in api.trades()]
SAMPLES = {"number": 12, "date": "2026-01-05", "money": 100, "yesno": True}
SHOP = {"name": "香城一号店", "address": "温泉街道淦河大道88号", "legal_rep": "张小明"}
TODAY = timezone.localdate()


@pytest.fixture
def office():
    """The licensing unit."""
    return a_unit(
        "421202-dsj",
        name="咸安区政务服务和大数据管理局",
        name_en="Xian'an Government Services",
        uscc="11421200TB0000028E",
    )


@pytest.fixture
def shop():
    return str(an_organisation("咸宁香城一号店有限公司", led_by=a_person()))


@pytest.fixture
def phone(shop):
    client = Client()
    client.force_login(an_account("shop", acts_as=shop, kind="organisation"))
    return client


def a_part(kind, holder, **fields):
    """A permit of the shop; what it must say and the shop does not is made up by the entry's type."""
    known = {**SHOP, **fields}
    said = {
        one.key: known.get(one.key, SAMPLES.get(one.type, "略"))
        for one in api.kind(kind).fields
        if one.required or one.key in known
    }
    return api.issue(
        kind=kind, holder=holder, unit="421202-scjg", fields=said, actor=kernel.SYSTEM,
        at=timezone.now() - timedelta(days=1),
    )  # fmt: skip


def parts_of(trade, holder):
    return [a_part(kind, holder) for kind in api.kind(trade).parts]


def combine(phone, trade, parts):
    return phone.post(f"/trades/{trade}/combine", {one.kind: one.identifier for one in parts})


def combined(phone, trade, parts, shop):
    answer = combine(phone, trade, parts)
    assert answer.status_code == 302, re.findall(r"<strong>(.*?)</strong>", answer.content.decode())
    (one,) = api.held_by(shop, on=TODAY, kinds=[trade])
    assert answer["Location"] == f"/licences/{one.id}"
    return one


def restaurant(phone, shop):
    parts = parts_of("trade-restaurant", shop)
    return combined(phone, "trade-restaurant", parts, shop), parts


def decide(act, one, **more):
    said = {"actor": kernel.SYSTEM, "at": timezone.now(), "reason": "核实", **more}
    return getattr(api, act)(identifier=one.identifier, **said)


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def verify_page(one):
    return page(Client(), f"/verify/{api.paper_info(one.identifier, at=timezone.now()).token}")


def test_there_are_at_least_ten_trades_and_everybody_reads_what_each_combines():
    assert len(TRADES) >= 10
    listed = page(Client(), "/trades")
    for slug in TRADES:
        assert f'href="/trades/{slug}"' in listed
        for part in api.kind(slug).parts:
            assert api.kind(part).name in listed


@pytest.mark.parametrize("trade", TRADES)
def test_each_trade_is_combined_from_its_parts_and_its_code_opens_them(trade, phone, shop):
    parts = parts_of(trade, shop)
    assert "合成综合许可证</button>" in page(phone, f"/trades/{trade}")
    one = combined(phone, trade, parts, shop)
    assert one.unit == "421202-dsj"
    assert one.fields["address"] == SHOP["address"]
    assert list(one.fields["parts"]) == [part.identifier for part in parts]
    opened = verify_page(one)
    links = re.findall(r'href="(/verify/[0-9A-Z]{16})"', opened)
    assert len(links) == len(parts)
    for part, link in zip(parts, links, strict=True):
        assert part.kind_name[0] in opened
        assert part.identifier in page(Client(), link)
    for part in parts:
        assert api.standing_of(api.licence(part.identifier), on=TODAY) == "valid"


def test_asking_again_changes_nothing_and_a_further_part_makes_a_new_version(phone, shop):
    food, sign = a_part("food-business", shop), a_part("sign-permit", shop)
    one = combined(phone, "trade-restaurant", [food, sign], shop)
    assert combined(phone, "trade-restaurant", [food, sign], shop).identifier == one.identifier
    fire = a_part("fire-check", shop)
    grown = combined(phone, "trade-restaurant", [food, fire], shop)
    assert (grown.id, grown.version) == (one.id, 2)
    assert list(grown.fields["parts"]) == [food.identifier, fire.identifier, sign.identifier]


def test_what_cannot_be_combined_is_told(phone, shop):
    food, sign = a_part("food-business", shop), a_part("sign-permit", shop)
    elsewhere = a_part("drainage-permit", shop, address="永安街道1号")
    foreign = a_part("sign-permit", str(an_organisation("别的公司")))
    for parts, words in (
        ([sign, elsewhere], "少不了"), ([food], "至少两份"), ([food, elsewhere], "经营场所不一样"),
        ([food, foreign], "不在您名下"), ([food, a_part("tobacco", shop)], "不能这样合成"),
    ):  # fmt: skip
        answer = phone.post(
            "/trades/trade-restaurant/combine",
            dict(zip(("food-business", "sign-permit"), [one.identifier for one in parts], strict=False)),
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
    decide("suspend", sign)
    assert "不是有效状态" in combine(phone, "trade-restaurant", [food, sign]).content.decode()
    assert api.held_by(shop, on=TODAY, kinds=["trade-restaurant"], all_states=True) == ()


def test_a_visitor_signs_in_first_and_comes_back():
    assert 'href="/trades/trade-restaurant/combine"' in page(Client(), "/trades/trade-restaurant")
    answer = Client().get("/trades/trade-restaurant/combine")
    assert (answer.status_code, answer["Location"]) == (302, "/signin?next=/trades/trade-restaurant/combine")
    assert Client().get("/trades/nothing").status_code == 404


@pytest.mark.parametrize(
    ("act", "kind", "standing", "word"),
    [
        ("suspend", "sign-permit", "partly", "部分有效"),
        ("revoke", "sign-permit", "partly", "部分有效"),
        ("cancel", "food-business", "lapsed", "主要许可已失效"),
        ("revoke", "food-business", "lapsed", "主要许可已失效"),
    ],
)
def test_what_happens_to_a_part_shows_at_once_on_the_combined_one(act, kind, standing, word, phone, shop):
    one, parts = restaurant(phone, shop)
    part = next(part for part in parts if part.kind == kind)
    decide(act, part)
    one = api.licence(one.identifier)
    assert (one.state, api.standing_of(one, on=TODAY)) == ("valid", standing)
    for client, path in ((phone, "/licences"), (phone, f"/licences/{one.id}")):
        assert word in page(client, path)
    assert word in verify_page(one)
    answer = phone.post(f"/licences/{one.id}/show")
    assert answer.status_code == (302 if standing == "partly" else 422)


def test_a_suspension_ends_and_an_expired_part_shows(phone, shop):
    one, (food, *_rest) = restaurant(phone, shop)
    decide("suspend", food)
    assert api.standing_of(one, on=TODAY) == "lapsed"
    decide("resume", food)
    assert api.standing_of(one, on=TODAY) == "valid"
    assert api.standing_of(one, on=food.valid_until + timedelta(days=1)) == "lapsed"


def test_a_renewed_corrected_or_replaced_part_makes_a_new_version(phone, shop):
    one, (food, _fire, sign, _drain) = restaurant(phone, shop)
    on_the_wall = api.paper_info(one.identifier, at=timezone.now()).token
    renewed = decide("renew", food)
    now = api.licence(one.identifier)
    assert now.version == 2
    assert now.fields["parts"][0] == renewed.identifier
    decide("correct", sign, fields={"size": "3米乘1米"})
    decide("replace", renewed, fields={"name": "香城新名店"})
    last = api.licence(one.identifier)
    assert (last.version, last.fields["name"]) == (4, "香城新名店")
    assert api.standing_of(last, on=TODAY) == "valid"
    assert "旧版本" in page(Client(), f"/verify/{on_the_wall}")


def test_the_paper_names_its_parts_with_their_numbers_and_ends(phone, shop):
    one, parts = restaurant(phone, shop)
    printed = printing.shown(api.kind(one.kind).entry("parts"), one.fields["parts"])
    for part in parts:
        assert part.number in printed
    assert "有效期至" in printed
    assert api.paper(one.identifier, at=timezone.now()).startswith(b"%PDF-")


def test_the_standing_costs_one_query_for_a_combined_licence_and_none_for_others(
    phone, shop, django_assert_num_queries
):
    one, parts = restaurant(phone, shop)
    with django_assert_num_queries(1):
        api.standing_of(one, on=TODAY)
    with django_assert_num_queries(0):
        api.standing_of(parts[0], on=TODAY)
