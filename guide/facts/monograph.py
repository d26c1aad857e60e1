"""A monograph as plain values: an interview, its twelve criteria, its photo."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

CRITERIA = {
    "c_portage_collectif": "Portage collectif",
    "c_diversite_collectif": "Diversité du collectif",
    "c_implication_publics": "Implication du public",
    "c_gouvernance": "Gouvernance",
    "c_mode_operatoire": "Mode opératoire",
    "c_transformation": "Potentiel de transformation",
    "c_rupture": "Rupture",
    "c_ancrage": "Ancrage dans le territoire",
    "c_accessibilite": "Accessibilité",
    "c_viabilite": "Viabilité",
    "c_environnement": "Effet sur l'environnement",
    "c_recherche": "Ouverture à la recherche",
}
"""Field -> words of the twelve criteria of a social innovation (Région Nouvelle-Aquitaine), in their order."""
HIGHEST = 4

TEXTS = {
    "histoire": "Comment c'est né",
    "fonctionnement": "Comment cela marche",
    "publics_touches": "Qui vient, qui ne vient pas",
    "partenaires": "Avec qui",
    "moyens": "Avec quels moyens",
    "resultats": "Ce que cela change",
    "difficultes": "Ce qui est difficile",
    "enseignements": "Ce que l'on peut en reprendre ailleurs",
}
"""Field -> heading of the texts of the interview, in their order."""


class Photo(NamedTuple):
    """A photo that may be printed: ``width`` and ``height`` are its pixels as it stands upright."""

    path: Path
    width: int
    height: int
    legend: str
    credit: str


class Monograph(NamedTuple):
    """What was learnt of an actor, a site or an initiative.

    ``scores`` follow CRITERIA, 0 to 4, None where nobody answered. ``texts`` are (heading, text) of what was answered.
    ``facts`` are (label, words) for the box of identity. ``actor`` is the uuid of the actor it is about, or of who
    holds the site or bears the initiative; "" when the audience may not read about it. ``partners`` are uuids of
    actors of the book.
    """

    uuid: str
    title: str
    subject: str
    kind: str
    theme: str
    summary: str
    texts: tuple[tuple[str, str], ...]
    scores: tuple[int | None, ...]
    facts: tuple[tuple[str, str], ...]
    actor: str
    partners: tuple[str, ...]
    commune: str
    x: float
    y: float
    met_on: date | None
    correspondent: str
    photo: Photo | None

    @property
    def anchor(self) -> str:
        """Return the anchor of the monograph's first page."""
        return f"monographie-{self.uuid}"
