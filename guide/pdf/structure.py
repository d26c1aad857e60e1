"""Writes the structure of a book into a PDF: its elements, and for each page the way back from content to element."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .tagging import ELEMENTS_A_TICK, Annotation, Node, Piece, walk
from .writing import PdfFile, array, dictionary, name, number, reference, string

KEYS_TOGETHER = 200
Bounds = tuple[float, float, float, float]


class Owners:
    """Which structure element each piece of marked content, and each annotation, belongs to."""

    def __init__(self, pages: int):
        self.of_content: list[dict[int, int]] = [{} for _ in range(pages)]
        self.of_annotations: dict[int, int] = {}


def write_structure(
    file: PdfFile,
    document: Node,
    pages: Sequence[int],
    annotations: Sequence[int],
    boxes: dict[int, Bounds],
    tick: Callable[[], None] = lambda: None,
) -> int:
    """Write the tree and return its root. ``pages`` and ``annotations`` are numbers of objects, by their place.

    ``boxes`` gives what a figure covers on its page, in points, by the place of its element. ``tick`` is called often.
    """
    root = file.new()
    owners = Owners(len(pages))
    numbered = []
    for node in walk(document):
        if len(numbered) % ELEMENTS_A_TICK == 0:
            tick()
        numbered.append((node, file.new()))
    places = {id(node): place for node, place in numbered}
    parents = {id(kid): place for node, place in numbered for kid in node.kids if isinstance(kid, Node)}
    for order, (node, place) in enumerate(numbered):
        if order % ELEMENTS_A_TICK == 0:
            tick()
        file.put(_element(node, place, parents.get(id(node), root), places, pages, annotations, boxes, owners), place)
    named = sorted((node.identity, place) for node, place in numbered if node.identity)
    entries = {
        "Type": b"/StructTreeRoot",
        "K": array([reference(places[id(document)])]),
        "ParentTree": reference(_parent_tree(file, owners)),
        "ParentTreeNextKey": b"%d" % (len(pages) + len(annotations)),
        "IDTree": reference(_names(file, named)) if named else b"",
    }
    return file.put(dictionary(entries), root)


def _element(node: Node, place: int, parent: int, places, pages, annotations, boxes, owners: Owners) -> bytes:
    # The page of what it holds itself; a table is looked for on the page where it begins.
    held = (kid for one in (walk(node) if node.kind == "Table" else (node,)) for kid in one.kids)
    on = next((kid.page for kid in held if isinstance(kid, (Piece, Annotation))), -1)
    kids = []
    for kid in node.kids:
        if isinstance(kid, Node):
            kids.append(reference(places[id(kid)]))
        elif isinstance(kid, Annotation):
            owners.of_annotations[kid.number] = place
            kids.append(
                dictionary(
                    {
                        "Type": b"/OBJR",
                        "Obj": reference(annotations[kid.number]),
                        "Pg": reference(pages[kid.page]),
                    }
                )
            )
        else:
            owners.of_content[kid.page][kid.number] = place
            there = b"%d" % kid.number
            if kid.page != on:
                there = dictionary({"Type": b"/MCR", "Pg": reference(pages[kid.page]), "MCID": there})
            kids.append(there)
    return dictionary(
        {
            "Type": b"/StructElem",
            "S": name(node.kind),
            "P": reference(parent),
            "Pg": reference(pages[on]) if on >= 0 else b"",
            "K": array(kids) if kids else b"",
            "A": _attributes(node, boxes),
            "ID": string(node.identity) if node.identity else b"",
            "T": string(node.title) if node.title else b"",
            "Alt": string(node.alternative) if node.alternative else b"",
            "ActualText": string(node.words) if node.words else b"",
        }
    )


def _attributes(node: Node, boxes: dict[int, Bounds]) -> bytes:
    if node.kind == "Figure" and node.element in boxes:
        box = array(number(side) for side in boxes[node.element])
        return dictionary({"O": b"/Layout", "Placement": b"/Block", "BBox": box})
    if node.kind == "TH":
        return dictionary({"O": b"/Table", "Scope": name(node.scope or "Column")})
    if node.headers:
        return dictionary({"O": b"/Table", "Headers": array(map(string, node.headers))})
    if node.kind == "Table" and node.title:
        return dictionary({"O": b"/Table", "Summary": string(node.title)})
    if node.numbering:
        return dictionary({"O": b"/List", "ListNumbering": name(node.numbering)})
    return b""


def _parent_tree(file: PdfFile, owners: Owners) -> int:
    """Write the way back: pages have the keys from 0 on, then the annotations."""
    entries = []
    for key, owned in enumerate(owners.of_content):
        # Marked contents are numbered without a gap.
        row = file.put(array(reference(owned[piece]) for piece in range(len(owned))))
        entries.append((key, row))
    first = len(owners.of_content)
    entries += [(first + key, owner) for key, owner in sorted(owners.of_annotations.items())]
    leaves = []
    for start in range(0, len(entries), KEYS_TOGETHER):
        some = entries[start : start + KEYS_TOGETHER]
        pairs = [part for key, target in some for part in (b"%d" % key, reference(target))]
        limits = array([b"%d" % some[0][0], b"%d" % some[-1][0]])
        leaves.append(file.put(dictionary({"Limits": limits, "Nums": array(pairs)})))
    return file.put(dictionary({"Kids": array(map(reference, leaves))}))


def _names(file: PdfFile, named: list[tuple[str, int]]) -> int:
    leaves = []
    for start in range(0, len(named), KEYS_TOGETHER):
        some = named[start : start + KEYS_TOGETHER]
        pairs = [part for identity, target in some for part in (string(identity), reference(target))]
        limits = array([string(some[0][0]), string(some[-1][0])])
        leaves.append(file.put(dictionary({"Limits": limits, "Names": array(pairs)})))
    return file.put(dictionary({"Kids": array(map(reference, leaves))}))
