"""A directed graph as SVG: layers from top to bottom, Chinese text measured, lines around the boxes.

Nodes get the layer of their longest path; a line over several layers gets a bend of its own in each, so
that it never runs behind a box; each layer is ordered by the mean place of its neighbours, both ways.
A line that closes a circle is laid out the other way round and drawn dashed with its arrow at the top.
Draws flows and themes, and knows nothing of either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise

SIZE, SMALL = 14, 12
BOX, PAD, GAP_X, GAP_Y, MARGIN = 34, 14, 28, 52, 24
SWEEPS = 12
LONGEST_LABEL, ASIDE = 22, 26
FRAME = f'role="img" font-family="sans-serif" font-size="{SIZE}"'
TIP = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#5C6675"/></marker></defs>'
)
PAINT = {
    "start": ("#1A2230", "#1A2230", ""),
    "state": ("#FFFFFF", "#0B55A8", ' rx="4"'),
    "wait": ("#E7EBF0", "#3D4858", ' rx="4" stroke-dasharray="5 3"'),
    "final": ("#E4F3EA", "#14603A", ' rx="17"'),
    "question": ("#FFFFFF", "#4A5565", ' rx="17"'),
    "matter": ("#FFFFFF", "#0B55A8", ' rx="4"'),
    "joint": ("#E4F3EA", "#14603A", ' rx="4" stroke-dasharray="5 3"'),
}
"""Fill, edge and shape by kind of node; the tokens of the portal."""


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    label: str
    kind: str = "matter"


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    label: str = ""
    dashed: bool = False
    back: bool = False
    """Runs upward: source and target are swapped for the layout."""


@dataclass(slots=True)
class _Spot:
    """A node, or a bend of a line, in its layer; `x` is its middle."""

    name: str
    layer: int
    width: float
    room: float = 0
    """Width that nothing else of its layer enters: the box, or the longest label above it."""
    x: float = 0
    above: list[_Spot] = field(default_factory=list)
    below: list[_Spot] = field(default_factory=list)

    @property
    def y(self) -> float:
        return MARGIN + self.layer * (BOX + GAP_Y)


def text_width(text: str, size: int = SIZE) -> float:
    """Width in pixels: a full-width character is as wide as its size, another a bit over half."""
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return size * (wide + 0.58 * (len(text) - wide))


def svg(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str) -> str:
    """The graph as an SVG document with a title for screen readers.

    :param edges: both ends among the nodes, and not the same
    """
    edges = _without_circles([node.id for node in nodes], edges)
    spots = _layered(nodes, edges)
    lines = [(edge, _bends(edge, spots)) for edge in edges]
    everything = [*spots.values(), *(spot for _, way in lines for spot in way[1:-1])]
    layers: dict[int, list[_Spot]] = {}
    for spot in everything:
        layers.setdefault(spot.layer, []).append(spot)
    rows = [layers[layer] for layer in sorted(layers)]
    _arrange(rows)
    width = max(spot.x + spot.room / 2 for spot in everything) + MARGIN
    height = rows[-1][0].y + BOX + MARGIN
    size = f'width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" {size} {FRAME}>',
        f"<title>{escape(title)}</title>",
        TIP,
        f'<rect {size} fill="#FFFFFF"/>',
        *(_line(edge, way) for edge, way in lines),
        *(_label(edge, way) for edge, way in lines if edge.label),
        *(_box(node, spots[node.id]) for node in nodes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _without_circles(names: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges with those swapped that lead back to where a walk from the first node came from."""
    out: dict[str, list[int]] = {name: [] for name in names}
    for index, edge in enumerate(edges):
        out[edge.source].append(index)
    state: dict[str, str] = {}
    back: set[int] = set()

    def visit(name: str) -> None:
        state[name] = "open"
        for index in out[name]:
            target = edges[index].target
            if state.get(target) == "open":
                back.add(index)
            elif target not in state:
                visit(target)
        state[name] = "done"

    for name in names:
        if name not in state:
            visit(name)
    return [
        replace(edge, source=edge.target, target=edge.source, back=True, dashed=True) if i in back else edge
        for i, edge in enumerate(edges)
    ]


def _layered(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, _Spot]:
    spots = {node.id: _Spot(node.id, 0, text_width(node.label) + 2 * PAD) for node in nodes}
    for spot in spots.values():
        spot.room = spot.width
    for edge in edges:
        target = spots[edge.target]
        target.room = max(target.room, text_width(_shown(edge.label), SMALL) + PAD)
    moved = True
    while moved:
        moved = False
        for edge in edges:
            source, target = spots[edge.source], spots[edge.target]
            if target.layer <= source.layer:
                target.layer, moved = source.layer + 1, True
    return spots


