"""Personal data: masked everywhere, shown for a minute to who works on it, never without a ledger entry."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.faces.workbench.office import asked, signed_in, the_case
from tongban.desks.cases.contracts import MaterialGiven
from tongban.kernel.docket.models import Docket
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.services import store
from tongban.kernel.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]
PHONE = "13871010007"


def text(answer) -> str:
    return answer.content.decode()


def test_the_form_is_masked_until_somebody_says_why():
    row = the_case(asked())
    client = signed_in("scjg")
    page = text(client.get(f"/work/{row.number}"))
    assert PHONE not in page
    assert "138****0007" in page
    answer = client.post(f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "电话核实经营场所"})
    assert answer.status_code == 302
    shown = text(client.get(f"/work/{row.number}"))
    assert PHONE in shown
    assert "422301198803160018" in shown
    entry = Entry.objects.get(stream=f"unmask:{row.number}")
    said = json.loads(entry.body)
    assert (entry.act, said["reason"], said["seconds"]) == ("unmask", "电话核实经营场所", 60)
    assert PHONE not in entry.body


def test_after_a_minute_it_is_masked_again(monkeypatch):
    row = the_case(asked())
    client = signed_in("scjg")
    client.post(f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "电话核实经营场所"})
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert PHONE not in text(client.get(f"/work/{row.number}"))


def test_no_reason_no_data():
    row = the_case(asked())
    client = signed_in("scjg")
    page = text(
        client.post(f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "看"}, follow=True)
    )
    assert "请写清为什么要看" in page
    assert PHONE not in page
    assert not Entry.objects.filter(stream__startswith="unmask").exists()


def test_overseers_see_it_masked_only():
    row = the_case(asked())
    client = signed_in("supervisor")
    assert "reveal-reason" not in text(client.get(f"/work/{row.number}"))
    page = text(
        client.post(
            f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "想看一看电话"}, follow=True
        )
    )
    assert "只有承办这一件的人员" in page
    assert PHONE not in page


def test_print_and_lists_are_always_masked():
    row = the_case(asked())
    client = signed_in("scjg")
    client.post(f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "电话核实经营场所"})
    for path in (f"/work/{row.number}/print", "/work?view=unit", f"/work/{row.number}/ledger"):
        assert PHONE not in text(client.get(path))
        assert "张明远" not in text(client.get(path))


def test_files_are_read_by_who_sees_the_docket_and_needs_the_paper():
    kept = store(content=b"%PDF-1.4\nstartxref\n0\n%%EOF\n", name="plan.pdf", at=timezone.now())
    mine = MaterialGiven(
        "floor-plan", "平面图", "upload", ("0103100200",), files=((kept.digest, "平面图.pdf"),)
    )
    others = MaterialGiven("tax-proof", "完税证明", "upload", ("x",), files=((kept.digest, "完税.pdf"),))
    receipt = asked(materials=(mine, others))
    row = the_case(receipt)
    plan, tax = (Attachment.objects.get(slot=slot) for slot in ("floor-plan", "tax-proof"))
    handler = signed_in("scjg")
    page = text(handler.get(f"/work/{row.number}"))
    assert "平面图.pdf" in page
    assert "完税.pdf" not in page, "a paper of another matter is none of this handler's business"
    answer = handler.get(f"/work/{row.number}/files/{plan.pk}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    b"".join(answer.streaming_content)
    assert handler.get(f"/work/{row.number}/files/{tax.pk}").status_code == 404
    assert signed_in("zjj").get(f"/work/{row.number}/files/{plan.pk}").status_code == 404
    whole = Docket.objects.get(pk=receipt.docket).number
    assert "完税.pdf" in text(signed_in("window").get(f"/work/{whole}"))
