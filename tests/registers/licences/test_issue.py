"""Licences are issued, found, and answer for papers."""

import pytest

from tests.actors.factories import NOON, a_person, a_unit
from tongban.kernel import api as kernel
from tongban.kernel.models import Event
from tongban.registers.licences import api

pytestmark = pytest.mark.django_db
USCC = "11421200TB000001XE"


def test_issue():
    unit = a_unit("421202-gaj", uscc=USCC)
    person = a_person()
    made = api.issue(
        kind="id-card", holder=str(person), unit=unit.id, fields={}, actor=kernel.SYSTEM, at=NOON, key="a"
    )
    again = api.issue(
        kind="id-card", holder=str(person), unit=unit.id, fields={}, actor=kernel.SYSTEM, at=NOON, key="a"
    )
    assert again == made
    print(made.identifier, made.fields, made.valid_until)
    assert api.licence(made.identifier) == made
    assert api.held_by(str(person), on=NOON.date()) == (made,)
    assert api.answering(["id-card", "other"], party=str(person), on=NOON.date()) == {"id-card": made}
    assert set(api.facts_of(str(person), on=NOON.date())) == {"person.name", "person.id"}
    fixed = api.correct(
        identifier=made.identifier, fields={"name": "张晓明"}, actor=kernel.SYSTEM, at=NOON, reason="写错了"
    )
    assert fixed.version == 2 and api.licence(made.identifier) == fixed
    api.revoke(identifier=fixed.identifier, actor=kernel.SYSTEM, at=NOON, reason="x")
    assert not api.held_by(str(person), on=NOON.date())
    assert [e.act for e in kernel.history(api.stream_of(made.identifier), at=NOON)] == [
        "issue",
        "correct",
        "revoke",
    ]
    assert Event.objects.filter(topic__startswith="licence.").count() == 3
    with pytest.raises(api.NotOpenError):
        api.suspend(identifier=fixed.identifier, actor=kernel.SYSTEM, at=NOON, reason="x")
