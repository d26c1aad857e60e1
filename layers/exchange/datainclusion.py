"""data·inclusion v1: structures and their services (https://github.com/gip-inclusion/data-inclusion-schema, 1.0.10).

The schema holds neither the themes, publics and means of an actor that has no services, nor places and links. Services
take the address and the contacts of their actor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ..errors import QT_TRANSLATE_NOOP
from .catalogue import UNDATED, UNFIT, Catalogue, Remark, Written, known_codes, last_update
from .contacts import international, is_mail, is_web, web_address
from .documents import read_json, write_json

UNDESCRIBED = QT_TRANSLATE_NOOP(
    "Tisserand", "Services without a description of at least 5 letters, left out: {count} ({names}). Describe them."
)
FIRST_DAY = date(2000, 1, 1)
EVERYBODY = "tous-publics"
BY_HAND = "saisie"


def _pattern(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value, re.ASCII) is not None


def _describes(text: str) -> bool:
    return 5 <= len(text) <= 10_000


# What the schema asks of the values it looks into.
RULES: dict[str, Callable[[str], bool]] = {
    "description": _describes,
    "siret": _pattern(r"\d{14}"),
    "code_postal": _pattern(r"\d{5}"),
    "code_insee": _pattern(r"\w{5}"),
    "courriel": is_mail,
    "site_web": is_web,
}


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write the structures and services as one JSON object."""
    content, remarks = document(catalogue)
    write_json(content, path)
    return Written(len(content["structures"]), remarks)


def count(path: Path) -> int:
    """Return the number of structures in a file."""
    return len(read_json(path)["structures"])


def document(catalogue: Catalogue) -> tuple[dict, list[Remark]]:
    """Return ``{"structures": […], "services": […]}`` and what is not in it."""
    structures, services, remarks = [], [], []
    for actor in catalogue.actors:
        updated = last_update(actor, catalogue.today)
        if updated is None or updated < FIRST_DAY:
            remarks.append(Remark(UNDATED, actor["nom"]))
            continue
        structure = _structure(actor, updated, remarks)
        structures.append(structure)
        for service in catalogue.services_of(actor):
            if not _describes(service["description"] or ""):
                remarks.append(Remark(UNDESCRIBED, f"{service['nom']} ({actor['nom']})"))
                continue
            changed = last_update(service, catalogue.today)
            services.append(_service(service, structure, max(changed or updated, FIRST_DAY), remarks))
    return {"structures": structures, "services": services}, remarks


def _structure(actor: dict, updated: date, remarks: list[Remark]) -> dict:
    values = {
        "description": actor["description"],
        "siret": actor["siret"],
        "commune": actor["commune"],
        "code_postal": actor["code_postal"],
        "code_insee": actor["code_insee"],
        "adresse": actor["adresse"],
        "longitude": actor["longitude"],
        "latitude": actor["latitude"],
        "telephone": international(actor["telephone"] or ""),
        "courriel": (actor["courriel"] or "").strip(),
        "site_web": web_address(actor["site_web"] or ""),
        "horaires_accueil": actor["horaires_accueil"],
        "reseaux_porteurs": known_codes(actor["reseaux_porteurs"], "reseaux_porteurs", actor["nom"], remarks),
    }
    source = actor["source"] or BY_HAND
    return {
        "source": source,
        "id": f"{source}--{actor['uuid']}",
        "nom": _name(actor["nom"]),
        "date_maj": updated.isoformat(),
        **_allowed(values, actor["nom"], remarks),
    }


def _service(service: dict, structure: dict, updated: date, remarks: list[Remark]) -> dict:
    def chosen(field: str) -> list[str]:
        return known_codes(service[field], field, service["nom"], remarks)

    publics = chosen("publics")
    values = {
        "description": service["description"],
        "type": service["type"],
        "thematiques": chosen("thematiques"),
        "publics": [EVERYBODY] if EVERYBODY in publics else publics,
        "frais": service["frais"],
        "frais_precisions": service["frais_precisions"],
        "modes_accueil": chosen("modes_accueil"),
        "modes_mobilisation": chosen("modes_mobilisation"),
        "conditions_acces": service["conditions_acces"],
        "horaires_accueil": service["horaires_accueil"],
    }
    shared = ("commune", "code_postal", "code_insee", "adresse", "longitude", "latitude", "telephone", "courriel")
    return {
        "source": structure["source"],
        "structure_id": structure["id"],
        "id": f"{structure['source']}--{service['uuid']}",
        "nom": _name(service["nom"]),
        "date_maj": updated.isoformat(),
        **_allowed(values, service["nom"], remarks),
        **{field: structure[field] for field in shared if field in structure},
    }


def _name(name: str) -> str:
    """Return a name without a final full stop, which the schema does not want save after ``etc``."""
    bare = name if name.endswith("etc.") else name.rstrip(". ")
    return bare if len(bare) >= 3 else name


def _allowed(values: dict, name: str, remarks: list[Remark]) -> dict:
    """Return the values that are there and that the schema allows; the others are remarked as those of ``name``."""
    given = {field: value for field, value in values.items() if value not in (None, "", [])}
    refused = [field for field, value in given.items() if field in RULES and not RULES[field](value)]
    remarks += [Remark(UNFIT, f"{name} : {field}") for field in refused]
    return {field: value for field, value in given.items() if field not in refused}
