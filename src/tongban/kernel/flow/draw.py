"""A flow as a picture: Mermaid text, and SVG without any outside program."""

from __future__ import annotations

from tongban.kernel import drawing
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Span

BASIS = {"working_days": "工作日", "natural_days": "天", "working_hours": "工作小时", "minutes": "分钟"}


def _length(limit: Limit) -> str:
    if isinstance(limit.span, Span):
        return f"{limit.span.amount}{BASIS[limit.span.basis]}"
    return "按事项"


def _label(move: Move) -> str:
    words = str(move.label)
    if move.starts:
        words += "（" + "，".join(f"{limit.label} {_length(limit)}" for limit in move.starts) + "）"
    return words


ANYWHERE = "_any"


def _edges(flow: Flow, *, clocks: bool) -> list[tuple[str, str, str]]:
    """From, to and label; moves between the same two states share one arrow.

    What may be done in any open state leads out of one place of its own, so that it is read once.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for way in flow.opens.values():
        found.setdefault(("", way.to), []).append(str(way.label))
    for move in flow.moves.values():
        words = _label(move) if clocks else str(move.label)
        for source in move.sources:
            place = ANYWHERE if source == ANY else source
            if move.to and move.to != place:
                found.setdefault((place, move.to), []).append(words)
    return [(source, target, " / ".join(dict.fromkeys(words))) for (source, target), words in found.items()]


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    %% {flow.kind} v{flow.version}"]
    lines += [f'    state "{state.label}" as {name}' for name, state in flow.states.items()]
    edges = _edges(flow, clocks=True)
    if any(source == ANYWHERE for source, _target, _words in edges):
        lines.append(f'    state "任何在办状态" as {ANYWHERE}')
    for source, target, words in edges:
        lines.append(f"    {source or '[*]'} --> {target}: {words}")
    lines += [f"    {name} --> [*]" for name, state in flow.states.items() if state.final]
    return "\n".join(lines) + "\n"


def svg(flow: Flow) -> str:
    """The flow as an SVG drawing with layers from opening to closing."""
    edges = [drawing.Edge(source, target, words) for source, target, words in _edges(flow, clocks=False)]
    nodes = [drawing.Node("", "", kind="start")]
    for name, state in flow.states.items():
        kind = "final" if state.final else "wait" if state.waits else "state"
        nodes.append(drawing.Node(name, str(state.label), kind=kind))
    if any(edge.source == ANYWHERE for edge in edges):
        nodes.append(drawing.Node(ANYWHERE, "任何在办状态", kind="wait"))
    return drawing.svg(nodes, edges, title=f"{flow.label}（{flow.kind} v{flow.version}）")


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
