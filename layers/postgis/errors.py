"""What a database may refuse, in plain words; none holds a password."""

from __future__ import annotations

from ..errors import QT_TRANSLATE_NOOP, StoreExistsError, StoreRefusedError, StoreUnreadableError, TisserandError


class DriverMissingError(TisserandError):
    """Python's driver for PostgreSQL is not installed."""

    def __init__(self):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The Python package psycopg2 is missing, so no database can be reached: install python3-psycopg2, or "
                "QGIS anew with its usual installer.",
            )
        )


class UnencryptedConnectionError(TisserandError):
    """A connection over a network was asked for without encryption."""

    def __init__(self, host: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The connection to {host} would not be encrypted: choose the SSL mode “require”, “verify-ca” or "
                "“verify-full”.",
            ),
            host=host,
        )


class DatabaseUnreachableError(StoreUnreadableError):
    """The server did not answer, or did not let this account in."""

    def __init__(self, place: object, cause: str):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The database {place} did not let us in ({cause}): check the server, the account and the network.",
            ),
            place=place,
            cause=cause,
        )


class ConnectionLostError(StoreUnreadableError):
    """The connection fell while something was written; whether the end of it was kept is not known."""

    def __init__(self, place: object, cause: str):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The connection to {place} was lost while writing ({cause}): read the sheets again to see whether the "
                "last change is there, then try again.",
            ),
            place=place,
            cause=cause,
        )


class NoStoreInSchemaError(StoreUnreadableError):
    """The schema is missing, closed to this account, or no store of ours."""

    def __init__(self, place: object):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{place} holds no Tisserand workspace that this account can read: check the name of the schema, or ask "
                "the administrator of the database for a group.",
            ),
            place=place,
        )


class SchemaExistsError(StoreExistsError):
    """A schema of this name already stands in the database."""

    def __init__(self, place: object):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand", "{place} already exists and was left as it is: choose another name for the schema."
            ),
            place=place,
        )


class PostgisMissingError(TisserandError):
    """The database has no PostGIS, and this account may not add it."""

    def __init__(self, place: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{place} has no PostGIS and this account may not add it: ask the administrator of the database to run "
                "“CREATE EXTENSION postgis”.",
            ),
            place=place,
        )


class GroupsMissingError(TisserandError):
    """The groups of users do not exist, and this account may not make them."""

    def __init__(self, statements: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The groups of users do not exist and this account may not make them: ask the administrator of the "
                "server to run “{statements}”.",
            ),
            statements=statements,
        )


class ReadingForbiddenError(TisserandError):
    """A table is closed to this account."""

    def __init__(self, place: object, name: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "This account may not read the table {name} of {place}: open what is published, or ask the "
                "administrator of the database for another group.",
            ),
            place=place,
            name=name,
        )


class LayerClosedError(TisserandError):
    """QGIS could not open a table as a layer."""

    def __init__(self, place: object, name: str, cause: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The table {name} of {place} does not open as a layer ({cause}): check the account, the schema, and "
                "that this account may read the table.",
            ),
            place=place,
            name=name,
            cause=cause or "?",
        )


class DatabaseRefusedError(StoreRefusedError):
    """A right, a rule of the model or the server refused; nothing was written."""

    def __init__(self, place: object, cause: str):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "Nothing was written to {place} ({cause}): correct the value that is named, or ask for the right to "
                "change it.",
            ),
            place=place,
            cause=cause,
        )


class NotKeptError(StoreRefusedError):
    """The database said that it wrote, and what it holds is something else."""

    def __init__(self, place: object, cause: str):
        TisserandError.__init__(
            self,
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{place} does not hold what was written to it ({cause}): read the sheet again before going on, and "
                "tell the administrator of the database.",
            ),
            place=place,
            cause=cause,
        )
