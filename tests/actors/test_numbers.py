"""Wrong numbers are refused in clear words, without repeating the number."""

import pytest
from django.core.exceptions import ValidationError

from tests.actors.factories import NOON, a_credit_code, a_person, a_resident_id
from tongban.actors import api
from tongban.actors.models import Person


def refused(check, value):
    with pytest.raises(ValidationError) as caught:
        check(value)
    words = "".join(caught.value.messages)
    assert value.strip() not in words
    return words


def test_a_resident_id_is_accepted_in_any_spelling():
    number = a_resident_id()
    assert api.resident_id(f" {number[:6]} {number[6:14]} {number[14:].lower()} ") == number


def test_a_mistyped_digit_is_named_as_such():
    number = a_resident_id()
    wrong = number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]
    assert "校验位" in refused(api.resident_id, wrong)


def test_the_wrong_part_of_a_resident_id_is_named():
    assert "18位" in refused(api.resident_id, "42120219880316")
    assert "出生日期" in refused(api.resident_id, "421202198813163153")
    assert "前两位" in refused(api.resident_id, a_resident_id(region="992301"))


def test_a_credit_code_with_a_wrong_check_digit_or_letter_is_refused():
    code = a_credit_code()
    assert api.credit_code(code.lower()) == code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "校验位" in refused(api.credit_code, wrong)
    assert "18位" in refused(api.credit_code, "I" + code[1:])


def test_a_rural_collective_has_a_code_that_begins_with_n():
    from stdnum.cn import uscc

    stem = "N2421202MF0000001"
    assert api.credit_code(stem + uscc.calc_check_digit(stem))


def test_a_phone_number_is_mobile_or_fixed():
    assert api.phone_number("+86 138 7101 0007") == "13871010007"
    assert api.phone_number("0715-8821171") == "0715-8821171"
    assert "11位" in refused(api.phone_number, "12345678901234")


@pytest.mark.django_db
class TestAtRest:
    def test_numbers_lie_encrypted_and_are_found_by_blind_index(self):
        from django.db import connection

        number = a_resident_id()
        person = a_person(number=number)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM actors_person WHERE id = %s", [person.pk])
            stored = " ".join(str(value) for value in cursor.fetchone())
        assert number not in stored
        assert "13871010007" not in stored
        assert "万年路" not in stored
        assert api.find_person(number.lower()) == str(person)

    def test_nothing_personal_is_in_the_repr(self):
        person = Person.objects.get(pk=a_person("欧阳慧敏").pk)
        shown = repr(person) + str(person) + repr(api.party_facts(str(person)))
        assert person.resident_id not in shown
        assert "欧阳" not in shown
        assert person.phone not in shown

    def test_a_party_is_shown_masked(self):
        person = a_person("欧阳慧敏")
        party = api.party(str(person))
        assert party.number_masked.startswith("4223")
        assert "*" * 12 in party.number_masked
        assert party.phone_masked == "138****0007"
        assert api.party_name(str(person), masked=True) == "欧**敏"

    def test_one_number_is_one_person(self):
        number = a_resident_id()
        a_person(number=number)
        with pytest.raises(ValidationError, match="已经登记"):
            a_person(number=number, at=NOON)
        assert Person.objects.count() == 1

    def test_the_ledger_of_a_registration_holds_no_number(self):
        from tongban.kernel import api as kernel

        person = a_person()
        (entry,) = kernel.history(str(person), at=NOON)
        assert entry.body == {}
