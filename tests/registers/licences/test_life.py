"""A licence is issued, found, answers for papers, and lives through what is decided of it."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.actors.factories import NOON, a_person, an_organisation
from tests.registers.licences.factories import (
    LATER,
    POLICE_FIELDS,
    TODAY,
    a_food_licence,
    an_id_card,
    the_market,
    the_police,
)
from tongban.kernel import api as kernel
from tongban.kernel.models import Event
from tongban.kernel.outbox.relay import relay
from tongban.registers.licences import api
from tongban.registers.licences.models import Licence
from tongban.registers.messages import api as messages

pytestmark = pytest.mark.django_db
SYSTEM = kernel.SYSTEM


def decide(act, one, **more):
    return getattr(api, act)(identifier=one.identifier, actor=SYSTEM, at=NOON, **{"reason": "核实", **more})


def test_what_is_issued_is_found_by_holder_identifier_and_number():
    person = a_person()
    made = an_id_card(of=person)
    assert made.fields["name"] == "张小明"
    assert made.fields["id_number"] == made.number == made.holder_number
    assert api.licence(made.identifier) == made
    assert api.held_by(str(person), on=TODAY) == (made,)
    assert api.by_number(made.number.lower(), kinds=["id-card"]) == (made,)
    assert api.held_by(str(a_person("别人")), on=TODAY) == ()


def test_personal_data_does_not_lie_open_in_the_database():
    made = an_id_card(of=a_person())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM licences_licence")
        text = " ".join(str(value) for row in cursor.fetchall() for value in row)
        cursor.execute("SELECT body FROM kernel_entry")
        text += " ".join(str(row[0]) for row in cursor.fetchall())
    assert made.number not in text
    assert made.holder_name not in text
    assert "万年路" not in text
    assert made.number not in repr(made)


def test_the_same_key_issues_once():
    person = a_person()
    assert an_id_card(of=person, key="case-1") == an_id_card(of=person, key="case-1")
    assert Licence.objects.count() == 1


def test_missing_and_wrong_entries_are_named_and_nothing_is_issued():
    person, unit = a_person(), the_police()
    with pytest.raises(api.FieldsMissingError) as refused:
        api.issue(kind="id-card", holder=str(person), unit=unit.pk, fields={}, actor=SYSTEM, at=NOON)
    assert "nation" in refused.value.missing
    assert "民族" in refused.value.reason
    with pytest.raises(api.LicencesError, match="出生日期"):
        an_id_card(of=person, fields={"birth_date": "昨天"})
    with pytest.raises(api.LicencesError, match="不发给"):
        an_id_card(of=an_organisation())
    with pytest.raises(api.UnknownKindError):
        api.kind("no-such")
    assert not Licence.objects.exists()


def test_a_unit_without_credit_code_or_of_another_level_issues_nothing():
    unit = the_market()
    type(unit).objects.filter(pk=unit.pk).update(uscc="")
    from tongban.actors import directory

    directory.forget()
    with pytest.raises(api.LicencesError, match="统一社会信用代码"):
        a_food_licence(of=an_organisation())


def test_validity_follows_the_kind_and_standing_the_day():
    made = a_food_licence(of=an_organisation())
    assert made.valid_until == date(2031, 11, 19)
    assert made.standing(made.valid_until) == "valid"
    assert made.standing(made.valid_until + timedelta(days=1)) == api.EXPIRED
    assert made.standing(TODAY - timedelta(days=1)) == api.NOT_YET


def test_licences_answer_for_own_papers_and_for_those_of_named_people():
    buyer, seller = a_person("买方"), a_person("卖方")
    mine, theirs = an_id_card(of=buyer), an_id_card(of=seller)
    papers = ["buyer-id-card", "seller-id-card", "id-card", "floor-plan"]
    assert api.answering(papers, party=str(buyer), on=TODAY) == {"buyer-id-card": mine, "id-card": mine}
    named = api.answering(papers, party=str(buyer), on=TODAY, others={"seller": theirs.holder_number})
    assert named["seller-id-card"] == theirs
    both = ["parents-id-cards"]
    assert api.answering(both, party=str(buyer), on=TODAY) == {}, "one parent alone is not both"
    assert set(api.answering(both, party=str(buyer), on=TODAY, absent=["father"])) == set(both), (
        "there is one"
    )
    assert api.answering(both, party=str(buyer), on=TODAY, others={"father": "422301199501019118"}) == {}
    assert api.answering(both, party=str(buyer), on=TODAY, others={"father": theirs.holder_number}) == {
        "parents-id-cards": mine
    }


def test_facts_come_from_the_newest_valid_licence():
    person = a_person()
    an_id_card(of=person, at=NOON - timedelta(days=400), fields={"household_address": "旧址"})
    newer = an_id_card(of=person, fields={"household_address": "新址"})
    fact = api.facts_of(str(person), on=TODAY)["person.household_address"]
    assert (fact.value, fact.identifier, fact.as_of) == ("新址", newer.identifier, TODAY)
    decide("suspend", newer)
    assert api.facts_of(str(person), on=TODAY)["person.household_address"].value == "旧址"


def test_expired_and_ended_licences_answer_for_nothing(django_assert_num_queries):
    person = a_person()
    made = an_id_card(of=person)
    assert api.answering(["id-card"], party=str(person), on=date(2050, 1, 1)) == {}
    decide("revoke", made)
    assert api.held_by(str(person), on=TODAY) == ()
    with django_assert_num_queries(2):
        (shown,) = api.held_by(str(person), on=TODAY, all_states=True)
    assert shown.standing(TODAY) == "revoked"


def test_a_correction_makes_a_version_and_earlier_identifiers_still_find_it():
    made = an_id_card(of=a_person())
    fixed = decide("correct", made, fields={"household_address": "万年路21号"}, reason="门牌写反")
    assert (fixed.version, fixed.fields["household_address"]) == (2, "万年路21号")
    assert fixed.identifier != made.identifier
    assert api.licence(made.identifier) == fixed
    (past,) = api.past_versions(fixed.identifier)
    assert (past.version, past.reason, past.fields["household_address"]) == (1, "门牌写反", "万年路12号")
    with pytest.raises(api.LicencesError, match="一样"):
        decide("correct", fixed, fields={"household_address": "万年路21号"})
    with pytest.raises(api.LicencesError, match="没有字段"):
        decide("correct", fixed, fields={"shoe_size": 42})


def test_a_version_that_never_was_is_not_found():
    made = an_id_card(of=a_person())
    other = api.parse_identifier(made.identifier)
    later = type(other)(other.kind, other.issuer, other.serial, 7)
    with pytest.raises(api.UnknownLicenceError):
        api.licence(str(later))


def test_a_renewal_begins_where_the_old_one_ends():
    made = a_food_licence(of=an_organisation())
    renewed = decide("renew", made)
    assert (renewed.version, renewed.valid_until) == (2, date(2036, 11, 19))
    endless = api.issue(
        kind="household-register", holder=str(a_person()), unit=the_police().pk, actor=SYSTEM, at=NOON,
        fields={**POLICE_FIELDS, "head_name": "张小明"},
    )  # fmt: skip
    with pytest.raises(api.NotOpenError, match="长期"):
        decide("renew", endless)


def test_a_replacement_ends_the_old_one_and_carries_its_entries():
    made = a_food_licence(of=an_organisation())
    new = decide("replace", made, fields={"items": "冷食类食品制售"}, key="r1")
    old = api.licence(made.identifier)
    assert (old.state, old.replaced_by) == ("replaced", new.identifier)
    assert (new.fields["items"], new.fields["address"]) == ("冷食类食品制售", "银泉大道299号")
    assert decide("replace", made, key="r1") == new


@pytest.mark.parametrize(
    ("before", "act", "possible"),
    [
        ([], "resume", False), ([], "suspend", True), (["suspend"], "resume", True), (["suspend"], "revoke", True),
        (["suspend"], "renew", False), (["revoke"], "suspend", False), (["revoke"], "cancel", True),
        (["cancel"], "revoke", False), (["cancel"], "cancel", False),
    ],
)  # fmt: skip
def test_which_acts_follow_which(before, act, possible):
    made = a_food_licence(of=an_organisation())
    for step in before:
        decide(step, made)
    if possible:
        assert decide(act, made)
        return
    with pytest.raises(api.NotOpenError):
        decide(act, made)


def test_every_act_stands_in_the_ledger_and_is_announced():
    made = a_food_licence(of=an_organisation())
    decide("suspend", made)
    decide("resume", made)
    api.note_use(identifier=made.identifier, by=SYSTEM, purpose="核对经营资格", at=NOON, docket="C1")
    decide("cancel", made)
    acts = [one.act for one in kernel.history(api.stream_of(made.identifier), at=NOON)]
    assert acts == ["issue", "suspend", "resume", "use", "cancel"]
    topics = list(Event.objects.filter(stream=api.stream_of(made.identifier)).values_list("topic", flat=True))
    assert topics == [
        "licence.issued",
        "licence.suspended",
        "licence.resumed",
        "licence.used",
        "licence.cancelled",
    ]


def test_the_holder_is_told_and_sees_every_use():
    person = a_person()
    made = an_id_card(of=person)
    decide("suspend", made, reason="涉嫌冒用")
    relay(at=NOON)
    (told, *_rest) = messages.inbox(recipients=[str(person)])
    assert "居民身份证" in told.subject
    api.note_use(identifier=made.identifier, by=SYSTEM, purpose="住店登记", at=NOON)
    (use,) = api.uses_of(str(person))
    assert (use.purpose, use.identifier) == ("住店登记", made.identifier)
    assert api.uses_of_licence(made.identifier) == (use,)


def test_fill_takes_the_form_then_facts_then_the_licence_before():
    shop = an_organisation("星河小吃")
    before = a_food_licence(of=shop)
    found = api.fill(
        builds_on=before.identifier,
        kind="food-business",
        form={"premises.address": "新址1号"},
        holder=str(shop),
        on=TODAY,
        fields={"items": "糕点"},
    )
    assert found["address"] == "新址1号"
    assert found["name"] == "星河小吃"
    assert found["items"] == "糕点"
    assert found["business_kind"] == "餐饮服务经营者"


def test_a_founder_gets_a_business_licence_with_a_new_credit_code():
    founder, form = a_person(), {
        "business.name": "咸安区张家小店", "business.type": "个体工商户", "premises.address": "万年路1号",
        "legal_rep.name": "张小明", "business.scope": "餐饮服务",
    }  # fmt: skip
    made = [
        api.issue(
            kind="business-licence", holder=str(founder), unit=the_market().pk, actor=SYSTEM, at=NOON,
            fields=api.fill(kind="business-licence", form=form, holder=str(founder), on=TODAY),
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made[0].number == made[0].fields["uscc"]
    assert made[0].number.startswith("92421202TE")
    assert made[0].number != made[1].number
    facts = api.facts_of(str(founder), on=LATER)
    assert facts["business.uscc"].value == made[1].number
