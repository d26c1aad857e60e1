"""Work done in QGIS's main thread, where layouts have to be, while its windows stay usable and can stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication

from ...i18n import translate
from ...layers.errors import CancelledError

PAUSE = 0.05
"""Seconds of work between two looks at what the user does."""


class Work(QgsProcessingFeedback):
    """One piece of work; ``told`` takes its percents. It keeps the sentences of warnings and errors."""

    def __init__(self, told: Callable[[float], None]):
        super().__init__(False)
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._told = told
        self._last = 0.0
        self._ticks = 0
        self.progressChanged.connect(self._breathe)

    def pushWarning(self, warning):  # noqa: N802 - this and the name below are imposed by QGIS
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N802, N803
        self.errors.append(error)

    def tick(self) -> None:
        """Go on where nothing can be counted; raises CancelledError once the user stopped it."""
        self._ticks += 1
        self.setProgress(100 * self._ticks / (self._ticks + 500))
        if self.isCanceled():
            raise CancelledError

    def _breathe(self, percent: float) -> None:
        if time.monotonic() - self._last >= PAUSE:
            self._told(percent)
            QCoreApplication.processEvents()
            self._last = time.monotonic()


def run(algorithm: str, parameters: dict, work: Work, context: QgsProcessingContext | None = None) -> dict | None:
    """Run an algorithm and return its results; None when it failed: ``work.errors`` then says why.

    Layers in memory among the results live in ``context``.
    """
    if context is None:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
    found = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    acceptable, sentence = found.checkParameterValues(parameters, context)
    if not acceptable:
        work.errors.append(sentence)
        return None
    results, succeeded = found.run(parameters, context, work)
    if not succeeded and not work.errors:
        work.errors.append(CancelledError().sentence(translate))
    return results if succeeded else None
