"""How much two names say the same: letter by letter, and by the words that tell one place from another.

The words of a name are not worth the same. « Ressourcerie », « centre », « solidaire » say what a place is, the name of
the commune where it stands, « Bobine » which one it is. Lists of words, and no counting of how rare they are: who else
is on the map must not change a pair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..similarity.measure import products
from ..similarity.reasons import name_key

ALIKE = 0.95
"""What names are worth at most of which the telling words alone are alike."""

WITHIN = 0.84
"""What two names are worth when one has all the telling words of the other, and more."""

OTHER_KIND = 0.85
"""What is left of the likeness of two names that say two kinds of places."""

GRAM = 3
BUCKETS = 64

LEGAL_FORMS = ("association", "asso", "sarl", "sas", "sasu", "sa", "scop", "scic", "eurl", "sci", "gie", "gip", "epic")
ARTICLES = ("le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "et", "a", "au", "aux", "en")
UNSAID = frozenset((*LEGAL_FORMS, *ARTICLES))
"""Words that one file writes and the next one does not."""

SPELT_OUT = {
    "centre communal action sociale": "ccas",
    "centre intercommunal action sociale": "cias",
    "maison jeunes culture": "mjc",
    "systeme echange local": "sel",
    "maintien agriculture paysanne": "amap",
    "centre social culturel": "centresocial",
    "centre socioculturel": "centresocial",
    "centre social": "centresocial",
    "tiers lieu": "tierslieu",
    "mission locale": "missionlocale",
    "ecole maternelle": "maternelle",
    "ecole elementaire": "elementaire",
    "ecole primaire": "elementaire",
}
"""Words, without the unsaid ones, for which others write one."""

KINDS = (
    ("mairie", "commune"),
    ("ccas", "cias"),
    ("maternelle",),
    ("elementaire", "primaire"),
    ("ecole",),
    ("college",),
    ("lycee",),
    ("creche", "garderie"),
    ("ludotheque",),
    ("mediatheque", "bibliotheque"),
    ("ressourcerie", "recyclerie"),
    ("epicerie",),
    ("vestiaire", "friperie"),
    ("jardin",),
    ("amap",),
    ("garage",),
    ("mjc",),
    ("missionlocale",),
    ("repair",),
    ("residence", "ehpad"),
    ("gymnase",),
    ("piscine",),
    ("camping",),
    ("marche",),
    ("pharmacie",),
    ("sante",),
    ("centresocial",),
    ("sel",),
    ("poste",),
    ("comite",),
    ("foyer",),
    ("auberge", "hotel"),
)
"""Words for one kind of place; two names with words of two kinds are hardly those of one place."""

GENERAL = frozenset(
    (
        *("accueil", "alimentaire", "animation", "antenne", "associatif", "associative", "atelier", "autoreparation"),
        *("boutique", "cafe", "centre", "club", "collectif", "communal", "communale", "conciergerie", "coop"),
        *("cooperative", "cuisine", "culture", "culturel", "culturelle", "echange", "espace", "fablab", "famille"),
        *("federation", "groupe", "habitat", "info", "initiative", "intercommunal", "intercommunale", "jeune"),
        *("jeunesse", "lieu", "local", "locale", "maison", "materiel", "municipal", "municipale", "numerique"),
        *("objet", "outil", "outiltheque", "parental", "parentale", "partage", "partagee", "partager"),
        *("participatif", "participative", "paysan", "paysanne", "point", "quartier", "relais", "reparation"),
        *("reseau", "resto", "restaurant", "rural", "rurale", "section", "service", "social", "sociale"),
        *("socioculturel", "socioculturelle", "solidaire", "solidarite", "structure", "tierslieu", "union", "velo"),
        *("vie", "ville", "vrac"),
    )
)
"""Words that say what a place is, and of many kinds of places."""

_KIND_OF = {word: 1 << number for number, words in enumerate(KINDS) for word in words}


class Names(NamedTuple):
    """What names are compared by, a row each.

    ``said``: the words that count, in one way of writing. ``full`` and ``core``: groups of three letters of all of them
    and of the telling ones (``name_vectors``). ``words``: one column a telling word, rows of 0 and 1, empty for a name
    that has none. ``kinds``: bits of ``KINDS``. ``place``: a number for the words of its commune that a name holds, 0
    for none.
    """

    said: list[str]
    full: sparse.csr_matrix
    core: sparse.csr_matrix
    words: sparse.csr_matrix
    kinds: np.ndarray
    place: np.ndarray


def read_names(names: Sequence[str], communes: Sequence[str]) -> Names:
    """Return what names are compared by; ``communes`` are the names of the communes where they stand ('': unknown)."""
    pairs = list(zip(names, communes))
    unique = sorted(set(pairs))
    row_of = {pair: row for row, pair in enumerate(unique)}
    rows = np.array([row_of[pair] for pair in pairs], dtype=int)
    said, cores, telling, kinds, places = [], [], [], [], []
    for name, commune in unique:
        words = said_words(name)
        of_place = set(said_words(commune)) & set(words)
        here = [word for word in words if word not in of_place]
        own = [word for word in here if not (_kind(word) or word in GENERAL or _singular(word) in GENERAL)]
        said.append(" ".join(words))
        cores.append(" ".join(own or here))
        telling.append(sorted({_singular(word) for word in own}))
        kinds.append(sum({_kind(word) for word in here}))
        places.append(" ".join(sorted(of_place)))
    _, place = np.unique(["", *places], return_inverse=True)
    return Names(
        [said[row] for row in rows],
        name_vectors(said)[rows],
        name_vectors(cores)[rows],
        _presence(telling)[rows],
        np.array(kinds, dtype=np.int64)[rows],
        place[1:][rows],
    )


def likeness(names: Names, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how much the names of each pair say the same, 0 to 1.

    It is the cosine of the groups of letters of the whole names (× 0.85 when they say two kinds of places). Where they
    say no two kinds of places and no two communes, it is at least 0.95 times the cosine of the telling words, and 0.84
    where one has all those of the other (unless the shorter one names its commune and the longer one does not).
    """
    whole = _sums(names.full, first, second)
    other_kind = two_kinds(names, first, second)
    place, of_other = names.place[first], names.place[second]
    comparable = ~other_kind & ((place == 0) | (of_other == 0) | (place == of_other))
    held = np.diff(names.words.indptr)
    fewer = np.minimum(held[first], held[second])
    place_of_shorter = np.where(held[first] < held[second], place, of_other)
    within = (fewer > 0) & (_sums(names.words, first, second) == fewer)
    within &= (held[first] == held[second]) | (place == of_other) | (place_of_shorter == 0)
    by_words = np.maximum(ALIKE * _sums(names.core, first, second), WITHIN * within)
    return np.maximum(whole * np.where(other_kind, OTHER_KIND, 1.0), np.where(comparable, by_words, 0.0))


