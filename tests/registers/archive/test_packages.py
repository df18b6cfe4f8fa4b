"""A package holds all of a closed docket, and whatever is done to it is told."""

import io
import json
import re
import zipfile
import zlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.desks.cases.town import CITIZEN, at, cases_by_matter
from tests.registers.archive.closed import LATER, SUBMITTED, TEXT, an_application, closed_application
from tongban.kernel import api as kernel
from tongban.kernel.api import SYSTEM
from tongban.registers.archive import api as archive
from tongban.registers.archive import container, services
from tongban.registers.archive.contracts import Member
from tongban.registers.archive.models import Archive
from tongban.registers.seals import api as seals


@pytest.fixture
def package(closed):
    return archive.content(archive.make(closed.number, actor=SYSTEM, at=LATER))


@pytest.fixture
def told(tmp_path):
    """What verification says of bytes, without a root from outside unless one is given."""

    def verify(content, *, roots=()):
        path = tmp_path / "asked.zip"
        path.write_bytes(content)
        return archive.verify(path, at=LATER + timedelta(days=1), roots=roots)

    return verify


def parts(package):
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return [Member(name, opened.read(name)) for name in opened.namelist()]


def changed(package, path, content):
    return container.write([Member(one.path, content) if one.path == path else one for one in parts(package)])


def test_a_package_opens_anywhere_and_holds_the_whole_docket(closed, package):
    held = {one.path: one.content for one in parts(package)}
    case = cases_by_matter(closed.id)["0104100100"]
    assert list(held)[:2] == ["manifest.json", "signature.json"]
    assert held[f"files/{closed.number}/001-门头.txt"].decode() == TEXT
    assert json.loads(held["application/form.json"]) == {
        "person.name": "张小明",
        "person.phone": "13800005678",
    }
    assert json.loads(held[f"cases/{case.number}.json"])["decision"]["reason"] == "招牌超出门头。"
    assert [json.loads(line)["act"] for line in held[f"ledger/{case.number}.jsonl"].splitlines()][
        -1
    ] == "reject"
    metadata = json.loads(held["metadata.json"])
    assert (metadata["number"], metadata["retention_years"], metadata["applicant"]) == (
        closed.number,
        30,
        "张明远",
    )
    assert held["cover.pdf"].startswith(b"%PDF-")
    assert "certificates/root-sm2.pem" in held


def test_the_decision_that_was_handed_out_is_in_the_package(closed):
    case = cases_by_matter(closed.id)["0104100100"]
    place = seals.Place(1, 100, 100)
    from tongban.kernel.pdf import render_pdf

    letter = seals.sealed_once(
        f"decision/{case.number}/zh/1", unit=case.unit, reason="x", at=LATER,
        render=lambda: (render_pdf("archive", COVER, at=LATER), place),
    )  # fmt: skip
    held = {
        one.path: one.content
        for one in parts(archive.content(archive.make(closed.number, actor=SYSTEM, at=LATER)))
    }
    assert held[f"decisions/{case.number}-zh-1.pdf"] == letter


def test_a_decision_that_nobody_took_home_is_in_the_package_sealed(closed, package):
    """档案法 第三十七条: a record is whole, whatever the applicant downloaded."""
    case = cases_by_matter(closed.id)["0104100100"]
    (path,) = [one.path for one in parts(package) if one.path.startswith(f"decisions/{case.number}-zh-")]
    letter = next(one.content for one in parts(package) if one.path == path)
    verdict = seals.verify_pdf(letter, at=LATER)
    assert verdict.ok, verdict.findings
    again = archive.content(archive.make(closed.number, actor=SYSTEM, at=LATER, again=True))
    assert [one.content for one in parts(again) if one.path == path] == [letter], "sealed once"


def test_what_cannot_be_sealed_today_is_not_archived_without_it(closed, monkeypatch):
    def nobody(*_args, **_kwargs):
        raise seals.SealsError("no key")

    monkeypatch.setattr(seals, "sealed_once", nobody)
    with pytest.raises(archive.ArchiveError, match="决定书还不能盖章"):
        archive.make(closed.number, actor=SYSTEM, at=LATER)


COVER = {
    "title": "t", "issuer": "i", "lang": "zh", "lead": "l", "foot": "f", "facts": [["a", "b"]], "unit": "u", "day": "d",
    "table": {"title": "t", "head": ["a", "b", "c"], "rows": []}, "words": [],
}  # fmt: skip


