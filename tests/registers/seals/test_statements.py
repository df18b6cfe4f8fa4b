"""Signed facts: two algorithms, any change told, and another implementation of SM2 agrees."""

import base64
import copy
import json
from datetime import date, timedelta
from itertools import chain

import gmssl_fast
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actors.factories import NOON
from tests.registers.seals.fixtures import BUREAU
from tongban.kernel.api import SYSTEM
from tongban.registers.seals import api as seals
from tongban.registers.seals import certificates, sm2, statements
from tongban.registers.seals.contracts import Trust

FACTS = {"licence": "1.2.156.3005.2.X", "name": "咸宁李记", "until": date(2031, 1, 1), "area": 62}


@pytest.fixture
def statement(bureau):
    return seals.sign_statement(FACTS, unit=bureau, at=NOON)


def test_a_statement_says_who_and_when_and_holds(statement):
    verdict = seals.verify_statement(statement, at=NOON)
    assert verdict.ok
    assert verdict.findings == ()
    assert (verdict.unit, verdict.unit_name, verdict.signed_at) == (BUREAU, "咸安区市场监督管理局", NOON)
    assert [one.algorithm for one in verdict.signatures] == ["SM2-SM3", "ES256"]
    assert statement["payload"]["until"] == "2031-01-01"


def test_its_text_may_be_laid_out_differently(statement):
    assert seals.verify_statement(json.dumps(statement, indent=2), at=NOON).ok
    assert seals.verify_statement(json.dumps(statement, ensure_ascii=False).encode(), at=NOON).ok


def places(value, path=()):
    if isinstance(value, dict):
        return chain.from_iterable(places(one, (*path, key)) for key, one in value.items())
    if isinstance(value, list):
        return chain.from_iterable(places(one, (*path, at)) for at, one in enumerate(value))
    return [path]


def test_any_changed_value_is_told(statement):
    for path in places(statement):
        changed = copy.deepcopy(statement)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        old = inner[path[-1]]
        inner[path[-1]] = old + 1 if isinstance(old, int) else ("B" if old[:1] != "B" else "C") + old[1:]
        assert not seals.verify_statement(changed, at=NOON).ok, path


@given(part=st.integers(0, 999_999), bit=st.integers(0, 7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_of_its_text_is_told(statement, part, bit):
    # Without escapes: \u54b8 and \u54B8 are one letter.
    text = bytearray(json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode())
    text[len(text) * part // 1_000_000] ^= 1 << bit
    assert not seals.verify_statement(bytes(text), at=NOON).ok


def test_it_tells_which_signature_fails(statement):
    for place, name in enumerate(("SM2-SM3", "ES256")):
        changed = copy.deepcopy(statement)
        value = bytearray(base64.b64decode(changed["signatures"][place]["value"]))
        value[5] ^= 1
        changed["signatures"][place]["value"] = base64.b64encode(value).decode()
        findings = seals.verify_statement(changed, at=NOON).findings
        assert [(one.code, one.detail) for one in findings] == [("changed", name)]


@pytest.mark.parametrize("name", seals.ALGORITHMS)
def test_any_changed_byte_of_a_certificate_is_told(statement, name):
    der = base64.b64decode(statement["certificates"][name])
    for place in range(0, len(der), 2):
        altered = bytearray(der)
        altered[place] ^= 1 << (place % 8)
        changed = copy.deepcopy(statement)
        changed["certificates"][name] = base64.b64encode(altered).decode()
        assert not seals.verify_statement(changed, at=NOON).ok, place


def test_a_missing_added_or_doubled_member_is_told(statement):
    without = {key: value for key, value in statement.items() if key != "unit"}
    more = {**statement, "note": "genuine"}
    one = copy.deepcopy(statement)
    one["signatures"] = one["signatures"][1:]
    del one["certificates"]["SM2-SM3"]
    twice = json.dumps(statement)[:-1] + ',"unit":"421202-scjg"}'
    assert seals.verify_statement(without, at=NOON).codes == {"unreadable"}
    assert seals.verify_statement(more, at=NOON).codes == {"unreadable"}
    assert seals.verify_statement(one, at=NOON).codes == {"missing_signature"}
    assert seals.verify_statement(twice, at=NOON).codes == {"unreadable"}


@pytest.mark.parametrize(
    "rubbish",
    ["", "[]", "null", "{", "[" * 100_000, '{"format":"tongban-statement-1"}', b"\xff\xfe", "x" * (1024 * 1024 + 1), "NaN",
     '{"format":"tongban-statement-1","payload":{},"unit":"u","signed_at":5,"signatures":[],"certificates":{}}',
     '{"format":"tongban-statement-1","payload":{},"unit":"u","signed_at":"2026-01-01T00:00:00.000000Z","signatures":[7],"certificates":{}}'],
    ids=range(11),
)  # fmt: skip
def test_rubbish_is_refused_and_breaks_nothing(bureau, rubbish):
    assert not seals.verify_statement(rubbish, at=NOON).ok


def test_somebody_elses_certificate_does_not_stand_in(statement, bureau):
    other = seals.sign_statement(FACTS, unit="421202-zjj", at=NOON)
    forged = {**other, "unit": BUREAU}
    assert not seals.verify_statement(forged, at=NOON).ok
    mixed = copy.deepcopy(statement)
    mixed["certificates"] = other["certificates"]
    assert "unknown_signer" in seals.verify_statement(mixed, at=NOON).codes


def test_another_root_is_not_trusted(statement, tmp_path, settings):
    ours = seals.trust()
    settings.SEAL_ROOT = tmp_path / "other"
    seals.rotate("421202-zjj", actor=SYSTEM, at=NOON, reason="other root")
    verdict = seals.verify_statement(statement, at=NOON)
    assert verdict.codes == {"unknown_signer"}
    assert statements.check(statement, trust=ours, at=NOON).ok


def test_numbers_that_json_lacks_are_not_signed(bureau):
    with pytest.raises(ValueError, match="NaN"):
        seals.sign_statement({"a": float("nan")}, unit=bureau, at=NOON)


def test_gmssl_confirms_our_sm2_signature_and_we_confirm_its(statement):
    text = statements.signed_text(statement)
    found = certificates.read(base64.b64decode(statement["certificates"]["SM2-SM3"]))
    point = found.public[-65:].hex()
    value = base64.b64decode(statement["signatures"][0]["value"])
    assert gmssl_fast.SM2(public_key=point).verify(text, value)
    assert not gmssl_fast.SM2(public_key=point).verify(text + b" ", value)

    theirs = gmssl_fast.SM2.generate()
    public = found.public[:-65] + bytes.fromhex(theirs.public_key_hex)
    signature = theirs.sign(text)
    assert sm2.verify(public, signature, text)
    assert not sm2.verify(public, signature, text + b" ")
    assert not sm2.verify(public, bytes(64), text)


def test_a_verifier_without_knowledge_of_revocation_says_so(statement):
    trust = Trust(seals.trust().roots)
    verdict = statements.check(statement, trust=trust, at=NOON)
    assert verdict.ok
    assert verdict.codes == {"revocation_unknown"}


def test_a_clock_that_runs_ahead_is_told(bureau):
    early = seals.sign_statement(FACTS, unit=bureau, at=NOON)
    assert seals.verify_statement(early, at=NOON - timedelta(minutes=4)).ok
    assert seals.verify_statement(early, at=NOON - timedelta(minutes=6)).codes == {"future"}
