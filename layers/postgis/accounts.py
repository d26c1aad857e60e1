"""Where QGIS and a place in a database meet: the password store, and layers that hold no password."""

from __future__ import annotations

from dataclasses import replace

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsDataSourceUri, QgsVectorLayer, QgsWkbTypes

from ..ddl.statements import GEOMETRY
from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..model.tables import TABLES, table
from .connection import Place, check_encryption
from .errors import LayerClosedError

SSL_MODES = {
    "disable": QgsDataSourceUri.SslMode.SslDisable,
    "allow": QgsDataSourceUri.SslMode.SslAllow,
    "prefer": QgsDataSourceUri.SslMode.SslPrefer,
    "require": QgsDataSourceUri.SslMode.SslRequire,
    "verify-ca": QgsDataSourceUri.SslMode.SslVerifyCa,
    "verify-full": QgsDataSourceUri.SslMode.SslVerifyFull,
}


class AccountMissingError(TisserandError):
    """The password store of QGIS has no such configuration, or is locked."""

    def __init__(self, authcfg: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "QGIS holds no account under “{authcfg}” that can be opened: choose one in Settings > Options > "
                "Authentication, and give the master password.",
            ),
            authcfg=authcfg,
        )


def with_account(place: Place) -> Place:
    """Return a place with the account that its ``authcfg`` names; raises AccountMissingError.

    For the length of a call only: what is kept in projects and settings is the place without it.
    """
    if not place.authcfg:
        return place
    found = QgsAuthMethodConfig()
    known, found = QgsApplication.authManager().loadAuthenticationConfig(place.authcfg, found, True)
    if not known or not found.isValid():
        raise AccountMissingError(place.authcfg)
    return replace(place, user=found.config("username"), password=found.config("password"))


def source_of(place: Place, name: str, epsg: int, condition: str = "") -> str:
    """Return the source of a layer on the rows of a table or view that fulfil a condition in SQL.

    It holds the identifier of an ``authcfg`` and never a password. Raises UnencryptedConnectionError.
    """
    check_encryption(place)
    source = QgsDataSourceUri()
    user = "" if place.authcfg else place.user
    mode = SSL_MODES[place.sslmode]
    source.setConnection(place.host, str(place.port), place.database, user, "", mode, place.authcfg)
    known = {declared.name for declared in TABLES}
    geometry = table(name).geometry if name in known else "Point"
    source.setDataSource(place.schema, name, GEOMETRY if geometry else "", condition, "fid")
    if geometry:
        source.setSrid(str(epsg))
        source.setWkbType(QgsWkbTypes.parseType(geometry))
    return source.uri(False)


def open_layer(place: Place, name: str, title: str, epsg: int, condition: str = "") -> QgsVectorLayer:
    """Return a table or view of a store as a layer, limited to the rows of a condition.

    Raises LayerClosedError when it cannot be opened, and what ``source_of`` raises.
    """
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsVectorLayer(source_of(place, name, epsg, condition), title, "postgres", options)
    if not layer.isValid():
        # The summary of an error without messages, which this provider leaves, crashes QGIS 3.22.
        raise LayerClosedError(place, name, "" if layer.error().isEmpty() else layer.error().summary())
    return layer