def test_it_is_whole_and_says_who_signed(closed, package, told):
    verdict = told(package, roots=[seals.root_certificate(), seals.root_certificate(seals.SM2)])
    assert verdict.ok, verdict.faults
    assert (verdict.number, verdict.version, verdict.unit, verdict.pinned) == (
        closed.number,
        1,
        closed.unit,
        True,
    )
    assert verdict.signed_at == LATER
    assert verdict.entries >= 5
    assert verdict.members == len(parts(package))


def test_without_a_root_it_is_whole_and_not_pinned(package, told):
    verdict = told(package)
    assert verdict.ok
    assert not verdict.pinned


def test_another_citys_root_does_not_vouch(package, told, settings, tmp_path):
    settings.SEAL_ROOT = tmp_path / "other"
    seals.rotate("421202-scjg", actor=SYSTEM, at=LATER, reason="other city")
    verdict = told(package, roots=[seals.root_certificate(), seals.root_certificate(seals.SM2)])
    assert {one.code for one in verdict.faults} == {"root", "cover"}


def test_the_same_docket_gives_the_same_bytes_but_for_the_sm2_signature(closed):
    row, family = closed, services._family(closed)
    from tongban.registers.archive.contributors import contribution

    part = contribution(row, family, at=LATER)
    once, again = (services.build(row, family, part, version=1, at=LATER) for _ in range(2))
    assert once[1] == again[1]
    differing = [a.path for a, b in zip(parts(once[0]), parts(again[0]), strict=True) if a != b]
    assert differing == ["signature.json"]


def test_a_changed_member_is_named(closed, package, told):
    path = f"files/{closed.number}/001-门头.txt"
    verdict = told(changed(package, path, TEXT.replace("三", "五").encode()))
    assert [(one.code, one.where) for one in verdict.faults] == [("changed", path)]


def test_a_missing_member_and_an_added_one_are_named(package, told):
    members = parts(package)
    gone = next(one.path for one in members if one.path.startswith("files/"))
    less = container.write([one for one in members if one.path != gone])
    more = container.write([*members, Member("files/extra.txt", b"x")])
    assert [(one.code, one.where) for one in told(less).faults] == [("missing", gone)]
    assert [(one.code, one.where) for one in told(more).faults] == [("added", "files/extra.txt")]


def test_a_rewritten_manifest_does_not_pass(package, told):
    members = {one.path: one.content for one in parts(package)}
    manifest = json.loads(members["manifest.json"])
    manifest["members"] = [one for one in manifest["members"] if not one["path"].startswith("files/")]
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    left = [Member(one.path, text if one.path == "manifest.json" else one.content) for one in parts(package)
            if not one.path.startswith("files/")]  # fmt: skip
    assert [one.code for one in told(container.write(left)).faults] == ["manifest_changed"]


def test_a_ledger_rewritten_by_whoever_holds_the_units_key_is_still_told(closed, package, told):
    case = cases_by_matter(closed.id)["0104100100"]
    path = f"ledger/{case.number}.jsonl"
    lines = next(one.content for one in parts(package) if one.path == path).splitlines(keepends=True)
    shorter = b"".join([lines[0], *lines[2:]])
    edited = b"".join([*lines[:-1], lines[-1].replace("超出门头".encode(), "没有问题".encode())])
    for content, entry in ((shorter, "2"), (edited, str(len(lines)))):
        faults = {(one.code, one.where, one.detail) for one in told(changed(package, path, content)).faults}
        assert ("ledger", path, entry) in faults
        assert ("changed", path, "") in faults


