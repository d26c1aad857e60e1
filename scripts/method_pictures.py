"""Draw the results of the example as the method pages show them: a map and its legend, one picture a method.

QT_QPA_PLATFORM=offscreen python scripts/method_pictures.py build/demo/hauts-de-seine.qgz docs/images/methodes
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sys
from pathlib import Path

import checkout  # noqa: F401 - from here on the package can be found
from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsLayerTree,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QLocale

from tisserand.i18n import install_translator
from tisserand.layers import result_tables as tables
from tisserand.layers.project import open_layer
from tisserand.layers.results import LOOKS
from tisserand.processing.provider import TisserandProvider
from tisserand.qgis_plugin import prefill

# Result tables from top to bottom, and the rows to show: several themes at one place would hide each other.
PICTURES = {
    "coveragegaps": [(tables.GAPS, "\"theme\" = 'feed'")],
    "similarneeds": [(tables.LEADS, "")],
    "matchneeds": [(tables.MATCHED_ACTORS, ""), (tables.MATCHES, "")],
    "networks": [(tables.NETWORK_LINKS, ""), (tables.NETWORKS, "")],
    "newlocations": [(tables.NEW_SITES, ""), (tables.NEW_SITES_DEMAND, "")],
    "similarinitiatives": [(tables.INITIATIVES, ""), (tables.GROUPS, "")],
    "publish": [(tables.PUBLICATION, "\"niveau\" = 'code_insee × theme_vie' AND \"theme_vie\" = 'feed'")],
}
MAP, LEGEND, HEIGHT, DPI = 105.0, 118.0, 120.0, 90
MILLIMETRES = QgsUnitTypes.LayoutUnit.LayoutMillimeters


def main(project: Path, folder: Path) -> int:
    """Draw all pictures; return the exit status."""
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", sys.base_prefix), True)
    application = QgsApplication([], False)
    application.initQgis()
    QLocale.setDefault(QLocale("fr_FR"))
    translator = install_translator()
    sys.path.append(str(Path(application.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing  # the folder of QGIS is on the path only now

    Processing.initialize()
    provider = TisserandProvider()
    application.processingRegistry().addProvider(provider)
    folder.mkdir(parents=True, exist_ok=True)
    store = project.with_suffix(".gpkg")
    failed = [name for name, parts in PICTURES.items() if not draw(store, parts, folder / f"{name}.png")]
    effort = effort_of(store)
    failed += [] if _draw([effort], store, folder / "surveyeffort.png") else ["surveyeffort"]
    print(f"{len(PICTURES) + 1 - len(failed)} images dans {folder}", *failed)
    del translator, effort
    application.processingRegistry().removeProvider(provider)
    return 1 if failed else 0


def draw(store: Path, parts: list[tuple[str, str]], path: Path) -> bool:
    """Draw some result tables over the communes."""
    layers = []
    for name, condition in parts:
        title, style = LOOKS[name]
        layer = open_layer(store, name, title, condition)
        style(layer)
        layers.append(layer)
    return _draw(layers, store, path)


def effort_of(store: Path) -> QgsVectorLayer:
    """Return the survey effort, which the demo does not leave in the store."""
    from qgis import processing

    made = processing.run("tisserand:surveyeffort", {**prefill.survey_effort(store), "OUTPUT": "memory:"})
    layer = made["OUTPUT"]
    title, style = LOOKS[tables.EFFORT]
    layer.setName(title)
    style(layer)
    return layer


def _draw(layers: list[QgsVectorLayer], store: Path, path: Path) -> bool:
    ground = open_layer(store, "territoire", "Communes", '"niveau" = \'commune\' AND "remplace_le" IS NULL')
    outline = {"color": "#fbf6e9", "outline_color": "#c8ced6", "outline_width": "0.2"}
    ground.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(outline)))
    project = QgsProject()
    project.setCrs(ground.crs())
    project.addMapLayers([*layers, ground])
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(MAP + LEGEND, HEIGHT, MILLIMETRES))
    drawn = QgsLayoutItemMap(layout)
    layout.addLayoutItem(drawn)
    drawn.attemptMove(QgsLayoutPoint(0, 0, MILLIMETRES))
    drawn.attemptResize(QgsLayoutSize(MAP, HEIGHT, MILLIMETRES))
    drawn.setLayers([*layers, ground])
    extent = ground.extent()
    extent.scale(1.05)
    drawn.zoomToExtent(extent)
    legend = QgsLayoutItemLegend(layout)
    legend.setAutoUpdateModel(False)
    tree = QgsLayerTree()
    for layer in layers:
        tree.addLayer(layer)
    legend.model().setRootGroup(tree)
    legend.setLegendFilterByMapEnabled(True)
    legend.setLinkedMap(drawn)
    legend.attemptMove(QgsLayoutPoint(MAP + 1, 2, MILLIMETRES))
    layout.addLayoutItem(legend)
    legend.adjustBoxSize()
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    return QgsLayoutExporter(layout).exportToImage(str(path), settings) == QgsLayoutExporter.ExportResult.Success


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
