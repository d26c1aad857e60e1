"""GeoJSON (RFC 7946): one point an actor, in degrees of WGS 84; an actor without a place has a null geometry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .catalogue import Catalogue, Written, left_out_services
from .columns import PLACE, actor_columns
from .documents import carried_along, read_json, write_json

# About a centimetre; RFC 7946, section 11.2, advises against more.
DECIMALS = 7


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write the actors as features under the names of the model's fields."""
    write_json(document(catalogue), path)
    return Written(len(catalogue.actors), left_out_services(catalogue))


def count(path: Path) -> int:
    """Return the number of features in a file."""
    return len(read_json(path)["features"])


def document(catalogue: Catalogue) -> dict:
    """Return the FeatureCollection; the id of a feature is the uuid of its actor."""
    columns = [name for name in actor_columns(catalogue) if name not in PLACE]
    return {"type": "FeatureCollection", "features": [_feature(actor, columns) for actor in catalogue.actors]}


def _feature(actor: dict, columns: list[str]) -> dict:
    place = [actor[name] for name in PLACE]
    return {
        "type": "Feature",
        "id": actor["uuid"],
        "geometry": None
        if None in place
        else {"type": "Point", "coordinates": [round(degrees, DECIMALS) for degrees in place]},
        "properties": {name: _value(actor[name]) for name in columns}
        | ({"extra": carried_along(actor) or None} if "extra" in columns else {}),
    }


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
