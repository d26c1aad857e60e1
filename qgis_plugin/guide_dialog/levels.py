"""The levels of territory that a workspace has."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsFeatureRequest

from ...layers.model.codes import code_list
from ...layers.project import open_layer


def levels_of(store: Path) -> list[str]:
    """Return the codes of the levels that have territories, from the smallest; the Département has no sheets."""
    layer = open_layer(store, "territoire", "")
    index = layer.fields().lookupField("niveau")
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes([index])
    found = {feature["niveau"] for feature in layer.getFeatures(request)}
    return [level for level in code_list("niveaux").labels if level in found and level != "departement"]
