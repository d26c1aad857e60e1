"""Time a workspace of 100,000 actors in QGIS: duplicates, quality, opening and drawing, import, upgrade.

Run by ``make bench`` in the project's own environment; the peers that need other packages run in build/oracles. The
actors are invented: names made of syllables, around the town halls of a real Département, one in twenty written twice.
Every figure includes the reading and writing of files. Where a peer is named, both are timed in the same run.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import checkout  # from here on the package can be found
import numpy as np
from osgeo import gdal, ogr
from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

from tisserand.layers import geopackage
from tisserand.layers.model.codes import code_list
from tisserand.layers.project import build_project, layers_of, save_project
from tisserand.layers.workspace import build

FOLDER = checkout.ROOT / "build" / "bench"
ORACLES = checkout.ROOT / "build" / "oracles" / "bin" / "python"
SCHEMA_1 = checkout.ROOT / "tests" / "data" / "schema_1.sql"
IMPORTED = ("nom", "theme_principal", "themes_vie", "commune", "code_insee", "code_postal", "source_ref", "date_maj")
DEPARTEMENT = "33"
ACTORS = 100_000
TWICE = 0.05
KINDS = ("Ressourcerie", "Épicerie sociale", "Centre social", "Café associatif", "Jardin partagé", "Atelier", "")
SYLLABLES = tuple(consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aio")
DRAWN = QSize(1000, 800)


def main() -> int:
    """Print one line a measure; return the exit status."""
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", sys.base_prefix), True)
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(application.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing  # the folder of QGIS is on the path only now

    Processing.initialize()
    from tisserand.processing.provider import TisserandProvider

    provider = TisserandProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.gpkg*"):
        old.unlink()
    store = FOLDER / "actors.gpkg"
    build(DEPARTEMENT, store)
    tell("write 100,000 actors, journal included", lambda: geopackage.write_rows(store, {"acteur": actors(store)}))
    duplicates(store)
    tell("checkquality", lambda: run("checkquality", STORE=str(store), OUTPUT=str(FOLDER / "quality.gpkg")))
    drawing(store)
    for algorithm, measure in (("importactors", importing), ("upgradeworkspace", upgrading)):
        if QgsApplication.processingRegistry().algorithmById(f"tisserand:{algorithm}") is None:
            print(f"{algorithm}: not there")
        else:
            measure()
    QgsApplication.processingRegistry().removeProvider(provider)
    QgsProject.instance().clear()
    return 0


def actors(store: Path) -> list[dict]:
    """Return invented actors within 900 m of the town halls of a store."""
    random = np.random.default_rng(1)
    halls = [row for row in geopackage.read_rows(store, "acteur") if row["geom"]]
    places = [ogr.CreateGeometryFromWkb(row["geom"]) for row in halls]
    themes = list(code_list("themes_vie").labels)
    rows = []
    for number in range(ACTORS):
        again = rows and random.random() < TWICE
        at = rows[-1]["hall"] if again else int(random.integers(len(halls)))
        east, north = np.clip(random.normal(0, 300, 2), -630, 630)
        point = ogr.CreateGeometryFromWkt(f"POINT ({places[at].GetX() + east} {places[at].GetY() + north})")
        name = f"Association {rows[-1]['own']}" if again else _name(random)
        theme = themes[int(random.integers(len(themes)))]
        rows.append(
            {
                "uuid": str(uuid5(NAMESPACE_URL, f"tisserand:bench:{number}")),
                "nom": name,
                "own": name.removeprefix("Association "),
                "hall": at,
                "type_initiative": None,
                "theme_principal": theme,
                "themes_vie": theme,
                "commune": halls[at]["commune"],
                "code_insee": halls[at]["code_insee"],
                "code_postal": f"{33000 + at}",
                "statut": "valide",
                "statut_recensement": "repere",
                "diffusion": "public",
                "source": "essai",
                "source_ref": str(number),
                "date_maj": date(2026, 1, 1),
                "geom": rows[-1]["geom"] if again else bytes(point.ExportToIsoWkb()),
            }
        )
    return [{name: value for name, value in row.items() if name not in ("own", "hall")} for row in rows]


def _name(random: np.random.Generator) -> str:
    words = ["".join(SYLLABLES[k] for k in random.integers(len(SYLLABLES), size=size)).capitalize() for size in (3, 2)]
    return " ".join(filter(None, (KINDS[int(random.integers(len(KINDS)))], *words)))


def duplicates(store: Path) -> None:
    """Time findduplicates beside cKDTree with RapidFuzz's token_set_ratio on the same pairs, read and written too."""
    output = FOLDER / "pairs.gpkg"
    ours = tell(
        "findduplicates",
        lambda: run("findduplicates", ACTORS=f"{store}|layername=acteur", OUTPUT=str(output)),
    )
    print(f"    {QgsVectorLayer(str(output), '', 'ogr').featureCount():,} pairs")
    script = checkout.ROOT / "scripts" / "bench_duplicates_peer.py"
    command = [str(ORACLES), str(script), str(store), str(FOLDER / "peer.gpkg")]
    theirs = tell("  the same by geopandas, cKDTree and RapidFuzz", lambda: subprocess.run(command, check=True))
    print(f"    ours / theirs = {ours / theirs:.2f}")


