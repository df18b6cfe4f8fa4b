"""Somebody at home, or a helper in a village, asks the deciding unit to look at what is not submitted yet."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.helping.people import entrusts, party, signed_in, text
from tests.faces.portal.city import example, loaded_city, town
from tests.faces.portal.walking import begin, consents_on, hand_in, key_on, plan_of, type_form
from tests.registers.identity.factories import an_account
from tongban.actors.models import Acting, Officer
from tongban.desks.cases.models import Draft
from tongban.desks.remote import services
from tongban.desks.remote.models import Proposal, RemoteSession
from tongban.kernel import api as kernel
from tongban.registers.identity.models import Account

__all__ = ["loaded_city", "town"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "link")]
THEME, MARKET = "open-restaurant", "421202-scjg"
MEASURES = "装两级油烟净化器，每月清洗"
NEW = f"/my/remote/new/{THEME}"


@pytest.fixture
def link(settings, tmp_path):
    settings.REMOTE_LINK, settings.DATA = "tongban.desks.remote.links.DemoLink", tmp_path
    return tmp_path / "remote" / "down"


def expert_of(unit=MARKET, role="handler"):
    found = Officer.objects.filter(unit_id=unit, appointments__role=role).first()
    client = Client()
    account = Account.objects.filter(actor_id=f"officer:{found.pk}").first()
    client.force_login(account or an_account(f"{unit}-{role}", acts_as=found, kind="officer"))
    return client


def begun(client):
    """A draft up to its task list; gives its plan."""
    answers = example(THEME)["answers"]
    begin(client, THEME, answers)
    return plan_of(THEME, answers, "person")


@pytest.fixture
def zhang():
    client = signed_in("zhang")
    begun(client)
    return client


def asked(client, **more):
    return client.post(NEW, {"far": MARKET, "consent": "online", **more})


def shared(client, expert, **more):
    """A session that an officer has joined: its addresses for both."""
    here = asked(client, **more)["Location"]
    there = f"/work/remote/{here.rpartition('/')[2]}"
    assert expert.post(f"{there}/do/join").status_code == 302
    return here, there


def propose(expert, there, element, value):
    return expert.post(f"{there}/do/propose", {"element": element, "value": value})


def content():
    return Draft.objects.get().content


def acts(here):
    number = here.rpartition("/")[2]
    return [(one.act, one.actor.partition(":")[0]) for one in kernel.history(number, at=timezone.now())]


def test_from_home_each_proposal_waits_for_the_applicants_yes_and_nothing_is_written_before(zhang):
    assert NEW in text(zhang.get(f"/themes/{THEME}/tasks"))
    expert, before = expert_of(), content()
    here, there = shared(zhang, expert)
    seen = text(expert.get(there))
    assert "还没提交的草稿" in seen
    assert "还没填" in seen
    assert "****" in seen
    for hidden in ("13871010007", "张明远", "82010000000412307"):
        assert hidden not in seen
    assert propose(expert, there, "env.measures", MEASURES).status_code == 302
    assert propose(expert, there, "legal_rep.phone", "13900001111").status_code == 302
    assert content() == before
    page = text(zhang.get(here))
    assert MEASURES in page
    assert "13900001111" in page  # to the applicant in clear
    first, second = Proposal.objects.order_by("pk")
    zhang.post(f"{here}/do/accept", {"proposal": first.pk})
    zhang.post(f"{here}/do/refuse", {"proposal": second.pk})
    assert MEASURES in content()
    assert "13900001111" not in content()
    assert MEASURES in text(zhang.get(f"/themes/{THEME}/check"))
    seen = text(expert.get(there))
    assert "申请人采用了" in seen
    assert "申请人没有采用" in seen
    assert "13900001111" not in seen
    zhang.post(f"{here}/do/end")
    assert "还没提交的草稿" not in text(expert.get(there))  # the consent ends with the session
    assert [act for act, _who in acts(here)] == [
        "ask_help", "join", "propose", "propose", "accept", "refuse", "end",
    ]  # fmt: skip
    ledger = str([one.body for one in kernel.history(here.rpartition("/")[2], at=timezone.now())])
    assert MEASURES not in ledger
    assert "13900001111" not in ledger
    first = kernel.history(here.rpartition("/")[2], at=timezone.now())[0].body["data"]
    assert first == {"draft": THEME, "near": "home", "far": MARKET, "consent": "online"}


def test_without_consent_or_with_a_unit_that_decides_nothing_here_nobody_is_asked(zhang, link):
    answer = asked(zhang, consent="")
    assert (answer.status_code, "请先同意" in text(answer)) == (422, True)
    assert asked(zhang, consent="spoken").status_code == 422  # nobody spoke to anybody
    assert asked(zhang, far="421202-gaj").status_code == 422
    link.parent.mkdir(parents=True)
    link.touch()
    answer = asked(zhang)
    assert (answer.status_code, "远程窗口现在连不上" in text(answer)) == (503, True)
    assert not RemoteSession.objects.exists()


def test_a_wrong_value_is_told_with_what_is_possible_and_stays_typed(zhang):
    expert = expert_of()
    _here, there = shared(zhang, expert)
    answer = propose(expert, there, "food.kitchen_area", "很大")
    assert answer.status_code == 422
    assert "要填数字" in text(answer)
    assert 'value="很大"' in text(answer)
    assert propose(expert, there, "no.such", "1").status_code == 422
    vouched = propose(expert, there, "business.name", "另一个名")
    assert "登记机关的记录" in text(vouched)
    assert not Proposal.objects.exists()


def test_what_the_applicant_changed_meanwhile_is_not_overwritten_without_a_second_yes(zhang):
    expert = expert_of()
    here, there = shared(zhang, expert)
    propose(expert, there, "env.measures", MEASURES)
    one = Proposal.objects.get()
    draft = Draft.objects.get()
    kept = json.loads(draft.content)
    kept["form"]["env.measures"] = "自己写的"
    draft.content = json.dumps(kept, ensure_ascii=False)
    draft.save()
    refused = zhang.post(f"{here}/do/accept", {"proposal": one.pk}, follow=True)
    assert "没有动您填的" in text(refused)
    assert "自己写的" in content()
    assert "仍然采用" in text(refused)
    zhang.post(f"{here}/do/accept", {"proposal": one.pk, "anyway": "true"})
    assert MEASURES in content()
    again = zhang.post(f"{here}/do/refuse", {"proposal": one.pk}, follow=True)
    assert "已经答复过" in text(again)


def test_a_draft_that_is_deleted_meanwhile_is_told_to_both(zhang):
    expert = expert_of()
    here, there = shared(zhang, expert)
    propose(expert, there, "env.measures", MEASURES)
    zhang.post(f"/themes/{THEME}/discard")
    assert "这份草稿不在了" in text(zhang.get(here))
    assert "这份草稿不在了" in text(expert.get(there))
    refused = zhang.post(f"{here}/do/accept", {"proposal": Proposal.objects.get().pk}, follow=True)
    assert "这份草稿不在了" in text(refused)
    begun(zhang)  # another one begun since is not shown to anybody
    assert "这份草稿不在了" in text(expert.get(there))
    assert services.end_stale(at=timezone.now() + timedelta(minutes=16)) == 1
    assert Proposal.objects.get().answer == "dropped"


def test_strangers_colleagues_and_other_units_see_nothing_of_it(zhang):
    expert = expert_of()
    here, there = shared(zhang, expert)
    assert signed_in("li").get(here).status_code == 404
    assert signed_in("li").post(f"{here}/do/end").status_code == 404
    other = expert_of("421202-xfjy")
    assert other.get(there).status_code == 404
    colleague = expert_of(MARKET, "approver")
    assert "还没提交的草稿" not in text(colleague.get(there))
    propose(expert, there, "env.measures", MEASURES)
    forced = expert.post(f"{there}/do/accept", {"proposal": Proposal.objects.get().pk})
    assert forced.status_code == 404  # not a move of this page
    row = kernel.docket(here.rpartition("/")[2], actor=kernel.SYSTEM)
    officer = kernel.Actor(row.officer, unit=MARKET, grants=frozenset({kernel.Grant("handler", MARKET)}))
    with pytest.raises(kernel.NotPermitted):
        kernel.perform(row.id, "accept", actor=officer, at=timezone.now(), data={"proposal": Proposal.objects.get().pk})  # fmt: skip


def test_a_helper_asks_at_the_near_window_and_the_session_follows_the_submission():
    agent, expert, elder = signed_in("huangjing"), expert_of(), party("elder")
    entrusts(signed_in("elder"), party("huangjing"), THEME)
    agent.post(f"/work/helping/{Acting.objects.latest('pk').pk}/begin", {"what": ""})
    plan = begun(agent)
    assert asked(agent, consent="online").status_code == 422
    here, there = shared(agent, expert, consent="spoken", place="黄荆塘村便民服务站")
    propose(expert, there, "env.measures", MEASURES)
    agent.post(f"{here}/do/accept", {"proposal": Proposal.objects.get().pk})
    type_form(agent, THEME, plan, applicant=elder, acting=party("huangjing"))
    hand_in(agent, THEME, plan)
    paper = re.search(r"/work/remote/[^\"]+/papers/[^\"]+", text(expert.get(there)))[0]
    assert b"".join(expert.get(paper).streaming_content)
    agent.post(f"/themes/{THEME}/delivery", {"way": "window"})
    check = agent.get(f"/themes/{THEME}/check")
    sent = agent.post(f"/themes/{THEME}/check", {"key": key_on(check), "consent": consents_on(check)})
    number = sent["Location"].rpartition("/")[2]
    assert RemoteSession.objects.get().shared.number == number
    assert number in text(agent.get(here))
    assert "一起看的申请内容" in text(expert.get(there))
    assert "还没提交的草稿" not in text(expert.get(there))
    assert propose(expert, there, "env.measures", "别的").status_code == 422
    entries = kernel.history(here.rpartition("/")[2], at=timezone.now())
    assert entries[0].body["data"]["near"].startswith("421202")
    assert entries[0].body["data"]["consent"] == "spoken"
    assert next(one for one in entries if one.act == "follow").body["data"] == {"shared": number}
    assert next(one for one in entries if one.act == "accept").authority
