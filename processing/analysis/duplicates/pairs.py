"""Actors that may be one and the same, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..pairs import Near
from ..similarity.measure import DECIMALS
from ..similarity.reasons import BETWEEN_REASONS, away
from ..text import fold
from .names import Names, likeness, read_names, sketch, two_kinds

NAME_ALONE, NEARNESS, SHARED = 0.72, 0.18, 0.10
"""What a pair of the same name has of the score, what standing at the same place adds, and what a contact adds."""

POSTCODE = 0.5
"""Of what a shared contact adds, the part that a shared postcode alone does."""

SHARED_BY_MOST = 20
"""A SIRET, telephone, e-mail or site of more actors than this is that of a head office, and tells none of them."""

CHUNK = 100_000
"""Pairs compared at a time."""

ROUNDING = 1e-4
"""More than what single precision may take from a product of sketches."""

TWO_SIRETS = 0.9
"""What is left of the score of two actors with two SIRETs."""

ONE_NAME = 0.5
"""The likeness from which names do not speak against one SIRET."""

ONE_SIRET_TWO_NAMES, ONE_SIRET_TWO_PLACES = 0.9, 0.8

CERTAIN, POSSIBLE, OTHER_PLACE, OTHER_ADDRESS = NATURES = ("doublon", "possible", "autre-lieu", "autre-adresse")
"""One actor entered twice; perhaps; another place of one establishment; another establishment of one organisation."""

SAID_OF = {
    CERTAIN: "",
    POSSIBLE: "",
    OTHER_PLACE: "même établissement, autre lieu",
    OTHER_ADDRESS: "même structure, autre établissement (même SIREN)",
}

IDENTITY = {"uuid": "même identifiant", "siret": "même SIRET {value}"}
CONTACTS = {"phone": "même téléphone {value}", "mail": "même courriel {value}", "site": "même site {value}"}
NEIGHBOURHOOD = {"postcode": "même code postal {value}"}


COLUMNS = ("id", "uuid", "siret", "name", "commune", "postcode", "phone", "mail", "site")


class Keys(NamedTuple):
    """What actors may share, by name: the ``texts`` in one way of writing, and equal ``codes`` for equal texts.

    The code of nothing is -1.
    """

    texts: dict[str, np.ndarray]
    codes: dict[str, np.ndarray]


class Duplicates(NamedTuple):
    """``pairs``: one row a pair; ``crowded``: values that more than ``SHARED_BY_MOST`` actors share, left aside."""

    pairs: geopandas.GeoDataFrame
    crowded: list[str]


def find_duplicates(
    actors: geopandas.GeoDataFrame,
    distance: float = 500.0,
    threshold: float = 0.75,
    tick: Callable[[], None] = lambda: None,
) -> Duplicates:
    """Return the pairs of actors that may be one, the likeliest first, each once and in the same direction always.

    ``actors``: points in a metric CRS with ``id`` and optionally ``uuid, siret, name, commune, postcode, phone, mail,
    site`` (text or None); ``distance`` in metres. ``tick`` is called between two pieces of work and may raise, to stop.

    Two of one uuid have the score 1, wherever they are; so have two of one SIRET whose names do not say two things. One
    SIRET with two names is that of one establishment in several places: 0.9 up to the distance, 0.8 beyond it. For
    others, no further apart than the distance, score = name × (0.72 + 0.18 (1 − d / distance) + 0.10 c), × 0.9 where
    the two have two SIRETs: ``name`` is ``names.likeness`` (cosine of groups of three letters: Angell, Freund and
    Willett 1983, doi:10.1016/0306-4573(83)90022-5); c is 1 with the same telephone, e-mail or site, 0.5 with the same
    postcode, else 0. The pairs that reach the threshold are returned.

    Columns: ``de, vers`` (ids), ``nom_de, nom_vers, nature`` (of ``NATURES``), ``score, distance_m, raison``; lines
    between the two places.
    """
    if not distance > 0:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The distance is {distance} m: give one above 0."), distance=distance
        )
    if not 0 < threshold <= 1:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The threshold is {threshold}: give one above 0, up to 1."),
            threshold=threshold,
        )
    actors = _sorted(actors)
    xy = shapely.get_coordinates(actors.geometry.representative_point().to_numpy())
    keys, crowded = _keys(actors)
    names = read_names(_column(actors, "name"), _column(actors, "commune"))
    outline = sketch(names)
    found = [_empty()]
    for first, second, metres in _candidates(xy, keys, distance):
        tick()
        weights = _weights(keys, first, second, metres / distance)
        # Comparing names is the long part of the work: most pairs are far below the threshold by the sketch alone.
        hopeful = outline.most(first, second) * weights >= threshold - ROUNDING
        hopeful |= _share_any(keys, IDENTITY, first, second)
        first, second, metres, weights = first[hopeful], second[hopeful], metres[hopeful], weights[hopeful]
        scores, natures = _scores(names, keys, first, second, weights, metres > distance * (1 + 1e-9))
        kept = scores >= threshold
        found.append((first[kept], second[kept], metres[kept], scores[kept], natures[kept]))
    first, second, metres, scores, natures = (np.concatenate(column) for column in zip(*found))
    order = np.lexsort((second, first, -scores))
    columns = (column[order] for column in (first, second, metres, scores, natures))
    return Duplicates(_pairs(actors, xy, keys, names, *columns), crowded)


def certain_groups(pairs: pd.DataFrame) -> list[list[str]]:
    """Return the ids that certain pairs join, directly or through others: sorted, the group of the lowest id first."""
    certain = pairs[pairs["nature"] == CERTAIN]
    ids, codes = np.unique(certain[["de", "vers"]].to_numpy(dtype=str).ravel(), return_inverse=True)
    first, second = codes.reshape(-1, 2).T
    joined = sparse.csr_matrix((np.ones(len(first)), (first, second)), shape=(len(ids), len(ids)))
    count, labels = csgraph.connected_components(joined, directed=False)
    return [ids[labels == label].tolist() for label in range(count)]


def _column(actors: pd.DataFrame, name: str) -> list[str]:
    """Return a column as stripped texts, '' for nothing."""
    if name not in actors:
        return [""] * len(actors)
    return ["" if value is None or value != value else str(value).strip() for value in actors[name]]


def _sorted(actors: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the actors in an order that does not hang on that of the rows."""
    keys = [_column(actors, name) for name in COLUMNS]
    points = actors.geometry.representative_point()
    rows = list(zip(*keys, points.x, points.y))
    return actors.iloc[sorted(range(len(actors)), key=rows.__getitem__)]


