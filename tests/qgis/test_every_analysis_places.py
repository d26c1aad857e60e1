"""Where the layers of an analysis may lie and come from: any CRS, overseas, shapes and files of all kinds."""

from __future__ import annotations

import csv
import re
import runpy
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import (
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

analyses = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("analyses.py"))))
CALLS, checked, layer, layers_of = analyses.CALLS, analyses.checked, analyses.layer, analyses.layers_of
REUNION, STEP, WEST, SOUTH, village = (
    analyses.REUNION,
    analyses.STEP,
    analyses.WEST,
    analyses.SOUTH,
    analyses.village,
)

pytestmark = pytest.mark.usefixtures("provider")
FIRST = {call.algorithm: call for call in reversed(CALLS.values())}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
every_analysis = pytest.mark.parametrize("call", FIRST.values(), ids=FIRST.keys())
each_layer = pytest.mark.parametrize(
    ("call", "parameter"),
    [(call, parameter) for call in FIRST.values() for parameter in call.layers],
    ids=[f"{name}-{parameter}" for name, call in FIRST.items() for parameter in call.layers],
)
BY_ROAD = {name: call for name, call in CALLS.items() if "ROADS" in call.layers}
each_by_road = pytest.mark.parametrize("call", BY_ROAD.values(), ids=BY_ROAD.keys())


def alike(found, wanted, moved=(0, 0)):
    """Whether two runs have the same rows but for the last digits; ``moved``: metres from one place to the other."""
    assert found.numbers() == pytest.approx(wanted.numbers(), rel=1e-6, abs=1e-6)
    for name, made in found.layers.items():
        other = wanted.layers[name]
        to = QgsCoordinateTransform(made.crs(), other.crs(), QgsCoordinateTransformContext())
        pairs = list(zip(made.getFeatures(), other.getFeatures()))
        assert made.featureCount() == other.featureCount(), name
        for one, two in pairs:
            for field, value, expected in zip(made.fields().names(), one.attributes(), two.attributes()):
                if isinstance(value, float) and isinstance(expected, float):
                    assert value == pytest.approx(expected, rel=1e-6, abs=1e-6), (name, field)
                else:
                    assert value == expected, (name, field)
            shape, place = one.geometry(), two.geometry()
            if not place.isNull():
                if moved == (0, 0):
                    shape.transform(to)
                else:
                    shape.translate(*moved)
                assert shape.wkbType() == place.wkbType()
                assert all(
                    vertex.distance(where) < 0.01 for vertex, where in zip(shape.vertices(), place.vertices())
                ), name
    return True


@every_call
def test_degrees_and_a_mixture_give_the_answer_of_metres(call):
    metres = checked(call, layers_of(call))
    degrees = layers_of(call, crs="EPSG:4326")
    assert alike(checked(call, degrees), metres)
    names = list(call.layers)
    mixed = {
        name: degrees[name] if number % 2 else shape for number, (name, shape) in enumerate(layers_of(call).items())
    }
    assert len(names) == 1 or alike(checked(call, mixed), metres)


@every_call
def test_la_reunion_gives_the_answer_of_the_mainland_in_metres_and_in_degrees(call):
    mainland = checked(call, layers_of(call))
    there = checked(call, layers_of(call, crs="EPSG:2975", frame=REUNION))
    assert alike(there, mainland, (-REUNION[1], -REUNION[2]))
    assert alike(checked(call, layers_of(call, crs="EPSG:4326", frame=REUNION)), there)


@each_layer
def test_a_layer_without_a_crs_is_named_with_the_cure(call, parameter):
    tables = village()
    if tables[call.layers[parameter]].geometry == "NoGeometry" or (call.algorithm, parameter) == ("publish", "INPUT"):
        pytest.skip("its places are not read")
    layers = {**layers_of(call), parameter: layer(tables[call.layers[parameter]], parameter, crs="")}
    sentence = checked(call, layers)
    assert sentence == f"{parameter} has no CRS: set it in the properties of the layer."


