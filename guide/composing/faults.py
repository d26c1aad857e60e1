"""What would look wrong in print, or be lost on who does not see it, found before anything is drawn."""

from __future__ import annotations

from collections import defaultdict

from .book import (
    ARTIFACT,
    Book,
    Box,
    MapFrame,
    Marker,
    Page,
    Picture,
    Polygon,
    Text,
)

HEADINGS = ("H1", "H2", "H3")
PARENTS = {
    "LI": ("L",),
    "TR": ("Table",),
    "TH": ("TR",),
    "TD": ("TR",),
    "TOCI": ("TOC",),
    "Lbl": ("LI",),
    "LBody": ("LI",),
}
SLACK = 0.01


def faults(book: Book) -> list[str]:
    """Return a sentence for each fault; an empty list means the book can be drawn."""
    known = book.page_numbers()
    found = []
    for number, page in enumerate(book.pages, 1):
        found += [f"page {number}: {fault}" for fault in _faults_of_page(book, page, known)]
    for bookmark in book.bookmarks:
        if bookmark.anchor not in known:
            found.append(f"bookmark to nowhere: {bookmark.title!r}")
    return found + list(_faults_of_structure(book))


def _faults_of_page(book: Book, page: Page, known: dict[str, int]):
    if not page.operations:
        yield "is empty"
    texts = [operation for operation in page.operations if isinstance(operation, Text)]
    for text in texts:
        for fault in _faults_of_text(text, page, known):
            yield f"{fault}: {text.lines[0]!r}"
    for operation in page.operations:
        box = _box(operation)
        if box is not None and not isinstance(operation, Text) and not _inside(box, page):
            yield f"{type(operation).__name__} outside the page: {tuple(round(side, 1) for side in box)}"
        if isinstance(operation, MapFrame) and not _has_ground(operation):
            yield f"an empty frame: {operation.subject}"
        if isinstance(operation, Picture) and not operation.source:
            yield "an empty frame: a picture without a source"
    yield from _overlaps(texts)
    yield from _covered(page, texts)
    yield from _widowed(book, page, texts)


def _box(operation) -> Box | None:
    if isinstance(operation, Polygon):
        xs, ys = [x for x, _ in operation.points], [y for _, y in operation.points]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    if isinstance(operation, Marker):
        half = operation.size / 2
        return Box(operation.x - half, operation.y - half, operation.size, operation.size)
    return getattr(operation, "box", None)


def _inside(box: Box, page: Page) -> bool:
    return (
        box.x >= -SLACK
        and box.y >= -SLACK
        and box.right <= page.width + SLACK
        and box.bottom <= page.height + SLACK
        and box.w >= 0
        and box.h >= 0
    )


def _has_ground(frame: MapFrame) -> bool:
    west, south, east, north = frame.extent
    return east > west and north > south and frame.box.w > 0 and frame.box.h > 0


def _faults_of_text(text: Text, page: Page, anchors: dict[str, int]):
    if not _inside(text.box, page):
        yield "text outside the page"
    if text.width > text.box.w + 0.05:
        yield f"text {text.width - text.box.w:.1f} mm too wide"
    if text.link and text.link.anchor and text.link.anchor not in anchors:
        yield f"link to nowhere ({text.link.anchor})"


def _ink(text: Text) -> Box:
    """Return the box that the letters themselves fill, a little less than the line height."""
    x = {"left": text.box.x, "centre": text.box.x + (text.box.w - text.width) / 2, "right": text.box.right - text.width}
    trim = 0.15 * text.box.h / len(text.lines)
    return Box(x[text.align], text.box.y + trim, text.width, text.box.h - 2 * trim)


def _overlaps(texts: list[Text]):
    boxes = sorted(((_ink(text), text) for text in texts), key=lambda pair: pair[0].y)
    for index, (first, upper) in enumerate(boxes):
        for second, lower in boxes[index + 1 :]:
            if second.y > first.bottom - 0.3:
                break
            if min(first.right, second.right) - max(first.x, second.x) > 0.3:
                yield f"{upper.lines[0]!r} and {lower.lines[0]!r} overlap"


def _meet(first: Box, second: Box, by: float = 0.5) -> bool:
    return (
        min(first.right, second.right) - max(first.x, second.x) > by
        and min(first.bottom, second.bottom) - max(first.y, second.y) > by
    )


def _covered(page: Page, texts: list[Text]):
    """Name texts and frames that lie on a map or a picture; a map without a frame is a background."""
    frames = [
        operation
        for operation in page.operations
        if isinstance(operation, Picture)
        or (isinstance(operation, MapFrame) and operation.frame and not operation.over)
    ]
    for index, frame in enumerate(frames):
        for text in texts:
            if text.element != ARTIFACT and _meet(_ink(text), frame.box):
                yield f"{text.lines[0]!r} lies on a {type(frame).__name__}"
        for other in frames[index + 1 :]:
            if _meet(frame.box, other.box):
                yield f"a {type(other).__name__} lies on a {type(frame).__name__}"


def _widowed(book: Book, page: Page, texts: list[Text]):
    """Name headings below which nothing follows in their column: what they announce stands on another page."""
    content = [operation for operation in page.operations if getattr(operation, "element", ARTIFACT) != ARTIFACT]
    headings = defaultdict(list)
    for text in texts:
        if text.element != ARTIFACT and book.elements[text.element].kind in HEADINGS:
            headings[text.element].append(text)
    for element, parts in headings.items():
        # A heading may have its page number in a column of its own.
        left, right = min(part.box.x for part in parts), max(part.box.right for part in parts)
        bottom = max(part.box.bottom for part in parts)
        below = (
            box
            for operation in content
            if operation.element != element and (box := _box(operation)) is not None
            if box.y >= bottom - 2 and min(box.right, right) > max(box.x, left)
        )
        if not any(True for _ in below):
            yield f"widowed heading: {parts[0].lines[0]!r}"


def _faults_of_structure(book: Book):
    used = defaultdict(int)
    for page in book.pages:
        for operation in page.operations:
            used[getattr(operation, "element", ARTIFACT)] += 1
            if isinstance(operation, (MapFrame, Picture)) and operation.element == ARTIFACT:
                yield f"a {type(operation).__name__} that belongs to nothing"
    holds_something = _with_ancestors(book, [element for element in used if element != ARTIFACT])
    level = 0
    for place, element in enumerate(book.elements):
        parent = book.elements[element.parent].kind if element.parent != ARTIFACT else ""
        wanted = PARENTS.get(element.kind)
        if wanted and parent not in wanted:
            yield f"{element.kind} in {parent or 'the document'}"
        if element.kind in HEADINGS:
            if int(element.kind[1]) > level + 1:
                yield f"{element.kind} after H{level}"
            level = int(element.kind[1])
        if element.kind == "Figure" and not element.alternative:
            yield "a figure without an alternative text"
        if place not in holds_something:
            yield f"an empty {element.kind}"
    yield from _uneven_tables(book)


def _with_ancestors(book: Book, places) -> set[int]:
    found = set()
    for place in places:
        while place != ARTIFACT and place not in found:
            found.add(place)
            place = book.elements[place].parent
    return found


def _uneven_tables(book: Book):
    cells, rows = defaultdict(int), defaultdict(list)
    for place, element in enumerate(book.elements):
        if element.kind in ("TH", "TD"):
            cells[element.parent] += 1
        elif element.kind == "TR":
            rows[element.parent].append(place)
    for table, its_rows in rows.items():
        counts = {cells[row] for row in its_rows}
        if len(counts) > 1:
            yield f"a table whose rows have {sorted(counts)} cells: {book.elements[table].alternative!r}"
