"""A small knowledge base: one unit with a writer and a head, the city's desk, no catalogue."""

from datetime import date

import pytest
from django.utils import timezone

from tests.actors.factories import CITY, a_unit, an_officer
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.registers.catalogue import api as catalogue
from tongban.registers.knowledge import searching, services
from tongban.registers.knowledge.contracts import Audience
from tongban.registers.knowledge.services import Said

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _fresh_index():
    catalogue.forget()
    searching.forget()
    yield
    catalogue.forget()
    searching.forget()


class Town:
    """Who keeps what: `writer` and `head` of the housing fund, `stranger` of another unit."""

    def __init__(self):
        self.fund = a_unit("421200-gjj", region=CITY, name="咸宁市住房公积金中心")
        self.desk = a_unit("421200-dsj", region=CITY, name="咸宁市政务服务和大数据管理局")
        self.officers = {
            "writer": an_officer("handler", of=self.fund),
            "head": an_officer("head", of=self.fund),
            "stranger": an_officer("head", of=self.desk),
        }

    def actor(self, name):
        return actors.actor_of_officer(officer_id=self.officers[name].pk, at=timezone.now())

    def signed_in(self, client, name):
        client.force_login(an_account(name, acts_as=self.officers[name], kind="officer"))
        return client

    def publish(self, key="fund-rent", *, audience=Audience.PUBLIC, by="head", answers="", **said):
        """Written by the writer, proposed, published by another."""
        text = {
            "question": "租房怎么提取住房公积金？",
            "answer": "无房租房的可以提取。网上申请，三个工作日到账。",
            "as_of": TODAY,
            "laws": ({"law": "住房公积金管理条例", "article": "第二十四条", "says": ""},),
            "answers": answers,
        } | said
        writer, at = self.actor("writer"), timezone.now()
        services.draft(key=key, said=Said(**text), unit=self.fund.pk, audience=audience, actor=writer, at=at)
        services.propose(key=key, actor=writer, at=at)
        return services.publish(key=key, actor=self.actor(by), at=at)


@pytest.fixture
def town(db):
    return Town()
