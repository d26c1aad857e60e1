"""A table of territories by theme: initiatives and needs in each cell, their balance, and where nobody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..composing.book import Box, Link
from ..composing.typesetting import CAPTION, GREY, LIST, PAPER, RULE, SMALLEST, Composer
from ..facts.content import Actor, Content, Disclosed, Territory
from ..facts.words import number, plural

SHADES = ("#e3eef5", "#c3dceb", "#8fbfdb")
UNANSWERED = "#b30000"
LABEL_WIDTH, TOTAL_WIDTH = 47.0, 15.6
ROW_HEIGHTS = (5.4, 5.1, 4.8)
"""Of a row in millimetres: the first with which the rows take the fewest pages."""
TOTAL_HEIGHT, HEAD_HEIGHT = 9.4, 10.0
BETWEEN_GROUPS = 1.0
CONTINUED = 8.0
UPPER = 4.6
"""Of a tall cell, the part where the initiatives stand."""


class Row(NamedTuple):
    """A line of a matrix: how it is called, where its name leads, its place in the hierarchy, its cells."""

    name: str
    anchor: str
    kind: str
    cells: tuple[Cell, ...]


class Cell(NamedTuple):
    """Initiatives and needs of a territory for a theme; ``surveyed`` of its ``communes`` were surveyed."""

    offers: int
    need: Disclosed
    surveyed: int
    communes: int

    @property
    def unanswered(self) -> bool:
        """Return whether needs are published, and no initiative is known where somebody looked."""
        return self.offers == 0 and self.surveyed > 0 and self.need.state is Disclosure.SHOWN

    @property
    def unknown(self) -> bool:
        """Return whether nothing is known of the offer because nobody looked."""
        return self.offers == 0 and self.surveyed == 0

    @property
    def figure(self) -> str:
        """Return the initiatives as printed: a nought that is not certain carries a star."""
        return "0*" if self.offers == 0 and self.surveyed < self.communes else number(self.offers)

    @property
    def words(self) -> str:
        """Return the cell as one would say it."""
        offers = "non recensé" if self.unknown else plural(self.offers, "initiative")
        if self.offers == 0 and 0 < self.surveyed < self.communes:
            offers += ", recensement inachevé"
        return f"{offers} ; {need_in_words(self.need, nobody_asked=self.surveyed == 0)}"


def need_in_words(need: Disclosed, *, nobody_asked: bool = False) -> str:
    """Return a number of situations as one would say it; where nobody asked, none expressed means nothing."""
    if need.state is Disclosure.HIDDEN:
        return "besoins masqués"
    if need.state is Disclosure.NONE:
        return "besoins non recensés" if nobody_asked else "aucun besoin exprimé"
    return f"{plural(need.value, 'situation')} de besoin"


def grid(composer: Composer, y: float, rows: list[Row], *, continued: str, alternative: str) -> float:
    """Set rows as one table, over as many pages as they need, and return where it ends.

    ``continued`` is the title that is repeated with the head on each page, ``alternative`` the name of the table.
    """
    row_height = min(ROW_HEIGHTS, key=lambda height: (_pages(composer, rows, height, composer.bottom - y), -height))
    with composer.element("Table", alternative=alternative):
        top = y = _head(composer, y)
        for row in rows:
            y += BETWEEN_GROUPS if row.kind == "group" and y > top else 0.0
            height = TOTAL_HEIGHT if row.kind == "total" else row_height
            if y + height > composer.bottom:
                _column_rules(composer, top, y)
                top = y = _next_page(composer, continued)
            _row(composer, row, y, height)
            y += height
        _column_rules(composer, top, y)
    return y


def height(rows: list[Row]) -> float:
    """Return how high rows are on one page, with their head."""
    groups = sum(row.kind == "group" for row in rows)
    total = sum(TOTAL_HEIGHT if row.kind == "total" else ROW_HEIGHTS[0] for row in rows)
    return HEAD_HEIGHT + total + groups * BETWEEN_GROUPS


def _pages(composer: Composer, rows: list[Row], row_height: float, room: float) -> int:
    """Return how many pages rows take below a head, ``room`` being that of the first."""
    pages, left = 1, room - HEAD_HEIGHT
    for row in rows:
        height = TOTAL_HEIGHT if row.kind == "total" else row_height
        left -= height + (BETWEEN_GROUPS if row.kind == "group" else 0.0)
        if left < 0:
            pages, left = pages + 1, composer.bottom - composer.top - CONTINUED - HEAD_HEIGHT - height
    return pages


def row_of(content: Content, territory: Territory, kind: str) -> Row:
    """Return the line of a territory; ``kind`` is group, member of one, alone, or total."""
    members = set(territory.members)
    actors = [actor for actor in content.actors if actor.commune in members]
    return _row_of(content, territory, kind, territory.code, actors)


def total_row(content: Content) -> Row:
    """Return the line of the whole Département."""
    row = _row_of(content, content.outline, "total", "", content.actors)
    return row._replace(name=content.departement, anchor="")


def _row_of(content: Content, territory: Territory, kind: str, code: str, actors: list[Actor]) -> Row:
    offers = Counter(theme for actor in actors for theme in set(actor.themes))
    offers[""] = len(actors)
    survey = content.survey_state(territory)
    cells = tuple(Cell(offers[theme], content.need(code, theme), *survey) for theme in (*content.themes, ""))
    return Row(territory.name, f"territoire-{territory.code}", kind, cells)


def key(composer: Composer, y: float) -> float:
    """Set the key of a matrix above it, and return its height."""
    low = composer.content.threshold
    top = y
    y += composer.legend(
        y,
        [
            ("12", "initiatives"),
            ("0", "aucune : on a cherché"),
            ("0*", "aucune, recensement inachevé"),
            ("not_surveyed", "non recensé"),
            ("hidden", "besoins masqués"),
        ],
    )
    outline(composer, Box(composer.left + 0.2, y + 0.2, 6.6, 3.6))
    text = (
        "Cerné : besoins publiés, aucune initiative connue. En petit : les situations de besoin, masquées au-dessous "
        f"de {low} ou pour protéger d'autres."
    )
    y += composer.text(text, composer.left + 8.5, y, composer.width - 8.5, size=7.5) + 0.8
    text = (
        "Une initiative qui couvre plusieurs thèmes compte une fois dans chacun, et une seule fois dans « Tous » : "
        "les lignes ne s'additionnent pas."
    )
    return y + composer.text(text, composer.left, y, composer.width, size=CAPTION, colour=GREY) - top


def outline(composer: Composer, box: Box) -> None:
    """Draw the heavy frame round needs without an initiative."""
    x, y, right, bottom = box.x, box.y, box.right, box.bottom
    composer.polygon(((x, y), (right, y), (right, bottom), (x, bottom)), outline=UNANSWERED, width=0.5)


def _cells(composer: Composer) -> Iterable[tuple[float, float]]:
    """Return left edge and width of each cell of a row, the one of all themes the widest."""
    count = len(composer.content.themes)
    width = (composer.width - LABEL_WIDTH - TOTAL_WIDTH) / count
    for index in range(count):
        yield composer.left + LABEL_WIDTH + index * width, width
    yield composer.left + composer.width - TOTAL_WIDTH, TOTAL_WIDTH


def _head(composer: Composer, y: float, *, repeated: bool = False) -> float:
    """Set the symbols and names of the themes; when repeated, they say nothing new."""
    heads = [(row["code"], row["short"]) for row in code_list("themes_vie").rows] + [("", "Tous")]
    if repeated:
        for (code, short), (x, width) in zip(heads, _cells(composer)):
            _head_cell(composer, code, short, x, y, width, artifact=True)
    else:
        with composer.element("TR"):
            with composer.element("TH", scope="Column"):
                composer.text("Territoire", composer.left + 0.8, y + 5.2, LABEL_WIDTH - 2, size=SMALLEST)
            for (code, short), (x, width) in zip(heads, _cells(composer)):
                with composer.element("TH", scope="Column"):
                    _head_cell(composer, code, short, x, y, width)
    line = y + HEAD_HEIGHT - 0.25
    composer.rule(composer.left, line, composer.left + composer.width, line, "ink", 0.3)
    return y + HEAD_HEIGHT


def _head_cell(composer: Composer, code: str, short: str, x: float, y: float, width: float, **options) -> None:
    if code:
        composer.marker(f"theme:{code}", x + width / 2, y + 2.2, 4.0)
    style = {"size": SMALLEST, "bold": not code, "align": "centre", "most_lines": 1, **options}
    composer.text(short, x - 1, y + 5.2, width + 2, **style)


def _next_page(composer: Composer, title: str) -> float:
    composer.new_page(composer.page.section)
    style = {"size": 11, "bold": True, "colour": "accent", "artifact": True, "most_lines": 2}
    y = composer.top + composer.text(f"{title} (suite)", composer.left, composer.top - 1, composer.width, **style) + 3
    return _head(composer, y, repeated=True)


def _column_rules(composer: Composer, top: float, bottom: float) -> None:
    for x, _ in _cells(composer):
        composer.rule(x, top, x, bottom, RULE, 0.15)


def _row(composer: Composer, row: Row, y: float, height: float) -> None:
    strong = row.kind in ("group", "total")
    if strong:
        composer.rectangle(Box(composer.left, y, composer.width, height), PAPER)
    for cell, (x, width) in zip(row.cells, _cells(composer)):
        if cell.offers and row.kind != "total":
            composer.rectangle(Box(x, y, width, height), SHADES[min(3, (cell.offers + 1) // 2) - 1])
    composer.rule(composer.left, y + height, composer.left + composer.width, y + height, RULE, 0.15)
    indent = 3.6 if row.kind == "member" else 0.8
    room = LABEL_WIDTH - indent - 1.5
    size = composer.fitting_size(row.name, room, LIST if strong else 7.2, bold=strong)
    below = y + (height - composer.metrics.line_height(size, bold=strong)) / 2
    style = {"size": size, "bold": strong, "link": Link(row.anchor) if row.anchor else None, "most_lines": 1}
    with composer.element("TR"):
        with composer.element("TH", scope="Row"):
            composer.text(row.name, composer.left + indent, below, room, **style)
        for cell, (x, width) in zip(row.cells, _cells(composer)):
            with composer.element("TD", alternative=cell.words):
                _cell(composer, Box(x, y, width, height), cell, strong, row.kind == "total")


def _cell(composer: Composer, box: Box, cell: Cell, strong: bool, tall: bool) -> None:
    """Draw initiatives on the left of a cell, needs on its right; in a tall one, needs below."""
    size = LIST if strong else 7.2
    known = 0.0 if cell.unknown else composer.metrics.width(cell.figure, size, bold=strong)
    offers, needs = _parts(box, tall, known, alone=cell.need.state is Disclosure.NONE)
    if cell.unknown:
        hatched = Box(offers.x + 0.5, offers.y + 0.6, offers.w - 1, offers.h - 1.2)
        composer.rectangle(hatched, "not_surveyed", GREY)
    else:
        style = {"size": size, "bold": strong, "align": "centre", "colour": "ink" if cell.offers else GREY}
        _centred(composer, cell.figure, offers, **style)
    if cell.need.state is Disclosure.HIDDEN:
        composer.rectangle(Box(needs.x + (needs.w - 4) / 2, needs.y + needs.h / 2 - 1.4, 4, 2.8), "hidden", GREY)
    elif cell.need.state is Disclosure.SHOWN:
        _centred(composer, number(cell.need.value), needs, size=SMALLEST, align="centre")
    if cell.unanswered:
        outline(composer, Box(box.x + 0.4, box.y + 0.4, box.w - 0.8, box.h - 0.8))


def _centred(composer: Composer, words: str, box: Box, **style) -> None:
    top = box.y + (box.h - composer.metrics.line_height(style["size"], bold=style.get("bold", False))) / 2
    composer.text(words, box.x, top, box.w, most_lines=1, **style)


def _parts(box: Box, tall: bool, known: float, *, alone: bool) -> tuple[Box, Box]:
    """Return where initiatives and needs stand; where there is no need, the initiatives have the cell to themselves."""
    if tall:
        return box._replace(h=UPPER), Box(box.x, box.y + UPPER, box.w, box.h - UPPER)
    if alone:
        return box, box
    share = max(0.36 * box.w, known + 1.0)
    return box._replace(w=share), Box(box.x + share, box.y, box.w - share - 0.4, box.h)
