"""A city of toy dockets with facts, and the officers who answer for its figures."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.actors.factories import CITY, a_unit, an_officer
from tests.kernel.toy import CITIZEN, at, make_flow, opening
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.flow import registry
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight import packs
from tongban.oversight.insight.facts import services as facts

MONDAY = at("2026-11-09 10:00")

ENDED = {"kind": "toy", "name": "decide", "ended": True}
FORMULAS = {
    "toy.opened": ("count", {"count": {"of": "moves", "where": {"kind": "toy", "sequence": 1}}}),
    "toy.on_time": (
        "share",
        {
            "share": [
                {"count": {"of": "clocks", "where": {**ENDED, "outcome": "kept"}}},
                {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "missed"]}}},
            ]
        },
    ),
}  # fmt: skip


class Bureau:
    """`supervisor` and `head` of the data bureau, `leader` of the city, `other`: head of another department."""

    def __init__(self):
        self.unit = a_unit("421200-dsj", region=CITY, name="咸宁市政务服务和大数据管理局", department="dsj")
        self.other = a_unit("421200-gjj", region=CITY, name="咸宁市住房公积金中心", department="gjj")
        self.accounts = {}
        self.officers = {
            "supervisor": an_officer("supervisor", of=self.unit),
            "head": an_officer("head", of=self.unit),
            "leader": an_officer("leader", of=self.unit),
            "other": an_officer("head", of=self.other),
        }

    def actor(self, name):
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=timezone.now())

    def signed_in(self, client, name):
        if name not in self.accounts:
            self.accounts[name] = an_account(name, acts_as=self.officers[name], kind="officer")
        client.force_login(self.accounts[name])
        return client


@pytest.fixture
def toys(settings, tmp_path):
    flow = registry.register(make_flow())
    settings.DATA = tmp_path
    yield decided
    registry.forget(flow.kind)


@pytest.fixture
def bureau(db, toys):
    return Bureau()


def decided(*days, unit="u1", region="421202000000", opened=MONDAY):
    """Dockets of a unit, each decided so many days after it was accepted; a number of 0 stays open."""
    rows = []
    clerk = Actor("officer:1", unit=unit, grants=frozenset({Grant("clerk", unit)}))
    for length in days:
        (row,), _ = kernel.open_dockets([opening(unit=unit, region=region)], actor=CITIZEN, at=opened)
        kernel.perform(row.id, "take", actor=clerk, at=opened)
        if length:
            kernel.perform(row.id, "finish", actor=clerk, at=opened + timedelta(days=length))
        rows.append(row)
    collected()
    return rows


def collected():
    relay(at=MONDAY + timedelta(days=100))
    facts.collect()


@pytest.fixture
def toy_pack(monkeypatch):
    """Only the toys' indicators, so that a count is quick."""
    found = {
        key: packs.read(
            {
                "id": key, "name": key, "name_en": key, "theme": "casework", "measured": measured, "good": "up", "owner": "dsj",
                "since": date(2026, 1, 1), "source": "示例", "formula": formula,
            },
            where="test",
        )
        for key, (measured, formula) in FORMULAS.items()
    }  # fmt: skip
    monkeypatch.setattr(packs, "indicators", lambda: found)
