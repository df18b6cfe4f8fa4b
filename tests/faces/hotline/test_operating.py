"""The hotline's desk: a message written down, what helps while typing, units chosen instead of typed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.faces.workbench.office import signed_in
from tests.stories.test_officer_journeys import sign_in
from tongban.actors import api as actors
from tongban.desks.hotline.sorting.api import Suggestion
from tongban.desks.hotline.telephony import api as telephony
from tongban.faces.hotline import assisting
from tongban.kernel.ledger.models import Entry
from tongban.kernel.models import Docket
from tongban.registers.identity.contracts import demo_steps
from tongban.registers.identity.models import Account

pytestmark = [pytest.mark.django_db]
SAID = "咸安区温泉街道万年路烧烤店的油烟直排到楼上，每天晚上熏得没法开窗"
FIELDS = {"text": SAID, "kind": "complaint", "urgency": "ordinary", "channel": "phone"}
PHONE = "13871010099"
DISPATCHED_TO = "421202-cgj"


def written_down(client, **more):
    return client.post("/work/hotline/new", {**FIELDS, **more})


def the_ticket() -> Docket:
    return Docket.objects.get(kind="ticket")


def rung(settings, client):
    """A call that rings at the dispatcher's desk: its number."""
    settings.TELEPHONE_EXCHANGE = "simulated"
    officer = Account.objects.get(username="dispatcher").actor_id
    telephony.set_presence(officer=officer, state="ready", at=timezone.now())
    telephony.simulate_call(at=timezone.now())
    telephony.distribute(at=timezone.now())
    return telephony.current_call(officer).id


@pytest.mark.usefixtures("demo_city")
def test_a_dispatcher_registers_and_sends_in_one_go():
    client = signed_in("dispatcher")
    answer = written_down(client, unit=DISPATCHED_TO, region="421202000000", caller_phone=PHONE, key="k1")
    assert answer.status_code == 302
    row = the_ticket()
    assert (row.state, row.unit) == ("dispatched", DISPATCHED_TO)
    assert list(Entry.objects.filter(stream=row.number).order_by("sequence").values_list("act", flat=True)) == [
        "take", "dispatch",
    ]  # fmt: skip
    assert f"已登记并派出：{row.number}" in client.get("/work/hotline/new").content.decode()
    assert (
        written_down(
            client, unit=DISPATCHED_TO, region="421202000000", caller_phone=PHONE, key="k1"
        ).status_code
        == 302
    )
    assert Docket.objects.filter(kind="ticket").count() == 1, "a second click"


@pytest.mark.usefixtures("demo_city")
def test_an_operator_registers_and_may_answer_but_not_send():
    client = signed_in("operator")
    assert 'name="unit"' not in client.get("/work/hotline/new").content.decode()
    answer = written_down(client, unit=DISPATCHED_TO, answer="1")
    row = the_ticket()
    assert answer["Location"] == f"/work/{row.number}?move=answer"
    assert row.state == "taken"


@pytest.mark.usefixtures("demo_city")
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost():
    client = signed_in("dispatcher")
    answer = written_down(client, text="  ", place="万年路12号")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请填诉求" in page
    assert 'value="万年路12号"' in page
    assert not Docket.objects.filter(kind="ticket").exists()


@pytest.mark.usefixtures("demo_city")
def test_while_typing_the_page_names_earlier_tickets_those_near_by_the_unit_and_the_limit():
    client = signed_in("dispatcher")
    written_down(client, caller_phone=PHONE, place="万年路", region="421202000000")
    first = the_ticket()
    page = client.post(
        "/work/hotline/assist", {**FIELDS, "caller_phone": PHONE, "place": "万年路", "region": "421202000000"}
    ).content.decode()
    assert "同一来电人旧单1件" in page
    assert "同址未办结1件" in page
    assert page.count(f"/work/{first.number}") == 2
    assert "签收" in page
    assert "您反映的是" in page
    assert re.search(r'data-fill-unit="421202-\w+"', page), "who is in charge of fumes there"
    assert PHONE not in page
    assert client.get("/work/hotline/assist").status_code == 405, "a caller's words are no part of an address"


def test_a_category_that_is_hardly_likely_is_not_offered():
    found = Suggestion(category=("环境保护",), confidence=0.9, others=(("交通运输", 0.08), ("民政", 0.01)))
    offered = [one.fields for one in assisting._takes(assisting.Told("油烟扰民"), found)]
    assert [one["category"] for one in offered] == ["环境保护", "交通运输"]


@pytest.mark.usefixtures("demo_city")
def test_units_and_grounds_are_chosen_and_read_as_words():
    client = signed_in("dispatcher")
    written_down(client, region="421202000000")
    row = the_ticket()
    page = client.get(f"/work/{row.number}?move=dispatch").content.decode()
    assert re.search(r'<option value="421202-\w+" selected', page), "the proposed unit is chosen already"
    assert "派单建议" in page
    refused = client.post(
        f"/work/{row.number}/moves/refuse",
        {"ground": "litigation", "instead": "请向法院申请", "seen": row.revision},
    ).content.decode()
    assert "诉讼、仲裁程序" in refused
    assert ">litigation<" not in refused
    sent = client.post(f"/work/{row.number}/moves/dispatch", {"unit": "nowhere", "seen": row.revision})
    assert sent.status_code == 409, "no such unit: the page says so and keeps the form"
    row.refresh_from_db()
    assert row.state == "taken"


