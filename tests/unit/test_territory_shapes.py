"""The ground of territories, against an independent computation with shapely."""

from __future__ import annotations

import random

import pytest
import shapely
from osgeo import ogr

from tisserand.layers.territories.shapes import (
    DEGENERATE,
    NO_GEOMETRY,
    NO_POLYGON,
    UNPLACED,
    fit,
    ground,
    is_outside,
    members,
    shared_area,
)

CELLS = {
    f"{x}{y}": shapely.box(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000) for x in range(6) for y in range(6)
}


def of(shape):
    return ground(shapely.to_wkb(shape)).outline


COMMUNES = {code: of(cell) for code, cell in CELLS.items()}


def blob(seed):
    chance = random.Random(seed)
    points = shapely.MultiPoint([(chance.uniform(-500, 6500), chance.uniform(-500, 6500)) for _ in range(6)])
    return shapely.convex_hull(points)


@pytest.mark.parametrize("seed", range(12))
def test_members_are_the_communes_mostly_inside_and_cut_those_that_are_neither(seed):
    shape = blob(seed)
    found = members(of(shape), COMMUNES)
    share = {code: shape.intersection(cell).area / cell.area for code, cell in CELLS.items()}
    assert found.codes == sorted(code for code, part in share.items() if part > 0.5)
    assert found.cut == sorted(code for code, part in share.items() if 0.02 < part < 0.98)


def test_a_territory_made_of_its_communes_is_whole_and_one_that_is_not_is_not():
    inside = ["00", "01", "10"]
    shape = shapely.union_all([CELLS[code] for code in inside])
    assert members(of(shape), COMMUNES) == (inside, [], True)
    assert not members(of(shapely.buffer(shape, 60)), COMMUNES).whole


@pytest.mark.parametrize("seed", range(6))
def test_overlap_gap_and_beyond_are_the_areas_that_shapely_finds(seed):
    shapes = [blob(seed), blob(seed + 100), blob(seed + 200)]
    land = shapely.box(0, 0, 6000, 6000)
    together = shapely.union_all(shapes)
    found = fit(map(of, shapes), of(land))
    assert found.overlap == pytest.approx((sum(shape.area for shape in shapes) - together.area) / 1e6)
    assert found.gap == pytest.approx(land.difference(together).area / 1e6)
    assert found.beyond == pytest.approx(together.difference(land).area / 1e6)


def test_a_neighbour_that_only_touches_is_outside_and_one_across_the_border_is_not():
    land = of(shapely.box(0, 0, 6000, 6000))
    assert is_outside(of(shapely.box(6000, 0, 7000, 1000)), land)
    assert is_outside(of(shapely.box(5995, 0, 7000, 1000)), land), "half a per cent is how borders are drawn"
    assert not is_outside(of(shapely.box(5000, 0, 9000, 1000)), land)
    assert not is_outside(of(shapely.box(9000, 9000, 9500, 9500)), None)


def test_outlines_that_only_touch_share_nothing():
    assert shared_area(COMMUNES["00"], COMMUNES["01"]) == 0
    assert shared_area(COMMUNES["00"], COMMUNES["11"]) == 0


@pytest.mark.parametrize(
    ("shape", "cause"),
    [
        (None, NO_GEOMETRY),
        (shapely.Polygon(), NO_GEOMETRY),
        (shapely.Point(1, 1), NO_POLYGON),
        (shapely.LineString([(0, 0), (9, 9)]), NO_POLYGON),
        (shapely.Polygon([(0, 0), (900, 0), (0, 0), (0, 0)]), DEGENERATE),
        (shapely.box(0, 0, 0.5, 0.5), DEGENERATE),
        (shapely.box(0, 0, float("inf"), 1), UNPLACED),
    ],
)
def test_what_is_no_ground_says_why(shape, cause):
    assert ground(None if shape is None else shapely.to_wkb(shape)).cause == cause


def test_a_bow_tie_is_mended_and_keeps_both_its_halves():
    found = ground(shapely.to_wkb(shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])))
    assert (found.mended, found.cause) == (True, "")
    assert found.outline.IsValid()
    assert found.outline.GetGeometryName() == "MULTIPOLYGON"
    assert found.outline.Area() == pytest.approx(5000)


def test_heights_and_collections_come_in_as_flat_polygons():
    high = shapely.Polygon([(0, 0, 5), (100, 0, 5), (100, 100, 5)])
    assert not ground(shapely.to_wkb(high, output_dimension=3)).outline.Is3D()
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 10, 10), shapely.LineString([(0, 0), (50, 50)])])
    assert ground(shapely.to_wkb(mixed)).outline.Area() == 100
    assert ogr.GT_Flatten(of(CELLS["00"]).GetGeometryType()) == ogr.wkbMultiPolygon
