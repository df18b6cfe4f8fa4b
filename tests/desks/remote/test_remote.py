"""Two officers look at one application: begun with consent, shared, ended by either or by time; a link that is down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.cases.town import CITIZEN, HALL, case, restaurant
from tests.registers.identity.factories import an_account
from tongban.actors.models import Officer
from tongban.desks.cases import api as cases
from tongban.desks.remote import api as remote
from tongban.desks.remote import links, services
from tongban.desks.remote.models import RemoteSession
from tongban.kernel import api as kernel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
MARKET = "421202-scjg"


@pytest.fixture
def link(settings, tmp_path):
    settings.REMOTE_LINK, settings.DATA = "tongban.desks.remote.links.DemoLink", tmp_path
    return tmp_path / "remote" / "down"


@pytest.fixture
def application(link):
    asked = restaurant(cases=(case("0703100100", "scjg"),), surveys=())
    return cases.submit(asked, actor=CITIZEN, at=timezone.now() - timedelta(minutes=1)).number


def officer(unit, role):
    found = Officer.objects.filter(unit_id=unit, appointments__role=role).first()
    client = Client()
    client.force_login(an_account(f"{unit}-{role}", acts_as=found, kind="officer"))
    return client


@pytest.fixture
def window(application):
    return officer(HALL, "window")


@pytest.fixture
def expert(application):
    return officer(MARKET, "handler")


def begin(window, application, **more):
    asked = {"number": application, "far": MARKET, "place": "3号窗", "consent": "spoken", **more}
    return window.post("/work/remote/new", asked)


def text(client, address):
    return client.get(address).content.decode()


def do(client, page, move, **data):
    return client.post(f"{page}/do/{move}", data)


def row_of(page):
    return kernel.docket(page.rpartition("/")[2], actor=kernel.SYSTEM)


def test_both_see_the_same_form_and_what_the_other_points_at_until_one_ends_it(window, expert, application):
    page = begin(window, application)["Location"]
    assert row_of(page).number in text(expert, "/work/remote")  # the remote unit sees who waits
    before = text(expert, page)
    assert "接通" in before and "张小明" not in before and "13800005678" not in before  # noqa: PT018 - nothing yet
    assert "一起看的申请内容" not in before
    do(expert, page, "join")
    assert window.get(f"{page}/view?state=invited")["HX-Refresh"] == "true"  # the whole page anew
    seen = expert.get(f"{page}/view")
    assert "一起看的申请内容" in seen.content.decode()
    assert "13800005678" not in seen.content.decode()  # masked on both sides
    assert expert.get(f"{page}/view", headers={"If-None-Match": seen["ETag"]}).status_code == 304
    expert.post(f"{page}/point", {"key": "person.phone"})
    changed = window.get(f"{page}/view")
    assert "正在看" in changed.content.decode()
    assert expert.get(f"{page}/view", headers={"If-None-Match": seen["ETag"]}).status_code == 200
    do(expert, page, "remark", text="电话请再核对")
    assert "电话请再核对" in text(window, f"{page}/view")
    assert "side=near" in text(window, page) and "side=far" in text(expert, page)  # noqa: PT018 - each its own link
    do(window, page, "end", said="电话已核对")
    over = text(expert, page)
    assert "电话已核对" in over and "一起看的申请内容" not in over and "side=far" not in over  # noqa: PT018
    acts = [
        (one.act, one.actor.partition(":")[0])
        for one in kernel.history(row_of(page).number, at=timezone.now())
    ]
    assert acts == [("invite", "officer"), ("join", "officer"), ("remark", "officer"), ("end", "officer")]
    first = kernel.history(row_of(page).number, at=timezone.now())[0].body["data"]
    assert first == {"shared": application, "near": HALL, "far": MARKET, "consent": "spoken"}


def test_without_the_applicants_consent_nothing_is_shown_to_anybody(window, application):
    answer = begin(window, application, consent="")
    assert (answer.status_code, "先征得申请人同意" in answer.content.decode()) == (422, True)
    assert not RemoteSession.objects.exists()


@pytest.mark.parametrize("how", ["down", "failing", "unconnected"])
def test_a_link_that_is_down_is_told_with_the_ordinary_ways(window, application, link, settings, how):
    if how == "down":
        link.parent.mkdir(parents=True)
        link.touch()
    else:
        settings.DEMO = False
        settings.REMOTE_LINK = {"failing": "tongban.desks.remote.links.FailingDemo", "unconnected": ""}[how]
    answer = begin(window, application)
    said = answer.content.decode()
    assert answer.status_code == 503
    assert "远程窗口现在连不上" in said
    assert "照常代收" in said
    assert not RemoteSession.objects.exists()


def test_a_plugin_that_fails_or_hangs_is_a_link_that_is_down(monkeypatch, settings):
    class Broken:
        def open(self, **_asked):
            raise RuntimeError("secret words")

    monkeypatch.setattr(links, "plugin", Broken)
    with pytest.raises(links.LinkDownError, match="failed"):
        links.link(near="a", far="b", at=timezone.now())


def test_who_takes_no_part_sees_neither_form_nor_papers(window, application):
    page = begin(window, application)["Location"]
    other = officer("421202-xfjy", "handler")
    assert other.get(page).status_code == 404
    assert other.get(f"{page}/view").status_code == 404
    assert other.post(f"{page}/point", {"key": "person.name"}).status_code == 404
    colleague = officer(MARKET, "approver")
    handler = officer(MARKET, "handler")
    do(handler, page, "join")
    assert "一起看的申请内容" not in text(colleague, page)  # of the same unit, but not the one who joined
    assert colleague.get(f"{page}/files/1").status_code == 404


def test_nobody_comes_or_nothing_happens_and_it_ends_by_itself(window, expert, application):
    at = timezone.now()
    page = begin(window, application)["Location"]
    assert services.end_stale(at=at + timedelta(minutes=9)) == 0
    assert services.end_stale(at=at + timedelta(minutes=11)) == 1
    assert (row_of(page).state, row_of(page).outcome) == ("ended", "timed_out")
    page = begin(window, application)["Location"]
    do(expert, page, "join")
    assert services.end_stale(at=timezone.now() + timedelta(minutes=14)) == 0
    assert services.end_stale(at=timezone.now() + timedelta(minutes=16)) == 1


def test_one_at_a_time_and_it_can_be_declined_or_called_off(window, expert, application):
    page = begin(window, application)["Location"]
    again = begin(window, application)
    assert "已经有一个远程窗口" in again.content.decode()
    do(expert, page, "decline", reason="正在开会")
    assert row_of(page).outcome == "declined"
    page = begin(window, application)["Location"]
    do(window, page, "call_off")
    assert row_of(page).outcome == "called_off"
    assert window.post(f"{page}/do/nonsense").status_code == 404


def test_a_unit_that_does_not_exist_is_told(window, application):
    with pytest.raises(remote.RemoteRefused) as refused:
        remote.begin(
            shared=kernel.docket(application, actor=kernel.SYSTEM), far_unit="nowhere", place="", consent="signed",
            actor=kernel.Actor("officer:1", unit=HALL), at=timezone.now(),
        )  # fmt: skip
    assert "far" in refused.value.fields