@pytest.mark.usefixtures("demo_city")
def test_the_desk_lists_what_waits_nearest_limit_first_and_a_strange_cursor_begins_anew():
    client = signed_in("dispatcher")
    for number in range(3):
        written_down(client, text=f"{SAID}，第{number}次来电反映", key=f"k{number}")
    numbers = set(Docket.objects.filter(kind="ticket").values_list("number", flat=True))
    page = client.get("/work/hotline").content.decode()
    assert all(number in page for number in numbers)
    assert re.search(r"待派单 <span class=\"tb-count\">3<", page)
    assert client.get("/work/hotline?list=dispatch&after=nonsense").status_code == 200
    assert not any(
        number in client.get("/work/hotline?kind=praise&list=all").content.decode() for number in numbers
    )
    assert signed_in("zhang").get("/work/hotline").status_code in {302, 403}


@pytest.mark.usefixtures("demo_city")
def test_what_was_typed_before_the_telephone_rang_stays_and_is_not_the_new_callers(settings):
    client = signed_in("dispatcher")
    call = rung(settings, client)
    page = client.post(
        f"/work/hotline/calls/{call}/accept", {**FIELDS, "place": "万年路12号", "call": ""}
    ).content.decode()
    assert SAID in page
    assert 'value="万年路12号"' in page
    assert "它不属于这一通" in page
    assert 'name="call" value=""' in page
    assert written_down(client, call="").status_code == 302
    assert not telephony.calls_of_ticket(the_ticket().number)
    assert f'name="call" value="{call}"' in client.get("/work/hotline/new").content.decode(), (
        "now it is their turn"
    )


@pytest.mark.usefixtures("demo_city")
def test_hanging_up_or_going_away_loses_no_word_and_keeps_the_call(settings):
    client = signed_in("dispatcher")
    call = rung(settings, client)
    answered = client.post(f"/work/hotline/calls/{call}/accept", {"text": "", "call": ""}).content.decode()
    assert f'name="call" value="{call}"' in answered
    for address, more in (
        (f"/work/hotline/calls/{call}/end", {}),
        ("/work/hotline/presence", {"state": "away"}),
    ):
        page = client.post(address, {**FIELDS, "call": call, **more}).content.decode()
        assert SAID in page
        assert f'name="call" value="{call}"' in page
    written_down(client, call=call)
    assert [one.id for one in telephony.calls_of_ticket(the_ticket().number)] == [call]


@pytest.mark.usefixtures("demo_city")
def test_the_strip_is_sent_anew_only_when_it_changed(settings):
    client = signed_in("dispatcher")
    seen = re.search(r"line\?seen=([^\"]*)", client.get("/work/hotline/new").content.decode()).group(1)
    assert client.get(f"/work/hotline/line?seen={seen}").status_code == 204
    rung(settings, client)
    anew = client.get(f"/work/hotline/line?seen={seen}")
    assert anew.status_code == 200
    assert "接听（F2）" in anew.content.decode()


@pytest.mark.usefixtures("demo_city")
def test_an_open_emergency_stands_above_every_list_until_it_is_closed():
    client = signed_in("dispatcher")
    written_down(client, urgency="emergency", text="小区三楼厨房起火冒烟，里面还有老人")
    row = the_ticket()
    for chosen in ("dispatch", "close", "all"):
        page = client.get(f"/work/hotline?list={chosen}").content.decode()
        assert row.number in page.partition("没有办结的突发")[2].partition("</section>")[0], chosen
    Docket.objects.filter(pk=row.pk).update(closed_at=timezone.now())
    assert "没有办结的突发" not in client.get("/work/hotline?list=all").content.decode()


@pytest.fixture
def house(transactional_db, settings):
    """The demo city in a database that the live server reads, and a caller on the line."""
    settings.DEMO = True
    settings.TELEPHONE_EXCHANGE = "simulated"
    for step in demo_steps():
        if step.name in {"city", "accounts"}:
            step.loader(settings.PACKS / "demo", timezone.now())


@pytest.mark.browser
def test_a_call_is_taken_written_down_and_sent_by_keyboard_alone(open_page, house, settings):
    page = sign_in(open_page, "dispatcher", "/work/hotline/new", width=1366, height=768)
    officer = Account.objects.get(username="dispatcher").actor_id
    telephony.set_presence(officer=officer, state="ready", at=timezone.now())
    telephony.simulate_call(at=timezone.now())
    telephony.distribute(at=timezone.now())
    expect(page.get_by_role("button", name="接听（F2）")).to_be_visible(timeout=20_000)
    with page.expect_navigation():
        page.keyboard.press("F2")
    assert page.evaluate("document.documentElement.scrollHeight") <= 768, "fits the screen without scrolling"
    text = page.get_by_label("诉求", exact=True)
    expect(text).to_be_focused()
    page.keyboard.insert_text(SAID)
    expect(page.get_by_role("button", name=re.compile("^1 "))).to_be_visible(timeout=20_000)
    page.keyboard.press("F8")
    page.keyboard.press("1")
    expect(text).to_be_focused()
    proposed = page.get_by_label("承办单位").input_value()
    assert actors.unit(proposed).region == "421202000000", "the place that the caller named"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    row = the_ticket()
    expect(page.locator(".tb-banner--done")).to_contain_text(row.number)
    assert (row.state, row.unit) == ("dispatched", proposed)
    assert telephony.calls_of_ticket(row.number)[0].officer == officer
