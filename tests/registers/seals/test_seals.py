"""A seal's life: made on demand, replaced, revoked; keys outside the database; who may hold them."""

import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.actors.factories import NOON, a_unit
from tests.registers.seals.fixtures import BUREAU, a_letter
from tongban.kernel import api as kernel
from tongban.kernel.api import SYSTEM
from tongban.registers.seals import api as seals
from tongban.registers.seals import p256, root, signers, sm2
from tongban.registers.seals.models import Seal

YEAR = timedelta(days=365)


def sealed(at=NOON, unit=BUREAU):
    pdf, place = a_letter()
    return seals.seal_pdf(pdf, unit=unit, reason="批准决定", at=at, place=place)


def test_the_root_is_made_once_and_only_its_owner_reads_the_keys(bureau, root_folder):
    sealed()
    before = {path.name: path.read_bytes() for path in root_folder.iterdir()}
    sealed(unit="421202-zjj")
    assert sorted(before) == ["p256.key", "p256.pem", "sm2.key", "sm2.pem"]
    assert {path.name: path.read_bytes() for path in root_folder.iterdir()} == before
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in root_folder.glob("*.key"))
    assert stat.S_IMODE(root_folder.stat().st_mode) == 0o700


def test_a_root_key_that_others_can_read_is_refused(bureau, root_folder):
    sealed()
    (root_folder / "p256.key").chmod(0o644)
    root._load.cache_clear()
    with pytest.raises(seals.SealsError, match="chmod 600"):
        sealed(unit="421202-zjj")


def test_no_private_key_lies_in_the_database_as_it_is(bureau):
    sealed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM seals_seal")
        stored = cursor.fetchone()[0]
    assert stored.startswith("v1:")
    assert "SM2" not in stored


def test_a_unit_has_one_seal_until_it_is_replaced(bureau):
    first = seals.certificate_of(bureau, at=NOON)
    assert seals.certificate_of(bureau, at=NOON + YEAR).serial == first.serial
    assert first.usable(NOON + 4 * YEAR)
    assert not first.usable(NOON + 6 * YEAR)


def test_what_was_sealed_before_a_replacement_stays_valid_and_the_old_key_is_gone(bureau):
    old = sealed()
    new = seals.rotate(bureau, actor=SYSTEM, at=NOON + YEAR, reason="换章")
    assert new.generation == 2
    assert Seal.objects.get(generation=1).private == ""
    assert seals.verify_pdf(old, at=NOON + YEAR).ok
    later = sealed(NOON + YEAR)
    assert seals.verify_pdf(later, at=NOON + YEAR).signatures[0].serial == new.serial
    assert [one.act for one in kernel.history(f"seal:{bureau}", at=NOON)] == [
        "seal.made",
        "seal.replaced",
        "seal.made",
    ]


def test_an_expired_certificate_seals_no_more_but_what_it_sealed_holds(bureau):
    old = sealed()
    late = NOON + 6 * YEAR
    assert seals.verify_pdf(old, at=late).ok
    assert seals.verify_pdf(old, at=late).codes == {"later_expired"}
    assert seals.certificate_of(bureau, at=late).generation == 2


def test_a_date_outside_the_certificate_is_told(bureau, monkeypatch):
    sealed()
    row = Seal.objects.get()
    monkeypatch.setattr("tongban.registers.seals.services.row_at", lambda unit, at: row)
    for when, code in ((NOON + 6 * YEAR, "expired"), (NOON - timedelta(days=3), "not_yet_valid")):
        assert seals.verify_pdf(sealed(when), at=NOON + 7 * YEAR).codes >= {code}
        statement = seals.sign_statement({"a": 1}, unit=bureau, at=when)
        assert code in seals.verify_statement(statement, at=NOON + 7 * YEAR).codes


def test_a_revoked_seal_seals_no_more_and_is_doubted_since_the_instant_that_was_named(bureau):
    before, after = sealed(NOON), sealed(NOON + timedelta(days=5))
    fact = seals.sign_statement({"a": 1}, unit=bureau, at=NOON + timedelta(days=5))
    now = NOON + timedelta(days=9)
    seals.revoke(bureau, actor=SYSTEM, at=now, reason="密码机失窃", since=NOON + timedelta(days=2))
    assert seals.verify_pdf(before, at=now).ok
    assert seals.verify_pdf(before, at=now).codes == {"later_revoked"}
    assert seals.verify_pdf(after, at=now).codes == {"revoked"}
    assert seals.verify_statement(fact, at=now).codes == {"revoked"}
    with pytest.raises(seals.SealsError, match="rotate"):
        sealed(now)
    made = seals.rotate(bureau, actor=SYSTEM, at=now, reason="重新制发")
    assert seals.verify_pdf(sealed(now), at=now).signatures[0].serial == made.serial


