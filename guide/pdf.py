"""What a print layout does not give a PDF: links between pages, bookmarks, language, page labels."""

from __future__ import annotations

import errno
import os
import sys
from datetime import date
from pathlib import Path

from ..layers.errors import QT_TRANSLATE_NOOP, FolderMissingError, TisserandError
from ..layers.geopackage import refusal
from .book import PAGE_HEIGHT, Book, Text

VENDOR = Path(__file__).resolve().parents[1] / "vendor"
POINTS_PER_MM = 72 / 25.4


def _pypdf():
    """Return pypdf: the system's, or the one that the plugin's zip carries."""
    if VENDOR.is_dir() and str(VENDOR) not in sys.path:
        sys.path.append(str(VENDOR))
    try:
        import pypdf
    except ImportError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The Python package pypdf is missing: install the plugin from its zip, which carries it, "
                "or pip install pypdf.",
            )
        ) from error
    return pypdf


def finish(drawn: Path, target: Path, book: Book, author: str, printed_on: date) -> None:
    """Write the drawn PDF to ``target`` with the book's links, bookmarks and metadata, whole or not at all.

    Raises TisserandError when pypdf is missing, or the target cannot be written.
    """
    if not target.parent.is_dir():
        raise FolderMissingError(target.parent)
    pypdf = _pypdf()
    from pypdf.annotations import Link as PdfLink
    from pypdf.generic import (
        ArrayObject,
        BooleanObject,
        DictionaryObject,
        Fit,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    try:
        writer = pypdf.PdfWriter(clone_from=str(drawn))
    except (pypdf.errors.PyPdfError, OSError) as error:
        # Qt does not say when the disk was too full for what it drew.
        raise refusal(drawn, os.strerror(errno.ENOSPC)) from error
    numbers = book.page_numbers()
    tops = {anchor: y for page in book.pages for anchor, y in page.anchors.items()}
    for index, page in enumerate(book.pages):
        for text in page.operations:
            if not isinstance(text, Text) or text.link is None:
                continue
            rectangle = (
                text.box.x * POINTS_PER_MM,
                _from_bottom(text.box.bottom),
                text.box.right * POINTS_PER_MM,
                _from_bottom(text.box.y),
            )
            if text.link.uri:
                annotation = PdfLink(rect=rectangle, url=text.link.uri)
            else:
                fit = Fit.xyz(top=_from_bottom(max(0.0, tops[text.link.anchor] - 4)))
                annotation = PdfLink(rect=rectangle, target_page_index=numbers[text.link.anchor] - 1, fit=fit)
            annotation[NameObject("/Border")] = ArrayObject([NumberObject(0)] * 3)
            annotation[NameObject("/Contents")] = TextStringObject(" ".join(text.lines))
            writer.add_annotation(index, annotation)
    parents = {}
    for mark in book.bookmarks:
        fit = Fit.xyz(top=_from_bottom(max(0.0, tops[mark.anchor] - 4)))
        parent = parents.get(mark.level - 1)
        parents[mark.level] = writer.add_outline_item(
            title=mark.title, page_number=numbers[mark.anchor] - 1, parent=parent, fit=fit
        )
    writer.add_metadata(
        {
            "/Title": book.title,
            "/Author": author,
            "/CreationDate": f"D:{printed_on:%Y%m%d}",
            "/ModDate": f"D:{printed_on:%Y%m%d}",
        }
    )
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("fr-FR")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    draft = target.with_name(f".{target.name}.part")
    try:
        writer.write(str(draft))
        draft.replace(target)
    except OSError as error:
        raise refusal(target, error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)


def _from_bottom(y: float) -> float:
    return (PAGE_HEIGHT - y) * POINTS_PER_MM
