"""The groups of initiatives that resemble each other."""

from __future__ import annotations

from collections import defaultdict
from math import hypot
from pathlib import Path

from ...layers.geopackage import GEOMETRY
from ...layers.result_tables import GROUPS, INITIATIVES, LINKS
from ...processing.analysis.values import split as split_values
from ..facts.content import Actor, Content, Initiatives
from ..facts.remarks import Remark
from ..facts.ties import Bond
from .known import outline
from .rows import read_rows


def read_similar(content: Content, store: Path) -> None:
    """Fill ``similar`` and ``links`` from the tables of the analysis.

    Of a group that has members whom the readers may not know, words, radius and outline are those of the others.
    """
    grouped = [row for row in read_rows(store, INITIATIVES) if row["groupe"] is not None]
    if not grouped:
        content.warnings.append(
            Remark(
                "Aucun groupe d'initiatives semblables : la page correspondante est absente du guide. Lancer "
                "« Initiatives semblables » dans l'espace de travail.",
                "analysis",
            )
        )
        return
    members: dict[int, list[str]] = defaultdict(list)
    known = {actor.uuid: actor for actor in content.actors}
    hidden = {row["groupe"] for row in grouped if row["uuid"] not in known}
    for row in grouped:
        if row["uuid"] in known:
            members[row["groupe"]].append(row["uuid"])
    bonds, lines = _bonds(store, {uuid: group for group, uuids in members.items() for uuid in uuids})
    content.links = lines
    for row in sorted(read_rows(store, GROUPS), key=lambda row: row["groupe"]):
        uuids = sorted(members[row["groupe"]], key=lambda uuid: known[uuid].number)
        if len(uuids) < 2:
            continue
        group = Initiatives(
            row["groupe"],
            tuple(uuids),
            split_values(row["themes"]),
            split_values(row["termes"]),
            row["rayon_m"] or 0.0,
            row["solidite"] or "",
            row[GEOMETRY],
            tuple(bonds[row["groupe"]]),
            row["medoide"] if row["medoide"] in uuids else "",
        )
        if row["groupe"] in hidden:
            group = _of_those_known(group, [known[uuid] for uuid in uuids])
        content.similar.append(group)


def _bonds(store: Path, group_of: dict[str, int]) -> tuple[dict[int, list[Bond]], list[bytes]]:
    """Return the pairs within each group, the most alike first, and of each member the line to the most alike.

    All the lines of a large group would cover the map.
    """
    bonds: dict[int, list[Bond]] = defaultdict(list)
    line_of = {}
    for row in read_rows(store, LINKS):
        group = group_of.get(row["de"])
        if group is not None and group == group_of.get(row["vers"]):
            bond = Bond(row["de"], row["vers"], row["s"] or 0.0, row["raison"] or "")
            bonds[group].append(bond)
            line_of[bond] = row[GEOMETRY]
    lines = set()
    for found in bonds.values():
        found.sort(key=lambda bond: (-bond.strength, bond.one, bond.other))
        nearest = {}
        for bond in found:
            for member in (bond.one, bond.other):
                nearest.setdefault(member, bond)
        lines |= {line_of[bond] for bond in nearest.values()}
    return bonds, sorted(lines)


def _of_those_known(group: Initiatives, members: list[Actor]) -> Initiatives:
    shared = tuple(theme for theme in group.themes if sum(theme in actor.themes for actor in members) > 1)
    said = " ".join(f"{actor.name} {actor.description}" for actor in members).casefold()
    x, y = (sum(getattr(actor, axis) for actor in members) / len(members) for axis in "xy")
    return group._replace(
        themes=shared,
        words=tuple(word for word in group.words if word.casefold() in said),
        radius=max(hypot(actor.x - x, actor.y - y) for actor in members),
        hull=outline(members),
    )
