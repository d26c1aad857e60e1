"""What is said of the members of networks, of the networks and of their links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from .. import values
from ..similarity.initiatives import HULL_MARGIN
from ..similarity.reasons import BETWEEN_REASONS, BETWEEN_THEMES
from .betweenness import betweenness
from .bonds import Tell
from .circles import Chance, Circles, Graph
from .links import Links
from .reasons import in_words, within
from .standing import Ground, columns, numbers

CLEAR, UNSURE, ALONE = "nette", "incertaine", "non_comparable"
CLEAR_P, CLEAR_Z = 0.05, 2.0
PILOT, MEMBER = "pilote", "membre"
LINKS_AT_A_TIME = 20_000
FEWEST_TOLD = 11
"""People below that number are not counted out in a sentence, which no later masking would find."""


class Centrality(NamedTuple):
    """Of n actors within their networks: betweenness (0 to 1), strength of the links; the pilots, one a network."""

    between: np.ndarray
    strength: np.ndarray
    pilots: np.ndarray


def centrality(graph: Graph, found: Circles) -> Centrality:
    """Return who stands in the middle of each network: on a way, a link is the shorter the stronger it is.

    The pilot has the highest betweenness, among equals the strongest links, then the first in standing order.
    """
    number, nodes = found.number, len(found.number)
    inside = (number[graph.first] == number[graph.second]) & (number[graph.first] >= 0)
    first, second, weight = graph.first[inside], graph.second[inside], graph.weight[inside]
    strength = np.bincount(first, weight, nodes) + np.bincount(second, weight, nodes)
    members = np.flatnonzero(number >= 0)
    members = members[np.argsort(number[members], kind="stable")]
    starts = np.searchsorted(number[members], np.arange(len(found.cohesion)))
    place = np.zeros(nodes, dtype=np.int64)
    place[members] = np.arange(len(members)) - starts[number[members]]
    largest = place.max(initial=-1) + 1
    lengths = np.full((len(starts), largest, largest), np.inf)
    lengths[number[first], place[first], place[second]] = lengths[number[first], place[second], place[first]] = (
        1 / weight
    )
    between = np.zeros(nodes)
    size = np.bincount(number[members], minlength=len(starts))
    pairs = np.maximum((size - 1) * (size - 2) / 2, 1)
    between[members] = (betweenness(lengths) / pairs[:, None])[number[members], place[members]]
    ranked = members[np.lexsort((np.round(-strength, 9)[members], np.round(-between, 9)[members], number[members]))]
    return Centrality(between, strength, ranked[starts] if len(starts) else ranked)


def member_rows(
    ground: Ground, links: Links, graph: Graph, found: Circles, centre: Centrality, distance: float, least: int
) -> pd.DataFrame:
    """Return a row an actor: its network, what it is in it, and why, or why it is in none."""
    nodes = len(ground.actors)
    number = found.number
    linked = np.bincount(np.r_[links.first, links.second], minlength=nodes)
    with_reason = np.bincount(np.r_[graph.first, graph.second], minlength=nodes)
    pilots = np.isin(np.arange(nodes), centre.pilots)
    away = within(distance)
    reasons = np.select(
        [number >= 0, linked == 0, with_reason == 0],
        ["", f"Aucun autre acteur {away}", f"Rien de connu ne rapproche cet acteur de ceux qui sont {away}"],
        "",
    ).astype(object)
    together = np.bincount(found.part, minlength=1)
    apart = found.part[graph.first] != found.part[graph.second]
    leaving = set(found.part[graph.first[apart]].tolist()) | set(found.part[graph.second[apart]].tolist())
    for row in np.flatnonzero((number < 0) & (with_reason > 0)):
        reasons[row] = (
            "Des liens, mais les réseaux voisins n'ont plus de place"
            if found.part[row] in leaving
            else f"{together[found.part[row]]} acteurs seulement se relient ici : il en faut {least} pour un réseau"
        )
    for row in np.flatnonzero(number >= 0):
        reasons[row] = (
            f"Pilote possible : {_lead(centre.between[row])}"
            if pilots[row]
            else f"Membre du réseau autour de « {ground.actors['name'].iloc[centre.pilots[number[row]]]} »"
        )
    return pd.DataFrame(
        {
            "reseau": numbers(number),
            "role": np.where(pilots, PILOT, np.where(number >= 0, MEMBER, None)),
            "n_liens": linked,
            "force_reseau": np.where(number >= 0, np.round(centre.strength, 9), np.nan),
            "intermediaire": np.where(number >= 0, np.round(centre.between, 9), np.nan),
            "raison": reasons,
        },
        index=range(nodes),
    )


def _people(people: float) -> str:
    return f"{people:.0f} personnes" if people >= FEWEST_TOLD else f"moins de {FEWEST_TOLD} personnes"


def _lead(between: float) -> str:
    if between > 0:
        return f"{between:.0%} des chemins entre les autres membres passent par lui".replace("%", " %")
    return "nul n'est plus fortement lié aux autres membres"


def network_rows(
    ground: Ground,
    graph: Graph,
    found: Circles,
    chance: Chance,
    centre: Centrality,
    distance: float,
    labels: Mapping[str, str],
) -> geopandas.GeoDataFrame:
    """Return a row a network, under the hull of its members."""
    members = np.flatnonzero(found.number >= 0)
    shape = (len(centre.pilots), len(found.number))
    belongs = sparse.csr_matrix((np.ones(len(members)), (found.number[members], members)), shape=shape)
    of = columns(belongs)
    size = np.diff(belongs.indptr)
    points = shapely.points(ground.xy)
    hulls = [shapely.convex_hull(shapely.multipoints(points[rows])).buffer(HULL_MARGIN) for rows in of]
    inside = (found.number[graph.first] == found.number[graph.second]) & (found.number[graph.first] >= 0)
    links = np.bincount(found.number[graph.first[inside]], minlength=len(of))
    held = _by_value((belongs @ ground.held).tocsr())
    missing = [
        [(c, people) for c, people in _most(ground.people[rows]) if c not in set(have)] for rows, have in zip(of, held)
    ]
    names, ids = ground.actors["name"].tolist(), ground.actors["id"].tolist()
    unknown = (belongs @ (np.diff(ground.held.indptr) == 0)).astype(int).tolist()
    z = chance.z[graph.component[centre.pilots]] if len(of) else np.empty(0)
    frame = {
        "reseau": np.arange(1, len(of) + 1),
        "n": size,
        "membres": [BETWEEN_THEMES.join(sorted(names[row] for row in rows)) for rows in of],
        "themes": [values.join(ground.codes[c] for c in have) for have in held],
        "manque": [values.join(ground.codes[c] for c, _ in each) for each in missing],
        "pilote": [names[pilot] for pilot in centre.pilots],
        "pilote_id": [ids[pilot] for pilot in centre.pilots],
        "densite": np.round(links / np.maximum(size * (size - 1) / 2, 1), 9),
        "cohesion": np.round(found.cohesion, 9),
        "modularite_z": np.round(z, 6),
        "p_hasard": np.round(chance.p, 6),
        "solidite": [solidity(*each) for each in zip(z, chance.p)],
        "raison": [
            _why(ground, have, lack, names[pilot], _lead(centre.between[pilot]), without, share, distance, labels)
            for have, lack, pilot, without, share in zip(held, missing, centre.pilots, unknown, chance.p)
        ],
    }
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(hulls))


def solidity(z: float, p: float) -> str:
    """Return the word for how sure a network is: chance seldom makes one as firm, nor such a graph around it."""
    if np.isnan(z) or np.isnan(p):
        return ALONE
    return CLEAR if z >= CLEAR_Z and p <= CLEAR_P else UNSURE


def _by_value(matrix: sparse.csr_matrix) -> list[list[int]]:
    """Return the columns of each row, the highest value first."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    return [each.tolist() for each in np.split(matrix.indices[order], matrix.indptr[1:-1])] if matrix.shape[0] else []


