"""The whole check: records, analyses, notice, pages, and what was already said while reading."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...layers.errors import TisserandError
from ..composing.book import Book
from ..composing.settings import Settings
from ..facts.content import Content
from ..facts.remarks import Remark
from ..facts.words import sort_key
from .kinds import KINDS, SEVERITIES, Finding, Translate
from .pages import of_pages
from .records import CheckPhoto, of_actors, of_monographs, of_needs, of_projects, of_territories
from .results import of_analyses, of_notice

TOLD = ("records", "photos", "analysis")
"""The kinds of warnings that the check lists itself, record by record."""


def check(
    store: Path,
    content: Content,
    sections: tuple[str, ...],
    settings: Settings,
    check_photo: CheckPhoto,
    book: Book | TisserandError,
    notes: Iterable[TisserandError],
    translate: Translate,
) -> list[Finding]:
    """Return what a careful editor would look at before printing, the gravest first, in an order that values decide.

    ``book`` is the composed book, or why it could not be composed; ``notes`` are what was got round (font, logo,
    template). ``translate`` is asked for the sentences of errors alone.
    """
    found = [
        *of_actors(store, content),
        *of_needs(store, content),
        *of_projects(store, content),
        *of_territories(store, content),
        *of_analyses(store, content, sections),
        *of_notice(content, settings),
        *(Finding("setting", {"sentence": note.sentence(translate)}) for note in notes),
    ]
    if "monographies" in sections:
        found += of_monographs(store, content, check_photo)
    if isinstance(book, TisserandError):
        found.append(Finding("not_composed", {"sentence": book.sentence(translate)}))
        warnings = content.warnings
    else:
        found += of_pages(book, content)
        warnings = book.warnings
    found += _already_said(warnings)
    order = {kind: place for place, kind in enumerate(KINDS)}
    severities = list(SEVERITIES)

    def place(finding: Finding) -> tuple:
        words = [sort_key(str(value)) for value in finding.values.values()]
        return severities.index(finding.severity), order[finding.kind], finding.page, words, finding.uuid

    return sorted(found, key=place)


def _already_said(warnings: Iterable[str]) -> Iterable[Finding]:
    for warning in dict.fromkeys(warnings):
        kind = warning.kind if isinstance(warning, Remark) else ""
        if kind in KINDS:
            yield Finding(kind, warning.values)
        elif kind not in TOLD:
            yield Finding("remark", {"sentence": str(warning)})
