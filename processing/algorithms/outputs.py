"""Where results go, and what to do when they cannot go there."""

from __future__ import annotations

import re
from pathlib import Path

from osgeo import ogr
from qgis.core import QgsProcessingContext, QgsProcessingUtils, QgsProviderRegistry

from ...layers.errors import StoreBusyError, TisserandError
from ...layers.geopackage import quietly, refusal


def unwritable(destination: object, cause: str) -> TisserandError:
    """Return the error that says why a result could not be written where it should go."""
    path = file_of(str(destination))
    return StoreBusyError(path) if "locked" in cause else refusal(path, cause)


def file_of(destination: str) -> Path:
    """Return the file of a destination: a path, or ``ogr:dbname='…' table=…``."""
    named = re.match(r"ogr:dbname=(['\"])(.*?)\1", destination)
    parts = QgsProviderRegistry.instance().decodeUri("ogr", destination)
    return Path(named.group(2) if named else parts.get("path") or destination)


def take_away(destination: str, context: QgsProcessingContext) -> None:
    """Delete the file of a result, or its table where the file holds others; a layer in memory goes by itself."""
    layer = QgsProcessingUtils.mapLayerFromString(destination, context, allowLoadingNewLayers=False)
    if layer is not None:
        # Held open, the file would come back when the layer goes.
        context.temporaryLayerStore().removeMapLayer(layer.id())
    parts = QgsProviderRegistry.instance().decodeUri("ogr", destination)
    path = Path(parts.get("path") or "")
    if not path.is_file():
        return
    data = quietly(lambda: ogr.Open(str(path), update=1))
    if data is None or data.GetLayerCount() < 2:
        driver = data.GetDriver() if data is not None else None
        del data
        if driver is None or quietly(lambda: driver.DeleteDataSource(str(path))) != ogr.OGRERR_NONE:
            path.unlink(missing_ok=True)
        for leftover in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        return
    tables = [data.GetLayer(number).GetName() for number in range(data.GetLayerCount())]
    if parts.get("layerName") in tables:
        data.DeleteLayer(tables.index(parts["layerName"]))
