"""One run of the guide, shared by all that print: read through the gate, compose, draw, finish."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from qgis.core import QgsApplication, QgsPrintLayout, QgsProject, QgsVectorLayer
from qgis.PyQt.QtGui import QImageReader
from qgis.PyQt.QtSvg import QSvgRenderer

from ..layers.errors import QT_TRANSLATE_NOOP, CancelledError, TisserandError
from ..layers.result_metadata import parameters_of
from ..layers.result_tables import GAPS_BY_TERRITORY
from .composing.book import Book
from .composing.compose import SECTIONS, compose
from .composing.metrics import Metrics, available_family
from .composing.settings import Settings
from .drawing.draw import Look, draw, page_layout
from .drawing.templates import Templates, read_templates
from .facts.content import Content
from .maps.layers import MapLayers
from .pdf import UntaggableError, finish, load_pypdf
from .reading import read_content
from .target import check_target

Progress = Callable[[float], bool]
"""Takes the pages done, and answers whether to go on."""
DRAWING = 0.85
"""The share that drawing a page has in the work on it; the rest is its structure and links."""
Tick = Callable[[], None]
"""Is called often while nothing can be counted; raises CancelledError to stop."""
NO_FONT = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The font “{wanted}” is not installed on this computer: the guide is set in {used}. Install it and start QGIS "
    "again, or choose another one.",
)
NO_LOGO = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The logo {path} is missing, or no picture: the guide is printed without it. Choose an SVG, PNG or JPEG file.",
)
NO_FIT = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The guide does not fit your templates and is laid in the built-in ones: make their zones larger ({faults}).",
)
REACH_SETTINGS = {"REACH": "portee_min", "SPEED": "vitesse_kmh", "DETOUR": "detour"}


@dataclass(frozen=True)
class Asked:
    """What a planner asks of one edition; ``sections`` empty: those of the settings, or else all."""

    store: Path
    edition: str
    audience: str
    printed_on: date
    level: str = ""
    sections: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    templates: Path | None = None
    previous: Path | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the keys of the sections to print."""
        return self.sections or self.settings.sections or tuple(SECTIONS)


def read(asked: Asked, tick: Tick = lambda: None) -> Content:
    """Return what the readers may read; every figure of needs in it has passed the gate."""
    content = read_content(
        asked.store,
        edition=asked.edition,
        audience=asked.audience,
        level=asked.level,
        printed_on=asked.printed_on,
        previous=asked.previous,
        tick=tick,
    )
    content.gap_parameters = coverage_parameters(asked.store)
    return content


class Press:
    """What all books of a run are composed and drawn with: settings, font, templates.

    ``notes`` are the errors that were got round: a font, a logo or a template that cannot be used.
    """

    def __init__(self, asked: Asked):
        self.asked = asked
        self.notes: list[TisserandError] = []
        self.family = self._family()
        self.settings = self._with_logo()
        self.templates = self._read_templates(asked.templates or profile_templates())
        self.notes += self.templates.faults

    def _family(self) -> str:
        wanted = self.asked.settings.font
        used = available_family(wanted)
        if wanted and used != wanted:
            self.notes.append(TisserandError(NO_FONT, wanted=wanted, used=used))
        return used

    def _with_logo(self) -> Settings:
        settings = self.asked.settings
        if not settings.logo:
            return settings
        path = self.asked.store.parent / settings.logo
        if is_picture(path):
            return replace(settings, logo=str(path))
        self.notes.append(TisserandError(NO_LOGO, path=path))
        return replace(settings, logo="")

    def _read_templates(self, folder: Path | None) -> Templates:
        return read_templates(folder, self.settings.colours, self.settings.logo)

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics(self.family)

    def compose(self, content: Content, sections: Iterable[str] = (), tick: Tick = lambda: None) -> Book:
        """Return the book of a content, with ``sections`` or those that were asked for.

        Where it does not fit a designer's templates, it is composed in the built-in ones, and ``notes`` says so.
        """
        chosen = tuple(sections) or self.asked.chosen
        try:
            return compose(content, self.metrics, chosen, self.settings, self.templates.frames, tick)
        except CancelledError:
            raise
        except TisserandError as error:
            if not self.templates.own:
                raise
            self.templates = self._read_templates(None)
            book = compose(content, self.metrics, chosen, self.settings, self.templates.frames, tick)
            self.notes.append(TisserandError(NO_FIT, faults=error))
            return book

    def look(self, content: Content, project: QgsProject | None = None) -> Look:
        """Return what the pages of a content are drawn with; its map layers cost time, so keep it.

        They live in a project of their own, or in the one given, hidden there.
        """
        return Look(
            MapLayers(content, self.family, project, self.settings.colours),
            self.family,
            self.settings.colours,
            self.templates,
        )

    def print(self, book: Book, content: Content, look: Look, target: Path, progress: Progress) -> None:
        """Write a book as one PDF, whole or not at all: what stood at ``target`` stays until then.

        Raises CancelledError, and TisserandError when the target cannot be written.
        """

        def drawing(done: int) -> bool:
            return progress(DRAWING * done)

        def finishing(done: int) -> None:
            if not progress(DRAWING * len(book.pages) + (1 - DRAWING) * done):
                raise CancelledError

        finished = (target, book, content.departement, content.printed_on)
        with tempfile.TemporaryDirectory(prefix="tisserand-") as folder:
            drawn = Path(folder) / "guide.pdf"
            draw(book, look, drawn, drawing, marked=True)
            try:
                self.notes += finish(drawn, *finished, told=finishing)
            except UntaggableError as error:
                self.notes.append(error)
                draw(book, look, drawn, drawing)
                self.notes += finish(drawn, *finished, marked=False, told=finishing)

    def page(self, book: Book, number: int, look: Look) -> QgsPrintLayout:
        """Return the layout of a page, the first being 1, for the layout designer."""
        return page_layout(book.pages[number - 1], look, for_designer=True)


def can_print(target: Path) -> None:
    """Raise what would stop a run at its end, before it begins: the target, or a library that is missing."""
    check_target(target)
    load_pypdf()


def profile_templates() -> Path:
    """Return the folder of the user's own templates, which need not exist."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "tisserand" / "guide"


def is_picture(path: Path) -> bool:
    """Say whether a file is a picture that can be drawn: SVG, PNG, JPEG."""
    if path.suffix.lower() == ".svg":
        return path.is_file() and QSvgRenderer(str(path)).isValid()
    return path.is_file() and QImageReader(str(path)).canRead()


def coverage_parameters(store: Path) -> dict[str, str]:
    """Return the reach with which the coverage in the store was computed, under the names of the settings."""
    layer = QgsVectorLayer(f"{store}|layername={GAPS_BY_TERRITORY}", "", "ogr")
    found = parameters_of(layer) if layer.isValid() else {}
    return {setting: found[name] for name, setting in REACH_SETTINGS.items() if found.get(name)}
