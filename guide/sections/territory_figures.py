"""What a territory's sheet says in figures: tiles, the table by theme, where nobody has looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...layers.classes import GAP_LABELS
from ...layers.confidentiality import Disclosure
from ..composing.book import Box
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, Composer
from ..facts.content import Actor, Content, Disclosed, Territory, Unmet
from ..facts.words import number, plural
from .gaps import CAUSES, share_in_words
from .grid import Cell, outline

TILE_HEIGHT, TILE_STEP = 14.5, 16.5
HEAD, ROW = 6.2, 5.0
BAR = 2.4
AROUND = 11.5
"""Millimetres between map, title, table, notes and what follows."""
OFFER_BAR, NEED_BAR = "#8fbfdb", "#b5b9c0"


def tiles(composer: Composer, territory: Territory, actors: list[Actor], x: float, y: float, width: float) -> None:
    """Set the territory's four key figures one below the other."""
    content = composer.content
    surveyed, total = content.survey_state(territory)
    need = content.need(territory.code)
    situations = {
        Disclosure.SHOWN: (number(need.value), "situations de besoin"),
        Disclosure.HIDDEN: ("masqué", "nombre de situations de besoin"),
        Disclosure.NONE: ("–", "aucun besoin exprimé" if surveyed else "besoins non recensés"),
    }[need.state]
    population = "–" if territory.population is None else number(territory.population)
    known = (number(len(actors)), "initiative ou service" if len(actors) == 1 else "initiatives et services")
    survey = (f"{surveyed} / {total}", "communes recensées")
    if total == 1:
        dates = [c.surveyed_on for c in content.communes if c.code in territory.members]
        survey = (f"{dates[0]:%d/%m/%Y}", "date du recensement") if surveyed else ("–", "commune non recensée")
    figures = (
        (population, "habitants" if territory.population is not None else "population non renseignée"),
        known if actors or surveyed else ("–", "initiatives non recensées"),
        survey,
        situations,
    )
    with composer.element("L"):
        for figure, words in figures:
            composer.rectangle(Box(x, y, width, TILE_HEIGHT), PAPER)
            with composer.element("LI"):
                composer.text(figure, x + 3, y + 0.6, width - 6, size=15, bold=True, colour=ACCENT, most_lines=1)
                composer.text(words, x + 3, y + 8.4, width - 6, size=LIST, most_lines=1)
            y += TILE_STEP


def message(content: Content, territory: Territory, actors: list[Actor]) -> str:
    """Return what a reader should keep of the table by theme, as a title."""
    surveyed, _ = content.survey_state(territory)
    if surveyed == 0:
        return "Personne n'a encore recensé ce territoire"
    offered = {theme for actor in actors for theme in actor.themes}
    needs = {theme: content.need(territory.code, theme) for theme in content.themes}
    shown = [theme for theme, need in needs.items() if need.state is Disclosure.SHOWN]
    alone = [theme for theme in shown if theme not in offered]
    if alone:
        words = [content.themes[theme] for theme in alone]
        listed = ", ".join(words[:2]) + (f" et {plural(len(words) - 2, 'autre thème')}" if len(words) > 2 else "")
        return f"Des besoins sans initiative connue : {listed}"
    unmet = {theme: content.unmet(territory.code, theme) for theme in shown}
    worst = max((u.gap_class for u in unmet.values() if u.state is Disclosure.SHOWN), default=-1)
    if worst > 0:
        theme = max(
            (t for t, u in unmet.items() if u.state is Disclosure.SHOWN and u.gap_class == worst),
            key=lambda t: needs[t].value,
        )
        return f"{content.themes[theme]} : {share_in_words(content, territory.code, theme)} des besoins sans réponse"
    if not actors:
        return "Aucune initiative connue"
    return "Offre et besoins par thème"


