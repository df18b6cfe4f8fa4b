"""Drawings: every question and matter is there, and no box lies on another."""

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from tests.desks.themes.city import spec
from tongban.desks.themes import draw
from tongban.kernel import drawing as layout

NS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "code", ["open-restaurant", "newborn", "second-hand-house", "company-closing", "utilities"]
)
def test_a_theme_is_drawn_whole(themes, code):
    theme = themes[code]
    names = {each: spec(each).name for each in theme.codes}
    root = ET.fromstring(draw.svg(theme, names))
    assert root.find(f"{NS}title").text == theme.name
    written = {text.text for text in root.iter(f"{NS}text")}
    for use in theme.matters:
        assert any(label.rstrip("…") and names[use.code].startswith(label.rstrip("…")) for label in written)
    boxes = [rect for rect in root.iter(f"{NS}rect") if rect.get("stroke")]
    assert len(boxes) == len(theme.questions) + len(theme.matters) + len(theme.surveys)
    for one, other in combinations(boxes, 2):
        if one.get("y") == other.get("y"):
            left, right = sorted((one, other), key=lambda rect: float(rect.get("x")))
            assert float(left.get("x")) + float(left.get("width")) <= float(right.get("x"))


def test_mermaid_names_what_the_arrows_mean(themes):
    text = draw.mermaid(themes["open-restaurant"], {"0104300100": "消防检查"})
    assert 'q-area -->|"≥300"| q-fire_way' in text
    assert 'm-0104300100["消防检查"]' in text
    assert "m-0703100100 --> m-0103100200" in text


def test_a_chinese_character_is_as_wide_as_it_is_high():
    assert layout.text_width("开饭店") == 3 * layout.SIZE
    assert layout.text_width("abc") < layout.text_width("开饭店")


def test_labels_are_escaped():
    nodes = [layout.Node("a", '<b>"&'), layout.Node("b", "")]
    drawn = layout.svg(nodes, [layout.Edge("a", "b", "<i>")], title="<t>")
    assert not re.search(r"<(b|i|t)>", drawn)


def test_a_line_that_closes_a_circle_points_upward():
    nodes = [layout.Node(name, name) for name in "abc"]
    edges = [layout.Edge("a", "b"), layout.Edge("b", "c"), layout.Edge("c", "a", "back")]
    drawn = layout.svg(nodes, edges, title="")
    assert (drawn.count("marker-end"), drawn.count("marker-start")) == (2, 1)
