"""data·inclusion v1 as JSON: ``{structures, services}``, or a list of structures that may hold their services."""

from __future__ import annotations

from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP
from ..records import Reject, Row, Sheet
from .documents import flat, load, no_object, not_of_format, objects, sheet

REQUIRED = ("source", "id", "nom", "date_maj")
ORPHAN = QT_TRANSLATE_NOOP(
    "Tisserand", "The service “{name}” belongs to no structure of the file: ask for the file of the structures too."
)


def read_inclusion(path: Path) -> Sheet:
    """Return a row for each structure, with its services; a service without its structure is rejected."""
    content = load(path)
    structures = objects(content, "structures")
    if structures is None or not any(looks_like_inclusion(structure) for structure in structures):
        raise not_of_format(path, "data·inclusion")
    services = objects(content, "services") if isinstance(content, dict) else None
    owned: dict[str, list[dict]] = {}
    known = {str(structure.get("id")) for structure in structures if isinstance(structure, dict)}
    rejects: list[Reject] = []
    for number, service in enumerate(services or (), start=len(structures) + 1):
        if not isinstance(service, dict):
            rejects.append(no_object(number, service))
        elif str(service.get("structure_id")) not in known:
            name = str(service.get("nom"))
            rejects.append(Reject(number, "structure_id", str(service.get("structure_id")), ORPHAN, {"name": name}))
        else:
            owned.setdefault(str(service["structure_id"]), []).append(flat(service))
    rows = []
    for number, structure in enumerate(structures, start=1):
        if not isinstance(structure, dict):
            rejects.append(no_object(number, structure))
            continue
        held = structure.get("services")
        nested = [flat(service) for service in held if isinstance(service, dict)] if isinstance(held, list) else []
        whole = len(nested) == len(held) if isinstance(held, list) else False
        values = {name: value for name, value in structure.items() if name != "services" or not whole}
        # Of two structures with one id only the first has the services.
        rows.append(Row(number, flat(values), children=(*nested, *owned.pop(str(structure.get("id")), ()))))
    count = sum(len(row.children) for row in rows)
    return sheet(path, "datainclusion", rows, rejects, {"services": str(count)})


def looks_like_inclusion(structure: object) -> bool:
    """Say whether an object has what every structure of the schema has."""
    return isinstance(structure, dict) and all(name in structure for name in REQUIRED)