def _bow(x, y):
    west, south, side = WEST + STEP * x, SOUTH + STEP * y, 400
    return (
        f"POLYGON(({west} {south}, {west + side} {south + side}, {west + side} {south}, {west} {south + side}, "
        f"{west} {south}))"
    )


def _touching(x, y):
    """Return a polygon whose hole touches its outline twice."""
    west, south, side = WEST + STEP * x, SOUTH + STEP * y, 400
    middle = west + side / 2
    return (
        f"POLYGON(({west} {south}, {west + side} {south}, {west + side} {south + side}, {west} {south + side}, "
        f"{west} {south}), ({middle} {south}, {west + 300} {south + 200}, {middle} {south + side}, "
        f"{west + 100} {south + 200}, {middle} {south}))"
    )


@each_layer
@pytest.mark.parametrize("strict", [False, True])
def test_torn_polygons_are_mended_or_named(provider, call, parameter, strict, tmp_path):
    taken = provider.algorithm(call.algorithm).parameterDefinition(parameter).dataTypes()
    kinds = QgsProcessing.SourceType
    tables = village()
    table = tables[call.layers[parameter]]
    areas = {kinds.TypeVectorPolygon, kinds.TypeVectorAnyGeometry}
    if table.geometry == "NoGeometry" or not areas & set(taken):
        pytest.skip("takes no polygon")
    rows = [
        ((_touching if number % 2 else _bow)(number % 6, number // 6), *row[1:])
        for number, row in enumerate(table.rows)
    ]
    layers = {**layers_of(call), parameter: layer(table._replace(geometry="Polygon", rows=rows), parameter)}
    run = checked(call, layers, strict=strict, REPORT=str(tmp_path / "rapport.html"))
    if strict:
        assert not isinstance(run, str) or parameter in run
    else:
        assert not isinstance(run, str), run


ODD = {
    "MultiPoint": lambda point: QgsGeometry.fromMultiPointXY([point, QgsPointXY(point.x() + 100, point.y())]),
    "PointZM": lambda point: QgsGeometry.fromWkt(f"POINTZM({point.x()} {point.y()} nan 3)"),
    "infinite": lambda point: QgsGeometry.fromPointXY(QgsPointXY(float("inf"), point.y())),
    "no number": lambda point: QgsGeometry.fromPointXY(QgsPointXY(float("nan"), float("nan"))),
    "far away": lambda point: QgsGeometry.fromPointXY(QgsPointXY(1e12, -1e12)),
}


@each_layer
@pytest.mark.parametrize("kind", ODD)
def test_points_of_all_kinds_are_read_or_told(call, parameter, kind):
    tables = village()
    table = tables[call.layers[parameter]]
    if table.geometry != "Point":
        pytest.skip("no points")
    points = (QgsGeometry.fromWkt(row[0]).asPoint() for row in table.rows)
    odd = kind if kind in ("MultiPoint", "PointZM") else "Point"
    rows = [
        (ODD[kind](point) if odd != "Point" or number % 3 == 1 else row[0], *row[1:])
        for number, (row, point) in enumerate(zip(table.rows, points))
    ]
    layers = {**layers_of(call), parameter: layer(table._replace(geometry=odd, rows=rows), parameter)}
    run = checked(call, layers)
    assert not isinstance(run, str) or parameter in run, run


@each_by_road
@pytest.mark.parametrize("how", ["pieces", "no length", "far", "one", "heights", "infinite"])
def test_roads_in_any_state_give_an_answer(call, how, tmp_path):
    tables = village()
    table = tables["roads"]
    rows = list(table.rows)
    kind = "LineString"
    if how == "pieces":
        kind = "MultiLineString"
        rows = [
            (f"MULTILINESTRING({one[0][len('LINESTRING') :]}, {two[0][len('LINESTRING') :]})", *one[1:])
            for one, two in zip(rows[::2], rows[1::2])
        ]
    elif how == "no length":
        place = f"{WEST} {SOUTH}"
        rows += [(f"LINESTRING({place}, {place})", f"zero{number}", 50) for number in range(3)]
    elif how == "far":
        rows = [(f"LINESTRING({WEST + 3e5} {SOUTH}, {WEST + 3e5} {SOUTH + 900})", "loin", 50)]
    elif how == "one":
        rows = rows[:1]
    elif how == "heights":
        kind = "LineStringZ"
        rows = [
            (re.sub(r"([\d.]+ [\d.]+)", r"\1 nan", row[0]).replace("LINESTRING", "LINESTRINGZ"), *row[1:])
            for row in rows
        ]
    else:
        line = [QgsPointXY(WEST, SOUTH), QgsPointXY(float("inf"), SOUTH)]
        rows.append((QgsGeometry.fromPolylineXY(line), "sans fin", 50))
    tables["roads"] = table._replace(geometry=kind, rows=rows)
    run = checked(call, layers_of(call, tables), REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str) or (how == "infinite" and "ROADS" in run), run
    if how == "no length":
        assert alike(run, checked(call, layers_of(call, village() | {"roads": table})))


def geopackage(made, path):
    """Write the layer into a GeoPackage and return its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = made.name()
    done = QgsVectorFileWriter.writeAsVectorFormatV3(made, str(path), QgsCoordinateTransformContext(), options)
    assert done[0] == QgsVectorFileWriter.WriterError.NoError
    return f"{path}|layername={made.name()}"


def broken_geopackage(made, path):
    """Return the layer in a GeoPackage whose texts hold bytes that are no UTF-8."""
    where = geopackage(made, path)
    texts = [field.name() for field in made.fields() if field.typeName() == "string"]
    with sqlite3.connect(path) as store:
        # Their triggers call functions that only GDAL has.
        for (trigger,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{trigger}"')
        for name in texts:
            value = f"CAST(CAST(\"{name}\" AS BLOB) || X'E9FF' AS TEXT)"
            store.execute(f'UPDATE "{made.name()}" SET "{name}" = {value} WHERE fid % 2')
    store.close()
    return QgsVectorLayer(where, made.name(), "ogr")


def latin_csv(made, path):
    """Return the layer in a text file that says it is UTF-8 and is not."""
    names = made.fields().names()
    with path.open("w", encoding="latin-1", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["wkt", *names])
        for row in made.getFeatures():
            values = [value if value is not None else "" for value in row.attributes()]
            lines.writerow(
                [row.geometry().asWkt(), *(f"{value}é" if isinstance(value, str) else value for value in values)]
            )
    where = "wktField=wkt" if made.isSpatial() else "geomType=none"
    uri = f"file://{path}?encoding=UTF-8&type=csv&detectTypes=yes&crs=EPSG:2154&{where}"
    return QgsVectorLayer(uri, made.name(), "delimitedtext")


@every_analysis
@pytest.mark.parametrize("spoil", [broken_geopackage, latin_csv])
def test_texts_that_are_not_utf_8_are_read(call, spoil, tmp_path):
    layers = {}
    for parameter, made in layers_of(call).items():
        suffix = ".gpkg" if spoil is broken_geopackage else ".csv"
        layers[parameter] = spoil(made, tmp_path / f"{parameter}{suffix}")
        assert layers[parameter].isValid()
        assert layers[parameter].featureCount() == made.featureCount()
    run = checked(call, layers, REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str), run
    assert (tmp_path / "rapport.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("k", "status"), [(11, 0), (1, 1)])
def test_qgis_process_ends_well_or_with_one_sentence(qgis_process, tmp_path, k, status):
    made = layers_of(CALLS["publish"])
    words = [f"{name}={geopackage(each, tmp_path / f'{name}.gpkg')}" for name, each in made.items()]
    target = tmp_path / "sortie.gpkg"
    done = qgis_process("run", "tisserand:publish", "--", *words, f"K={k}", f"OUTPUT={target}")
    said = done.stdout + done.stderr
    assert done.returncode == status, said
    assert "Traceback" not in said
    assert ("A threshold of 1 is refused" in said) == (status == 1)
    assert target.exists() == (status == 0)