NORMAL_FORMS: dict[str, Callable[[str], str]] = {
    "uuid": lambda text: text.strip("{}").lower(),
    "siret": lambda text: _digits(text) if len(_digits(text).strip("0")) and len(_digits(text)) == 14 else "",
    "siren": lambda text: NORMAL_FORMS["siret"](text)[:9],
    "phone": lambda text: _telephone(text),
    "mail": lambda text: text.lower() if "@" in text else "",
    "site": lambda text: re.sub(r"^(https?://)?(www\.)?", "", fold(text)).rstrip("/"),
    "postcode": lambda text: text,
}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _telephone(text: str) -> str:
    """Return a number as it is dialled in France; '' for what is too short for one."""
    digits = re.sub(r"^(00)?33(?=\d{9}$)", "0", _digits(text))
    return digits if len(digits) >= 9 else ""


def _keys(actors: pd.DataFrame) -> tuple[Keys, list[str]]:
    """Return what actors may share, and the values that too many of them do."""
    keys, crowded = Keys({}, {}), set()
    for name, normal in NORMAL_FORMS.items():
        given = _column(actors, "siret" if name == "siren" else name)
        texts = pd.Series([normal(text) or None for text in given], dtype=object)
        if name not in (*NEIGHBOURHOOD, "siren"):
            counts = texts.value_counts()
            crowd = counts.index[counts > SHARED_BY_MOST]
            crowded.update(crowd)
            texts[texts.isin(crowd)] = None
        keys.texts[name] = texts.to_numpy()
        keys.codes[name] = pd.factorize(texts)[0]
    return keys, sorted(crowded)


