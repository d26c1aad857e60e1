"""Territories made from the national file of communes, for one Département or several: needs GDAL alone."""

from __future__ import annotations

import csv
from collections import Counter

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..reference import DECOUPAGE, Commune, departement, read_departement
from .outlines import dissolve, projected
from .planning import Given

NATIONAL_SOURCE = "Code officiel géographique"
LEVELS = ("departement", "ept", "epci", "commune")


def national_territories(niveau: str, departements: list[str], epsg: int) -> tuple[list[Given], list[str]]:
    """Return the territories of a level that the file knows in these Départements, and those that go on beyond them.

    An EPCI or EPT is dissolved from its communes in these Départements alone. Communes without an outline come
    without a polygon. Raises TisserandError for a level of which the file knows nothing, or a code that is none.
    """
    if niveau not in LEVELS:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The national file has no territories of the level “{level}”: it has {levels}. Give a layer instead.",
            ),
            level=niveau,
            levels=", ".join(LEVELS),
        )
    communes = [(code, commune) for code in departements for commune in read_departement(code)]
    if niveau == "commune":
        found = [(commune.code, commune.nom, [commune]) for _, commune in communes]
    else:
        found = _grouped(niveau, communes)
    sizes, given = _sizes(niveau), []
    for row, (code, nom, parts) in enumerate(found, 1):
        outlines = [projected(commune.polygon, epsg) for commune in parts]
        # Dissolving would turn the ring of a single commune, which would then seem to have changed.
        area = outlines[0] if niveau == "commune" else dissolve(outlines)
        polygon = None if area is None else bytes(area.ExportToIsoWkb())
        given.append(Given(row, code, nom, sum(commune.population for commune in parts), polygon))
    return given, [f"{code} {nom}" for code, nom, parts in found if len(parts) < sizes[code]]


def _grouped(niveau: str, communes: list[tuple[str, Commune]]) -> list[tuple[str, str, list[Commune]]]:
    groups: dict[tuple[str, str], list[Commune]] = {}
    for place, commune in communes:
        if niveau == "departement":
            key = (place, departement(place).nom)
        else:
            key = (getattr(commune, f"{niveau}_code"), getattr(commune, f"{niveau}_nom"))
        if key[0]:
            groups.setdefault(key, []).append(commune)
    return [(code, nom, groups[code, nom]) for code, nom in sorted(groups)]


def _sizes(niveau: str) -> Counter:
    """Return the number of communes of each EPCI or EPT in all of France; nothing for the other levels."""
    if niveau not in ("epci", "ept"):
        return Counter()
    with (DECOUPAGE / "communes.csv").open(encoding="utf-8", newline="") as file:
        return Counter(row[niveau] for row in csv.DictReader(file))
