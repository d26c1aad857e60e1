"""What the import window has done while it stays usable: reading a file, running the import."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from qgis.core import (
    NULL,
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...i18n import translate
from ...layers.errors import CancelledError, TisserandError
from ...layers.importing import files
from ...layers.importing.ground import Ground, read_ground

# QGIS's task manager does not keep the Python half of a task, nor the context that an algorithm works in; the window
# may be closed, or have begun something else, before they end.
_under_way: set[object] = set()


class Looked(NamedTuple):
    """A file as read, the mapping that fits it best, and the places of the workspace."""

    sheet: files.Sheet
    mapping: files.Mapping
    ground: Ground


class ReadTask(QgsTask):
    """Reads a file in another thread; ``done`` is told a Looked, or the TisserandError that stopped it."""

    done = pyqtSignal(object)

    def __init__(self, path: Path, kind: str, store: Path, table: str):
        super().__init__(translate("Tisserand", "Reading {name}").format(name=path.name), QgsTask.Flag.CanCancel)
        self.path, self.kind, self.store, self.table = path, kind, store, table
        self.answer: Looked | TisserandError | None = None

    def start(self) -> None:
        """Begin."""
        _under_way.add(self)
        QgsApplication.taskManager().addTask(self)

    def run(self) -> bool:
        """Read; called by QGIS in a thread of its own."""
        try:
            ground = read_ground(self.store)
            sheet = files.read_file(self.path, self.kind)
            mapping = files.best_mapping(sheet, self.table, ground.communes)
            self.answer = Looked(sheet, mapping, ground)
        except TisserandError as error:
            self.answer = error
        return isinstance(self.answer, Looked)

    def finished(self, succeeded: bool) -> None:
        """Tell; called by QGIS in the main thread."""
        _under_way.discard(self)
        self.done.emit(CancelledError() if self.isCanceled() else self.answer)


class Listening(QgsProcessingFeedback):
    """Keeps the sentence that says why an algorithm failed."""

    def __init__(self):
        super().__init__(False)
        self.errors: list[str] = []

    def reportError(self, error, fatalError=False):  # noqa: N802, N803 - names imposed by QGIS
        self.errors.append(error)


class Run(QObject):
    """One run of an algorithm in the background.

    ``progressed`` is told percents, ``ended`` the results, or a sentence when it failed. The layers among the results
    live as long as ``context``.
    """

    progressed = pyqtSignal(float)
    ended = pyqtSignal(object)

    def __init__(self, algorithm: str, parameters: dict):
        super().__init__()
        self.context, self.feedback = QgsProcessingContext(), Listening()
        self.context.setProject(QgsProject.instance())
        # Signals from the other thread are passed on in this one.
        self.feedback.progressChanged.connect(self.progressed)
        found = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        self.algorithm = found
        self.task = QgsProcessingAlgRunnerTask(found, parameters, self.context, self.feedback)
        self.task.executed.connect(self._executed)

    def start(self) -> None:
        """Begin."""
        _under_way.add(self)
        QgsApplication.taskManager().addTask(self.task)

    def cancel(self) -> None:
        """Ask it to stop; ``ended`` tells when it did."""
        self.feedback.cancel()

    def _executed(self, succeeded: bool, results: dict) -> None:
        _under_way.discard(self)
        self.ended.emit(results if succeeded else (self.feedback.errors or [CancelledError().sentence(translate)])[-1])


def rows_of(run: Run, layer: object, *names: str) -> list[tuple]:
    """Return the attributes of a result table, read while its run is kept."""
    found = run.context.takeResultLayer(layer) if isinstance(layer, str) else layer
    if found is None:
        return []
    return [
        tuple(None if feature[name] == NULL else feature[name] for name in names) for feature in found.getFeatures()
    ]
