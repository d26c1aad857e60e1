"""What the tests of coverage share: needs, actors and territories a few kilometres apart, and a run."""

import pytest
from qgis import processing
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
)

ALGORITHM = "tisserand:coveragegaps"
NEEDS = "Point?crs=EPSG:2154&field=libelle:string&field=nb_situations:int&field=theme_vie:string&field=publics:string"
ACTORS = (
    "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=capacite:int&field=themes_vie:string"
    "&field=publics:string"
)
X, Y = 650000, 6860000
INDICATORS = [
    "theme",
    "besoin",
    "apl",
    "ratio",
    "non_couvert",
    "cause",
    "n_acteurs",
    "plus_proche",
    "plus_proche_min",
    "top5",
    "robustesse",
    "effet_bord",
    "capacite_imputee",
    "effectif",
    "etat_offre",
    "non_couvert_min",
    "non_couvert_max",
    "confiance",
    "doutes",
    "part_recensee",
    "choix",
    "frein",
    "perdus",
    "n_a_portee",
    "n_ouverts",
    "n_gratuits",
    "n_sur_place",
    "n_a_distance",
    "n_itinerants",
    "n_non_publies",
    "horaires_connus",
    "frais_connus",
    "modes_connus",
    "itinerance_connue",
]


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


@pytest.fixture()
def needs(memory_layer):
    rows = [
        (point(0), "manger", 10, "feed|move", ""),
        (point(3000), "loger", 4, "house", "jeunes"),
        (point(60000), "loin", 5, "feed", None),
    ]
    return memory_layer(NEEDS, rows, "besoins")


@pytest.fixture()
def actors(memory_layer):
    rows = [
        (point(1000), "u1", "Épicerie", 6, "feed", ""),
        (point(2000), "u2", "Foyer", 9, "house", "familles"),
        (point(2000), "u3", "Garage", None, "move;equip", "tous-publics"),
    ]
    return memory_layer(ACTORS, rows, "acteurs")


def run(needs, actors, feedback=None, **parameters):
    parameters = {"NEEDS": needs, "ACTORS": actors, "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


@pytest.fixture()
def territories(memory_layer):
    def box(west, south, east, north):
        (w, s), (e, n) = (X + west, Y + south), (X + east, Y + north)
        return f"POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))"

    rows = [
        (box(-5000, -5000, 1500, 5000), "92001", "Ouest", "commune", "2026-01-01"),
        (box(1500, -5000, 5000, 5000), "92002", "Est", "commune", None),
        (box(-5000, -5000, 5000, 5000), "92", "Tout", "departement", None),
    ]
    fields = "field=code:string&field=nom:string&field=niveau:string&field=recense_le:string"
    return memory_layer(f"Polygon?crs=EPSG:2154&{fields}", rows, "territoires")


def geopackage(layer, path):
    """Write the layer into a GeoPackage, where it has a unique fid, and return its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = layer.name()
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    result = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    assert result[0] == QgsVectorFileWriter.WriterError.NoError, result
    return f"{path}|layername={layer.name()}"
