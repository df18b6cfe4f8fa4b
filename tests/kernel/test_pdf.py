"""Papers: text stays text, every name can be read out again, the file is made for the archive."""

import subprocess
from datetime import UTC, datetime
from threading import Thread

import pytest

from tongban.kernel.pdf import render_pdf

AT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿卜杜克里木·艾力江𬍛"
HOSTILE = '#panic("no") #read("/etc/passwd") $x$ *b* \\ <a> @b ] } " // /* `c`'


def paper(**more):
    return {
        "title": "批准决定", "issuer": "咸宁通办", "lang": "zh", "foot": "C421202-1", "lead": "食品经营许可", "unit": "市场监督管理局",
        "facts": [["申请人", LONG_NAME]], "sections": [], "day": "2026年11月22日", **more,
    }  # fmt: skip


def text_of(content: bytes) -> str:
    """The text without any white space: how lines break is not meant here."""
    read = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


def about(content: bytes, program: str) -> str:
    return subprocess.run([program, "-"], input=content, capture_output=True, check=True).stdout.decode()


def test_long_names_and_rare_characters_are_set_in_a_face_that_is_in_the_file():
    made = render_pdf("decision", paper(lead="䶮、𠮷、𫓧、鿏、𬭊"), at=AT)
    text = text_of(made)
    assert LONG_NAME in text
    assert "䶮、𠮷、𫓧、鿏、𬭊" in text
    faces = about(made, "pdffonts").splitlines()[2:]
    assert faces
    assert all("NotoSansCJK" in face and " yes yes yes " in face for face in faces), faces


def test_what_somebody_typed_stays_text():
    assert "".join(HOSTILE.split()) in text_of(render_pdf("decision", paper(lead=HOSTILE), at=AT))


def test_the_file_is_for_the_archive_and_for_screen_readers():
    made = render_pdf("decision", paper(), at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"pdfuaid:part" in made
    told = about(made, "pdfinfo")
    assert "A4" in told
    assert "批准决定" in told


def test_the_same_words_at_the_same_instant_are_the_same_file_whoever_prints_at_once():
    wanted = {name: render_pdf("decision", paper(lead=name), at=AT) for name in ("甲", "乙", "丙")}
    wrong = []

    def print_it(name):
        wrong.extend(
            name for _ in range(5) if render_pdf("decision", paper(lead=name), at=AT) != wanted[name]
        )

    threads = [Thread(target=print_it, args=(name,)) for name in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("name", ["none", "../secret", "paper.typ", ""])
def test_only_templates_of_ours(name):
    with pytest.raises(LookupError):
        render_pdf(name, paper(), at=AT)
