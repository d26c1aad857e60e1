"""The links between actors that people noted, and the networks that an analysis proposes."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ...layers.geopackage import GEOMETRY
from ...layers.result_tables import NETWORK_LINKS, NETWORK_MEMBERS, NETWORKS
from ..facts.audience import allows
from ..facts.content import Content
from ..facts.remarks import Remark
from ..facts.ties import Network, NetworkLink, Tie
from .known import outline
from .rows import read_rows

FIRM = "nette"
"""The ``solidite`` of a network that holds better than those made by chance."""


def read_ties(content: Content, rows: list[dict]) -> None:
    """Fill ``ties`` from rows of ``lien``; the comment is for those who work with it, not for the public."""
    known = {actor.uuid: actor.number for actor in content.actors}
    found = {
        Tie(
            *sorted((row["de_uuid"], row["vers_uuid"]), key=known.__getitem__),
            row["nature"] or "",
            (row["commentaire"] or "") if allows(content.audience, "comments") else "",
        )
        for row in rows
        if row["de_uuid"] in known and row["vers_uuid"] in known
    }
    content.ties = sorted(found, key=lambda tie: (known[tie.one], known[tie.other], tie.nature, tie.comment))


def read_networks(content: Content, store: Path) -> None:
    """Fill ``networks`` and ``network_links`` from the tables of the analysis, the firmest first, numbered from 1."""
    known = {actor.uuid: actor for actor in content.actors}
    members: dict[int, list[str]] = defaultdict(list)
    sizes: dict[int, int] = defaultdict(int)
    through = {}
    for row in read_rows(store, NETWORK_MEMBERS):
        if row["reseau"] is None:
            continue
        sizes[row["reseau"]] += 1
        if row["uuid"] in known:
            members[row["reseau"]].append(row["uuid"])
            through[row["uuid"]] = row["intermediaire"] or 0.0
    numbers = {}
    rows = read_rows(store, NETWORKS)
    for row in sorted(rows, key=lambda row: (row["solidite"] != FIRM, row["reseau"])):
        uuids = tuple(sorted(members[row["reseau"]], key=lambda uuid: known[uuid].number))
        if len(uuids) < 2:
            continue
        numbers[row["reseau"]] = len(numbers) + 1
        pilot = row["pilote_id"] if row["pilote_id"] in uuids else ""
        others = sizes[row["reseau"]] - len(uuids)
        content.networks.append(
            Network(
                numbers[row["reseau"]],
                uuids,
                pilot,
                through.get(pilot, 0.0),
                row["solidite"] or "",
                outline(known[uuid] for uuid in uuids) if others else row[GEOMETRY],
                others,
            )
        )
    if not content.networks:
        content.warnings.append(
            Remark(
                "Les réseaux possibles n'ont pas été cherchés, ou il n'y en a pas : ils sont absents du guide. "
                "Lancer « Réseaux d'acteurs » dans l'espace de travail.",
                "analysis",
            )
        )
    content.network_links = _links(content, store, numbers)


def _links(content: Content, store: Path, numbers: dict[int, int]) -> list[NetworkLink]:
    known = {actor.uuid: actor for actor in content.actors}
    links = [
        NetworkLink(
            row["de"],
            row["vers"],
            row["type"] or "",
            row["force"] or 0.0,
            row["metres"] or 0.0,
            (_seeks(row, "de_nom"), _seeks(row, "vers_nom")),
            row["retenu"] == "passage",
            numbers.get(row["reseau"], 0),
            row[GEOMETRY],
        )
        for row in read_rows(store, NETWORK_LINKS)
        if row["de"] in known and row["vers"] in known and row[GEOMETRY] is not None
    ]
    return sorted(
        links, key=lambda link: (link.network, -link.strength, known[link.one].number, known[link.other].number)
    )


def _seeks(row: dict, name: str) -> bool:
    """Say whether the analysis found that one looks for what the other shares."""
    return row["type"] == "moyens" and f"« {row[name]} » recherche" in (row["raison"] or "")
