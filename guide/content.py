"""What a guide is about, as plain values; read from a store by ``reading.py``."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ..layers.classes import gap_class
from ..layers.confidentiality import Disclosure, disclosure
from ..layers.model.codes import code_list
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


class Disclosed(NamedTuple):
    """A number of situations as it may be printed: ``value`` is NaN unless it is SHOWN (0 for NONE)."""

    state: Disclosure
    value: float


class Unmet(NamedTuple):
    """How much of the needs is without an answer, as it may be printed.

    ``gap_class`` is 0 to 3 (see ``layers.classes``) and ``cause`` the main one; -1 and "" unless it is SHOWN.
    ``least`` and ``most`` are the classes between which it lies, ``confidence`` forte, moyenne or faible.
    """

    state: Disclosure
    gap_class: int
    cause: str
    least: int = -1
    most: int = -1
    confidence: str = ""


class Gap(NamedTuple):
    """What ``coveragegaps`` says of one territory: situations, those without answer, and the main cause.

    ``least`` and ``most`` are the situations without answer if what is not known were all good, or all bad;
    ``confidence`` is forte, moyenne or faible; ``offer`` a code of ``etats_offre``, apart from the needs.
    """

    situations: float
    unmet: float
    cause: str
    least: float = 0.0
    most: float = 0.0
    confidence: str = ""
    offer: str = ""

    @property
    def share(self) -> float:
        return self.part(self.unmet)

    def part(self, situations: float) -> float:
        """Return a number of situations as a share 0..1 of all."""
        return min(1.0, situations / self.situations) if self.situations else 0.0


class Effort(NamedTuple):
    """How far a territory was surveyed: ``state`` is surveyed, begun or none.

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
    needs: dict[tuple[str, str], float] = field(default_factory=dict)
    """Situations by (code of a territory, theme); ``""`` for all themes, and for the whole Département."""
    unknown_needs: set[tuple[str, str]] = field(default_factory=set)
    """Where there are needs whose number is unknown or kept secret by who counted them; keys as in ``needs``."""
    statistical: bool = False
    """Whether some needs come from statistics rather than from situations met."""
    gaps: dict[tuple[str, str], Gap] = field(default_factory=dict)
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
    extras: dict[str, Disclosed] = field(default_factory=dict)
    """What may be printed of the figures made of needs besides those of territories and themes, by name."""
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
        return bool(self.gaps)

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

    def need(self, territory: str, theme: str = "") -> Disclosed:
        """Return what may be printed of the needs of a territory for a theme; an unknown number is hidden, not zero."""
        situations = self.needs.get((territory, theme), 0)
        state = disclosure(situations, self.threshold)
        if (territory, theme) in self.unknown_needs and state is Disclosure.NONE:
            state = Disclosure.HIDDEN
        shown = {Disclosure.SHOWN: situations, Disclosure.NONE: 0.0}
        return Disclosed(state, shown.get(state, math.nan))

    def extra(self, name: str) -> Disclosed:
        """Return what may be printed of a figure by its name (see ``leads.Extra``); an unknown name is hidden."""
        return self.extras.get(name, Disclosed(Disclosure.HIDDEN, math.nan))

    def unmet(self, territory: str, theme: str = "") -> Unmet:
        """Return what may be printed of the needs without an answer in a territory for a theme."""
        state = self.need(territory, theme).state
        if state is not Disclosure.SHOWN:
            return Unmet(state, -1, "")
        gap = self.gaps.get((territory, theme), Gap(0.0, 0.0, ""))
        bounds = (gap_class(gap.part(gap.least)), gap_class(gap.part(gap.most)))
        return Unmet(state, gap_class(gap.share), gap.cause if gap.unmet else "", *bounds, gap.confidence)

    def offer(self, territory: str, theme: str) -> str:
        """Return the state of the offer (``etats_offre``) that the analysis found for a theme; "" when it did not."""
        gap = self.gaps.get((territory, theme))
        return gap.offer if gap else ""

    def analysis(self, table: str) -> Analysis | None:
        """Return how a table of results was computed; None when the store has no such table."""
        return next((analysis for analysis in self.analyses if analysis.table == table), None)

    def survey_state(self, territory: Territory) -> tuple[int, int]:
        """Return how many of the territory's communes were surveyed, and how many it has."""
        members = set(territory.members)
        dates = [commune.surveyed_on for commune in self.communes if commune.code in members]
        return sum(found is not None for found in dates), len(dates)
