"""The demonstration: a fictional catalogue spread over the communes of a Département.

Needs GDAL alone. The same communes, day and seed give the same rows, in whatever order the communes come.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..model.schema import Table
from ..model.tables import ACTEUR, BESOIN, LIEN, SERVICE, VISITE
from .chance import share
from .ground import ground
from .settlement import Settled, all_but_one_in, settle_actors, settle_needs
from .staff import Staff, staff
from .town_halls import town_halls
from .works import works

if TYPE_CHECKING:
    from ..reference import Commune
    from .catalogue import Catalogue

__all__ = ["place", "town_halls"]

SOURCE = "demo"
NOT_SURVEYED, NOTHING_FOUND = 8, 10
"""One commune in so many, and one in so many of those that were surveyed."""
SURVEY_MONTHS = 18
DAYS_PER_MONTH = 30.4375
NEED_VALID_DAYS = 730
HIGHEST_HOUSE_NUMBER = 90
SHEET_STATUS = {
    "repere": "brouillon",
    "contacte": "soumis",
    "visite": "valide",
    "valide": "publie",
    "refus": "archive",
    "ferme": "archive",
}
FIRST_ENCOUNTER = {"contacte": "appel", "visite": "visite", "valide": "visite", "refus": "appel", "ferme": "visite"}


class Chance(NamedTuple):
    """What dates hang on: the day of the demonstration, and the seed."""

    today: date
    seed: str

    def day(self, months: float, *key: object) -> date:
        """Return a working day up to four weeks before that of so many months ago."""
        late = self.today - timedelta(days=round(months * DAYS_PER_MONTH) + int(28 * share(self.seed, "day", *key)))
        return late - timedelta(days=max(0, late.weekday() - 4))


def place(communes: list[Commune], catalogue: Catalogue, reference_date: date, seed: str = SOURCE) -> dict:
    """Return the rows by table: sectors, correspondents, actors, services, needs, visits, links and ``works``.

    Rows are dicts keyed by the fields of the model; actors and needs have ``lon`` and ``lat`` in degrees (EPSG:4326),
    and a sector's ``membres`` name the communes of which it is made. ``recense_le`` is code of a commune -> date of its
    survey: communes without an outline and one other in eight were not surveyed. No fictional actor is in these, nor in
    a few communes where nothing was found; needs are everywhere.

    Raises TisserandError when no commune has an outline, or one is too small.
    """
    found = (ground(commune) for commune in sorted(communes, key=lambda commune: commune.code))
    grounds = {ground.commune.code: ground for ground in found if ground}
    if not grounds:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "None of the {count} communes has an outline: give a layer of communes with polygons."
            ),
            count=len(communes),
        )
    chance = Chance(reference_date, seed)
    people = staff(communes, {code: ground.middle for code, ground in grounds.items()}, SOURCE)
    searched = all_but_one_in(NOT_SURVEYED, grounds, seed, "survey")
    settled = settle_actors(catalogue.actors, all_but_one_in(NOTHING_FOUND, searched, seed, "find"), seed)
    uuids = {cle: _uuid("acteur", cle, at.ground.commune.code) for cle, at in settled.items()}
    visits = _visits(catalogue, settled, uuids, people, chance)
    needs = settle_needs(catalogue.needs, grounds, seed)
    actors = _actors(catalogue, settled, uuids, visits, people, chance)
    needed = [_need(row, needs[row["cle"]], people, chance) for row in catalogue.needs]
    return {
        "secteur": people.secteur,
        "correspondant": people.correspondant,
        "acteur": actors,
        "service": [
            {
                "uuid": _uuid("service", row["nom"], uuids[row["acteur"]]),
                "acteur_uuid": uuids[row["acteur"]],
                **_fields(SERVICE, row),
                "source": SOURCE,
            }
            for row in catalogue.services
        ],
        "besoin": needed,
        "visite": visits,
        "lien": [
            {
                "uuid": _uuid("lien", row["nature"], uuids[row["de"]], uuids[row["vers"]]),
                "de_uuid": uuids[row["de"]],
                "vers_uuid": uuids[row["vers"]],
                **_fields(LIEN, row),
                "source": SOURCE,
            }
            for row in catalogue.links
        ],
        **works(_by_key(catalogue.actors, actors), _by_key(catalogue.needs, needed), chance.day, _uuid, SOURCE),
        "recense_le": {code: chance.day(SURVEY_MONTHS * share(seed, "survey", code), code) for code in searched},
    }


def _by_key(given: list[dict], made: list[dict]) -> dict[str, dict]:
    return {row["cle"]: found for row, found in zip(given, made)}


def _fields(table: Table, row: dict) -> dict:
    return {name: value for name, value in row.items() if name in table.names}


def _uuid(*key: str) -> str:
    return str(uuid5(NAMESPACE_URL, ":".join(("tisserand", SOURCE, *key))))


def _visits(
    catalogue: Catalogue, settled: dict[str, Settled], uuids: dict[str, str], people: Staff, chance: Chance
) -> list[dict]:
    """Return the visits, those without a report first: every actor that was met has one."""
    met = [
        {"acteur": row["cle"], "mois": row["visite_mois"], "nature": FIRST_ENCOUNTER[row["statut_recensement"]]}
        for row in catalogue.actors
        if row["visite_mois"] is not None
    ]
    return [
        {
            "uuid": _uuid("visite", uuids[row["acteur"]], str(row["mois"])),
            "acteur_uuid": uuids[row["acteur"]],
            "correspondant_uuid": people.of(settled[row["acteur"]].ground.commune.code, row["acteur"])[
                "correspondant_uuid"
            ],
            "date_visite": chance.day(row["mois"], row["acteur"]),
            **_fields(VISITE, row),
            "source": SOURCE,
        }
        for row in met + catalogue.visits
    ]


def _actors(
    catalogue: Catalogue,
    settled: dict[str, Settled],
    uuids: dict[str, str],
    visits: list[dict],
    people: Staff,
    chance: Chance,
) -> list[dict]:
    return [
        {
            "uuid": uuids[row["cle"]],
            **_fields(ACTEUR, row),
            **_located(row, settled[row["cle"]], catalogue.streets, chance.seed),
            **people.of(settled[row["cle"]].ground.commune.code, row["cle"]),
            **_known(row, [visit for visit in visits if visit["acteur_uuid"] == uuids[row["cle"]]], chance),
            "statut": SHEET_STATUS[row["statut_recensement"]],
            "source": SOURCE,
        }
        for row in catalogue.actors
    ]


def _located(row: dict, at: Settled, streets: list[str], seed: str) -> dict:
    commune = at.ground.commune
    return {
        "nom": row["nom"].replace("{commune}", commune.nom),
        "adresse": _address(streets, row["pres_de"] or row["cle"], seed),
        "code_postal": _postcode(commune, row["pres_de"] or row["cle"]),
        "commune": commune.nom,
        "code_insee": commune.code,
        "precision_geo": "manuel",
        "lon": at.place.lon,
        "lat": at.place.lat,
    }


def _known(row: dict, visits: list[dict], chance: Chance) -> dict:
    """Return since when and how well an actor is known: the last visit, the last encounter, and its consent."""
    visited = max((visit["date_visite"] for visit in visits if visit["nature"] == "visite"), default=None)
    latest = max((visit["date_visite"] for visit in visits), default=chance.day(12 * share(row["cle"], "spotted")))
    return {
        "date_visite": visited,
        "consentement_le": visited if row["contact_publiable"] else None,
        "cree_le": _before(latest, row["cle"]),
        "date_maj": latest,
    }


def _address(streets: list[str], cle: str, seed: str) -> str:
    street = streets[int(share(seed, cle, "street") * len(streets)) % len(streets)]
    return f"{int(share(seed, cle, 'number') * HIGHEST_HOUSE_NUMBER) + 1} {street}"


def _postcode(commune: Commune, cle: str) -> str | None:
    codes = commune.codes_postaux.split()
    return codes[int(share(cle, "postcode") * len(codes)) % len(codes)] if codes else None


def _before(day: date, cle: str) -> datetime:
    """Return when a sheet was opened: up to ten months before it was last changed."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=timezone.utc) - timedelta(
        days=int(300 * share(cle, "opened"))
    )


def _need(row: dict, at: Settled, people: Staff, chance: Chance) -> dict:
    commune = at.ground.commune
    collected = chance.day(row["recueil_mois"], row["cle"])
    return {
        "uuid": _uuid("besoin", row["cle"], commune.code),
        **_fields(BESOIN, row),
        "niveau_geo": "commune",
        "code_geo": commune.code,
        "code_insee": commune.code,
        "date_recueil": collected,
        "valide_jusqu_a": collected + timedelta(days=NEED_VALID_DAYS),
        "correspondant_uuid": people.of(commune.code, row["cle"])["correspondant_uuid"],
        "source": SOURCE,
        "cree_le": _before(collected, row["cle"]),
        "date_maj": collected,
        "lon": at.place.lon,
        "lat": at.place.lat,
    }
