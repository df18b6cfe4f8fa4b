"""The ledger: whoever changes it afterwards is found out."""

import gzip
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger import services as ledger
from tongban.kernel.ledger.models import Entry, PersonalField
from tongban.kernel.ledger.rules import entry_digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
NOW = at("2026-11-09 10:00")


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.ANCHOR_KEY_FILE = tmp_path / "keys" / "anchor.pem"


@pytest.fixture
def anchor(tmp_path):
    (row,), _ = kernel.open_dockets([opening(personal={"name": "张小明"})], actor=CITIZEN, at=NOW)
    kernel.perform(row.id, "take", actor=CLERK, at=NOW)
    kernel.record(stream="account:1", act="signed_in", actor=CITIZEN, at=NOW)
    soon = timezone.now() + timedelta(minutes=1)
    return ledger.seal(until=soon, at=NOW, folder=tmp_path)


def faults(anchor=None):
    return ledger.verify(anchor=anchor, at=NOW).faults


def test_a_sound_ledger_verifies_and_says_what_is_not_anchored(anchor):
    verdict = ledger.verify(anchor=anchor, at=NOW)
    assert (verdict.faults, verdict.streams, verdict.entries, verdict.not_anchored) == ([], 2, 3, 0)
    kernel.record(stream="account:1", act="signed_out", actor=CITIZEN, at=NOW)
    assert ledger.verify(anchor=anchor, at=NOW).not_anchored == 1


@pytest.mark.parametrize(
    "change",
    [
        {"body": "{}"}, {"actor": "officer:99"}, {"act": "finish"}, {"unit": "u9"},
        {"at": at("2026-11-08 10:00")}, {"authority": "delegation:1"}, {"digest": "f" * 64}, {"sequence": 9},
    ],
)  # fmt: skip
def test_any_changed_field_is_found(anchor, change):
    Entry.objects.filter(act="take").update(**change)
    assert faults()


def test_a_deleted_entry_is_found(anchor):
    Entry.objects.filter(stream="account:1").delete()
    assert not faults(), "a whole stream that is gone leaves no broken chain"
    assert any("account:1" in fault for fault in faults(anchor)), "but the anchor knows it"


def test_a_chain_rewritten_with_right_digests_is_found_by_the_anchor(anchor):
    entry = Entry.objects.get(act="take")
    entry.actor = "officer:99"
    covered = {n: getattr(entry, n) for n in (
        "previous", "stream", "sequence", "actor", "unit", "authority", "act", "at", "body", "personal_digest")}  # fmt: skip
    entry.digest = entry_digest(**covered)
    entry.save()
    Docket.objects.update(ledger_head=entry.digest)
    assert faults() == []
    assert any("anchored head" in fault for fault in faults(anchor))


def test_a_forged_anchor_is_refused(anchor, tmp_path):
    with gzip.open(anchor, "rt") as file:
        lines = file.readlines()
    head = json.loads(lines[1])
    lines[1] = json.dumps([head[0], head[1], "f" * 64]) + "\n"
    with gzip.open(anchor, "wt") as file:
        file.writelines(lines)
    assert any("signature" in fault for fault in faults(anchor))


def test_altered_and_missing_personal_fields_are_found(anchor):
    sealed = PersonalField.objects.get()
    whole = bytes(sealed.sealed)
    PersonalField.objects.update(sealed=whole[:-1] + bytes([whole[-1] ^ 1]))
    assert any("altered" in fault for fault in faults())
    PersonalField.objects.all().delete()
    assert any("without an erasure" in fault for fault in faults())


def test_a_docket_changed_behind_the_ledger_is_found(anchor):
    Docket.objects.update(revision=7)
    assert any("does not stand where its ledger ends" in fault for fault in faults())


def test_the_command_exits_with_an_error_and_names_the_place(anchor, capsys):
    call_command("ledger", "verify", anchor=anchor)
    assert "3 entries in 2 streams" in capsys.readouterr().out
    Entry.objects.filter(act="take").update(actor="officer:99")
    with pytest.raises(SystemExit):
        call_command("ledger", "verify", anchor=anchor)
    assert "#2" in capsys.readouterr().err
