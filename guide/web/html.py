"""The HTML edition, from the same book as the PDF: a folder of pages that need nothing from elsewhere, nor a script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ..composing.book import Book, Link
from ..composing.settings import Colours
from ..facts.content import Content
from .contrast import pale, readable
from .edition_folder import unless_cancelled, write_folder
from .outline import Node, Run
from .parts import HOME, Edition, Part, edition, slug
from .tables import Table, table_name, tables, write_csv, write_ods

if TYPE_CHECKING:
    from ..drawing.draw import Look

STYLES = Path(__file__).resolve().parents[2] / "styles" / "guide"
SCHEMES = ("http", "https", "mailto")
TAGS = {"Caption": "p", "Note": "p", "Lbl": "span", "BlockQuote": "blockquote"}
INLINE = ("Span", "Link", "Lbl", "LBody", "Quote", "Code", "Reference")
CLASSES = {"Caption": "legende", "Note": "note", "Lbl": "rang"}
RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}
TABLES_FOLDER = "tableaux"
WORKBOOK = f"{TABLES_FOLDER}/tableaux.ods"


class Target(NamedTuple):
    """Where a link leads; ``outside`` is the web, or a mail program."""

    href: str
    outside: bool


class Drawn(NamedTuple):
    """A picture of the edition: its file, its size in the pixels of a page, what it shows in words."""

    file: str
    width: int
    height: int
    words: str


class Entry(NamedTuple):
    """A line of the contents, or a file to take away."""

    title: str
    href: str
    file: str = ""
    below: tuple = ()
    size: str = ""


class Shape(NamedTuple):
    """A table's name, the rows of its head and of its body, and the file that holds it."""

    name: str
    head: list[Node]
    body: list[Node]
    file: str


class Pages:
    """Makes the pages of a book; ``pictures`` gives for the place of a figure its picture, None for none."""

    def __init__(self, book: Book, content: Content, colours: Colours, pictures: Callable[[Node], Drawn | None]):
        self.book = book
        self.edition: Edition = edition(book)
        self.tables: list[Table] = tables(book, content)
        self.symbols: set[str] = set()
        self._content = content
        self._colours = colours
        self._pictures = pictures
        self._titles = {table.place: table.title for table in self.tables}
        self._files = {table.place: f"{TABLES_FOLDER}/{table.file}" for table in self.tables if table.place >= 0}
        self._captions: dict[int, Node] = {}
        self._template = self._environment().from_string((STYLES / "edition.html").read_text(encoding="utf-8"))

    def figures(self) -> Iterator[Node]:
        """Yield every figure of the edition, in order."""
        for root in (*self.edition.cover, *(node for part in self.edition.parts for node in part.nodes)):
            yield from (node for node in root.within() if node.kind == "Figure")

    def style(self) -> str:
        """Return the style sheet, with colours that can be read whatever the settings say."""
        colours = self._colours
        paper = pale(colours.paper)
        grounds = ("#ffffff", paper)
        names = {name: readable(getattr(colours, name), grounds) for name in ("accent", "ink", "grey")}
        named = {**names, "paper": paper, "rule": pale(colours.rule) if colours.rule == colours.ink else colours.rule}
        variables = "; ".join(f"--{name}: {value}" for name, value in named.items())
        return f":root {{ {variables} }}\n{(STYLES / 'edition.css').read_text(encoding='utf-8')}"

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of every page."""
        site = self._site()
        home = {"title": site["title"], "home": True, "file": HOME, "nodes": self._cover()}
        yield HOME, self._template.render(site=site, page=home)
        parts = self.edition.parts
        for index, part in enumerate(parts):
            page = {
                "title": part.title,
                "file": part.file,
                "chapter": self._chapter(part),
                "nodes": part.nodes,
                "id": next((self._id(node) for node in part.nodes if node.kind == "H1"), ""),
                "before": self._neighbour(parts[index - 1]) if index else Entry("Sommaire", HOME),
                "after": self._neighbour(parts[index + 1]) if index + 1 < len(parts) else None,
            }
            yield part.file, self._template.render(site=site, page=page)

    def _cover(self) -> list[Node]:
        """Return what the cover says besides the title of the page."""
        title = self.book.title.casefold()
        return [node for node in self.edition.cover if not node.words or node.words.casefold() not in title]

    def _chapter(self, part: Part) -> str:
        """Return the file of the chapter of the contents that a part belongs to."""
        first = next((node.place for node in part.nodes if node.place >= 0), 0)
        found = part.chapter
        for mark in self.book.bookmarks:
            if mark.level == 1 and self.book.anchored.get(mark.anchor, 0) <= first:
                found = self.edition.places.get(mark.anchor, (found, ""))[0]
        return found

    @staticmethod
    def _neighbour(part: Part) -> Entry:
        return Entry(part.title, part.file)

    def _site(self) -> dict:
        content = self._content
        return {
            "title": self.book.title,
            "place": content.departement,
            "edition": content.edition,
            "printed_on": f"{content.printed_on:%d/%m/%Y}",
            "contents": self._contents(),
            "workbook": WORKBOOK,
            "downloads": [
                Entry(table.title, f"{TABLES_FOLDER}/{table.file}", size=f"{len(table.rows)} lignes")
                for table in self.tables
            ],
        }

    def _contents(self) -> list[Entry]:
        found: list[Entry] = []
        for mark in self.book.bookmarks:
            file, place = self.edition.places.get(mark.anchor, (HOME, ""))
            if file == HOME:
                continue
            entry = Entry(mark.title, f"{file}#{place}" if mark.level > 1 else file, file)
            if mark.level == 1 or not found:
                found.append(entry)
            elif mark.level == 2:
                found[-1] = found[-1]._replace(below=(*found[-1].below, entry))
        return [entry if entry.below else entry._replace(below=self._pages_of(entry.file)) for entry in found]

    def _pages_of(self, file: str) -> tuple[Entry, ...]:
        """Return the pages of a chapter that takes several and has no contents of its own."""
        own = [part for part in self.edition.parts if part.chapter == file]
        return tuple(Entry(f"à partir de {part.first}", part.file) for part in own) if len(own) > 1 else ()

    def _environment(self):
        from jinja2 import Environment

        environment = Environment(autoescape=True)
        environment.filters |= {
            "symbol_file": self._symbol_file,
            "target": self._target,
            "isolated": isolated,
            "printed_runs": printed_runs,
            "is_plain": _is_plain,
            "has_symbols": lambda node: any(run.symbols for one in node.within() for run in one.runs),
            "id": self._id,
            "picture": self._pictures,
            "caption": lambda node: next((child for child in node.children if child.kind == "Caption"), None),
            "table_shape": self._shape,
            "cell_tag": lambda cell: "th" if cell.kind == "TH" and cell.said else "td",
            "tag": _tag,
            "css": lambda node: CLASSES.get(node.kind, ""),
        }
        return environment

    def _symbol_file(self, symbol: str) -> str:
        self.symbols.add(symbol)
        return symbol_file(symbol)

    def _id(self, node: Node) -> str:
        return self.edition.ids.get(node.place, "")

    def _target(self, link: Link | None) -> Target | None:
        if link is None:
            return None
        if link.uri:
            return Target(link.uri, True) if is_safe(link.uri) else None
        file, place = self.edition.places.get(link.anchor, ("", ""))
        return Target(f"{file}#{place}" if place else file, False) if file else None

    def _shape(self, node: Node) -> Shape:
        rows = [one for one in node.within() if one.kind == "TR"]
        head = []
        for row in rows:
            if any(cell.kind != "TH" or cell.scope == "Row" for cell in row.children if cell.said):
                break
            head.append(row)
        name = table_name(node, self._titles.get(node.place, "Tableau"))
        return Shape(name, head, rows[len(head) :], self._files.get(node.place, ""))


def printed_runs(node: Node) -> list[Run]:
    """Return an element's words, without page numbers that stand beside a link to the same place."""
    linked = {run.link.anchor for run in node.runs if run.link and not run.page}
    return [run for run in node.runs if not (run.page and run.link.anchor in linked)]


