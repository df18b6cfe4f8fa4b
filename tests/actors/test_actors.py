"""What an actor may do depends on the day: appointments, delegations, actings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actors.factories import (
    CITY,
    NOON,
    a_docket,
    a_person,
    a_unit,
    acting,
    an_officer,
    an_organisation,
    delegated,
)
from tongban.actors import api
from tongban.actors.contracts import Role
from tongban.kernel.contracts import Capacity, Grant

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
SIGNBOARD = "0104100100"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def actor_of(officer, at=NOON):
    api.region_chain(CITY)  # the directory is read once per process, not per request
    return api.actor_of_officer(officer_id=officer.pk, at=at)


def test_an_appointment_holds_through_its_last_day_and_not_a_minute_longer():
    officer = an_officer("handler", of=a_unit("421202-scjg"), until=TODAY)
    last_minute = datetime(2026, 11, 20, 23, 59, tzinfo=SHANGHAI)
    assert actor_of(officer, last_minute).holds("handler", "421202-scjg")
    assert not actor_of(officer, last_minute + timedelta(minutes=1)).grants


def test_an_appointment_ended_yesterday_gives_nothing():
    officer = an_officer("handler", of=a_unit("421202-scjg"), until=TODAY - timedelta(days=1))
    assert actor_of(officer).grants == frozenset()


def test_an_appointment_from_tomorrow_gives_nothing_yet():
    officer = an_officer("handler", of=a_unit("421202-scjg"), since=TODAY + timedelta(days=1))
    assert actor_of(officer).grants == frozenset()


def test_the_day_is_that_of_shanghai():
    officer = an_officer("handler", of=a_unit("421202-scjg"), since=TODAY)
    just_after_midnight = datetime(2026, 11, 19, 16, 5, tzinfo=ZoneInfo("UTC"))
    assert actor_of(officer, just_after_midnight).holds("handler", "421202-scjg")


def test_somebody_who_left_has_no_roles():
    officer = an_officer("handler", of=a_unit("421202-scjg"))
    officer.ended_on = TODAY
    officer.save()
    assert actor_of(officer).grants == frozenset()


def statements_of(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_an_actor_costs_one_query_and_what_others_let_him_do_the_rest():
    cgj, scjg = a_unit("421202-cgj"), a_unit("421202-scjg")
    plain, chief = an_officer("handler", of=scjg), an_officer("handler", "approver", of=scjg)
    delegated(chief, by=cgj, matters=[SIGNBOARD])
    api.region_chain(CITY)
    assert statements_of(lambda: actor_of(plain)) == 1
    assert statements_of(lambda: actor_of(chief)) == 2
    citizen, owner = a_person(), a_person()
    an_organisation(led_by=owner)
    assert statements_of(lambda: api.actor_of_person(person_id=citizen.pk, at=NOON)) == 1
    assert statements_of(lambda: api.actor_of_person(person_id=owner.pk, at=NOON)) == 3


class TestChiefServiceOfficer:
    """C6: one officer decides another unit's matter, and the ledger can say by whose delegation."""

    def _chief(self, **more):
        self.cgj = a_unit("421202-cgj")
        chief = an_officer("handler", of=a_unit("421202-scjg"))
        row = delegated(chief, by=self.cgj, roles=["handler", "approver"], matters=[SIGNBOARD], **more)
        return chief, row

    def test_acts_for_the_other_unit_in_the_named_matter(self):
        chief, row = self._chief()
        approver = api.by_role(Role.APPROVER)
        assert approver(actor_of(chief), a_docket()) == Capacity(
            unit="421202-cgj", authority=f"delegation:{row.pk}"
        )

    def test_not_in_another_matter_of_that_unit(self):
        chief, _row = self._chief()
        assert api.by_role(Role.APPROVER)(actor_of(chief), a_docket(subject="0104100200")) is None

    def test_not_in_a_role_that_was_not_delegated(self):
        chief, _row = self._chief()
        assert api.by_role(Role.HEAD)(actor_of(chief), a_docket()) is None

    def test_not_for_the_same_department_elsewhere(self):
        chief, _row = self._chief()
        assert api.by_role(Role.HANDLER)(actor_of(chief), a_docket(unit="421281-cgj")) is None

    def test_not_after_the_last_day(self):
        chief, _row = self._chief(until=TODAY)
        assert actor_of(chief).authorities
        assert not actor_of(chief, NOON + timedelta(days=1)).authorities

    def test_not_from_the_instant_of_revocation(self):
        chief, row = self._chief()
        head = an_officer("head", of=self.cgj)
        api.revoke_delegation(delegation=str(row), actor=actor_of(head), at=NOON)
        assert actor_of(chief, NOON - timedelta(seconds=1)).authorities
        assert not actor_of(chief, NOON).authorities

    def test_only_the_units_own_head_delegates(self):
        chief, row = self._chief()
        with pytest.raises(api.ActorsError, match="负责人"):
            api.revoke_delegation(delegation=str(row), actor=actor_of(chief), at=NOON)
        with pytest.raises(api.ActorsError, match="负责人"):
            api.delegate(
                officer_id=chief.pk, unit_id="421202-cgj", roles=[Role.APPROVER], matters=[SIGNBOARD],
                from_date=TODAY, until_date=None, document="", actor=actor_of(chief), at=NOON,
            )  # fmt: skip

    def test_a_new_delegation_is_written_to_the_units_ledger(self):
        from tongban.kernel import api as kernel

        chief, _row = self._chief()
        head = an_officer("head", of=self.cgj)
        made = api.delegate(
            officer_id=chief.pk, unit_id="421202-cgj", roles=[Role.APPROVER], matters=["0104100200"],
            from_date=TODAY, until_date=None, document="咸安城管授〔2026〕2号", actor=actor_of(head), at=NOON,
        )  # fmt: skip
        last = kernel.history("unit:421202-cgj", at=NOON)[-1]
        assert (last.act, last.body["delegation"], last.actor) == (
            "authority-delegated",
            made,
            f"officer:{head.pk}",
        )
        assert api.by_role(Role.APPROVER)(actor_of(chief), a_docket(subject="0104100200"))


