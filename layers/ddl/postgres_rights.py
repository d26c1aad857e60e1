"""Who may do what in a PostGIS store: groups of users, sectors, the way of a sheet from draft to published.

An account is a correspondent's when its name is the ``identifiant`` of an active row of ``correspondant``. Groups get
rights, accounts get groups; nobody may delete. What a correspondent may not change is refused by a trigger with a
sentence: row-level security alone hides the row from the update, and QGIS then reports a success on nothing.
"""

from __future__ import annotations

from ..audience import TOWN_HALLS
from ..export import CONTACTS, INNER, WORKING
from ..model.schema import Table
from ..model.tables import TABLES, table
from ..offer import CLOSED_ACTORS
from .postgres_names import Names, function, quoted
from .postgres_triggers import DEFINER, create_trigger
from .statements import GEOMETRY

FOREIGN = "CIS-DROITS"
NOT_THEIRS_TO_DECIDE = "CIS-STATUT"
UNKNOWN_ACCOUNT = (
    "ce compte n''est celui d''aucun correspondant en activité ; demander à la gestion de l''inscrire sous ce nom"
)
OTHER_SECTOR = "la fiche est d''un autre secteur ; la demander à son correspondant ou à la gestion"
STEP_NOT_TAKEN = "un correspondant ne mène pas une fiche de « % » à « % » ; la soumettre, la gestion décide"
WITHDRAWING = "une fiche déjà soumise n''est retirée que par la gestion ; le lui demander"
# What correspondents write, each table after those by which its rows belong to a sector.
FIELDWORK = tuple(
    declared
    for declared in TABLES
    if declared.name
    in (
        "acteur",
        "service",
        "site",
        "visite",
        "lien",
        "besoin",
        "initiative",
        "projet",
        "evenement",
        "monographie",
        "media",
        "contribution",
    )
)
# Status of a sheet -> those that a correspondent may leave it in; what was validated goes back to be read again.
STEPS = {
    "brouillon": ("brouillon", "soumis", "archive"),
    "soumis": ("soumis", "brouillon"),
    "valide": ("soumis", "brouillon"),
    "publie": ("soumis", "brouillon"),
    "archive": (),
}
FIRST_STEPS = ("brouillon", "soumis")
PUBLIC_VIEW = "acteur_public"
# What those who only read may see besides: the ground, the words, the settings.
OPEN_TABLES = ("territoire", "secteur", "theme", "indicateur", "meta")


def create_group(group: str) -> str:
    """Return the statement that makes a group of users, who log in with accounts of their own."""
    return f"CREATE ROLE {quoted(group)} NOLOGIN"


def shared_functions(names: Names) -> list[str]:
    """Return the statements that make the functions which tell who is at work.

    They look at ``session_user``, the account that logged in: ``current_user`` is the owner within them.
    """
    definer = f"LANGUAGE sql STABLE {DEFINER}"
    return [
        function(
            names,
            "est_gestion()",
            f"SELECT pg_has_role(session_user, '{names.managers}', 'MEMBER')"
            " OR pg_has_role(session_user, current_user, 'MEMBER')",
            "boolean",
            definer,
        ),
        function(
            names,
            "est_correspondant()",
            "SELECT EXISTS (SELECT 1 FROM correspondant WHERE identifiant = session_user"
            " AND coalesce(actif, true) AND supprime_le IS NULL)",
            "boolean",
            definer,
        ),
        function(
            names,
            "mes_secteurs()",
            "SELECT secteur_uuid FROM correspondant WHERE identifiant = session_user"
            " AND coalesce(actif, true) AND supprime_le IS NULL AND secteur_uuid IS NOT NULL",
            "SETOF text",
            definer,
        ),
        # Those who manage bring in what others wrote; a correspondent is who logged in, whatever the row says.
        function(
            names,
            "auteur(dit text)",
            "SELECT CASE WHEN est_gestion() THEN coalesce(dit, session_user) ELSE session_user END",
            "text",
            definer,
        ),
    ]


def table_functions(declared: Table, names: Names) -> list[str]:
    """Return the statements that make the functions which guard a table: whose a row is, what may become of it."""
    if declared not in FIELDWORK:
        return []
    row_type = names.of(declared.name)
    return [
        function(
            names,
            f"est_a_moi_{declared.name}(ligne {row_type})",
            f"SELECT {_is_mine(declared, names)}",
            "boolean",
            "LANGUAGE sql STABLE",
        ),
        function(names, f"verifier_droits_{declared.name}()", _checks(declared), "trigger", "LANGUAGE plpgsql"),
    ]


def triggers(declared: Table, names: Names) -> dict[str, str]:
    """Return the triggers that guard a table, name -> statement that creates it."""
    if declared not in FIELDWORK:
        return {}
    return create_trigger(declared, names, "droits", "BEFORE INSERT OR UPDATE", f"verifier_droits_{declared.name}()")


def grants(declared: Table, names: Names) -> list[str]:
    """Return the statements that give the groups their rights on a table, and no others."""
    target = names.of(declared.name)
    readers, correspondents, managers = (quoted(group) for group in names.groups)
    statements = [
        f"REVOKE ALL ON {target} FROM PUBLIC, {readers}, {correspondents}, {managers}",
        f"GRANT SELECT ON {target} TO {correspondents}, {managers}",
    ]
    if declared.name in OPEN_TABLES:
        statements.append(f"GRANT SELECT ON {target} TO {readers}")
    if not declared.append_only:
        statements.append(f"GRANT INSERT, UPDATE ON {target} TO {managers}")
    if declared in FIELDWORK:
        statements.append(f"GRANT INSERT, UPDATE ON {target} TO {correspondents}")
    return statements


