"""HSDS 3.0 of Open Referral (https://docs.openreferral.org): organizations, services, locations, services at locations.

One JSON object with a list of each, their parts (phones, addresses…) within, as in the JSON schemas of the standard.
Identifiers are the uuids of the store, and uuids made of them for the parts, so that they stay from one export to the
next. HSDS has no place for what an actor shares or seeks.
"""

from __future__ import annotations

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from ..model.codes import code_list
from .catalogue import UNFIT, Catalogue, Remark, Written, known_codes, last_update
from .contacts import international, is_mail, is_web, web_address
from .documents import read_json, write_json

THEMES = "data·inclusion v1 thematiques"


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write the four lists as one JSON object."""
    content, remarks = document(catalogue)
    write_json(content, path)
    return Written(len(content["organization"]), remarks)


def count(path: Path) -> int:
    """Return the number of organizations in a file."""
    return len(read_json(path)["organization"])


def document(catalogue: Catalogue) -> tuple[dict, list[Remark]]:
    """Return the four lists under the names of the standard, and what is not in them."""
    remarks: list[Remark] = []
    lists: dict[str, list[dict]] = {"organization": [], "service": [], "location": [], "service_at_location": []}
    for actor in catalogue.actors:
        location = _location(actor, catalogue.departement)
        lists["organization"].append(_organization(actor, remarks))
        lists["location"].append(location)
        for row in catalogue.services_of(actor):
            service = _service(row, actor, catalogue, remarks)
            lists["service"].append(service)
            lists["service_at_location"].append(
                {
                    "id": _part(row, "service_at_location"),
                    "service_id": service["id"],
                    "location_id": location["id"],
                }
            )
    return lists, remarks


def _part(row: dict, name: str) -> str:
    """Return the identifier of a part of a row."""
    return str(uuid5(NAMESPACE_URL, f"{row['uuid']}/{name}"))


def _given(values: dict) -> dict:
    return {field: value for field, value in values.items() if value not in (None, "", [])}


def _organization(actor: dict, remarks: list[Remark]) -> dict:
    contacts = {"email": (actor["courriel"] or "").strip(), "website": web_address(actor["site_web"] or "")}
    for field, is_right, ours in (("email", is_mail, "courriel"), ("website", is_web, "site_web")):
        if contacts[field] and not is_right(contacts[field]):
            remarks.append(Remark(UNFIT, f"{actor['nom']} : {ours}"))
            contacts[field] = ""
    return {
        "id": actor["uuid"],
        "name": actor["nom"],
        # Required by the standard.
        "description": actor["description"] or actor["nom"],
        **_given(
            {
                **contacts,
                "organization_identifiers": _siret(actor),
                "phones": _phones(actor),
            }
        ),
    }


def _siret(actor: dict) -> list[dict]:
    if not actor["siret"]:
        return []
    identifier = {"identifier_scheme": "FR-SIRENE", "identifier_type": "SIRET", "identifier": actor["siret"]}
    return [{"id": _part(actor, "siret"), "organization_id": actor["uuid"], **identifier}]


def _phones(actor: dict) -> list[dict]:
    number = international(actor["telephone"] or "")
    return [{"id": _part(actor, "phone"), "organization_id": actor["uuid"], "number": number}] if number else []


def _location(actor: dict, departement: str) -> dict:
    identifier = _part(actor, "location")
    return {
        "id": identifier,
        "location_type": "physical",
        "organization_id": actor["uuid"],
        "name": actor["nom"],
        **_given(
            {
                "latitude": actor["latitude"],
                "longitude": actor["longitude"],
                "external_identifier": actor["code_insee"],
                "external_identifier_type": "INSEE" if actor["code_insee"] else "",
                "addresses": _addresses(actor, identifier, departement),
                "schedules": _schedules(actor, "location_id", identifier),
            }
        ),
    }


def _addresses(actor: dict, location: str, departement: str) -> list[dict]:
    if not (actor["adresse"] and actor["commune"] and actor["code_postal"]):
        return []
    return [
        {
            "id": _part(actor, "address"),
            "location_id": location,
            "address_1": actor["adresse"],
            "city": actor["commune"],
            "state_province": departement,
            "postal_code": actor["code_postal"],
            "country": "FR",
            "address_type": "physical",
        }
    ]


def _schedules(row: dict, owner: str, identifier: str) -> list[dict]:
    hours = row["horaires_accueil"]
    return [{"id": _part(row, "schedule"), owner: identifier, "description": hours}] if hours else []


def _service(row: dict, actor: dict, catalogue: Catalogue, remarks: list[Remark]) -> dict:
    labels = code_list("publics").labels
    updated = last_update(row, catalogue.today) or last_update(actor, catalogue.today)
    publics = known_codes(row["publics"], "publics", row["nom"], remarks)
    return {
        "id": row["uuid"],
        "organization_id": actor["uuid"],
        "name": row["nom"],
        "status": "active",
        **_given(
            {
                "description": row["description"],
                "assured_date": updated.isoformat() if updated else "",
                "eligibility_description": ", ".join([labels[code] for code in publics]),
                "application_process": row["conditions_acces"],
                "fees_description": row["frais_precisions"],
                "cost_options": _costs(row),
                "schedules": _schedules(row, "service_id", row["uuid"]),
                "attributes": _themes(row, remarks),
            }
        ),
    }


def _costs(row: dict) -> list[dict]:
    if not row["frais"]:
        return []
    return [{"id": _part(row, "cost"), "service_id": row["uuid"], "option": row["frais"]}]


def _themes(row: dict, remarks: list[Remark]) -> list[dict]:
    labels = code_list("thematiques").labels
    return [
        {
            "id": _part(row, theme),
            "link_id": row["uuid"],
            "link_entity": "service",
            "taxonomy_term": {
                # The term is the same whichever service has it.
                "id": str(uuid5(NAMESPACE_URL, theme)),
                "code": theme,
                "name": labels[theme],
                "description": labels[theme],
                "taxonomy": THEMES,
                "language": "fr",
            },
        }
        for theme in known_codes(row["thematiques"], "thematiques", row["nom"], remarks)
    ]
