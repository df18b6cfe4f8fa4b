"""Identifiers by GB/T 36904: any made one parses back, any slip is found."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from tongban.registers.licences import identifier, rules
from tongban.registers.licences.contracts import IdentifierError

KIND, ISSUER = "11100000MB0143028R002", "11421200TB000001XE"
serials = st.text(alphabet=string.digits + string.ascii_uppercase, min_size=1, max_size=30)
versions = st.integers(1, 999)


@given(serials, versions)
def test_what_is_composed_parses_back(serial, version):
    made = identifier.compose(kind=KIND, issuer=ISSUER, serial=serial, version=version)
    assert identifier.parse(str(made)) == made
    assert identifier.parse(f" {str(made).lower()} ") == made
    assert mod_37_36.is_valid(f"{KIND}{ISSUER}{serial}{version:03d}{made.check}")
    assert identifier.checker(KIND, ISSUER)(serial, version) == made.check
    assert identifier.of_base(made.base, version) == made


@given(serials, st.data())
def test_one_wrong_character_is_found(serial, data):
    text = str(identifier.compose(kind=KIND, issuer=ISSUER, serial=serial))
    place = data.draw(st.integers(len(identifier.ROOT) + 1, len(text) - 1).filter(lambda at: text[at] != "."))
    wrong = data.draw(
        st.sampled_from(string.digits + string.ascii_uppercase).filter(lambda c: c != text[place])
    )
    with pytest.raises(IdentifierError):
        identifier.parse(text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize(
    "published",
    [
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    ],
)
def test_published_identifiers_are_right(published):
    parsed = identifier.parse(published)
    assert mod_37_36.is_valid(
        f"{parsed.kind}{parsed.issuer}{parsed.serial}{parsed.version:03d}{published[-1]}"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "应以"), ("1.2.3", "应以"), (f"1.2.156.3005.2.{KIND}.{ISSUER}.1.001", "4段"),
        (f"1.2.156.3005.2.{KIND[:-1]}.{ISSUER}.1.001.X", "类型代码"),
        (f"1.2.156.3005.2.{KIND}.{ISSUER[:-1]}1.1.001.X", "颁发机构"),
        (f"1.2.156.3005.2.{KIND}.{ISSUER}.a-b.001.X", "流水号"),
        (f"1.2.156.3005.2.{KIND}.{ISSUER}.1.000.X", "版本号"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text, says):
    with pytest.raises(IdentifierError, match=says):
        identifier.parse(text)


@given(st.integers(0, 999_999), st.booleans())
def test_new_credit_codes_are_valid(serial, sole):
    made = rules.credit_code(region="421202000000", sole=sole, serial=serial)
    assert identifier.is_credit_code(made)
    assert made.startswith("92" if sole else "91")