def test_doubt_may_reach_further_back_but_not_be_taken_back(bureau):
    paper = sealed()
    seals.revoke(bureau, actor=SYSTEM, at=NOON + YEAR, reason="a")
    with pytest.raises(seals.SealsError, match="already"):
        seals.revoke(bureau, actor=SYSTEM, at=NOON + YEAR, reason="b")
    assert seals.verify_pdf(paper, at=NOON + YEAR).ok
    seals.revoke(bureau, actor=SYSTEM, at=NOON + YEAR, reason="c", since=NOON - timedelta(days=1))
    assert seals.verify_pdf(paper, at=NOON + YEAR).codes == {"revoked"}


def test_a_unit_that_has_ended_gets_no_seal(db, root_folder):
    a_unit("421202-old", name="旧局", ended_on=NOON.date() - timedelta(days=1))
    with pytest.raises(seals.SealsError, match="has ended"):
        sealed(unit="421202-old")


def test_a_former_root_stays_trusted_where_the_city_says_so(bureau, root_folder, settings, tmp_path):
    paper = sealed()
    former = root_folder / "p256.pem"
    settings.SEAL_ROOT = tmp_path / "new"
    seals.rotate(bureau, actor=SYSTEM, at=NOON, reason="新根")
    assert seals.verify_pdf(paper, at=NOON).codes == {"unknown_signer"}
    (tmp_path / "new" / "trusted").mkdir()
    (tmp_path / "new" / "trusted" / "2026.pem").write_bytes(former.read_bytes())
    assert seals.verify_pdf(paper, at=NOON).ok


class Module:
    """A hardware module in a test: keys never leave it, handles are numbers of slots."""

    keys: dict[str, bytes] = {}

    def make(self, *, unit, algorithm):
        private, public = {"SM2-SM3": sm2, "ES256": p256}[algorithm].generate()
        handle = f"slot-{len(self.keys)}"
        self.keys[handle] = private
        return handle, public

    def sign(self, *, handle, algorithm, message):
        return {"SM2-SM3": sm2, "ES256": p256}[algorithm].sign(self.keys[handle], message)

    def destroy(self, *, handle, algorithm):
        del self.keys[handle]


def test_a_city_may_keep_its_keys_elsewhere(bureau, settings):
    settings.SEAL_SIGNER = f"{__name__}.Module"
    signers._named.cache_clear()
    assert seals.verify_pdf(sealed(), at=NOON).ok
    assert seals.verify_statement(seals.sign_statement({"a": 1}, unit=bureau, at=NOON), at=NOON).ok
    assert "slot-0" in Seal.objects.get().private
    seals.rotate(bureau, actor=SYSTEM, at=NOON, reason="x")
    assert sorted(Module.keys) == ["slot-2", "slot-3"] or len(Module.keys) == 2


def test_the_picture_shows_name_and_star(bureau):
    sealed()
    drawn = seals.picture(bureau)
    assert "<title>咸安区市场监督管理局</title>" in drawn
    assert drawn.count("M") > 20
    assert "<text" not in drawn
    with pytest.raises(seals.NoSealError):
        seals.picture("421202-zjj")


def tell(*words, **more):
    out = StringIO()
    call_command("seals", *words, stdout=out, **more)
    return out.getvalue()


def test_the_command_makes_lists_replaces_and_revokes(bureau, tmp_path):
    assert "no. 1" in tell("make", BUREAU)
    assert "BEGIN CERTIFICATE" in tell("root")
    tell("root", "--sm2", "--out", str(tmp_path / "sm2.pem"))
    assert (tmp_path / "sm2.pem").read_text().startswith("-----BEGIN")
    assert "no. 2" in tell("rotate", BUREAU)
    with pytest.raises(CommandError, match="--reason"):
        tell("revoke", BUREAU)
    tell("revoke", BUREAU, "--reason", "lost", "--since", "2020-01-01T00:00:00+08:00")
    listed = tell("list")
    assert "replaced" in listed
    assert "revoked since 2019-12-31" in listed or "revoked since 2020-01-01" in listed
    with pytest.raises(CommandError, match="no unit"):
        tell("make", "421202-nobody")
    with pytest.raises(CommandError, match="name the unit"):
        tell("make")
    with pytest.raises(CommandError, match="like 2026"):
        tell("revoke", BUREAU, "--reason", "x", "--since", "yesterday")


def test_everybody_reads_the_root_and_what_is_revoked(bureau):
    assert Client().get("/seals/root.pem").status_code == 404
    assert "还没有制发电子印章" in Client().get("/seals").content.decode()
    sealed()
    assert Client().get("/seals/root.pem").content.decode() == seals.pem(seals.root_certificate())
    assert Client().get("/seals/root-sm2.pem").content.decode() == seals.pem(
        seals.root_certificate(seals.SM2)
    )
    seals.revoke(BUREAU, actor=SYSTEM, at=NOON, reason="内部原因")
    page = Client().get("/seals").content.decode()
    assert "咸安区市场监督管理局" in page
    assert "内部原因" not in page
