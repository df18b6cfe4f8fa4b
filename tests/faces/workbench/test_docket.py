"""The one docket page: what it shows, what may be done on it, what is refused and how."""

import re

import pytest
from django.test.utils import CaptureQueriesContext

from tests.desks.cases.town import case
from tests.faces.workbench.office import CGJ, asked, cases_of, days_ago, make, signed_in, the_case
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city", "no_polls")]


def text(answer) -> str:
    return answer.content.decode()


def test_the_page_shows_numbered_moves_and_the_form_of_the_chosen_one():
    row = the_case(asked())
    page = text(signed_in("scjg").get(f"/work/{row.number}?move=accept"))
    assert "食品经营许可" in page
    assert "待受理" in page
    assert page.index("受理</a>") < page.index("不予受理</a>"), "primary first, dangerous last"
    assert f'action="/work/{row.number}/moves/accept"' in page
    assert f'name="seen" value="{row.revision}"' in page
    assert "tb-box--note" in page


def test_a_handler_accepts_and_proposes_and_an_approver_grants():
    row = the_case(asked())
    handler, approver = signed_in("scjg"), signed_in("scjg-approver")
    assert make(handler, row, "accept").status_code == 302
    answer = make(handler, row, "propose", opinion="grant", text="现场与材料一致")
    assert answer["Location"] == f"/work/{row.number}"
    assert "已提出办理意见" in text(handler.get(answer["Location"]))
    assert make(approver, row, "grant", document="JY14212020000001").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("granted", "granted")
    page = text(approver.get(f"/work/{row.number}"))
    assert "JY14212020000001" in page
    assert "没有要做的了" in page


def test_nobody_approves_the_own_case():
    row = the_case(asked())
    from django.utils import timezone

    from tests.faces.workbench.office import actor
    from tongban.actors.models import Appointment, Officer

    both = actor("scjg")
    Appointment.objects.create(
        officer=Officer.objects.get(pk=both.id.partition(":")[2]), unit_id="421202-scjg", role="approver",
        from_date=timezone.now().date(),
    )  # fmt: skip
    client = signed_in("scjg")
    make(client, row, "accept")
    make(client, row, "propose", opinion="grant", text="符合")
    answer = make(client, row, "grant")
    assert answer.status_code == 409
    assert "承办人不能自己审批自己的件" in text(answer)
    assert "请由另一位审批人决定" in text(answer)
    row.refresh_from_db()
    assert row.state == "approving"


def test_a_stale_page_says_who_changed_what_and_keeps_the_text():
    row = the_case(asked())
    seen = row.revision
    make(signed_in("window"), row, "note", text="x")  # the hall's window may not even see it
    handler, other = signed_in("scjg"), signed_in("scjg")
    make(other, row, "note", key="other", text="电话已核实")
    answer = make(handler, row, "report_missing", seen=seen, papers="平面图", why="看不清消防通道")
    assert answer.status_code == 409
    page = text(answer)
    assert "范若曦" in page, "who"
    assert "内部备注" in page, "what"
    assert "看不清消防通道" in page, "the text is kept in the form"
    row.refresh_from_db()
    assert row.state == "received"
    assert f'name="seen" value="{row.revision}"' in page, "the form can be sent again"


def test_a_move_that_is_gone_keeps_the_text_too():
    row = the_case(asked())
    handler = signed_in("scjg")
    make(handler, row, "accept")
    answer = make(handler, row, "report_missing", papers="平面图", why="看不清消防通道")
    assert answer.status_code == 409
    assert "“提出缺件”在“审查中”时不能做" in text(answer)
    assert "看不清消防通道" in text(answer)
    assert "现在可以" in text(answer)


def test_a_double_click_does_it_once():
    row = the_case(asked())
    handler = signed_in("scjg")
    first = handler.post(f"/work/{row.number}/moves/accept", {"seen": row.revision, "key": "same"})
    again = handler.post(f"/work/{row.number}/moves/accept", {"seen": row.revision, "key": "same"})
    assert (first.status_code, again.status_code) == (302, 302)
    assert Entry.objects.filter(stream=row.number, act="accept").count() == 1


def test_wrong_input_comes_back_with_the_words_at_the_field():
    row = the_case(asked())
    handler = signed_in("scjg")
    make(handler, row, "accept")
    answer = make(handler, row, "propose", text="符合条件")
    assert answer.status_code == 422
    page = text(answer)
    assert "错误：" in page
    assert 'href="#id_propose_opinion_0"' in page, "the summary links to the field"
    assert "符合条件" in page


def test_what_leaves_the_house_is_confirmed_naming_clocks_and_recipients():
    row = the_case(asked())
    handler = signed_in("scjg")
    words = {"reason": "不属本机关职权", "law": "行政许可法 第三十二条", "instead": "请到住建局办理"}
    answer = make(handler, row, "refuse", **words)
    assert answer.status_code == 200
    page = text(answer)
    assert "核对后提交：不予受理" in page
    assert "张*远" in page
    assert "结束计时：一次性告知或受理" in page
    row.refresh_from_db()
    assert row.state == "received", "nothing happened yet"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    assert fields["instead"] == "请到住建局办理"
    assert make(handler, row, "refuse", confirmed="1", **words).status_code == 302
    row.refresh_from_db()
    assert row.state == "refused"


