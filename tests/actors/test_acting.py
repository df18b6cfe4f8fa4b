"""Authorities to act for others: on line and on paper, with days and matters, taken back at any instant."""

from datetime import date, timedelta

import pytest

from tests.actors.factories import (
    DISTRICT,
    NOON,
    VILLAGE,
    a_docket,
    a_person,
    a_unit,
    an_officer,
    an_organisation,
)
from tongban.actors import api
from tongban.actors.acting import CODE_MINUTES, CODE_TRIES
from tongban.actors.models import Acting, ActingCode
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM, Capacity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
ALLOWANCE, CARD = "2001100100", "2001400100"
SCAN = "a" * 64


def person_actor(person, at=NOON):
    return api.actor_of_person(person_id=person.pk, at=at)


def officer_actor(officer, at=NOON):
    return api.actor_of_officer(officer_id=officer.pk, at=at)


@pytest.fixture
def agent():
    return an_officer("window", "agent", of=a_unit("421202001002-fwz", region=VILLAGE), name="任子轩")


@pytest.fixture
def elder():
    return a_person("何秀珍")


def let(agent, elder, *, matters=(ALLOWANCE,), until=TODAY + timedelta(days=30), at=NOON, actor=None):
    return api.let_act(
        agent=str(agent), principal=str(elder), matters=matters, from_date=TODAY, until_date=until,
        actor=actor or person_actor(elder), at=at, tie=api.Tie.AGENT,
    )  # fmt: skip


class TestAgents:
    def test_an_agent_acts_in_the_named_matters_and_the_ledger_can_say_by_whose_leave(self, agent, elder):
        made = let(agent, elder)
        actor = officer_actor(agent)
        docket = a_docket(applicant=str(elder), subject=ALLOWANCE)
        assert api.applicant(actor, docket) == Capacity(authority=made)
        assert api.default_sees(actor, docket)
        other = a_docket(applicant=str(elder), subject=CARD)
        assert api.applicant(actor, other) is None
        assert not api.default_sees(actor, other)

    def test_what_an_agent_filed_he_sees_whole_as_long_as_the_authority_holds(self, agent, elder):
        made = let(agent, elder)
        filed = a_docket(applicant=str(elder), agent=str(agent), subject="a-theme")
        assert api.default_sees(officer_actor(agent), filed)
        assert api.applicant(officer_actor(agent), filed) == Capacity(authority=made)
        api.revoke_acting(acting=made, actor=person_actor(elder), at=NOON)
        assert not api.default_sees(officer_actor(agent), filed)
        assert api.applicant(officer_actor(agent), filed) is None

    def test_somebody_who_is_no_agent_any_more_has_no_authority(self, agent, elder):
        let(agent, elder)
        agent.appointments.filter(role="agent").update(until_date=TODAY - timedelta(days=1))
        assert not officer_actor(agent).authorities

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"matters": ()}, "写明委托帮办代办员办理的事项"),
            ({"until": None}, "最后一日"),
            ({"until": TODAY - timedelta(days=1)}, "最后一日"),
            ({"until": TODAY + timedelta(days=800)}, "最长366天"),
        ],
    )
    def test_an_agents_authority_is_named_and_dated(self, agent, elder, change, told):
        with pytest.raises(api.ActorsError, match=told):
            let(agent, elder, **change)

    def test_an_officer_who_is_no_agent_cannot_be_chosen(self, elder):
        clerk = an_officer("handler", of=a_unit("421202-scjg"))
        with pytest.raises(api.ActorsError, match="不是帮办代办员"):
            let(clerk, elder)

    def test_an_agent_does_not_let_others_act(self, agent, elder):
        let(agent, elder)
        with pytest.raises(api.ActorsError, match="委托人本人"):
            let(agent, elder, actor=officer_actor(agent))

    def test_agents_are_found_nearest_first_at_every_level(self, agent):
        county = an_officer("agent", of=a_unit("421202-dsj", region=DISTRICT), name="孙静")
        city = an_officer("agent", of=a_unit("421200-dsj", region="421200000000"), name="柯思敏")
        found = api.agents_for(VILLAGE, at=NOON)
        assert [one.id for one in found] == [str(agent), str(county), str(city)]
        assert [one.level for one in found] == ["6", "4", "3"]


