"""The archive's page: who may open it, what it does, and that a download is noted."""

import io
import zipfile

import pytest
from django.test import Client

from tests.actors.factories import a_unit
from tests.registers.archive.closed import an_application
from tests.registers.identity.factories import a_signed_officer, an_account
from tongban.actors.api import Role
from tongban.actors.models import Unit
from tongban.kernel import api as kernel

HALL = "421202-dsj"


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def window(closed):
    return signed_in(a_signed_officer(Role.WINDOW, username="hall", unit=HALL))


def test_an_officer_of_the_unit_archives_and_takes_the_package_along(closed, window):
    address = f"/work/{closed.number}/archive"
    assert "还没有归档" in window.get(address).content.decode()
    assert window.post(address)["Location"] == address
    page = window.get(address).content.decode()
    assert f"{address}/1.zip" in page
    answer = window.get(f"{address}/1.zip")
    assert answer["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:
        assert "manifest.json" in opened.namelist()
    acts = [one.act for one in kernel.history(f"archive:{closed.number}", at=closed.closed_at)]
    assert acts == ["archive.made", "archive.fetched"]


def test_a_docket_in_progress_is_not_archived(city):
    receipt = an_application()
    client = signed_in(a_signed_officer(Role.WINDOW, username="hall", unit=HALL))
    address = f"/work/{receipt.number}/archive"
    assert "办结以后才能归档" in client.get(address).content.decode()
    client.post(address)
    assert "还没有办结" in client.get(address).content.decode()


def test_others_do_not_see_it(closed, window):
    address = f"/work/{closed.number}/archive"
    window.post(address)
    Unit.objects.filter(pk="421281-scjg").exists() or a_unit("421281-scjg", region="421281000000")
    elsewhere = signed_in(a_signed_officer(Role.HEAD, username="elsewhere", unit="421281-scjg"))
    applicant = signed_in(an_account("zhang-ming", acts_as="person:1"))
    for path in (address, f"{address}/1.zip"):
        assert elsewhere.get(path).status_code == 404
        assert applicant.get(path).status_code == 403
        assert Client().get(path)["Location"].startswith("/signin")
    assert window.get(f"{address}/7.zip").status_code == 404
