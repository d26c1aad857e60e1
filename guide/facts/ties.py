"""What binds actors: resemblances, links that people made, networks that an analysis proposes."""

from __future__ import annotations

from typing import NamedTuple


class Bond(NamedTuple):
    """Two initiatives that resemble each other, by uuid; ``strength`` is 0 to 1, ``reason`` a French text."""

    one: str
    other: str
    strength: float
    reason: str


class Tie(NamedTuple):
    """A link that is already there, as a correspondent noted it; ``nature`` is a code of ``natures_lien``."""

    one: str
    other: str
    nature: str
    comment: str


class NetworkLink(NamedTuple):
    """A link that the analysis of networks proposes between two actors.

    ``kind`` is moyens, complementaire, semblable, public or proximite; ``seeks`` says of each whether it looks for what
    the other shares. ``bridge`` marks a link that only joins two parts. ``network`` is 0 between networks.
    """

    one: str
    other: str
    kind: str
    strength: float
    metres: float
    seeks: tuple[bool, bool]
    bridge: bool
    network: int
    line: bytes


class Network(NamedTuple):
    """A possible network: its members' uuids, who could pilot it ("" unknown), how surely it holds, its outline.

    ``through`` is the share of the paths between the other members that pass through the pilot. ``solidity`` is nette,
    incertaine or non_comparable. ``others`` counts the members whom these readers may not know.
    """

    number: int
    members: tuple[str, ...]
    pilot: str
    through: float
    solidity: str
    hull: bytes
    others: int
