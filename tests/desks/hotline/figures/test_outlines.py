"""Maps from the boundaries that a city has installed; without them, or with a broken one, the schematic map."""

import json

import pytest

from tests.kernel.rules.test_suite import SHARED
from tongban.desks.hotline.figures.outlines import chart

CANVAS = (900, 560)
GEO = SHARED / "data" / "geo"


def square(west, south, side=1.0):
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "421202.geojson").write_text(json.dumps(square(114, 29)), "utf-8")
    wrapped = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": square(115, 29)}]}
    (tmp_path / "421221.geojson").write_text(json.dumps(wrapped), "utf-8")
    return tmp_path


def test_divisions_lie_as_they_lie_in_the_world(folder):
    drawn = chart(folder, ["421202000000", "421221000000"], canvas=CANVAS)
    west, east = drawn.outlines
    assert west.x < east.x
    assert west.y == east.y
    assert drawn.frame.point(114.5, 29.5) == (west.x, west.y), "the name stands in the middle of a square"
    north, south = drawn.frame.point(114, 30)[1], drawn.frame.point(114, 29)[1]
    assert 0 < north < south < CANVAS[1]
    left, right = drawn.frame.point(114, 29)[0], drawn.frame.point(116, 29)[0]
    assert 0 < left < right < CANVAS[0]
    assert (right - left) / 2 < south - north, "a degree of longitude is shorter than one of latitude"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": []}',
     '{"type": "Polygon", "coordinates": [[[500000, 3200000], [500001, 3200000], [500001, 3200001], [500000, 3200000]]]}',
     '{"type": "MultiPolygon"}', "null"],
)  # fmt: skip
def test_a_file_that_is_no_boundary_is_told_and_nothing_is_drawn(folder, text, caplog):
    (folder / "421221.geojson").write_text(text, "utf-8")
    assert chart(folder, ["421202000000", "421221000000"], canvas=CANVAS) is None
    assert "421221.geojson" in caplog.text


def test_without_a_file_for_every_division_nothing_is_drawn(folder):
    assert chart(None, ["421202000000"], canvas=CANVAS) is None
    assert chart(folder, ["421202000000", "421222000000"], canvas=CANVAS) is None
    assert chart(folder, ["421202001000", "421202002000"], canvas=CANVAS) is None, "townships have no file"


def test_a_boundary_replaced_shows_at_once(folder):
    before = chart(folder, ["421202000000"], canvas=CANVAS)
    (folder / "421202.geojson").write_text(json.dumps(square(114, 29, side=0.5)), "utf-8")
    assert chart(folder, ["421202000000"], canvas=CANVAS).frame != before.frame


@pytest.mark.skipif(not GEO.exists(), reason="the shared boundaries are not here (TONGBAN_SHARED)")
@pytest.mark.parametrize("city", ["421200", "421300"])
def test_real_boundaries_are_drawn_within_the_canvas_and_stay_small(city):
    files = sorted(GEO.glob(f"{city[:4]}??.geojson"))
    codes = [f"{file.stem}000000" for file in files if file.stem != city]
    drawn = chart(GEO, codes, canvas=CANVAS)
    assert len(drawn.outlines) == len(codes) > 2
    for one in drawn.outlines:
        numbers = [
            int(word) for word in one.path.replace("M", " ").replace("L", " ").replace("Z", " ").split()
        ]
        assert all(0 <= x <= CANVAS[0] for x in numbers[::2])
        assert all(0 <= y <= CANVAS[1] for y in numbers[1::2])
        assert len(one.path) < 20_000
        assert 0 < one.x < CANVAS[0]
