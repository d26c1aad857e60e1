"""Make a Département's example: store, project, analyses, guide, and what is printed beside it.

    python scripts/demo.py 92 [FOLDER]

FOLDER is build/demo unless said otherwise; what an earlier run left there is replaced.

Runs without a window, through the plugin's own Processing algorithms. What it prints is French, for whoever types
``make demo``.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import shutil
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
REPORTS = "rapports"
A3_LANDSCAPE = 3
"""Rank of the paper in the choices of ``territorymap``."""
ANALYSES = {
    "coveragegaps": prefill.coverage_gaps,
    "similarinitiatives": prefill.similar_initiatives,
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
        # The guide, its check, its booklets say the same of the same store.
        if warning not in self.warnings:
            self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803
        self.pushWarning(error)


def main(code: str, folder: Path = FOLDER) -> int:
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
        print("\n".join(make(code, folder)))
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


def make(code: str, folder: Path) -> list[str]:
    """Make everything in a folder and return the lines of the summary."""
    begin = time.perf_counter()
    listener = Listener()
    place = departement(code)
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / f"{file_stem(place.nom)}.gpkg"
    clear(folder, store)
    (folder / REPORTS).mkdir()

    run("createworkspace", {"DEPARTEMENT": code, "DEMO": True, "STORE": str(store)}, listener)
    found = {}
    for name, parameters in ANALYSES.items():
        report = folder / REPORTS / f"{name}.html"
        found[name] = run(name, {**parameters(store), "REPORT": str(report)}, listener)
    gaps = found["coveragegaps"]
    show_results(store)
    printed = print_all(store, listener)

    counts = [(declared.title, geopackage.count_rows(store, declared.name)) for declared in TABLES]
    lines = [f"{place.nom} ({code})"]
    lines += [line(title, count) for title, count in counts if count]
    lines += [
        line("Personnes concernées", gaps["PEOPLE"]),
        line("dont sans réponse à portée", gaps["UNMET"]),
        line("dont servies par l’appariement", found["matchneeds"]["SERVED"]),
        line("Groupes d’initiatives semblables", geopackage.count_rows(store, GROUPS)),
        line("Réseaux d’acteurs", geopackage.count_rows(store, NETWORKS)),
        line("Pistes de projets", geopackage.count_rows(store, LEADS)),
        line("Personnes gagnées par trois lieux", found["newlocations"]["OBJECTIVE"]),
        line("Chiffres publiables", found["publish"]["PUBLISHED"]),
        line("Chiffres masqués", found["publish"]["MASKED"]),
        line("Pages du guide", printed["guide"]["PAGES_COUNT"]),
        line("Pages du livret", printed["booklets"]["PAGES_COUNT"]),
        line("Arrêts de la tournée", printed["roundsheet"]["STOPS"]),
        line("Constats avant impression", printed["guidecheck"]["FINDINGS"]),
        line("Avertissements", len(listener.warnings)),
        *(f"    – {warning}" for warning in listener.warnings),
        f"En {time.perf_counter() - begin:.0f} secondes, dans {folder} :",
        *made(folder, store),
    ]
    return lines


def clear(folder: Path, store: Path) -> None:
    """Take away what an earlier run left; the photos stay, which the example of another Département shares."""
    for pattern in (f"{store.name}*", f"{store.stem}.qgz", "guide.*", "carte.*", "tournee.pdf"):
        for earlier in folder.glob(pattern):
            earlier.unlink()
    for name in ("guide-html", "livrets", REPORTS):
        shutil.rmtree(folder / name, ignore_errors=True)


def print_all(store: Path, feedback: Listener) -> dict[str, dict]:
    """Print the guide and what goes with it; return what each algorithm said."""
    folder = store.parent
    asked = {
        "guidecheck": {"REPORT": str(folder / REPORTS / "guidecheck.html"), "OUTPUT": "memory:"},
        "guide": {
            "OUTPUT": str(folder / "guide.pdf"),
            "HTML": str(folder / "guide-html"),
            "BOOK": str(folder / "guide.json"),
        },
        "booklets": {"TERRITORIES": most_populous(store), "OUTPUT": str(folder / "livrets")},
        "territorymap": {"FORMAT": A3_LANDSCAPE, "OUTPUT": str(folder / "carte.png")},
        "roundsheet": {"OUTPUT": str(folder / "tournee.pdf")},
    }
    return {name: run(name, {"STORE": str(store), **parameters}, feedback) for name, parameters in asked.items()}


def most_populous(store: Path) -> str:
    """Return the code of the territory of the guide's level where most people live, "" (all) where there is none."""
    level = geopackage.read_settings(store)["niveau_guide"]
    rows = [row for row in geopackage.read_rows(store, "territoire") if row["niveau"] == level]
    return max(rows, key=lambda row: (row["population"] or 0, row["code"]))["code"] if rows else ""


def made(folder: Path, store: Path) -> list[str]:
    """Return a line for each file that was made, or folder and how much it holds."""
    files = [store, store.with_suffix(".qgz"), *(folder / name for name in ("guide.pdf", "guide.json"))]
    files += [*sorted((folder / "livrets").glob("*.pdf")), folder / "carte.png", folder / "tournee.pdf"]
    pages = folder / "guide-html" / "index.html"
    reports = sorted((folder / REPORTS).glob("*.html"))
    return [
        *(f"  {path.relative_to(folder)}" for path in (*files, pages)),
        f"  {REPORTS}/ ({len(reports)} : {', '.join(path.stem for path in reports)})",
    ]


def line(title: str, count: float) -> str:
    """Return a line of the summary."""
    return f"  {title:<36}{number(count):>8}"


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
    _, CODE, *REST = [*sys.argv, "92"] if len(sys.argv) == 1 else sys.argv
    sys.exit(main(CODE, *map(Path, REST)))
