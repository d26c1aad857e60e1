"""Forms that stay whole when another map theme changes the style of their layer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer

from ..layers.form_length import restore_form
from ..layers.project import TABLE_PROPERTY


class KeptForms:
    """Watches the layers of the open project from ``start`` to ``stop``."""

    def __init__(self, project: QgsProject):
        self.project = project
        self.watched: dict[str, partial] = {}

    def start(self) -> None:
        """Watch the layers that are there and those that come."""
        self.project.layersAdded.connect(self._watch)
        self.project.layersWillBeRemoved.connect(self._forget)
        self._watch(self.project.mapLayers().values())

    def stop(self) -> None:
        """Let go of everything."""
        self.project.layersAdded.disconnect(self._watch)
        self.project.layersWillBeRemoved.disconnect(self._forget)
        self._forget(list(self.watched))

    def _watch(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and layer.customProperty(TABLE_PROPERTY):
                restore = partial(self._restore, layer.id())
                self.watched[layer.id()] = restore
                layer.styleManager().currentStyleChanged.connect(restore)

    def _forget(self, ids: Iterable[str]) -> None:
        for name in ids:
            restore, layer = self.watched.pop(name, None), self.project.mapLayer(name)
            if restore is not None and layer is not None:
                layer.styleManager().currentStyleChanged.disconnect(restore)

    def _restore(self, name: str, _style: str) -> None:
        layer = self.project.mapLayer(name)
        # A project that is being read has no relations yet; QGIS gives them to the forms when it has.
        if layer is not None and self.project.relationManager().relations():
            restore_form(layer, self.project)