def two_kinds(names: Names, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return which pairs have names that say two kinds of places."""
    one, other = names.kinds[first], names.kinds[second]
    return (one != 0) & (other != 0) & (one & other == 0)


class Sketch(NamedTuple):
    """What tells quickly that two names are not alike; ``bits`` are those of the telling words."""

    full: np.ndarray
    core: np.ndarray
    bits: np.ndarray

    def most(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return a bound that ``likeness`` does not exceed, up to the rounding of single precision."""
        one, other = self.bits[first], self.bits[second]
        common = one & other
        within = (common != 0) & ((common == one) | (common == other))
        cosines = (np.einsum("ij,ij->i", vectors[first], vectors[second]) for vectors in (self.full, self.core))
        whole, of_core = cosines
        return np.maximum(np.maximum(whole, ALIKE * of_core), WITHIN * within)


def sketch(names: Names) -> Sketch:
    """Return the names with their groups of letters thrown together into few: products can only become greater."""
    words = names.words.tocoo()
    bits = np.zeros(names.words.shape[0], dtype=np.int64)
    np.bitwise_or.at(bits, words.row, np.int64(1) << (words.col % 63).astype(np.int64))
    return Sketch(_thrown_together(names.full), _thrown_together(names.core), bits)


def said_words(name: str | None) -> list[str]:
    """Return the words of a name that tell it, folded, acronyms for what they stand for; all where none is left."""
    words = name_key(re.sub(r"\b(?:\w\.){2,}", _without_dots, name or "")).replace("_", " ").split()
    kept = " ".join([word for word in words if word not in UNSAID] or words)
    for spelt, short in SPELT_OUT.items():
        if spelt in kept:
            kept = re.sub(rf"\b{spelt}\b", short, kept)
    return kept.split()


def name_vectors(names: Sequence[str]) -> sparse.csr_matrix:
    """Return the groups of three letters of each name: rows of length 1, or 0 for no name.

    A word counts with a blank before and behind it, so that the order of words changes little. Groups are not weighted
    by rarity: a typing error makes rare ones, and would weigh most; and who else is on the map would change a pair.
    """
    unique, row_of = np.unique(np.array(names, dtype=str), return_inverse=True)
    grams = [[f" {word} "[k : k + GRAM] for word in name.split() for k in range(len(word))] for name in unique]
    rows = np.repeat(np.arange(len(unique)), [len(of_name) for of_name in grams])
    terms, columns = np.unique(
        np.array([gram for of_name in grams for gram in of_name], dtype=str), return_inverse=True
    )
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(unique), len(terms)))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(lengths, np.diff(counts.indptr))
    return counts[row_of]


def _presence(words: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    rows = np.repeat(np.arange(len(words)), [len(of_name) for of_name in words])
    terms, columns = np.unique(
        np.array([word for of_name in words for word in of_name], dtype=str), return_inverse=True
    )
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(words), len(terms)))


def _without_dots(acronym: re.Match) -> str:
    return acronym[0].replace(".", "") + " "


def _kind(word: str) -> int:
    return _KIND_OF.get(word) or _KIND_OF.get(_singular(word), 0)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _sums(matrix: sparse.csr_matrix, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray(products(matrix, first, second).sum(axis=1)).ravel()


def _thrown_together(vectors: sparse.csr_matrix) -> np.ndarray:
    columns = np.arange(vectors.shape[1])
    thrown = sparse.csr_matrix((np.ones(len(columns)), (columns, columns % BUCKETS)), shape=(len(columns), BUCKETS))
    return (vectors @ thrown).toarray().astype(np.float32)
