"""GoGoCarto: its elements as JSON (``data``) or as GeoJSON; categories, address and hours within each."""

from __future__ import annotations

from pathlib import Path

from ..records import Reject, Row, Sheet
from .documents import flat, load, no_object, not_of_format, objects, sheet

WGS84 = 4326
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def read_gogocarto(path: Path) -> Sheet:
    """Return a row for each element; ``openHours`` becomes one text, as OpenStreetMap writes hours."""
    content = load(path)
    elements = objects(content, "data", "features", "elements")
    if elements is None or not any(looks_like_gogocarto(element) for element in elements):
        raise not_of_format(path, "GoGoCarto")
    rows, rejects = [], []
    for number, element in enumerate(elements, start=1):
        if not isinstance(element, dict):
            rejects.append(no_object(number, element))
        else:
            rows.append(_row(number, element, rejects))
    licence = content.get("licence") or content.get("license") if isinstance(content, dict) else None
    about = {"licence": licence} if isinstance(licence, str) else {}
    found = sheet(path, "gogocarto", rows, rejects, about)
    epsg = WGS84 if any(row.x is not None for row in rows) else None
    return Sheet(found.format, found.columns, found.rows, epsg, found.about, found.rejects)


def looks_like_gogocarto(element: object) -> bool:
    """Say whether an object is an element of GoGoCarto, or a feature that holds one."""
    if not isinstance(element, dict):
        return False
    held = element.get("properties") if isinstance(element.get("properties"), dict) else element
    named = "name" in held or "title" in held
    return named and ("categories" in held or "taxonomy" in held) and (held is not element or "geo" in held)


def _row(number: int, element: dict, rejects: list[Reject]) -> Row:
    values, x, y = element, None, None
    if isinstance(element.get("properties"), dict):
        values = element["properties"]
        geometry = element.get("geometry")
        place = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if isinstance(place, list) and len(place) >= 2 and all(isinstance(part, (int, float)) for part in place[:2]):
            x, y = _float(place[0]), _float(place[1])
        if "id" in element and "id" not in values:
            values = {"id": element["id"], **values}
    hours = values.get("openHours")
    laid_out = flat({name: value for name, value in values.items() if name != "openHours"})
    if isinstance(hours, dict):
        laid_out["openHours"] = "; ".join(f"{day} {hours[day]}" for day in DAYS if hours.get(day))
        laid_out.update(flat({name: value for name, value in hours.items() if name not in DAYS}, "openHours."))
    elif hours is not None:
        laid_out.update(flat({"openHours": hours}))
    return Row(number, laid_out, x, y)


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf")
