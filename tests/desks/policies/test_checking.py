"""What stops a measure from being published, told in words and with its line."""

from __future__ import annotations

import pytest

from tests.desks.policies.conftest import EXAMPLES, a_measure, a_policy, read, write
from tongban.desks.policies import contradicting
from tongban.desks.policies.packs import PackError
from tongban.kernel.rules.compile import compile_rule
from tongban.kernel.rules.elements import Element, Type

ELEMENTS = {
    key: Element(key, kind)
    for key, kind in {"n": Type.NUMBER, "m": Type.NUMBER, "t": Type.TEXT, "b": Type.BOOLEAN}.items()
}
N, M, T, B = ({"var": key} for key in "nmtb")


@pytest.mark.parametrize(
    "source",
    [
        {"and": [{">=": [N, 10]}, {"<": [N, 10]}]},
        {"and": [{"==": [T, "武汉"]}, {"==": [T, "咸宁"]}]},
        {"and": [{"in": [T, ["a", "b"]]}, {"!": [{"in": [T, ["a", "b", "c"]]}]}]},
        {"and": [B, {"!": [B]}]},
        {"and": [{">": [N, M]}, {"<=": [N, M]}]},
        {"and": [{">": [{"+": [N, M]}, 5]}, {"<": [{"+": [N, M]}, 5]}]},
        {"and": [{"or": [{">": [N, 9]}, {"==": [T, "x"]}]}, {"<": [N, 1]}, {"!=": [T, "x"]}]},
        {"<=": [9, N, 3]},
    ],
)
def test_conditions_that_nobody_can_meet(source):
    assert contradicting.impossible(compile_rule(source, elements=ELEMENTS))


@pytest.mark.parametrize(
    "source",
    [
        {"and": [{">=": [N, 10]}, {"<=": [N, 10]}]},
        {"and": [{"or": [{">": [N, 9]}, B]}, {"<": [N, 1]}]},
        {"and": [{">": [N, 1]}, {"<": [M, 1]}]},
        {"in": ["x", T]},
    ],
)
def test_conditions_that_somebody_may_meet(source):
    assert not contradicting.impossible(compile_rule(source, elements=ELEMENTS))


def test_conditions_that_everybody_meets_and_alternatives_that_never_come():
    assert contradicting.certain(compile_rule({"or": [{">": [N, 3]}, {"<=": [N, 3]}]}, elements=ELEMENTS))
    assert not contradicting.certain(compile_rule({"or": [{">": [N, 3]}, {"<": [N, 3]}]}, elements=ELEMENTS))
    idle = contradicting.idle(
        compile_rule({"and": [{"<": [N, 1]}, {"or": [B, {">": [N, 5]}]}]}, elements=ELEMENTS)
    )
    assert len(list(idle)) == 1


RESEARCH, ABNORMAL = {"var": "tax.research"}, {"var": "firm.abnormal"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"condition": {"and": [{">": [RESEARCH, 5]}, {"<": [RESEARCH, 3]}]}}, "谁也不可能符合"),
        ({"condition": {"or": [ABNORMAL, {"!": [ABNORMAL]}]}}, "等于人人都有"),
        ({"condition": True}, "没有用到任何数据"),
        ({"condition": {"==": [{"var": "firm.trade"}, "工业业"]}}, "没有“工业业”这个词"),
        ({"condition": {"var": "tax.reserch"}}, "没有“tax.reserch”这个数据元"),
        ({"amount": {"divide": [RESEARCH, 0, "down"]}}, "除以0"),
        ({"amount": {"yuan": "99999999999999"}}, "一定写错了"),
        ({"amount": {"yuan": "0"}}, "金额是0或负数"),
        ({"amount": 5.5}, "金额公式应当得出金额"),
        ({"examples": EXAMPLES[:2]}, "还缺例子：一个“数据不全”的"),
        ({"examples": [{**EXAMPLES[0], "amount_fen": 1}, *EXAMPLES[1:]]}, "应当是可以享受，0.01元，算出来是可以享受，10,000.00元"),
        ({"examples": [{**EXAMPLES[0], "record": {"tax.research": "viel"}}, *EXAMPLES[1:]]}, "应当是金额"),
        ({"excludes": ["kjj-rd-subsidy"]}, "不能和自己互斥"),
        ({"excludes": ["no-such"]}, "没有“no-such”这项措施"),
        ({"evidence": ["no-such-paper"]}, "没有“no-such-paper”这种材料"),
        ({"way": "matter"}, "要写目录里有的事项编码"),
        ({"opens_on": "2026-10-01", "closes_on": "2026-09-01"}, "截止日期早于开始日期"),
        ({"order": {"element": "no.such"}}, "排不了先后"),
        ({"way": "sometimes"}, "way 不能是“sometimes”"),
        ({"quota": 0}, "quota 不能是“0”"),
        ({"surprise": 1}, "没有 surprise 这一栏"),
    ],
)  # fmt: skip
def test_faults_of_a_measure_are_told_with_file_and_line(tmp_path, db, said, words):
    folder = write(tmp_path / "policies", a_policy(a_measure(**said)))
    with pytest.raises(PackError) as told:
        read(folder)
    [line] = [fault for fault in told.value.faults if words in fault]
    name, _colon, place = line.partition(":")
    assert name == "kjj.yaml"
    assert int(place.split(" ")[0]) > 5


def test_faults_of_a_file_as_a_whole(tmp_path, db):
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "a.yaml").write_text("department: kjj\npolicies: [", "utf-8")
    (folder / "b.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "c.yaml").write_text("department: nowhere\npolicies: []\n", "utf-8")
    with pytest.raises(PackError) as told:
        read(folder)
    assert [fault.split(":")[0] for fault in told.value.faults] == ["a.yaml", "b.yaml", "c.yaml"]


def test_a_key_may_be_written_once_only(tmp_path, db):
    folder = write(tmp_path / "policies", a_policy(), a_policy(key="kjj-other"))
    with pytest.raises(PackError, match="已经写过"):
        read(folder)


def test_what_is_no_reason_to_refuse_is_a_warning(tmp_path, db):
    folder = write(tmp_path / "policies", a_policy(a_measure(publicity_days=0), valid_until="2026-12-31"))
    warned = read(folder).warnings
    assert [words for words in ("没有公示期", "2026-12-31到期") if any(words in one for one in warned)] == [
        "没有公示期", "2026-12-31到期",
    ]  # fmt: skip


def test_nothing_is_written_when_one_file_is_faulty(town):
    from tongban.desks.policies.models import Policy

    write(town.folder, a_policy(a_measure(way="never")), department="rsj")
    with pytest.raises(PackError):
        town.bring(a_policy())
    assert Policy.objects.count() == 0