def test_incomplete_input_never_reaches_the_confirmation():
    row = the_case(asked())
    answer = make(signed_in("scjg"), row, "refuse", reason="不归我们管")
    assert answer.status_code == 422
    assert "请填依据" in text(answer)


def test_another_units_docket_is_not_there():
    row = the_case(asked())
    for path in ("", "/ledger", "/print"):
        assert signed_in("zjj").get(f"/work/{row.number}{path}").status_code == 404
    assert make(signed_in("zjj"), row, "accept").status_code == 404
    assert signed_in("zhang").get(f"/work/{row.number}").status_code == 403, "citizens use the portal"
    assert signed_in("scjg").get("/work/C421202-261122-99999-X").status_code == 404


def test_siblings_are_shown_by_state_and_linked_only_to_who_may_open_them():
    receipt = asked(cases=(case("a", "scjg", name="甲事项"), case("b", "zjj", name="乙事项")))
    rows = cases_of(receipt)
    page = text(signed_in("scjg").get(f"/work/{rows['a'].number}"))
    assert "乙事项" in page
    assert f"/work/{rows['b'].number}" not in page
    assert f"/work/{rows['b'].number}" in text(signed_in("supervisor").get(f"/work/{rows['a'].number}"))


def test_the_chief_service_officer_decides_for_another_unit_and_the_ledger_names_the_delegation():
    receipt = asked(cases=(case("0104100100", "cgj", name="户外广告及招牌设施设置许可"),))
    row = the_case(receipt)
    chief = signed_in("chief")
    assert row.number in text(chief.get(f"/work?view=for-{CGJ}"))
    for move, data in (("accept", {}), ("propose", {"opinion": "grant", "text": "符合"}), ("grant", {})):
        assert make(chief, row, move, **data).status_code == 302
    page = text(chief.get(f"/work/{row.number}"))
    assert "凭授权delegation:" in page
    assert "授权" in text(chief.get("/work/delegations"))
    assert "咸安城管授" in text(signed_in("cgj-head").get("/work/delegations"))


def test_the_ledger_page_recomputes_the_chain():
    row = the_case(asked())
    handler = signed_in("scjg")
    make(handler, row, "accept")
    page = text(handler.get(f"/work/{row.number}/ledger"))
    assert "2条首尾相连，没有改动" in page
    row.refresh_from_db()
    assert row.ledger_head in page
    Entry.objects.filter(stream=row.number, sequence=1).update(actor="officer:1")
    assert "重算不符：第1" in text(handler.get(f"/work/{row.number}/ledger"))


def test_previous_and_next_come_from_the_list():
    rows = [the_case(asked(key=str(n), ago=5 - n)) for n in range(3)]
    handler = signed_in("scjg")
    links = re.findall(r'href="(/work/C[^"]+)"', text(handler.get("/work?view=unit")))
    assert [link.split("/")[2].split("?")[0] for link in links] == [row.number for row in rows]
    page = text(handler.get(links[1].replace("&amp;", "&")))
    assert "列表2/3" in page
    assert f'rel="prev" data-previous href="/work/{rows[0].number}' in page
    assert f'rel="next" data-next href="/work/{rows[2].number}' in page
    assert f"#row-{rows[1].number}" in page, "Esc leads back to the same row"


def test_the_page_costs_fewer_than_thirty_queries(django_assert_max_num_queries):
    receipt = asked(
        cases=tuple(
            case(f"m{n}", d, name=f"事项{n}") for n, d in enumerate(("scjg", "zjj", "cgj", "xfjy", "sthj"))
        )
    )
    row = cases_of(receipt)["m0"]
    handler = signed_in("scjg")
    handler.get(f"/work/{row.number}")
    with django_assert_max_num_queries(29):
        handler.get(f"/work/{row.number}?from=view%3Dunit&place=0")
    window = signed_in("window")
    number = Docket.objects.get(pk=receipt.docket).number
    window.get(f"/work/{number}")
    with django_assert_max_num_queries(29):
        window.get(f"/work/{number}")


def test_an_unknown_move_is_refused_with_the_open_ones():
    row = the_case(asked())
    answer = make(signed_in("scjg"), row, "fly")
    assert answer.status_code == 409
    assert "没有“fly”这个动作" in text(answer)


def test_the_clock_of_an_old_case_is_overdue_and_a_suspended_one_says_why():
    from tests.faces.workbench.office import actor

    row = the_case(asked(ago=30))
    handler = actor("scjg")
    kernel.perform(row.id, "accept", actor=handler, at=days_ago(29))
    client = signed_in("scjg")
    assert "超期" in text(client.get(f"/work/{row.number}"))
    fresh = the_case(asked(key="2"))
    make(client, fresh, "accept")
    make(client, fresh, "start_procedure", kind="test", days="10", reason="抽样检测")
    page = text(client.get(f"/work/{fresh.number}"))
    assert "暂停" in page
    assert "进入特别程序" in page


def test_queries_of_the_page_do_not_grow_with_siblings():
    from django.db import connection

    def cost(count: int) -> int:
        receipt = asked(
            key=f"q{count}", cases=tuple(case(f"m{n}", "scjg", name=f"事项{n}") for n in range(count))
        )
        row = cases_of(receipt)["m0"]
        client = signed_in("scjg")
        client.get(f"/work/{row.number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/work/{row.number}")
        return len(queries)

    assert cost(2) == cost(12)