class TestCitizens:
    def test_a_legal_representative_asks_for_the_company(self):
        owner = a_person()
        company = an_organisation(led_by=owner)
        actor = api.actor_of_person(person_id=owner.pk, at=NOON)
        assert actor.parties == {f"person:{owner.pk}", f"organisation:{company.pk}"}
        assert api.applicant(actor, a_docket(applicant=str(company))) == Capacity(
            authority=f"representative:{company}"
        )

    def test_a_limited_agent_asks_in_the_named_matter_only(self):
        agent, company = a_person(), an_organisation()
        row = acting(agent, for_organisation=company, matters=[SIGNBOARD])
        actor = api.actor_of_person(person_id=agent.pk, at=NOON)
        assert api.applicant(actor, a_docket(applicant=str(company))) == Capacity(authority=str(row))
        assert api.applicant(actor, a_docket(applicant=str(company), subject="other")) is None
        assert str(company) not in actor.parties

    def test_an_acting_that_ended_or_was_revoked_gives_nothing(self):
        agent, company = a_person(), an_organisation()
        acting(agent, for_organisation=company, until=TODAY - timedelta(days=1))
        acting(agent, for_organisation=company, revoked_at=NOON)
        assert not api.actor_of_person(person_id=agent.pk, at=NOON).authorities

    def test_an_agent_does_not_pass_on_what_was_entrusted(self):
        owner, agent, third = a_person("甲"), a_person("乙"), a_person("丙")
        company = an_organisation(led_by=owner)
        acting(agent, for_organisation=company)
        common = {
            "principal": str(company),
            "matters": [],
            "from_date": TODAY,
            "until_date": None,
            "at": NOON,
        }
        with pytest.raises(api.ActorsError, match="委托人本人"):
            api.let_act(agent=str(third), actor=api.actor_of_person(person_id=agent.pk, at=NOON), **common)
        made = api.let_act(agent=str(third), actor=api.actor_of_person(person_id=owner.pk, at=NOON), **common)
        assert str(company) in api.actor_of_person(person_id=third.pk, at=NOON).parties
        api.revoke_acting(acting=made, actor=api.actor_of_person(person_id=owner.pk, at=NOON), at=NOON)
        assert str(company) not in api.actor_of_person(person_id=third.pk, at=NOON).parties

    def test_a_stranger_is_not_the_applicant_of_a_docket_without_one(self):
        stranger = api.actor_of_person(person_id=a_person().pk, at=NOON)
        assert api.applicant(stranger, a_docket(applicant="", agent="")) is None
        assert api.applicant(stranger, a_docket(applicant="person:0")) is None


def test_a_supervisor_oversees_everything_below_the_own_region_and_nothing_beside_it():
    city = an_officer("supervisor", of=a_unit("421200-dsj", region=CITY))
    county = an_officer("supervisor", of=a_unit("421281-dsj", region="421281000000"))
    check = api.supervisor_of_region()
    docket = a_docket(region="421202001002")
    assert check(actor_of(city), docket) == Capacity(unit="421200-dsj")
    assert check(actor_of(county), docket) is None
    assert api.default_sees(actor_of(city), docket)
    assert not api.default_sees(actor_of(county), docket)


def test_any_of_gives_the_capacity_of_the_first_that_permits():
    officer = actor_of(an_officer("handler", of=a_unit("421202-cgj")))
    check = api.any_of(api.applicant, api.by_role(Role.HANDLER, Role.HEAD))
    assert check(officer, a_docket()) == Capacity(unit="421202-cgj")
    assert "承办" in check.label
    assert officer.grants == {Grant("handler", "421202-cgj")}
