"""The fictional correspondents of the demonstration, and the sectors they look after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from .chance import share
from .sectors import sectors

if TYPE_CHECKING:
    from ..reference import Commune

CORRESPONDENTS = 6


class Staff(NamedTuple):
    """Rows of ``secteur`` and ``correspondant``, and by code of commune the sector's uuid and its correspondents'."""

    secteur: list[dict]
    correspondant: list[dict]
    by_commune: dict[str, tuple[str, list[str]]]

    def of(self, commune: str, *key: object) -> dict:
        """Return the fields that say who looks after something in a commune."""
        secteur, correspondents = self.by_commune[commune]
        number = int(share(*key, "correspondant") * len(correspondents)) % len(correspondents)
        return {"secteur_uuid": secteur, "correspondant_uuid": correspondents[number]}


def staff(communes: list[Commune], centres: Mapping[str, tuple[float, float]], source: str) -> Staff:
    """Return six correspondents under codes, never names, in as many sectors as the Département's groupings allow."""
    secteur, correspondant = [], []
    by_commune: dict[str, tuple[str, list[str]]] = {}
    for number, members in enumerate(sectors(communes, centres, CORRESPONDENTS), 1):
        largest = max(members, key=lambda commune: (commune.population or 0, commune.code))
        uuid = str(uuid5(NAMESPACE_URL, f"tisserand:secteur:{source}:{members[0].code}"))
        secteur.append(
            {
                "uuid": uuid,
                "code": f"SAS-{number}",
                "nom": f"Secteur {largest.nom}",
                "membres": "|".join(commune.code for commune in members),
                "source": source,
            }
        )
        team: list[str] = []  # one list for the whole sector
        by_commune.update({commune.code: (uuid, team) for commune in members})
    for number in range(CORRESPONDENTS):
        served = secteur[number % len(secteur)]
        identifier = f"CIS-{number + 1:02d}"
        uuid = str(uuid5(NAMESPACE_URL, f"tisserand:correspondant:{identifier}:{served['uuid']}"))
        correspondant.append(
            {
                "uuid": uuid,
                "identifiant": identifier,
                "secteur_uuid": served["uuid"],
                "actif": True,
                "source": source,
            }
        )
        by_commune[served["membres"].partition("|")[0]][1].append(uuid)
    return Staff(secteur, correspondant, by_commune)
