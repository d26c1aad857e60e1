"""The fictional workspace of the Hauts-de-Seine, made in the background."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..i18n import translate
from ..layers import workspace
from ..layers.errors import CancelledError, StoreExistsError, TisserandError
from ..layers.project import make_project

DEPARTEMENT = "92"
NAME = "hauts-de-seine"


class ExampleTask(QgsTask):
    """Makes the store in another thread, then the project in the main one.

    ``made`` tells the path of the project, ``failed`` the TisserandError that stopped it; cancelled, it tells nothing.
    """

    made = pyqtSignal(str)
    failed = pyqtSignal(object)

    def __init__(self, folder: Path):
        super().__init__(translate("Tisserand", "Example of the Hauts-de-Seine"), QgsTask.Flag.CanCancel)
        self.store = folder / f"{NAME}.gpkg"
        self.project = folder / f"{NAME}.qgz"
        self.error = None
        self.abandoned = False

    def run(self) -> bool:
        """Make the store; called by QGIS in a thread of its own."""
        try:
            if self.project.exists():
                raise StoreExistsError(path=self.project)
            workspace.build(DEPARTEMENT, self.store, demo=True, progress=self._progress)
        except TisserandError as error:
            self.error = error
            return False
        return True

    def finished(self, succeeded: bool) -> None:
        """Make the project and tell; called by QGIS in the main thread."""
        if self.abandoned:
            return
        if succeeded:
            try:
                make_project(self.store, self.project)
            except TisserandError as error:
                self.error = error
        if self.error is None:
            self.made.emit(str(self.project))
        elif not isinstance(self.error, CancelledError):
            self.failed.emit(self.error)

    def stop(self) -> None:
        """Cancel, and tell nobody: the plugin is leaving."""
        self.abandoned = True
        self.cancel()

    def _progress(self, share: float) -> None:
        if self.isCanceled():
            raise CancelledError
        self.setProgress(100 * share)