def policies(declared: Table, names: Names) -> dict[str, str]:
    """Return the row-level security of a table, name -> statement: a second lock behind the triggers.

    Every row stays visible to an update, so that the trigger can refuse it aloud.
    """
    if declared not in FIELDWORK:
        return {}
    target = names.of(declared.name)
    correspondents, managers = quoted(names.correspondents), quoted(names.managers)
    mine = (
        f"{names.of('est_gestion()')} OR"
        f" ({names.of('est_correspondant()')} AND {names.of(f'est_a_moi_{declared.name}')}({declared.name}))"
    )
    return {
        "lecture": f"CREATE POLICY lecture ON {target} FOR SELECT TO {correspondents} USING (true)",
        "ajout": f"CREATE POLICY ajout ON {target} FOR INSERT TO {correspondents} WITH CHECK ({mine})",
        "modification": (
            f"CREATE POLICY modification ON {target} FOR UPDATE TO {correspondents} USING (true) WITH CHECK ({mine})"
        ),
        "gestion": f"CREATE POLICY gestion ON {target} FOR ALL TO {managers} USING (true) WITH CHECK (true)",
    }


def public_view(names: Names) -> list[str]:
    """Return the statements that make the view of published actors, with the contacts that may be given."""
    actors = table("acteur")
    kept = [name for name in actors.names if name not in (*WORKING, *INNER, "extra")]
    given = f"opposition_le IS NULL AND (coalesce(contact_publiable, false) OR source = '{TOWN_HALLS}')"
    columns = [f"CASE WHEN {given} THEN {name} END AS {name}" if name in CONTACTS else name for name in kept]
    closed = ", ".join(f"'{code}'" for code in CLOSED_ACTORS)
    view = names.of(PUBLIC_VIEW)
    return [
        f"DROP VIEW IF EXISTS {view}",
        # A barrier: a function in the condition of a reader must not see the rows that are left out.
        f"CREATE VIEW {view} WITH (security_barrier = true)"  # nosec B608
        f" AS SELECT {', '.join(['fid', GEOMETRY, *columns])}"
        f" FROM {names.of('acteur')} WHERE supprime_le IS NULL AND statut = 'publie' AND diffusion = 'public'"
        f" AND coalesce(statut_recensement, '') NOT IN ({closed})",
        f"GRANT SELECT ON {view} TO {', '.join(map(quoted, names.groups))}",
        f"COMMENT ON VIEW {view} IS 'Acteurs publiés, avec les coordonnées que l''on peut donner'",
    ]


def schema_grants(names: Names) -> list[str]:
    """Return the statements that open the schema to the groups, and its functions to those who write."""
    schema = quoted(names.schema)
    groups = ", ".join(map(quoted, names.groups))
    writers = f"{quoted(names.correspondents)}, {quoted(names.managers)}"
    return [
        f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {schema} TO {groups}",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {writers}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {writers}",
    ]


def _is_mine(declared: Table, names: Names) -> str:
    """Return the condition that a row (``ligne``) is of a sector of who is at work, or of none yet."""
    if "secteur_uuid" in declared.names:
        return "ligne.secteur_uuid IS NULL OR ligne.secteur_uuid IN (SELECT mes_secteurs())"
    parents = [column for column in declared.references if table(column.references) in FIELDWORK]
    without = " AND ".join(f"ligne.{column.name} IS NULL" for column in parents)
    of_mine = [
        f"EXISTS (SELECT 1 FROM {names.of(column.references)} AS parent"  # nosec B608
        f" WHERE parent.uuid = ligne.{column.name} AND est_a_moi_{column.references}(parent))"
        for column in parents
    ]
    return "\n  OR ".join([f"({without})", *of_mine])


def _checks(declared: Table) -> str:
    name = declared.name
    moves = "statut" in declared.names
    lines = ["DECLARE", "  depuis text := 'nouvelle';", f"  vers text := coalesce({_STATUS_AFTER});"] if moves else []
    lines += [
        "BEGIN",
        "  IF est_gestion() THEN RETURN NEW; END IF;",
        _refused_if("NOT est_correspondant()", FOREIGN, UNKNOWN_ACCOUNT),
        "  IF TG_OP = 'UPDATE' THEN",
        _refused_if(f"NOT est_a_moi_{name}(OLD)", FOREIGN, OTHER_SECTOR),
        "  END IF;",
        _refused_if(f"NOT est_a_moi_{name}(NEW)", FOREIGN, OTHER_SECTOR),
    ]
    if moves:
        lines += _status_checks()
    return "\n".join([*lines, "  RETURN NEW;", "END"])


_STATUS_AFTER, _STATUS_BEFORE = "NEW.statut, 'brouillon'", "OLD.statut, 'brouillon'"


def _refused_if(condition: str, why: str, sentence: str, values: str = "") -> str:
    return f"  IF {condition} THEN RAISE EXCEPTION '{why} : {sentence}'{values}; END IF;"


def _status_checks() -> list[str]:
    steps = {"nouvelle": FIRST_STEPS, **STEPS}
    taken = " OR ".join(
        f"(depuis = '{before}' AND vers IN ({', '.join(map(repr, after))}))" for before, after in steps.items() if after
    )
    return [
        f"  IF TG_OP = 'UPDATE' THEN depuis := coalesce({_STATUS_BEFORE}); END IF;",
        _refused_if(f"NOT ({taken})", NOT_THEIRS_TO_DECIDE, STEP_NOT_TAKEN, ", depuis, vers"),
        "  IF TG_OP = 'UPDATE' AND depuis <> 'brouillon' THEN",
        _refused_if("NEW.supprime_le IS DISTINCT FROM OLD.supprime_le", NOT_THEIRS_TO_DECIDE, WITHDRAWING),
        "  END IF;",
    ]
