"""The entries of the menu: each opens a dialog of Processing, filled in from the open workspace, or does one thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog
from qgis.utils import pluginMetadata

from ..i18n import translate
from ..layers.form_length import is_short, set_short
from ..layers.results import add_results
from ..styles import FOLDER, ICON
from . import archive, prefill
from .example import ExampleTask
from .import_dialog.dialog import ImportDialog
from .messages import tell
from .prefill import open_store


class Command(NamedTuple):
    """An entry of the menu and of the toolbar."""

    name: str
    text: str
    icon: Path
    run: Callable[[], None]


class Commands:
    """What the menu does in one QGIS window."""

    def __init__(self, iface):
        self.iface = iface
        # QGIS's task manager does not keep the Python half of a task.
        self.example = None
        self.importing = None
        self.guiding = None
        self.checking = None

    def data(self) -> list[Command]:
        """Return the entries that bring data in and look after them, a menu of their own."""
        return [
            Command("TisserandImport", translate("Tisserand", "Import actors…"), ICON, self.import_actors),
            Command(
                "TisserandDuplicates",
                translate("Tisserand", "Possible duplicates…"),
                ICON,
                partial(self._filled, "findduplicates", prefill.find_duplicates),
            ),
            Command(
                "TisserandMerge",
                translate("Tisserand", "Merge records of one actor…"),
                ICON,
                partial(self._filled, "mergeactors", prefill.merge_actors),
            ),
            Command(
                "TisserandQuality",
                translate("Tisserand", "Quality of the records…"),
                ICON,
                partial(self._filled, "checkquality", prefill.check_quality),
            ),
            Command(
                "TisserandSurvey",
                translate("Tisserand", "Survey effort…"),
                ICON,
                partial(self._filled, "surveyeffort", prefill.survey_effort),
            ),
            Command(
                "TisserandRound",
                translate("Tisserand", "Round sheet…"),
                ICON,
                partial(self._filled, "roundsheet", prefill.round_sheet),
            ),
        ]

    def analyses(self) -> list[Command]:
        """Return the analyses that follow the first two, a menu of their own."""
        named = (
            ("TisserandHotSpots", translate("Tisserand", "Hot spots of unmet needs…"), "hotspots", prefill.hot_spots),
            ("TisserandLeads", translate("Tisserand", "Project leads…"), "similarneeds", prefill.similar_needs),
            ("TisserandMatch", translate("Tisserand", "Match needs and actors…"), "matchneeds", prefill.match_needs),
            ("TisserandNetworks", translate("Tisserand", "Networks of actors…"), "networks", prefill.networks),
            ("TisserandSites", translate("Tisserand", "Where to open…"), "newlocations", prefill.new_locations),
            ("TisserandReach", translate("Tisserand", "Reach by road…"), "reach", prefill.reach),
            ("TisserandPublish", translate("Tisserand", "Publish figures safely…"), "publish", prefill.publish),
        )
        return [
            Command(name, text, ICON, partial(self._filled, algorithm, parameters))
            for name, text, algorithm, parameters in named
        ]

    def _filled(self, algorithm: str, parameters: Callable[[Path], dict]) -> dict:
        return self._dialog(algorithm, parameters(open_store()))

    def all(self) -> list[Command]:
        """Return the entries in their order."""
        return [
            Command("TisserandNew", translate("Tisserand", "New workspace…"), ICON, self.new_workspace),
            Command(
                "TisserandExample",
                translate("Tisserand", "Open the example (Hauts-de-Seine)…"),
                FOLDER / "icon_example.svg",
                self.open_example,
            ),
            Command(
                "TisserandGaps",
                translate("Tisserand", "Coverage gaps…"),
                FOLDER / "icon_gaps.svg",
                partial(self._filled, "coveragegaps", prefill.coverage_gaps),
            ),
            Command(
                "TisserandSimilar",
                translate("Tisserand", "Similar initiatives…"),
                FOLDER / "icon_similar.svg",
                partial(self._filled, "similarinitiatives", prefill.similar_initiatives),
            ),
            Command(
                "TisserandResults",
                translate("Tisserand", "Add the results to the project"),
                FOLDER / "icon_results.svg",
                self.show_results,
            ),
            Command(
                "TisserandGuide",
                translate("Tisserand", "Cartographic guide…"),
                FOLDER / "icon_guide.svg",
                self.guide,
            ),
            Command(
                "TisserandBooklets",
                translate("Tisserand", "Booklets by territory…"),
                FOLDER / "icon_guide.svg",
                partial(self._filled, "booklets", prefill.booklets),
            ),
            Command(
                "TisserandMap",
                translate("Tisserand", "Map of a territory…"),
                FOLDER / "icon_map.svg",
                partial(self._filled, "territorymap", prefill.territory_map),
            ),
            Command(
                "TisserandPreflight",
                translate("Tisserand", "Check before printing…"),
                FOLDER / "icon_preflight.svg",
                self.check_guide,
            ),
            Command(
                "TisserandShortForms",
                translate("Tisserand", "Short forms, for visits / whole forms"),
                FOLDER / "icon_short_forms.svg",
                self.switch_forms,
            ),
            Command(
                "TisserandArchive",
                translate("Tisserand", "Archive the selected records…"),
                archive.ICON,
                lambda: archive.archive_selected(self.iface),
            ),
            Command(
                "TisserandHelp", translate("Tisserand", "Help on Tisserand"), FOLDER / "icon_help.svg", self.show_help
            ),
        ]

    def new_workspace(self) -> None:
        """Let the user make a workspace, then open its project."""
        made = self._dialog("createworkspace", {})
        if "PROJECT" in made:
            self.iface.addProject(made["PROJECT"])

    def open_example(self) -> None:
        """Make the fictional workspace in a folder of the user's choice while QGIS stays free, then open it."""
        folder = QFileDialog.getExistingDirectory(
            self.iface.mainWindow(), translate("Tisserand", "Folder for the example")
        )
        if folder:
            self.example = ExampleTask(Path(folder))
            self.example.made.connect(self.iface.addProject)
            self.example.failed.connect(lambda error: tell(self.iface, error))
            QgsApplication.taskManager().addTask(self.example)

    def show_results(self) -> None:
        """Add the result tables of the open workspace that the project does not show yet."""
        project = QgsProject.instance()
        added = add_results(project, open_store())
        text = (
            translate("Tisserand", "Added: {names}. Save the project to keep them.").format(
                names=", ".join(layer.name() for layer in added)
            )
            if added
            else translate("Tisserand", "No result to add: run “Coverage gaps” or “Similar initiatives” first.")
        )
        self.iface.messageBar().pushInfo("Tisserand", text)

    def import_actors(self) -> None:
        """Open the import window on the open workspace."""
        self.importing = ImportDialog(open_store(), self.iface.mainWindow())
        self.importing.show()

    def guide(self, parameters: dict | None = None) -> None:
        """Open the window of the guide on the open workspace, with the choices of an algorithm where they are given."""
        from .guide_dialog.dialog import GuideDialog

        store = open_store()
        if self.guiding is None or self.guiding.store != store:
            self._close_guide()
            self.guiding = GuideDialog(store, self.iface, self.iface.mainWindow())
            self.guiding.check_asked.connect(self.check_guide)
        if parameters:
            self.guiding.tabs.show_parameters(parameters)
        self.guiding.show()
        self.guiding.raise_()
        self.guiding.activateWindow()

    def check_guide(self, parameters: dict | None = None) -> None:
        """List what a careful editor would ask before the guide is printed with these parameters."""
        from .preflight.dock import open_dock

        store = open_store()
        if self.checking is None or self.checking.store != store:
            self._close_check()
            self.checking = open_dock(store, self.iface)
            self.checking.print_asked.connect(self.guide)
        self.checking.show()
        self.checking.raise_()
        self.checking.check(parameters or {"STORE": str(store)})

    def _close_check(self) -> None:
        if self.checking is not None:
            self.checking.close()
            self.iface.removeDockWidget(self.checking)
            self.checking.deleteLater()
            self.checking = None

    def _close_guide(self) -> None:
        if self.guiding is not None:
            self.guiding.close()
            self.guiding.deleteLater()
            self.guiding = None

    def switch_forms(self) -> None:
        """Change all forms of the open workspace: short ones if they were whole, whole ones if they were short."""
        open_store()
        project = QgsProject.instance()
        short = not is_short(project)
        set_short(project, short)
        text = (
            translate(
                "Tisserand", "The forms are short now: the rest is in their tab “Plus”. Save the project to keep this."
            )
            if short
            else translate("Tisserand", "The forms are whole again. Save the project to keep this.")
        )
        self.iface.messageBar().pushInfo("Tisserand", text)

    def show_help(self) -> None:
        """Open the manual in the browser."""
        package = __package__.split(".")[0]
        QDesktopServices.openUrl(QUrl(pluginMetadata(package, "homepage")))

    def stop(self) -> None:
        """Stop what is still under way."""
        # A task that ended is gone from the manager, and its C++ half with it.
        if self.example in QgsApplication.taskManager().activeTasks():
            self.example.stop()
        self.example = None
        self._close_guide()
        self._close_check()
        if self.importing is not None:
            self.importing.close()
            self.importing.deleteLater()
            self.importing = None

    @staticmethod
    def _dialog(algorithm: str, parameters: dict) -> dict:
        from qgis import processing  # not there yet when qgis_process loads the plugin

        return processing.execAlgorithmDialog(f"tisserand:{algorithm}", parameters)
