"""好差评: after the outcome, once, by who asked; a bad one is contacted, mended and called back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.faces.workbench.office import HALL, actor, asked, granted, make, party, signed_in
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket, DocketLink
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.appraisal.models import Evaluation
from tongban.registers.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def done():
    """An application that was granted and delivered."""
    receipt = asked()
    granted(receipt)
    return Docket.objects.get(pk=receipt.docket)


def evaluate(number: str, level: int = 1, **more):
    at = more.pop("at", None) or timezone.now()
    who = actors.actor(actor_id=party(), at=at)
    return appraisal.evaluate(number=number, level=level, actor=who, at=at, **more)


def mending() -> Docket:
    return Docket.objects.get(kind="mending")


class TestEvaluating:
    def test_five_levels_none_preselected(self, done):
        page = text(signed_in("zhang").get(f"/evaluate/{done.number}"))
        assert re.findall(r'type="radio" name="level" value="(\d)"', page) == ["1", "2", "3", "4", "5"]
        assert not re.search(r'name="level"[^>]*checked', page)
        assert "这次不评" in page

    def test_a_good_one_is_kept_and_opens_nothing(self, done):
        client = signed_in("zhang")
        answer = client.post(f"/evaluate/{done.number}", {"level": "2", "tags": ["fast"], "text": "很快"})
        assert "谢谢您的评价" in text(answer)
        found = appraisal.evaluation_of(done.id)
        assert (found.level, found.tags, found.text, found.unit) == (2, ("fast",), "很快", HALL)
        assert not Docket.objects.filter(kind="mending").exists()

    def test_never_before_the_outcome(self):
        receipt = asked()
        page = text(signed_in("zhang").get(f"/evaluate/{receipt.number}"))
        assert "还没有办完" in page
        assert signed_in("zhang").post(f"/evaluate/{receipt.number}", {"level": "1"}).status_code == 409
        with pytest.raises(appraisal.EvaluationRefused, match="还没有办完"):
            evaluate(receipt.number)
        assert not Evaluation.objects.exists()

    def test_once_and_a_double_click_is_harmless(self, done):
        first = evaluate(done.number, 5, text="跑了三趟")
        again = evaluate(done.number, 5, text="跑了三趟")
        assert first.pk == again.pk
        assert Docket.objects.filter(kind="mending").count() == 1
        with pytest.raises(appraisal.EvaluationRefused, match="已经评价过"):
            evaluate(done.number, 1)
        answer = signed_in("zhang").post(f"/evaluate/{done.number}", {"level": "1"})
        assert answer.status_code == 409
        assert "已经评价过" in text(answer)

    def test_only_by_who_asked(self, done):
        assert signed_in("li").get(f"/evaluate/{done.number}").status_code == 404
        assert signed_in("window").get(f"/evaluate/{done.number}").status_code == 403
        assert Client().get(f"/evaluate/{done.number}").status_code == 302
        assert Client().get("/evaluate/nonsense").status_code in {302, 404}
        assert signed_in("zhang").get("/evaluate/nonsense").status_code == 404

    def test_the_code_of_a_message_stands_in_for_signing_in(self, done):
        code = appraisal.code_for(done.number)
        visitor = Client()
        assert visitor.get(f"/evaluate/{done.number}?code={code}").status_code == 200
        other = asked(key="other")
        granted(other)
        assert visitor.get(f"/evaluate/{other.number}?code={code}").status_code == 302, (
            "of another application"
        )
        assert "谢谢" in text(visitor.post(f"/evaluate/{done.number}", {"level": "3", "code": code}))
        assert Evaluation.objects.get().channel == "sms"

    def test_wrong_input_says_what_is_wrong(self, done):
        client = signed_in("zhang")
        nothing = client.post(f"/evaluate/{done.number}", {"text": "好"})
        assert (nothing.status_code, "请选：满意程度" in text(nothing)) == (422, True)
        assert ">\n好</textarea>" in text(nothing), "the words are kept"
        assert client.post(f"/evaluate/{done.number}", {"level": "6"}).status_code == 422
        for level, more in ((0, {}), (1, {"tags": ["nice"]}), (1, {"text": "长" * 501})):
            with pytest.raises(appraisal.EvaluationRefused):
                evaluate(done.number, level, **more)

    def test_words_lie_encrypted(self, done):
        from django.db import connection

        evaluate(done.number, 1, text="我叫张明远")
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM appraisal_evaluation")
            assert cursor.fetchone()[0].startswith("v1:")


class TestMending:
    def open_one(self, done, *, at=None):
        evaluate(done.number, 5, tags=["many_trips"], text="让我跑了三趟", at=at)
        return mending()

    def test_a_bad_one_opens_a_docket_at_the_accepting_unit(self, done):
        row = self.open_one(done)
        assert (row.unit, row.state, row.number[0]) == (HALL, "opened", "P")
        assert DocketLink.objects.get(source=done.id, target=row.id).kind == "causes"
        clock = Clock.objects.get(docket=row.id)
        assert (clock.name, clock.amount, clock.basis) == ("contact", 1, "working_days")
        assert appraisal.evaluation_of(done.id).mending == row.number

    def test_contacted_mended_called_back(self, done):
        row = self.open_one(done)
        head, callback = signed_in("xa-dsj-head"), signed_in("callback")
        page = text(head.get(f"/work/{row.number}"))
        assert "让我跑了三趟" in page
        assert "多跑了路" in page
        assert make(head, row, "contact", how="phone", said="材料没说清", days="5").status_code == 302
        assert Clock.objects.get(docket=row.id, name="mend").amount == 5
        make(head, row, "reply", text="我们已经改了窗口的一次告知单。")
        make(head, row, "answer", kind="mended", measure="一次告知单改为清单，窗口人员培训")
        row.refresh_from_db()
        assert row.state == "answered"
        assert make(head, row, "close_mended", said="满意", result="已改").status_code == 403, (
            "not one's own judge"
        )
        confirm = make(callback, row, "close_mended", said="满意", result="告知单已改，以后一次说清")
        assert "核对后提交" in text(confirm)
        make(callback, row, "close_mended", confirmed="1", said="满意", result="告知单已改，以后一次说清")
        row.refresh_from_db()
        assert (row.state, row.outcome) == ("mended", "mended")
        assert not Clock.objects.filter(docket=row.id, stopped_at=None).exists()
        told = Message.objects.filter(recipient=party(), template="review.called-back")
        assert told.count() == 2
        assert "告知单已改" in told.last().body
        entry = next(item for item in kernel.history(row.number, at=timezone.now()) if item.act == "contact")
        assert "said" not in entry.body["data"], "what the citizen said is personal"

    def test_a_call_that_finds_it_unmended_starts_it_again(self, done):
        row = self.open_one(done)
        head, callback = signed_in("xa-dsj-head"), signed_in("callback")
        make(head, row, "contact", how="phone", said="材料没说清", days="5")
        make(head, row, "answer", kind="explained", measure="已当面说明原因")
        make(callback, row, "mend_again", how="phone", said="还是没说清", days="10")
        row.refresh_from_db()
        assert row.state == "contacted"
        assert Clock.objects.get(docket=row.id, name="mend", stopped_at=None).amount == 10

    @pytest.mark.parametrize("days", ["4", "16"])
    def test_mending_takes_5_to_15_days(self, done, days):
        row = self.open_one(done)
        answer = make(signed_in("xa-dsj-head"), row, "contact", how="phone", said="说明", days=days)
        assert answer.status_code == 422

    def test_a_malicious_one_is_excluded_only_by_another_officer(self, done):
        row = self.open_one(done)
        head, callback = signed_in("xa-dsj-head"), signed_in("callback")
        make(head, row, "propose_exclusion", why="malicious", evidence="同一人一天内评了二十次")
        assert make(head, row, "exclude", reason="同意").status_code == 403
        now = timezone.now()
        units = {"units": [HALL], "since": now - timedelta(days=1), "until": now + timedelta(days=1)}
        assert appraisal.figures(**units)[HALL] == appraisal.Figures(1, 0, 1, 0)
        make(callback, row, "exclude", reason="核实属恶意")
        row.refresh_from_db()
        assert row.state == "excluded"
        assert appraisal.figures(**units)[HALL] == appraisal.Figures(0, 0, 0, 1)

    def test_a_proposal_can_be_taken_back_or_turned_down(self, done):
        row = self.open_one(done)
        head, callback = signed_in("xa-dsj-head"), signed_in("callback")
        make(head, row, "propose_exclusion", why="mistaken", evidence="点错了，当面说的")
        page = text(head.get(f"/work/{row.number}"))
        assert 'data-key="u"' in page, "the flow declares an inverse, so it is offered"
        make(head, row, "retract")
        row.refresh_from_db()
        assert row.state == "opened", "not contacted yet: the clock of the contact still runs"
        make(head, row, "contact", how="phone", said="点错了", days="5")
        make(head, row, "propose_exclusion", key="b", why="mistaken", evidence="点错了，当面说的")
        assert 'data-key="u"' not in text(callback.get(f"/work/{row.number}")), "not of somebody else's move"
        make(callback, row, "count_in", reason="没有证据")
        row.refresh_from_db()
        assert row.state == "contacted"

    def test_other_units_and_regions_do_not_see_it(self, done):
        row = self.open_one(done)
        assert signed_in("scjg").get(f"/work/{row.number}").status_code == 404
        assert signed_in("supervisor").get(f"/work/{row.number}").status_code == 200
        assert row.number in text(signed_in("callback").get("/work?view=all"))

    def test_contact_that_is_late_shows_as_overdue(self, done):
        row = self.open_one(done, at=timezone.now() - timedelta(days=10))
        assert row.number in text(signed_in("supervisor").get("/work/late"))


class TestFigures:
    def test_by_unit_with_what_was_excluded_apart(self):
        now = timezone.now()
        for n, level in enumerate((1, 2, 3, 4)):
            receipt = asked(key=str(n))
            granted(receipt)
            evaluate(receipt.number, level)
        found = appraisal.figures(
            units=[HALL, "421202-scjg"], since=now - timedelta(days=1), until=now + timedelta(days=1)
        )
        assert found == {HALL: appraisal.Figures(4, 3, 1, 0)}
        assert (
            appraisal.figures(units=[HALL], since=now - timedelta(days=9), until=now - timedelta(days=1))
            == {}
        )

    def test_the_list_of_what_was_said_is_for_who_answers_for_it(self, done):
        evaluate(done.number, 4, text="窗口没人")
        assert "窗口没人" in text(signed_in("supervisor").get("/evaluations?bad=1"))
        assert "窗口没人" in text(signed_in("xa-dsj-head").get("/evaluations"))
        assert "窗口没人" not in text(signed_in("cgj-head").get("/evaluations"))
        assert signed_in("scjg").get("/evaluations").status_code == 403
        assert signed_in("supervisor").get(f"/evaluations?after={'9' * 5000}").status_code == 200
        assert actor("callback").regions == frozenset(), "call-back is not oversight of everything"
