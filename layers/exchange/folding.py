"""Words compared as a person compares them: without case, accents, ligatures and marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
# How the names of communes are shortened in addresses.
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = ("le", "la", "les", "l")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return the words of a text in small letters of ASCII where it can be, one blank between them."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_BETWEEN_WORDS.sub(" ", bare).split())


def fold_column(name: str) -> str:
    """Return the words of the name of a column, also where only capitals part them: ``dateCreation``."""
    return fold(_CAMEL.sub(" ", name))


@lru_cache(maxsize=65_536)
def fold_commune(name: str) -> str:
    """Return the name of a commune without article, hyphens, short forms: « St-Médard en Jalles », « Teich (Le) »."""
    words = [_SHORT.get(word, word) for word in fold(re.sub(r"(?i)\bcedex\b.*$", "", name)).split()]
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    if len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    return " ".join(words)