def _most(people: sparse.csr_matrix) -> list[tuple[int, float]]:
    """Return the columns with anybody, with the most of a row, the most first."""
    highest = people.max(axis=0).tocoo()
    order = np.lexsort((highest.col, -highest.data))
    return list(zip(highest.col[order].tolist(), highest.data[order].tolist()))


def _why(ground, have, lack, pilot, lead, unknown, share, distance, labels) -> str:
    def label(column):
        return labels.get(ground.codes[column], ground.codes[column])

    asked = [
        f"{label(c)} ({_people(people)} {within(distance)} d'un membre)" if ground.from_needs else label(c)
        for c, people in lack
    ]
    around = "demandé" if ground.from_needs else "présent"
    said = [
        f"Ensemble : {BETWEEN_THEMES.join(map(label, have))}" if have else "Aucun thème connu",
        f"manque, alors que c'est {around} autour : {BETWEEN_THEMES.join(asked)}"
        if lack
        else f"rien ne manque de ce qui est {around} autour",
        f"pilote possible : « {pilot} » ({lead})",
        f"membres sans thème connu : {unknown}" if unknown else "",
        in_words(share),
    ]
    return BETWEEN_REASONS.join(filter(None, said))


def lines(
    ground: Ground, links: Links, kinds: np.ndarray, number: np.ndarray, tell: Tell
) -> Iterator[geopandas.GeoDataFrame]:
    """Yield the links as lines, some at a time; ``kinds``: the type of each, ``number``: the network of actors."""
    ids, names = (ground.actors[column].to_numpy() for column in ("id", "name"))
    for start in range(0, len(links.first), LINKS_AT_A_TIME):
        piece = slice(start, start + LINKS_AT_A_TIME)
        some = links._replace(**{name: getattr(links, name)[piece] for name in links._fields if name != "component"})
        themes, reasons = tell(some)
        first, second = some.first, some.second
        yield geopandas.GeoDataFrame(
            {
                "de": ids[first],
                "vers": ids[second],
                "de_nom": names[first],
                "vers_nom": names[second],
                "type": kinds[piece],
                "force": some.strength,
                "retenu": np.where(some.mutual, "mutuel", "passage"),
                "reseau": numbers(np.where(number[first] == number[second], number[first], -1)),
                "metres": np.round(some.metres, 1),
                "themes": themes,
                "raison": reasons,
            },
            geometry=shapely.linestrings(np.stack([ground.xy[first], ground.xy[second]], axis=1)),
        )
