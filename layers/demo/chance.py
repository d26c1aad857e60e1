"""Chance that is the same on every machine: it comes from hashing names, not from a stream of random numbers.

What is drawn for one row depends on that row alone, so adding a row or shuffling the communes moves nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from math import log

DOUBLE_BITS = 53


def share(*key: object) -> float:
    """Return a number above 0 and up to 1, evenly spread over keys."""
    digest = sha256("\x1f".join(str(part) for part in key).encode()).digest()
    return ((int.from_bytes(digest[:8], "big") >> (64 - DOUBLE_BITS)) + 1) / 2**DOUBLE_BITS


def pick(weights: Mapping[str, float], *key: object) -> str:
    """Return one of the names, each with a chance in proportion to its weight, which is positive."""
    return ranking(weights, *key)[0]


def ranking(weights: Mapping[str, float], *key: object) -> list[str]:
    """Return the names in the order of a draw without replacement in proportion to their weights, which are positive.

    The keys are those of Efraimidis and Spirakis (2006, doi:10.1016/j.ipl.2005.11.003).
    """
    return sorted(weights, key=lambda name: (-log(share(*key, name)) / weights[name], name))
