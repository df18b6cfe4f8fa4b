import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from tongban.web import csp, errors, navigation, session
from tongban.web.context import frame
from tongban.web.navigation import Entry
from tongban.web.preferences import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True
    csp.RECENT.clear()


# Policy


def test_every_page_carries_the_strict_policy(client):
    policy = client.get("/gallery")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert client.get("/nowhere-at-all")["Content-Security-Policy"] == policy


def test_a_report_is_counted_without_what_somebody_searched_for(client, caplog):
    report = {
        "csp-report": {
            "document-uri": "https://city.example/search?q=%E5%BC%A0%E4%B8%89",
            "effective-directive": "style-src-attr",
            "blocked-uri": "inline",
        }
    }
    response = client.post("/csp-report", json.dumps(report), content_type="application/csp-report")
    assert response.status_code == 204
    seen = client.get("/csp-report").json()
    assert seen["count"] == 1
    assert seen["recent"][0]["page"] == "/search"
    assert "q=" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"csp-report": 1}'])
def test_a_report_that_is_none_is_refused(client, body):
    assert client.post("/csp-report", body, content_type="application/csp-report").status_code == 400


def test_a_huge_report_is_refused(client):
    assert client.post("/csp-report", b"x" * 20_000, content_type="application/csp-report").status_code == 413


# Preferences


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("mode", "elder", 'data-mode="elder"'),
        ("theme", "dark", 'data-theme="dark"'),
        ("language", "en", 'lang="en"'),
    ],
)
def test_a_choice_is_rendered_by_the_server_on_the_next_page(client, name, value, shown):
    assert shown not in client.get("/offline").content.decode().split("<head>")[0]
    response = client.post("/preferences", {name: value, "next": "/offline"})
    assert response.status_code == 303
    assert response["Location"] == "/offline"
    assert shown in client.get("/offline").content.decode().split("<head>")[0]


def test_leaving_the_elder_mode_leaves_the_larger_step(client):
    client.post("/preferences", {"mode": "elder", "size": "plus"})
    assert 'data-size="plus"' in client.get("/offline").content.decode()
    client.post("/preferences", {"mode": ""})
    html = client.get("/offline").content.decode()
    assert "data-mode" not in html
    assert "data-size" not in html


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_nobody_is_sent_to_another_site(client, elsewhere):
    response = client.post("/preferences", {"theme": "dark", "next": elsewhere})
    assert response["Location"] == "/"


def test_an_unknown_choice_is_refused(client):
    assert client.post("/preferences", {"theme": "pink"}).status_code == 400
    assert client.post("/preferences", {"language": "xx"}).status_code == 400


