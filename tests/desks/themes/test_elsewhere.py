"""In the wizard the citizen chooses where it is decided: plainly shown, consented to, handed over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.cases.partners.conftest import far, roots
from tests.desks.cases.partners.far import FAR, HOME, MATTER, PDF
from tests.registers.catalogue.conftest import _fresh_cache, bring, data, draft, keys
from tests.registers.identity.factories import an_account
from tongban.actors.api import load_city
from tongban.actors.models import Person
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners.models import Handover

__all__ = ["_fresh_cache", "bring", "far", "keys", "roots"]
pytestmark = pytest.mark.django_db
WIZARD = f"/themes/matter-{MATTER}"


@pytest.fixture
def city(db, settings):
    load_city(folder=settings.PACKS / "demo")


@pytest.fixture
def citizen(far, client):
    client.force_login(an_account("zhang-far", acts_as=Person.objects.get(pk=1)))
    return client


def text(client, address):
    return client.get(address).content.decode()


def test_a_partner_is_offered_chosen_and_handed_over_to_with_consent_only(citizen):
    start = text(citizen, f"{WIZARD}?region={HOME}")
    assert f'value="{FAR}"' in start and "武汉市" in start  # noqa: PT018 - one option
    citizen.post(WIZARD, {"region": FAR})
    citizen.post(f"{WIZARD}/questions/situation", {"answer": "s_2"})
    assert "武汉市跨域通办窗口" in text(citizen, f"{WIZARD}/notice")  # who decides
    citizen.post(f"{WIZARD}/form/1", {"business.name": "小店"})
    photo = SimpleUploadedFile("证.pdf", PDF)
    citizen.post(f"{WIZARD}/materials", {"way-id-card": "upload", "id-card": photo})
    citizen.post(f"{WIZARD}/delivery", {"way": "electronic"})
    page = text(citizen, f"{WIZARD}/check")
    assert "由当地办理" in page
    sent = {"key": page.split('name="key" value="')[1].split('"')[0]}
    refused = citizen.post(f"{WIZARD}/check", sent)
    assert "还没有同意转交" in refused.content.decode()
    done = citizen.post(f"{WIZARD}/check", {**sent, "consent": "partner"})
    own = Handover.objects.select_related("docket").get()
    assert done["Location"] == f"/my/handovers/{own.docket.number}"
    again = citizen.post(f"{WIZARD}/check", {**sent, "consent": "partner"})
    assert again["Location"] == done["Location"]  # a second click
    assert own.partner_id == FAR
    assert partners.handover_of(own.docket_id).form["business.name"] == "咸安区明远面馆"
    seen = text(citizen, done["Location"])
    assert "武汉市" in seen and "明远面馆" in seen  # noqa: PT018 - where and what
    assert own.docket.number in text(citizen, "/my")
    citizen.post(done["Location"], {"reason": "不办了"})
    assert Handover.objects.select_related("docket").get().docket.state == "given_up"


def test_a_place_that_is_not_offered_is_no_choice(citizen):
    answer = citizen.post(WIZARD, {"region": "110000000000"}, follow=True)
    assert "请选一个地区" in answer.content.decode()


def test_the_notice_names_the_limit_of_the_place_that_decides(citizen, bring):
    law, across = {"amount": 20, "unit": "working_days"}, {**data()["lists"], "cross_region": ["跨省"]}
    citizen.post(WIZARD, {"region": HOME})
    citizen.post(f"{WIZARD}/questions/situation", {"answer": "s_2"})
    assert "最晚" in text(citizen, f"{WIZARD}/notice")
    citizen.post(WIZARD, {"region": FAR})
    citizen.post(f"{WIZARD}/questions/situation", {"answer": "s_2"})
    notice = f"{WIZARD}/notice"
    assert "期限以当地的答复为准" in text(citizen, notice)  # nobody has said one
    bring(draft(region=HOME, lists=across, depth="IV", legal_limit=law))
    assert "法定期限：受理后20个工作日" in text(citizen, notice)
    there = draft(region=FAR, promised_limit={"amount": 3, "unit": "working_days"})
    bring(replace(there, partner=True), region=FAR)
    page = text(citizen, notice)
    assert "当地公布的期限：收到后3个工作日" in page
    assert "最晚" not in page  # the own promise binds no other place
