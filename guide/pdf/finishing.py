"""What a print layout does not give a PDF: structure, links, bookmarks, language; and the same bytes each time."""

from __future__ import annotations

import errno
import os
import zlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import refusal
from ..composing.book import ARTIFACT, Book, Marker, Page, Polygon, Text
from ..target import check_target, draft_of, refused
from ..vendored import vendored
from .copying import Copier
from .marks import Run, runs
from .metadata import LANGUAGE, Metadata, write_info, write_xmp
from .navigation import Destinations, annotation, points, write_outline
from .speech import not_drawn, spoken
from .streams import DisagreementError, cut, lines, tidy
from .structure import write_structure
from .tagging import Piece, tree
from .writing import PdfFile, array, dictionary, number, reference, string

MOST_NAMED = 5
NOT_IN_FONT = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The font of the guide has no picture for some characters, which are printed as boxes: “{words}” (page {page}). "
    "Choose another font, or change the text.",
)


class UntaggableError(TisserandError):
    """What was drawn on a page is not what was planned: it cannot be tagged with certainty."""

    def __init__(self, page: int):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "This version of QGIS drew page {page} in a way that Tisserand does not know: the guide is written "
                "without the tags that screen readers need. Give such readers the HTML edition, and report this.",
            ),
            page=page,
        )


def finish(
    drawn: Path,
    target: Path,
    book: Book,
    author: str,
    printed_on: date,
    *,
    marked: bool = True,
    told: Callable[[int], None] = lambda done: None,
) -> list[TisserandError]:
    """Write the drawn PDF to ``target`` with structure, links, bookmarks and metadata, whole or not at all.

    Without marks (see ``marks``) it has all of this but the structure. Returns what an editor should know. Raises
    UntaggableError when the marks are not as expected (draw again without), and TisserandError when pypdf is missing
    or the target cannot be written; and what ``told`` raises, which is told the pages done.
    """
    check_target(target)
    pypdf = load_pypdf()
    try:
        reader = pypdf.PdfReader(str(drawn))
        complete = len(reader.pages) == len(book.pages)
    except (pypdf.errors.PyPdfError, OSError) as error:
        # Qt does not say when the disk was too full for what it drew.
        raise refusal(drawn, os.strerror(errno.ENOSPC)) from error
    if not complete:
        raise refusal(drawn, os.strerror(errno.ENOSPC))
    draft = draft_of(target)
    try:
        with draft.open("wb") as out:
            notes = _Finishing(out, reader, pypdf.generic, book, marked).write(author, printed_on, told)
        if _pages_in(draft, pypdf) != len(book.pages):
            raise refusal(target, os.strerror(errno.EIO))
        draft.replace(target)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        draft.unlink(missing_ok=True)
    return notes


def _pages_in(path: Path, pypdf) -> int:
    """Return how many pages a file says it has; that it can be read at all is half of the question."""
    try:
        return pypdf.PdfReader(str(path)).root_object["/Pages"]["/Count"]
    except (pypdf.errors.PyPdfError, KeyError):
        return -1


def load_pypdf():
    """Return pypdf: the system's, or the one that the plugin's zip carries."""
    return vendored("pypdf")


