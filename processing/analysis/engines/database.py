"""Pairs that a PostGIS database searches, where the places already are.

The database has the index, so it says who is near whom; how far is counted here, from the same coordinates as ever, so
that the pairs and their costs are those of ``pairs.Near`` to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..pairs import KEPT, TILE, TOLERANCE, Tile, in_rows
from ..ways import CrowFly

# Points asked for in one statement, answers fetched at once: few, so that a wish to stop is heard.
ASKED, FETCHED = 5_000, 16
# Rows of the table fetched at once.
ROWS = 20_000
WIDER = 1e-8
"""Relative: the database is asked for a little more than the radius, and what is too much is left out here."""


_NUMBERS = count()


class Table(NamedTuple):
    """Where points are: ``geometry`` is a column of points in a metric CRS, ``key`` of whole numbers, each once."""

    schema: str
    name: str
    key: str
    geometry: str
    srid: int


class TableChangedError(TisserandError):
    """Places that were read from the table are no longer there as they were."""

    def __init__(self, table: Table, count: int):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{count} places are not in {table} where the layer shows them: save the edits of the layer and run "
                "again, or do not search in the database.",
            ),
            table=f"{table.schema}.{table.name}",
            count=count,
        )


class SpatialIndexMissingError(TisserandError):
    """Without an index each point would be compared with all."""

    def __init__(self, table: Table):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{table} has no spatial index on {column}: add one (“Create Spatial Index” in QGIS), or do not search "
                "in the database.",
            ),
            table=f"{table.schema}.{table.name}",
            column=table.geometry,
        )


class DatabaseFailedError(TisserandError):
    """The database broke off, or did not let us read."""

    def __init__(self, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The database could not search the pairs ({cause}): check the rights of the account and the network, "
                "or do not search in the database.",
            ),
            cause=" ".join(f"{cause}".split()),
        )


class Points(NamedTuple):
    """The points of a table, one for each place where any stand: ``keys`` ascending, ``xy`` (n, 2)."""

    keys: np.ndarray
    xy: np.ndarray


class ByDatabase(NamedTuple):
    """Ways as the crow flies (see ``ways.Ways``) whose pairs a database searches; the places are those of its table."""

    flight: CrowFly
    connection: object
    table: Table
    points: Points

    def near(self, origins, places, reach, check=lambda: None) -> InDatabase:
        """Return the pairs no further apart than ``reach`` minutes."""
        minutes = self.flight.minutes_per_metre()
        given = (self.connection, self.table, self.points, origins, places, self.metres(reach))
        return InDatabase(*given, per_metre=minutes, check=check)

    def nearest(self, origins, places):
        """Return the position of the nearest place and its minutes, however far."""
        return self.flight.nearest(origins, places)

    def metres(self, reach: float) -> float:
        """Return the crow-fly metres that so many minutes cover."""
        return self.flight.metres(reach)

    def straight(self, metres: np.ndarray) -> np.ndarray:
        """Return the minutes of so many crow-fly metres."""
        return self.flight.straight(metres)


class InDatabase:
    """The pairs of ``origins`` with ``places`` (arrays of coordinates in the CRS of the table), as tiles.

    Every one of the places stands in the table; rows of it at which no place stands are passed over. The pairs come
    through a server-side cursor, in the order of the origins, about ``tile`` at once. Up to ``kept`` of them are held;
    of more each pass asks the database anew. ``check`` is called before each fetch and may raise, to stop.
    """

    def __init__(
        self,
        connection,
        table: Table,
        points: Points,
        origins: np.ndarray,
        places: np.ndarray,
        radius: float,
        *,
        per_metre: float = 1.0,
        kept: int = KEPT,
        tile: int = TILE,
        check: Callable[[], None] = lambda: None,
    ):
        self._connection, self._table, self._check = connection, table, check
        self._origins, self._places = origins, places
        self._radius, self._per_metre = radius, per_metre
        self._kept, self._tile = kept, tile
        self._keys = points.keys
        self._starts, self._at = _standing_at(table, points.xy, places)
        self._held: list[Tile] | None = None

    def __iter__(self) -> Iterator[Tile]:
        """Yield the tiles from the first origin to the last."""
        if self._held is not None:
            for tile in self._held:
                self._check()
                yield tile
            return
        held, pairs = [], 0
        for tile in self._streamed():
            pairs += tile.costs.nnz
            if pairs <= self._kept:
                held.append(tile)
            else:
                held.clear()
            yield tile
        if pairs <= self._kept:
            self._held = held

    def _streamed(self) -> Iterator[Tile]:
        first, waiting, pairs = 0, [], 0
        for found in self._near():
            waiting.append(found)
            pairs += len(found)
            if pairs >= self._tile:
                yield Tile(first, self._costs(first, waiting))
                first, waiting, pairs = first + len(waiting), [], 0
        if waiting:
            yield Tile(first, self._costs(first, waiting))

    def _near(self) -> Iterator[np.ndarray]:
        """Yield for each origin the positions in ``Points`` of those near it, and some that are a little too far."""
        from psycopg2 import sql

        table = self._table
        statement = sql.SQL(
            "SELECT found.keys FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS origin(x, y, number)"
            " CROSS JOIN LATERAL (SELECT string_agg(int8send({key}::bigint), ''::bytea) AS keys FROM {table}"
            " WHERE ST_DWithin({geometry}, ST_SetSRID(ST_MakePoint(origin.x, origin.y), %s), %s)) AS found"
            " ORDER BY origin.number"
        ).format(**_identifiers(table))
        radius = self._radius * (1 + WIDER)
        for start in range(0, len(self._origins), ASKED):
            x, y = self._origins[start : start + ASKED].T.tolist()
            for (keys,) in stream(self._connection, statement, (x, y, table.srid, radius), FETCHED, self._check):
                given = np.frombuffer(keys or b"", dtype=">i8").astype(np.int64)
                at = np.searchsorted(self._keys, given)
                yield at[np.append(self._keys, -1)[at] == given]

    def _costs(self, first: int, near: list[np.ndarray]) -> sparse.csr_matrix:
        """Return the costs of the origins ``first``, ``first + 1``, … to the places at the points near each."""
        points = np.concatenate(near)
        standing = np.diff(self._starts)[points]
        ends = np.cumsum(standing)
        steps = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - standing, standing)
        columns = self._at[np.repeat(self._starts[points], standing) + steps]
        rows = np.repeat(np.repeat(np.arange(len(near)), list(map(len, near))), standing)
        apart = self._origins[first + rows] - self._places[columns]
        metres = np.sqrt((apart**2).sum(axis=1))
        close = metres <= self._radius * (1 + TOLERANCE)
        shape = (len(near), len(self._places))
        values = metres[close] * self._per_metre
        return in_rows(values, (rows[close], columns[close]), shape)


def read_points(connection, table: Table, check: Callable[[], None] = lambda: None) -> Points:
    """Return the points of a table, as the transaction of the connection sees them from here on.

    Raises SpatialIndexMissingError or DatabaseFailedError.
    """
    from psycopg2 import sql

    if not _is_indexed(connection, table, check):
        raise SpatialIndexMissingError(table)
    statement = sql.SQL(
        "SELECT {key}::bigint, ST_X({geometry}), ST_Y({geometry}) FROM {table} WHERE NOT ST_IsEmpty({geometry})"
    ).format(**_identifiers(table))
    rows = stream(connection, statement, (), ROWS, check)
    found = np.fromiter(rows, dtype=[("key", "i8"), ("x", "f8"), ("y", "f8")])
    found.sort(order="key")
    _, first = np.unique(found["x"] + 1j * found["y"], return_index=True)
    found = found[np.sort(first)]
    return Points(found["key"], np.column_stack([found["x"], found["y"]]))


def stream(connection, statement, values, fetched: int, check: Callable[[], None]) -> Iterator[tuple]:
    """Yield the rows of a statement, which the server keeps and hands out ``fetched`` at once."""
    import psycopg2

    try:
        with connection.cursor(f"tisserand_{next(_NUMBERS)}") as cursor:
            check()
            cursor.execute(statement, values)
            while rows := cursor.fetchmany(fetched):
                yield from rows
                check()
    except psycopg2.Error as error:
        raise DatabaseFailedError(error) from error


def _identifiers(table: Table) -> dict:
    """Return the names of a table for a statement with values, in which a % has to be doubled."""
    from psycopg2 import sql

    schema, name, key, geometry = (part.replace("%", "%%") for part in table[:4])
    return {
        "key": sql.Identifier(key),
        "table": sql.Identifier(schema, name),
        "geometry": sql.Identifier(geometry),
    }


def _is_indexed(connection, table: Table, check: Callable[[], None]) -> bool:
    """Say whether the column has a spatial index; of a view nobody can say, so it has."""
    statement = (
        "SELECT relkind NOT IN ('r', 'm', 'p') OR EXISTS (SELECT FROM pg_index"
        " JOIN pg_class AS found ON found.oid = indexrelid JOIN pg_am ON pg_am.oid = found.relam"
        " JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
        " WHERE indrelid = pg_class.oid AND attname = %s AND amname IN ('gist', 'spgist'))"
        " FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND relname = %s"
    )
    return (True,) in stream(connection, statement, (table.geometry, table.schema, table.name), 1, check)


def _standing_at(table: Table, points: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the places, those of each point together, and where those of each point begin."""
    where, there = (xy[:, 0] + 1j * xy[:, 1] for xy in (points, places))
    order = np.argsort(where, kind="stable")
    found = np.searchsorted(where, there, sorter=order)
    known = np.append(where[order], np.nan)[found] == there
    if not known.all():
        raise TableChangedError(table, int((~known).sum()))
    point = order[found]
    starts = np.r_[0, np.cumsum(np.bincount(point, minlength=len(points)))]
    return starts, np.argsort(point, kind="stable")
