"""What a guide is about, as plain values; read from a store by ``reading.py``."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ...layers.model.codes import code_list
from ..gate.verdict import CLOSED, HIDDEN, HIDDEN_SHARE, Disclosed, Unmet, Verdict
from .changes import Changes
from .leads import Lead, Project, Proposal
from .monograph import Monograph
from .ties import Bond, Network, NetworkLink, Tie
from .words import reach_in_words

DEFAULT_REACH = {"portee_min": 20, "vitesse_kmh": 50, "detour": 1.3}


class Territory(NamedTuple):
    """A territory of any level; ``members`` are the communes' codes, its own for a commune."""

    code: str
    name: str
    level: str
    population: int | None
    members: tuple[str, ...]
    surveyed_on: date | None
    geometry: bytes
    extent: tuple[float, float, float, float]


class Service(NamedTuple):
    """What an actor offers at its counter; codes as in the model, texts as they were written."""

    name: str
    description: str = ""
    audiences: tuple[str, ...] = ()
    fee: str = ""
    fee_details: str = ""
    conditions: str = ""
    hours: str = ""
    welcome: tuple[str, ...] = ()
    ways_in: tuple[str, ...] = ()
    places: int | None = None


class Actor(NamedTuple):
    """An actor the audience may read about, numbered from 1 in alphabetical order; town halls carry no number."""

    number: int
    uuid: str
    name: str
    theme: str
    themes: tuple[str, ...]
    kind: str
    description: str
    audiences: tuple[str, ...]
    hours: str
    fee: str
    address: str
    postcode: str
    phone: str
    mail: str
    site: str
    resources: str
    wanted: str
    stale: bool
    commune: str
    group: str
    x: float
    y: float
    services: tuple[Service, ...] = ()
    topics: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    welcome: tuple[str, ...] = ()
    address_details: str = ""
    access_page: str = ""
    scale: str = ""
    round: str = ""
    legal_form: str = ""
    siret: str = ""
    places: int | None = None
    visited_on: date | None = None
    correspondent: str = ""

    @property
    def anchor(self) -> str:
        """Return the anchor of the actor's entry in the directory."""
        return f"acteur-{self.number}"

    @property
    def kind_label(self) -> str:
        """Return the words for the kind of initiative; none for one that fits no kind."""
        return "" if self.kind in ("", "autre") else code_list("types_initiative").label(self.kind)


class Place(NamedTuple):
    """A site or an initiative that the audience may read about; ``actor`` is the uuid of who holds it, "" for none.

    ``detail`` says in words what it is and what it offers; ``commune`` is its own, or else that of its actor.
    """

    name: str
    detail: str
    actor: str
    commune: str


class Neighbour(NamedTuple):
    """An actor as it is named where it is not at home: no more of it is told."""

    uuid: str
    number: int
    name: str
    theme: str
    place: str
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """Return the anchor of its entry in the directory of the whole guide."""
        return f"acteur-{self.number}"


class Effort(NamedTuple):
    """How far a territory was surveyed: ``state`` is surveyed, stale, begun or none.

    ``actors`` are those the readers may read of; ``contacted`` and ``met`` those of them who were, ``visits`` how often
    in all, ``last`` the day of the last visit or survey.
    """

    state: str
    actors: int
    contacted: int
    met: int
    visits: int
    last: date | None


class Met(NamedTuple):
    """What was done to know an actor: a code of ``statuts_recensement``, the day last seen, how many visits."""

    status: str
    last: date | None
    visits: int


class Initiatives(NamedTuple):
    """A group of similar initiatives: its members' uuids, what they share, its radius in metres, how solid it is.

    ``bonds`` are the pairs that hold it together, the most alike first; ``centre`` is the member most like the others.
    """

    number: int
    members: tuple[str, ...]
    themes: tuple[str, ...]
    words: tuple[str, ...]
    radius: float
    solidity: str
    hull: bytes
    bonds: tuple[Bond, ...] = ()
    centre: str = ""


class Analysis(NamedTuple):
    """A result that the book rests on: its title, the day it was computed, what it was computed with, its table."""

    title: str
    computed_on: date | None
    parameters: tuple[tuple[str, str], ...] = ()
    table: str = ""


