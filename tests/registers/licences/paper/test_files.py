"""The file of a licence: sealed, signed, made once per version, right for every kind."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.actors.factories import NOON
from tests.registers.licences.holding import a_holder, a_licence, bureau, root_folder, storage
from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.outbox.relay import relay
from tongban.registers.licences import api
from tongban.registers.licences.paper import jobs, printing, services
from tongban.registers.licences.paper.models import Paper
from tongban.registers.seals import api as seals
from tongban.registers.seals.contracts import SealsError

__all__ = ["bureau", "root_folder", "storage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]
LATER = NOON + timedelta(minutes=5)


def tool(name):
    found = shutil.which(name)
    if not found:
        pytest.skip(f"no {name}: apt-get install poppler-utils")
    return found


def test_the_file_is_sealed_by_the_issuer_and_says_what_the_licence_says(tmp_path):
    made = a_licence(a_holder(name="张小明"))
    content = api.paper(made.identifier, at=LATER)
    verdict = seals.verify_pdf(content, at=LATER)
    assert verdict.ok
    assert verdict.unit == made.unit
    path = tmp_path / "licence.pdf"
    path.write_bytes(content)
    said = subprocess.run(
        [tool("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    text = subprocess.run(
        [tool("pdftotext"), "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in (
        "食品经营许可证",
        made.number,
        "温泉张记小馆",
        "咸宁市咸安区市场监督管理局",
        "2026年11月20日",
    ):
        assert words in text.replace(" ", ""), text


def test_the_statement_carries_the_same_facts_under_two_signatures():
    made = a_licence(a_holder())
    said = api.statement(made.identifier, at=LATER)
    assert {one["alg"] for one in said["signatures"]} == {"SM2-SM3", "ES256"}
    assert seals.verify_statement(said, at=LATER).ok
    facts = said["payload"]
    assert (facts["identifier"], facts["number"], facts["version"]) == (made.identifier, made.number, 1)
    assert {"key": "name", "name": "名称", "name_en": "Name", "value": "温泉张记小馆"} in facts["fields"]
    assert facts["verify"].endswith(facts["token"])


def test_a_file_is_made_once_and_again_for_a_correction():
    made = a_licence(a_holder())
    first = api.paper(made.identifier, at=LATER)
    assert api.paper(made.identifier, at=LATER + timedelta(days=3)) == first
    fixed = api.correct(
        identifier=made.identifier,
        fields={"name": "温泉张家小馆"},
        actor=kernel.SYSTEM,
        at=LATER,
        reason="名称写错",
    )
    second = api.paper(made.identifier, at=LATER)
    assert second != first
    assert [row.version for row in Paper.objects.order_by("version")] == [1, 2]
    assert api.statement(fixed.identifier, at=LATER)["payload"]["version"] == 2


def test_the_worker_makes_the_file_right_after_the_licence_was_issued():
    made = a_licence(a_holder())
    relay(at=LATER)
    row = Paper.objects.get(identifier=made.identifier)
    assert row.digest == ""
    jobs.make_papers(LATER)
    row.refresh_from_db()
    assert StoredFile.objects.filter(pk=row.digest).exists()
    assert services.troubles(LATER) == []


def test_a_seal_that_is_away_is_told_and_tried_again(monkeypatch):
    made = a_licence(a_holder())
    relay(at=LATER)

    def away(*_args, **_more):
        raise SealsError("the signer is away")

    monkeypatch.setattr(seals, "seal_pdf", away)
    with pytest.raises(services.NotMadeError) as refused:
        api.paper(made.identifier, at=LATER)
    assert "暂时用不了" in refused.value.reason
    assert refused.value.possible
    assert services.troubles(LATER) == ["1 licence papers are not made"]
    monkeypatch.undo()
    assert services.make_waiting(at=LATER) == 0  # not before its time
    assert services.make_waiting(at=LATER + timedelta(hours=1)) == 1
    assert services.troubles(LATER) == []


def test_every_kind_has_a_paper_that_fits_the_longest_name_and_rare_characters():
    """One kind of each template, a name of 50 characters, characters outside the basic plane, a scope of 600."""
    name = "𫖯𬱖" + "阿卜杜勒热合曼·买买提艾力·吐尔逊江·玉素甫阿吉·库尔班尼亚孜·热合木图拉·艾合买提江"[:48]
    holder = a_holder(name=name)
    seen = set()
    for kind in api.kinds().values():
        if kind.template in seen or kind.holder == "organisation" or kind.trade or len(kind.fields) < 3:
            continue
        seen.add(kind.template)
        one = api.LicenceInfo(
            id=1, identifier=f"1.2.156.3005.2.{kind.code}.11421200TB000001XE.2026000001.001.K", number="咸安20260001",
            kind=kind.slug, kind_name=(kind.name, kind.name_en), holder=str(holder), holder_name=name,
            unit="421202-scjg", unit_name="咸宁市咸安区市场监督管理局", issued_on=NOON.date(), valid_from=NOON.date(),
            valid_until=None, state="valid", version=1,
            fields={field.key: sample(field, name) for field in kind.fields},
        )  # fmt: skip
        content, place = printing.pdf(one, address="http://localhost:8000/verify/7K3MV9QXT2HD84RB", at=NOON)
        assert content.startswith(b"%PDF-")
        assert place[0] == 1
    assert seen == {"certificate", "permit", "card", "proof", "approval"}


def sample(field, name):
    return {
        "date": "2026-11-20", "number": 12, "money": 120000, "yesno": True, "licences": [], "id": "422301198803163153",
    }.get(field.type, name if "name" in field.key else "许可项目：食品生产；食品互联网销售；" * 35)  # fmt: skip


def test_what_is_too_long_for_the_leaf_stands_in_full_on_an_annex(tmp_path):
    scope = "、".join(f"第{n}项预包装食品销售" for n in range(150))
    made = a_licence(a_holder(), fields={"name": "张记", "legal_rep": "张小明", "items": scope})
    path = tmp_path / "licence.pdf"
    path.write_bytes(api.paper(made.identifier, at=LATER))
    text = subprocess.run(
        [tool("pdftotext"), str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    squeezed = "".join(text.split())
    assert "附页Annex" in squeezed
    assert "第149项预包装食品销售" in squeezed
    assert "第0项预包装食品销售" in squeezed


def test_the_statement_survives_a_journey_as_text():
    made = a_licence(a_holder())
    text = json.dumps(api.statement(made.identifier, at=LATER), ensure_ascii=False, indent=2)
    assert seals.verify_statement(text, at=LATER).ok


def test_a_process_that_never_sealed_anything_confirms_a_paper(tmp_path, settings):
    """Verifying must not depend on what sealing has imported."""
    made = a_licence(a_holder())
    path = tmp_path / "licence.pdf"
    path.write_bytes(api.paper(made.identifier, at=LATER))
    roots = [root.hex() for root in seals.trust().roots]
    script = (
        "import sys; from datetime import datetime; from django.conf import settings; settings.configure(); "
        "from tongban.registers.seals import checking; from tongban.registers.seals.contracts import Trust; "
        "trust = Trust(tuple(bytes.fromhex(one) for one in sys.argv[3:]), {}); "
        "at = datetime.fromisoformat(sys.argv[2]); "
        "print(checking.check(open(sys.argv[1], 'rb').read(), trust=trust, at=at).ok)"
    )
    command = [sys.executable, "-c", script, str(path), LATER.isoformat(), *roots]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "True", said.stderr
