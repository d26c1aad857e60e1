"""Layers of others: one point a feature in the layer's own CRS, and impossible geometries rejected by name."""

import json

import pytest
from osgeo import gdal, ogr, osr

from tisserand.layers.exchange.reading import read_file
from tisserand.layers.exchange.reading.faults import FileUnreadableError


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties or {"nom": "Essai"}, "geometry": geometry}


def geojson(tmp_path, features, **more):
    path = tmp_path / "essai.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def geopackage(path, epsg, wkts, kind=ogr.wkbUnknown, wkt_crs=None):
    data = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    crs = osr.SpatialReference()
    if wkt_crs:
        crs.ImportFromProj4(wkt_crs)
    else:
        crs.ImportFromEPSG(epsg)
    layer = data.CreateLayer("lieux", crs, kind)
    layer.CreateField(ogr.FieldDefn("nom", ogr.OFTString))
    layer.CreateField(ogr.FieldDefn("vu_le", ogr.OFTDate))
    for order, wkt in enumerate(wkts):
        row = ogr.Feature(layer.GetLayerDefn())
        row.SetField("nom", f"Lieu {order}")
        row.SetField("vu_le", "2026/03/01")
        if wkt:
            row.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(row)
    return path


def test_the_crs_of_a_layer_is_kept_and_dates_are_dates(tmp_path):
    sheet = read_file(geopackage(tmp_path / "essai.gpkg", 2154, ["POINT (417000 6421000)", None, "POINT EMPTY"]))
    assert (sheet.format, sheet.epsg) == ("geojson", 2154)
    assert [(row.number, row.x, row.y) for row in sheet.rows] == [
        (1, 417000, 6421000),
        (2, None, None),
        (3, None, None),
    ]
    assert sheet.rows[0].values == {"nom": "Lieu 0", "vu_le": "2026-03-01"}


def test_a_crs_without_a_code_is_turned_into_degrees(tmp_path):
    lambert = "+proj=lcc +lat_1=45 +lat_2=44 +lat_0=44.5 +lon_0=0.123 +x_0=1000 +y_0=2000 +ellps=GRS80 +units=m"
    sheet = read_file(geopackage(tmp_path / "essai.gpkg", None, ["POINT (1000 2000)"], wkt_crs=lambert))
    assert sheet.epsg == 4326
    assert (sheet.rows[0].x, sheet.rows[0].y) == pytest.approx((0.123, 44.5), abs=1e-5)


def test_lines_and_outlines_give_a_point_of_their_own_and_this_is_said(tmp_path):
    horseshoe = "POLYGON ((0 0, 10 0, 10 10, 9 10, 9 1, 1 1, 1 10, 0 10, 0 0))"
    sheet = read_file(geopackage(tmp_path / "essai.gpkg", 2154, [horseshoe, "LINESTRING (0 0, 10 0, 10 10)"]))
    inside = ogr.CreateGeometryFromWkt(horseshoe)
    assert inside.Contains(ogr.CreateGeometryFromWkt(f"POINT ({sheet.rows[0].x} {sheet.rows[0].y})"))
    assert (sheet.rows[1].x, sheet.rows[1].y) == (10, 0)
    assert sheet.about["geometry"] == "Polygon: 1, Line String: 1"


@pytest.mark.parametrize(
    ("geometry", "cause"),
    [
        (point(1e308, 44.8), "no place"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "crosses itself"),
    ],
)
def test_an_impossible_geometry_is_rejected_with_its_cause_and_the_others_are_read(tmp_path, geometry, cause):
    sheet = read_file(geojson(tmp_path, [feature(point(-0.5, 44.8)), feature(geometry), feature(None)]))
    assert [row.number for row in sheet.rows] == [1, 3]
    (reject,) = sheet.rejects
    assert reject.row == 2
    assert cause in str(reject)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_coordinates_that_are_no_number_become_no_position(tmp_path, number):
    path = geojson(tmp_path, [feature(point(-0.5, 44.8)), feature(point(7777, 44.8))])
    path.write_text(path.read_text(encoding="utf-8").replace("7777", number), encoding="utf-8")
    sheet = read_file(path)
    assert [row.number for row in sheet.rows if row.x is not None] == [1]
    assert len(sheet.rows) + len(sheet.rejects) == 2


def test_other_layers_are_read_too(tmp_path):
    source = geopackage(tmp_path / "essai.gpkg", 4326, ["POINT (-0.5 44.8)"], ogr.wkbPoint)
    for driver, name in (("ESRI Shapefile", "essai.shp"), ("FlatGeobuf", "essai.fgb"), ("KML", "essai.kml")):
        path = tmp_path / name
        gdal.VectorTranslate(str(path), str(source), format=driver)
        sheet = read_file(path)
        assert (sheet.epsg, round(sheet.rows[0].x, 6), round(sheet.rows[0].y, 6)) == (4326, -0.5, 44.8), driver


def test_a_file_that_leads_elsewhere_is_not_followed(tmp_path):
    source = geojson(tmp_path, [feature(point(-0.5, 44.8))])
    path = tmp_path / "essai.vrt"
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="essai"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        encoding="utf-8",
    )
    for format in ("auto", "geojson"):
        with pytest.raises(FileUnreadableError):
            read_file(path, format)


@pytest.mark.parametrize("text", ['{"type": "FeatureCollection", "features": [', '{"type": "FeatureCollection"}', "{}"])
def test_a_broken_geojson_is_refused_with_a_sentence(tmp_path, text):
    path = tmp_path / "essai.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileUnreadableError):
        read_file(path)


def test_a_layer_is_chosen_by_name(tmp_path):
    path = geopackage(tmp_path / "essai.gpkg", 2154, ["POINT (417000 6421000)"])
    assert read_file(path, layer="lieux").about["layer"] == "lieux"
    with pytest.raises(FileUnreadableError, match="choose one of lieux"):
        read_file(path, layer="autres")
