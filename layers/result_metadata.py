"""What the metadata of a result say of how it was made; a program reads them in the keywords, as name=value."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

KEYWORDS = "tisserand"


def parameters_of(layer: QgsVectorLayer) -> dict[str, str]:
    """Return parameter -> value of the run that made a result; {} for a layer that says nothing of it."""
    return dict(word.split("=", 1) for word in layer.metadata().keywords(KEYWORDS) if "=" in word)
