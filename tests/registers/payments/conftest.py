"""A small town that takes fees and pays benefits: a collecting bureau, a finance bureau with three money officers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.actors.factories import CITY, DISTRICT, NOON, a_person, a_unit, an_officer
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.registers.payments import api
from tongban.registers.payments.contracts import NewBatch, NewFee, NewItem
from tongban.registers.payments.models import Item
from tongban.registers.payments.providers import provider

GOOD, WRONG = "6222021812001234567", "6222021812001230000"


class Town:
    """`payer` owes; `clerk` checks, `treasurer` and `second` approve; `collector` asks for the fee."""

    def __init__(self):
        self.collecting = a_unit("421202-zrzy", name="咸安区自然资源和规划局")
        self.finance = a_unit("421202-czj", name="咸安区财政局")
        self.city = a_unit("421200-czj", region=CITY, name="咸宁市财政局")
        self.people = {"payer": a_person(), "other": a_person("李梅", phone="13871010008")}
        self.officers = {
            "collector": an_officer("handler", of=self.collecting, name="郑建国"),
            "clerk": an_officer("finance", of=self.finance, name="刘子轩"),
            "treasurer": an_officer("treasurer", of=self.finance, name="胡晓燕"),
            "city": an_officer("finance", of=self.city, name="王强"),
            "second": an_officer("finance", "treasurer", of=self.finance, name="周敏"),
        }
        self.at = NOON

    def later(self, **span):
        self.at += timedelta(**span)
        return self.at

    def actor(self, name):
        if name in self.people:
            return actors.actor_of_person(person_id=self.people[name].pk, at=self.at)
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=self.at)

    def signed_in(self, client, name):
        kind, who = (
            ("person", self.people.get(name)) if name in self.people else ("officer", self.officers[name])
        )
        client.force_login(an_account(name, acts_as=who, kind=kind))
        return client

    def fee(self, key="case-1:登记费", amount_fen=8000, **more):
        fee = NewFee(
            payer=str(self.people["payer"]), unit="421202-zrzy", region=DISTRICT, amount_fen=amount_fen, what="不动产登记费",
            what_en="Property registration fee", basis="财税〔2016〕79号", key=key, **more,
        )  # fmt: skip
        return api.ask_fee(fee, actor=kernel.SYSTEM, at=self.at)

    def reference(self, fee):
        return fee.number.replace("-", "")

    def pays(self, fee, **more):
        """Goes to the bank's page and pays there; gives the bank's notification as it would be posted."""
        api.checkout(number=fee.number, party=str(self.people["payer"]), at=self.at)
        return provider().pay(self.reference(fee), at=self.at, **more)

    def told(self, notification):
        body, headers = notification
        return api.take_in(provider().read(body, headers, at=self.at), at=self.at)

    def paid_fee(self, **more):
        fee = self.fee(**more)
        self.told(self.pays(fee))
        return api.fee(fee.number)

    def does(self, name, docket, move, **data):
        return kernel.perform(docket, move, actor=self.actor(name), at=self.at, data=data)

    def batch(self, key="batch-1", accounts=(GOOD, GOOD, GOOD), source="subsidies", **more):
        items = [
            NewItem(
                key=f"{key}:{n}", payee=str(self.people["payer"]), holder="张小明", account=account, bank="湖北银行",
                amount_fen=100_00 + n,
            )
            for n, account in enumerate(accounts)
        ]  # fmt: skip
        new = NewBatch(
            source=source, title="一次性扩岗补助", unit="421202-czj", region=DISTRICT, items=more.pop("items", items), key=key,
            **more,
        )  # fmt: skip
        return api.prepare(new, actor=kernel.SYSTEM, at=self.at)

    def approved(self, **more):
        found = self.batch(**more)
        self.does("clerk", found.docket, "check")
        self.does("treasurer", found.docket, "approve")
        return api.batch(found.number)

    def items(self, batch):
        return list(Item.objects.filter(batch__number=batch.number).order_by("place"))

    def state(self, thing):
        return Docket.objects.get(pk=thing.docket).state

    def relay(self):
        return relay(at=self.at)

    def fire(self):
        return fire_due(at=self.at)

    def paid_out(self):
        """What left the bank to accounts, as its own books say."""
        return provider().statement(actors.day_of(self.at), at=self.at)


@pytest.fixture(autouse=True)
def _bank(settings, tmp_path):
    settings.DATA, settings.PAYMENT_PROVIDER = tmp_path, "demo"


@pytest.fixture
def town(db):
    return Town()