def theme_table(composer: Composer, territory: Territory, actors: list[Actor], y: float) -> float:
    """Set the table of offers, needs and answers by theme, and return where it ends."""
    content = composer.content
    survey = content.survey_state(territory)
    offers = Counter(theme for actor in actors for theme in set(actor.themes))
    rows = [
        (theme, label, Cell(offers[theme], content.need(territory.code, theme), *survey))
        for theme, label in content.themes.items()
    ]
    total = ("", "Tous les thèmes", Cell(len(actors), content.need(territory.code), *survey))
    most = max((cell.offers for _, _, cell in rows), default=0)
    values = [cell.need.value for _, _, cell in rows if cell.need.state is Disclosure.SHOWN]
    scales = (float(most or 1), max(values, default=1.0))
    columns = _columns(composer)
    with composer.element("Table", alternative=f"Offre et besoins par thème : {territory.name}"):
        y = _head(composer, columns, y)
        for theme, label, cell in (*rows, total):
            _row(composer, columns, theme, label, cell, territory, scales, y)
            y += ROW
    return y + _notes(composer, [cell for _, _, cell in rows], y + 0.8) + 0.8


def _columns(composer: Composer) -> list[tuple[str, float, float]]:
    """Return title, left edge and width of each column."""
    gaps = composer.content.has_gaps
    widths = (54, 29, 37, 60) if gaps else (70, 50, 60)
    titles = ("Thème", "Initiatives", "Situations de besoin", "Besoins sans réponse accessible")
    columns, x = [], 0.0
    for title, width in zip(titles, widths):
        share = width / 180 * composer.width
        columns.append((title, composer.left + x, share))
        x += share
    return columns


def _head(composer: Composer, columns: list, y: float) -> float:
    with composer.element("TR"):
        for title, x, width in columns:
            with composer.element("TH", scope="Column"):
                composer.text(title, x + 0.5, y + 1, width - 2, size=7.5, bold=True, colour=GREY, most_lines=1)
    composer.rule(composer.left, y + HEAD - 0.4, composer.left + composer.width, y + HEAD - 0.4, "ink", 0.3)
    return y + HEAD


def _row(
    composer: Composer,
    columns: list,
    theme: str,
    label: str,
    cell: Cell,
    territory: Territory,
    scales: tuple[float, float],
    y: float,
) -> None:
    (_, x, width), offers, needs, *gaps = columns
    if theme:
        composer.rule(composer.left, y + ROW, composer.left + composer.width, y + ROW, width=0.1)
    else:
        composer.rectangle(Box(composer.left, y, composer.width, ROW), PAPER)
    with composer.element("TR"):
        with composer.element("TH", scope="Row"):
            if theme:
                composer.marker(f"theme:{theme}", x + 2, y + 2.5, 2.8)
            composer.text(label, x + 5, y + 0.7, width - 6, size=LIST, bold=not theme, most_lines=1)
        with composer.element("TD"):
            _offers(composer, cell, offers[1], y, offers[2], scales[0] if theme else 0.0, bold=not theme)
        with composer.element("TD"):
            _needs(composer, cell.need, cell.surveyed, needs[1], y, needs[2], scales[1] if theme else 0.0, not theme)
        for _, at, room in gaps:
            with composer.element("TD"):
                _answers(composer, composer.content.unmet(territory.code, theme), cell, at, y, room)
    if theme and cell.unanswered:
        outline(composer, Box(offers[1] - 0.3, y + 0.35, needs[1] + needs[2] - offers[1] - 0.6, ROW - 0.5))


def _offers(composer: Composer, cell: Cell, x: float, y: float, width: float, scale: float, *, bold: bool) -> None:
    if cell.unknown:
        composer.rectangle(Box(x + 3, y + 1.1, 6, 3), "not_surveyed", GREY)
        composer.text("non recensé", x + 11, y + 0.9, width - 12, size=CAPTION, colour=GREY, most_lines=1)
        return
    composer.text(cell.figure, x, y + 0.7, 9, size=LIST, bold=True, align="right")
    _bar(composer, cell.offers, scale, x + 11, y, width - 14, OFFER_BAR)


def _needs(
    composer: Composer, need: Disclosed, surveyed: int, x: float, y: float, width: float, scale: float, bold: bool
) -> None:
    if need.state is Disclosure.SHOWN:
        composer.text(number(need.value), x, y + 0.7, 10, size=LIST, bold=bold, align="right")
        _bar(composer, need.value, scale, x + 12, y, width - 15, NEED_BAR)
        return
    if need.state is Disclosure.HIDDEN:
        composer.rectangle(Box(x + 4, y + 1.1, 6, 3), "hidden", GREY)
        composer.text("masqué", x + 12, y + 0.9, width - 13, size=CAPTION, colour=GREY, most_lines=1)
        return
    words = "aucun besoin exprimé" if surveyed else "non recensé"
    composer.text(words, x + 4, y + 0.9, width - 5, size=CAPTION, colour=GREY, most_lines=1)


