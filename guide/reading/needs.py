"""Counts the needs by commune and theme, for the gate alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from osgeo import ogr

from ...layers.geopackage import GEOMETRY
from ...layers.offer import CLOSED_NEEDS
from ..facts.content import Content, Territory
from ..facts.remarks import Remark
from ..gate import Counts
from .territories import Locator

UNNAMED = "?"
"""Who brought what no correspondent's code stands beside: they count as one contributor."""
NO_THEME = "?"
WIDER_THAN_COMMUNES = ("secteur", "epci")
"""Units at whose centre a need may lie that belongs to no commune of theirs more than to another."""


def count_needs(
    content: Content, rows: list[dict], territories: list[Territory], printed: Iterable[str] = ()
) -> Counts:
    """Return the open needs by commune and theme; ``content`` learns only whether some come from statistics.

    ``printed`` are levels of territories whose figures are printed, or were, besides that of the content; other levels
    come along where they nest with those. One that cuts across them would mask nearly everything, and is left out.

    A need counts whoever may read its sheet: only sums are printed. One that was noted for a wider unit counts for the
    territories that hold all of it, and for no commune.
    """
    counts = Counts(
        *_territories(content, territories, printed), sorted({*content.themes, *(_theme(row) for row in rows)})
    )
    locate = Locator(content.communes)
    situations: dict[tuple[str, str], float] = defaultdict(float)
    unknown: dict[tuple[str, str], int] = defaultdict(int)
    contributors: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    outside = 0
    for row in rows:
        if row["statut_besoin"] in CLOSED_NEEDS or row[GEOMETRY] is None:
            continue
        commune = locate.commune(row["code_insee"], ogr.CreateGeometryFromWkb(row[GEOMETRY]))
        if not commune:
            outside += 1
            continue
        content.statistical |= row["origine"] == "statistique"
        cell = _piece(row, commune, counts.territories), _theme(row)
        if row["nb_situations"] is None:
            unknown[cell] += 1
        else:
            situations[cell] += row["nb_situations"]
            contributors[cell][row["correspondant_uuid"] or UNNAMED] += row["nb_situations"]
    counts.situations, counts.unknown, counts.contributors = dict(situations), dict(unknown), dict(contributors)
    _add_wide_pieces(counts)
    if outside:
        content.warnings.append(Remark(f"{outside} besoins hors du Département, absents du guide.", "records"))
    return counts


def _theme(row: dict) -> str:
    return row["theme_vie"] or NO_THEME


def _territories(content: Content, territories: list[Territory], printed: Iterable[str]):
    """Return the pieces of each territory, and the codes of each level."""
    communes = {commune.code for commune in content.communes}
    levels: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for territory in sorted(territories, key=lambda territory: (territory.level, territory.code)):
        if territory.level != content.outline.level:
            levels[territory.level][territory.code] = frozenset(communes.intersection(territory.members))
    first = {content.communes[0].level, content.level, *printed}
    pieces = {"": frozenset(communes)}
    kept = []
    for level in sorted(levels, key=lambda level: (level not in first, level)):
        if level in first or _nest(levels[level].values(), pieces.values()):
            pieces.update(levels[level])
            kept.append(list(levels[level]))
    return pieces, kept


def _nest(sets: Iterable[frozenset[str]], others: Iterable[frozenset[str]]) -> bool:
    """Return whether each set lies within each other, around it or apart from it."""
    holders: dict[str, set[frozenset[str]]] = defaultdict(set)
    for other in set(others):
        for piece in other:
            holders[piece].add(other)
    return all(own & other in (own, other) for own in sets for other in set().union(*(holders[piece] for piece in own)))


def _piece(row: dict, commune: str, territories: dict[str, frozenset[str]]) -> str:
    """Return the commune of a need, or the wider unit at which it was noted: ``wide:`` and its code, if we have it."""
    if row["niveau_geo"] not in WIDER_THAN_COMMUNES:
        return commune
    code = row["code_geo"] or ""
    return f"wide:{code}" if territories.get(code) else "wide:"


def _add_wide_pieces(counts: Counts) -> None:
    """Let each territory have the wider pieces that lie in it whole; the Département has them all."""
    known = dict(counts.territories)
    wide = {piece for piece, _ in (*counts.situations, *counts.unknown)} - set(known)
    for code, members in known.items():
        inside = {piece for piece in wide if not code or known.get(piece.partition(":")[2] or None, {None}) <= members}
        counts.territories[code] = members | inside
