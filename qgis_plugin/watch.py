"""What the plugin looks at when the project of a workspace opens, and says before it costs anyone their work."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsProject

from ..layers.compat import shares_transactions, stop_sharing_transactions, transaction_signal
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.geopackage.reading import raw_settings
from ..layers.model.tables import SCHEMA_VERSION
from ..layers.project import TABLE_PROPERTY, layers_of, store_of
from ..layers.store_versions import StoreNewerError, StoreOlderError
from .messages import tell

SHARED = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Transaction groups were switched off in this project: with them, QGIS says “saved” when the workspace refused.",
)
SHARED_IN_EDITING = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Save or give up what is being edited, then switch transaction groups off (Project > Properties > Data sources): "
    "with them, QGIS says “saved” when the workspace refused.",
)
READ_ONLY = QT_TRANSLATE_NOOP(
    "Tisserand",
    "{path} cannot be written, so nothing you change can be saved: copy the folder to a place of your own, or ask for "
    "the right to write there.",
)


class Watch:
    """Looks at each project that opens in a QGIS window, until it is stopped."""

    def __init__(self, iface):
        self.iface = iface
        self.project = QgsProject.instance()
        self.project.readProject.connect(self.look)
        transaction_signal(self.project).connect(self.look)

    def stop(self) -> None:
        """Look no more."""
        self.project.readProject.disconnect(self.look)
        transaction_signal(self.project).disconnect(self.look)

    def look(self, *_) -> None:
        """Say what is wrong with the open project, if it is that of a workspace."""
        for error in found_in(self.project):
            tell(self.iface, error)


def found_in(project: QgsProject) -> list[TisserandError]:
    """Return what would cost work in the project of a workspace, after setting right what can be.

    Transaction groups are switched off; the layers of a store that cannot be changed are set to reading only.
    """
    settings = layers_of(project, "meta")
    if not settings:
        return []
    errors = []
    if shares_transactions(project):
        stop_sharing_transactions(project)
        errors.append(TisserandError(SHARED_IN_EDITING if shares_transactions(project) else SHARED))
    store = store_of(settings[0])
    closed = _why_closed(store)
    if closed is not None:
        errors.append(closed)
    for layer in project.mapLayers().values():
        if layer.customProperty(TABLE_PROPERTY) and not layer.isEditable():
            layer.setReadOnly(closed is not None)
    return errors


def _why_closed(store: Path) -> TisserandError | None:
    """Return why the rows of a store must not be changed with this plugin, None when they may."""
    version = int(raw_settings(store)["version_schema"])
    if version < SCHEMA_VERSION:
        return StoreOlderError(store)
    if version > SCHEMA_VERSION:
        return StoreNewerError(store)
    # Not the layer's own word: QGIS opens a file that cannot be written and does not say so.
    if not (os.access(store, os.W_OK) and os.access(store.parent, os.W_OK)):
        return TisserandError(READ_ONLY, path=store)
    return None
