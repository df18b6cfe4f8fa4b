"""Publishing, withdrawing, adopting; the door, search, API and commands."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.desks.themes.city import AT, PACKS, REGION, PackCatalogue
from tongban.desks.themes import api, offers, searching, selectors, services
from tongban.desks.themes.contracts import Party, PlanRefused, ThemeFaulty, ThemeRefused, UnknownTheme
from tongban.desks.themes.models import Status, Theme
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor

CITY, OTHER = "421200000000", "421281000000"
CLERK = Actor(id="officer:1", unit="421202-dsj", region=REGION)
CHAIN = {REGION: (REGION, CITY), OTHER: (OTHER, CITY), CITY: (CITY,)}
TEXT = (PACKS / "themes" / "open-restaurant.yaml").read_text(encoding="utf-8")
DRINKS = {
    "owner": "licensed", "food": "drinks", "area": 25, "premises": "rented", "sign": "none",
    "drain": "shared", "fitout": False,
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(monkeypatch):
    """The packs as catalogue, and three regions."""
    catalogue = PackCatalogue()
    monkeypatch.setattr(services, "catalogue", catalogue)
    monkeypatch.setattr(api, "catalogue", catalogue)
    monkeypatch.setattr(offers, "catalogue", catalogue)
    monkeypatch.setattr(selectors, "region_chain", lambda region: CHAIN.get(region, (region,)))


def publish(text=TEXT, region=REGION):
    return api.publish(text, region=region, actor=CLERK, at=AT)


def test_a_published_theme_is_offered_there_and_below():
    publish(region=CITY)
    assert [card.code for card in api.published(OTHER)] == ["open-restaurant"]
    found = api.plan_for("open-restaurant", DRINKS, party=Party("person", OTHER), at=AT)
    assert (found.theme, found.version, len(found.matters)) == ("open-restaurant", 1, 2)


def test_a_pilot_is_offered_in_its_own_region_only():
    publish()
    with pytest.raises(UnknownTheme) as caught:
        api.theme("open-restaurant", OTHER)
    assert "还没有" in str(caught.value)


def test_the_same_text_again_changes_nothing_and_another_is_a_new_version():
    first = publish()
    assert publish() == first
    second = publish(TEXT.replace("limits: {days: 8}", "limits: {days: 9}"))
    assert (first.version, second.version) == (1, 2)
    assert [line.status for line in api.history("open-restaurant", REGION)] == ["published", "withdrawn"]
    old = api.plan_for("open-restaurant", DRINKS, party=Party("person", REGION), at=AT, version=1)
    assert old.version == 1


def test_a_faulty_file_is_not_published_and_nothing_is_written():
    with pytest.raises(ThemeFaulty) as caught:
        publish(TEXT.replace('lead: "0103100200"', 'lead: "1003000100"'))
    assert caught.value.findings[0].line > 1
    assert not Theme.objects.exists()


def test_a_pilot_is_adopted_with_shorter_limits():
    publish()
    card = api.adopt(
        code="open-restaurant", source=REGION, region=OTHER, actor=CLERK, at=AT, limits={"0103100200": 3}
    )
    assert card.adopted_from == f"{REGION}/open-restaurant/1"
    here = api.plan_for("open-restaurant", DRINKS, party=Party("person", OTHER), at=AT)
    there = api.plan_for("open-restaurant", DRINKS, party=Party("person", REGION), at=AT)
    assert here.saved.days.here == there.saved.days.here - 2
    assert "# 我要开饭店" in selectors.row_of("open-restaurant", OTHER).text


@pytest.mark.parametrize("limits", [{"0103100200": 9}, {"0000000000": 1}])
def test_an_adopted_limit_may_not_be_longer(limits):
    publish()
    with pytest.raises(ThemeRefused):
        api.adopt(code="open-restaurant", source=REGION, region=OTHER, actor=CLERK, at=AT, limits=limits)
    assert Theme.objects.count() == 1


def test_a_withdrawn_theme_is_offered_no_more_but_its_version_stays():
    publish()
    api.withdraw(code="open-restaurant", region=REGION, actor=CLERK, at=AT)
    assert api.published(REGION) == []
    assert api.theme("open-restaurant", REGION, version=1).code == "open-restaurant"
    assert Theme.objects.get().status == Status.WITHDRAWN
    acts = [happening.act for happening in kernel.history(f"themes:{REGION}", at=AT)]
    assert acts == ["publish", "withdraw"]


def test_a_theme_from_above_is_withdrawn_where_it_was_published():
    publish(region=CITY)
    with pytest.raises(ThemeRefused, match=CITY):
        api.withdraw(code="open-restaurant", region=REGION, actor=CLERK, at=AT)


@pytest.mark.parametrize(
    "text", ["开饭店", "开个饭店", "开饭管", "kaifandian", "kfd", "open a restaurant", "奶茶店"]
)
def test_a_theme_is_found_by_everyday_words(text):
    publish()
    [found] = searching.provide(text=text, region=REGION, party="person")
    assert found.url == "/themes/open-restaurant"


@pytest.mark.parametrize("text", ["", "开", "结婚证", "zzz"])
def test_other_words_find_no_theme(text):
    publish()
    assert searching.provide(text=text, region=REGION, party="person") == []


def test_the_api_lists_themes_and_plans(client):
    publish()
    listed = client.get(f"/api/v1/themes?region={REGION}").json()
    assert listed[0]["name"] == {"zh": "我要开饭店", "en": "I want to open a restaurant"}
    body = {"party": "person", "region": REGION, "answers": {"owner": "licensed"}}
    asked = client.post("/api/v1/themes/open-restaurant/plan", body, content_type="application/json")
    assert (asked.status_code, asked.json()["question"]["key"]) == (200, "food")
    body["answers"] = DRINKS
    plan = client.post("/api/v1/themes/open-restaurant/plan", body, content_type="application/json").json()[
        "plan"
    ]
    assert [matter["code"] for matter in plan["matters"]] == ["0103100200", "1003000100"]
    assert plan["saved"]["fields"]["one_by_one"] > plan["saved"]["fields"]["here"]


def test_the_api_refuses_with_what_is_possible(client):
    publish()
    body = {"region": REGION, "answers": {"owner": "king"}}
    refused = client.post("/api/v1/themes/open-restaurant/plan", body, content_type="application/json")
    assert refused.status_code == 422
    assert "individual" in refused.json()["possible"]
    assert (
        client.post("/api/v1/themes/nothing/plan", body, content_type="application/json").status_code == 404
    )


def test_next_question_refuses_at_once_who_cannot_be_helped():
    publish()
    with pytest.raises(PlanRefused, match="预包装"):
        api.next_question("open-restaurant", {"food": "packed"}, party=Party("person", REGION), at=AT)


def run(*args):
    out = StringIO()
    call_command("theme", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_checks_draws_lists(tmp_path, monkeypatch):
    import tongban.desks.themes.management.commands.theme as command

    monkeypatch.setattr(command, "catalogue", PackCatalogue())
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(TEXT.replace('lead: "0103100200"', 'lead: "1003000100"'), encoding="utf-8")
    assert "✓" in run("check", str(good), "--region", REGION)
    with pytest.raises(SystemExit) as left:
        run("check", str(bad), "--region", REGION)
    assert left.value.code == 1
    assert run("draw", str(good), "--region", REGION).startswith("flowchart TD")
    run("draw", str(good), "--svg", str(tmp_path / "t.svg"), "--region", REGION)
    assert "食品经营许可" in (tmp_path / "t.svg").read_text(encoding="utf-8")
    run("load", str(good), "--region", REGION)
    assert "我要开饭店" in run("list", "--region", REGION)
    with pytest.raises(CommandError, match="没有公布"):
        run("withdraw", "nothing", "--region", REGION)


def test_a_plan_can_be_kept_and_made_again():
    publish()
    party = Party("person", REGION)
    first = api.plan_for("open-restaurant", DRINKS, party=party, at=AT)
    kept = json.loads(json.dumps(dict(first.answers)))
    assert api.plan_for("open-restaurant", kept, party=party, at=AT, version=first.version) == first