def symbol_file(symbol: str) -> str:
    """Return the file of a symbol."""
    return f"symboles/{slug(symbol)}.png"


def isolated(words: str):
    """Return words escaped, in an isolate of their own when they hold letters written from right to left."""
    from markupsafe import Markup, escape

    if any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in words):
        return Markup("<bdi>{}</bdi>").format(words)
    return escape(words)


def is_safe(uri: str) -> bool:
    """Say whether a link may be followed: the web or a mail, never a script nor data."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.netloc or parts.scheme == "mailto")


def _is_plain(node: Node) -> bool:
    return not node.children and not any(run.link for run in node.runs)


def _tag(node: Node) -> str:
    if node.kind in ("H2", "H3"):
        return node.kind.lower()
    if node.kind in INLINE and not node.children:
        return TAGS.get(node.kind, "span")
    return "div" if node.children else TAGS.get(node.kind, "p")


def write_html(book: Book, content: Content, look: Look, folder: Path, progress: Callable[[int], bool]) -> None:
    """Write the edition to a folder: pages, pictures, symbols, tables; whole or not at all.

    ``progress`` takes the figures done and answers whether to go on. Raises CancelledError, and TisserandError when the
    folder holds other files or cannot be written.
    """
    write_folder(folder, lambda draft: _fill(book, content, look, draft, progress))


def _fill(book: Book, content: Content, look: Look, draft: Path, progress: Callable[[int], bool]) -> None:
    from .pictures import Figures, symbol

    for name in ("images", "symboles", TABLES_FOLDER):
        (draft / name).mkdir()
    figures = Figures(book, look, draft)
    # Pages and their template hold each other until Python looks for such rings: map layers among what they hold would
    # outlive QGIS, and QGIS 3.40 dies of that when it exits.
    drawn = figures.drawn
    pages = Pages(book, content, look.colours, lambda node: drawn.get(node.place))
    for node in unless_cancelled(pages.figures(), progress):
        figures.draw(node)
    for name, text in pages.files():
        (draft / name).write_text(text, encoding="utf-8")
    (draft / "edition.css").write_text(pages.style(), encoding="utf-8")
    for name in sorted(pages.symbols):
        (draft / symbol_file(name)).write_bytes(symbol(name))
    for table in pages.tables:
        write_csv(table, draft / TABLES_FOLDER / table.file)
    if pages.tables:
        write_ods(pages.tables, draft / WORKBOOK)
