"""Where an analysis with a reach has its pairs searched: this machine, a Dask cluster, or the database of the actors.

Two advanced parameters, and the ways for which the analysis need not know. The result is the same in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qgis.core import (
    QgsDataSourceUri,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterString,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .base import TisserandAlgorithm
from .frames import stop_if_cancelled
from .reports import RememberingFeedback

if TYPE_CHECKING:
    from pyproj import CRS

    from ..analysis.engines.database import ByDatabase
    from ..analysis.ways import CrowFly, Ways

SCHEDULER, IN_DATABASE, ACTORS = "SCHEDULER", "IN_DATABASE", "ACTORS"


def add_engine(algorithm: TisserandAlgorithm) -> None:
    """Add the address of a Dask scheduler, and whether the database of the actors searches the pairs."""
    scheduler = translate("Tisserand", "Dask cluster (host:port; empty: this machine)")
    database = translate("Tisserand", "Search the pairs in the PostGIS database of the actors")
    for parameter in (
        QgsProcessingParameterString(SCHEDULER, scheduler, optional=True),
        QgsProcessingParameterBoolean(IN_DATABASE, database, False),
    ):
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        algorithm.addParameter(parameter)


@contextmanager
def worked_on(
    algorithm: TisserandAlgorithm,
    ways: Ways,
    crs: CRS,
    parameters: dict,
    context: QgsProcessingContext,
    feedback: RememberingFeedback,
) -> Iterator[Ways]:
    """Give the ways by which the pairs are searched and worked on where the parameters say.

    ``crs`` is the metric CRS of the analysis. Where a cluster or the database cannot help, that is a warning, and the
    work is done here; where they do not answer, it is an error.
    """
    from ..analysis.ways import CrowFly

    def check():
        stop_if_cancelled(feedback)

    scheduler = algorithm.parameterAsString(parameters, SCHEDULER, context).strip()
    in_database = algorithm.parameterAsBool(parameters, IN_DATABASE, context)
    if scheduler and in_database:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "Choose one place for the work: a Dask cluster (SCHEDULER), or the database of the actors "
                "(IN_DATABASE).",
            )
        )
    if not scheduler and not in_database:
        yield ways
    elif not isinstance(ways, CrowFly):
        feedback.pushWarning(translate("Tisserand", "By roads, the pairs are searched on this machine."))
        yield ways
    elif scheduler:
        from ..analysis.engines.cluster import ByCluster, reached

        with reached(scheduler, check) as cluster:
            text = translate("Tisserand", "The work is done by the Dask cluster at {address}.")
            feedback.pushInfo(text.format(address=scheduler))
            yield ByCluster(ways, cluster)
    else:
        layer = algorithm.parameterAsVectorLayer(parameters, ACTORS, context)
        refused = _why_not(layer, crs)
        if refused:
            feedback.pushWarning(refused)
            yield ways
            return
        with _in_database(layer, ways, check) as database:
            text = translate("Tisserand", "The pairs are searched in the database, in {table}.")
            feedback.pushInfo(text.format(table=f"{database.table.schema}.{database.table.name}"))
            yield database


def _why_not(layer: QgsVectorLayer | None, crs: CRS) -> str:
    """Return a sentence when the database of the layer cannot search for points in the CRS, or ''."""
    here = translate("Tisserand", "The pairs are searched on this machine: {cause}")
    if layer is None or layer.dataProvider().name() != "postgres":
        return here.format(cause=translate("Tisserand", "the actors are not a layer of a PostGIS database."))
    source = QgsDataSourceUri(layer.source())
    if source.service() or source.table().startswith("("):
        cause = translate("Tisserand", "the layer of the actors is a query, or reached through a service file.")
        return here.format(cause=cause)
    if QgsWkbTypes.flatType(layer.wkbType()) != QgsWkbTypes.Type.Point:
        return here.format(cause=translate("Tisserand", "the actors are not points."))
    if not _key(layer):
        return here.format(cause=translate("Tisserand", "the table of the actors has no key of one whole number."))
    if layer.crs().authid() != f"EPSG:{crs.to_epsg()}":
        cause = translate("Tisserand", "the actors are in {theirs}, the analysis counts metres in {ours}.")
        return here.format(cause=cause.format(theirs=layer.crs().authid(), ours=f"EPSG:{crs.to_epsg()}"))
    return ""


def _key(layer: QgsVectorLayer) -> str:
    columns = [layer.fields().at(position) for position in layer.primaryKeyAttributes()]
    whole = len(columns) == 1 and columns[0].typeName() in ("int2", "int4", "int8")
    return columns[0].name() if whole else ""


@contextmanager
def _in_database(layer: QgsVectorLayer, ways: CrowFly, check: Callable[[], None]) -> Iterator[ByDatabase]:
    # Where psycopg2 is missing, importing this says so.
    from ...layers.postgis.accounts import SSL_MODES, with_account
    from ...layers.postgis.connection import Place, opened
    from ..analysis.engines.database import ByDatabase, Table, read_points

    source = QgsDataSourceUri(layer.source())
    mode = next((name for name, value in SSL_MODES.items() if value == source.sslMode()), "prefer")
    place = Place(
        database=source.database(),
        # The tables are named with their own schema.
        schema="public",
        host=source.host(),
        port=int(source.port() or 5432),
        user=source.username(),
        password=source.password(),
        sslmode=mode,
        authcfg=source.authConfigId(),
    )
    table: Table = Table(source.schema(), source.table(), _key(layer), source.geometryColumn(), int(source.srid()))
    with opened(with_account(place)) as connection:
        # All statements see the table as the first one did.
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        yield ByDatabase(ways, connection, table, read_points(connection, table, check))
