"""Time the way of 100,000 actors from a GeoPackage to a GeoDataFrame and of a result back to a file.

The peers of the same run: for reading, the loop over features that PyQGIS offers and the bare Arrow stream of GDAL, as
fast as the file can be read; for writing, the same features with their attributes taken out and put back.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
import measure
from osgeo import gdal, ogr
from qgis.core import (
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSink,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameters,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

FOLDER = Path(__file__).resolve().parents[3] / "build" / "bench"
SIZES = (100_000, 200_000, 400_000)
READ = {"name": "nom", "count": "capacite", "themes": "themes_vie", "publics": "publics", "id": "uuid"}
RESULT = 13


def actors(size: int) -> str:
    """Return the path of a table of invented actors with the fields of the workspace, made when it is not there."""
    from tisserand.layers.model.tables import table

    path = FOLDER / f"features-{size}.gpkg"
    if path.exists():
        return f"{path}|layername=acteur"
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    crs = ogr.osr.SpatialReference()
    crs.ImportFromEPSG(2154)
    layer = data.CreateLayer("acteur", crs, ogr.wkbPoint)
    for field in table("acteur").fields:
        kind = ogr.OFTInteger if field.name == "capacite" else ogr.OFTString
        layer.CreateField(ogr.FieldDefn(field.name, kind))
    layer.StartTransaction()
    for number in range(size):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["uuid"], feature["nom"] = f"fictif-{number}", f"Acteur fictif {number}"
        feature["themes_vie"], feature["capacite"] = "feed|move", number % 50
        feature["description"] = "On y répare, on y échange, on y apprend. " * 3
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(600_000 + number % 997 * 100, 6_800_000 + number % 991 * 100)
        feature.SetGeometry(point)
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return f"{path}|layername=acteur"


def _started() -> QgsApplication:
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", sys.base_prefix), True)
    application = QgsApplication([], False)
    application.initQgis()
    return application


def _read(size: int, by_arrays: bool) -> dict:
    application = _started()
    import geopandas  # noqa: F401 - its import is not what is measured
    import shapely  # noqa: F401

    from tisserand.processing.algorithms.reading import read

    layer = QgsVectorLayer(actors(size), "acteurs", "ogr")
    context = QgsProcessingContext()
    definition = QgsProcessingParameterFeatureSource("INPUT", "")
    source = QgsProcessingParameters.parameterAsSource(definition, {"INPUT": layer}, context)
    clock = measure.Clock()
    found = read(source, READ, QgsProcessingFeedback(False), layer if by_arrays else None)
    return measure.measured(clock, rows=len(found.frame), application=bool(application))


def ours(size: int) -> dict:
    """Measure our reading, to a GeoDataFrame."""
    return _read(size, True)


def features(size: int) -> dict:
    """Measure the same, feature by feature."""
    return _read(size, False)


def arrow(size: int) -> dict:
    """Measure the stream of GDAL alone, the same columns, nothing done with them."""
    path = actors(size).split("|")[0]
    clock = measure.Clock()
    # The table does not keep the file open.
    data = gdal.OpenEx(path)
    table = data.GetLayer(0)
    definition = table.GetLayerDefn()
    every = [definition.GetFieldDefn(number).GetName() for number in range(definition.GetFieldCount())]
    table.SetIgnoredFields([name for name in every if name not in READ.values()])
    rows = sum(len(batch["geom"]) for batch in table.GetArrowStreamAsNumPy(["USE_MASKED_ARRAYS=YES"]))
    return measure.measured(clock, rows=rows)


def _write(size: int, make) -> dict:
    application = _started()
    from tisserand.layers.fields import REAL
    from tisserand.processing.algorithms.frames import fields_after, fields_of

    layer = QgsVectorLayer(actors(size), "acteurs", "ogr")
    given = list(layer.getFeatures())
    own = layer.fields()
    fields = fields_after(own, fields_of({f"resultat_{number}": REAL for number in range(RESULT)}))
    fields.remove(0)
    columns = [[float(row) for row in range(size)] for _ in range(RESULT)]
    options = QgsVectorFileWriter.SaveVectorOptions()
    target = FOLDER / "features-written.fgb"
    target.unlink(missing_ok=True)
    options.driverName = "FlatGeobuf"
    clock = measure.Clock()
    writer = QgsVectorFileWriter.create(
        str(target), fields, layer.wkbType(), layer.crs(), QgsCoordinateTransformContext(), options
    )
    made = list(make(given, columns, fields, own))
    assert writer.addFeatures(made, QgsFeatureSink.Flag.FastInsert), writer.errorMessage()
    del writer
    return measure.measured(clock, rows=len(made), application=bool(application))


def ours_written(size: int) -> dict:
    """Measure our writing: copies of the features, with the result after their own attributes."""
    from tisserand.processing.algorithms.frames import extended

    return _write(size, lambda given, columns, fields, own: extended(given, range(len(given)), columns, fields))


def attributes_written(size: int) -> dict:
    """Measure the usual way: a new feature with the attributes of the old one and those of the result."""

    def make(given, columns, fields, own):
        for feature, *values in zip(given, *columns):
            new = QgsFeature(fields)
            new.setGeometry(feature.geometry())
            new.setAttributes(feature.attributes() + values)
            yield new

    return _write(size, make)


TOOLS = {
    "ours": ours,
    "features": features,
    "arrow": arrow,
    "ours_written": ours_written,
    "attributes_written": attributes_written,
}


def main() -> None:
    """Print both tables."""
    first, *larger = SIZES
    for size in SIZES:
        actors(size)
    measure.heading("Reading actors with all fields of the workspace, five of them wanted (rows)")
    mine, loop, bare = (measure.alone(__file__, tool, first) for tool in ("ours", "features", "arrow"))
    measure.ratio(mine, loop, "the loop over features")
    measure.ratio(mine, bare, "the bare Arrow stream of GDAL")
    for size in larger:
        measure.alone(__file__, "ours", size)
    measure.heading(f"Writing them back with {RESULT} columns of a result (rows)")
    mine, usual = (measure.alone(__file__, tool, first) for tool in ("ours_written", "attributes_written"))
    measure.ratio(mine, usual, "new features with all attributes")
    for size in larger[:1]:
        measure.alone(__file__, "ours_written", size)


if __name__ == "__main__":
    measure.run(TOOLS, main)
