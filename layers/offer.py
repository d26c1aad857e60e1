"""Which actors still offer something and which needs still wait: the one rule for maps, analyses and the guide."""

from __future__ import annotations

TOWN_HALL = "mairie"
"""The ``type_initiative`` of a town hall."""
CLOSED_ACTORS = ("refus", "ferme")
"""Values of ``statut_recensement`` with which an actor is neither drawn nor counted."""
CLOSED_NEEDS = ("repondu", "clos")
"""Values of ``statut_besoin`` with which a need no longer waits for an answer."""


def _none_of(column: str, codes: tuple[str, ...]) -> str:
    return f"coalesce(\"{column}\", '') NOT IN ({', '.join(repr(code) for code in codes)})"


# Conditions that read alike in SQL and as QGIS expressions.
OPEN_ACTORS = _none_of("statut_recensement", CLOSED_ACTORS)
OPEN_NEEDS = _none_of("statut_besoin", CLOSED_NEEDS)
# A town hall stands in every commune, with no places of its own that are known: as offer it would hide every gap, and
# among initiatives town halls would resemble each other most.
OPEN_INITIATIVES = f"{OPEN_ACTORS} AND {_none_of('type_initiative', (TOWN_HALL,))}"
OPEN = {"acteur": OPEN_INITIATIVES, "besoin": OPEN_NEEDS}
"""What an analysis sees of a table, among the rows in force."""
