"""帮办 through HTTP: on paper and on line, the wizard in somebody's name, and what ends it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desks.helping.people import (
    days_from_now,
    entrusts,
    last_code,
    paper,
    party,
    signed_in,
    text,
)
from tests.faces.portal.city import example
from tests.faces.portal.walking import begin, hand_in, plan_of, type_form
from tests.faces.workbench.office import asked
from tongban.actors import api as actors
from tongban.actors.models import Acting
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket, Entry
from tongban.registers.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
THEME = "open-restaurant"


def submitted(client, *, applicant, acting):
    """The whole wizard for a restaurant; gives the application."""
    answers = example(THEME)["answers"]
    begin(client, THEME, answers)
    plan = plan_of(THEME, answers, "person")
    type_form(client, THEME, plan, applicant=applicant, acting=acting)
    assert hand_in(client, THEME, plan).status_code == 302
    assert client.post(f"/themes/{THEME}/delivery", {"way": "window"}).status_code == 302
    page = text(client.get(f"/themes/{THEME}/check"))
    key = page.split('name="key" value="')[1].split('"')[0]
    return client.post(f"/themes/{THEME}/check", {"key": key})


def confirmed(agent, elder):
    """The agent has recorded the paper and typed the code."""
    step = agent.post("/work/helping/paper", paper())
    assert step.status_code == 302, text(step)
    done = agent.post(step["Location"], {"code": last_code(elder)})
    assert done["Location"] == "/work/helping"
    return Acting.objects.latest("pk")


class TestPaper:
    def test_a_village_agent_records_a_paper_and_acts_once_the_code_is_told(self):
        agent, elder = signed_in("huangjing"), party("elder")
        mandate = confirmed(agent, elder)
        assert not mandate.awaiting
        page = text(agent.get("/work/helping"))
        assert "何秀珍" in page
        assert 'value="/themes/open-restaurant"' in page
        began = agent.post(f"/work/helping/{mandate.pk}/begin", {"what": f"/themes/{THEME}"})
        assert began["Location"] == f"/themes/{THEME}"
        answer = submitted(agent, applicant=elder, acting=party("huangjing"))
        assert answer["Location"].startswith("/receipts/"), text(answer)
        row = Docket.objects.get(number=answer["Location"].rsplit("/", 1)[1])
        assert (row.applicant, row.agent) == (elder, party("huangjing"))
        entries = Entry.objects.filter(
            stream__in=[row.number, *Docket.objects.filter(parent=row).values_list("number", flat=True)]
        )
        assert {(one.actor, one.authority) for one in entries if one.sequence == 1} == {
            (row.agent, str(mandate))
        }
        told = text(signed_in("elder").get("/my/authorities")).split("谁代办过什么")[1]
        assert "余大勇" in told, "the citizen sees who did what"
        assert "提交申请" in told

    def test_a_wrong_code_says_how_many_tries_are_left_and_changes_nothing(self):
        agent = signed_in("huangjing")
        step = agent.post("/work/helping/paper", paper())
        wrong = f"{(int(last_code(party('elder'))) + 1) % 1_000_000:06}"
        answer = agent.post(step["Location"], {"code": wrong})
        assert answer.status_code == 422
        assert "还可以试4次" in text(answer)
        assert Acting.objects.latest("pk").awaiting

    def test_name_and_number_must_be_of_one_person_and_the_page_does_not_tell_which_is_wrong(self):
        agent = signed_in("huangjing")
        for wrong in ({"principal_name": "何秀"}, {"principal_number": "422301198803163153"}):
            answer = agent.post("/work/helping/paper", paper(**wrong))
            assert answer.status_code == 422
            assert "对不上" in text(answer)
        assert not Acting.objects.filter(awaiting=True).exists()

    def test_looking_for_a_matter_keeps_what_was_typed(self):
        answer = signed_in("huangjing").post(
            "/work/helping/paper", {**paper(), "q": "社会保障卡", "look": "1"}
        )
        page = text(answer)
        assert answer.status_code == 200
        assert "何秀珍" in page
        assert "社会保障卡" in page.split('id="found-1"')[1]

    def test_the_scan_is_for_both_sides_only(self):
        agent, elder = signed_in("huangjing"), signed_in("elder")
        mandate = confirmed(agent, party("elder"))
        for client, path in (
            (agent, f"/work/helping/{mandate.pk}/scan"),
            (elder, f"/my/authorities/{mandate.pk}/paper"),
        ):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer["Content-Type"] == "image/jpeg"
            b"".join(answer.streaming_content)
        assert signed_in("agent").get(f"/work/helping/{mandate.pk}/scan").status_code == 404
        assert signed_in("zhang").get(f"/my/authorities/{mandate.pk}/paper").status_code == 404


class TestOneHat:
    """An officer who helps is nothing but the helper; everything is written down."""

    @pytest.fixture
    def helping(self):
        elder, agent = signed_in("elder"), signed_in("huangjing")
        assert entrusts(elder, party("huangjing"), THEME).status_code == 302
        mandate = Acting.objects.latest("pk")
        agent.post(f"/work/helping/{mandate.pk}/begin", {"what": ""})
        return agent, elder, mandate

    def test_the_workbench_is_closed_until_helping_ends(self, helping):
        agent, _elder, _mandate = helping
        assert "正在帮何秀珍办事" in text(agent.get("/my"))
        assert agent.get("/work")["Location"] == "/identity/act-for"
        assert agent.post("/identity/act-for", {"party": ""})["Location"] == "/work"
        assert agent.get("/work").status_code == 200

    def test_an_agent_gives_no_authority_in_anothers_name(self, helping):
        agent, _elder, _mandate = helping
        assert agent.get("/my/authorities/new").status_code == 403
        assert "委托我办的" not in text(agent.get("/my/authorities"))

    def test_other_matters_of_the_same_person_stay_hers(self, helping):
        agent, elder, _mandate = helping
        number = Docket.objects.get(pk=asked(who="elder").docket).number
        assert elder.get(f"/my/{number}").status_code == 200
        assert agent.get(f"/my/{number}").status_code == 404

    def test_a_matter_that_is_not_covered_is_told_with_what_is_possible(self, helping):
        agent, _elder, mandate = helping
        mandate.matters = mandate.matters[:-1]
        mandate.save()
        answer = submitted(agent, applicant=party("elder"), acting=party("huangjing"))
        assert answer.status_code == 422
        assert "委托您的事项里没有" in text(answer)
        assert "请对方把这些也委托给您" in text(answer)

    def test_revoked_in_the_middle_of_a_draft(self, helping):
        agent, elder, mandate = helping
        begin(agent, THEME, example(THEME)["answers"])
        assert elder.post(f"/my/authorities/{mandate.pk}/revoke")["Location"] == "/my/authorities"
        for path in (f"/themes/{THEME}/tasks", f"/themes/{THEME}/check", "/my"):
            assert agent.get(path)["Location"] == "/identity/act-for"
        page = text(agent.get("/identity/act-for"))
        assert "撤回对您的委托" in page
        assert "再授权一次" in page
        again = agent.post(f"/work/helping/{mandate.pk}/begin", {"what": f"/themes/{THEME}"}, follow=True)
        assert "已于" in text(again)
        assert Message.objects.filter(recipient=party("huangjing"), template="acting.taken-back").exists()
        assert not Docket.objects.filter(applicant=party("elder")).exists()

    def test_authority_that_ended_yesterday(self, helping):
        agent, _elder, mandate = helping
        mandate.until_date = actors.day_of(timezone.now()) - timedelta(days=1)
        mandate.save()
        assert "已经到期" in text(agent.get("/my", follow=True))

    def test_a_draft_in_her_name_is_nobody_elses(self, helping):
        agent, elder, _mandate = helping
        begin(agent, THEME, example(THEME)["answers"])
        assert elder.get(f"/themes/{THEME}/notice").status_code == 302, "the agent's draft is not hers"
        agent.post("/identity/act-for", {"party": ""})
        assert agent.get(f"/themes/{THEME}/notice")["Location"] == f"/themes/{THEME}"


class TestGiving:
    def test_a_person_is_named_by_name_and_number(self):
        elder = signed_in("elder")
        wrong = {"agent": "person", "tie": "family", "name": "张明远", "number": "422301198803163154"}
        answer = elder.post("/my/authorities/new", wrong)
        assert answer.status_code == 422
        right = {**wrong, "number": "422301198803163153"}
        step = elder.post("/my/authorities/new", right)
        assert step["Location"] == "/my/authorities/new/matters"
        assert "422301198803163153" not in step["Location"]
        answer = elder.post(step["Location"], {"until": days_from_now(30)})
        assert "请至少选一件事" in text(answer)
        assert elder.post(step["Location"], {"theme": [THEME], "until": days_from_now(30)}).status_code == 302
        page = text(signed_in("zhang").get("/my/authorities"))
        assert "以何秀珍的名义办" in page

    def test_a_legal_representative_gives_for_the_company_and_staff_see_only_what_they_may(self):
        owner, clerk = signed_in("xinghe"), signed_in("zhang")
        step = owner.post(
            "/my/authorities/new",
            {"agent": "person", "tie": "staff", "name": "张明远", "number": "422301198803163153"},
        )
        owner.post(step["Location"], {"theme": ["company-closing"], "until": days_from_now(90)})
        mandate = Acting.objects.latest("pk")
        assert str(mandate.for_organisation).startswith("organisation:")
        clerk.post("/identity/act-for", {"party": str(mandate.for_organisation)})
        page = text(clerk.get("/themes/company-closing"))
        assert "星河商贸" in page
        held = actors.actor_of_person(person_id=mandate.person_id, at=timezone.now())
        assert str(mandate.for_organisation) not in held.parties
        (right,) = actors.held_for(held, str(mandate.for_organisation))
        assert right.matters == frozenset(mandate.matters)

    def test_the_ledger_of_the_giver_has_it_without_names_or_numbers(self):
        entrusts(signed_in("elder"), party("huangjing"), THEME)
        entry = kernel.history(party("elder"), at=timezone.now())[-1]
        assert entry.act == "acting-granted"
        assert "何秀珍" not in json.dumps(entry.body, ensure_ascii=False)


class TestDoorstep:
    ASKED = {"wish": "领高龄津贴", "address": "黄荆塘村4组", "phone": "13871140098", "group": "elder"}

    def test_special_groups_come_first_and_the_village_comes(self):
        answer = signed_in("elder").post("/my/doorstep", {**self.ASKED, "key": "one"})
        row = Docket.objects.get(number=answer["Location"].rsplit("/", 1)[1])
        assert row.unit == "421202100236-fwz"
        assert kernel.clocks_of([row.pk])[row.pk][0].amount == 1
        other = signed_in("zhang").post("/my/doorstep", {**self.ASKED, "group": "none", "key": "two"})
        later = Docket.objects.get(number=other["Location"].rsplit("/", 1)[1])
        assert kernel.clocks_of([later.pk])[later.pk][0].amount == 3
        page = text(signed_in("huangjing").get("/work/helping"))
        assert row.number in page
        assert "优先" in page
        assert later.number not in page, "another village's station"

    def test_from_asking_to_the_visit_and_the_address_is_masked(self):
        elder, agent = signed_in("elder"), signed_in("huangjing")
        number = elder.post("/my/doorstep", {**self.ASKED, "key": "k"})["Location"].rsplit("/", 1)[1]
        page = text(agent.get(f"/work/{number}"))
        assert "13871140098" not in page
        assert "138****0098" in page
        soon = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        agent.post(
            f"/work/{number}/moves/arrange", {"visit_at": soon, "bring": "身份证", "key": "a", "seen": "1"}
        )
        assert Docket.objects.get(number=number).state == "arranged"
        agent.post(f"/work/{number}/moves/visit", {"served": "已帮填好申请", "key": "b", "seen": "2"})
        assert "已帮填好申请" in text(elder.get(f"/my/doorstep/{number}"))

    def test_what_is_missing_is_told_by_field(self):
        answer = signed_in("elder").post(
            "/my/doorstep", {**self.ASKED, "wish": "", "phone": "12", "key": "k"}
        )
        assert answer.status_code == 422
        assert "请写想办什么" in text(answer)

    def test_it_can_be_called_off(self):
        elder = signed_in("elder")
        number = elder.post("/my/doorstep", {**self.ASKED, "key": "k"})["Location"].rsplit("/", 1)[1]
        elder.post(f"/my/doorstep/{number}", {"key": "c"})
        assert Docket.objects.get(number=number).state == "cancelled"


class TestChiefServiceOfficers:
    """C6: heads give and take back authority; the list shows it."""

    FORM = {"roles": ["handler"], "document": "咸安城管授〔2026〕9号"}

    def test_a_head_delegates_and_revokes(self):
        from tongban.actors.models import Appointment, Delegation

        head = Appointment.objects.filter(role="head", unit_id="421202-cgj").first().officer
        client = signed_in_officer(head)
        page = text(client.get("/work/delegations/new"))
        assert "户外广告" in page
        to = Appointment.objects.filter(role="handler", unit_id="421202-scjg").first().officer
        given = {
            **self.FORM, "staff_number": to.staff_number, "matters": ["0104100100"], "from_date": days_from_now(0),
            "until_date": days_from_now(30),
        }  # fmt: skip
        answer = client.post("/work/delegations/new", given)
        assert answer.status_code == 302, text(answer)
        row = Delegation.objects.latest("pk")
        assert (row.officer_id, row.unit_id, row.matters) == (to.pk, "421202-cgj", ["0104100100"])
        assert Message.objects.filter(recipient=f"officer:{to.pk}", template="delegation.granted").exists()
        client.post(f"/work/delegations/{row.pk}/revoke")
        row.refresh_from_db()
        assert row.revoked_at is not None

    def test_a_wrong_staff_number_is_told(self):
        from tongban.actors.models import Appointment

        head = Appointment.objects.filter(role="head", unit_id="421202-cgj").first().officer
        given = {
            **self.FORM, "staff_number": "没有", "matters": ["0104100100"], "from_date": days_from_now(0),
            "until_date": days_from_now(30),
        }  # fmt: skip
        answer = signed_in_officer(head).post("/work/delegations/new", given)
        assert answer.status_code == 422
        assert "没有这个工号" in text(answer)


def signed_in_officer(officer):
    from tongban.registers.identity.models import Account

    return signed_in(Account.objects.get(actor_id=str(officer)).username)
