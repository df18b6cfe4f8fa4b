"""The rights of 个人信息保护法 44–47 and 50 as pages: who looked, consents, a copy, erasure."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.faces.portal.walking import consents_on, signed_in
from tests.faces.workbench.office import actor, asked, party, the_case
from tongban.actors.models import Acting, Person
from tongban.desks.cases.models import Application, Draft
from tongban.kernel import api as kernel
from tongban.kernel.ledger.services import verify
from tongban.kernel.models import Docket
from tongban.registers.archive import api as archive
from tongban.registers.identity.models import Account
from tongban.registers.identity.privacy import api as privacy
from tongban.registers.identity.privacy import exporting, jobs
from tongban.registers.identity.privacy.models import Consent, Export
from tongban.registers.licences import api as licences
from tongban.registers.licences.showing.models import Showing
from tongban.registers.licences.showing.services import show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def text(answer):
    return answer.content.decode()


class TestWhoLooked:
    def test_the_person_sees_who_unmasked_what_and_what_for(self):
        row = the_case(asked())
        officer = signed_in("scjg")
        officer.post(f"/work/{row.number}/reveal", {"purpose": "contact", "reason": "电话核实经营场所"})
        page = text(signed_in("zhang").get("/my/privacy/seen"))
        assert "联系申请人" in page
        assert "电话核实经营场所" in page
        assert row.number in page
        assert "还没有人看过" in text(signed_in("li").get("/my/privacy/seen"))

    @pytest.mark.parametrize(
        "given", [{"purpose": "", "reason": "电话核实"}, {"purpose": "curiosity", "reason": "电话核实"}]
    )
    def test_without_a_purpose_of_the_list_nothing_is_shown(self, given):
        row = the_case(asked())
        officer = signed_in("scjg")
        page = text(officer.post(f"/work/{row.number}/reveal", given, follow=True))
        assert "请选查看用途" in page
        assert "13871010007" not in page
        assert not privacy.seen(party("zhang"))

    def test_the_reason_lies_encrypted_in_the_table(self):
        from tongban.registers.identity.privacy.models import Unmasking

        now = timezone.now()
        privacy.unmask(
            subject="person:1",
            docket="C1",
            purpose="contact",
            reason="打电话核实",
            actor=actor("scjg"),
            at=now,
        )
        (row,) = Unmasking.objects.extra(select={"raw": "reason"})
        assert row.raw.startswith("v")


class TestConsents:
    """Asked for only where data leave the government (第二十三条)."""

    def test_companies_need_it_and_state_organs_do_not(self):
        assert [one.key for one in privacy.needed({"swgs", "scjg"})] == ["utilities"]
        assert privacy.needed({"scjg", "gaj"}) == []

    def test_given_once_and_withdrawn_once(self):
        zhang, me = actor("zhang"), party("zhang")
        now = timezone.now()
        for _ in range(2):
            privacy.give(party=me, keys=["utilities"], docket="A1", actor=zhang, at=now)
        assert Consent.objects.count() == 1
        assert privacy.stands(party=me, key="utilities", docket="A1")
        client = signed_in("zhang")
        assert "燃气" in text(client.get("/my/privacy/consents"))
        row = Consent.objects.get()
        assert signed_in("li").post(f"/my/privacy/consents/{row.pk}/withdraw").status_code == 302
        assert privacy.stands(party=me, key="utilities", docket="A1"), "nobody withdraws another's consent"
        client.post(f"/my/privacy/consents/{row.pk}/withdraw")
        assert not privacy.stands(party=me, key="utilities", docket="A1")
        assert [one.act for one in kernel.history(f"consent:{me}", at=now)] == [
            "consent-given",
            "consent-withdrawn",
        ]

    def test_the_wizard_asks_and_says_what_is_possible_without(self):
        from tests.faces.portal.city import example
        from tests.faces.portal.walking import begin, hand_in, key_on, plan_of, type_form

        wang, me = signed_in("wang"), party("wang")
        answers = example("second-hand-house")["answers"]
        begin(wang, "second-hand-house", answers)
        plan = plan_of("second-hand-house", answers, "person")
        type_form(wang, "second-hand-house", plan, applicant=me, acting=me)
        hand_in(wang, "second-hand-house", plan)
        wang.post("/themes/second-hand-house/delivery", {"way": plan.delivery.ways[0]})
        page = wang.get("/themes/second-hand-house/check")
        assert consents_on(page) == ["utilities"]
        refused = wang.post("/themes/second-hand-house/check", {"key": key_on(page)})
        assert refused.status_code == 422
        assert "营业厅自己办" in text(refused)
        sent = wang.post("/themes/second-hand-house/check", {"key": key_on(page), "consent": ["utilities"]})
        number = sent["Location"].rsplit("/", 1)[1]
        assert privacy.stands(party=me, key="utilities", docket=number)


class TestCopy:
    def test_asked_for_packed_by_the_job_and_downloaded(self):
        asked()
        zhang = signed_in("zhang")
        where = zhang.post("/my/privacy/export")["Location"]
        assert zhang.post("/my/privacy/export")["Location"] == where, "one at a time"
        assert "排队中" in text(zhang.get(where))
        assert zhang.get(f"{where}/package").status_code == 404
        jobs.pack_exports(timezone.now())
        page = text(zhang.get(where))
        assert "下载压缩包" in page
        answer = zhang.get(f"{where}/package")
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        assert sorted(packed.namelist()) == ["data.en.html", "data.json", "data.zh.html"]
        data = json.loads(packed.read("data.json"))
        parts = {one["key"]: one["records"] for one in data["sections"]}
        assert parts["profile"][0]["name"] == "张明远"
        assert parts["applications"][0]["form"]["business.name"] == "远方饭店"
        assert {"id-card", "business-licence"} & {one["kind"] for one in parts["licences"]}
        assert parts["licences"][0]["fields"]
        assert parts["archives"] == []
        assert "远方饭店" in packed.read("data.zh.html").decode()
        assert signed_in("li").get(f"{where}/package").status_code == 404

    def test_it_lies_encrypted_and_is_gone_after_seven_days(self):
        zhang = signed_in("zhang")
        where = zhang.post("/my/privacy/export")["Location"]
        now = timezone.now()
        jobs.pack_exports(now)
        (row,) = Export.objects.extra(select={"raw": "package"})
        assert row.raw.startswith("v")
        exporting.forget(at=now + timedelta(days=7))
        assert zhang.get(f"{where}/package").status_code == 404
        assert "再要一份" in text(zhang.get(where))

    def test_one_broken_source_keeps_nobody_else_waiting_and_logs_no_words(self, caplog):
        from tongban.registers.identity.privacy import registry

        def broken(party, at):
            if party == party_of_zhang:
                raise ValueError("13871010007")
            return []

        party_of_zhang = party("zhang")
        registry.register_source("test", broken)
        try:
            for name in ("zhang", "li"):
                signed_in(name).post("/my/privacy/export")
            jobs.pack_exports(timezone.now())
        finally:
            registry._sources.pop("test")
        assert dict(Export.objects.values_list("party", "state")) == {
            party("zhang"): "failed",
            party("li"): "ready",
        }
        assert "13871010007" not in caplog.text

    def test_not_for_agents_and_staff(self):
        zhang = signed_in("zhang")
        Acting.objects.create(
            person_id=int(party("zhang").split(":")[1]), for_person_id=int(party("li").split(":")[1]),
            from_date=timezone.now().date(),
        )  # fmt: skip
        zhang.post("/identity/act-for", {"party": party("li")})
        where = zhang.post("/my/privacy/export")["Location"]
        assert Export.objects.get(pk=int(where.rsplit("/", 1)[1])).party == party("zhang"), (
            "one's own, whatever the hat"
        )


class TestErasure:
    def asked_for(self, who="zhang"):
        client = signed_in(who)
        assert client.post("/my/privacy/erase", {"key": "k"}).status_code == 422, "read first"
        answer = client.post("/my/privacy/erase", {"key": "k", "understood": "on"})
        return client, Docket.objects.get(number=answer["Location"].rsplit("/", 1)[1])

    def closed(self, receipt):
        Docket.objects.filter(pk=receipt.docket).update(
            closed_at=timezone.now(), outcome="delivered", state="done"
        )
        Docket.objects.filter(parent_id=receipt.docket).update(
            closed_at=timezone.now(), outcome="granted", state="granted"
        )

    def test_fifteen_working_days_to_answer(self):
        _client, row = self.asked_for()
        (clock,) = kernel.clocks_of([row.pk])[row.pk]
        assert (clock.name, clock.amount, clock.basis) == ("answer", 15, "working_days")
        assert "第四十七条" in clock.source

    def test_nothing_is_erased_under_an_open_application_and_the_officer_reads_why(self):
        asked()
        _client, row = self.asked_for()
        with pytest.raises(kernel.MoveRefused, match="还有2件在办"):
            kernel.perform(
                row.pk, "erase", actor=self.keeper(), at=timezone.now(), data={"checked": "电话核对"}
            )

    def keeper(self):
        return kernel.Actor(
            "officer:900", unit="421200-dsj", grants=frozenset({kernel.Grant("head", "421200-dsj")})
        )

    def test_account_and_profile_go_dockets_stay_with_reasons_and_the_ledger_says_erased_by(self):
        receipt = asked()
        self.closed(receipt)
        me, now = party("zhang"), timezone.now()
        Draft.objects.create(owner=me, subject="x", region="421202000000", content="{}", updated_at=now)
        kernel.record(
            stream="test", act="said", actor=kernel.SYSTEM, at=now, personal={"phone": "1"}, subject=me
        )
        client, row = self.asked_for()
        now_open = show(
            licence=licences.held_by(me, on=now.date())[0].id, holder=me, actor=actor("zhang"), at=now
        )
        package = archive.make(receipt.number, actor=kernel.SYSTEM, at=now)
        page = text(client.get("/my/privacy/erase"))
        assert "证照由颁发机关依法存续、撤销或注销" in page
        assert "电子档案（第1版）" in page
        assert Docket.objects.get(pk=receipt.docket).number in page
        assert f"留到{now.year + 30}-12-31" in page
        kernel.perform(row.pk, "erase", actor=self.keeper(), at=now, data={"checked": "本人到窗口，核对证件"})
        account = Account.objects.filter(actor_id=me)
        assert not account.exists()
        assert client.get("/my").status_code == 302, "the session is gone"
        person = Person.objects.get(pk=int(me.split(":")[1]))
        assert (person.phone, person.phone_index, person.address) == ("", "", "")
        assert not Draft.objects.exists()
        assert Showing.objects.get(pk=now_open).revoked_at is not None
        assert licences.held_by(me, on=now.date()), "a licence is kept by law"
        assert archive.content(package)
        assert Application.objects.get(pk=receipt.docket).form, "kept: the law orders it"
        (said,) = kernel.history("test", at=now, with_personal=True)
        assert said.personal["erased"].startswith(f"erasure:{me}#")
        verdict = verify(anchor=None, at=now)
        assert verdict.erased >= 1
        assert not [fault for fault in verdict.faults if "test#" in fault]

    def test_a_refusal_gives_reasons_and_the_way_to_court(self):
        client, row = self.asked_for()
        given = {"reason": "正在配合行政复议，依法暂不能删除"}
        kernel.perform(row.pk, "refuse", actor=self.keeper(), at=timezone.now(), data=given)
        page = text(client.get(f"/my/privacy/erase/{row.number}"))
        assert "正在配合行政复议" in page
        assert "人民法院" in page

    def test_it_can_be_taken_back_and_only_by_oneself(self):
        client, row = self.asked_for()
        assert signed_in("li").post(f"/my/privacy/erase/{row.number}").status_code == 404
        client.post(f"/my/privacy/erase/{row.number}", {"key": "w"})
        assert Docket.objects.get(pk=row.pk).state == "withdrawn"
        assert client.get("/my").status_code == 200

    def test_one_request_at_a_time(self):
        client, _row = self.asked_for()
        answer = client.post("/my/privacy/erase", {"key": "other", "understood": "on"})
        assert answer.status_code == 422
        assert "已经提过" in text(answer)
