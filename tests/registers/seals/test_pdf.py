"""Sealed PDFs: who, when, nothing changed; and what poppler says of them."""

import re
import shutil
import subprocess
import zlib
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actors.factories import NOON
from tests.registers.seals.fixtures import BUREAU, a_letter
from tongban.kernel.api import SYSTEM
from tongban.registers.seals import api as seals
from tongban.registers.seals import certificates
from tongban.registers.seals.models import Use


@pytest.fixture
def letter(bureau):
    pdf, place = a_letter()
    return seals.seal_pdf(pdf, unit=bureau, reason="批准决定", at=NOON, place=place)


def test_a_sealed_letter_says_who_when_and_why(letter):
    verdict = seals.verify_pdf(letter, at=NOON)
    assert verdict.ok
    assert verdict.findings == ()
    (one,) = verdict.signatures
    assert (one.unit, one.unit_name, one.reason, one.whole) == (
        BUREAU,
        "咸安区市场监督管理局",
        "批准决定",
        True,
    )
    assert one.signed_at == NOON


def test_sealing_appends_and_is_the_same_twice(letter, bureau):
    pdf, place = a_letter()
    assert letter.startswith(pdf)
    assert b"/ModDate" not in letter[len(pdf) :]  # no clock of the machine
    assert seals.seal_pdf(pdf, unit=bureau, reason="批准决定", at=NOON, place=place) == letter


def test_each_use_is_noted_with_its_digest(letter):
    import hashlib

    use = Use.objects.get()
    assert (use.seal.unit, use.digest, use.reason) == (BUREAU, hashlib.sha256(letter).hexdigest(), "批准决定")


def test_a_local_clock_is_read_as_the_same_instant(bureau):
    pdf, place = a_letter()
    at = NOON.astimezone(ZoneInfo("America/St_Johns"))
    sealed = seals.seal_pdf(pdf, unit=bureau, reason="x", at=at, place=place)
    assert seals.verify_pdf(sealed, at=NOON).signed_at == NOON


@given(part=st.integers(0, 999_999), bit=st.integers(0, 7))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_is_told(letter, part, bit):
    place = len(letter) * part // 1_000_000
    changed = bytearray(letter)
    changed[place] ^= 1 << bit
    assert not seals.verify_pdf(bytes(changed), at=NOON).ok


def test_no_digit_of_the_signature_itself_can_be_changed_unseen(letter):
    start = re.search(rb"/Contents\s?<(?=3082)", letter).end()
    for step, place in enumerate(range(start, start + 1900, 5)):
        changed = bytearray(letter)
        changed[place] ^= 1 << (step % 4)
        assert not seals.verify_pdf(bytes(changed), at=NOON).ok, place - start


@pytest.mark.parametrize("length", [0, 10, 5_000, 15_000, -4_000, -700, -100, -1])
def test_a_truncated_letter_is_refused(letter, length):
    assert not seals.verify_pdf(letter[:length], at=NOON).ok


def test_something_appended_is_told(letter):
    assert seals.verify_pdf(letter + b"\n", at=NOON).codes == {"appended"}
    more = b"\n9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<</Prev 1>>\nstartxref\n1\n%%EOF\n"
    assert seals.verify_pdf(letter + more, at=NOON).codes == {"appended"}


def test_a_paper_without_a_seal_is_unsigned(bureau):
    assert seals.verify_pdf(a_letter()[0], at=NOON).codes == {"unsigned"}


def test_a_stranger_with_a_root_of_the_same_name_is_unknown(letter, settings, tmp_path, bureau):
    settings.SEAL_ROOT = tmp_path / "forger"
    seals.rotate(bureau, actor=SYSTEM, at=NOON, reason="forged")
    pdf, place = a_letter()
    forged = seals.seal_pdf(pdf, unit=bureau, reason="批准决定", at=NOON, place=place)
    settings.SEAL_ROOT = tmp_path / "keys" / "seals"
    assert seals.verify_pdf(forged, at=NOON).codes == {"unknown_signer"}
    assert seals.verify_pdf(letter, at=NOON).ok


def test_a_signature_moved_to_another_paper_is_told(letter, bureau):
    digits = re.compile(rb"/Contents\s?<[0-9a-fA-F]{2000,}>")
    other = seals.seal_pdf(a_letter()[0], unit=bureau, reason="别的决定", at=NOON)
    moved = digits.sub(digits.search(letter)[0], other)
    assert len(moved) == len(other)
    assert seals.verify_pdf(moved, at=NOON).codes == {"changed"}


def test_two_units_may_seal_one_paper(letter):
    both = seals.seal_pdf(letter, unit="421202-zjj", reason="会签", at=NOON, place=(1, 60, 240))
    verdict = seals.verify_pdf(both, at=NOON)
    assert verdict.ok
    assert [(one.unit, one.whole) for one in verdict.signatures] == [(BUREAU, False), ("421202-zjj", True)]
    assert seals.verify_pdf(both[:9000] + b"x" + both[9001:], at=NOON).codes == {"changed"}


