"""What descriptions say, as weighted words that can be compared.

French words are compared by what is left of them without accents and endings. On 361 real descriptions of initiatives
this folding finds fellows of the same theme as well as the Snowball stemmer does (mean average precision 0.48 both), so
that no library is needed for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

WORD = re.compile(r"[^\W\d_]{2,}")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
ENDING = re.compile(
    r"(?:at(?:ions?|eurs?|rices?|ifs?|ives?)|ements?|ages?|eries?|aires?|arites?"
    r"|(?<![au])ites?|iques?|is[mt]es?|ifs?|ives?|eu(?:rs?|ses?|x)|i?eres?|i?ers?|antes?|ants?|ats?|ees?|es?|ez|[sx])$"
)
SHORT_ENDING = re.compile(r"(?<=..)(?:ee?s?|[sx])$")
SHORTEST_STEM = 4
BETWEEN_TICKS = 2_000
STOP_WORDS = Path(__file__).with_name("stopwords_fr.txt")


class TextVectors(NamedTuple):
    """One row a text, one column a term; ``words`` holds the word to show for each column."""

    matrix: sparse.csr_matrix
    words: np.ndarray


def fold(text: str) -> str:
    """Return the text in lower case, without accents, ligatures spelt out."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def stem(word: str) -> str:
    """Return what the forms of a French word share: ``réparer``, ``Réparations`` and ``réparateur`` give ``repar``.

    An ending is taken off only where four letters remain; shorter words lose their plural and final e at most.
    """
    folded = fold(word)
    root = ENDING.sub("", re.sub("(?<!e)aux$", "al", folded))
    return root if len(root) >= SHORTEST_STEM else SHORT_ENDING.sub("", folded)


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the folded words that carry no meaning of their own."""
    lines = STOP_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(" ".join(line for line in lines if not line.startswith("#"))).split())


def tfidf(texts: Sequence[str | None], tick: Callable[[], None] = lambda: None) -> TextVectors:
    """Weigh the words of each text: the rows have length 1, or 0 where a text says nothing.

    Weights are (1 + ln tf) (1 + ln((1 + n) / (1 + df))), the smoothed form of Salton and Buckley (1988,
    doi:10.1016/0306-4573(88)90021-0), n counting the texts that say something. Each column is shown by the form of the
    word that occurs most often. Columns stand in alphabetical order of stems: the order of the texts changes nothing.
    ``tick`` is called now and then; what it raises stops the work.
    """
    numbers: dict[str, int] = {}
    rows, surfaces = [], []
    for row, text in enumerate(texts):
        if row % BETWEEN_TICKS == 0:
            tick()
        found = WORD.findall((text or "").lower())
        rows.append(np.full(len(found), row))
        surfaces.append(np.array([numbers.setdefault(word, len(numbers)) for word in found], dtype=np.int64))
    rows, surfaces = _joined(rows), _joined(surfaces)
    words = np.array(list(numbers), dtype=object)
    tick()
    stems = np.array([_stem_or_nothing(word) for word in words], dtype=object)
    tick()
    terms, term_of = np.unique(stems.astype(str), return_inverse=True)

    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, term_of[surfaces])), shape=(len(texts), len(terms)))
    spoken = terms != ""
    shown = _most_frequent(words, np.bincount(surfaces, minlength=len(words)), term_of, len(terms))
    return TextVectors(_weighted(counts[:, spoken]), shown[spoken])


def _joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=np.int64), *arrays])


def _stem_or_nothing(word: str) -> str:
    return "" if fold(word) in stop_words() else stem(word)


def _most_frequent(words: np.ndarray, counts: np.ndarray, term_of: np.ndarray, terms: int) -> np.ndarray:
    """Return for each term its most frequent word; the first of the alphabet among equals."""
    shown: dict[int, str] = {}
    for i in sorted(range(len(words)), key=lambda i: (-counts[i], words[i])):
        shown.setdefault(term_of[i], words[i])
    return np.array([shown[term] for term in range(terms)], dtype=object)


def _weighted(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    documents = np.count_nonzero(np.diff(counts.indptr))
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    weights = counts.copy()
    weights.data = (1 + np.log(counts.data)) * (1 + np.log((1 + documents) / (1 + frequency[counts.indices])))
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights.data /= np.repeat(lengths, np.diff(weights.indptr))
    return weights
