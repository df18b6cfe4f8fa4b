"""Many people, one problem: what is put together, what is kept apart, and what the file says."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.desks.hotline.heat import affairs
from tests.desks.hotline.heat.messages import BEGIN, LAMPS, LONE, OTHER_LAMPS, PARKING, PLANT, stream
from tongban.desks.hotline.heat.grouping import batch
from tongban.desks.hotline.heat.grouping import stream as grouping_stream
from tongban.desks.hotline.heat.grouping.batch import prepared
from tongban.desks.hotline.heat.grouping.linking import Bounds
from tongban.desks.hotline.heat.grouping.stream import Stream
from tongban.desks.hotline.heat.hotspots import Message, Spot, read_messages, spots
from tongban.desks.hotline.heat.pack import pack
from tongban.desks.hotline.heat.scoring import Measured, Weights, heat_of

CITY = (PLANT, PARKING, LAMPS, OTHER_LAMPS, *((one,) for one in LONE))


def ids(found: list[Spot]) -> list[set[str]]:
    """Which affairs each group has messages of."""
    return [{one.id.partition("-")[0] for one in spot.messages} for spot in found]


def test_same_place_and_same_matter_are_one_group_and_nothing_else_is() -> None:
    found = spots(stream(*CITY), pack())
    assert ids(found) == [{"0"}, {"2"}, {"3"}, {"1"}] or sorted(map(sorted, ids(found))) == [
        ["0"],
        ["1"],
        ["2"],
        ["3"],
    ]
    assert sorted(len(spot.messages) for spot in found) == [2, 3, 3, 6]


def test_complaints_of_one_estate_are_not_one_affair() -> None:
    grouped = ids(spots(stream(PLANT, PARKING), pack()))
    assert {"0", "1"} not in grouped


def test_the_same_words_in_two_districts_are_two_places() -> None:
    text = "人民路路口的红绿灯坏了，早上上学的孩子过马路很危险，请交警尽快来修。"
    here = [
        Message(f"0-{n}", f"咸安区人民路红绿灯坏了{n}", "咸安区" + text, BEGIN + timedelta(days=n))
        for n in range(3)
    ]
    there = [
        Message(f"1-{n}", f"赤壁市人民路红绿灯坏了{n}", "赤壁市" + text, BEGIN + timedelta(days=n))
        for n in range(3)
    ]
    assert sorted(map(sorted, ids(spots([*here, *there], pack())))) == [["0"], ["1"]]


def test_the_same_words_of_two_townships_are_two_places() -> None:
    words, plain = prepared(pack(), ["温泉街道", "浮山街道"])
    running = Stream(words, plain, Bounds(**pack()["bounds"]))
    text = "农贸批发市场旁的水泥搅拌站夜里还在施工，噪声太大睡不着，请来人管一管。"
    towns = ["温泉街道", "浮山街道"] * 3
    groups = [
        running.add(n, f"{town}批发市场夜里施工", town + text, township=town).group
        for n, town in enumerate(towns)
    ]
    assert len(set(groups[::2])) == len(set(groups[1::2])) == 1
    assert groups[0] != groups[1]


def test_one_message_after_another_finds_the_affairs_from_the_first_day_on() -> None:
    words, plain = prepared(pack())
    running = Stream(words, plain, Bounds(**pack()["bounds"]))
    messages = stream(*CITY)
    placed = [running.add(n, one.title, one.text).group for n, one in enumerate(messages)]
    affairs_in: dict[int, list[str]] = {}
    for one, group in zip(messages, placed, strict=True):
        affairs_in.setdefault(running.now(group), []).append(one.id.partition("-")[0])
    strays = sum(len(held) - held.count(max(set(held), key=held.count)) for held in affairs_in.values())
    assert strays <= 1  # a city without a history weighs every word alike
    assert max(held.count("0") for held in affairs_in.values()) >= 5


def test_who_stays_alone_is_let_go_and_a_group_is_not() -> None:
    words, plain = prepared(pack())
    running = Stream(words, plain, Bounds(**pack()["bounds"]))
    messages = stream(*CITY)
    placed = [running.add(n, one.title, one.text) for n, one in enumerate(messages)]
    alone = {one.group for one in placed if running.groups[running.now(one.group)].messages == 1}
    standing = set(running.groups) - alone
    running.forget(range(len(messages)))
    assert set(running.groups) == standing
    again = [running.add(1000 + n, one.title, one.text).group for n, one in enumerate(messages)]
    assert {running.now(one) for one in again if one < 1000} <= standing
    assert len([one for one in again if one < 1000]) > len(messages) // 2


MATTERS = (
    "物业停车费乱涨价不交就锁车", "电梯三天两头坏老人下不了楼", "垃圾没有清运臭气熏天", "幼儿园学位不够孩子没处报名",
    "楼顶漏水把天花板泡坏了", "广告灯箱整夜亮着晃眼", "公交车总是不来", "居委会不给盖章", "井盖丢了有人踩空", "河里死鱼漂了一片",
    "网吧让未成年人上网", "狗不拴绳咬了人",
)  # fmt: skip


@pytest.mark.parametrize("longest", [400, 10])
def test_a_place_of_which_much_is_told_leads_to_the_same_matter(
    longest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping_stream, "LONGEST_LIST", longest)
    words, plain = prepared(pack())
    running = Stream(words, plain, Bounds(**pack()["bounds"]))
    # Told again: what was told last stays to be found, however much was told of the place.
    told = [("清水湾小区", f"清水湾小区{matter}。") for matter in (*MATTERS, *MATTERS[-3:])]
    placed = running.add_many([grouping_stream.Message(n, *one) for n, one in enumerate(told)])
    assert [running.now(one.group) for one in placed[-3:]] == [
        running.now(one.group) for one in placed[-6:-3]
    ]
    assert len({running.now(one.group) for one in placed[-3:]}) == 3


def test_an_affair_over_many_months_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "STRETCH", 6)  # the affair lies in several stretches
    found = spots(stream(*CITY, every=timedelta(days=40)), pack())
    plant = next(spot for spot in found if spot.messages[0].id.startswith("0"))
    assert [one.id for one in plant.messages] == [f"0-{n}" for n in range(6)]
    assert plant.messages[-1].at - plant.messages[0].at > timedelta(days=300)


def test_place_and_summary_are_the_groups_own_words() -> None:
    hottest = spots(stream(*CITY), pack())[0]
    assert "清水湾" in hottest.place
    assert hottest.summary in {title for title, _text in PLANT}


def test_no_number_and_no_name_in_the_summary() -> None:
    rows = [
        Message(
            str(n),
            f"我叫王小明，电话13907150001，清水湾小区停水{n}",
            "清水湾小区三天没有水了，请供水公司来看看。",
            BEGIN,
        )
        for n in range(3)
    ]
    (spot,) = spots(rows, pack())
    assert "13907150001" not in spot.summary
    assert "王小明" not in spot.summary


@pytest.mark.parametrize(
    "text",
    ["", "😀😀😀", "a" * 100_000, "<script>alert(1)</script>" * 50, "\x00\x01§", "𠮷𠮷𠮷𠮷小区", "咸安区"],
)
def test_odd_texts_do_no_harm(text: str) -> None:
    odd = [Message("x-1", text[:60], text, BEGIN), Message("x-2", "", text, BEGIN)]
    found = spots([*stream(PLANT), *odd], pack())
    assert {one.id for spot in found for one in spot.messages} >= {f"0-{n}" for n in range(6)}


def test_nothing_comes_of_nothing() -> None:
    assert spots([], pack()) == []


def test_heat_grows_with_people_pace_anger_and_likes_and_ends_at_a_hundred() -> None:
    weights = Weights.of(pack()["heat"])
    base = Measured(messages=5, people=5, pace=2, spread=1, angry=0, agreement=0)
    more = (
        Measured(6, 6, 2, 1, 0, 0), Measured(5, 5, 4, 1, 0, 0), Measured(5, 5, 2, 3, 0, 0), Measured(5, 5, 2, 1, 2, 0),
        Measured(5, 5, 2, 1, 0, 40),
    )  # fmt: skip
    assert all(heat_of(one, weights) > heat_of(base, weights) for one in more)
    assert heat_of(Measured(10_000, 10_000, 9_000, 500, 10_000, 10**7), weights) == 100


# The command ----------------------------------------------------------------------------------


def write(path: Path, rows: list[Message]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["留言编号", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"])
        writer.writerows((one.id, one.title, f"{one.at:%Y/%m/%d %H:%M:%S}", one.text, 0, 3) for one in rows)
    return path


def test_the_command_writes_one_row_per_grouped_message(tmp_path: Path) -> None:
    given, told = write(tmp_path / "a.csv", stream(*CITY)), tmp_path / "b.csv"
    out = StringIO()
    call_command("hotline", "hotspots", "--input", str(given), "--output", str(told), stdout=out)
    with told.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["group", "rank", "heat", "from", "to", "place", "summary", "message_id"]
    assert len(rows) == 14
    assert len({row["message_id"] for row in rows}) == 14
    assert [int(row["rank"]) for row in rows] == sorted(int(row["rank"]) for row in rows)
    assert [float(row["heat"]) for row in rows] == sorted((float(row["heat"]) for row in rows), reverse=True)
    assert all(row["from"] <= row["to"] and row["summary"] and row["place"] for row in rows)
    assert "14" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("编号,主题\n1,a\n", "留言时间"),
        ("编号,主题,时间,详情\n1,a,昨天,b\n", "第 2 行"),
        ("编号,主题,时间,详情\n,a,2026-01-01,b\n", "没有编号"),
        ("编号,主题,时间,详情\n1,a,2026-01-01,b\n1,a,2026-01-01,b\n", "重复"),
    ],
)
def test_a_faulty_file_is_told_by_line(tmp_path: Path, content: str, word: str) -> None:
    given = tmp_path / "a.csv"
    given.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=word):
        call_command("hotline", "hotspots", "--input", str(given), "--output", str(tmp_path / "b.csv"))


@pytest.mark.skipif(
    not affairs.STREAM.exists(), reason="the shared stream of messages is not here (TONGBAN_SHARED)"
)
def test_real_affairs_are_found_whole_and_unmixed() -> None:
    truth = affairs.by_keywords()
    found = spots(read_messages(affairs.STREAM), pack())
    groups = {one.id: spot.rank for spot in found for one in spot.messages}
    precision, recall = affairs.b_cubed(truth, groups)
    assert precision >= 0.95
    assert recall >= 0.87
    for affair, least in (("plant beside the new town", 50), ("parking sold with flats", 50)):
        ours = [groups.get(one) for one, name in truth.items() if name == affair]
        rank = max(set(ours), key=ours.count)
        assert rank in {1, 2}
        assert ours.count(rank) >= least