def test_another_site_may_not_change_it(client):
    response = client.post("/preferences", {"mode": "elder"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "tb_mode" not in response.cookies


def test_a_forged_cookie_counts_as_the_default(client):
    client.cookies["tb_mode"] = '"><script>'
    html = client.get("/offline").content.decode()
    assert "data-mode" not in html


def test_pages_vary_by_cookie(client):
    assert "Cookie" in client.get("/offline")["Vary"]


# The frame


def test_the_frame_knows_officers_citizens_and_visitors(rf):
    def made(ident):
        request = rf.get("/")
        request.actor = SimpleNamespace(id=ident, name="王芳")
        request.preferences = Reader()
        return frame(request)

    assert made("officer:3").officer
    assert made("person:3").actor is not None
    assert not made("person:3").officer
    assert made("anonymous").actor is None
    assert frame(rf.get("/")).actor is None


def test_the_account_decides_until_the_device_has_chosen(rf):
    def made(cookie):
        request = rf.get("/")
        request.COOKIES.update(cookie)
        request.actor = SimpleNamespace(id="person:3", name="张三")
        request.user = SimpleNamespace(elder_mode=True, shortcuts=False)
        return frame(request)

    assert made({}).reader.elder
    assert not made({"tb_mode": "plain"}).reader.elder
    assert not made({}).shortcuts
    assert frame(rf.get("/")).shortcuts


def test_navigation_shows_an_officers_entry_to_officers_only(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.add(Entry(face="workbench", label="工作列表", url="/w", order=2, officers=True))
    navigation.add(Entry(face="workbench", label="搜索", url="/s", order=1))
    navigation.add(Entry(face="portal", label="首页", url="/"))
    assert [e.url for e in navigation.entries(face="workbench", officer=True)] == ["/s", "/w"]
    assert [e.url for e in navigation.entries(face="workbench", officer=False)] == ["/s"]
    navigation.add(
        Entry(
            face="workbench",
            label="名单",
            url="/l",
            order=3,
            officers=True,
            to=lambda actor: actor == "keeper",
        )
    )
    assert [e.url for e in navigation.entries(face="workbench", officer=True, actor="keeper")] == [
        "/s",
        "/w",
        "/l",
    ]
    assert [e.url for e in navigation.entries(face="workbench", officer=True, actor="other")] == ["/s", "/w"]


def test_a_long_navigation_folds_and_where_one_is_always_stands():
    made = [Entry(face="workbench", label=str(n), url=f"/{n}") for n in range(10)]
    bar = navigation.bar(made, path="/1", most=7)
    assert [e.url for e in bar.shown] == ["/0", "/1", "/2", "/3", "/4", "/5", "/6"]
    assert [e.url for e in bar.more] == ["/7", "/8", "/9"]
    here = navigation.bar(made, path="/8", most=7)
    assert [e.url for e in here.shown] == ["/0", "/1", "/2", "/3", "/4", "/5", "/8"]
    assert [e.url for e in here.more] == ["/6", "/7", "/9"]
    assert not navigation.bar(made[:8], path="/", most=7).more, "a menu with one entry saves nothing"


def test_a_page_below_an_entry_stands_under_it():
    made = [Entry(face="workbench", label=url, url=url) for url in ("/work", "/work/scan", "/work/figures")]
    paths = ("/work", "/work/T421200-261123-00001-X", "/work/figures/2026-11", "/work/figures-of-others")
    here = [navigation.bar(made, path=path, most=1).here for path in paths]
    assert [one and one.url for one in here] == ["/work", None, "/work/figures", None]


def test_an_unknown_site_setting_is_told(settings):
    settings.SITE = {"nmae": "x"}
    with pytest.raises(ValueError, match="nmae"):
        frame(RequestFactory().get("/"))


def test_a_site_is_named_by_its_setting(client, settings):
    settings.SITE = {"name": "中卫通办"}
    assert "中卫通办" in client.get("/offline").content.decode()


# Errors: what is wrong, what is possible


@pytest.mark.parametrize("status", sorted(errors.TEMPLATES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_error_page_names_a_way_on(rf, status, language):
    with override(language):
        response = errors.problem(rf.get("/x"), status=status)
    html = response.content.decode()
    assert response.status_code == status
    assert 'href="/"' in html
    assert 'href="tel:12345"' in html
    assert html.count("<li>") >= 4
    assert html.count("<h1>") == 1


def test_own_words_are_shown(rf):
    assert (
        "这件不归您办"
        in errors.permission_denied(rf.get("/"), PermissionDenied("这件不归您办")).content.decode()
    )
    assert "没有这个编号" in errors.page_not_found(rf.get("/"), Http404("没有这个编号")).content.decode()


def test_a_missing_page_does_not_tell_the_routes(client):
    html = client.get("/nowhere-at-all").content.decode()
    assert "没有这一页" in html
    assert "tried" not in html


def test_too_much_data_is_413(rf):
    response = errors.bad_request(rf.post("/"), RequestDataTooBig())
    assert response.status_code == 413
    assert "20 MB" in response.content.decode()


def test_a_conflict_names_who_changed_what_and_keeps_the_text(rf):
    response = errors.conflict(rf.post("/"), who_changed_what="李明14:02已签收", kept="我写的<话>")
    html = response.content.decode()
    assert response.status_code == 409
    assert "李明14:02已签收" in html
    assert "我写的&lt;话&gt;" in html


def test_a_form_from_a_page_that_stood_open_is_explained(settings):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/session/extend")
    assert response.status_code == 403
    assert "开得太久" in response.content.decode()


def test_the_error_page_survives_its_own_failure(rf, monkeypatch):
    monkeypatch.setattr(errors, "render_to_string", lambda *a, **k: 1 / 0)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "12345" in response.content.decode()


def test_error_pages_ask_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/nowhere-at-all")


# The installable app


def test_the_manifest_names_the_city_and_its_icons(client):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"].startswith("application/manifest+json")
    document = response.json()
    assert document["name"] == "咸宁通办"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in document["icons"]}


def test_the_worker_keeps_nothing_personal(client):
    response = client.get("/service-worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    kept = json.loads(response.content.decode().split("const KEPT = ")[1].split(";\n")[0])
    assert "/offline" in kept
    assert all(url == "/offline" or url.startswith("/static/") for url in kept)


def test_the_offline_page_is_the_same_for_everybody(client, django_user_model):
    visitor = client.get("/offline").content
    client.force_login(django_user_model.objects.create(username="wang"))
    assert client.get("/offline").content == visitor


# Session


def test_a_visitor_has_no_session_to_extend(client):
    assert client.post("/session/extend").status_code == 403


def test_the_gallery_is_for_demo_only(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get("/gallery").status_code == 404
    assert client.get("/csp-report").status_code == 404


def test_a_signed_in_reader_sees_the_name_the_way_out_and_is_warned_in_time(rf):
    request = rf.get("/mine?page=2")
    request.session = {}
    request.actor = SimpleNamespace(id="person:3", name="买买提·江")
    seconds = session.extend(request)
    html = render_to_string(
        "web/portal.html", {"shell": frame(request), "request": request, "csrf_token": "t"}
    )
    assert "买买提·江" in html
    assert 'action="/signout"' in html
    assert 'value="/mine?page=2"' in html
    assert 'name="session-ends"' in html
    left = frame(request).ends_at - timezone.now()
    assert seconds - 5 < left.total_seconds() <= seconds
    visitor = render_to_string("web/portal.html", {"shell": frame(rf.get("/")), "request": request})
    assert "session-ends" not in visitor
    assert "/signin?next=%2F" in visitor
