"""A small town of companies: one measure at a time, who is entitled is said outright; payments are the real ones.

What other rooms answer comes through `sources`, the only module that asks them; here a town answers in their place, so that
a test says in one line who is entitled to how much and what is not known. `../test_story.py` runs the real rooms.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.actors.factories import CITY, DISTRICT, NOON, a_unit, an_officer, an_organisation
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.actors.models import Organisation
from tongban.desks.policies.claims import api, drawing, paying, pools, rules, sources
from tongban.desks.policies.claims.contracts import Fact, Finding
from tongban.desks.policies.claims.models import Due, Run
from tongban.desks.policies.contracts import MeasureInfo, Order
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Docket, Event
from tongban.kernel.outbox.relay import relay
from tongban.registers.payments import api as payments
from tongban.registers.payments import paying_out
from tongban.registers.payments.contracts import Way
from tongban.registers.payments.models import Batch
from tongban.registers.payments.providers import provider

GOOD, WRONG = "6222021812001234567", "6222021812001230000"

MEASURE = MeasureInfo(
    key="kjj-rd", version=1, policy="PO421202-261101-00001-A", policy_key="kjj-rd", policy_title="研发补助办法",
    policy_title_en="R&D support", document="咸科发〔2026〕12号（示例）", unit="421202-kjj", region=DISTRICT,
    valid_from=date(2026, 1, 1), valid_until=None, title="研发投入后补助", title_en="R&D subsidy", party="organisation",
    gives="subsidy", article="第五条", says="研发投入达到100万元的，给一次性补助。", says_en="For R&D of at least CNY 1m.",
    condition=True, amount=1, way="none", period="year", publicity_days=5,
)  # fmt: skip


class Town:
    """`entitled` says who gets how much; `unknown` what is not known of whom; `measures` are in force."""

    def __init__(self, monkeypatch):
        self.unit = a_unit("421202-kjj", name="咸安区科学技术局")
        self.finance = a_unit("421202-czj", name="咸安区财政局")
        a_unit("421200-kjj", region=CITY, name="咸宁市科学技术局")
        self.officers = {
            "handler": an_officer("handler", of=self.unit, name="孟晓燕"),
            "head": an_officer("head", of=self.unit, name="罗文"),
            "approver": an_officer("approver", of=self.unit, name="丁一"),
            "clerk": an_officer("finance", of=self.finance, name="刘子轩"),
            "treasurer": an_officer("treasurer", of=self.finance, name="胡晓燕"),
        }
        self.at, self.measures, self.versions, self.on_day = NOON, {}, {}, {}
        self.entitled, self.unknown, self.parties, self.known = {}, {}, {}, {}
        self.has(MEASURE)
        for name in ("measures", "measure", "periods", "entitled", "finding", "values", "value", "excluding"):
            monkeypatch.setattr(sources, name, getattr(self, f"_{name}"))

    # What the other rooms answer -----------------------------------------------------------------

    def _measures(self, *, on, way):
        return tuple(one for one in self.measures.values() if one.way == way)

    def _measure(self, key, *, on=None, version=None):
        if version is not None or on is None:
            last = max((number for one, number in self.versions if one == key), default=0)
            return self.versions.get((key, version or last))
        return self.on_day.get(on) or self.measures.get(key)

    def _periods(self, keys, *, on):
        return {key: rules.period_of(self.measures[key].period, on) for key in keys if key in self.measures}

    def _entitled(self, one, *, at):
        return list(self.entitled.get(one.key, {}).items())

    def _finding(self, one, party, *, at, proven=None):
        missing = tuple(key for key in self.unknown.get(party, ()) if key not in (proven or {}))
        if missing:
            return Finding("unknown", None, (), missing)
        fen = self.entitled.get(one.key, {}).get(party)
        facts = (Fact("tax.rd", 1_500_000_00, "swj", date(2026, 10, 31)),)
        del at
        return Finding("entitled" if fen is not None else "not", fen, facts)

    def _values(self, element, parties, *, kind, at):
        return {party: place for place, party in enumerate(parties)}

    def _value(self, element, party, *, at):
        return self.known.get(party)

    def _excluding(self, one, *, on):
        return {
            key: "2026"
            for key, other in self.measures.items()
            if key != one.key and (key in one.excludes or one.key in other.excludes)
        }

    # The town ------------------------------------------------------------------------------------

    def has(self, measure, **changes):
        one = replace(measure, **changes)
        self.measures[one.key] = self.versions[(one.key, one.version)] = one
        return one

    def change(self, key="kjj-rd", **changes):
        return self.has(self.measures[key], **changes)

    def company(self, name, fen=None, *, measure="kjj-rd"):
        """A company, entitled to so much; the same name is the same company."""
        if name not in self.parties:
            self.parties[name] = str(an_organisation(f"咸宁{name}有限公司"))
        if fen is not None:
            self.entitled.setdefault(measure, {})[self.parties[name]] = fen
        return self.parties[name]

    def companies(self, **fen):
        return [self.company(name, amount) for name, amount in fen.items()]

    def ends(self, name):
        pk = self.parties[name].partition(":")[2]
        Organisation.objects.filter(pk=pk).update(ended_on=actors.day_of(self.at))

    def later(self, **span):
        self.at += timedelta(**span)
        return self.at

    def actor(self, name):
        if name in self.parties:
            return actors.actor_of_organisation(
                organisation_id=int(self.parties[name].partition(":")[2]), at=self.at
            )
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=self.at)

    def signed_in(self, client, name):
        kind, who = (
            ("organisation", Organisation.objects.get(pk=self.parties[name].partition(":")[2]))
            if name in self.parties
            else ("officer", self.officers[name])
        )
        client.force_login(an_account(name, acts_as=who, kind=kind))
        return client

    def does(self, name, docket, move, **data):
        return kernel.perform(docket, move, actor=self.actor(name), at=self.at, data=data)

    def drawn(self):
        """The list of the measure as the office has it."""
        number = drawing.draw("kjj-rd", at=self.at)
        return Run.objects.get(number=number) if number else None

    def published(self):
        run = self.drawn()
        self.does("head", run.docket, "publish")
        return run

    def concluded(self):
        run = self.published()
        self.days_over()
        return run

    def days_over(self):
        self.later(days=12)
        fire_due(at=self.at)

    def confirms(self, name, account=GOOD, **more):
        new = api.NewAccount("咸宁某某有限公司", account, "湖北银行") if account else None
        return api.confirm(
            number=self.due(name).number,
            party=self.parties[name],
            actor=self.actor(name),
            at=self.at,
            account=new,
            **more,
        )

    def due(self, name, measure="kjj-rd"):
        return Due.objects.filter(party=self.parties[name], measure=measure).order_by("-pk").first()

    def state(self, name):
        return self.due(name).state

    def claim(self, name, *, key="1", measure="kjj-rd", account=GOOD, **more):
        new = api.NewClaim(
            measure=measure, party=self.parties[name], key=key,
            account=api.NewAccount("咸宁某某有限公司", account, "湖北银行") if account else None, **more,
        )  # fmt: skip
        return api.claim(new, actor=self.actor(name), at=self.at)

    def docket(self, thing):
        return Docket.objects.get(pk=thing.docket)

    def bundle(self):
        return paying.bundle_runs(at=self.at) + paying.bundle_claims(at=self.at)

    def pays(self):
        """The finance bureau checks, approves and sends every batch that waits; news is passed on."""
        for batch in Batch.objects.order_by("pk"):
            if self.docket(batch).state == "prepared":
                self.does("clerk", batch.docket, "check")
            if self.docket(batch).state == "checked":
                self.does("treasurer", batch.docket, "approve")
        while paying_out.send_due(at=self.at):
            continue
        self.news()

    def news(self):
        """Pass on what happened; a handler that fails is a failure of the test."""
        while relay(at=self.at):
            continue
        assert not list(Event.objects.filter(delivered_at=None).values_list("topic", "error"))

    def out(self):
        """What left the bank, as its own books say."""
        return sorted(
            one.amount_fen
            for one in provider().statement(actors.day_of(self.at), at=self.at)
            if one.way is Way.OUT
        )

    def sound(self):
        """Places and money agree with the dues, and no two live dues are one entitlement."""
        return pools.troubles() == []


@pytest.fixture(autouse=True)
def _bank(settings, tmp_path):
    settings.DATA, settings.PAYMENT_PROVIDER = tmp_path, "demo"


@pytest.fixture
def town(db, monkeypatch):
    return Town(monkeypatch)


__all__ = ["GOOD", "WRONG", "Order", "payments"]
