"""A small town under supervision: a bureau of a district that is late, its head, and the supervisors above."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.actors.factories import CITY, DISTRICT, a_unit, an_officer
from tests.kernel.toy import CITIZEN, at, make_flow, opening
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.flow import registry
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight.facts import services as facts
from tongban.oversight.supervision import api
from tongban.oversight.supervision.models import Mark
from tongban.registers.messages.models import Message

MONDAY = at("2026-11-02 10:00")
LATE = "421202-scjg"


class Town:
    """`LATE` is the district's market bureau; the limit 决定 of a toy docket is twenty working days."""

    def __init__(self):
        bureau = a_unit(LATE, name="咸安区市场监督管理局")
        desk = a_unit("421202-dsj", name="咸安区政务服务局")
        city = a_unit("421200-dsj", region=CITY, name="咸宁市政务服务局")
        self.officers = {
            "head": an_officer("head", of=bureau, name="郑建国"),
            "handler": an_officer("handler", of=bureau, name="刘子轩"),
            "other": an_officer("head", of=desk, name="唐琳"),
            "district": an_officer("supervisor", of=desk, name="袁雪莲"),
            "city": an_officer("supervisor", of=city, name="贺正平"),
            "leader": an_officer("leader", of=city, name="武长青"),
        }
        self.at = MONDAY

    def actor(self, name):
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=self.at)

    def signed_in(self, client, name):
        client.force_login(an_account(name, acts_as=self.officers[name], kind="officer"))
        return client

    def taken(self, *, region=DISTRICT, unit=LATE, **more):
        """A docket that the unit has to decide within twenty working days, until 30 November."""
        (row,), _ = kernel.open_dockets(
            [opening(unit=unit, region=region, **more)], actor=CITIZEN, at=self.at
        )
        kernel.perform(row.id, "take", actor=self.clerk(unit), at=self.at)
        return row

    def clerk(self, unit=LATE):
        return Actor("officer:1", unit=unit, grants=frozenset({Grant("clerk", unit)}))

    def decide(self, row):
        kernel.perform(row.id, "finish", actor=self.clerk(), at=self.at)

    def to(self, moment):
        """Time passes: what falls due fires, limits are looked through, the line is told, facts are collected."""
        self.at = at(moment)
        fire_due(at=self.at)
        api.scan(at=self.at)
        api.tell_due(at=self.at)
        self.count()

    def count(self):
        relay(at=self.at + timedelta(days=1))
        facts.collect()

    def mark(self):
        return Mark.objects.get()

    def explain(self, who="head"):
        said = {"reason": "workload", "words": "两名经办人休假。"}
        return api.explain(mark=self.mark().pk, actor=self.actor(who), at=self.at, **said)

    def letters(self, name, prefix="supervision."):
        return [one.template for one in self._letters(name, prefix)]

    def last_letter(self, name):
        return self._letters(name, "supervision.").last().body

    def _letters(self, name, prefix):
        to = f"officer:{self.officers[name].pk}"
        return Message.objects.filter(recipient=to, template__startswith=prefix).order_by("pk")

    def late_one(self, **more):
        """A docket that was decided two working days late."""
        row = self.taken(**more)
        self.to("2026-12-02 09:00")
        self.decide(row)
        self.to("2026-12-02 09:30")
        return row

    def lodge(self, who="head", **more):
        said = {"ground": "system_fault", "words": "十二月一日全天停机检修，有检修通知为证。", **more}
        return api.lodge(mark=self.mark().pk, actor=self.actor(who), at=self.at, **said)


@pytest.fixture
def town(db, settings, tmp_path):
    settings.DATA = tmp_path
    flow = registry.register(make_flow())
    yield Town()
    registry.forget(flow.kind)
