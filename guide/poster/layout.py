"""One map on one sheet, A4 to A0: a question as title, the map, its legend, figures and, where it fits, its list."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..composing.book import Book, Box
from ..composing.faults import faults
from ..composing.settings import Settings
from ..composing.typesetting import ACCENT, source_line
from ..facts.content import Content, Territory
from ..facts.words import plural, sort_key
from ..sections.front import FICTION
from .legend import Poster
from .maps import ACTORS, EFFORT, GAPS, NEEDS, SIMILAR, draw
from .papers import FRAME, Paper, frame_of

if TYPE_CHECKING:
    from ..composing.metrics import Metrics

AUDIENCES = {"pro": "Carte pour les professionnels.", "interne": "Document interne, à ne pas diffuser."}


def find_territory(content: Content, wanted: str) -> Territory:
    """Return the territory of a code or a name; the Département for ``""``.

    Raises TisserandError when there is none, or several of that name.
    """
    if not wanted.strip():
        return content.outline
    known = [content.outline, *content.groups, *content.communes]
    by_code = [territory for territory in known if territory.code == wanted.strip()]
    found = by_code or [territory for territory in known if sort_key(territory.name) == sort_key(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "Several territories are called {name}: give the code of one of them, {codes}."
            ),
            name=wanted,
            codes=", ".join(territory.code for territory in found),
        )
    near = sorted(known, key=lambda territory: (-_likeness(territory.name, wanted), sort_key(territory.name)))[:3]
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The workspace has no territory {name}: give a code or a name as it stands there, such as {names}; or "
            "nothing, for the whole Département.",
        ),
        name=wanted,
        names=", ".join(f"{territory.name} ({territory.code})" for territory in near),
    )


def _likeness(name: str, wanted: str) -> float:
    return SequenceMatcher(None, sort_key(name), sort_key(wanted)).ratio()


def poster(
    content: Content, metrics: Metrics, settings: Settings, territory: Territory, subject: str, paper: Paper
) -> Book:
    """Return a book of one page: the map of a subject in a territory.

    Raises TisserandError when there is nothing to draw, or when it could not be laid out well.
    """
    _check(content, subject)
    composer = _composed(content, metrics, settings, territory, subject, paper, 0.0, None)
    if not paper.landscape:
        # What the legend does not need is the map's.
        below = composer.end - composer.top
        composer = _composed(content, metrics, settings, territory, subject, paper, below, composer.listed)
    found = faults(composer.book)
    if found:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The map could not be laid out on this format: {faults}. Choose another."),
            faults=" ; ".join(found[:3]),
        )
    return composer.book


def _composed(content, metrics, settings, territory, subject, paper: Paper, below: float, listed) -> Poster:
    # A link to a page of the guide leads nowhere here: only what has a number is linked.
    composer = Poster(content, metrics, {FRAME: 1}, settings, {FRAME: frame_of(paper, below)})
    composer.letters, composer.listed = paper.letters, listed
    composer.new_page(territory.name, FRAME)
    composer.rectangle(Box(0, 0, paper.width, 3), ACCENT)
    title, subtitle = _title(content, territory, subject)
    for words, zone, tag in ((title, "titre", "H1"), (subtitle, "sous-titre", "")):
        box, size, bold, _, _ = composer.zone(zone)
        size = composer.fitting_size(words, box.w, size, bold=bold)
        composer.in_zone(words, zone, tag=tag, size=size, most_lines=1)
    composer.end = draw(composer, territory, subject)
    foot = f"{source_line(content)} Édition {content.edition}, {content.printed_on:%d/%m/%Y}."
    if content.fictional:
        foot += f" {FICTION}"
    if content.audience != "public":
        foot = f"{AUDIENCES[content.audience]} {foot}"
    composer.in_zone(foot, "sources", most_lines=3)
    composer.book.title = f"{title} {territory.name}"
    return composer


def _check(content: Content, subject: str) -> None:
    missing = {
        GAPS: not content.has_gaps,
        SIMILAR: not content.similar,
    }
    if missing.get(subject):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "There is no result to draw for this subject: run “Coverage gaps” or “Similar initiatives” into the "
                "workspace first, or choose another subject.",
            )
        )


def _title(content: Content, territory: Territory, subject: str) -> tuple[str, str]:
    actors = content.actors_in(territory)
    surveyed, total = content.survey_state(territory)
    state = f"{surveyed} commune{'s' if surveyed > 1 else ''} sur {total} recensée{'s' if surveyed > 1 else ''}"
    themed = sum(subject in actor.themes for actor in actors)
    titles = {
        ACTORS: ("Qui agit, et où ?", f"{plural(len(actors), 'initiative')}, {state}"),
        EFFORT: ("Où avons-nous cherché ?", state),
        NEEDS: ("Où sont les besoins ?", "Situations rencontrées par les travailleurs sociaux, tous thèmes confondus"),
        GAPS: ("Où les besoins restent-ils sans réponse ?", "Part des situations sans place accessible pour elles"),
        SIMILAR: ("Quelles initiatives se ressemblent ?", "Proches, mêmes thèmes, mêmes mots : à mettre en relation"),
    }
    theme = (f"{content.themes.get(subject, '')} : qui répond, et où ?", f"{plural(themed, 'initiative')}, {state}")
    title, facts = titles.get(subject, theme)
    return title, f"{territory.name} · {facts}"