def test_every_cut_is_told(package, told):
    for size in (0, 1, 3, 40, 5_000, len(package) // 2, len(package) - 30, len(package) - 1):
        verdict = told(package[:size])
        assert not verdict.ok, size
    assert "truncated" in {one.code for one in told(package[:-1]).faults}
    assert "truncated" in {one.code for one in told(package[: len(package) // 2]).faults}


def test_every_byte_of_the_container_counts(package, told):
    """Also those that a ZIP program would not look at: dates, attributes, what lies behind the end."""
    assert [one.code for one in told(package + b"\0").faults] == ["broken"]
    assert not told(b"\0" + package).ok
    step = max(len(package) // 60, 1)
    sums = re.compile(
        re.escape(
            zlib.crc32(next(one.content for one in parts(package) if one.path == "cover.pdf")).to_bytes(
                4, "little"
            )
        )
    )
    assert len(sums.findall(package)) == 2
    assert not told(sums.sub(b"\1\2\3\4", package)).ok, "a check sum that was changed in both places"
    for place in range(0, len(package), step):
        altered = bytearray(package)
        altered[place] ^= 0x10
        assert not told(bytes(altered)).ok, place


def test_what_is_no_package_is_said(told):
    for content in (b"", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", bytes(1000)):
        assert not told(content).ok
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("manifest.json", bytes(50_000_000))
    assert [one.code for one in told(evil.getvalue()).faults] == ["unreadable"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a\\b", "c:x", "", "a//b", "./a", "a\nb"])
def test_no_member_leaves_its_folder(name):
    with pytest.raises(ValueError, match="named"):
        container.write([Member(name, b"")])


# Making ----------------------------------------------------------------------------------


def test_an_archive_is_made_once_until_the_ledger_goes_on(closed):
    first = archive.make(closed.number, actor=SYSTEM, at=LATER)
    assert archive.make(closed.number, actor=SYSTEM, at=LATER + timedelta(days=1)) == first
    second = archive.make(closed.number, actor=SYSTEM, at=LATER + timedelta(days=2), again=True)
    assert second.version == 2
    assert [one.version for one in archive.archives_of(closed.number, actor=SYSTEM)] == [2, 1]


def test_making_and_fetching_stand_in_the_ledger(closed):
    made = archive.make(closed.number, actor=SYSTEM, at=LATER)
    services.fetch(closed.number, 1, actor=SYSTEM, at=LATER)
    entries = kernel.history(f"archive:{closed.number}", at=LATER)
    assert [one.act for one in entries] == ["archive.made", "archive.fetched"]
    assert entries[0].body["package"] == made.digest
    assert Archive.objects.get().retain_until.isoformat() == "2056-12-31"


def test_what_is_open_or_belongs_to_another_is_not_archived(city):
    receipt = an_application()
    with pytest.raises(archive.ArchiveError, match="还没有办结"):
        archive.make(receipt.number, actor=SYSTEM, at=LATER)
    case = cases_by_matter(receipt.docket)["0104100100"]
    with pytest.raises(archive.ArchiveError, match=receipt.number):
        archive.make(case.number, actor=SYSTEM, at=LATER)
    with pytest.raises(kernel.NotFound):
        archive.make(receipt.number, actor=kernel.Actor("person:2"), at=LATER)


def test_the_job_archives_what_was_closed_long_enough_ago_and_nothing_twice(city):
    closed_application()
    still = an_application(text="另一块。", key="second")
    assert archive.archive_closed(at=at("2026-12-01 02:10")) == 0
    assert archive.archive_closed(at=LATER) == 1
    assert archive.archive_closed(at=LATER + timedelta(days=1)) == 0
    kernel.perform(still.docket, "withdraw", actor=CITIZEN, at=LATER, data={"reason": "不办了"})
    assert archive.archive_closed(at=LATER + timedelta(days=40)) == 1


def test_a_subject_that_was_erased_by_law_stays_erased_and_the_chain_holds(closed, told):
    kernel.record(
        stream=closed.number + "/x",
        act="x",
        actor=SYSTEM,
        at=SUBMITTED,
        personal={"name": "张小明"},
        subject="person:1",
    )
    kernel.erase_subject("person:1", actor=SYSTEM, at=SUBMITTED, reason="本人要求")
    package = archive.content(archive.make(closed.number, actor=SYSTEM, at=LATER))
    ledger = b"".join(one.content for one in parts(package) if one.path.startswith("ledger/"))
    assert told(package).ok
    assert b'"salt"' not in ledger


def tell(*words):
    out, err = StringIO(), StringIO()
    try:
        call_command("archive", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), end.code
    return out.getvalue(), err.getvalue(), 0


def test_the_command_makes_and_verifies(closed, tmp_path):
    made, _err, _code = tell("make", closed.number, "--out", str(tmp_path))
    assert "v1" in made
    path = tmp_path / f"{closed.number}-v1.zip"
    for name, algorithm in (("p.pem", seals.ES256), ("s.pem", seals.SM2)):
        (tmp_path / name).write_text(seals.pem(seals.root_certificate(algorithm)))
    roots = ["--root", str(tmp_path / "p.pem"), "--root", str(tmp_path / "s.pem")]
    assert "whole" in tell("verify", str(path), *roots)[0]
    assert "--root" in tell("verify", str(path))[0]
    path.write_bytes(path.read_bytes()[:-9])
    _out, said, code = tell("verify", str(path), *roots)
    assert code == 1
    assert "档案不完整" in said
    with pytest.raises(CommandError, match="cannot be read"):
        tell("verify", str(tmp_path / "no.zip"))
    with pytest.raises(CommandError):
        tell("make", "C-0")


def test_verifying_asks_neither_database_nor_keys(package, told, root_folder, django_assert_num_queries):
    roots = [seals.root_certificate(), seals.root_certificate(seals.SM2)]
    for path in root_folder.iterdir():
        path.unlink()
    with django_assert_num_queries(0):
        assert told(package, roots=roots).ok