class _Finishing:
    """The state of one file being written: what was met on the pages so far."""

    def __init__(self, out: BinaryIO, reader, generic, book: Book, marked: bool):
        self._reader = reader
        self._book = book
        self._marked = marked
        self._file = PdfFile(out)
        self._copier = Copier(self._file, generic)
        self._catalog, self._pages_root = self._file.new(), self._file.new()
        self._pages = [self._file.new() for _ in book.pages]
        self._destinations = Destinations(book, self._pages)
        self._annotations: list[int] = []
        self._pieces: dict[int, list[Piece]] = defaultdict(list)
        self._boxes: dict[int, tuple[float, float, float, float]] = {}
        self._boxes_on: dict[int, int] = {}
        self._notes: list[TisserandError] = []

    def write(self, author: str, printed_on: date, told: Callable[[int], None]) -> list[TisserandError]:
        """Write the whole file and return what an editor should know."""
        file, book = self._file, self._book
        for index in range(len(book.pages)):
            told(index)
            self._page(index)
        self._copier.write_letters()
        info = self._reader.metadata
        producer = (info.producer if info else "") or ""
        metadata = Metadata(book.title, author, producer, printed_on)
        outline = write_outline(file, book, self._destinations)
        entries = {
            "Type": b"/Catalog",
            "Pages": reference(self._pages_root),
            "Lang": string(LANGUAGE),
            "Metadata": reference(write_xmp(file, metadata)),
            "Outlines": reference(outline) if outline else b"",
            "PageMode": b"/UseOutlines" if outline else b"",
            "PageLabels": dictionary({"Nums": array([b"0", dictionary({"S": b"/D"})])}),
            "ViewerPreferences": dictionary({"DisplayDocTitle": b"true"}),
        }
        if self._marked:
            tick = partial(told, len(book.pages))
            document = tree(book, self._pieces, tick)
            root = write_structure(file, document, self._pages, self._annotations, self._boxes, tick)
            entries |= {"MarkInfo": dictionary({"Marked": b"true"}), "StructTreeRoot": reference(root)}
        kids = array(map(reference, self._pages))
        file.put(dictionary({"Type": b"/Pages", "Count": b"%d" % len(book.pages), "Kids": kids}), self._pages_root)
        file.put(dictionary(entries), self._catalog)
        file.close(self._catalog, write_info(file, metadata))
        return self._notes

    def _page(self, index: int) -> None:
        file, page, drawn = self._file, self._book.pages[index], self._reader.pages[index]
        content = _unpacked(drawn["/Contents"].get_object())
        first = len(self._annotations)
        if self._marked:
            content = self._tagged(index, content)
        else:
            content = tidy(content)
            for text in page.operations:
                if isinstance(text, Text) and text.link:
                    self._link(page, text, -1)
        places = self._annotations[first:]
        box = [float(side) for side in drawn.mediabox]
        entries = {
            "Type": b"/Page",
            "Parent": reference(self._pages_root),
            "MediaBox": array(map(number, box)),
            "Resources": self._copier.resources(drawn),
            "Contents": reference(file.put_stream(content, {}, packed=False)),
            "Annots": array(map(reference, places)) if places else b"",
            "Tabs": b"/S",
            "StructParents": b"%d" % index if self._marked else b"",
        }
        file.put(dictionary(entries), self._pages[index])

    def _link(self, page: Page, text: Text, key: int) -> None:
        self._annotations.append(self._file.put(annotation(page, text, self._destinations, key)))

    def _tagged(self, index: int, content: bytes) -> bytes:
        book, page = self._book, self._book.pages[index]
        planned = runs(book, page)
        try:
            before, *pieces = cut(content, len(planned))
        except DisagreementError as error:
            raise UntaggableError(index + 1) from error
        fonts = self._copier.letters(self._reader.pages[index])
        parts = [_artifact("Layout", before)]
        said = 0
        last = {run.element: place for place, run in enumerate(planned)}
        for place, (run, piece) in enumerate(zip(planned, pieces)):
            operations = page.operations[run.first : run.last + 1]
            if run.element == ARTIFACT:
                parts.append(_artifact("Pagination" if isinstance(operations[0], Text) else "Layout", piece))
                continue
            words = ""
            if not book.elements[run.element].alternative and isinstance(operations[0], Text):
                shown = lines(piece)
                if not_drawn(shown) and len(self._notes) < MOST_NAMED:
                    self._notes.append(TisserandError(NOT_IN_FONT, words=operations[0].words, page=index + 1))
                more = last[run.element] > place
                piece, words = spoken(piece, shown, operations[0], fonts, more=more)
            self._pieces[run.element].append(self._piece(index, run, operations, said, words))
            # Programs that copy or search text look for the words here, and at a Span only.
            kind = "Span" if words else book.elements[run.element].kind
            properties = dictionary({"MCID": b"%d" % said, "ActualText": string(words) if words else b""})
            parts.append(b"/%s %s BDC\n%sEMC\n" % (kind.encode("ascii"), properties, piece))
            said += 1
            self._bounds(index, run.element, operations)
        return b"".join(parts)

    def _piece(self, index: int, run: Run, operations: list, said: int, words: str) -> Piece:
        page, areas, link = self._book.pages[index], [], None
        for text in operations:
            if isinstance(text, Text) and text.link and text.element != ARTIFACT:
                areas.append(len(self._annotations))
                link = text.link
                self._link(page, text, len(self._pages) + areas[-1])
        return Piece(index, said, run.first, words, link, tuple(areas))

    def _bounds(self, index: int, element: int, operations: list) -> None:
        """Keep what a figure covers on the first page it stands on."""
        if self._book.elements[element].kind != "Figure" or self._boxes_on.setdefault(element, index) != index:
            return
        page = self._book.pages[index]
        boxes = [points(page, *sides) for operation in operations for sides in _sides(operation)]
        if element in self._boxes:
            boxes.append(self._boxes[element])
        if boxes:
            left, bottom, right, top = zip(*boxes)
            self._boxes[element] = (min(left), min(bottom), max(right), max(top))


def _unpacked(stream) -> bytes:
    # Not by get_data(), which keeps what it returns: of a thousand pages that would be much.
    return zlib.decompress(stream._data) if stream.get("/Filter") == "/FlateDecode" else stream.get_data()


def _artifact(kind: str, content: bytes) -> bytes:
    return b"/Artifact <</Type /%s>> BDC\n%sEMC\n" % (kind.encode("ascii"), content)


def _sides(operation):
    """Yield left, top, right, bottom of what has an extent, in millimetres."""
    if isinstance(operation, Marker):
        half = operation.size / 2
        yield operation.x - half, operation.y - half, operation.x + half, operation.y + half
    elif isinstance(operation, Polygon):
        xs, ys = zip(*operation.points)
        yield min(xs), min(ys), max(xs), max(ys)
    elif hasattr(operation, "box"):
        yield operation.box.x, operation.box.y, operation.box.right, operation.box.bottom