class TestPaper:
    def record(self, agent, elder, who="", **more):
        given = {
            "agent": who or str(agent), "principal": str(elder), "matters": [ALLOWANCE], "from_date": TODAY,
            "until_date": TODAY + timedelta(days=90), "tie": api.Tie.AGENT, "document": SCAN, "document_name": "授权书.jpg",
            "actor": officer_actor(agent), "at": NOON, **more,
        }  # fmt: skip
        return api.record_paper(**given)

    def test_a_paper_gives_nothing_until_its_code_is_told(self, agent, elder):
        made = self.record(agent, elder)
        assert not officer_actor(agent).authorities
        assert api.mandate(made.mandate, at=NOON).standing == api.Standing.AWAITING
        assert made.code not in repr(made)
        assert made.code not in ActingCode.objects.get().digest
        api.confirm_paper(mandate=made.mandate, code=made.code, actor=officer_actor(agent), at=NOON)
        assert [one.unit for one in officer_actor(agent).authorities] == [str(elder)]
        acts = [one.act for one in kernel.history(str(elder), at=NOON)]
        assert acts[-2:] == ["acting-recorded", "acting-confirmed"]

    def test_a_wrong_code_is_counted_and_five_are_too_many(self, agent, elder):
        made = self.record(agent, elder)
        wrong = f"{(int(made.code) + 1) % 1_000_000:06}"
        for left in range(CODE_TRIES - 1, -1, -1):
            with pytest.raises(api.CodeError, match=f"还可以试{left}次"):
                api.confirm_paper(mandate=made.mandate, code=wrong, actor=officer_actor(agent), at=NOON)
        with pytest.raises(api.CodeError, match="失效"):
            api.confirm_paper(mandate=made.mandate, code=made.code, actor=officer_actor(agent), at=NOON)
        again = api.renew_code(mandate=made.mandate, actor=officer_actor(agent), at=NOON)
        api.confirm_paper(mandate=made.mandate, code=again.code, actor=officer_actor(agent), at=NOON)

    def test_a_code_lasts_ten_minutes(self, agent, elder):
        made = self.record(agent, elder)
        late = NOON + timedelta(minutes=CODE_MINUTES)
        with pytest.raises(api.CodeError, match="失效"):
            api.confirm_paper(mandate=made.mandate, code=made.code, actor=officer_actor(agent), at=late)

    def test_only_who_recorded_it_confirms(self, agent, elder):
        made = self.record(agent, elder)
        other = an_officer("agent", of=agent.unit, name="别人")
        with pytest.raises(api.ActorsError, match="不是您登记的"):
            api.confirm_paper(mandate=made.mandate, code=made.code, actor=officer_actor(other), at=NOON)

    def test_a_parents_written_consent_lets_the_child_act(self, agent, elder):
        child = a_person("何建国", phone="13871140099")
        made = self.record(elder=elder, agent=agent, who=str(child), tie=api.Tie.FAMILY)
        assert not person_actor(child).authorities
        api.confirm_paper(mandate=made.mandate, code=made.code, actor=officer_actor(agent), at=NOON)
        docket = a_docket(applicant=str(elder), subject=ALLOWANCE)
        assert api.applicant(person_actor(child), docket) == Capacity(authority=made.mandate)

    def test_no_scan_no_paper_and_no_phone_no_code(self, agent, elder):
        with pytest.raises(api.ActorsError, match="授权书的照片"):
            self.record(agent, elder, document="")
        with pytest.raises(api.ActorsError, match="没有对方的手机号"):
            self.record(agent, a_person("无手机", phone=""))
        clerk = an_officer("handler", of=a_unit("421202-scjg"))
        with pytest.raises(api.ActorsError, match="只有帮办代办员或窗口人员"):
            self.record(agent, elder, actor=officer_actor(clerk))


class TestWhyNot:
    """A refusal says since when, and what is possible."""

    def test_ended_yesterday(self, agent, elder):
        let(agent, elder, until=TODAY)
        why, possible = api.why_not(agent=str(agent), principal=str(elder), at=NOON + timedelta(days=1))
        assert "到2026-11-20为止，已经到期" in why
        assert "再授权一次" in possible

    def test_revoked(self, agent, elder):
        api.revoke_acting(acting=let(agent, elder), actor=person_actor(elder), at=NOON)
        why, _possible = api.why_not(agent=str(agent), principal=str(elder), at=NOON)
        assert "已于2026-11-20撤回" in why

    def test_never_given(self, agent, elder):
        why, possible = api.why_not(agent=str(agent), principal=str(elder), at=NOON)
        assert "没有委托" in why
        assert "便民服务站" in possible


class TestEnding:
    def test_the_agent_may_lay_it_down_and_a_stranger_may_not(self, agent, elder):
        made = let(agent, elder)
        with pytest.raises(api.ActorsError, match="只有委托人或受托人"):
            api.revoke_acting(acting=made, actor=person_actor(a_person("路人")), at=NOON)
        api.revoke_acting(acting=made, actor=officer_actor(agent), at=NOON)
        with pytest.raises(api.EndedError):
            api.revoke_acting(acting=made, actor=person_actor(elder), at=NOON)

    def test_guardianship_is_by_law_and_not_taken_back_here(self, elder):
        child = a_person("小宇")
        row = Acting.objects.create(
            person=elder, for_person=child, from_date=TODAY, tie="guardian", basis="law"
        )
        with pytest.raises(api.ActorsError, match="监护是法定的"):
            api.revoke_acting(acting=str(row), actor=person_actor(elder), at=NOON)
        api.revoke_acting(acting=str(row), actor=SYSTEM, at=NOON)

    def test_staff_of_a_company_lists_both_ways(self):
        owner, clerk = a_person("老板"), a_person("小王")
        company = an_organisation(led_by=owner)
        made = api.let_act(
            agent=str(clerk), principal=str(company), matters=[CARD], from_date=TODAY,
            until_date=TODAY + timedelta(days=365), actor=person_actor(owner), at=NOON,
        )  # fmt: skip
        assert [one.id for one in api.given_by(str(company), at=NOON)] == [made]
        (held,) = api.held_by(str(clerk), at=NOON)
        assert (held.principal_name, held.in_force, held.tie) == (company.name, True, "staff")
