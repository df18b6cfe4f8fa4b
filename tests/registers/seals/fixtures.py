"""A city with a root of its own and a bureau that seals."""

import pytest

from tests.actors.factories import NOON, a_unit
from tongban.kernel.pdf import render_for_seal, render_pdf

BUREAU = "421202-scjg"
LETTER = {
    "title": "批准决定", "issuer": "咸宁市", "lang": "zh", "foot": "C1 · 台账摘要 0", "lead": "食品经营许可",
    "facts": [["编号", "C1"], ["申请人", "张小明"]],
    "sections": [{"title": "理由", "paragraphs": ["符合条件。"]}], "unit": "咸安区市场监督管理局", "day": "2026年11月20日",
}  # fmt: skip


@pytest.fixture
def root_folder(tmp_path, settings):
    settings.SEAL_ROOT = tmp_path / "keys" / "seals"
    return settings.SEAL_ROOT


@pytest.fixture
def bureau(db, root_folder):
    a_unit(BUREAU, name="咸安区市场监督管理局")
    a_unit("421202-zjj", name="咸安区住房和城乡建设局")
    return BUREAU


def a_letter():
    """A decision of two sentences, not sealed yet, and where its seal goes."""
    return render_for_seal("decision", LETTER, at=NOON)


def a_paper():
    return render_pdf("decision", LETTER, at=NOON)
