"""The rules of a PostGIS store that keep themselves, whichever program writes: versions, journal, deletions, positions.

Triggers bear the names, and their messages the words, of those of a GeoPackage. Each calls a function of the schema.
"""

from __future__ import annotations

from ..model.schema import Field, Kind, Table
from .postgres_names import Names, function, quoted
from .sqlite_triggers import APPEND_ONLY, CONFLICT, NO_DELETION, OUT_OF_PLACE, SAYINGS, UNTOLD, Bounds
from .statements import GEOMETRY

DEFINER = "SECURITY DEFINER"


def shared_functions(names: Names) -> list[str]:
    """Return the statements that make the functions which the triggers of several tables call."""
    return [
        function(
            names,
            "refuser()",
            "BEGIN RAISE EXCEPTION '% : %', TG_ARGV[0], TG_ARGV[1]; END",
            "trigger",
            "LANGUAGE plpgsql",
        ),
        function(
            names,
            "avancer_version()",
            "BEGIN NEW.version := OLD.version + 1; NEW.version_lue := NULL; RETURN NEW; END",
            "trigger",
            "LANGUAGE plpgsql",
        ),
    ]


def table_functions(declared: Table, names: Names) -> list[str]:
    """Return the statements that make the functions which only the triggers of one table call."""
    return [_journal_function(declared, names)] if declared.versioned else []


def triggers(declared: Table, bounds: Bounds, names: Names) -> dict[str, str]:
    """Return the triggers of a table, name -> statement that creates it.

    Those of one event run in the order of their names: ``conflit`` and ``position`` before ``version``.
    """
    found = {}
    if declared.geometry:
        found |= _position(declared, bounds, names)
    if declared.versioned:
        found |= _version(declared, names) | _journal(declared, names)
        found |= _refusing(declared, names, "suppression", "DELETE", NO_DELETION)
    if declared.append_only:
        for event in ("UPDATE", "DELETE"):
            found |= _refusing(declared, names, f"fige_{event.lower()}", event, APPEND_ONLY)
    return found


def create_trigger(
    declared: Table, names: Names, name: str, when: str, call: str, condition: str = ""
) -> dict[str, str]:
    """Return a trigger of a table, its name -> the statement that creates it."""
    tested = f" WHEN ({condition})" if condition else ""
    full = f"{declared.name}_{name}"
    return {
        full: f"CREATE TRIGGER {full} {when} ON {names.of(declared.name)} FOR EACH ROW{tested}"
        f" EXECUTE FUNCTION {names.of(call)}"
    }


def _refusing(declared: Table, names: Names, name: str, event: str, why: str, condition: str = "") -> dict[str, str]:
    call = f"refuser('{why}', '{SAYINGS[why]}')"
    return create_trigger(declared, names, name, f"BEFORE {event}", call, condition)


def _position(declared: Table, bounds: Bounds, names: Names) -> dict[str, str]:
    new, postgis = f"NEW.{GEOMETRY}", quoted(names.postgis)
    # PostgreSQL holds NaN to be greater than all numbers; an empty geometry has no least x. The perimeter is NaN or
    # infinite where one corner is, though the box around the others looks right.
    inside = (
        f"coalesce({postgis}.ST_XMin({new}) >= {bounds.west} AND {postgis}.ST_XMax({new}) <= {bounds.east}"
        f" AND {postgis}.ST_YMin({new}) >= {bounds.south} AND {postgis}.ST_YMax({new}) <= {bounds.north}"
        f" AND {postgis}.ST_Perimeter({new}) < 'Infinity', false)"
    )
    found = {}
    for name, event in (("position_ajout", "INSERT"), ("position", f"UPDATE OF {GEOMETRY}")):
        found |= _refusing(declared, names, name, event, OUT_OF_PLACE, f"{new} IS NOT NULL AND NOT {inside}")
    return found


def _version(declared: Table, names: Names) -> dict[str, str]:
    stale = "NEW.version_lue <> OLD.version"
    return {
        **_refusing(declared, names, "conflit", "UPDATE", CONFLICT, stale),
        **create_trigger(
            declared, names, "version", "BEFORE UPDATE", "avancer_version()", "OLD.* IS DISTINCT FROM NEW.*"
        ),
    }


def _journal(declared: Table, names: Names) -> dict[str, str]:
    call = f"ecrire_journal_{declared.name}()"
    moved = "OLD.version IS DISTINCT FROM NEW.version"
    return {
        **create_trigger(declared, names, "journal_ajout", "AFTER INSERT", call),
        **create_trigger(declared, names, "journal", "AFTER UPDATE", call, moved),
    }


def _journal_function(declared: Table, names: Names) -> str:
    told = [column for column in declared.fields if column.name not in UNTOLD]
    changed = ",\n      ".join(
        [f"('{column.name}', {_as_json(column, 'OLD')}, {_as_json(column, 'NEW')})" for column in told]
        + ([f"('{GEOMETRY}', {_shape(names, 'OLD')}, {_shape(names, 'NEW')})"] if declared.geometry else [])
    )
    # Users may not write the journal themselves, so this runs with the rights of the owner.
    return function(
        names,
        f"ecrire_journal_{declared.name}()",
        f"""DECLARE
  ancien text;
  nouveau text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal (quand, qui, nom_table, objet_uuid, operation, version)
    VALUES (clock_timestamp(), auteur(NEW.cree_par), TG_TABLE_NAME, NEW.uuid, 'creation', NEW.version);
    RETURN NULL;
  END IF;
  SELECT coalesce(jsonb_object_agg(k, a), '{{}}'), coalesce(jsonb_object_agg(k, n), '{{}}') INTO ancien, nouveau
    FROM (VALUES
      {changed}
    ) AS champs (k, a, n) WHERE a IS DISTINCT FROM n;
  INSERT INTO journal (quand, qui, nom_table, objet_uuid, operation, avant, apres, version)
  VALUES (clock_timestamp(), auteur(NEW.maj_par), TG_TABLE_NAME, NEW.uuid,
    CASE WHEN OLD.supprime_le IS NULL AND NEW.supprime_le IS NOT NULL THEN 'retrait'
      WHEN OLD.supprime_le IS NOT NULL AND NEW.supprime_le IS NULL THEN 'retablissement'
      ELSE 'modification' END,
    ancien, nouveau, NEW.version);
  RETURN NULL;
END""",  # nosec B608
        "trigger",
        f"LANGUAGE plpgsql {DEFINER}",
    )


def _as_json(column: Field, side: str) -> str:
    """Return the SQL of a value as the journal of a GeoPackage writes it."""
    value = f"{side}.{column.name}"
    if column.kind is Kind.BOOLEAN:
        value = f"{value}::integer"
    elif column.kind is Kind.DATETIME:
        value = f"""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
    return f"to_jsonb({value})"


def _shape(names: Names, side: str) -> str:
    # The WKB with which the geometry blob of a GeoPackage ends.
    return f"to_jsonb(upper(encode({quoted(names.postgis)}.ST_AsBinary({side}.{GEOMETRY}, 'NDR'), 'hex')))"
