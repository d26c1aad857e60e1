"""A layer is read alike by arrays and feature by feature, and only by arrays where that tells the whole truth."""

import pandas
import pytest
from osgeo import ogr
from pandas.testing import assert_frame_equal
from qgis import processing
from qgis.core import QgsFeature, QgsProcessingFeatureSourceDefinition, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers.errors import TisserandError
from tisserand.layers.fields import REAL, TEXT
from tisserand.layers.geopackage import quietly
from tisserand.processing.algorithms import reading
from tisserand.processing.algorithms.frames import extended, fields_after, fields_of

pytestmark = pytest.mark.usefixtures("provider")
COLUMNS = {"name": "nom", "count": "nb", "share": "part", "number": "gros", "flag": "vrai"}


@pytest.fixture
def table(tmp_path):
    """Return the path of a table with every plain kind of field, holes in each, and rows that do not count."""

    def make(rows, kind=ogr.wkbPoint):
        path = tmp_path / "table.gpkg"
        data = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        crs = ogr.osr.SpatialReference()
        crs.ImportFromEPSG(2154)
        layer = data.CreateLayer("lignes", crs, kind)
        for name, type_, subtype in (
            ("nom", ogr.OFTString, ogr.OFSTNone),
            ("nb", ogr.OFTInteger, ogr.OFSTNone),
            ("part", ogr.OFTReal, ogr.OFSTNone),
            ("gros", ogr.OFTInteger64, ogr.OFSTNone),
            ("vrai", ogr.OFTInteger, ogr.OFSTBoolean),
            ("jour", ogr.OFTDate, ogr.OFSTNone),
            ("supprime_le", ogr.OFTDateTime, ogr.OFSTNone),
        ):
            field = ogr.FieldDefn(name, type_)
            field.SetSubType(subtype)
            layer.CreateField(field)
        for wkt, values in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for name, value in values.items():
                feature.SetField(name, value)
            if wkt:
                feature.SetGeometry(quietly(lambda wkt=wkt: ogr.CreateGeometryFromWkt(wkt)))
            layer.CreateFeature(feature)
        del layer, data
        return str(path)

    return make


ROWS = [
    (
        "POINT (1 2)",
        {"nom": "Épicerie | “ici” 🥕", "nb": 3, "part": 0.5, "gros": 2**40, "vrai": 1, "jour": "2026-01-02"},
    ),
    ("POINT (3 4)", {"nb": 0, "jour": "2026-01-02"}),
    (None, {"nom": "sans lieu"}),
    ("POINT EMPTY", {"nom": "lieu vide", "nb": 1}),
    ("POINT (5 6)", {"nom": "retirée", "nb": 9, "supprime_le": "2026-02-03 10:00:00"}),
    ("POINT (7 8)", {"nom": "", "nb": -2, "part": -1e-300, "gros": -1, "vrai": 0}),
]


class Said(QgsProcessingFeedback):
    """What was told to the user."""

    def __init__(self):
        super().__init__(False)
        self.lines = []

    def pushWarning(self, text):  # noqa: N802
        self.lines.append(text)

    def pushInfo(self, text):  # noqa: N802
        self.lines.append(text)


def source_of(layer):
    from qgis.core import QgsProcessingContext, QgsProcessingParameterFeatureSource, QgsProcessingParameters

    context = QgsProcessingContext()
    definition = QgsProcessingParameterFeatureSource("INPUT", "")
    found = QgsProcessingParameters.parameterAsSource(definition, {"INPUT": layer}, context)
    # The context keeps what the source reads from.
    found.context = context
    return found


def both_ways(layer, columns=COLUMNS):
    source = source_of(layer)
    said = [Said(), Said()]
    slow = reading.read(source, columns, said[0])
    fast = reading.read(source, columns, said[1], layer)
    assert said[0].lines == said[1].lines
    return slow, fast


def by_arrays(read):
    return isinstance(read.features, reading.Features)