def _candidates(xy: np.ndarray, keys: Keys, distance: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield each pair that stands near or shares an identity once, the lower row first, and its metres."""
    for tile in Near(xy, xy, distance, kept=0):
        first = tile.first + np.repeat(np.arange(tile.costs.shape[0]), np.diff(tile.costs.indptr))
        second, metres = tile.costs.indices, tile.costs.data
        once = first < second
        first, second, metres = first[once], second[once], metres[once]
        for start in range(0, len(first), CHUNK):
            piece = slice(start, start + CHUNK)
            yield first[piece], second[piece], metres[piece]
    first, second = _same_identity(keys)
    metres = np.hypot(*(xy[first] - xy[second]).T)
    far = metres > distance * (1 + 1e-9)
    yield first[far], second[far], metres[far]


def _same_identity(keys: Keys) -> tuple[np.ndarray, np.ndarray]:
    found = [pd.DataFrame({"row_x": [], "row_y": []}, dtype=int)]
    for name in IDENTITY:
        held = pd.DataFrame({"row": np.arange(len(keys.codes[name])), "code": keys.codes[name]})
        held = held[held["code"] >= 0]
        found.append(held.merge(held, on="code").query("row_x < row_y")[["row_x", "row_y"]])
    pairs = pd.concat(found).drop_duplicates().astype(int)
    return pairs["row_x"].to_numpy(), pairs["row_y"].to_numpy()


def _weights(keys: Keys, first: np.ndarray, second: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return what the likeness of the names counts for; ``part`` is the distance as a part of the greatest."""
    contact = _share_any(keys, CONTACTS, first, second)
    postcode = _share_any(keys, NEIGHBOURHOOD, first, second)
    return NAME_ALONE + NEARNESS * np.clip(1 - part, 0, 1) + SHARED * np.where(contact, 1.0, POSTCODE * postcode)


def _scores(
    names: Names, keys: Keys, first: np.ndarray, second: np.ndarray, weights: np.ndarray, far: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the score and the nature of each pair; ``far`` says which lie further apart than the distance."""
    alike = likeness(names, first, second)
    known = (keys.codes["siret"][first] >= 0) & (keys.codes["siret"][second] >= 0)
    siret = _share(keys, "siret", first, second)
    scores = alike * weights * np.where(known & ~siret, TWO_SIRETS, 1.0)
    natures = np.where(known & ~siret & _share(keys, "siren", first, second), OTHER_ADDRESS, POSSIBLE).astype(object)
    nameless = np.array([not said for said in names.said], dtype=bool)
    other_kind = two_kinds(names, first, second)
    one_name = nameless[first] | nameless[second] | (alike >= ONE_NAME)
    for where, score, nature in (
        (siret, ONE_SIRET_TWO_NAMES, POSSIBLE),
        (siret & one_name, 1.0, CERTAIN),
        (siret & other_kind, ONE_SIRET_TWO_NAMES, OTHER_PLACE),
        (siret & far & (other_kind | ~one_name), ONE_SIRET_TWO_PLACES, OTHER_PLACE),
        (_share(keys, "uuid", first, second), 1.0, CERTAIN),
    ):
        scores[where], natures[where] = score, nature
    return np.clip(np.round(scores, DECIMALS), 0, 1), natures


def _share(keys: Keys, name: str, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    codes = keys.codes[name]
    return (codes[first] == codes[second]) & (codes[first] >= 0)


def _share_any(keys: Keys, names: Sequence[str], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.any([_share(keys, name, first, second) for name in names], axis=0)


def _pairs(
    actors: geopandas.GeoDataFrame,
    xy: np.ndarray,
    keys: Keys,
    compared: Names,
    first: np.ndarray,
    second: np.ndarray,
    metres: np.ndarray,
    scores: np.ndarray,
    natures: np.ndarray,
) -> geopandas.GeoDataFrame:
    ids, names = (np.array(_column(actors, name), dtype=object) for name in ("id", "name"))
    told = {**IDENTITY, **CONTACTS, **NEIGHBOURHOOD}
    shared = {name: _share(keys, name, first, second) for name in told}
    reasons = []
    for k, (i, j) in enumerate(zip(first, second)):
        same = {name: text.format(value=keys.texts[name][i]) if shared[name][k] else "" for name, text in told.items()}
        parts = (
            *(same[name] for name in IDENTITY),
            SAID_OF[natures[k]],
            _named_alike(names[i], names[j], compared.said[i] == compared.said[j]),
            away(metres[k])[0].lower() + away(metres[k])[1:],
            *(same[name] for name in (*CONTACTS, *NEIGHBOURHOOD)),
        )
        sentence = BETWEEN_REASONS.join(filter(None, parts))
        reasons.append(sentence[0].upper() + sentence[1:])
    return geopandas.GeoDataFrame(
        {
            "de": ids[first],
            "vers": ids[second],
            "nom_de": names[first],
            "nom_vers": names[second],
            "nature": natures,
            "score": scores,
            "distance_m": metres,
            "raison": reasons,
        },
        geometry=shapely.linestrings(np.stack([xy[first], xy[second]], axis=1)),
        crs=actors.crs,
    )


def _named_alike(one: str, other: str, same: bool) -> str:
    if not one or not other:
        return "nom inconnu"
    return f"même nom « {one} »" if same else f"noms « {one} » et « {other} »"


def _empty() -> tuple[np.ndarray, ...]:
    return np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0), np.empty(0, object)
