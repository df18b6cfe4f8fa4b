"""From facts to the pages: who reads what, an expected topic handed to its unit, and the unit's answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.actors.factories import CITY, a_unit, an_officer
from tests.kernel.toy import at
from tests.registers.identity.factories import an_account
from tongban.kernel import api as kernel
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.facts import storing
from tongban.oversight.insight.facts.keeping import kept, words_of
from tongban.oversight.insight.foresight import api, cube, looking
from tongban.oversight.insight.foresight.contracts import By
from tongban.oversight.insight.foresight.models import Task
from tongban.registers.messages.models import Message

WATER, NOISE = "城乡建设/城市建设和市政管理/自来水供应", "环境保护/环境污染/噪音污染"
XIANAN, CHIBI = "421202001000", "421281000000"
NOW = at("2026-11-20 10:00")
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


def ticket(number, day, topic, place, unit):
    """Two facts of a ticket: taken, and sent to a unit with what it is about."""
    moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    same = {
        "stream": number, "kind": "ticket", "region": place, "channel": "phone", "subject": "", "party": "", "parent": "",
        "opened_at": moment, "outcome": "", "by": "officer", "by_unit": "421200-dsj", "delegated": False, "at": moment, "day": day,
        "recorded_at": moment,
    }  # fmt: skip
    return [
        {**same, "sequence": 1, "act": "take", "unit": "421200-dsj", "before": "", "after": "taken", "said": []},
        {**same, "sequence": 2, "act": "dispatch", "unit": unit, "before": "taken", "after": "dispatched",
         "said": [("category", topic), ("matter", "m-1")]},
    ]  # fmt: skip


@pytest.fixture
def town(settings, tmp_path, monkeypatch):
    """Fourteen months: thirty about noise in Chibi each, eight about water in Xian'an, and forty-five last month."""
    settings.DATA = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    rows, number = {}, 0
    for back in range(1, 15):
        year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - back, 12)
        first = date(year, month + 1, 3)
        for count, topic, place, unit in (
            (30, NOISE, CHIBI, "421281-sthj"), (45 if back == 1 else 8, WATER, XIANAN, "421202-swgs"),
        ):  # fmt: skip
            for _ in range(count):
                number += 1
                rows.setdefault(first, []).extend(ticket(f"T{number}", first, topic, place, unit))
    for day, own in rows.items():
        storing.add(storing.folder(), "moves", day, own)
    water = a_unit("421202-swgs", name="咸安区自来水公司")
    a_unit("421281-sthj", region="421281000000", name="赤壁市生态环境局")
    city = a_unit("421200-dsj", region=CITY, name="咸宁市政务服务局")
    return {
        "head": an_officer("head", of=water), "leader": an_officer("leader", of=city),
        "clerk": an_officer("handler", of=city),
    }  # fmt: skip


def signed_in(client, town, name):
    client.force_login(an_account(name, acts_as=town[name], kind="officer"))
    return client


def test_facts_become_months_by_topic_place_and_unit(town):
    found = cube.read(today=TODAY)
    assert found.month == date(2026, 10, 1)
    last = [row for row in found.requests if row["month"] == "2026-10"]
    assert [(row["topic"], row["place"], row["unit"], row["matter"], row["n"]) for row in last] == [
        ("城乡建设/城市建设和市政管理", "421202000000", "421202-swgs", "m-1", 45),
        ("环境保护/环境污染", "421281000000", "421281-sthj", "m-1", 30),
    ]  # fmt: skip
    assert cube.read(today=TODAY) is cube.read(today=TODAY), "read once"


def test_the_unusual_month_is_found_with_who_explains_it(town):
    found = api.anomalies(month=date(2026, 10, 9), today=TODAY)
    topic = next(one for one in found if one.by is By.TOPIC)
    assert (topic.key, topic.value, topic.usual) == ("城乡建设/城市建设和市政管理", 45, 8)
    said = api.sentence(topic)
    assert "城市建设和市政管理：热线诉求 45，高于平常的" in said
    assert "咸安区自来水公司（占变化的100%）" in said
    assert api.anomalies(month=date(2026, 9, 1), today=TODAY) == []


