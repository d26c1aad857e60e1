"""What scripts/reference.py does to the values of its sources."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

PATH = Path(__file__).resolve().parents[2] / "scripts" / "reference.py"
_spec = importlib.util.spec_from_file_location("making_reference", PATH)
making = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(making)

coordinate = st.floats(-62, 56, allow_subnormal=False)


@given(coordinate, coordinate)
def test_snapping_moves_no_vertex_by_more_than_half_a_metre(x, y):
    snapped = making.snapped(shapely.Point(x, y))
    # Half a cell of the grid in degrees, and 111.32 km in a degree.
    assert max(abs(snapped.x - x), abs(snapped.y - y)) * 111_320 < 0.5


@given(coordinate, coordinate)
def test_snapping_twice_is_snapping_once_and_leaves_short_doubles(x, y):
    once = making.snapped(shapely.Point(x, y))
    assert making.snapped(once).equals(once)
    assert np.array([once.x, once.y]).tobytes()[:3] == b"\0\0\0"


def test_an_outline_that_snapping_made_touch_itself_is_mended_and_keeps_its_area():
    bow = shapely.Polygon([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2), (1, 1)])
    assert not bow.is_valid
    mended = making.valid(bow)
    assert mended.is_valid
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == pytest.approx(2)


def test_opening_hours_are_written_as_openstreetmap_does():
    source = [
        ["lundi", "vendredi", [["09:00:00", "12:00:00"], ["14:00:00", "17:30:00"]]],
        ["samedi", "samedi", [["09:00:00", "12:00:00"]]],
    ]
    assert making.opening_hours(json.dumps(source)) == "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00"


@pytest.mark.parametrize("source", ["", "[]", '[["jeudi", "jeudi", [["12:30:00", "12:30:00"]]]]', '[["", "", []]]'])
def test_opening_hours_that_say_nothing_are_empty(source):
    assert making.opening_hours(source) == ""


@pytest.mark.parametrize(
    ("source", "kept"), [("01 40 96 71 00", True), ("06 12 34 56 78", False), ("07 12 34 56 78", False), ("15", False)]
)
def test_only_landlines_are_kept(source, kept):
    assert making.telephone(source) == (source if kept else "")


def row(code, kind, geometry, identity, parent=""):
    return {"code": code, "type": kind, "geometry": geometry, "id": identity, "commune_parent_id": parent}


def square(left: float) -> str:
    return shapely.to_wkb(shapely.MultiPolygon([shapely.box(left, 0, left + 1, 1)]), hex=True)


def test_a_commune_without_outline_is_put_together_from_its_parts_only_when_all_are_drawn():
    rows = [
        row("00001", "COM", "", "1"),
        row("00002", "COM", "", "2"),
        row("00003", "COM", square(5), "3"),
        row("00001", "COMD", square(0), "11", "1"),
        row("00011", "COMD", square(1), "12", "1"),
        row("00012", "COMD", square(3), "13", "2"),
        row("00013", "COMD", "", "14", "2"),
    ]
    found = making.outlines(rows)
    assert found.keys() == {"00001", "00003"}
    outline, rebuilt = found["00001"]
    assert rebuilt
    assert outline.equals(shapely.box(0, 0, 2, 1))
    assert not found["00003"][1]
