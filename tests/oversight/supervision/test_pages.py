"""The board, a unit's own page, one warning: who reads what, what is filled in wrongly is kept, REST says the same."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.kernel.toy import at
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.oversight.supervision import access
from tongban.oversight.supervision.models import Mark
from tongban.oversight.supervision.web import views
from tongban.registers.identity.api import issue_token

from .conftest import LATE

WORDS = "十二月一日全天停机检修，有检修通知为证。"


@pytest.fixture
def now(monkeypatch):
    moment = at("2026-12-02 10:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def late(town, now):
    return town.late_one()


def test_the_board_counts_by_unit_and_lists(client, town, late):
    page = town.signed_in(client, "district").get("/work/supervision").content.decode()
    assert "咸安区市场监督管理局" in page
    assert late.number in page
    assert "超期办结" in page
    assert late.number not in client.get("/work/supervision?what=yellow").content.decode()
    assert client.get("/work/supervision?what=purple").status_code == 404
    assert client.get(f"/work/supervision?after={'9' * 5000}").status_code == 200


def test_the_head_explains_on_the_warning_and_what_is_missing_is_said_at_the_field(client, town, late):
    mark = town.mark().pk
    head = town.signed_in(client, "head")
    page = head.get(f"/work/supervision/marks/{mark}").content.decode()
    assert "说明原因" in page
    refused = head.post(f"/work/supervision/marks/{mark}/explain", {"reason": "", "words": "人手不够"})
    assert refused.status_code == 422
    assert "请选：超期的原因" in refused.content.decode()
    assert "人手不够" in refused.content.decode(), "what was written is kept"
    head.post(f"/work/supervision/marks/{mark}/explain", {"reason": "workload", "words": "人手不够"})
    assert town.mark().reason == "workload"
    assert "人手不足或件多" in head.get(f"/work/supervision/units/{LATE}").content.decode()


def test_the_head_appeals_and_the_supervisor_above_finds_it_on_the_board(client, town, late):
    mark = town.mark().pk
    head = town.signed_in(client, "head")
    answer = head.post(
        f"/work/supervision/marks/{mark}/appeal", {"ground": "system_fault", "words": WORDS, "key": "k1"}
    )
    assert answer.status_code == 302
    head.post(
        f"/work/supervision/marks/{mark}/appeal", {"ground": "system_fault", "words": WORDS, "key": "k1"}
    )
    (appeal,) = Docket.objects.filter(kind="appeal")
    assert appeal.number in head.get(answer["Location"]).content.decode()
    client.logout()
    page = town.signed_in(client, "city").get("/work/supervision").content.decode()
    assert "等您裁定的申诉" in page
    panel = client.get(f"/work/{appeal.number}").content.decode()
    assert WORDS in panel
    assert "系统故障，有故障记录" in panel


def test_a_handler_reads_and_does_not_appeal_and_strangers_see_nothing(client, town, late):
    mark = town.mark().pk
    page = town.signed_in(client, "handler").get(f"/work/supervision/marks/{mark}").content.decode()
    assert "由本单位负责人说明原因或提出申诉" in page
    refused = client.post(
        f"/work/supervision/marks/{mark}/appeal", {"ground": "system_fault", "words": WORDS}
    )
    assert refused.status_code == 422
    client.logout()
    town.signed_in(client, "other")
    for path in (f"/work/supervision/marks/{mark}", f"/work/supervision/units/{LATE}"):
        assert client.get(path).status_code == 404
    assert late.number not in client.get("/work/supervision").content.decode()


@pytest.mark.parametrize("opens", [True, False])
def test_a_docket_has_its_title_only_for_a_reader_who_may_open_it(client, town, now, monkeypatch, opens):
    late = town.late_one(title="老王面馆变更地址")
    monkeypatch.setattr(kernel.flow_of("toy"), "sees", lambda _actor, _row: opens)
    page = town.signed_in(client, "district").get(reverse("supervision:mark", args=[town.mark().pk]))
    assert late.number in page.content.decode()
    assert ("老王面馆变更地址" in page.content.decode()) is opens


def test_who_reads_one_warning_of_a_unit_does_not_read_all_its_figures(client, town, now, monkeypatch):
    city = "421200-dsj"
    town.taken(unit=city)
    town.to("2026-12-02 10:00")
    monkeypatch.setattr(views, "_figures", lambda *_asked: [{"name": "按时办结率"}])
    for who, reads in (("district", False), ("city", True)):
        page = town.signed_in(client, who).get(f"/work/supervision/units/{city}").content.decode()
        assert ("按时办结率" in page) is reads
    assert access.may_count(town.actor("handler"), LATE)
    assert access.may_count(town.actor("district"), LATE)


def test_the_api_tells_what_one_reads(client, town, late):
    town.signed_in(client, "district")
    client.logout()
    token = issue_token(username="district", label="test", at=town.at).secret
    said = client.get("/api/v1/warnings?what=late", headers={"Authorization": f"Bearer {token}"}).json()
    (one,) = said["items"]
    assert (one["number"], one["colour"], one["unit"], one["excused"]) == (late.number, "red", LATE, False)
    assert said["units"] == [{"unit": LATE, "yellow": 0, "red": 0, "unexplained": 1, "appealed": 0}]
    assert client.get("/api/v1/warnings").status_code == 401


def test_the_board_costs_the_same_for_one_and_for_many(client, town, now, django_assert_max_num_queries):
    for _ in range(20):
        town.taken()
    town.to("2026-12-01 09:00")
    town.signed_in(client, "district").get("/work/supervision")
    assert Mark.objects.count() == 20
    with django_assert_max_num_queries(16):
        client.get("/work/supervision")