@dataclass
class Content:
    """Everything the pages draw on. ``warnings`` name what a careful editor should look at."""

    departement: str
    departement_code: str
    edition: str
    audience: str
    epsg: int
    level: str
    threshold: int
    settings: dict[str, str]
    printed_on: date
    outline: Territory
    groups: list[Territory]
    communes: list[Territory]
    actors: list[Actor]
    town_halls: list[Actor]
    verdict: Verdict = CLOSED
    """All that came out of the gate; no other figure made of needs is in here."""
    statistical: bool = False
    """Whether some needs come from statistics rather than from situations met."""
    changes: Changes | None = None
    """What is new since the last edition; None where none was given."""
    offers: dict[tuple[str, str], str] = field(default_factory=dict)
    """Codes of ``etats_offre`` by (code of a territory, theme), apart from the needs."""
    similar: list[Initiatives] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    elsewhere: list[Neighbour] = field(default_factory=list)
    """In the booklet of a territory: the initiatives of others that resemble its own."""
    booklet: Territory | None = None
    """The territory that this is the booklet of; None in the whole guide."""
    links: list[bytes] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    network_links: list[NetworkLink] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    """Uuids of actors whose places would all be taken while needs around them remain."""
    effort: dict[str, Effort] = field(default_factory=dict)
    """By the code of a commune, of a territory of the sheets, or ``""`` for the whole Département."""
    met: dict[str, Met] = field(default_factory=dict)
    """By the uuid of each numbered actor."""
    gap_parameters: dict[str, object] = field(default_factory=dict)
    monographs: list[Monograph] = field(default_factory=list)
    analyses: list[Analysis] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    fictional: bool = False

    @property
    def has_gaps(self) -> bool:
        """Return whether the coverage of the needs was computed."""
        return bool(self.verdict.shares)

    @property
    def reach(self) -> str:
        """Return in words what counted as within reach; the parameters of the analysis come before the settings."""
        known = {**DEFAULT_REACH, **self.settings, **self.gap_parameters}
        return reach_in_words(float(known["portee_min"]), float(known["vitesse_kmh"]), float(known["detour"]))

    @property
    def themes(self) -> dict[str, str]:
        """Return code -> label of the life themes, in the order of the matrix."""
        return code_list("themes_vie").labels

    def actors_in(self, territory: Territory) -> list[Actor]:
        """Return the numbered actors whose commune is a member of the territory."""
        members = set(territory.members)
        return [actor for actor in self.actors if actor.commune in members]

    def _key(self, territory: str) -> str:
        """Return the key of a territory in the verdict: the Département is "" there, also where sheets are of it."""
        return "" if territory == self.outline.code else territory

    def need(self, territory: str, theme: str = "") -> Disclosed:
        """Return what may be printed of the needs of a territory for a theme; an unknown number is hidden, not zero."""
        return self.verdict.needs.get((self._key(territory), theme), HIDDEN)

    def at_least(self, territory: str, theme: str = "") -> float:
        """Return the part that is known of a number of which another part is not, where it may be told; else NaN."""
        return self.verdict.least.get((self._key(territory), theme), math.nan)

    def need_of(self, name: str) -> Disclosed:
        """Return what may be printed of a figure by its name (see ``leads.Extra``); an unknown name is hidden."""
        return self.verdict.extras.get(name, HIDDEN)

    def unmet(self, territory: str, theme: str = "") -> Unmet:
        """Return what may be printed of the needs without an answer in a territory for a theme.

        It may be hidden where their number is not.
        """
        return self.verdict.shares.get((self._key(territory), theme), HIDDEN_SHARE)

    def offer(self, territory: str, theme: str) -> str:
        """Return the state of the offer (``etats_offre``) that the analysis found for a theme; "" when it did not."""
        return self.offers.get((territory, theme), "")

    def analysis(self, table: str) -> Analysis | None:
        """Return how a table of results was computed; None when the store has no such table."""
        return next((analysis for analysis in self.analyses if analysis.table == table), None)

    def survey_state(self, territory: Territory) -> tuple[int, int]:
        """Return how many of the territory's communes were surveyed, and how many it has."""
        members = set(territory.members)
        dates = [commune.surveyed_on for commune in self.communes if commune.code in members]
        return sum(found is not None for found in dates), len(dates)
