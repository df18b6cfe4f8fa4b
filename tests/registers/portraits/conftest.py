"""A small town with two companies, a person, and the bureaus that know something of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.actors.factories import CITY, NOON, a_person, a_unit, an_officer, an_organisation
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.models import Event
from tongban.kernel.outbox.relay import relay
from tongban.registers.portraits import api
from tongban.registers.portraits.contracts import NewFact

ELEMENTS = """
- {key: firm.founded, name: 成立日期, name_en: Founded, party: organisation, type: date, source: scjg, group: 登记, group_en: Registration, profile: established_date}
- {key: firm.capital, name: 注册资本, name_en: Capital, party: organisation, type: money, source: scjg, group: 登记, group_en: Registration, profile: capital_fen}
- {key: tax.sales, name: 上年销售收入, name_en: Sales last year, party: organisation, type: money, source: swj, group: 税务, group_en: Tax, max_age: 100, consent: true}
- {key: tax.arrears, name: 有欠税, name_en: Tax in arrears, party: organisation, type: boolean, source: swj, group: 税务, group_en: Tax, max_age: 31}
- {key: tax.credit, name: 纳税信用, name_en: Tax credit, party: organisation, type: text, source: swj, group: 税务, group_en: Tax, words: [A, B, C], words_en: [A, B, C]}
- {key: staff.insured, name: 参保人数, name_en: Insured staff, party: organisation, type: number, source: rsj, group: 社保, group_en: Insurance, max_age: 45, asks: business.employees}
- {key: honours.held, name: 荣誉, name_en: Honours, party: organisation, type: texts, source: jxj, group: 荣誉, group_en: Honours, words: [专精特新, 绿色工厂], words_en: [Specialised, Green factory]}
- {key: boss.phone, name: 负责人电话, name_en: Manager's phone, party: organisation, type: text, source: scjg, group: 登记, group_en: Registration, personal: true}
- {key: person.birth, name: 出生日期, name_en: Born on, party: person, type: date, source: gaj, group: 人口, group_en: Population, personal: true, profile: birth_date}
- {key: person.disabled, name: 残疾等级, name_en: Disability grade, party: person, type: text, source: cl, group: 救助, group_en: Care, personal: true, consent: true, words: [一级, 二级], words_en: [Grade 1, Grade 2]}
- {key: breach.listed, name: 失信, name_en: Breach, party: either, type: boolean, source: fgw, group: 信用, group_en: Credit, max_age: 31}
"""
TAGS = """
- key: small
  name: 小微企业
  name_en: Small business
  party: organisation
  condition: {"<": [{"var": staff.insured}, 20]}
  examples:
    - {given: {staff.insured: 3}, expect: true}
    - {given: {staff.insured: 30}, expect: false}
    - {given: {staff.insured: {value: 3, as_of: 2025-10-01}}, expect: null}
    - {given: {}, expect: null}
"""


class Town:
    """`shop` and `mill` are companies; `boss` may ask for the shop; `taxman` and `head` decide on tax."""

    def __init__(self):
        a_unit("421202-scjg", name="咸安区市场监督管理局")
        self.tax = a_unit("421202-swj", name="咸安区税务局")
        self.labour = a_unit("421202-rsj", name="咸安区人力资源和社会保障局")
        a_unit("421200-swj", region=CITY, name="咸宁市税务局")
        self.boss = a_person()
        self.shop = an_organisation(led_by=self.boss)
        self.mill = an_organisation("咸宁大磨坊有限公司")
        self.officers = {
            "taxman": an_officer("handler", of=self.tax, name="郑建国"),
            "clerk": an_officer("handler", of=self.labour, name="刘子轩"),
            "head": an_officer("approver", of=self.labour, name="胡晓燕"),
        }
        self.at = NOON
        self.today = actors.day_of(NOON)

    def later(self, **span):
        self.at += timedelta(**span)
        self.today = actors.day_of(self.at)
        return self.at

    def actor(self, name):
        if name == "boss":
            return actors.actor_of_person(person_id=self.boss.pk, at=self.at)
        if name == "shop":
            return actors.actor_of_organisation(organisation_id=self.shop.pk, at=self.at)
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=self.at)

    def signed_in(self, client, name):
        who, kind = {"boss": (self.boss, "person"), "shop": (self.shop, "organisation")}.get(
            name, (self.officers.get(name), "officer")
        )
        client.force_login(an_account(name, acts_as=who, kind=kind))
        return client

    def fact(self, element, value, *, of=None, on=None, source="swj"):
        return NewFact(str(of or self.shop), element, value, source, on or self.today)

    def knows(self, **facts):
        """Notes facts about the shop: ``tax__sales=1``."""
        told = [self.fact(key.replace("__", "."), value) for key, value in facts.items()]
        return api.note(told, actor=kernel.SYSTEM, at=self.at)

    def record(self, of=None):
        return api.record(str(of or self.shop), at=self.at)

    def value(self, element, of=None):
        found = self.record(of).get(element)
        return None if found is None else found.value

    def census(self, kind="organisation"):
        return api.census(kind, at=self.at)

    def events(self, topic):
        return list(Event.objects.filter(topic=topic).order_by("id").values_list("body", flat=True))

    def relay(self):
        return relay(at=self.at)

    def state(self, docket):
        return Docket.objects.get(pk=docket).state


def a_pack(folder, *, elements=ELEMENTS, tags=TAGS):
    """A pack of portraits in a folder; gives the folder of packs."""
    held = folder / "portraits"
    held.mkdir(parents=True, exist_ok=True)
    (held / "elements.yaml").write_text(elements, "utf-8")
    (held / "tags.yaml").write_text(tags, "utf-8")
    return folder


@pytest.fixture
def small_pack(settings, tmp_path):
    """Elements of these tests' own; every other pack is the installation's."""
    real, folder = settings.PACKS, tmp_path / "packs"
    folder.mkdir()
    for one in real.iterdir():
        if one.name != "portraits":
            (folder / one.name).symlink_to(one)
    settings.PACKS = a_pack(folder)
    return folder


@pytest.fixture
def town(db, settings, tmp_path, small_pack):
    settings.DATA = tmp_path / "data"
    return Town()


LONG_AGO = date(2026, 1, 5)