def drawing(store: Path) -> None:
    """Time opening the project of the store and drawing it, beside the bare file with the symbol QGIS gives it."""
    path = store.with_suffix(".qgz")
    path.unlink(missing_ok=True)
    save_project(build_project(store, geopackage.read_settings(store)), path)
    project = QgsProject.instance()
    tell("open the project", lambda: project.read(str(path)))
    shown = project.layerTreeRoot().checkedLayers()
    extent = layers_of(project, "territoire")[0].extent()
    ours = tell("draw the project at the scale of the Département", lambda: draw(shown, extent))
    for layer in shown:
        if layer.featureCount() > 0:
            tell(f"  of which {layer.name()}", lambda layer=layer: draw([layer], extent))
    bare = []
    tell("open the bare file", lambda: bare.append(QgsVectorLayer(f"{store}|layername=acteur", "acteur", "ogr")))
    theirs = tell("draw the bare file", lambda: draw(bare, extent))
    print(f"    ours / bare = {ours / theirs:.2f}")


def importing() -> None:
    """Time the import of the actors from a CSV into a new store, beside GDAL's bare copy of the same CSV."""
    path, store = FOLDER / "actors.csv", FOLDER / "imported.gpkg"
    path.unlink(missing_ok=True)
    options = gdal.VectorTranslateOptions(
        format="CSV",
        dstSRS="EPSG:4326",
        reproject=True,
        layerCreationOptions=["GEOMETRY=AS_XY", "SEPARATOR=SEMICOLON"],
        SQLStatement=f"SELECT geom, {', '.join(IMPORTED)} FROM acteur WHERE source = 'essai'",  # nosec B608 - our names
    )
    gdal.VectorTranslate(str(path), str(FOLDER / "actors.gpkg"), options=options)
    build(DEPARTEMENT, store)
    told = {}
    ours = tell(
        "importactors, 100,000 rows of CSV",
        lambda: told.update(run("importactors", INPUT=str(path), SOURCE="essai", STORE=str(store))),
    )
    print("    " + ", ".join(f"{name} {value}" for name, value in told.items() if isinstance(value, (int, float))))
    where = ["X_POSSIBLE_NAMES=X", "Y_POSSIBLE_NAMES=Y"]
    theirs = tell(
        "  the same CSV by ogr2ogr, unchecked",
        lambda: gdal.VectorTranslate(
            str(FOLDER / "copied.gpkg"), gdal.OpenEx(str(path), gdal.OF_VECTOR, open_options=where)
        ),
    )
    print(f"    ours / theirs = {ours / theirs:.1f}")


def upgrading() -> None:
    """Time the upgrade of a store of schema 1, backup included."""
    store = FOLDER / "schema1.gpkg"
    with closing(sqlite3.connect(store)) as connection:
        connection.executescript(SCHEMA_1.read_text(encoding="utf-8"))
    # Through GDAL, whose functions the triggers of the spatial index call.
    dataset = ogr.Open(str(store), update=1)
    definition = dataset.GetLayerByName("acteur").GetLayerDefn()
    names = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
    values = ["printf('%08d-0000-4000-8000-000000000000', n)" if name == "uuid" else name for name in names]
    dataset.ExecuteSQL(
        f"INSERT INTO acteur (geom, {', '.join(names)}) "  # nosec B608 - names of the store just made
        f"WITH numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ACTORS}) "
        f"SELECT geom, {', '.join(values)} FROM numbers, (SELECT * FROM acteur WHERE geom IS NOT NULL LIMIT 1)"
    )
    del dataset
    print(f"    {geopackage.count_rows(store, 'acteur'):,} actors of schema 1")
    tell("upgradeworkspace", lambda: run("upgradeworkspace", STORE=str(store)))


def draw(layers: list, extent) -> None:
    """Draw layers in their CRS as a map window does."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(extent)
    settings.setOutputSize(DRAWN)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(FOLDER / "drawn.png"))


def run(algorithm: str, **parameters: str) -> dict:
    """Run an algorithm of the provider."""
    from qgis import processing

    return processing.run(f"tisserand:{algorithm}", parameters, feedback=QgsProcessingFeedback(False))


def tell(what: str, work: Callable[[], object]) -> float:
    """Print how long some work takes and return it, in seconds."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{what:60}{seconds:9.2f} s", flush=True)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
