"""Time the guide by number of actors, and its maps beside those of QGIS's own atlas.

The actors and needs are fictional, in the real communes of one Département; the store is made when it is not there.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

sys.path.append(str(Path(__file__).resolve().parents[1]))
import measure
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / "bench"
DEPARTEMENT = "92"
ACTORS = (500, 1000, 2000)
MANY = 16_000
THEMES = ("feed", "house", "equip", "clothe", "move", "work", "fund", "enjoy", "care", "connect")
WORDS = (
    "atelier",
    "partage",
    "quartier",
    "jardin",
    "repas",
    "entraide",
    "outils",
    "vélo",
    "écoute",
    "numérique",
    "accueil",
    "familles",
    "jeunes",
    "aînés",
)
PRINTED_ON = date(2026, 11, 1)


def store_of(actors: int) -> Path:
    """Return a store with so many actors, and a tenth as many needs."""
    from tisserand.layers import geopackage, workspace

    path = FOLDER / f"guide-{actors}.gpkg"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part.gpkg")
    draft.unlink(missing_ok=True)
    workspace.build(DEPARTEMENT, draft)
    communes = [row for row in geopackage.read_rows(draft, "territoire") if row["niveau"] == "commune"]
    draws = np.random.default_rng(1)
    geopackage.write_rows(
        draft,
        {
            "acteur": [actor(order, draws, communes) for order in range(actors)],
            "besoin": [need(order, draws, communes) for order in range(actors // 10)],
        },
    )
    draft.replace(path)
    return path


def somewhere(draws: np.random.Generator, communes: list[dict]) -> tuple[str, bytes]:
    """Return the code of a commune, a few being drawn far more often than the others, and a point near its middle."""
    import shapely

    commune = communes[int(len(communes) * draws.random() ** 2)]
    middle = shapely.from_wkb(commune["geom"]).representative_point()
    x, y = draws.normal((middle.x, middle.y), 150)
    return commune["code"], shapely.Point(x, y).wkb


def actor(order: int, draws: np.random.Generator, communes: list[dict]) -> dict:
    """Return a row of ``acteur``."""
    code, point = somewhere(draws, communes)
    theme = THEMES[int(draws.integers(len(THEMES)))]
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"acteur fictif {order}")),
        "nom": f"{' '.join(draws.choice(WORDS, 2)).capitalize()} {order}",
        "description": " ".join(draws.choice(WORDS, int(draws.integers(10, 60)))).capitalize() + ".",
        "theme_principal": theme,
        "themes_vie": theme,
        "diffusion": "public",
        "code_insee": code,
        "date_visite": PRINTED_ON,
        "geom": point,
    }


def need(order: int, draws: np.random.Generator, communes: list[dict]) -> dict:
    """Return a row of ``besoin``."""
    code, point = somewhere(draws, communes)
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"besoin fictif {order}")),
        "libelle": f"Besoin fictif {order}",
        "theme_vie": THEMES[int(draws.integers(len(THEMES)))],
        "nb_situations": int(draws.integers(1, 60)),
        "niveau_geo": "commune",
        "diffusion": "interne",
        "code_insee": code,
        "geom": point,
    }


def ready(actors: int):
    """Return what was asked, the content, the press and the look of a store."""
    from tisserand.guide.printing import Asked, Press, read

    asked = Asked(store_of(actors), "2026", "public", PRINTED_ON)
    content = read(asked)
    press = Press(asked)
    return content, press, press.look(content)


def guide(actors: int) -> dict:
    """Measure the whole run, from reading the store to the finished PDF."""
    with qgis():
        store_of(actors)
        clock = measure.Clock()
        content, press, look = ready(actors)
        book = press.compose(content)
        press.print(book, content, look, FOLDER / f"guide-{actors}.pdf", lambda done: True)
        return measure.measured(clock, pages=len(book.pages))


def sheets(actors: int) -> dict:
    """Measure the drawing of the maps of the territory sheets, with their scale bars and without any words around."""
    from tisserand.guide.drawing.draw import draw

    with qgis():
        content, press, look = ready(actors)
        book = press.compose(content, ["fiches"])
        for page in book.pages:
            page.operations[:] = maps_of(page)
        book.pages[:] = [page for page in book.pages if page.operations]
        clock = measure.Clock()
        draw(book, look, FOLDER / "fiches.pdf", lambda done: True)
        return measure.measured(clock, maps=sum(len(page.operations) for page in book.pages))


def atlas(actors: int) -> dict:
    """Measure QGIS's atlas on the same maps: their layers, symbols and extents, a page a map, of their mean size.

    All symbols are in one layer, where one of the maps has them; each map of a sheet has its own, set apart.
    """
    from qgis.core import (
        QgsExpressionContextUtils,
        QgsFeature,
        QgsGeometry,
        QgsLayoutExporter,
        QgsLayoutItemMap,
        QgsPrintLayout,
        QgsRectangle,
        QgsVectorLayer,
    )
    from qgis.PyQt.QtCore import QRectF

    with qgis():
        content, press, look = ready(actors)
        frames = [frame for page in press.compose(content, ["fiches"]).pages for frame in maps_of(page)]
        coverage = QgsVectorLayer(f"Polygon?crs=EPSG:{content.epsg}", "pages", "memory")
        features = []
        for frame in frames:
            feature = QgsFeature()
            feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(*frame.ground)))
            features.append(feature)
        coverage.dataProvider().addFeatures(features)
        look.layers.project.addMapLayer(coverage, False)
        layout = QgsPrintLayout(look.layers.project)
        layout.initializeDefaults()
        shown = QgsLayoutItemMap(layout)
        width, height = (float(np.mean([getattr(frame.box, side) for frame in frames])) for side in "wh")
        shown.attemptSetSceneRect(QRectF(15, 15, width, height))
        shown.setCrs(look.layers.crs)
        known = [spot for frame in frames for spot in frame.spots or () if spot.symbol not in ("pale", "count")]
        spots = tuple({(spot.true_x, spot.true_y): spot for spot in known}.values())
        of_all = next(frame for frame in frames if frame.subject == "group")
        QgsExpressionContextUtils.setLayoutVariable(layout, "guide_focus", "")
        whole = replace(of_all, extent=content.outline.extent, focus="", spots=spots)
        shown.setLayers(look.layers.of(whole))
        shown.setKeepLayerSet(True)
        layout.addLayoutItem(shown)
        shown.setAtlasDriven(True)
        shown.setAtlasMargin(0)
        layout.atlas().setCoverageLayer(coverage)
        layout.atlas().setHideCoverage(True)
        layout.atlas().setEnabled(True)
        settings = QgsLayoutExporter.PdfExportSettings()
        settings.dpi = 300
        clock = measure.Clock()
        status, _ = QgsLayoutExporter.exportToPdf(layout.atlas(), str(FOLDER / "atlas.pdf"), settings)
        assert status == QgsLayoutExporter.ExportResult.Success, status
        return measure.measured(clock, maps=len(frames))


def maps_of(page) -> list:
    """Return the maps of a page of the sheets; the cover and the small silhouettes have layers of their own."""
    from tisserand.guide.composing.book import MapFrame

    return [op for op in page.operations if isinstance(op, MapFrame) and op.subject in ("group", "commune")]


class qgis:  # noqa: N801 - reads as a statement
    """A QGIS without a window while it is entered."""

    def __enter__(self):
        from qgis.core import QgsApplication

        QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", sys.base_prefix), True)
        self.application = QgsApplication([], False)
        self.application.initQgis()

    def __exit__(self, *error):
        self.application.exitQgis()


def main() -> None:
    """Print what each tool takes."""
    measure.heading("the whole guide, by number of actors")
    for actors in (*ACTORS, MANY):
        result = measure.alone(__file__, "guide", actors)
        each = result["wall"] / result["pages"]
        print(f"-> {result['pages']:,} pages, {each:.2f} s a page (bar: 0.3 s; 500 MB for 100 pages)", flush=True)
    measure.heading("the maps of the territory sheets")
    mine = measure.alone(__file__, "sheets", ACTORS[-1])
    theirs = measure.alone(__file__, "atlas", ACTORS[-1])
    for name, result in (("sheets", mine), ("atlas", theirs)):
        print(f"-> {name}: {result['maps']} maps, {result['wall'] / result['maps']:.3f} s a map", flush=True)
    measure.ratio(mine, theirs, "QGIS's atlas, which draws the maps alone")


if __name__ == "__main__":
    measure.run({tool.__name__: tool for tool in (guide, sheets, atlas)}, main)
