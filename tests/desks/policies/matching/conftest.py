"""The policies' town with companies that are matched: who is entitled, who just misses, of whom it cannot be told."""

from __future__ import annotations

import pytest

from tests.actors.factories import an_organisation
from tests.desks.policies.conftest import Town as PoliciesTown
from tests.desks.policies.conftest import a_measure, a_policy
from tongban.actors import api as actors
from tongban.desks.policies import loading
from tongban.desks.policies.format import PolicyPack
from tongban.desks.policies.matching import api, running
from tongban.desks.policies.matching.models import Result, Sets
from tongban.desks.policies.matching.telling import services as telling
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import relay
from tongban.registers.messages.models import Message
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import NewFact

CAPITAL = {">=": [{"var": "firm.capital"}, {"yuan": "500000"}]}
GROWTH = {
    "and": [CAPITAL, {"!": [{"var": "firm.abnormal"}]}, {"in": [{"var": "firm.trade"}, ["工业", "建筑业"]]}]
}
"""Capital of half a million yuan, not on the abnormal list, of two trades."""
SHARE = {"min": [{"divide": [{"*": [{"var": "firm.capital"}, 5]}, 100, "down"]}, {"yuan": "100000"}]}
GOOD = {"firm__capital": 600_000_00, "firm__abnormal": False, "firm__trade": "工业"}
NEARLY = {**GOOD, "firm__capital": 480_000_00}
FAR = {**GOOD, "firm__capital": 100_000_00}
OPEN = {"firm__capital": 600_000_00, "firm__trade": "工业"}


def growth(key="kjj-growth", **said):
    """A measure that pays five percent of the capital, at most a hundred thousand yuan."""
    default = {
        "title": "成长补助", "title_en": "Growth subsidy", "condition": GROWTH, "amount": SHARE, "way": "quick",
        "examples": [],
    }  # fmt: skip
    return a_measure(key=key, **{**default, **said})


class Town(PoliciesTown):
    """Companies by what is known of them: `good` is entitled to what `growth` gives."""

    def open(self, *measures, **policy):
        """Publish measures; their examples are the policies' own affair."""
        written = PolicyPack.model_validate(a_policy(*(measures or (growth(),)), **policy))
        loading.bring_in([(actors.unit(str(self.bureau.pk)), written)], actor=kernel.SYSTEM, at=self.at)

    def knows(self, party, **facts):
        told = [
            NewFact(str(party), key.replace("__", "."), value, "scjg", self.today)
            for key, value in facts.items()
        ]
        portraits.note(told, actor=kernel.SYSTEM, at=self.at)

    def led_company(self, **facts):
        """A company that `boss` acts for."""
        one = an_organisation("咸宁星河商贸有限公司", led_by=self.boss)
        self.knows(one, **facts)
        return one

    def run(self):
        return api.run_all(self.at)

    def renew(self):
        relay(at=self.at)
        found = running.renew(at=self.at)
        telling.tell_parties(found, at=self.at)
        return [party for party, _outcomes in found]

    def work(self):
        relay(at=self.at)
        return running.work(at=self.at)

    def standings(self, party):
        return {one.key: one for one in api.standing(str(party), at=self.at)}

    def entitled(self, key="kjj-growth"):
        return api.entitled(key).fen

    def counts(self, key="kjj-growth"):
        [one] = api.counts([key])
        return one

    def tell(self):
        return telling.tell_everybody(self.at)

    def letters(self, party):
        rows = Message.objects.filter(recipient=str(party), template="benefit.news").order_by("pk")
        return [(one.body, one.body_en) for one in rows]

    def stored(self):
        """Everything that is kept as current, byte by byte."""
        rows = Sets.objects.filter(result__current=True).order_by("result__key")
        sets = [
            tuple(bytes(getattr(row, name)) for name in ("entitled", "unknown", "nearest", "unpaid", "fen"))
            for row in rows
        ]
        said = Result.objects.filter(current=True).order_by("key")
        return list(said.values_list("key", "version", "entitled", "unknown", "nearest", "fen")), sets


@pytest.fixture
def town(db, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    return Town(tmp_path / "policies")
