"""The groups of initiatives that resemble each other."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ...layers.geopackage import GEOMETRY, read_rows
from ...layers.result_tables import GROUPS, INITIATIVES, LINKS
from ...processing.analysis.values import split as split_values
from ..content import Content, Initiatives


def read_similar(content: Content, store: Path) -> None:
    """Fill ``similar`` and ``links`` from the tables of the analysis."""
    members: dict[int, list[str]] = defaultdict(list)
    shown = {actor.uuid for actor in content.actors}
    for row in read_rows(store, INITIATIVES):
        if row["groupe"] is not None and row["uuid"] in shown:
            members[row["groupe"]].append(row["uuid"])
    for row in read_rows(store, GROUPS):
        if len(members[row["groupe"]]) > 1:
            content.similar.append(
                Initiatives(
                    row["groupe"],
                    tuple(members[row["groupe"]]),
                    split_values(row["themes"]),
                    split_values(row["termes"]),
                    row["rayon_m"] or 0.0,
                    row["solidite"] or "",
                    row[GEOMETRY],
                )
            )
    group_of = {uuid: group.number for group in content.similar for uuid in group.members}
    content.links = [
        row[GEOMETRY]
        for row in read_rows(store, LINKS)
        if row["de"] in group_of and group_of[row["de"]] == group_of.get(row["vers"])
    ]
    if not content.similar:
        content.warnings.append("Aucun groupe d'initiatives semblables : la page correspondante est absente du guide.")
