"""A small town of market services: a company, two law firms, a bank, a service desk with a specialist."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.actors.factories import DISTRICT, NOON, a_person, a_unit, an_officer, an_organisation
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.desks.bundles import api
from tongban.desks.bundles.models import Offer, Order
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.files.services import store
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay

SCOPE = "审查一份合同，二十页以内，给修改稿和说明；不包括谈判。"
TERMS = "交付后十天内付清；不满意免费改一次；逾期每天减百分之一。"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"


class Town:
    """`company` orders; `law` and `rival` are law firms, `bank` lends; `specialist` admits and mediates."""

    def __init__(self):
        self.desk = a_unit("421202-dsj", name="咸安区政务服务和大数据管理局")
        self.at = NOON
        self.people, self.bodies = {}, {}
        for key, person, name in (
            ("company", "蓝沁", "咸宁蓝田生物科技有限公司"), ("law", "周律", "湖北天平律师事务所"),
            ("rival", "吴衡", "湖北衡信律师事务所"), ("bank", "钱方", "咸宁农村商业银行"),
        ):  # fmt: skip
            self.people[key] = a_person(person)
            self.bodies[key] = an_organisation(name, led_by=self.people[key])
        self.officers = {"specialist": an_officer("specialist", of=self.desk, name="何帮企")}

    def later(self, **span):
        self.at += timedelta(**span)
        return self.at

    def party(self, who):
        return str(self.bodies[who])

    def actor(self, who):
        if who in self.officers:
            return actors.actor_of_officer(officer_id=self.officers[who].pk, at=self.at)
        return actors.actor_of_person(person_id=self.people[who].pk, at=self.at)

    def signed_in(self, client, who):
        kind, whom = ("officer", self.officers[who]) if who in self.officers else ("person", self.people[who])
        account = an_account(who, acts_as=whom, kind=kind)
        client.force_login(account)
        if who in self.bodies:
            client.post("/identity/act-for", {"party": self.party(who)})
        return client

    def does(self, who, docket, move, **data):
        return kernel.perform(docket, move, actor=self.actor(who), at=self.at, data=data)

    def applied(self, who="law", *, categories=("law",), **more):
        said = api.Applying(
            categories=categories, intro="执业二十年，专做企业合同和劳动争议。", intro_en="", phone="0715-8260001",
            regions=(DISTRICT,), proof_number="31421202MD0001", proof_until=date(2029, 12, 31),
        )  # fmt: skip
        paper = store(content=PAPER, name="执业许可证.pdf", at=self.at)
        return api.apply(
            said,
            party=self.party(who),
            files=[(paper, "执业许可证.pdf")],
            actor=self.actor(who),
            at=self.at,
            **more,
        )

    def admitted(self, who="law", **more):
        made = self.applied(who, **more)
        today = actors.day_of(self.at)
        agreement = {
            "agreement": "咸安企服〔2026〕1号", "from_date": today, "until_date": today + timedelta(days=365),
        }  # fmt: skip
        self.does("specialist", made.docket, "admit", **agreement)
        return made

    def offers(
        self,
        who="law",
        *,
        need="contract-review",
        price="fixed",
        price_fen=80_000,
        unit="每份",
        days=3,
        **more,
    ):
        """A provider, admitted where it is not yet, with a shown offer; gives the offer's id."""
        known = api.provider_of(self.party(who))
        categories = ("bank",) if who == "bank" else ("law",)
        docket = known.docket if known else self.admitted(who, categories=categories).docket
        said = {
            "need": need, "title": "合同审查", "scope": SCOPE, "terms": TERMS, "price": price, "days": days, "unit": unit, **more,
        }  # fmt: skip
        if price == "fixed":
            said["price_fen"] = price_fen
        self.does(who, docket, "offer", **said)
        made = Offer.objects.latest("pk").pk
        self.does("specialist", docket, "show_offer", offer=made)
        return made

    def orders(self, offer, *, others=False, **more):
        told = {"wish": "请看一份供货合同，十二页", "contact": "蓝沁", "phone": "13871100070", **more}
        return api.place(
            offer=offer,
            company=self.party("company"),
            others=others,
            actor=self.actor("company"),
            at=self.at,
            **told,
        )

    def orders_with_key(self, offer, key):
        return api.place(
            offer=offer, company=self.party("company"), wish="请看一份供货合同", contact="蓝沁", phone="13871100070", others=False,
            actor=self.actor("company"), at=self.at, key=key,
        )  # fmt: skip

    def order(self, docket):
        return Order.objects.select_related("docket").get(pk=docket)

    def state(self, docket):
        return Docket.objects.get(pk=docket).state

    def relay(self):
        return relay(at=self.at)

    def fire(self):
        return fire_due(at=self.at)


@pytest.fixture(autouse=True)
def _data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def town(db):
    return Town()
