"""A small town with a science bureau that issues policies, and companies whose portraits are known in parts."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from ruamel.yaml import YAML

from tests.actors.factories import CITY, NOON, a_person, a_unit, an_officer, an_organisation
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.desks.policies import api, loading, packs
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.models import Event
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import NewFact

CONDITION = {
    "and": [
        {">=": [{"var": "tax.research"}, {"yuan": "100000"}]},
        {"!": [{"var": "firm.abnormal"}]},
        {"in": [{"var": "firm.trade"}, ["工业", "软件和信息技术服务业"]]},
    ]
}
AMOUNT = {
    "min": [{"divide": [{"*": [{"var": "tax.research"}, 5]}, 100, "down"]}, {"yuan": "500000"}],
}
KNOWN = {"tax.research": {"yuan": "200000"}, "firm.abnormal": False, "firm.trade": "工业"}
EXAMPLES = [
    {"name": "够了", "on": "2026-05-01", "record": KNOWN, "expect": "entitled", "amount_fen": 10_000_00},
    {"name": "研发太少", "on": "2026-05-01", "record": {**KNOWN, "tax.research": 100}, "expect": "not"},
    {
        "name": "没有研发数据", "on": "2026-05-01", "record": {"firm.abnormal": False, "firm.trade": "工业"},
        "expect": "unknown", "missing": ["tax.research"],
    },
]  # fmt: skip
MEASURE = {
    "key": "kjj-rd-subsidy", "title": "研发投入补贴", "title_en": "Research subsidy", "party": "organisation",
    "gives": "subsidy", "article": "第五条", "says": "研发费用按5%补贴，最多50万元。", "says_en": "Five percent of it.",
    "condition": CONDITION, "amount": AMOUNT, "way": "none", "period": "year", "order": "amount",
    "publicity_days": 5, "examples": EXAMPLES,
}  # fmt: skip
POLICY = {
    "key": "kjj-rd", "title": "研发投入补贴办法", "title_en": "Research subsidies", "document": "咸科发〔2026〕12号（示例）",
    "issued_on": "2026-02-01", "valid_from": "2026-03-01", "valid_until": "2028-12-31", "summary": "鼓励企业做研发。",
    "measures": [MEASURE],
}  # fmt: skip


def a_measure(**said):
    return {**deepcopy(MEASURE), **said}


def a_policy(*measures, **said):
    return {**deepcopy(POLICY), **({"measures": list(measures)} if measures else {}), **said}


def write(folder, *policies, department="kjj"):
    """A pack file of these policies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{department}.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"department": department, "policies": list(policies)}, file)
    return folder


def read(folder, **known):
    return packs.read(sorted(folder.glob("*.yaml")), on=actors.day_of(NOON), **known)


class Town:
    """`editor` splits and `head` checks policies of the science bureau; `collector` of the service bureau for all."""

    def __init__(self, folder):
        self.folder = folder
        self.bureau = a_unit("421200-kjj", region=CITY, name="咸宁市科学技术局")
        self.desk = a_unit("421200-dsj", region=CITY, name="咸宁市政务服务和大数据管理局")
        self.other = a_unit("421200-rsj", region=CITY, name="咸宁市人力资源和社会保障局")
        self.boss = a_person()
        self.officers = {
            "editor": an_officer("policy_editor", of=self.bureau, name="沈一宁"),
            "head": an_officer("head", of=self.bureau, name="贺兰"),
            "collector": an_officer("policy_editor", of=self.desk, name="孟晓燕"),
            "stranger": an_officer("handler", "head", of=self.other, name="胡晓燕"),
        }
        self.at = NOON
        self.companies = []

    @property
    def today(self):
        return actors.day_of(self.at)

    def later(self, **span):
        self.at += timedelta(**span)
        return self.at

    def actor(self, name):
        if name == "boss":
            return actors.actor_of_person(person_id=self.boss.pk, at=self.at)
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=self.at)

    def signed_in(self, client, name):
        who, kind = (self.boss, "person") if name == "boss" else (self.officers[name], "officer")
        client.force_login(an_account(name, acts_as=who, kind=kind))
        return client

    def company(self, **facts):
        """A company of which these facts are known: ``tax__research=1``; it has consented to nothing yet."""
        one = an_organisation(f"咸宁第{len(self.companies) + 1}公司")
        self.companies.append(one)
        told = [
            NewFact(str(one), key.replace("__", "."), value, "swj", self.today)
            for key, value in facts.items()
        ]
        portraits.note(told, actor=kernel.SYSTEM, at=self.at)
        return one

    def bring(self, *policies, department="kjj"):
        return loading.load_pack(write(self.folder, *policies, department=department), at=self.at)

    def measures(self, **asked):
        return api.measures(**{"on": self.today, **asked})

    def state(self, number):
        return Docket.objects.get(number=number).state

    def events(self, topic):
        return list(Event.objects.filter(topic=topic).order_by("id").values_list("body", flat=True))


@pytest.fixture
def town(db, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    kept = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    return Town(tmp_path / "policies")
