"""The rules of a GeoPackage that keep themselves, whichever program writes: versions, journal, deletions, positions.

Their messages begin with a word of ``SAYINGS``, by which they are recognised and said again in plain words.
"""

from __future__ import annotations

from typing import NamedTuple

from ..model.schema import Table
from .statements import GEOMETRY

CONFLICT = "CIS-CONFLIT"
NO_DELETION = "CIS-SUPPRESSION"
APPEND_ONLY = "CIS-JOURNAL"
OUT_OF_PLACE = "CIS-POSITION"
SAYINGS = {
    CONFLICT: "la fiche a été modifiée par quelqu''un d''autre depuis sa lecture ; relire puis recommencer",
    NO_DELETION: "une fiche ne se supprime pas ; l''archiver",
    APPEND_ONLY: "le journal ne se modifie pas",
    OUT_OF_PLACE: "position hors du système de coordonnées de l''espace de travail (degrés ? coordonnées inversées ?)",
}
UNTOLD = frozenset({"version", "version_lue"})
NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"


class Bounds(NamedTuple):
    """The extent that positions must lie in, in the CRS of the store."""

    west: float
    south: float
    east: float
    north: float


def triggers(declared: Table, bounds: Bounds) -> dict[str, str]:
    """Return the triggers of a table, name -> statement that creates it."""
    found = {}
    if declared.geometry:
        found |= _position(declared, bounds)
    if declared.versioned:
        found |= _version(declared) | _journal(declared)
        found[f"{declared.name}_suppression"] = _refusing(declared, "suppression", "DELETE", NO_DELETION)
    if declared.append_only:
        for event in ("UPDATE", "DELETE"):
            name = f"fige_{event.lower()}"
            found[f"{declared.name}_{name}"] = _refusing(declared, name, event, APPEND_ONLY)
    return found


def _refusing(declared: Table, name: str, event: str, why: str, condition: str = "") -> str:
    # Not RAISE(IGNORE), with which QGIS 3.22 reports a failure and nothing else.
    when = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER {declared.name}_{name} BEFORE {event} ON {declared.name} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{why} : {SAYINGS[why]}'); END"
    )


def _position(declared: Table, bounds: Bounds) -> dict[str, str]:
    # A comparison with NaN is NULL, and so is the least x of an empty geometry: both are refused.
    inside = (
        f"coalesce(ST_MinX(NEW.{GEOMETRY}) >= {bounds.west} AND ST_MaxX(NEW.{GEOMETRY}) <= {bounds.east}"
        f" AND ST_MinY(NEW.{GEOMETRY}) >= {bounds.south} AND ST_MaxY(NEW.{GEOMETRY}) <= {bounds.north}, 0)"
    )
    condition = f"NEW.{GEOMETRY} IS NOT NULL AND NOT {inside}"
    return {
        f"{declared.name}_{name}": _refusing(declared, name, event, OUT_OF_PLACE, condition)
        for name, event in (("position_ajout", "INSERT"), ("position", f"UPDATE OF {GEOMETRY}"))
    }


def _version(declared: Table) -> dict[str, str]:
    name = declared.name
    stale = "NEW.version_lue IS NOT NULL AND NEW.version_lue <> OLD.version AND NEW.version = OLD.version"
    return {
        f"{name}_conflit": _refusing(declared, "conflit", "UPDATE", CONFLICT, stale),
        # The first condition keeps the update within from raising the version again. The others: QGIS saves where a row
        # is, then its fields, and both are of the version that was read.
        f"{name}_version": (
            f"CREATE TRIGGER {name}_version AFTER UPDATE ON {name} "  # nosec B608
            f"WHEN NEW.version = OLD.version AND ({_differs(declared)}) "
            f"BEGIN UPDATE {name} SET version = OLD.version + 1, version_lue = NULL WHERE fid = NEW.fid; END"
        ),
    }


def _differs(declared: Table) -> str:
    names = [column.name for column in declared.fields if column.name != "version"]
    return " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)


def _journal(declared: Table) -> dict[str, str]:
    name = declared.name
    told = [column.name for column in declared.fields if column.name not in UNTOLD]
    operation = (
        "CASE WHEN OLD.supprime_le IS NULL AND NEW.supprime_le IS NOT NULL THEN 'retrait'"
        " WHEN OLD.supprime_le IS NOT NULL AND NEW.supprime_le IS NULL THEN 'retablissement'"
        " ELSE 'modification' END"
    )
    moved = f" OR OLD.{GEOMETRY} IS NOT NEW.{GEOMETRY}" if declared.geometry else ""
    columns = "quand, qui, nom_table, objet_uuid, operation, avant, apres, version"
    return {
        f"{name}_journal_ajout": (
            f"CREATE TRIGGER {name}_journal_ajout AFTER INSERT ON {name} "  # nosec B608
            f"BEGIN INSERT INTO journal ({columns}) "
            f"VALUES ({NOW}, NEW.cree_par, '{name}', NEW.uuid, 'creation', NULL, NULL, NEW.version); END"
        ),
        f"{name}_journal": (
            f"CREATE TRIGGER {name}_journal AFTER UPDATE ON {name} "  # nosec B608
            f"WHEN NEW.version = OLD.version AND ({_differs(declared)}{moved}) "
            f"BEGIN INSERT INTO journal ({columns}) VALUES ({NOW}, NEW.maj_par, '{name}', NEW.uuid, {operation}, "
            f"{_changed(declared, told, 'OLD')}, {_changed(declared, told, 'NEW')}, OLD.version + 1); END"
        ),
    }


def _changed(declared: Table, told: list[str], side: str) -> str:
    """Return the SQL of a JSON object of the fields that an update changes, as they were or as they became."""
    pairs = [f"SELECT '{name}' AS k, {side}.{name} AS v WHERE OLD.{name} IS NOT NEW.{name}" for name in told]
    if declared.geometry:
        pairs.append(f"SELECT '{GEOMETRY}', hex({side}.{GEOMETRY}) WHERE OLD.{GEOMETRY} IS NOT NEW.{GEOMETRY}")
    return f"(SELECT json_group_object(k, v) FROM ({' UNION ALL '.join(pairs)}))"  # nosec B608
