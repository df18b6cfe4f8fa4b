"""What is given without a payment: relief put on record by who waives it, services asked for with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tongban.actors.models import Organisation
from tongban.desks.policies.claims import api, drawing, giving, keeping, sources, taken
from tongban.desks.policies.claims.contracts import ClaimsError
from tongban.desks.policies.claims.models import Given
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching.contracts import PairInfo
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock, Docket
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.facts import api as facts
from tongban.registers.messages.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def relief(town):
    town.change(gives="relief", amount=None)
    town.company("星河", 0)
    return town


@pytest.fixture
def service(town):
    town.change(gives="service", amount=None)
    town.company("星河", 0)
    return town


def noted(town, name="星河", who="handler", **said):
    new = api.NewGiven("kjj-rd", town.parties[name], said.pop("given_on", town.at.date()), **said)
    return api.note_given(new, actor=town.actor(who), at=town.at)


def uscc(town, name="星河"):
    return Organisation.objects.get(pk=town.parties[name].partition(":")[2]).uscc


def test_relief_is_never_on_a_list_and_is_on_record_once_a_period(relief):
    assert drawing.draw("kjj-rd", at=relief.at) == ""
    first = noted(relief, value_fen=12_000_00)
    assert (first.period, first.value_fen, first.source) == ("2026", 12_000_00, "咸安区科学技术局")
    assert noted(relief, value_fen=5_00).value_fen == 12_000_00, (
        "again in the same year: the first record stands"
    )
    row = Given.objects.get()
    assert (row.standing, "tax.rd" in row.facts) == ("entitled", True)
    pair = (relief.parties["星河"], "kjj-rd")
    assert taken.taken({pair}, relief.at) == {pair}, "no news of what is enjoyed already"
    assert taken.taken({pair}, relief.at + timedelta(days=60)) == set(), "the next year is another year"
    assert api.given_to(relief.parties["星河"]) == [first]


def test_of_two_who_say_it_at_once_the_first_stands(relief, monkeypatch):
    finding = sources.finding

    def meanwhile(*asked, **more):
        monkeypatch.setattr(sources, "finding", finding)
        noted(relief, value_fen=1_00)
        return finding(*asked, **more)

    monkeypatch.setattr(sources, "finding", meanwhile)
    assert noted(relief, value_fen=2_00).value_fen == 1_00
    row = Given.objects.get()
    assert len(kernel.history(f"given:{row.pk}", at=relief.at)) == 1


def test_what_was_enjoyed_last_year_is_offered_again(service, client, monkeypatch):
    pair = PairInfo(service.measures["kjj-rd"], Standing.ENTITLED)
    monkeypatch.setattr(sources, "standings", lambda *_a, **_k: (pair,))
    service.at = timezone.now()
    today = service.at.date()
    service.signed_in(client, "星河")
    noted(service, given_on=today.replace(year=today.year - 1, day=1))
    assert "/benefits/wish/kjj-rd" in client.get("/benefits").content.decode()
    noted(service, given_on=today)
    assert "/benefits/wish/kjj-rd" not in client.get("/benefits").content.decode()


def test_a_company_is_counted_once_however_often_it_benefits(relief, settings, tmp_path):
    settings.DATA = tmp_path
    relief.company("长河", 0)
    before = relief.at.date() - timedelta(days=365)
    for name, day in (("星河", before), ("星河", relief.at.date()), ("长河", relief.at.date())):
        noted(relief, name, given_on=day)
    relay(at=relief.at, limit=10_000)
    facts.collect()
    one = packs.indicators()["policies.companies"]
    period = selectors.month(relief.at.date())
    by_unit = selectors.figures([one], period=period, scope=Scope(), by=("unit",))[one.id].figures
    assert selectors.figures([one], period=period, scope=Scope())[one.id].figures[()].value == 2
    assert by_unit[("421202-kjj",)].value == 2
    assert facts.verify().same
    rows, _more = selectors.behind(one, period=period, scope=Scope())
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("who", "said", "code"),
    [
        ("clerk", {}, "forbidden"), ("handler", {"value_fen": 0}, "value"), ("handler", {"value_fen": 10**18}, "value"),
        ("handler", {"given_on": None}, "day"),
    ],
)  # fmt: skip
def test_bad_records_are_refused_with_words(relief, who, said, code):
    if "given_on" in said:
        said = {"given_on": relief.at.date() + timedelta(days=1)}
    with pytest.raises(ClaimsError) as error:
        noted(relief, who=who, **said)
    assert error.value.code == code
    assert not Given.objects.exists()


def test_what_is_paid_is_not_recorded_so(town):
    town.company("星河", 100)
    with pytest.raises(ClaimsError, match="不付钱"):
        noted(town)


def test_a_system_hands_in_a_file_and_may_hand_it_in_again(relief, tmp_path, capsys):
    path = tmp_path / "six.csv"
    path.write_text(
        f"number,date,yuan\n{uscc(relief)},2026-11-01,1200.50\n91421202TB0000000X,2026-11-01,\n"
        f"{uscc(relief)},soon,1\n{uscc(relief)}\n{uscc(relief)},2026-11-01,1,5\n{uscc(relief)},2026-11-01,Infinity\n"
        f"{uscc(relief)},2026-11-01,1e999999\n{uscc(relief)},2026-11-02,5\n",
        encoding="utf-8",
    )
    for _time in range(2):
        with pytest.raises(CommandError) as error:
            call_command("benefits", "given", str(path), measure="kjj-rd", source="税务征管系统")
        assert [line.split()[0] for line in str(error.value).splitlines()] == [
            f"six.csv:{line}" for line in range(3, 10)
        ]
        assert "已经记过：2026-11-01，1,200.50元" in str(error.value)
        assert "91421202TB0000000X" not in str(error.value)
        assert "收下 1 行" in capsys.readouterr().out
    row = Given.objects.get()
    assert (row.value_fen, row.source, row.by) == (1_200_50, "税务征管系统", "system")


def test_a_service_is_asked_for_with_one_tap_and_done(service, client):
    service.signed_in(client, "星河")
    assert client.post("/benefits/wish/kjj-rd").status_code == 302
    assert client.post("/benefits/wish/kjj-rd").status_code == 302
    row = Docket.objects.get(kind="wish")
    assert (row.unit, row.applicant, row.number[:2]) == ("421202-kjj", service.parties["星河"], "PW")
    clock = Clock.objects.get(docket=row, name="contact")
    assert (clock.amount, clock.basis) == (2, "working_days")
    client.logout()
    service.signed_in(client, "handler")
    page = client.get(f"/work/{row.number}").content.decode()
    for words in ("研发投入达到100万元的", "联系电话", "第五条"):
        assert words in page
    service.does("handler", row.pk, "contact", text="约了周三上门")
    service.does("handler", row.pk, "give", text="政策讲解和材料辅导已做完")
    service.news()
    told = Message.objects.filter(recipient=service.parties["星河"], template__startswith="wish.")
    assert {one.template for one in told} == {"wish.contact", "wish.give"}
    assert "材料辅导" in told.get(template="wish.give").body
    [given] = api.given_to(service.parties["星河"])
    assert (given.wish, given.value_fen) == (row.number, None)
    with pytest.raises(ClaimsError, match="这一期已经享受过"):
        api.wish(measure="kjj-rd", party=service.parties["星河"], actor=service.actor("星河"), at=service.at)


def test_what_was_asked_for_in_time_can_be_done_when_the_measure_has_ended(service):
    party, who = service.parties["星河"], service.actor("星河")
    docket = Docket.objects.get(number=giving.wish(measure="kjj-rd", party=party, actor=who, at=service.at))
    del service.measures["kjj-rd"]
    service.does("handler", docket.pk, "give", text="政策讲解做完了")
    row = Given.objects.get()
    assert (row.wish, row.version, row.facts != "") == (docket.number, 1, True)
    keeping.destroy_wishes([docket.pk], service.at)
    row.refresh_from_db()
    assert (row.wish, row.facts) == (docket.number, ""), "that it was enjoyed stays"


def test_not_without_being_entitled_and_not_for_others(service, client):
    service.company("长江")
    with pytest.raises(ClaimsError) as error:
        giving.wish(
            measure="kjj-rd", party=service.parties["长江"], actor=service.actor("长江"), at=service.at
        )
    assert error.value.code == "not"
    number = giving.wish(
        measure="kjj-rd", party=service.parties["星河"], actor=service.actor("星河"), at=service.at
    )
    docket = Docket.objects.get(number=number)
    with pytest.raises(kernel.NotPermitted):
        service.does("handler", docket.pk, "decline", reason="本月排不上")
    service.signed_in(client, "长江")
    assert client.post(f"/benefits/unwish/{number}").status_code == 404
    client.logout()
    service.signed_in(client, "星河")
    assert client.post(f"/benefits/unwish/{number}").status_code == 302
    docket.refresh_from_db()
    assert docket.state == "withdrawn"


def test_an_officer_puts_it_on_record_on_a_page(relief, client, monkeypatch):
    monkeypatch.setattr(sources, "given_by", lambda *, on: tuple(relief.measures.values()))
    relief.signed_in(client, "handler")
    assert f'value="{timezone.localdate()}"' in client.get("/work/benefits/given").content.decode()
    said = {"measure": "kjj-rd", "number": uscc(relief), "given_on": "2026-11-01", "yuan": "300"}
    assert client.post("/work/benefits/given", {**said, "number": "91421202TB0000000X"}).status_code == 422
    assert client.post("/work/benefits/given", {**said, "yuan": "-1"}).status_code == 422
    assert client.post("/work/benefits/given", said).status_code == 302
    assert client.post("/work/benefits/given", said).status_code == 302, "the same once more"
    other = client.post("/work/benefits/given", {**said, "yuan": "400"})
    assert (other.status_code, "已经记过：2026-11-01，300.00元" in other.content.decode()) == (422, True)
    page = client.get("/work/benefits/given").content.decode()
    assert "咸宁星河有限公司" in page
    client.logout()
    relief.signed_in(client, "星河")
    assert client.get("/work/benefits/given").status_code == 403
