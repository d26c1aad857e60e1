"""Which records a circle of readers may see, and what of them: the one rule for the guide and for exports."""

from __future__ import annotations

from .offer import CLOSED_ACTORS

AUDIENCES = ("public", "pro", "interne")
"""Who may read; each audience reads all that the ones before it may."""
TOWN_HALLS = "mairies"


def may_read(actor: dict, audience: str) -> bool:
    """Say whether an audience may read a row of ``acteur``; who refused, closed or was archived is for nobody."""
    return (
        actor["diffusion"] in AUDIENCES[: AUDIENCES.index(audience) + 1]
        and actor["statut_recensement"] not in CLOSED_ACTORS
        and actor["statut"] != "archive"
    )


def may_read_record(row: dict, audience: str) -> bool:
    """Say whether an audience may read a row of another table with ``diffusion`` and ``statut``, such as a site."""
    return row["diffusion"] in AUDIENCES[: AUDIENCES.index(audience) + 1] and row["statut"] != "archive"


def contacts_are_public(actor: dict) -> bool:
    """Say whether telephone and mail of a row of ``acteur`` may be given to any audience."""
    # A town hall's telephone is published by law; an actor's is with its consent, until it objects.
    return not actor.get("opposition_le") and (bool(actor["contact_publiable"]) or actor["source"] == TOWN_HALLS)