def test_nobody_counts_what_is_not_theirs(town):
    own = api.anomalies(month=date(2026, 10, 1), today=TODAY, scope=Scope(regions=("421281",)))
    assert own == []
    unit = api.anomalies(month=date(2026, 10, 1), today=TODAY, scope=Scope(units=("421202-swgs",)))
    assert {one.key for one in unit if one.by is By.UNIT} == {"421202-swgs"}


def test_the_page_says_that_the_past_is_too_short_and_names_the_topics_all_the_same(
    client, town, monkeypatch
):
    page = signed_in(client, town, "leader").get("/work/insight/foresight").content.decode()
    assert "过去的月份还太少" in page
    with monkeypatch.context() as worked_out:
        worked_out.setattr(looking, "outlook", lambda _cube: 1 / 0)
        assert api.outlook(today=TODAY).months == 14, "once for each making of the tables"
    assert "现在有14个月的数据，至少要18个月才能检验" in page
    assert "城乡建设 / 城市建设和市政管理" in page
    assert "咸安区自来水公司" in page
    anomalies = client.get("/work/insight/anomalies").content.decode()
    assert "偏高" in anomalies
    assert client.get("/work/insight/anomalies?month=nonsense").status_code == 200


def test_a_topic_is_handed_to_its_unit_once_and_the_unit_answers(client, town):
    leader = signed_in(client, town, "leader")
    given = {"topic": "城乡建设/城市建设和市政管理", "place": "421202000000", "note": "先查泵房"}
    for _ in range(2):
        assert leader.post("/work/insight/foresight/hand", given).status_code == 302
    task = Task.objects.get()
    assert (task.unit, task.month) == ("421202-swgs", date(2026, 11, 1))
    letter = Message.objects.get(recipient=str(town["head"]), template="foresight.task")
    assert "咸安区" in letter.body
    assert "要求：先查泵房" in letter.body
    assert "Asked for: 先查泵房" in letter.body_en
    assert leader.post("/work/insight/foresight/hand", {**given, "topic": "没有"}).status_code == 404
    client.logout()
    head = signed_in(client, town, "head")
    empty = head.post(f"/work/insight/foresight/tasks/{task.pk}", {"words": " "})
    assert empty.status_code == 422
    assert "请写做了什么" in empty.content.decode()
    head.post(f"/work/insight/foresight/tasks/{task.pk}", {"words": "换了泵，提前通知了三个小区。"})
    assert "换了泵" in head.get("/work/insight/foresight").content.decode()
    acts = [one.act for one in kernel.history(f"foresight:{task.pk}", at=NOW + timedelta(days=1))]
    assert acts == ["hand", "answer"]


def test_a_head_reads_the_own_topics_and_hands_nothing_on(client, town):
    page = signed_in(client, town, "head").get("/work/insight/foresight").content.decode()
    assert "城市建设和市政管理" in page
    assert "环境污染" not in page
    given = {"topic": "城乡建设/城市建设和市政管理", "place": "421202000000"}
    refused = client.post("/work/insight/foresight/hand", given)
    assert refused.status_code == 422
    assert not Task.objects.exists()
    client.logout()
    assert signed_in(client, town, "clerk").get("/work/insight/foresight").status_code == 403


def test_a_category_of_the_list_is_kept_in_the_facts_and_nothing_else_that_is_written(settings):
    lists = kept().lists
    assert words_of({"data": {"category": WATER}}, ("category",), lists) == {"category": WATER}
    assert words_of({"data": {"category": ""}, "note": {"category": NOISE}}, ("category",), lists) == {
        "category": NOISE
    }
    assert words_of({"data": {"category": "我家楼下张三太吵"}}, ("category",), lists) == {}


def test_twelve_months_are_named_oldest_first():
    assert looking.months_before(date(2026, 2, 1), 3) == ["2025-11", "2025-12", "2026-01"]
