"""Flows as data: they contradict themselves nowhere, are drawn, and carry their dockets over versions."""

import json
import shutil

import pytest
from django.core.management import call_command

from tests.kernel.toy import CITIZEN, CLERK, at, clerk, make_flow, opening
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow import draw, registry, versions
from tongban.kernel.flow.declaration import Flow, FlowError, Limit, Mapping, Move, Opens, State, working_days
from tongban.kernel.ledger.services import verify

NOW = at("2026-11-09 10:00")


def tiny(**changes):
    fields = {
        "prefix": "Q", "version": 1, "states": (State("a", "甲"), State("b", "乙", final=True)),
        "opens": (Opens("open", "开", "a"),), "moves": (Move("go", "走", "a", "b", clerk, outcome="gone"),),
        "scope": lambda _actor: None, "sees": lambda _actor, _row: True, **changes,
    }  # fmt: skip
    return Flow("tiny", "小", **fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"moves": (Move("go", "走", "x", "b", clerk, outcome="gone"),)}, "'x' is no state"),
        ({"moves": (Move("go", "走", "a", "b", clerk),)}, "names no outcome"),
        (
            {"states": (State("a", "甲"), State("b", "乙", final=True), State("c", "丙"))},
            "no move leads to c",
        ),
        ({"moves": (Move("stay", "留", "a", None, clerk),)}, "no move leads to b"),
        (
            {
                "opens": (
                    Opens("open", "开", "a", starts=(Limit("l", "限", working_days(1), on_due="nope"),)),
                )
            },
            "on_due",
        ),
        ({"moves": (Move("go", "走", "a", "b", clerk, outcome="gone", inverse="back"),)}, "inverse"),
        ({"moves": (Move("Go!", "走", "a", "b", clerk, outcome="gone"),)}, "is no name"),
        ({"opens": ()}, "at least one way"),
    ],
)
def test_a_flow_that_contradicts_itself_is_refused_with_the_place(changes, words):
    with pytest.raises(FlowError, match=words):
        tiny(**changes)


def test_every_flow_is_drawn_with_every_state_and_arrow():
    for flow in registry.all_flows():
        text, picture = draw.mermaid(flow), draw.svg(flow)
        for state in flow.states.values():
            assert str(state.label) in text
            assert str(state.label) in picture
        assert picture.count("url(#tip)") == len(draw._edges(flow, clocks=False))


def test_two_flows_do_not_share_a_kind_or_a_letter(toy_flow):
    with pytest.raises(FlowError, match="prefix"):
        registry.register(tiny(prefix=toy_flow.prefix))
    with pytest.raises(FlowError, match="known: "):
        registry.flow_of("nonsense")


def test_released_versions_are_on_file():
    assert versions.problems() == []


def next_version(**changes) -> Flow:
    old = make_flow()
    states = (
        *(s for s in old.states.values() if s.name != "wait"),
        State("paused", "暂停", waits=True),
    )
    moves = []
    for move in old.moves.values():
        frm = tuple("paused" if s == "wait" else s for s in move.sources)
        moves.append(Move(**{**{n: getattr(move, n) for n in Move.__dataclass_fields__}, "frm": frm,
                             "to": "paused" if move.to == "wait" else move.to}))  # fmt: skip
    return Flow("toy", "玩具", prefix="Z", version=2, states=states, opens=old.opens.values(), moves=moves,
                scope=old.scope, sees=old.sees, **changes)  # fmt: skip


@pytest.mark.django_db
def test_a_dropped_state_needs_a_mapping_and_open_dockets_follow_it(toy_flow, settings, tmp_path):
    shutil.copytree(settings.PACKS / "flows", tmp_path / "flows")
    settings.PACKS = tmp_path
    for flow in registry.all_flows():
        versions.snapshot(flow)
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=NOW)
    kernel.perform(row.id, "take", actor=CLERK, at=NOW)
    kernel.perform(row.id, "ask", actor=CLERK, at=NOW, data={"reason": "缺图纸"})
    registry.forget("toy")
    registry.register(next_version())
    versions.snapshot(registry.flow_of("toy"))
    assert versions.problems() == ["toy v1: state 'wait' is gone and has no mapping"]
    registry.forget("toy")
    registry.register(next_version(mappings={1: Mapping(states={"wait": "paused"})}))
    assert versions.problems() == []
    assert versions.migrate(at=NOW) == {"toy": 1}
    docket = Docket.objects.get()
    assert (docket.state, docket.flow_version) == ("paused", 2)
    kernel.perform(row.id, "supply", actor=CITIZEN, at=NOW)
    assert verify(anchor=None, at=NOW).faults == []


def test_a_changed_flow_without_a_new_version_is_a_problem(toy_flow, settings, tmp_path):
    settings.PACKS = tmp_path
    for flow in registry.all_flows():
        path = versions.snapshot(flow)
    shape = json.loads(path.read_text())
    shape["states"].append("older")
    path.write_text(json.dumps(shape))
    assert any("raise the version" in problem for problem in versions.problems())


def test_the_command_draws_and_names_what_it_knows(toy_flow, capsys):
    call_command("flow", "draw", "toy")
    assert "stateDiagram-v2" in capsys.readouterr().out
    call_command("flow", "draw", "toy", svg=True)
    assert capsys.readouterr().out.startswith("<svg")