def test_arrays_and_features_tell_the_same_to_the_last_digit(table):
    slow, fast = both_ways(QgsVectorLayer(table(ROWS)))
    assert by_arrays(fast)
    assert not by_arrays(slow)
    assert fast.ids == slow.ids == [1, 2, 6]
    assert_frame_equal(pandas.DataFrame(fast.frame), pandas.DataFrame(slow.frame))
    assert [type(value) for value in fast.frame["name"]] == [type(value) for value in slow.frame["name"]]
    assert fast.frame.geometry.to_wkb().tolist() == slow.frame.geometry.to_wkb().tolist()
    assert fast.frame.crs == slow.frame.crs
    assert [feature.attributes() for feature in fast.features] == [feature.attributes() for feature in slow.features]
    assert fast.features[2].id() == 6


def test_rows_taken_away_in_the_meantime_are_told_and_not_passed_over(table):
    path = table(ROWS)
    _, read = both_ways(QgsVectorLayer(path))
    data = ogr.Open(path, update=1)
    data.GetLayer(0).DeleteFeature(2)
    del data
    with pytest.raises(TisserandError, match="has changed while"):
        read.features[0]


def test_a_filter_on_the_layer_counts_for_both(table):
    layer = QgsVectorLayer(table(ROWS))
    layer.setSubsetString('"nb" >= 0')
    slow, fast = both_ways(layer)
    assert by_arrays(fast)
    assert fast.ids == slow.ids == [1, 2]


def test_edits_not_yet_saved_are_read(table):
    layer = QgsVectorLayer(table(ROWS))
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().lookupField("nom"), "changé")
    _, read = both_ways(layer)
    assert not by_arrays(read)
    assert read.frame["name"][0] == "changé"
    layer.rollBack()


def test_a_date_is_read_feature_by_feature(table):
    _, read = both_ways(QgsVectorLayer(table(ROWS)), {"day": "jour"})
    assert not by_arrays(read)
    assert read.frame["day"][1].year() == 2026


def test_invalid_polygons_are_left_to_what_the_user_chose_in_qgis(table):
    bow = "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"
    layer = QgsVectorLayer(table([(bow, {"nom": "nœud"})], ogr.wkbPolygon))
    _, read = both_ways(layer)
    assert not by_arrays(read)


def test_a_selection_is_a_part_of_the_layer_and_no_whole_one(table):
    layer = QgsVectorLayer(table(ROWS))
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    assert reading.whole_layer(chosen, layer) is None
    assert reading.whole_layer(QgsProcessingFeatureSourceDefinition(layer.id(), False), layer) is layer
    assert reading.whole_layer(layer, layer) is layer


def test_a_selection_is_all_that_an_algorithm_reads(table, memory_layer):
    path = table([(f"POINT (65000{k} 6860000)", {"nom": f"n{k}", "nb": k + 1}) for k in range(4)])
    layer = QgsVectorLayer(path, "besoins", "ogr")
    layer.selectByIds([2, 3])
    from qgis.core import QgsProject

    QgsProject.instance().addMapLayer(layer)
    try:
        actors = memory_layer("Point?crs=EPSG:2154&field=uuid:string", [("POINT(650000 6860000)", "a")])
        given = {"NEEDS": QgsProcessingFeatureSourceDefinition(layer.id(), True), "NEEDS_COUNT": "nb"}
        more = {"NEEDS_THEME": "", "ACTORS_THEME": "", "ACTORS": actors, "OUTPUT": "memory:"}
        found = processing.run("tisserand:coveragegaps", {**given, **more})
        assert found["PEOPLE"] == 2 + 3
    finally:
        QgsProject.instance().removeMapLayer(layer.id())


def test_features_are_extended_after_their_own_attributes_and_keep_them(memory_layer):
    layer = memory_layer("Point?crs=EPSG:2154&field=nom:string&field=theme:string", [("POINT(1 2)", "a", None)])
    features = list(layer.getFeatures())
    fields = fields_after(layer.fields(), fields_of({"theme": TEXT, "part": REAL, "rien": REAL}))
    made = list(extended(features, [0, 0], [["x", "y"], [0.5, float("nan")], [None, 2.0]], fields))
    assert fields.names() == ["nom", "theme_2", "theme", "part", "rien"]
    assert [[value if value else None for value in feature.attributes()] for feature in made] == [
        ["a", None, "x", 0.5, None],
        ["a", None, "y", None, 2.0],
    ]
    assert made[0]["part"] == 0.5
    assert all(feature.geometry().asWkt() == "Point (1 2)" for feature in made)
    assert isinstance(made[0], QgsFeature)
    assert features[0].fields().count() == 2
