"""Versions: compared before one replaces another, taken back, learned every night; and the commands."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.desks.hotline import town as place
from tests.desks.hotline.sorting import pieces
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.sorting import api, current, jobs, judging, selectors, services
from tongban.kernel import api as kernel

pytestmark = pytest.mark.usefixtures("town", "room")


@pytest.fixture(autouse=True)
def _many_touchstones(monkeypatch):
    """A third of the few messages: enough to compare by."""
    monkeypatch.setattr(judging, "TOUCHSTONES", 3)


def _train(lessons=None, *, at=place.NINE, **more):
    return api.train(lessons or pieces.lessons(), source="测试", actor=kernel.SYSTEM, at=at, **more)


def _wrong():
    """Lessons whose categories are turned round for what is learned from, right for the touchstones."""
    turned = {
        "环境/噪音": "劳动/工资",
        "劳动/工资": "环境/噪音",
        "环境/污水": "交通/公交",
        "交通/公交": "环境/污水",
    }
    return [
        one
        if judging.is_touchstone(one)
        else api.Lesson(one.subject, one.body, turned[one.category], trust=8)
        for one in pieces.lessons()
    ]


def test_a_version_at_least_as_good_is_taken_into_use():
    report = _train()
    assert report.replaced
    assert report.macro_f1 >= report.before
    assert report.texts + report.held_out == len(pieces.lessons())
    assert api.suggest("公交车不停", region=place.CITY).version == report.version
    (version,) = api.versions()
    assert (version.name, version.in_use) == (report.version, True)
    assert [one.act for one in kernel.history(services.STREAM, at=place.NINE)] == ["learned", "used"]


def test_a_worse_version_is_kept_but_not_used():
    first = _train()
    second = _train(_wrong(), at=place.NINE + timedelta(days=1))
    assert not second.replaced
    assert second.macro_f1 < second.before
    assert api.suggest("公交车不停", region=place.CITY).version == first.version
    third = _train(_wrong(), at=place.NINE + timedelta(days=2), anyway=True)
    assert third.replaced
    assert [one.in_use for one in api.versions()] == [True, False, False]


def test_too_few_touchstones_change_nothing(monkeypatch):
    monkeypatch.setattr(services, "COMPARE_LEAST", 10_000)
    report = _train()
    assert not report.replaced
    assert api.suggest("公交车不停", region=place.CITY).version.startswith("start-")


def test_a_version_is_rolled_back_step_by_step():
    first = _train()
    second = _train(at=place.NINE + timedelta(days=1), anyway=True)
    assert api.roll_back(actor=kernel.SYSTEM, at=place.NINE).name == first.version
    assert api.roll_back(actor=kernel.SYSTEM, at=place.NINE) is None
    assert api.suggest("公交车不停", region=place.CITY).version.startswith("start-")
    with pytest.raises(api.SortingError):
        api.roll_back(actor=kernel.SYSTEM, at=place.NINE)
    assert api.roll_back(actor=kernel.SYSTEM, at=place.NINE, to=second.version).in_use


def test_nobody_rolls_back_to_a_damaged_file():
    first = _train()
    second = _train(at=place.NINE + timedelta(days=1), anyway=True)
    current.file_of(first.version).unlink()
    with pytest.raises(api.SortingError):
        api.roll_back(actor=kernel.SYSTEM, at=place.NINE)
    assert api.suggest("公交车不停", region=place.CITY).version == second.version


def test_dispatches_of_closed_tickets_teach():
    told = [
        place.dispatched(text=f"{n}号楼的路灯不亮了，请派人维修。", category="城建/路灯", matter="0204100100")
        for n in range(4)
    ]
    closed = [ticket.docket for ticket in told[:3]]
    type(Ticket.objects.get(docket_id=closed[0]).docket).objects.filter(pk__in=closed).update(state="closed")
    Ticket.objects.filter(docket_id=closed[1]).update(confidential=True)
    Ticket.objects.filter(docket_id=closed[2]).update(kind="invalid")
    (lesson,) = selectors.lessons_since(place.NINE - timedelta(days=1))
    assert lesson.paths == ("城建", "城建/路灯", "#0204100100")
    assert selectors.lessons_since(place.NINE + timedelta(days=1)) == []


def test_the_night_learns_in_a_process_of_its_own(monkeypatch):
    ran = []

    class Done:
        returncode, stdout, stderr = 0, "学了", ""

    monkeypatch.setattr(jobs.subprocess, "run", lambda command, **_more: ran.append(command) or Done)
    jobs.learn_from_dispatches(place.NINE)
    assert ran[0][-4:] == ["train", "--dispatches", "--at", place.NINE.isoformat()]
    Done.returncode = 1
    with pytest.raises(RuntimeError):
        jobs.learn_from_dispatches(place.NINE)


# Commands ------------------------------------------------------------------------------------


def _run(*words):
    out = StringIO()
    call_command("hotline", *map(str, words), stdout=out)
    return out.getvalue()


def test_a_file_is_classified_by_what_another_teaches(tmp_path):
    lessons = pieces.lessons()
    train = pieces.write_csv(tmp_path / "a.csv", lessons[::2])
    asked = pieces.write_csv(
        tmp_path / "b.csv", [*lessons[1::2], api.Lesson("", "", "")], with_category=False
    )
    _run("classify", "--train", train, "--input", asked, "--output", tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["留言编号", "留言时间", "留言主题", "留言详情", "predicted", "confidence"]
    right = [
        row["predicted"] == one.category.split("/")[0] for row, one in zip(rows, lessons[1::2], strict=False)
    ]
    assert len(rows) == len(right) + 1
    assert sum(right) / len(right) > 0.9
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", "留言主题,留言详情\n一,二\n".encode()]
)
def test_a_file_that_teaches_nothing_is_told(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(CommandError):
        _run(
            "classify",
            "--train",
            tmp_path / "a.csv",
            "--input",
            tmp_path / "a.csv",
            "--output",
            tmp_path / "c.csv",
        )


def test_training_listing_and_going_back_by_command(tmp_path):
    file = pieces.write_csv(tmp_path / "a.csv", pieces.lessons())
    assert "启用新版本" in _run("train", file)
    assert "在用" in _run("models")
    assert "起步模型" in _run("rollback")
    assert "起步模型" in _run("models")
    assert "还不够学" in _run("train", "--dispatches")
    with pytest.raises(CommandError):
        _run("rollback", "没有的版本")
