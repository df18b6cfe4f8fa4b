"""Seals: a decision letter set and sealed, a statement signed, both verified; against the bare libraries."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import city, floor, place
from benchmarks import figures as say
from benchmarks.sealing import Bare
from tongban.kernel import api as kernel
from tongban.kernel.pdf import render_for_seal
from tongban.registers.seals import api as seals

ON = ("SQLite", "PostgreSQL")
UNIT = "421202-scjg"
AT = city.AT


def letter(number: int) -> dict[str, object]:
    return {
        "title": "批准决定", "issuer": "咸宁市", "lang": "zh", "foot": f"C{number}", "lead": "食品经营许可",
        "facts": [["编号", f"C{number}"], ["申请人", "张小明"], ["结果", "批准"]],
        "sections": [{"title": "理由", "paragraphs": ["经审查，申请人提交的材料齐全，符合法定条件。" * 6]}] * 3,
        "unit": "咸安区市场监督管理局", "day": "2026年11月9日",
    }  # fmt: skip


def sealed(number: int) -> bytes:
    pdf, where = render_for_seal("decision", letter(number), at=AT)
    return seals.seal_pdf(pdf, unit=UNIT, reason="批准决定", at=AT, place=where)


def stated(facts: list[dict[str, str]]) -> None:
    """As licences do it: in the transaction of what they belong to."""
    with kernel.writing():
        for one in facts:
            seals.sign_statement(one, unit=UNIT, at=AT)


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, each = (3, 3) if quick else (15, 10)
    place.migrate()
    city.load()
    bare = Bare(at=AT)
    one = sealed(0)
    bare.sign(bare.render("decision", letter(0), at=AT))
    ours, theirs, notes, texts, checks, reads = [], [], [], [], [], []
    for start in range(1, rounds * each, each):
        part = range(start, start + each)
        ours.append(floor.cpu(lambda part=part: [sealed(n) for n in part]) / each)  # type: ignore[misc]
        theirs.append(
            floor.cpu(lambda part=part: [bare.sign(bare.render("decision", letter(n), at=AT)) for n in part])
            / each  # type: ignore[misc]
        )
        facts = [
            {"identifier": f"1.2.156.3005.2.{n}", "name": "咸宁李记", "scope": "热食类" * 20} for n in part
        ]
        notes.append(floor.cpu(lambda facts=facts: stated(facts)) / each)  # type: ignore[misc]
        texts.append(floor.cpu(lambda facts=facts: [bare.sign_text(str(f).encode()) for f in facts]) / each)  # type: ignore[misc]
        checks.append(floor.cpu(lambda: [seals.verify_pdf(one, at=AT) for _ in range(each)]) / each)
        fact = seals.sign_statement(facts[0], unit=UNIT, at=AT)
        reads.append(
            floor.cpu(lambda fact=fact: [seals.verify_statement(fact, at=AT) for _ in range(each)]) / each
        )  # type: ignore[misc]
    yield say.ratio(
        "a letter set, sealed with its picture, noted", ours, theirs, aim=1.5, defect=2,
        against="typst and pyHanko alone, no picture",
    )  # fmt: skip
    yield say.ratio(
        "a statement signed twice and noted, within a transaction",
        notes,
        texts,
        aim=5,
        against="SM2 and ES256 alone",
    )
    yield say.below("verify a sealed PDF", sorted(checks)[len(checks) // 2], most_ms=20)
    yield say.below("verify a statement, both signatures", sorted(reads)[len(reads) // 2], most_ms=20)
