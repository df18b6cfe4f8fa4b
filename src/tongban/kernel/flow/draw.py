"""A flow as a picture: Mermaid text, and SVG without any outside program."""

from __future__ import annotations

from tongban.kernel import drawing
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Span

BASIS = {"working_days": "工作日", "natural_days": "天", "working_hours": "工作小时"}


def _length(limit: Limit) -> str:
    if isinstance(limit.span, Span):
        return f"{limit.span.amount}{BASIS[limit.span.basis]}"
    return "按事项"


def _label(move: Move) -> str:
    words = str(move.label)
    if move.starts:
        words += "（" + "，".join(f"{limit.label} {_length(limit)}" for limit in move.starts) + "）"
    return words


def _edges(flow: Flow) -> list[tuple[str, str, str]]:
    """From, to and label; moves between the same two states share one arrow."""
    found: dict[tuple[str, str], list[str]] = {}
    for way in flow.opens.values():
        found.setdefault(("", way.to), []).append(str(way.label))
    for move in flow.moves.values():
        sources = (
            [s for s, state in flow.states.items() if not state.final]
            if ANY in move.sources
            else move.sources
        )
        for source in sources:
            if move.to and move.to != source:
                found.setdefault((source, move.to), []).append(_label(move))
    return [(source, target, " / ".join(dict.fromkeys(words))) for (source, target), words in found.items()]


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    %% {flow.kind} v{flow.version}"]
    lines += [f'    state "{state.label}" as {name}' for name, state in flow.states.items()]
    for source, target, words in _edges(flow):
        lines.append(f"    {source or '[*]'} --> {target}: {words}")
    lines += [f"    {name} --> [*]" for name, state in flow.states.items() if state.final]
    return "\n".join(lines) + "\n"


def svg(flow: Flow) -> str:
    """The flow as an SVG drawing with layers from opening to closing."""
    nodes = [drawing.Node("", "●", kind="start")]
    for name, state in flow.states.items():
        kind = "final" if state.final else "wait" if state.waits else "state"
        nodes.append(drawing.Node(name, str(state.label), kind=kind))
    edges = [drawing.Edge(source, target, words) for source, target, words in _edges(flow)]
    return drawing.layered(nodes, edges, title=f"{flow.label}（{flow.kind} v{flow.version}）")


def table(flow: Flow) -> str:
    """The moves as a Markdown table: from, move, to, who, clocks, source."""
    lines = ["| 从 | 动作 | 到 | 时钟 | 依据 |", "|---|---|---|---|---|"]
    for move in flow.moves.values():
        source = (
            "任何未结状态"
            if ANY in move.sources
            else "、".join(str(flow.states[s].label) for s in move.sources)
        )
        target = str(flow.states[move.to].label) if move.to else "不变"
        clocks = [f"开始 {limit.label} {_length(limit)}" for limit in move.starts]
        clocks += [f"停止 {name}" if name != ANY else "停止全部" for name in move.stops]
        clocks += [f"暂停 {name}" if name != ANY else "暂停全部" for name in move.suspends]
        clocks += [f"恢复 {name}" if name != ANY else "恢复全部" for name in move.resumes]
        sources = [move.source, *(limit.source for limit in move.starts)]
        basis = "；".join(dict.fromkeys(s for s in sources if s))
        lines.append(f"| {source} | {move.label} `{move.name}` | {target} | {'；'.join(clocks)} | {basis} |")
    return "\n".join(lines) + "\n"
