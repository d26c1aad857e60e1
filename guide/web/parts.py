"""How the HTML edition is cut into pages: one a chapter, more where a chapter is too long for a telephone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from ..composing.book import Book
from .outline import Node, outline

# Words with their links and symbols: about 400 kB of HTML.
HEAVIEST = 6000
COVER = "couverture"
HOME = "index.html"
WRAPPERS = ("Sect", "Part", "Art", "Div", "Document")


@dataclass
class Part:
    """A page of the edition: its file, its title, the chapter it belongs to, what stands on it."""

    file: str
    title: str
    chapter: str
    nodes: list[Node] = field(default_factory=list)

    @property
    def first(self) -> str:
        """Return the words of its first heading or entry: what tells it from the other pages of its chapter."""
        inside = (node for root in self.nodes for node in root.within() if node.kind in ("H2", "LI") and node.words)
        found = next(inside, None)
        return found.words if found else self.title


@dataclass
class Edition:
    """The cover's elements, the parts in order, and where each anchor stands: (file, id)."""

    cover: list[Node]
    parts: list[Part]
    places: dict[str, tuple[str, str]]
    ids: dict[int, str]


def edition(book: Book) -> Edition:
    """Return the book cut into pages; the contents are left out, as each page has its own."""
    cover, chapters = [], []
    for node in _unwrapped(outline(book)):
        if _frame(book, node) == COVER:
            cover.append(node)
        elif node.kind == "H1" or not chapters:
            chapters.append([node])
        else:
            chapters[-1].append(node)
    ids: dict[int, str] = {}
    for anchor, place in book.anchored.items():
        if place not in ids:
            ids[place] = _free(slug(anchor), set(ids.values()))
    parts: list[Part] = []
    for nodes in chapters:
        if not any(node.kind == "TOC" for node in nodes):
            parts += _parts_of(nodes, ids, {part.file for part in parts})
    files = {node.place: part.file for part in parts for root in part.nodes for node in root.within()}
    places = {}
    for anchor, place in book.anchored.items():
        # What was never begun, and the contents, are the first page's.
        file = files.get(place, HOME)
        places[anchor] = (file, ids[place] if place in files else "")
    return Edition(cover, parts, places, ids)


def slug(words: str) -> str:
    """Return words as a name for a file or an id: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "partie"


def _unwrapped(nodes: list[Node]) -> list[Node]:
    found = []
    for node in nodes:
        found += _unwrapped(node.children) if node.kind in WRAPPERS and not node.runs else [node]
    return found


def _frame(book: Book, node: Node) -> str:
    first = next((index for one in node.within() for index, _ in one.drawn), None)
    return "" if first is None else book.pages[first].frame


def _parts_of(nodes: list[Node], ids: dict[int, str], taken: set[str]) -> list[Part]:
    head = nodes[0]
    title = head.words if head.kind == "H1" else "Guide"
    pieces = _pieces(nodes[1:] if head.kind == "H1" else nodes)
    name = ids.get(head.place) or slug(title)
    # The first page has that name already.
    name = "index-du-guide" if f"{name}.html" == HOME else name
    name = _free(name, {file.split(".")[0] for file in taken})
    found = []
    for order, piece in enumerate(pieces, 1):
        file = f"{name}.html" if order == 1 else f"{name}-{order}.html"
        whole = title if len(pieces) == 1 else f"{title} ({order} sur {len(pieces)})"
        # The heading keeps its place, so that links to it find the first page.
        h1 = replace(head, runs=[], children=[], drawn=[]) if head.kind == "H1" and order == 1 else None
        found.append(Part(file, whole, f"{name}.html", [h1, *piece] if h1 else piece))
    return found


def _free(name: str, taken: set[str]) -> str:
    free, count = name, 2
    while free in taken:
        free, count = f"{name}-bis{count}", count + 1
    return free


def _pieces(nodes: list[Node]) -> list[list[Node]]:
    """Cut a chapter before its H2s, and inside a long list or below a long H2 only where there is no other way."""
    pieces: list[list[Node]] = [[]]
    weight = 0
    for group in _groups(nodes):
        whole = sum(node.weight for node in group)
        if pieces[-1] and weight + whole > HEAVIEST and group[0].kind == "H2":
            pieces.append([])
            weight = 0
        above = group[0] if group[0].kind == "H2" else None
        for bit in (bit for node in group for bit in _bits(node)):
            if weight + bit.weight > HEAVIEST:
                headings = _last_headings(pieces[-1])
                if len(headings) < len(pieces[-1]):
                    # A heading goes with what it announces.
                    del pieces[-1][len(pieces[-1]) - len(headings) :]
                    pieces.append(headings)
                    weight = sum(heading.weight for heading in headings)
                    if above is not None and bit is not above and above not in headings:
                        pieces[-1].insert(0, _continued(above))
            pieces[-1].append(bit)
            weight += bit.weight
    return pieces


def _groups(nodes: list[Node]) -> list[list[Node]]:
    """Return each H2 with what follows it; what stands before the first one is a group of its own."""
    groups: list[list[Node]] = []
    for node in nodes:
        if node.kind == "H2" or not groups:
            groups.append([])
        groups[-1].append(node)
    return groups


def _last_headings(piece: list[Node]) -> list[Node]:
    found = []
    while len(found) < len(piece) and piece[-1 - len(found)].kind in ("H2", "H3"):
        found.insert(0, piece[-1 - len(found)])
    return found


def _continued(heading: Node) -> Node:
    again = replace(heading, place=-1, drawn=[], children=[])
    again.runs = [replace(run, link=None) for run in heading.runs]
    again.runs[-1] = replace(again.runs[-1], words=f"{again.runs[-1].words} (suite)")
    return again


def _bits(node: Node) -> list[Node]:
    """Return a list too long for one page as several; anything else as it is."""
    if node.kind != "L" or node.weight <= HEAVIEST:
        return [node]
    bits: list[Node] = []
    weight = 0
    for child in node.children:
        if not bits or weight + child.weight > HEAVIEST:
            bits.append(replace(node, children=[], place=node.place if not bits else -1))
            weight = 0
        bits[-1].children.append(child)
        weight += child.weight
    return bits
