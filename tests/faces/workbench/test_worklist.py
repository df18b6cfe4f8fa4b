"""The worklist: order, views, filters, search, bulk moves, cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desks.cases.town import case
from tests.faces.workbench.office import actor, asked, cases_of, days_ago, make, signed_in, the_case
from tongban.kernel import api as kernel
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city", "no_polls")]


def text(answer) -> str:
    return answer.content.decode()


def numbers(page: str) -> list[str]:
    return re.findall(r'id="row-([^"]+)"', page)


def test_nearest_deadline_comes_first_and_names_are_masked():
    late = the_case(asked(ago=20, key="late"))
    kernel.perform(late.id, "accept", actor=actor("scjg"), at=days_ago(19))
    fresh = the_case(asked(key="fresh"))
    page = text(signed_in("scjg").get("/work?view=unit"))
    assert numbers(page) == [late.number, fresh.number]
    assert "张*远" in page
    assert "张明远" not in page
    assert "超期" in page


def test_the_tabs_are_named_views_with_counts():
    overdue = the_case(asked(ago=20, key="a"))
    handler = actor("scjg")
    kernel.perform(overdue.id, "accept", actor=handler, at=days_ago(19))
    soon = the_case(asked(key="b"))
    Clock.objects.filter(docket=soon.id).update(warn_at=days_ago(1))
    client = signed_in("scjg")
    page = text(client.get("/work"))
    tabs = dict(re.findall(r'href="/work\?view=(\w+)"[^>]*>\s*\S+ (\d+)', page))
    assert tabs == {"mine": "1", "unit": "2", "near": "1", "late": "1"}
    assert numbers(page) == [overdue.number], "mine is where one begins"
    assert numbers(text(client.get("/work?view=near"))) == [soon.number]
    assert numbers(text(client.get("/work?view=late"))) == [overdue.number]


def test_filters_live_in_the_address_and_each_has_a_chip_that_removes_it():
    receipt = asked(
        cases=(case("0103100200", "scjg", name="食品经营许可"), case("0703100100", "scjg", name="设立登记"))
    )
    rows = cases_of(receipt)
    client = signed_in("scjg")
    kernel.perform(rows["0703100100"].id, "accept", actor=actor("scjg"), at=timezone.now())
    page = text(client.get("/work?view=unit&state=case.review&region=421202000000"))
    assert numbers(page) == [rows["0703100100"].number]
    assert '<option value="case.review" selected>审查中</option>' in page
    assert page.count(" selected>") == 2, "the state and the region"
    chips = re.findall(r'class="tb-chip" href="([^"]+)">([^<]+)<', page)
    assert [label for _url, label in chips] == ["审查中", "咸安区"]
    without = chips[0][0].replace("&amp;", "&")
    assert set(numbers(text(client.get(f"/work{without}")))) == {row.number for row in rows.values()}
    assert numbers(text(client.get("/work?view=unit&subject=0103100200"))) == [rows["0103100200"].number]
    assert "没有符合条件的" in text(client.get("/work?view=unit&state=case.survey"))
    assert client.get("/work?view=unit&state=case.nothing&region=xx&opened=yesterday").status_code == 200
    client.cookies["django_language"] = "en"
    assert '<option value="case.review" selected>Under review' in text(
        client.get("/work?view=unit&state=case.review")
    )


def test_keyset_pages_show_each_row_once():
    for n in range(3):
        asked(key=str(n), cases=tuple(case(f"m{n}{i}", "scjg", name=f"事项{i}") for i in range(20)))
    client = signed_in("scjg")
    first = text(client.get("/work?view=unit"))
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = text(client.get(f"/work{following}"))
    assert (len(numbers(first)), len(numbers(second))) == (50, 10)
    assert not set(numbers(first)) & set(numbers(second))
    preceding = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
    assert numbers(text(client.get(f"/work{preceding}"))) == numbers(first)
    assert 'rel="prev"' not in first
    wrong = client.get("/work?view=unit&after=nonsense")
    assert wrong.status_code == 422
    assert "从第一页看起" in text(wrong)


def test_a_number_opens_its_docket_however_it_is_typed():
    row = the_case(asked())
    client = signed_in("scjg")
    typed = row.number.lower().replace("-", " ")
    assert client.get("/work", {"q": typed})["Location"] == f"/work/{row.number}"
    assert row.number in text(client.get("/work", {"q": row.number[:12]}))
    wrong = row.number[:-1] + ("A" if row.number[-1] != "A" else "B")
    assert "校验码对不上" in text(client.get("/work", {"q": wrong}))
    stranger = text(signed_in("zjj").get("/work", {"q": row.number}))
    assert f'href="/work/{row.number}' not in stranger
    assert "没有这个案卷，或者您无权查看" in stranger


def test_bulk_accept_answers_row_by_row_and_loses_nothing():
    rows = [the_case(asked(key=str(n))) for n in range(3)]
    client = signed_in("scjg")
    chosen = [f"{row.id}:{row.revision}" for row in rows]
    make(signed_in("scjg-head"), rows[1], "note", text="先放一放")  # somebody was faster
    sent = {"move": "accept", "docket": chosen, "key": "bulk-1", "from": "view=unit"}
    page = text(client.post("/work/bulk", sent))
    assert "办成2件，没办成1件" in page
    assert "刚才已有变动" in page
    states = list(Docket.objects.filter(kind="case").order_by("id").values_list("state", flat=True))
    assert states == ["review", "received", "review"]
    again = text(client.post("/work/bulk", sent))
    assert "办成2件" in again
    assert Entry.objects.filter(act="accept").count() == 2, "the same key does nothing twice"
    assert 'href="/work?view=unit"' in again


def test_bulk_needs_rows_and_a_move_that_is_meant_for_it():
    row = the_case(asked())
    client = signed_in("scjg")
    empty = client.post("/work/bulk", {"move": "accept"})
    assert (empty.status_code, "没有选中" in text(empty)) == (422, True)
    other = client.post("/work/bulk", {"move": "refuse", "docket": f"{row.id}:1"})
    assert (other.status_code, "不能成批做" in text(other)) == (422, True)
    strange = client.post("/work/bulk", {"move": "accept", "docket": [f"{row.id}:1", "x", "9999:1"]})
    assert "办成1件，没办成1件" in text(strange)


def test_bulk_does_not_reach_other_units():
    row = the_case(asked())
    page = text(signed_in("zjj").post("/work/bulk", {"move": "accept", "docket": f"{row.id}:{row.revision}"}))
    assert "没办成1件" in page
    assert row.number not in page
    row.refresh_from_db()
    assert row.state == "received"


def test_the_worklist_costs_the_same_for_one_row_and_for_forty():
    client = signed_in("scjg")

    def cost() -> int:
        client.get("/work?view=unit")
        with CaptureQueriesContext(connection) as queries:
            client.get("/work?view=unit")
        return len(queries)

    asked(key="one")
    few = cost()
    asked(key="many", cases=tuple(case(f"m{i}", "scjg", name=f"事项{i}") for i in range(39)))
    assert cost() == few
    assert few < 20


def test_an_empty_worklist_says_so():
    assert "这里没有要办的" in text(signed_in("sthj").get("/work"))


class TestSupervision:
    def late_ones(self) -> dict[str, Docket]:
        rows = {}
        for unit in ("scjg", "cgj"):
            receipt = asked(key=unit, ago=40, cases=(case(unit, unit, name=f"{unit}事项"),))
            rows[unit] = the_case(receipt)
            kernel.perform(rows[unit].id, "accept", actor=actor(unit), at=days_ago(39))
        asked(key="fresh", cases=(case("x", "zjj", name="不急的"),))
        return rows

    def test_every_late_step_by_unit(self):
        rows = self.late_ones()
        page = text(signed_in("supervisor").get("/work/late"))
        assert set(numbers(page)) == {row.number for row in rows.values()}
        assert re.findall(r"unit=(421202-\w+)\"[^>]*aria-label=\"[^\"]*超期1件", page) == [
            "421202-cgj",
            "421202-scjg",
        ]
        one = text(signed_in("supervisor").get("/work/late?unit=421202-cgj"))
        assert numbers(one) == [rows["cgj"].number]

    def test_near_ones_are_listed_apart(self):
        soon = the_case(asked(key="soon"))
        Clock.objects.filter(docket=soon.id).update(warn_at=days_ago(1))
        supervisor = signed_in("supervisor")
        assert numbers(text(supervisor.get("/work/late?what=near"))) == [soon.number]
        assert numbers(text(supervisor.get("/work/late"))) == []

    def test_a_head_sees_the_own_unit_only(self):
        rows = self.late_ones()
        page = text(signed_in("cgj-head").get("/work/late"))
        assert numbers(page) == [rows["cgj"].number]
        assert 'value="urge"' not in page, "urging is the supervisor's"

    def test_urging_from_the_list_enters_each_ledger(self):
        rows = self.late_ones()
        page = text(
            signed_in("supervisor").post(
                "/work/bulk",
                {
                    "move": "urge", "reason": "超期已久，三日内办结", "to": "late", "key": "u1",
                    "docket": [f"{row.id}:{Docket.objects.get(pk=row.id).revision}" for row in rows.values()],
                },
            )
        )  # fmt: skip
        assert "办成2件" in page
        assert Entry.objects.filter(act="urge").count() == 2
        assert "三日内办结" in text(signed_in("scjg").get(f"/work/{rows['scjg'].number}"))

    def test_urging_without_words_is_refused_row_by_row(self):
        rows = self.late_ones()
        row = Docket.objects.get(pk=rows["cgj"].id)
        sent = {"move": "urge", "docket": f"{row.id}:{row.revision}", "to": "late"}
        assert "没办成1件" in text(signed_in("supervisor").post("/work/bulk", sent))

    def test_handlers_have_no_such_page(self):
        assert signed_in("scjg").get("/work/late").status_code == 403
        assert signed_in("zhang").get("/work/late").status_code == 403


def test_a_list_of_one_day_is_the_list_behind_the_screens_figure():
    receipt = asked()
    asked(key="old", ago=5)
    today = timezone.localtime().date().isoformat()
    page = text(signed_in("supervisor").get(f"/work?view=all&kind=application&opened={today}"))
    assert numbers(page) == [receipt.number]
    before = (timezone.localtime() - timedelta(days=90)).date().isoformat()
    assert numbers(text(signed_in("supervisor").get(f"/work?view=all&opened={before}"))) == []
