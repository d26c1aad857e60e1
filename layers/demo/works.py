"""What the fictional actors do, tell and show: sites, initiatives, projects, events, monographs, photos, and opinions.

They stand in ``works.json``, table -> rows. Beside the model's fields a row has ``cle``, its name; fields that end in
``mois`` count months back from the day of the demonstration; ``acteur``, ``porteur``, ``organisateur``, ``besoin``,
``site``, ``projet`` and ``monographie`` name other rows; ``image`` is a file of the illustrations.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from ..model.tables import table
from .pictures import CREDIT, NOBODY_TO_ASK, facts

FILE = Path(__file__).with_name("works.json")
DATES = {
    "debut_mois": "debut",
    "rencontre_mois": "date_rencontre",
    "recueilli_mois": "recueilli_le",
    "relu_mois": "relu_le",
}
OWNERS = ("acteur", "porteur", "organisateur")
NAMED = ("site", "projet", "monographie")
FROM_ACTOR = ("code_insee", "secteur_uuid", "correspondant_uuid", "lon", "lat")


def works(
    actors: Mapping[str, dict],
    needs: Mapping[str, dict],
    day: Callable[[float, str], date],
    uuid: Callable[..., str],
    source: str,
) -> dict[str, list[dict]]:
    """Return the rows by table; ``actors`` and ``needs`` are rows of the store by key, and where something is told.

    ``day(months, key)`` gives a date so many months ago, ``uuid(*parts)`` a uuid made of words.
    """
    given = json.loads(FILE.read_text(encoding="utf-8"))
    # Made of its actor's too: the same work in another Département is another row.
    uuids = {
        (name, row["cle"]): uuid(name, row["cle"], _owner(row, given, actors)["uuid"])
        for name, rows in given.items()
        for row in rows
    }
    return {
        name: [_row(name, row, _owner(row, given, actors), needs, day, uuids) | {"source": source} for row in rows]
        for name, rows in given.items()
    }


def _owner(row: dict, given: Mapping[str, list[dict]], actors: Mapping[str, dict]) -> dict:
    """Return the actor of a row; a photo of a monograph has that of the monograph."""
    key = next(key for key in (*OWNERS, *NAMED) if key in row)
    if key in OWNERS:
        return actors[row[key]]
    return _owner(next(other for other in given[key] if other["cle"] == row[key]), given, actors)


def _row(name: str, row: dict, owner: dict, needs, day, uuids: Mapping[tuple[str, str], str]) -> dict:
    declared = table(name)
    found = {key: value for key, value in row.items() if key in declared.names and key not in OWNERS}
    found["uuid"] = uuids[name, row["cle"]]
    found |= {DATES[key]: day(value, row["cle"]) for key, value in row.items() if key in DATES}
    if "jours" in row:
        found["fin"] = found["debut"] + timedelta(days=row["jours"] - 1)
    found |= {f"{key}_uuid": owner["uuid"] for key in OWNERS if key in row}
    found |= {f"{key}_uuid": uuids[key, row[key]] for key in NAMED if key in row}
    if "image" in row:
        found = {"credit": CREDIT, "droit_image": NOBODY_TO_ASK, **facts(row["image"]), **found}
    if "besoin" in row:
        found["besoin_uuid"] = needs[row["besoin"]]["uuid"]
    if declared.geometry:
        found |= {"lon": owner["lon"], "lat": owner["lat"]}
    found |= {key: owner[key] for key in FROM_ACTOR if key in declared.names and owner.get(key)}
    if "diffusion" in declared.names:
        found["diffusion"] = "interne" if name == "projet" else "public"
    return found
