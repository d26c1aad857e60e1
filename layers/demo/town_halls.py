"""Town halls, as traditional actors: real and public, unlike the rest of the demonstration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from .ground import Place, ground

if TYPE_CHECKING:
    from ..reference import Commune

SOURCE = "mairies"
TOWN_AT_END = re.compile(r",? (\d{5}) [^,]+$")
SAID_WITH_AN_APOSTROPHE = re.compile(r"[AEIOUŒÀÂÄÉÈÊËÎÏÔÖÙÛÜ]|Y(?![aeiouéè])")
CONTRACTED = {"Le": "du", "Les": "des"}


def town_halls(communes: list[Commune]) -> list[dict]:
    """Return the rows of ``acteur`` for the town halls, with ``lon`` and ``lat`` in degrees (EPSG:4326).

    A town hall whose place is unknown stands in the middle of its commune, with that precision; both are None where
    there is no outline either. Its telephone is published by the administration, without anybody's consent:
    ``contact_publiable`` stays false, and whoever prints it goes by ``type_initiative``.
    """
    return [_row(commune) for commune in sorted(communes, key=lambda commune: commune.code)]


def _row(commune: Commune) -> dict:
    hall, site = commune.mairie, ground(commune)
    known = Place(hall.lon, hall.lat)
    place = site.heart if site else known
    town = TOWN_AT_END.search(hall.adresse)
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"tisserand:acteur:mairie:{commune.code}")),
        "nom": f"Mairie {_of(commune.nom)}",
        "type_initiative": "mairie",
        "description": "Accueil du public, état civil, élections et premières démarches\u00a0; on y est orienté "
        "vers le centre communal d’action sociale.",
        "theme_principal": "connect",
        "themes_vie": "connect",
        "thematiques": "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives"
        "|difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",
        "types_action": "accompagnement",
        "publics": "tous-publics",
        "frais": "gratuit",
        "modes_accueil": "en-presentiel",
        "horaires_accueil": hall.horaires or None,
        "adresse": TOWN_AT_END.sub("", hall.adresse) or None,
        "code_postal": town[1] if town else next(iter(commune.codes_postaux.split()), None),
        "commune": commune.nom,
        "code_insee": commune.code,
        "telephone": hall.telephone or None,
        "site_web": hall.site or None,
        "echelle": "locale",
        "itinerant": False,
        "statut_recensement": "repere",
        "diffusion": "public",
        "contact_publiable": False,
        "precision_geo": None if place.lon is None else "numero" if place == known else "commune",
        "statut": "publie",
        "source": SOURCE,
        "lon": place.lon,
        "lat": place.lat,
    }


def _of(name: str) -> str:
    """Say « of » before the name of a commune: d'Antony, du Havre, des Avirons, de La Réole, de L'Haÿ-les-Roses."""
    article, _, rest = name.partition(" ")
    if rest and article in CONTRACTED:
        return f"{CONTRACTED[article]} {rest}"
    return f"d’{name}" if SAID_WITH_AN_APOSTROPHE.match(name) else f"de {name}"