def _bends(edge: Edge, spots: dict[str, _Spot]) -> list[_Spot]:
    source, target = spots[edge.source], spots[edge.target]
    way = [source]
    for layer in range(source.layer + 1, target.layer):
        room = text_width(_shown(edge.label), SMALL) if layer == source.layer + 1 else 0
        way.append(_Spot("", layer, 0, max(6.0, room)))
    way.append(target)
    for upper, lower in pairwise(way):
        upper.below.append(lower)
        lower.above.append(upper)
    return way


def _arrange(rows: Sequence[list[_Spot]]) -> None:
    """Order every layer by its neighbours, then place it as near to them as the boxes allow."""
    for row in rows:
        _pack(row, MARGIN)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for row in rows if downward else reversed(rows):
            wanted = {id(spot): _middle(spot.above if downward else spot.below, spot.x) for spot in row}
            row.sort(key=lambda spot: wanted[id(spot)])
            _settle(row, [wanted[id(spot)] for spot in row])
    left = min(spot.x - spot.room / 2 for row in rows for spot in row)
    for row in rows:
        for spot in row:
            spot.x += MARGIN - left


def _middle(neighbours: Iterable[_Spot], otherwise: float) -> float:
    places = [spot.x for spot in neighbours]
    return sum(places) / len(places) if places else otherwise


def _pack(row: Sequence[_Spot], left: float) -> None:
    for spot in row:
        spot.x = left + spot.room / 2
        left += spot.room + GAP_X


def _settle(row: Sequence[_Spot], wanted: Sequence[float]) -> None:
    """Each spot where it wants to be, pushed right by its left neighbour; then the mean shift is undone."""
    edge = float("-inf")
    for spot, want in zip(row, wanted, strict=True):
        spot.x = max(want, edge + spot.room / 2)
        edge = spot.x + spot.room / 2 + GAP_X
    shift = sum(spot.x - want for spot, want in zip(row, wanted, strict=True)) / len(row)
    for spot in row:
        spot.x -= shift


def _line(edge: Edge, way: Sequence[_Spot]) -> str:
    start, end, aside = way[0], way[-1], ASIDE if edge.back else 0
    path = f"M{start.x + aside:.1f} {start.y + BOX:.1f}"
    for upper, lower in pairwise(way):
        top, bottom = upper.y + BOX, lower.y
        middle, above, below = (top + bottom) / 2, upper.x + aside, lower.x + aside
        path += f" C{above:.1f} {middle:.1f} {below:.1f} {middle:.1f} {below:.1f} {bottom:.1f}"
        if lower is not end:
            path += f" L{below:.1f} {bottom + BOX:.1f}"
    dash = ' stroke-dasharray="4 3"' if edge.dashed else ""
    tip = "marker-start" if edge.back else "marker-end"
    return f'<path d="{path}" fill="none" stroke="#5C6675"{dash} {tip}="url(#tip)"/>'


def _label(edge: Edge, way: Sequence[_Spot]) -> str:
    """In the middle of the first bend, on white, so that it is read against any line."""
    upper, lower = way[0], way[1]
    x, y = (upper.x + 3 * lower.x) / 4 + (ASIDE if edge.back else 0), lower.y - (28 if edge.back else 12)
    label = _shown(edge.label)
    width = text_width(label, SMALL) + 6
    return (
        f'<g><rect x="{x - width / 2:.1f}" y="{y - SMALL:.1f}" width="{width:.1f}" height="{SMALL + 5}" '
        f'fill="#FFFFFF"/><text x="{x:.1f}" y="{y:.1f}" font-size="{SMALL}" text-anchor="middle" '
        f'fill="#4A5565">{escape(label)}<title>{escape(edge.label)}</title></text></g>'
    )


def _shown(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _box(node: Node, spot: _Spot) -> str:
    fill, edge, shape = PAINT[node.kind]
    if node.kind == "start":
        return f'<circle cx="{spot.x:.1f}" cy="{spot.y + BOX - 9:.1f}" r="9" fill="{fill}"/>'
    return (
        f'<g><rect x="{spot.x - spot.width / 2:.1f}" y="{spot.y:.1f}" width="{spot.width:.1f}" height="{BOX}"'
        f'{shape} fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
        f'<text x="{spot.x:.1f}" y="{spot.y + BOX / 2 + 5:.1f}" text-anchor="middle" fill="{edge}">'
        f"{escape(node.label)}</text></g>"
    )
