"""Directed graphs as SVG: layered from top to bottom, Chinese text measured, no outside program.

Used for flows and themes. The layout is the usual one: cycles are broken by depth-first search,
nodes get the layer of their longest path, each layer is ordered by the mean place of its
neighbours, and arrows between far layers bend around what lies between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LINE, PAD, GAP_X, GAP_Y = 18, 12, 36, 74
FILL = {
    "state": ("#FFFFFF", "#0B55A8"),
    "wait": ("#E7EBF0", "#3D4858"),
    "final": ("#E4F3EA", "#14603A"),
    "start": ("#1A2230", "#1A2230"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """`kind`: state, wait, final or start."""

    id: str
    label: str
    kind: str = "state"


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    label: str = ""


@dataclass(slots=True)
class _Box:
    node: Node
    layer: int = 0
    x: float = 0
    y: float = 0
    width: float = 0


def text_width(text: str, size: int = 14) -> float:
    """Width in pixels: a Chinese character is as wide as its size, a Latin one a bit over half."""
    return sum(size if ord(char) > 0x2E7F else size * 0.56 for char in text)


def layered(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str) -> str:
    """The graph as an SVG document with a title for screen readers."""
    boxes = {node.id: _Box(node, width=max(44, text_width(node.label) + 2 * PAD)) for node in nodes}
    forward, backward = _split(list(boxes), edges)
    _layers(boxes, forward)
    _place(boxes, forward)
    width = max((box.x + box.width for box in boxes.values()), default=0) + 200
    height = max((box.y for box in boxes.values()), default=0) + 80
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" font-family="sans-serif" font-size="14">'
        ),
        f"<title>{escape(title)}</title>",
        (
            '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
            'markerHeight="8" orient="auto"><path d="M0 0 10 5 0 10z" fill="#5C6675"/></marker></defs>'
        ),
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#FFFFFF"/>',
    ]
    parts += [_forward(boxes[edge.source], boxes[edge.target], edge.label) for edge in forward]
    parts += [_backward(boxes, edge, index) for index, edge in enumerate(backward)]
    parts += [_node(box) for box in boxes.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _split(names: list[str], edges: Sequence[Edge]) -> tuple[list[Edge], list[Edge]]:
    """Edges that go down, and those that would close a cycle."""
    out: dict[str, list[Edge]] = {name: [] for name in names}
    for edge in edges:
        out[edge.source].append(edge)
    state: dict[str, int] = {}
    back: set[int] = set()

    def visit(name: str) -> None:
        state[name] = 1
        for edge in out[name]:
            if state.get(edge.target) == 1:
                back.add(id(edge))
            elif edge.target not in state:
                visit(edge.target)
        state[name] = 2

    for name in names:
        if name not in state:
            visit(name)
    return [e for e in edges if id(e) not in back], [e for e in edges if id(e) in back]


def _layers(boxes: dict[str, _Box], edges: Sequence[Edge]) -> None:
    changed = True
    while changed:
        changed = False
        for edge in edges:
            below = boxes[edge.source].layer + 1
            if boxes[edge.target].layer < below:
                boxes[edge.target].layer = below
                changed = True


def _place(boxes: dict[str, _Box], edges: Sequence[Edge]) -> None:
    layers: dict[int, list[_Box]] = {}
    for box in boxes.values():
        layers.setdefault(box.layer, []).append(box)
    above: dict[str, list[str]] = {}
    for edge in edges:
        above.setdefault(edge.target, []).append(edge.source)
    widest = max(sum(b.width + GAP_X for b in row) for row in layers.values())
    for layer in sorted(layers):
        row = layers[layer]
        centres = {
            box.node.id: sum(boxes[s].x + boxes[s].width / 2 for s in above[box.node.id])
            / len(above[box.node.id])
            for box in row
            if box.node.id in above
        }
        row.sort(key=lambda box: centres.get(box.node.id, widest))
        x = 24 + (widest - sum(box.width + GAP_X for box in row)) / 2
        for box in row:
            box.x, box.y = x, 24 + layer * GAP_Y
            x += box.width + GAP_X


def _node(box: _Box) -> str:
    fill, edge = FILL[box.node.kind]
    if box.node.kind == "start":
        return f'<circle cx="{box.x + box.width / 2:.1f}" cy="{box.y + 15:.1f}" r="8" fill="{fill}"/>'
    radius = 15 if box.node.kind == "final" else 4
    return (
        f'<g><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="30" rx="{radius}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
        f'<text x="{box.x + box.width / 2:.1f}" y="{box.y + 20:.1f}" text-anchor="middle" fill="{edge}">'
        f"{escape(box.node.label)}</text></g>"
    )


def _label(x: float, y: float, label: str, anchor: str = "middle") -> str:
    if not label:
        return ""
    short = label if len(label) <= 34 else label[:33] + "…"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="11" fill="#4A5565" '
        f'stroke="#FFFFFF" stroke-width="3" paint-order="stroke">{escape(short)}'
        f"<title>{escape(label)}</title></text>"
    )


def _forward(source: _Box, target: _Box, label: str) -> str:
    x1, y1 = source.x + source.width / 2, source.y + 30
    x2, y2 = target.x + target.width / 2, target.y
    middle = (y1 + y2) / 2
    path = f"M{x1:.1f} {y1:.1f}C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    return _arrow(path) + _label((x1 + x2) / 2, middle + 4, label)


def _backward(boxes: dict[str, _Box], edge: Edge, index: int) -> str:
    source, target = boxes[edge.source], boxes[edge.target]
    side = max(box.x + box.width for box in boxes.values()) + 20 + (index % 6) * 14
    x1, y1 = source.x + source.width, source.y + 15
    x2, y2 = target.x + target.width, target.y + 15
    path = f"M{x1:.1f} {y1:.1f}C{side:.1f} {y1:.1f} {side:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return _arrow(path, dashed=True) + _label(side - 10, (y1 + y2) / 2, edge.label, "start")


def _arrow(path: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return (
        f'<path d="{path}" fill="none" stroke="#5C6675" stroke-width="1.2"{dash} marker-end="url(#arrow)"/>'
    )
