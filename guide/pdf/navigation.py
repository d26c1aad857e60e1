"""Ways through the PDF: links, bookmarks, page labels."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from urllib.parse import quote

from ..composing.book import Book, Page, Text
from .writing import PdfFile, array, dictionary, number, reference, string

POINTS_PER_MM = 72 / 25.4
URI_LETTERS = "!#$%&'()*+,/:;=?@[]~"
ABOVE = 4.0
"""How many millimetres above its anchor a page is opened."""


def points(page: Page, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """Return a box given in millimetres from the top as PDF wants it: left, bottom, right, top in points."""
    return (
        left * POINTS_PER_MM,
        (page.height - bottom) * POINTS_PER_MM,
        right * POINTS_PER_MM,
        (page.height - top) * POINTS_PER_MM,
    )


class Destinations:
    """Where the anchors of a book are, among the pages of the file."""

    def __init__(self, book: Book, pages: Sequence[int]):
        self._places = {
            anchor: (pages[index], (page.height - max(0.0, y - ABOVE)) * POINTS_PER_MM)
            for index, page in enumerate(book.pages)
            for anchor, y in page.anchors.items()
        }

    def of(self, anchor: str) -> bytes:
        """Return the destination of an anchor."""
        page, top = self._places[anchor]
        return array([reference(page), b"/XYZ", b"null", number(top), b"null"])


def annotation(page: Page, text: Text, destinations: Destinations, key: int) -> bytes:
    """Return the active area of a link; ``key`` leads back from it to the structure, -1 for none."""
    box = text.box
    entries = {
        "Type": b"/Annot",
        "Subtype": b"/Link",
        "Rect": array(map(number, points(page, box.x, box.y, box.right, box.bottom))),
        "Border": b"[0 0 0]",
        "F": b"4",
        "Contents": string(text.words or " ".join(text.lines)),
        "StructParent": b"%d" % key if key >= 0 else b"",
    }
    if text.link.uri:
        entries["A"] = dictionary({"S": b"/URI", "URI": string(quote(text.link.uri, safe=URI_LETTERS))})
    else:
        entries["Dest"] = destinations.of(text.link.anchor)
    return dictionary(entries)


def write_outline(file: PdfFile, book: Book, destinations: Destinations) -> int:
    """Write the bookmarks, nested by their levels and folded, and return their root; 0 for none."""
    if not book.bookmarks:
        return 0
    root = file.new()
    places = [file.new() for _ in book.bookmarks]
    children: dict[int, list[int]] = {-1: []}
    parents, way = [], [(-1, 0)]
    for order, mark in enumerate(book.bookmarks):
        while way[-1][1] >= mark.level:
            way.pop()
        parents.append(way[-1][0])
        children.setdefault(way[-1][0], []).append(order)
        way.append((order, mark.level))
    for order, mark in enumerate(book.bookmarks):
        siblings, own = children[parents[order]], children.get(order, [])
        at = bisect_left(siblings, order)
        entries = {
            "Title": string(mark.title),
            "Parent": reference(places[parents[order]] if parents[order] >= 0 else root),
            "Prev": reference(places[siblings[at - 1]]) if at else b"",
            "Next": reference(places[siblings[at + 1]]) if at + 1 < len(siblings) else b"",
            "First": reference(places[own[0]]) if own else b"",
            "Last": reference(places[own[-1]]) if own else b"",
            "Count": b"%d" % -len(own) if own else b"",
            "Dest": destinations.of(mark.anchor),
        }
        file.put(dictionary(entries), places[order])
    top = children[-1]
    entries = {
        "Type": b"/Outlines",
        "First": reference(places[top[0]]),
        "Last": reference(places[top[-1]]),
        "Count": b"%d" % len(top),
    }
    return file.put(dictionary(entries), root)