@pytest.mark.parametrize(
    ("put", "code"),
    [(b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>", "active"), (b"/Names <</EmbeddedFiles 9 0 R>>", "active"),
     (b"/AA <</O <</S /Launch /F (x.exe)>>>>", "active"), (b"/Encrypt 9 0 R", "encrypted")],
)  # fmt: skip
def test_scripts_files_and_passwords_are_refused(letter, put, code):
    assert seals.verify_pdf(letter.replace(b"/Type /Sig\n", b"/Type /Sig " + put, 1), at=NOON).codes == {code}


def test_a_bomb_is_refused_before_it_bursts(letter):
    packed = zlib.compress(bytes(64 * 1024 * 1024), 9)
    bomb = (
        b"\n99 0 obj\n<</Type /ObjStm /Filter /FlateDecode>>\nstream\n"
        + packed
        + b"\nendstream\nendobj\n%%EOF\n"
    )
    assert seals.verify_pdf(letter + bomb + b"startxref\n0\n%%EOF\n", at=NOON).codes == {"too_big"}
    assert seals.verify_pdf(letter + bytes(21 * 1024 * 1024), at=NOON).codes == {"too_big"}


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7", b"\x00" * 100, b"%PDF-1.7\n/ByteRange [0 1 2 3]\nstartxref\n0\n%%EOF",
    b"%PDF-1.7\n/ByteRange [0 60 70 9999999999]\nstartxref\n0\n%%EOF"], ids=range(5))  # fmt: skip
def test_rubbish_breaks_nothing(bureau, rubbish):
    assert not seals.verify_pdf(rubbish, at=NOON).ok


def test_what_cannot_be_sealed_is_said(bureau):
    pdf, _place = a_letter()
    with pytest.raises(seals.SealsError, match="1 pages"):
        seals.seal_pdf(pdf, unit=bureau, reason="x", at=NOON, place=(5, 100, 100))
    with pytest.raises(seals.SealsError, match="cannot be read"):
        seals.seal_pdf(b"%PDF-1.7\n", unit=bureau, reason="x", at=NOON)
    with pytest.raises(seals.SealsError, match="no unit"):
        seals.seal_pdf(pdf, unit="421202-nobody", reason="x", at=NOON)


def test_a_seal_near_the_edge_stays_on_the_page(bureau):
    pdf, _place = a_letter()
    sealed = seals.seal_pdf(pdf, unit=bureau, reason="x", at=NOON, place=(1, 0, 0))
    assert b"/Rect [ 0 723 119 842 ]" in sealed


def test_a_paper_is_sealed_once(bureau):
    made = []

    def render():
        made.append(1)
        return a_letter()

    asked = {"unit": bureau, "reason": "x", "render": render}
    first = seals.sealed_once("decision/C1/zh", at=NOON, **asked)
    again = seals.sealed_once("decision/C1/zh", at=NOON + timedelta(days=1), **asked)
    assert first == again
    assert len(made) == 1


# Other people's programs -----------------------------------------------------------------


def program(name):
    found = shutil.which(name)
    if found is None:
        pytest.skip(
            f"{name} is missing: run deploy/test-tools, or apt-get install poppler-utils libnss3-tools"
        )
    return found


@pytest.fixture
def pdfsig(tmp_path):
    """What poppler says of a PDF when it trusts a root. It reads trust from an NSS database."""
    store = tmp_path / "nss"
    store.mkdir()

    def trust(der):
        (tmp_path / "root.pem").write_text(seals.pem(der))
        run = [program("certutil"), "-d", f"sql:{store}"]
        subprocess.run([*run, "-N", "--empty-password"], check=True)
        subprocess.run(
            [*run, "-A", "-n", "root", "-t", "CT,C,C", "-i", str(tmp_path / "root.pem")], check=True
        )

    def say(pdf):
        (tmp_path / "asked.pdf").write_bytes(pdf)
        run = [program("pdfsig"), "-nssdir", f"sql:{store}", str(tmp_path / "asked.pdf")]
        return subprocess.run(run, check=False, capture_output=True, text=True).stdout

    say.trust = trust
    return say


def test_pdfsig_of_poppler_confirms_the_seal_against_the_root(letter, pdfsig):
    pdfsig.trust(seals.root_certificate())
    said = pdfsig(letter)
    for words in (
        "Signer Certificate Common Name: 咸安区市场监督管理局", "Signature Type: ETSI.CAdES.detached",
        "Total document signed", "Signature is Valid", "Certificate is Trusted",
    ):  # fmt: skip
        assert words in said, said


def test_pdfsig_tells_a_changed_byte_and_a_root_that_it_does_not_know(letter, pdfsig):
    assert "Certificate is Trusted" not in pdfsig(letter)
    place = letter.index(b"/FontFile") if b"/FontFile" in letter else 6000
    changed = letter[: place - 200] + bytes([letter[place - 200] ^ 1]) + letter[place - 199 :]
    assert "Signature is Valid" not in pdfsig(changed)


@pytest.mark.parametrize("algorithm", seals.ALGORITHMS)
def test_openssl_confirms_both_certificates(bureau, tmp_path, algorithm):
    seal = seals.certificate_of(bureau, at=NOON)
    leaf = seal.sm2_certificate if algorithm == seals.SM2 else seal.certificate
    (tmp_path / "leaf.pem").write_text(certificates.pem(leaf))
    (tmp_path / "root.pem").write_text(certificates.pem(seals.root_certificate(algorithm)))
    identity = ["-vfyopt", "distid:1234567812345678"] if algorithm == seals.SM2 else []
    asked = [program("openssl"), "verify", *identity, "-x509_strict", "-attime", str(int(NOON.timestamp())),
             "-CAfile", str(tmp_path / "root.pem"), str(tmp_path / "leaf.pem")]  # fmt: skip
    said = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert said.stdout.strip().endswith("OK"), said.stderr
