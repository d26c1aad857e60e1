"""HSDS 3.0 as JSON: the lists of the standard side by side (as we write them), or nested in organizations or services.

Columns are those of an organization; ``location.…`` is the first of its places, ``address.…`` and ``phone`` what these
have. Further places, phones and addresses stay as JSON under ``other_…``.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..records import Reject, Row, Sheet
from .documents import flat, load, no_object, not_of_format, sheet, texts_of

LISTS = {
    "organization": ("organization", "organizations"),
    "service": ("service", "services"),
    "location": ("location", "locations"),
    "service_at_location": ("service_at_location", "service_at_locations"),
}


def read_hsds(path: Path) -> Sheet:
    """Return a row for each organization with its services; FileUnreadableError when there is none."""
    content = load(path)
    if not looks_like_hsds(content):
        raise not_of_format(path, "HSDS")
    lists = _lists(content)
    services, places = _owned(lists["service"]), _places(lists)
    rows: list[Row] = []
    rejects: list[Reject] = []
    for number, organization in enumerate(lists["organization"], start=1):
        if not isinstance(organization, dict):
            rejects.append(no_object(number, organization))
            continue
        identifier = str(organization.get("id"))
        own = [*_dicts(organization.get("services")), *services.pop(identifier, ())]
        here = [*_dicts(organization.get("locations")), *places.pop(identifier, ())]
        for service in own:
            here += [
                link["location"]
                for link in _dicts(service.get("service_at_locations"))
                if isinstance(link.get("location"), dict)
            ]
        children = tuple(_service(service) for service in own)
        rows.append(Row(number, _organization(organization, _each_once(here)), children=children))
    return sheet(path, "hsds", rows, rejects, {"services": str(sum(len(row.children) for row in rows))})


def looks_like_hsds(content: object) -> bool:
    """Say whether a document has organizations, or services of organizations."""
    if isinstance(content, list):
        return any(
            isinstance(item, dict) and "name" in item and ("organization" in item or "services" in item)
            for item in content
        )
    return (
        isinstance(content, dict)
        and any(isinstance(content.get(name), list) for name in LISTS["organization"] + LISTS["service"])
        and "structures" not in content
    )


def _lists(content: object) -> dict[str, list]:
    """Return the four lists; services that hold their organization are turned round."""
    lists: dict[str, list] = {name: [] for name in LISTS}
    if isinstance(content, list):
        inward = all(isinstance(item, dict) and "organization" in item for item in content)
        lists["service" if inward else "organization"] = content
    else:
        for name, spellings in LISTS.items():
            lists[name] = next((content[text] for text in spellings if isinstance(content.get(text), list)), [])
    known = {str(item.get("id")) for item in _dicts(lists["organization"])}
    for service in _dicts(lists["service"]):
        organization = service.get("organization")
        if isinstance(organization, dict) and str(organization.get("id")) not in known:
            known.add(str(organization.get("id")))
            lists["organization"] = [*lists["organization"], organization]
    return lists


def _owned(services: list) -> dict[str, list[dict]]:
    owned: dict[str, list[dict]] = {}
    for service in _dicts(services):
        organization = service.get("organization")
        owner = organization.get("id") if isinstance(organization, dict) else service.get("organization_id")
        owned.setdefault(str(owner), []).append(service)
    return owned


def _places(lists: dict[str, list]) -> dict[str, list[dict]]:
    """Return the locations of each organization, also those that only its services are linked to."""
    owners = {str(service.get("id")): str(service.get("organization_id")) for service in _dicts(lists["service"])}
    linked = {
        str(link.get("location_id")): owners.get(str(link.get("service_id")))
        for link in _dicts(lists["service_at_location"])
    }
    found: dict[str, list[dict]] = {}
    for location in _dicts(lists["location"]):
        owner = location.get("organization_id") or linked.get(str(location.get("id")))
        found.setdefault(str(owner), []).append(location)
    return found


def _organization(organization: dict, places: list[dict]) -> dict[str, object]:
    nested = ("services", "locations", "phones", "organization_identifiers", "addresses")
    values = {name: value for name, value in organization.items() if name not in nested}
    phones = _dicts(organization.get("phones"))
    place = places[0] if places else {}
    phones += _dicts(place.get("phones"))
    addresses, schedules = _dicts(place.get("addresses")), _dicts(place.get("schedules"))
    said = {name: place[name] for name in place if name not in ("addresses", "schedules", "phones", "organization_id")}
    if said.get("external_identifier_type") == "INSEE":
        said["insee"] = said.pop("external_identifier", None)
        said.pop("external_identifier_type")
    laid_out = flat(values)
    for identifier in _dicts(organization.get("organization_identifiers")):
        kind = identifier.get("identifier_type") or identifier.get("identifier_scheme") or "identifier"
        laid_out[f"identifier.{kind}"] = identifier.get("identifier")
    laid_out["phone"] = phones[0].get("number") if phones else None
    laid_out.update(flat(said, "location."))
    if addresses:
        laid_out.update(
            flat({name: value for name, value in addresses[0].items() if name != "location_id"}, "address.")
        )
    laid_out["schedule"] = _schedule(schedules)
    laid_out["other_locations"] = _others(places)
    laid_out["other_phones"] = _others(phones)
    laid_out["other_addresses"] = _others(addresses)
    return texts_of(laid_out)


def _service(service: dict) -> dict[str, object]:
    nested = ("schedules", "cost_options", "attributes", "organization", "service_at_locations")
    laid_out = flat({name: value for name, value in service.items() if name not in nested})
    costs, attributes = _dicts(service.get("cost_options")), _dicts(service.get("attributes"))
    laid_out["schedule"] = _schedule(_dicts(service.get("schedules")))
    laid_out["cost"] = next((cost.get("option") for cost in costs), None)
    terms = [attribute["taxonomy_term"] for attribute in attributes if isinstance(attribute.get("taxonomy_term"), dict)]
    laid_out["themes"] = [str(term.get("code")) for term in terms if term.get("code")]
    laid_out["other_costs"] = _others(costs)
    return texts_of(laid_out)


def _schedule(schedules: list[dict]) -> str:
    texts = [str(schedule.get("description") or schedule.get("rrule") or "") for schedule in schedules]
    return "; ".join(text for text in texts if text)


def _each_once(places: list[dict]) -> list[dict]:
    return list({str(place.get("id", order)): place for order, place in enumerate(places)}.values())


def _others(items: list[dict]) -> str:
    return json.dumps(items[1:], ensure_ascii=False) if len(items) > 1 else ""


def _dicts(value: object) -> list[dict]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
