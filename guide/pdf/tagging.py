"""The structure of a book as a tagged PDF holds it: its elements and the marked content that each of them says.

No byte of PDF here: ``pdf.structure`` writes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..composing.book import ARTIFACT, Book, Element, Link
from ..composing.typesetting import HOLDS_WORDS

# What stands between an element and what it may not hold itself (ISO 32000-1, tables 333 to 337).
BETWEEN = {"LI": "LBody", "TOCI": "Reference"}
MAY_HOLD = {"LI": {"Lbl", "LBody"}, "TOCI": {"Lbl", "Reference", "P", "TOC"}}
HOLDS_PARAGRAPHS = {"LI", "LBody", "TH", "TD", "Note"}
KEPT_WHEN_EMPTY = {"TH", "TD"}
ELEMENTS_A_TICK = 1000
"""A row keeps its cells."""


class Piece(NamedTuple):
    """Marked content: the page it stands on, from 0, its number there, and the place of its first operation.

    ``words`` replace what its letters say, when those do not say it. ``areas`` are the places of the annotations of its
    link.
    """

    page: int
    number: int
    place: int
    words: str = ""
    link: Link | None = None
    areas: tuple[int, ...] = ()


class Annotation(NamedTuple):
    """A link's active area, as a child of its element."""

    page: int
    number: int


@dataclass
class Node:
    """An element of the structure; ``kids`` are nodes, pieces and annotations in reading order."""

    kind: str
    kids: list = field(default_factory=list)
    alternative: str = ""
    words: str = ""
    title: str = ""
    scope: str = ""
    identity: str = ""
    headers: tuple[str, ...] = ()
    numbering: str = ""
    element: int = ARTIFACT


def tree(book: Book, pieces: dict[int, list[Piece]], tick: Callable[[], None] = lambda: None) -> Node:
    """Return the document, its elements in the order in which they were begun; ``pieces`` are those of each element.

    ``tick`` is called often.
    """
    nodes = [_node(element, place) for place, element in enumerate(book.elements)]
    children = defaultdict(list)
    for place, element in enumerate(book.elements):
        children[element.parent].append(place)
    begins = _beginnings(book, pieces)
    for place, node in enumerate(nodes):
        if place % ELEMENTS_A_TICK == 0:
            tick()
        inside = [child for child in children[place] if child in begins or nodes[child].kind in KEPT_WHEN_EMPTY]
        own = sorted(pieces.get(place, ()), key=lambda piece: (piece.page, piece.place))
        node.kids = list(_in_order(own, [(begins.get(child), nodes[child]) for child in inside], node))
    for place, node in enumerate(nodes):
        if place % ELEMENTS_A_TICK == 0:
            tick()
        _settle(node)
        if node.kind == "Table":
            _name_headers(node)
    return Node("Document", [nodes[place] for place in children[ARTIFACT] if place in begins])


