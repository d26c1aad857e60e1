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
from .documents import carried_along, read_json, write_json

UNDESCRIBED = QT_TRANSLATE_NOOP(
    "Tisserand", "Services without a description of at least 5 letters, left out: {count} ({names}). Describe them."
)
# What the schema names; other columns of a file of the same kind are carried along beside them.
OF_STRUCTURES = frozenset(
    (
        *("source", "id", "nom", "date_maj", "description", "lien_source", "siret", "commune", "code_postal"),
        *("code_insee", "adresse", "complement_adresse", "longitude", "latitude", "telephone", "courriel", "site_web"),
        *("horaires_accueil", "accessibilite_lieu", "reseaux_porteurs", "services"),
    )
)
OF_SERVICES = OF_STRUCTURES | frozenset(
    (
        *("structure_id", "type", "thematiques", "frais", "frais_precisions", "publics", "publics_precisions"),
        *("conditions_acces", "modes_accueil", "zone_eligibilite", "contact_nom_prenom", "lien_mobilisation"),
        *("modes_mobilisation", "mobilisable_par", "mobilisation_precisions", "volume_horaire_hebdomadaire"),
        "nombre_semaines",
    )
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
    "lien_source": is_web,
    "accessibilite_lieu": is_web,
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
    taken: set[str] = set()
    for actor in catalogue.actors:
        updated = last_update(actor, catalogue.today)
        if updated is None or updated < FIRST_DAY:
            remarks.append(Remark(UNDATED, actor["nom"]))
            continue
        structure = _structure(actor, updated, remarks, taken)
        structures.append(structure)
        for service in catalogue.services_of(actor):
            if not _describes(service["description"] or ""):
                remarks.append(Remark(UNDESCRIBED, f"{service['nom']} ({actor['nom']})"))
                continue
            changed = last_update(service, catalogue.today)
            services.append(_service(service, structure, max(changed or updated, FIRST_DAY), remarks, taken))
    return {"structures": structures, "services": services}, remarks


def _structure(actor: dict, updated: date, remarks: list[Remark], taken: set[str]) -> dict:
    values = {
        "description": actor["description"],
        "siret": actor["siret"],
        "commune": actor["commune"],
        "code_postal": actor["code_postal"],
        "code_insee": actor["code_insee"],
        "adresse": actor["adresse"],
        "complement_adresse": actor.get("complement_adresse"),
        "lien_source": web_address(actor.get("lien_source") or ""),
        "accessibilite_lieu": web_address(actor.get("accessibilite_lieu") or ""),
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
        "id": _identifier(source, actor, taken),
        "nom": _name(actor["nom"]),
        "date_maj": updated.isoformat(),
        **_allowed(values, actor["nom"], remarks),
        **carried_along(actor, OF_STRUCTURES),
    }


def _service(service: dict, structure: dict, updated: date, remarks: list[Remark], taken: set[str]) -> dict:
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
        "id": _identifier(structure["source"], service, taken),
        "nom": _name(service["nom"]),
        "date_maj": updated.isoformat(),
        **_allowed(values, service["nom"], remarks),
        **{field: structure[field] for field in shared if field in structure},
        **carried_along(service, OF_SERVICES),
    }


def _identifier(source: str, row: dict, taken: set[str]) -> str:
    """Return the identifier that a row had at its source, else its uuid, after the name of the source; each once."""
    own = (row.get("source_ref") or "") if (row.get("source") or source) == source else ""
    for local in filter(None, (own, row["uuid"])):
        identifier = local if local.startswith(f"{source}--") else f"{source}--{local}"
        if identifier not in taken:
            break
    taken.add(identifier)
    return identifier


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
