"""Why two actors are linked, in a French sentence made from what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..similarity.reasons import BETWEEN_REASONS, BETWEEN_THEMES, DUPLICATE_METRES, away, length, name_key
from ..values import join, split

QUOTED = 90
"""Characters of what somebody wrote that a reason repeats."""


class Saying(NamedTuple):
    """What n actors say of themselves: ``themes`` and ``publics`` are tuples of codes, ``publics`` () for everyone.

    ``needed`` (n,) are sets of the codes of themes needed within the distance.
    """

    names: Sequence[str]
    themes: Sequence[tuple[str, ...]]
    publics: Sequence[tuple[str, ...]] | None
    needed: Sequence[frozenset[str]]
    sought: Sequence[str]
    offered: Sequence[str]


class Words(NamedTuple):
    """Labels of themes and of publics by code, and how what is needed is called in a sentence."""

    themes: Mapping[str, str]
    publics: Mapping[str, str]
    needed: str


def exchange(
    saying: Saying, words: Words, pair: tuple[int, int], metres: float, seeks: tuple[bool, bool], mutual: bool
) -> tuple[str, str]:
    """Return the codes of the themes that exactly one of two has, and what they bring each other, as a sentence.

    ``seeks``: whether the first, and the second, looks for what the other shares.
    """
    one, other = pair
    around = saying.needed[one] | saying.needed[other]
    told = all(saying.themes[each] for each in pair)
    brings = [_brings(saying, mine, theirs, around) if told else [] for mine, theirs in (pair, pair[::-1])]
    said = [away(metres)]
    said += [
        f"« {saying.names[mine]} » recherche « {_quote(saying.sought[mine])} », "
        f"« {saying.names[theirs]} » partage « {_quote(saying.offered[theirs])} »"
        for (mine, theirs), does in zip((pair, pair[::-1]), seeks)
        if does
    ]
    given = [
        f"« {saying.names[mine]} » apporte {_labels(codes, words.themes)}" for mine, codes in zip(pair, brings) if codes
    ]
    if given:
        said.append(f"{', '.join(given)}, que l'autre n'a pas ({words.needed})")
    if not told:
        nameless = " et ".join(f"« {saying.names[each]} »" for each in pair if not saying.themes[each])
        said.append(f"thèmes inconnus : {nameless}")
    said.append(_public(saying, words, one, other))
    if not any(said[1:]):
        said.append("rien d'autre de connu ne les rapproche")
    said += remarks(saying.names[one], saying.names[other], metres, mutual)
    return join(code for codes in brings for code in codes), BETWEEN_REASONS.join(filter(None, said))


def remarks(one: str, other: str, metres: float, mutual: bool) -> list[str]:
    """Return what a reader has to beware of: two of one name at one place, and a link that only joins."""
    key = name_key(one)
    return [
        *(["peut-être un doublon (même nom)"] if key and key == name_key(other) and metres < DUPLICATE_METRES else []),
        *([] if mutual else ["lien de passage : sans lui, deux parties du territoire ne seraient pas reliées"]),
    ]


def within(distance: float) -> str:
    """Return « à moins de 15 km »."""
    return f"à moins de {length(distance)}"


def _brings(saying, mine, theirs, around):
    return [code for code in saying.themes[mine] if code in around and code not in saying.themes[theirs]]


def _public(saying, words, one, other):
    if saying.publics is None:
        return ""
    mine, theirs = saying.publics[one], saying.publics[other]
    if not mine or not theirs:
        return (
            "ouverts tous deux à tous les publics" if not mine and not theirs else "l'un est ouvert à tous les publics"
        )
    common = [code for code in mine if code in theirs]
    return f"public commun : {_labels(common, words.publics)}" if common else ""


def _labels(codes, labels):
    return BETWEEN_THEMES.join(labels.get(code, code) for code in codes)


def _quote(text):
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"


def codes_of(texts: Sequence[object]) -> list[tuple[str, ...]]:
    """Return the codes of each text, each once, in alphabetical order."""
    return [tuple(sorted(split(text))) for text in texts]


def in_words(share: float) -> str:
    """Return how rare a network is by chance, ``share`` being that of groups by chance that hold as well together."""
    if np.isnan(share):
        return "rien à quoi le comparer : le hasard n'a pas d'autre choix ici"
    return f"de tels groupes formés au hasard, {share:.0%} tiennent aussi bien".replace("%", " %")
