"""The pages of reports: who reads what, files, and a unit beside its level."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.desks.cases.town import case
from tests.faces.workbench.office import actor, asked, granted, signed_in, the_case
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight.facts import services as facts
from tongban.oversight.insight.reports.services import monthly
from tongban.oversight.insight.reports.web import departments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city", "no_polls")]
MONTH = "2026-10"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.DATA = tmp_path
    cache.clear()
    yield
    cache.clear()


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_bulletin_is_read_and_taken_along():
    leader = signed_in("leader")
    page = text(leader.get(f"/work/insight/reports/monthly/{MONTH}"))
    assert "2026年10月通报" in page
    assert f'href="/work/insight/hotline.requests?month={MONTH}"' in page
    assert "0.00%" not in page, "a share of nothing is none"
    assert 'style="' not in page, "the policy of the pages allows no style in a tag"
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype html>")):
        answer = leader.get(f"/work/insight/reports/monthly/{MONTH}/{form}")
        assert answer.content.startswith(begins), form
        assert f'filename="monthly-{MONTH}.{form}"' in answer["Content-Disposition"]


@pytest.mark.parametrize("path", ["monthly/2026-13", "monthly/2026", "annual/2026-10", "weekly/2026", "monthly/2199-01", f"monthly/{MONTH}/odt"])  # fmt: skip
def test_what_there_is_not_is_not_found(path):
    assert signed_in("leader").get(f"/work/insight/reports/{path}").status_code == 404


def test_a_head_reads_the_own_units_and_nobody_elses():
    head = signed_in("scjg-head")
    page = text(head.get(f"/work/insight/reports/monthly/{MONTH}"))
    assert "咸宁市政务服务2026" not in page
    assert head.get(f"/work/insight/reports/monthly/{MONTH}?region=421200000000").status_code == 404
    away = head.get("/work/insight/departments")
    assert away.status_code == 302
    assert text(head.get(away["Location"]))
    assert head.get("/work/insight/departments/421281-scjg").status_code == 404


def test_a_head_who_oversees_another_division_too_reads_the_own_unit():
    both = Actor("officer:1", grants=frozenset({Grant("head", "421202-scjg")}), regions=frozenset({"421281000000"}))  # fmt: skip
    asks = SimpleNamespace(actor=both)
    assert departments._theirs(asks, "421202-scjg")
    assert departments._theirs(asks, "421281-scjg")
    assert not departments._theirs(asks, "421202-cgj")


def test_who_oversees_a_county_reads_the_countys():
    county = signed_in("xa-supervisor")
    assert "咸安区政务服务2026年10月通报" in text(county.get(f"/work/insight/reports/monthly/{MONTH}"))
    assert county.get("/work/insight/departments/421281-scjg").status_code == 404
    assert county.get("/work/insight/departments/421202-scjg").status_code == 200


def test_clerks_and_citizens_have_no_reports():
    for name in ("scjg", "zhang"):
        assert signed_in(name).get("/work/insight/reports").status_code in {302, 403}, name


def test_a_unit_sees_its_place_and_what_would_lift_it(monkeypatch):
    granted(asked(key="good"))  # both limits of the market bureau are kept
    late = the_case(asked(key="late", ago=40, cases=(case("a", "cgj", name="招牌"),)))
    kernel.perform(late.id, "accept", actor=actor("cgj"), at=timezone.now())  # the notice was missed
    new = the_case(asked(key="new", cases=(case("a", "cgj", name="灯箱"),)))
    relay(at=timezone.now())
    facts.collect()
    leader = signed_in("leader")
    page = text(leader.get("/work/insight/departments/421202-cgj"))
    assert late.number in page, "what pulled the figure down"
    assert "0.00%" in page
    assert "已计入的里面要再有1件做到" in page
    assert "各项分母都不足" in text(leader.get("/work/insight/departments")), (
        "how points are given stands beside them"
    )
    assert "第2名，共2家" in page
    assert "市场监督管理局" not in page, "peers are counted and not named"
    assert f'<a href="/work/{new.number}">{new.number}</a> {new.title}' in page, "its limit runs"
    with monkeypatch.context() as patched:
        patched.setattr(kernel.flow_of("case"), "sees", lambda _actor, _row: False)
        assert new.title not in text(leader.get("/work/insight/departments/421202-cgj"))
    everything = text(leader.get("/work/insight/short/casework.noticed_on_time"))
    assert everything.count("data-open") == 1
    own = text(leader.get("/work/insight/casework.noticed_on_time"))
    assert "差在这些" in own
    for page in (everything, own):
        assert (
            page.count(f'href="/work/{late.number}"') == page.count(f'href="/work/{late.number}/ledger"') == 1
        )
    assert late.number in everything
    own = text(signed_in("scjg-head").get("/work/insight/short/casework.noticed_on_time"))
    assert late.number not in own, "row scope"
    assert leader.get("/work/insight/short/hotline.requests").status_code == 404, "a count is not pulled down"
    good = text(signed_in("scjg-head").get("/work/insight/departments/421202-scjg"))
    assert "第1名，共2家" in good
    assert "按时告知受理率" in good
    ranking = text(leader.get("/work/insight/departments"))
    assert "咸安区市场监督管理局" in ranking
    month = timezone.localdate().strftime("%Y-%m")
    bulletin = text(leader.get(f"/work/insight/reports/monthly/{month}"))
    assert "未达标" in bulletin
    assert month in text(leader.get("/work/insight/reports"))


def test_a_report_is_kept_until_it_is_asked_for_anew(monkeypatch):
    from tongban.oversight.insight.reports import keeping

    written = []
    monkeypatch.setattr(keeping, "monthly", lambda day, **asked: written.append(day) or monthly(day, **asked))
    leader = signed_in("leader")
    path = f"/work/insight/reports/monthly/{MONTH}"
    for once in (path, path, f"{path}/docx"):
        text(leader.get(once)) if once == path else leader.get(once)
    assert len(written) == 1
    leader.get(f"{path}?fresh=1")
    assert len(written) == 1, "a few minutes old is new enough, however often it is asked for"
    monkeypatch.setattr(keeping, "AGAIN", timedelta(0))
    page = text(leader.get(f"{path}?fresh=1"))
    assert len(written) == 2
    assert "按现在的数重写" in page
    assert "咸安区政务服务" in text(signed_in("xa-supervisor").get(path)), "another scope is another report"
    assert keeping.prepare(timezone.now()) == 8
    assert len(written) == 7, "two months in two languages"


def test_before_anything_is_written_down_there_is_nothing_to_report():
    leader = signed_in("leader")
    assert "还没有可写的" in text(leader.get("/work/insight/reports"))
    assert "这个月没有这个单位的数" in text(leader.get("/work/insight/departments/421202-cgj"))
