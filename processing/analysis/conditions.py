"""What people may ask of an offer beyond its being near: open then, free, on the spot, in rounds, made public.

Each fact on an actor is 1 (yes), 0 (no) or NaN (not known): what nobody wrote down is never taken for a no.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import values
from .openings import Slot, openings

HOURS, COST, RECEPTION, ROUNDS, AUDIENCE = DIMENSIONS = ("horaires", "cout", "accueil", "itinerance", "diffusion")
"""The conditions, as the results name them."""

FREE, PAID = "gratuit", "payant"
ON_SITE, AT_A_DISTANCE = MODES = ("en-presentiel", "a-distance")
PUBLIC, PROFESSIONAL, INTERNAL = AUDIENCES = ("public", "pro", "interne")
"""From those whom everyone may read of to those who are for the Département alone."""
YES = {"1", "true", "t", "oui", "vrai", "yes"}
NO = {"0", "false", "f", "non", "faux", "no"}


class Conditions(NamedTuple):
    """What is asked of an offer; the defaults ask nothing.

    ``slot`` with ``year`` and ``minutes`` as in ``openings``; ``mode`` one of MODES or ""; ``rounds`` True for
    itinerant actors alone, False for those that are not; ``audience`` who reads the result; ``strict`` leaves out an
    actor of whom a fact asked for is not known, which is otherwise kept.
    """

    slot: Slot | None = None
    year: int = 2026
    minutes: int = 60
    free: bool = False
    mode: str = ""
    rounds: bool | None = None
    audience: str = INTERNAL
    strict: bool = False


class Facts(NamedTuple):
    """``table``: a row an actor; the rest: labels of actors, and what stood there that is no value of the field.

    Columns ``open`` (NaN where no slot is asked for), ``free``, ``on_site``, ``at_a_distance``, ``itinerant``,
    ``reader`` (position in AUDIENCES, that of INTERNAL where it is not said). ``given``: the columns that the layer
    says anything of. ``without_hours`` says that hours were asked for and the package that reads them is missing.
    """

    table: pd.DataFrame
    given: frozenset[str]
    unreadable_hours: list
    unknown_words: dict[str, list[str]]
    without_hours: bool


def facts_of(actors: pd.DataFrame, asked: Conditions, tick: Callable[[], None] = lambda: None) -> Facts:
    """Return the facts on actors, from the columns ``hours, cost, modes, itinerant, round, audience``.

    All are optional; without ``audience`` all actors are public. A ``round`` (when and where an itinerant
    actor passes) makes an actor itinerant. ``tick`` may raise, to stop.
    """
    table = pd.DataFrame(np.nan, actors.index, ["open", "free", "on_site", "at_a_distance", "itinerant"])
    given, unreadable, words, without_hours = set(), [], {}, False
    if "hours" in actors and asked.slot:
        try:
            found = openings(actors["hours"].tolist(), asked.slot, asked.year, asked.minutes, tick)
        except ImportError:
            without_hours = True
        else:
            table["open"], unreadable = found.state, actors.index[found.unreadable].tolist()
            given.add("open")
    if "cost" in actors:
        table["free"], words["cost"] = _coded(actors["cost"], _free, {FREE, PAID})
        given.add("free")
    if "modes" in actors:
        for column, mode in (("on_site", ON_SITE), ("at_a_distance", AT_A_DISTANCE)):
            table[column], words["modes"] = _coded(actors["modes"], _has(mode), set(MODES))
            given.add(column)
    if "itinerant" in actors or "round" in actors:
        table["itinerant"], words["itinerant"] = _itinerant(actors)
        given.add("itinerant")
    table["reader"], words["audience"] = AUDIENCES.index(PUBLIC), []
    if "audience" in actors:
        ranks = {code: float(rank) for rank, code in enumerate(AUDIENCES)}
        reader, words["audience"] = _coded(actors["audience"], lambda codes: max(map(ranks.get, codes)), set(AUDIENCES))
        # Who may read of it is not said: it is kept from everyone but the Département.
        table["reader"] = np.where(np.isnan(reader), AUDIENCES.index(INTERNAL), reader)
        given.add("reader")
    return Facts(
        table, frozenset(given), unreadable, {name: found for name, found in words.items() if found}, without_hours
    )


def meets(table: pd.DataFrame, asked: Conditions) -> dict[str, np.ndarray]:
    """Return for each condition that is asked, of the DIMENSIONS, whether each actor meets it: 1, 0, NaN."""
    found = {}
    if asked.slot:
        found[HOURS] = table["open"].to_numpy()
    if asked.free:
        found[COST] = table["free"].to_numpy()
    if asked.mode:
        found[RECEPTION] = table["on_site" if asked.mode == ON_SITE else "at_a_distance"].to_numpy()
    if asked.rounds is not None:
        itinerant = table["itinerant"].to_numpy()
        found[ROUNDS] = itinerant if asked.rounds else 1 - itinerant
    if asked.audience != INTERNAL:
        found[AUDIENCE] = (table["reader"].to_numpy() <= AUDIENCES.index(asked.audience)).astype(float)
    return found


def kept(states: np.ndarray, strict: bool) -> np.ndarray:
    """Return who counts as meeting a condition."""
    return states == 1 if strict else states != 0


def _coded(column: pd.Series, read: Callable[[set[str]], float], codes: set[str]) -> tuple[np.ndarray, list[str]]:
    """Return what ``read`` makes of the codes in each text, NaN where there is none, and the words that are no code."""
    known: dict[object, float] = {}
    strangers: set[str] = set()
    found = np.empty(len(column))
    for position, text in enumerate(column.tolist()):
        key = tuple(text) if isinstance(text, list) else text
        if key not in known:
            words = {word.lower() for word in values.split(text)}
            strangers |= words - codes
            known[key] = read(words & codes) if words & codes else np.nan
        found[position] = known[key]
    return found, sorted(strangers)


def _free(codes: set[str]) -> float:
    return np.nan if len(codes) > 1 else float(FREE in codes)


def _has(mode: str) -> Callable[[set[str]], float]:
    return lambda codes: float(mode in codes)


def _itinerant(actors: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    state, strangers = np.full(len(actors), np.nan), []
    if "itinerant" in actors:
        words = actors["itinerant"].map(_word)
        state, strangers = _coded(words, lambda found: float(bool(found & YES)), YES | NO)
    if "round" in actors:
        state[actors["round"].map(_word).to_numpy(dtype=object) != ""] = 1.0
    return state, strangers


def _word(value: object) -> str:
    if value is None or value != value:
        return ""
    text = str(value).strip().lower()
    return text[:-2] if text.endswith(".0") else text
