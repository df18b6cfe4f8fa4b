"""A holder objects over HTTP; the unit that issued the licence corrects it, or says why not."""

import pytest
from django.utils import timezone

from tests.actors.factories import a_person, an_officer
from tests.registers.identity.factories import an_account
from tests.registers.licences.factories import an_id_card, the_market, the_police
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.licences import api
from tongban.registers.messages import api as messages

pytestmark = pytest.mark.django_db
CLAIM = {"entry": "household_address", "right": "万年路21号", "why": "门牌号写反了，户口簿上是21号"}


@pytest.fixture
def holder(client):
    person = a_person()
    client.force_login(an_account("holder", acts_as=person))
    return person


def raised(client, card, **claim):
    return client.post(f"/licences/{card.id}/object", {**CLAIM, **claim})


def the_docket():
    return kernel.docket(Docket.objects.get(kind="objection").number, actor=kernel.SYSTEM)


def handler():
    officer = an_officer("handler", of=the_police())
    return actors.actor_of_officer(officer_id=officer.pk, at=timezone.now())


def test_from_claim_to_corrected_licence(client, holder):
    card = an_id_card(of=holder)
    page = client.get(f"/licences/{card.id}/object")
    assert "户籍地址" in page.content.decode()
    sent = raised(client, card)
    row = the_docket()
    assert sent.url == f"/licences/objections/{row.number}"
    assert (row.unit, row.applicant) == (the_police().pk, str(holder))
    assert row.due_at is not None
    assert "万年路21号" in client.get(sent.url).content.decode()
    kernel.perform(row.id, "correct", actor=handler(), at=timezone.now(), data={"basis": "户籍档案为21号"})
    fixed = api.licence(card.identifier)
    assert (fixed.version, fixed.fields["household_address"]) == (2, "万年路21号")
    assert row.number in api.past_versions(fixed.identifier)[0].reason
    assert "已更正" in client.get(sent.url).content.decode()
    assert any("已更正" in one.subject for one in messages.inbox(recipients=[str(holder)]))


def test_maintained_with_the_reason(client, holder):
    card = an_id_card(of=holder)
    raised(client, card)
    kernel.perform(
        the_docket().id,
        "maintain",
        actor=handler(),
        at=timezone.now(),
        data={"reason": "档案里就是12号，没有写错。"},
    )
    assert api.licence(card.identifier) == card
    (told,) = messages.inbox(recipients=[str(holder)])
    assert "没有改" in told.subject


def test_once_at_a_time_and_a_double_click_is_harmless(client, holder):
    card = an_id_card(of=holder)
    assert raised(client, card).url == raised(client, card).url
    refused = raised(client, card, right="别的")
    assert refused.status_code == 422
    assert "已有一件异议" in refused.content.decode()
    row = the_docket()
    client.post(f"/licences/objections/{row.number}/withdraw")
    assert the_docket().state == "withdrawn"
    assert raised(client, card, right="别的").status_code == 302


def test_what_is_wrong_with_a_claim_is_said(client, holder):
    card = an_id_card(of=holder)
    assert raised(client, card, entry="shoe_size").status_code == 422
    assert "请填这一项应该是什么" in raised(client, card, right="").content.decode()
    assert "应是日期" in raised(client, card, entry="birth_date", right="昨天").content.decode()
    assert not Docket.objects.filter(kind="objection").exists()


def test_nobody_objects_to_or_reads_somebody_elses(client, holder):
    theirs = an_id_card(of=a_person("别人"))
    assert raised(client, theirs).status_code == 404
    card = an_id_card(of=holder)
    url = raised(client, card).url
    client.force_login(an_account("passer", acts_as=a_person("路人")))
    assert client.get(url).status_code == 404
    assert client.post(f"{url}/withdraw").status_code == 404


def test_only_the_issuing_unit_answers_and_extends_once(client, holder):
    raised(client, an_id_card(of=holder))
    row = the_docket()
    stranger = actors.actor_of_officer(
        officer_id=an_officer("handler", of=the_market()).pk, at=timezone.now()
    )
    with pytest.raises((kernel.NotFound, kernel.NotPermitted)):
        kernel.perform(row.id, "correct", actor=stranger, at=timezone.now(), data={"basis": "不该我办"})
    police = handler()
    kernel.perform(row.id, "extend", actor=police, at=timezone.now(), data={"reason": "要调阅档案"})
    assert the_docket().due_at > row.due_at
    with pytest.raises(kernel.MoveRefused, match="延长过"):
        kernel.perform(row.id, "extend", actor=police, at=timezone.now(), data={"reason": "还要"})


def test_the_workbench_shows_it_masked(client, holder):
    raised(client, an_id_card(of=holder))
    row = the_docket()
    officer = an_officer("handler", of=the_police())
    client.force_login(an_account("police", acts_as=officer, kind="officer"))
    page = client.get(f"/work/{row.number}").content.decode()
    assert "持有人说应该是" in page
    assert "万年路21号" not in page