def _bar(composer: Composer, value: float, scale: float, x: float, y: float, width: float, fill: str) -> None:
    if value > 0 and scale:
        composer.rectangle(Box(x, y + (ROW - BAR) / 2, max(0.4, width * min(1.0, value / scale)), BAR), fill)


def _answers(composer: Composer, unmet: Unmet, cell: Cell, x: float, y: float, width: float) -> None:
    if unmet.state is Disclosure.SHOWN:
        composer.rectangle(Box(x + 0.5, y + 1.1, 6, 3), f"gap:{unmet.gap_class}", GREY)
        words = share_of(unmet)
    elif unmet.state is Disclosure.HIDDEN:
        composer.rectangle(Box(x + 0.5, y + 1.1, 6, 3), "hidden", GREY)
        words = "masqué"
    else:
        words = "–"
    composer.text(words, x + 8.5, y + 0.9, width - 9, size=CAPTION, most_lines=1)


def share_of(unmet: Unmet) -> str:
    """Return the class of an unmet share that may be printed, with its first cause."""
    cause = CAUSES.get(unmet.cause, unmet.cause)
    return GAP_LABELS[unmet.gap_class] + (f", {cause}" if cause else "")


def _notes(composer: Composer, cells: list[Cell], y: float) -> float:
    notes = []
    if any(cell.figure == "0*" for cell in cells):
        notes.append("0* : aucune trouvée, recensement inachevé.")
    if any(cell.need.state is Disclosure.HIDDEN for cell in cells):
        notes.append(f"Masqué : des besoins, dont le nombre n'est pas publié (seuil : {composer.content.threshold}).")
    if any(cell.unanswered for cell in cells):
        notes.append("Cerné : des besoins publiés, aucune initiative connue.")
    notes.append("Une initiative compte une fois dans chacun de ses thèmes.")
    return composer.text(" ".join(notes), composer.left, y, composer.width, size=CAPTION, colour=GREY)


def unseen(composer: Composer, territory: Territory, y: float) -> float:
    """Name the communes where nobody has looked, then those where no initiative was found; return the height taken."""
    top = y
    for look, text in _unseen(composer.content, territory):
        composer.rectangle(Box(composer.left + 0.5, y + 0.3, 6, 3.2), look, GREY)
        y += composer.text(text, composer.left + 8.5, y, composer.width - 8.5, size=LIST, most_lines=4) + 1.2
    return y - top


def _unseen(content: Content, territory: Territory) -> Iterator[tuple[str, str]]:
    """Yield a look and a sentence for the communes where nobody looked, and for those where nothing was found."""
    members = set(territory.members)
    inside = [commune for commune in content.communes if commune.code in members]
    if len(inside) < 2:
        return
    peopled = {actor.commune for actor in content.actors}
    missing = [commune.name for commune in inside if commune.surveyed_on is None]
    empty = [c.name for c in inside if c.surveyed_on is not None and c.code not in peopled]
    if missing:
        yield "not_surveyed", f"À recenser ({len(missing)}) : {', '.join(missing)}"
    if empty:
        yield "white", f"Recensées, sans initiative connue ({len(empty)}) : {', '.join(empty)}"


def table_height(composer: Composer, territory: Territory, actors: list[Actor]) -> float:
    """Return the most that title, table and what is unseen take below the map."""
    content = composer.content
    title = composer.height(message(content, territory, actors), composer.width, size=12, bold=True)
    notes = 2 * composer.metrics.line_height(CAPTION)
    line = composer.metrics.line_height(LIST)
    names = sum(
        min(4, len(composer.lines(text, composer.width - 8.5, size=LIST))) * line + 1.2
        for _, text in _unseen(content, territory)
    )
    return title + HEAD + ROW * (len(content.themes) + 1) + notes + names + AROUND
