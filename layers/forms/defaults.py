"""What a form fills in by itself: the defaults of the model, and what follows from where a thing stands on the map."""

from __future__ import annotations

from typing import NamedTuple

from ..model.schema import Field, Table

# Titles of the layers of the project that the expressions look into; the project gives them these.
COMMUNES, SECTORS = "Communes", "Secteurs d'action sociale"
PLACE = {
    "code_insee": (COMMUNES, "code"),
    "commune": (COMMUNES, "nom"),
    "secteur_uuid": (SECTORS, "uuid"),
}


class Default(NamedTuple):
    """A QGIS expression, and whether it is applied again at each change of the row."""

    expression: str
    on_update: bool


def default_of(declared: Table, column: Field) -> Default:
    """Return what a field is filled with; an empty expression where it is left to the person.

    What follows from the position is asked again at each change, since the point may have been moved.
    """
    if column.default:
        return Default(column.default, column.stamp)
    if declared.geometry == "Point" and column.name in PLACE:
        layer, wanted = PLACE[column.name]
        return Default(at_place(layer, wanted, column.name), True)
    return Default("", False)


def at_place(layer: str, wanted: str, field: str) -> str:
    """Return the expression for a field of the polygon in which a point lies.

    Where the layer is missing, or no polygon holds the point, the field keeps its value. Both guards are needed:
    without ``coalesce`` a point outside, and without ``try`` a missing layer, would empty it without a word.
    """
    title = layer.replace("'", "''")
    return f'coalesce(try(array_first(overlay_within(\'{title}\', "{wanted}", limit:=1))), "{field}")'
