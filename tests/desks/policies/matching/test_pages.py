"""The pages: why and alerts for the holder, figures and runs for leaders and editors, one party's check; and the API."""

from __future__ import annotations

import pytest

from tests.actors.factories import an_officer
from tests.desks.policies.matching.conftest import GOOD, NEARLY, OPEN, growth
from tests.registers.identity.factories import an_account
from tongban.desks.policies.matching import api, running
from tongban.desks.policies.matching.contracts import Cause
from tongban.desks.policies.matching.models import Run
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity


@pytest.fixture
def boss(town, client):
    """Signed in as the head of a company that just misses."""
    town.mine = town.led_company(**NEARLY)
    town.open(growth(), growth("kjj-open", title="另一项", condition={"var": "firm.illegal"}, amount=None))
    town.signed_in(client, "boss")
    client.post("/identity/act-for", {"party": str(town.mine)})
    return client


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_why_tells_what_is_wanted_what_is_known_and_how_to_mend_it(boss):
    page = text(boss.get("/benefits/why/kjj-growth"))
    for words in (
        "还差一点",
        "注册资本 不小于 500,000.00 元",
        "480,000.00 元",
        "3个条件，符合2个",
        "金额怎么算",
    ):
        assert words in page
    page = text(boss.get("/benefits/why/kjj-open"))
    assert "数据不全" in page
    assert "申请补录" in page


def test_why_is_nobody_elses_and_only_of_measures_in_force(boss, town, client):
    assert boss.get("/benefits/why/kjj-none").status_code == 404
    town.open(
        growth("kjj-persons", party="person", condition={"var": "breach.listed"}, amount=None), key="kjj-p"
    )
    assert "只给个人" in text(boss.get("/benefits/why/kjj-persons"), 403)
    boss.logout()
    assert boss.get("/benefits/why/kjj-growth").status_code == 302
    town.signed_in(client, "editor")
    assert client.get("/benefits/why/kjj-growth").status_code == 403


def test_alerts_are_chosen_and_a_measure_is_muted_and_heard_again(boss, town):
    assert "checked" in text(boss.get("/benefits/news"))
    boss.post("/benefits/news", {"wanted": ["entitled", "closing"]})
    boss.post("/benefits/why/kjj-growth/mute", {"muted": "1"})
    wish = api.wishes_of(str(town.mine))
    assert (wish.declined, wish.muted) == ({"near"}, {"kjj-growth"})
    assert "成长补助" in text(boss.get("/benefits/news"))
    boss.post("/benefits/why/kjj-growth/mute", {"muted": "0", "back": "news"})
    assert not api.wishes_of(str(town.mine)).muted
    assert boss.post("/benefits/why/kjj-none/mute", {"muted": "1"}).status_code == 404


def test_editors_read_the_figures_and_start_a_run(town, client):
    town.company(**GOOD)
    town.company(**OPEN)
    town.open()
    town.run()
    town.signed_in(client, "editor")

    page = text(client.get("/work/policies/matching"))
    for words in ("1项措施 × 2户", "成长补助", "30,000", "列入经营异常名录"):
        assert words in page
    assert "还没有匹配过" in text(client.get("/work/policies/matching?party=person"))
    assert client.get("/work/policies/matching?party=nobody").status_code == 404
    started = client.post("/work/policies/matching/run", {"party": "organisation"})
    again = client.post("/work/policies/matching/run", {"party": "organisation"})
    assert started["Location"] == again["Location"]
    assert "等待" in text(client.get(started["Location"]))
    waiting = Run.objects.get(state="waiting")
    running.carry_out(waiting.pk, at=waiting.at, apart=False)
    assert "hx-get" not in text(client.get(started["Location"]))
    assert "<h1" not in text(client.get(started["Location"], headers={"HX-Request": "true"}))
    assert client.get("/work/policies/matching/runs/999999").status_code == 404


def test_a_handler_reads_no_figures_and_a_head_starts_no_run(town, client):
    town.officers["clerk"] = an_officer("handler", of=town.other)
    town.signed_in(client, "clerk")
    assert client.get("/work/policies/matching").status_code == 403
    town.signed_in(client, "head")
    assert 'action="/work/policies/matching/run"' not in text(client.get("/work/policies/matching"))
    assert client.post("/work/policies/matching/run", {"party": "person"}).status_code == 403


def test_one_party_is_checked_for_a_purpose_that_its_holder_can_read(town, client):
    company = town.company(**NEARLY)
    town.open()
    town.signed_in(client, "editor")
    assert client.get("/work/policies/matching/checked")["Location"] == "/work/policies/matching/check"
    asked = {"number": company.uscc, "purpose": "policy", "reason": "企业来电问能不能享受"}

    assert "错误" in text(client.post("/work/policies/matching/check", {**asked, "reason": "看"}), 422)
    assert "没有这家单位" in text(
        client.post("/work/policies/matching/check", {**asked, "number": "91421202TB00000000"}), 422
    )
    answer = client.post("/work/policies/matching/check", asked)

    assert answer["Location"] == "/work/policies/matching/checked"
    assert "差这一条" in text(client.get("/work/policies/matching/checked"))
    assert "注册资本" in text(client.get("/work/policies/matching/checked/kjj-growth"))
    looked = [one for one in kernel.history(f"portrait:{company}", at=town.at) if one.act == "look"]
    assert [one.body["reason"] for one in looked] == ["企业来电问能不能享受"]


def test_the_api_tells_the_holder_the_same(boss, town):
    def ask(path, name="boss", **query):
        token = identity.issue_token(username=name, label="t", at=town.at).secret
        return boss.get(
            f"/api/v1/benefits/standings{path}", query, headers={"Authorization": f"Bearer {token}"}
        )

    mine = {"party": str(town.mine)}
    items = ask("", **mine).json()["items"]
    assert [(one["key"], one["standing"]) for one in items] == [
        ("kjj-growth", "not_yet"),
        ("kjj-open", "unknown"),
    ]
    assert items[0]["nearest"][0]["en"].startswith("Registered capital is at least")
    why = ask("/kjj-growth", **mine).json()
    assert [one["holds"] for one in why["conditions"]] == ["unmet", "met", "met"]
    assert why["conditions"][0]["known"][0]["as_of"] == town.today.isoformat()
    assert ask("/kjj-none", **mine).status_code == 404
    assert ask("", party="organisation:999999").status_code == 403
    an_account("editor", acts_as=town.officers["editor"], kind="officer")
    assert ask("", "editor").status_code == 403


def test_a_run_that_failed_says_that_nothing_was_lost(town, client):
    run = api.ask("person", cause=Cause.ASKED, at=town.at)
    Run.objects.filter(pk=run.number).update(state="failed", trouble="OSError")
    town.signed_in(client, "editor")
    assert "原来的结果不变" in text(client.get(f"/work/policies/matching/runs/{run.number}"))