def walk(node: Node) -> Iterable[Node]:
    """Return a node and all below it, in reading order."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(kid for kid in reversed(found.kids) if isinstance(kid, Node))


def _node(element: Element, place: int) -> Node:
    node = Node(element.kind, scope=element.scope, element=place)
    if element.kind == "Figure":
        node.alternative = element.alternative
    elif element.kind not in HOLDS_WORDS:
        node.title = element.alternative
    elif element.alternative:
        node.words = element.alternative
    if element.kind == "Note":
        node.identity = f"n{place}"
    return node


def _beginnings(book: Book, pieces: dict[int, list[Piece]]) -> dict[int, tuple[int, int]]:
    """Return where what stands in an element begins: page and operation. Those that hold nothing are not in it."""
    begins = {place: min((p.page, p.place) for p in own) for place, own in pieces.items() if own}
    for place in reversed(range(len(book.elements))):
        parent = book.elements[place].parent
        if place in begins and parent != ARTIFACT:
            begins[parent] = min(begins.get(parent, begins[place]), begins[place])
    return begins


def _in_order(own: list[Piece], children: list[tuple[tuple[int, int] | None, Node]], node: Node):
    """Yield what an element says itself, before, between and after its children, which keep their order."""
    if node.words and own:
        # Its alternative is said once, instead of all it holds itself.
        said = [(own[0].page, own[0].place, list(_spoken(own, node.words)))]
        node.words = ""
    else:
        said = [(group[0].page, group[0].place, list(_spoken(group))) for group in _by_link(own)]
        if len(said) + len(children) > 1:
            # An element that holds others holds no bare content beside them: readers tell it before or after them.
            said = [(*place, _apart(kids, node.kind)) for *place, kids in said]
    for begins, child in children:
        while begins and said and said[0][:2] < begins:
            yield from said.pop(0)[2]
        yield child
    for _, _, kids in said:
        yield from kids


def _apart(kids: list, kind: str) -> list:
    if kind in HOLDS_PARAGRAPHS:
        return [Node("P", kids)]
    return [kid if isinstance(kid, Node) else Node("Span", [kid]) for kid in kids]


def _by_link(own: list[Piece]) -> list[list[Piece]]:
    """Return pieces one by one, those of one link that follow each other together."""
    groups: list[list[Piece]] = []
    for piece in own:
        if groups and piece.link and groups[-1][-1].link == piece.link:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _spoken(group: list[Piece], words: str = ""):
    if words:
        kids: list = [Node("Span", list(group), words=words)]
    else:
        kids = [Node("Span", [piece], words=piece.words) if piece.words else piece for piece in group]
    areas = [Annotation(piece.page, number) for piece in group for number in piece.areas]
    if areas:
        yield Node("Link", [*kids, *areas])
    else:
        yield from kids


def _settle(node: Node) -> None:
    """Put between an element and its content what the standard wants there, and say how a list is numbered."""
    wrapper = BETWEEN.get(node.kind)
    if wrapper:
        kids: list = []
        for kid in node.kids:
            if isinstance(kid, Node) and kid.kind in MAY_HOLD[node.kind]:
                kids.append(kid)
            elif kids and kids[-1].kind == wrapper and kids[-1].element == ARTIFACT:
                kids[-1].kids.append(kid)
            else:
                kids.append(Node(wrapper, [kid]))
        node.kids = _one_body(kids) if node.kind == "LI" else kids
    elif node.kind == "L":
        items = [kid for kid in node.kids if isinstance(kid, Node) and kid.kind == "LI"]
        numbered = any(isinstance(kid, Node) and kid.kind == "Lbl" for item in items for kid in item.kids)
        node.numbering = "Decimal" if numbered else "None"


def _one_body(kids: list[Node]) -> list[Node]:
    bodies = [kid for kid in kids if kid.kind == "LBody"]
    if len(bodies) < 2:
        return kids
    body = next((kid for kid in bodies if kid.element != ARTIFACT), bodies[0])
    body.kids = [kid for one in bodies for kid in (one.kids if one.element == ARTIFACT or one is body else [one])]
    return [kid for kid in kids if kid.kind != "LBody" or kid is body]


def _name_headers(table: Node) -> None:
    """Give each header cell a name, and each other cell the names of the headers of its column and of its row."""
    of_column: dict[int, str] = {}
    for row in (kid for kid in table.kids if isinstance(kid, Node) and kid.kind == "TR"):
        cells = [kid for kid in row.kids if isinstance(kid, Node) and kid.kind in ("TH", "TD")]
        of_row = []
        for column, cell in enumerate(cells):
            if cell.kind != "TH":
                continue
            cell.identity = f"h{cell.element}"
            if cell.scope == "Row":
                of_row.append(cell.identity)
            else:
                cell.scope = "Column"
                of_column[column] = cell.identity
        for column, cell in enumerate(cells):
            if cell.kind == "TD":
                cell.headers = tuple(filter(None, (of_column.get(column, ""), *of_row)))
