"""Make a Département's example in build/demo: store, project, analyses, guide.

    python scripts/demo.py 92

Runs without a window, through the plugin's own Processing algorithms. What it prints is French, for whoever types
``make demo``.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import checkout  # from here on the package can be found
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback, QgsProject
from qgis.PyQt.QtCore import QLocale

from tisserand.i18n import install_translator, translate
from tisserand.layers import geopackage
from tisserand.layers.errors import TisserandError
from tisserand.layers.model.tables import TABLES
from tisserand.layers.project import ACTORS_THEME, save_project, show_map_theme
from tisserand.layers.reference import departement
from tisserand.layers.result_tables import GROUPS, LEADS, NETWORKS
from tisserand.layers.results import add_results
from tisserand.layers.workspace import file_stem
from tisserand.processing.provider import TisserandProvider
from tisserand.qgis_plugin import prefill

FOLDER = checkout.ROOT / "build" / "demo"
REPORTS = FOLDER / "rapports"
ANALYSES = {
    "hotspots": prefill.hot_spots,
    "similarneeds": prefill.similar_needs,
    "matchneeds": prefill.match_needs,
    "networks": prefill.networks,
    "newlocations": prefill.new_locations,
    "publish": prefill.publish,
}


class Listener(QgsProcessingFeedback):
    """Keeps the warnings of the algorithms for the summary."""

    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, warning):  # noqa: N802 - name imposed by QGIS
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803
        self.warnings.append(error)


def main(code: str) -> int:
    """Make the example of a Département; return the exit status."""
    # In a virtual environment QGIS 3.40 looks for itself beside the environment.
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
    try:
        print("\n".join(make(code)))
        status = 0
    except TisserandError as error:
        print(error.sentence(translate), file=sys.stderr)
        status = 1
    except QgsProcessingException as error:
        print(error, file=sys.stderr)
        status = 1
    application.processingRegistry().removeProvider(provider)
    del translator
    Processing.deinitialize()
    application.exitQgis()
    return status


def make(code: str) -> list[str]:
    """Make everything and return the lines of the summary."""
    begin = time.perf_counter()
    listener = Listener()
    place = departement(code)
    FOLDER.mkdir(parents=True, exist_ok=True)
    store = FOLDER / f"{file_stem(place.nom)}.gpkg"
    guide = FOLDER / "guide.pdf"
    for earlier in (*FOLDER.glob(f"{store.name}*"), store.with_suffix(".qgz"), guide):
        earlier.unlink(missing_ok=True)

    run("createworkspace", {"DEPARTEMENT": code, "DEMO": True, "STORE": str(store)}, listener)
    gaps = analyse("coveragegaps", prefill.coverage_gaps(store), listener)
    analyse("similarinitiatives", prefill.similar_initiatives(store), listener)
    found = {name: analyse(name, parameters(store), listener) for name, parameters in ANALYSES.items()}
    show_results(store)
    book = run("guide", {**prefill.guide(store), "OUTPUT": str(guide)}, listener)

    counts = [(declared.title, geopackage.count_rows(store, declared.name)) for declared in TABLES]
    lines = [f"{place.nom} ({code})"]
    lines += [f"  {title:<36}{number(count):>8}" for title, count in counts]
    lines += [
        f"  {'Personnes concernées':<36}{number(gaps['PEOPLE']):>8}",
        f"  {'dont sans réponse à portée':<36}{number(gaps['UNMET']):>8}",
        f"  {'dont servies par l’appariement':<36}{number(found['matchneeds']['SERVED']):>8}",
        f"  {'Groupes d’initiatives semblables':<36}{number(geopackage.count_rows(store, GROUPS)):>8}",
        f"  {'Réseaux d’acteurs':<36}{number(geopackage.count_rows(store, NETWORKS)):>8}",
        f"  {'Pistes de projets':<36}{number(geopackage.count_rows(store, LEADS)):>8}",
        f"  {'Personnes gagnées par trois lieux':<36}{number(found['newlocations']['OBJECTIVE']):>8}",
        f"  {'Chiffres publiables':<36}{number(found['publish']['PUBLISHED']):>8}",
        f"  {'Chiffres masqués':<36}{number(found['publish']['MASKED']):>8}",
        f"  {'Pages du guide':<36}{number(book['PAGES_COUNT']):>8}",
        f"  {'Avertissements':<36}{number(len(listener.warnings)):>8}",
        *(f"    – {warning}" for warning in listener.warnings),
        f"En {time.perf_counter() - begin:.0f} secondes :",
        *(f"  {path}" for path in (store, store.with_suffix(".qgz"), guide, *sorted(REPORTS.glob("*.html")))),
    ]
    return lines


def analyse(algorithm: str, parameters: dict, feedback: QgsProcessingFeedback) -> dict:
    """Run an analysis, with its report beside the others."""
    REPORTS.mkdir(exist_ok=True)
    return run(algorithm, {**parameters, "REPORT": str(REPORTS / f"{algorithm}.html")}, feedback)


def run(algorithm: str, parameters: dict, feedback: QgsProcessingFeedback) -> dict:
    """Run an algorithm of the plugin."""
    from qgis import processing

    return processing.run(f"tisserand:{algorithm}", parameters, feedback=feedback)


def show_results(store: Path) -> None:
    """Add the results to the project of a store."""
    file = store.with_suffix(".qgz")
    project = QgsProject()
    project.read(str(file))
    add_results(project, store)
    show_map_theme(project, ACTORS_THEME)
    save_project(project, file)


def number(value: float) -> str:
    """Return a number as French writes it."""
    return QLocale("fr_FR").toString(round(value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "92"))
