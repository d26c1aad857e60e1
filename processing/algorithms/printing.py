"""What the algorithms that print share."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import QgsProcessingAlgorithm

from .base import TisserandAlgorithm


class PrintingAlgorithm(TisserandAlgorithm):
    """Stands in the group of the guide, needs only what every QGIS brings, and runs where layouts may be made."""

    GROUP = "guide"
    PACKAGES: ClassVar = {}

    def flags(self):
        # Fonts are measured, pictures looked at and layouts drawn: Qt wants its main thread for that.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading
