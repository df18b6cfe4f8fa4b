"""How long dockets are kept is data; what is due is listed, approved by a head, destroyed at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.desks.helping.people import text
from tests.faces.portal.city import picture
from tests.faces.portal.walking import signed_in
from tests.faces.workbench.office import asked
from tongban.desks.cases.contracts import MaterialGiven
from tongban.desks.cases.models import Application
from tongban.kernel import api as kernel
from tongban.kernel.files.destroying import destroy_attachments
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.files.services import store
from tongban.kernel.models import Docket
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.identity.privacy import jobs, retention
from tongban.registers.identity.privacy.contracts import PrivacyRefused
from tongban.registers.identity.privacy.models import Disposal
from tongban.registers.seals.models import Paper as SealedPaper

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=SHANGHAI)


def test_years_count_from_the_end_of_the_year_of_closing():
    rule = privacy.rule_for("application", "delivered")
    assert rule.years == 30
    assert privacy.kept_until(datetime(1996, 1, 2, tzinfo=SHANGHAI), rule).isoformat() == "2026-12-31"
    assert privacy.kept_until(NOW, privacy.rule_for("application", "withdrawn")).isoformat() == "2028-12-31"
    assert privacy.rule_for("nothing") is None
    assert privacy.kept_until(NOW, None) is None


def test_every_kind_of_docket_has_a_rule():
    assert [flow.kind for flow in kernel.all_flows() if privacy.rule_for(flow.kind) is None] == []


def test_what_registers_keep_by_digest_is_not_destroyed_with_a_docket(demo_city, settings, tmp_path):
    del demo_city
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    files = {
        name: store(content=picture(name), name="a.jpg", at=NOW).digest for name in ("red", "blue", "green")
    }
    SealedPaper.objects.create(key="decision/1", digest=files["red"], made_at=NOW)
    receipt = asked(
        materials=tuple(
            MaterialGiven(name, name, "upload", ("0103100200",), files=((digest, "a.jpg"),))
            for name, digest in files.items()
        )
    )
    assert destroy_attachments([receipt.docket]) == 3
    assert set(StoredFile.objects.values_list("digest", flat=True)) & {*files.values()} == {files["red"]}


class TestDisposal:
    @pytest.fixture
    def old(self, demo_city, settings, tmp_path):
        storages = {**settings.STORAGES}
        storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
        settings.STORAGES = storages
        kept = store(content=picture("red"), name="plan.jpg", at=timezone.now())
        paper = MaterialGiven(
            "floor-plan", "平面图", "upload", ("0103100200",), files=((kept.digest, "平面图.jpg"),)
        )
        receipt = asked(materials=(paper,))
        Docket.objects.filter(pk=receipt.docket).update(
            closed_at=datetime(2023, 6, 1, tzinfo=SHANGHAI), outcome="withdrawn", state="withdrawn"
        )
        return receipt

    def test_listed_once_approved_by_a_head_destroyed_at_night(self, old):
        fresh = asked(key="2", who="li")
        jobs.dispose(NOW)
        jobs.dispose(NOW + timedelta(days=1))
        row = Disposal.objects.get()
        assert row.dockets == [old.docket], "what is not due, and what is open, is not listed"
        assert Application.objects.get(pk=old.docket).form, "nothing goes without approval"
        retention.approve(disposal=row.pk, actor=kernel.Actor("officer:5"), at=NOW)
        with pytest.raises(PrivacyRefused):
            retention.approve(disposal=row.pk, actor=kernel.Actor("officer:5"), at=NOW)
        jobs.dispose(NOW + timedelta(days=2))
        own = Application.objects.get(pk=old.docket)
        assert (own.form, own.delivery_to, own.answers) == ("", "", "{}")
        assert not Attachment.objects.filter(docket_id=old.docket).exists()
        assert not StoredFile.objects.exists()
        assert Application.objects.get(pk=fresh.docket).form
        assert Docket.objects.filter(pk=old.docket).exists(), "number and days stay"
        acts = [one.act for one in kernel.history(f"disposal:{row.pk}", at=NOW)]
        assert acts == ["disposal-listed", "disposal-approved", "disposal-destroyed"]

    def test_a_content_that_another_docket_needs_stays(self, old):
        kept = StoredFile.objects.get()
        paper = MaterialGiven(
            "floor-plan", "平面图", "upload", ("0103100200",), files=((kept.digest, "同一张.jpg"),)
        )
        other = asked(key="3", who="li", materials=(paper,))
        jobs.dispose(NOW)
        retention.approve(disposal=Disposal.objects.get().pk, actor=kernel.Actor("officer:5"), at=NOW)
        jobs.dispose(NOW)
        assert StoredFile.objects.filter(pk=kept.pk).exists()
        assert Attachment.objects.filter(docket_id=other.docket).exists()

    def test_a_scan_of_somebodys_signed_paper_stays(self, old):
        from tongban.actors.models import Acting

        kept = StoredFile.objects.get()
        Acting.objects.create(
            person_id=2, for_person_id=1, from_date=NOW.date(), basis="paper", document=kept.pk
        )
        jobs.dispose(NOW)
        retention.approve(disposal=Disposal.objects.get().pk, actor=kernel.Actor("officer:5"), at=NOW)
        jobs.dispose(NOW)
        assert StoredFile.objects.filter(pk=kept.pk).exists()
        assert not Attachment.objects.filter(docket_id=old.docket).exists()

    def test_only_the_citys_own_head_approves(self, old):
        jobs.dispose(NOW)
        row = Disposal.objects.get()
        stranger = signed_in("xa-dsj-head")
        assert Docket.objects.get(pk=old.docket).number in text(stranger.get(f"/work/retention/{row.pk}"))
        stranger.post(f"/work/retention/{row.pk}")
        row.refresh_from_db()
        assert row.approved_at is None
        from tongban.actors.models import Appointment

        Appointment.objects.create(officer_id=6, unit_id="421200-dsj", role="head", from_date="2020-01-01")
        signed_in("supervisor").post(f"/work/retention/{row.pk}")
        row.refresh_from_db()
        assert row.approved_by == "officer:6"


def test_the_packs_are_read_and_every_basis_is_told():
    assert all(rule.basis and (rule.years is None or 0 < rule.years <= 100) for rule in retention.rules())
    assert (django_settings.PACKS / "retention").exists()
