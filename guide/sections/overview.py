"""The whole Département at a glance: key figures, then the map of all initiatives."""

from __future__ import annotations

from collections import Counter
from datetime import date

from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..composing.book import Box, Link
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, RULE, Composer
from ..facts.content import Content
from ..facts.words import listed, number, plural
from ..maps.insets import Drawn, below, counted, dense_map, disc, fitting_symbols, overfull
from ..maps.legends import Key, legend, symbol_keys
from .rows import Cell, Column, table

ANCHOR = "synthese"
AGES = ("vue depuis moins d'un an", "vue il y a un à deux ans", "vue il y a plus de deux ans", "jamais rencontrée")
SHADES = (ACCENT, "#6fa3c0", "#b9cfdc", "#ffffff")
STATUSES = ("valide", "visite", "contacte", "repere")
BAR = 3.6
MOST_TOWN_HALLS = 60
DISC_PARTS = (49, 14, 7)
"""What parts of the largest number the key shows: discs that have room in a line."""


def key_figures(composer: Composer) -> None:
    """Compose the figures of the Département, its territories in a table, and the map of all initiatives."""
    content = composer.content
    composer.new_page("Le Département en un coup d'œil")
    composer.bookmark(1, "Le Département en un coup d'œil", ANCHOR)
    communes = {actor.commune for actor in content.actors}
    surveyed, total = content.survey_state(content.outline)
    found = f"{plural(len(content.actors), 'initiative')} dans {plural(len(communes), 'commune')} sur {number(total)}"
    y = composer.heading(
        found if content.actors else "Aucune initiative connue",
        f"{plural(surveyed, 'commune recensée', 'communes recensées')}, {number(total - surveyed)} à recenser",
    )
    y += _tiles(composer, y) + 7
    if content.actors:
        y = _charts(composer, y) + 6
    y += composer.subheading("Les territoires du guide", composer.left, y, composer.width)
    y = _territories(composer, y)
    composer.text(_note(content), composer.left, y + 2, composer.width, size=CAPTION, colour=GREY)
    if content.actors:
        _map(composer)


def _tiles(composer: Composer, y: float) -> float:
    content = composer.content
    surveyed, total = content.survey_state(content.outline)
    need = content.need("")
    tiles = [
        (number(content.outline.population or 0), "habitants"),
        (number(len(content.actors)), "initiatives et services"),
        (f"{number(surveyed)} / {number(total)}", "communes recensées"),
        (number(need.value), "situations de besoin exprimées")
        if need.state is Disclosure.SHOWN
        else (number(len(content.town_halls)), "mairies"),
    ]
    return figure_tiles(composer, tuple(tile for tile in tiles if tile[0] != "0" or tile[1] != "habitants"), y)


def figure_tiles(composer: Composer, tiles: tuple[tuple[str, str], ...], y: float) -> float:
    """Set big figures with their words side by side, as a list, and return the height taken."""
    gap, height = 4.0, 19.0
    width = (composer.width - gap * (len(tiles) - 1)) / len(tiles)
    with composer.element("L"):
        for index, (figure, words) in enumerate(tiles):
            x = composer.left + index * (width + gap)
            composer.rectangle(Box(x, y, width, height), PAPER)
            with composer.element("LI"):
                size = composer.fitting_size(figure, width - 6, 17, bold=True)
                composer.text(figure, x + 3, y + 1.2, width - 6, size=size, bold=True, colour=ACCENT)
                composer.text(words, x + 3, y + 10.2, width - 6, size=LIST, most_lines=2)
    return height


def _charts(composer: Composer, y: float) -> float:
    """Set the offers by theme on the left, freshness and status on the right; return where they end."""
    left = composer.width * 0.56
    right, width = composer.left + left + 12, composer.width - left - 12
    themes = _themes_chart(composer, composer.left, y, left)
    below = _ages_chart(composer, right, y, width)
    return max(themes, _statuses_chart(composer, right, below + 4, width))


def _themes_chart(composer: Composer, x: float, y: float, width: float) -> float:
    content = composer.content
    y += composer.subheading("Que proposent-elles ?", x, y, width)
    whole = Counter(theme for actor in content.actors for theme in actor.themes)
    main = Counter(actor.theme for actor in content.actors)
    most = max(whole.values(), default=1)
    said = ", ".join(f"{label} {number(whole[code])}" for code, label in content.themes.items())
    room = width - 68
    with composer.element("Figure", alternative=f"Nombre d'initiatives par thème : {said}."):
        for code, label in content.themes.items():
            composer.marker(f"theme:{code}", x + 1.8, y + 2, 3)
            composer.text(label, x + 5, y, 48, size=LIST, most_lines=1, artifact=True)
            if whole[code]:
                composer.rectangle(Box(x + 54, y + 0.4, room * whole[code] / most, BAR), SHADES[2])
            if main[code]:
                composer.rectangle(Box(x + 54, y + 0.4, room * min(main[code], whole[code]) / most, BAR), ACCENT)
            end = x + 55 + room * whole[code] / most
            composer.text(number(whole[code]), end, y, 12, size=LIST, bold=True, artifact=True)
            y += 5.3
    note = "En foncé, dont c'est le thème principal. Une initiative compte une fois dans chacun de ses thèmes."
    return y + composer.text(note, x, y + 0.5, width, size=CAPTION, colour=GREY) + 0.5


def ages(content: Content) -> list[int]:
    """Return how many initiatives were seen within a year, one to two years ago, earlier, never."""
    counts = [0, 0, 0, 0]
    for actor in content.actors:
        last = content.met[actor.uuid].last
        counts[3 if last is None else min(2, _years_between(last, content.printed_on))] += 1
    return counts


def _years_between(earlier: date, later: date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def _ages_chart(composer: Composer, x: float, y: float, width: float) -> float:
    counts = ages(composer.content)
    y += composer.subheading("Sont-elles à jour ?", x, y, width)
    return _stacked(composer, list(zip(AGES, counts, SHADES)), "Dernière rencontre des initiatives", x, y, width)


def _statuses_chart(composer: Composer, x: float, y: float, width: float) -> float:
    content = composer.content
    labels = code_list("statuts_recensement").labels
    counts = Counter(content.met[actor.uuid].status for actor in content.actors)
    parts = [(labels[status].lower(), counts[status]) for status in STATUSES]
    unknown = len(content.actors) - sum(count for _, count in parts)
    shades = list(SHADES)
    if unknown:
        parts.append(("sans indication", unknown))
        shades.append(RULE)
    y += composer.subheading("Où en est leur recensement ?", x, y, width)
    rows = [(words, count, shade) for (words, count), shade in zip(parts, shades)]
    return _stacked(composer, rows, "Statut de recensement des initiatives", x, y, width)


def _stacked(composer: Composer, parts: list, title: str, x: float, y: float, width: float) -> float:
    """Set a bar of parts (words, count, colour) with its key below, and return where it ends."""
    total = sum(count for _, count, _ in parts) or 1
    said = ", ".join(f"{words} {number(count)}" for words, count, _ in parts)
    with composer.element("Figure", alternative=f"{title} : {said}."):
        start = x
        for _, count, shade in parts:
            if count:
                composer.rectangle(Box(start, y, width * count / total, 5.5), shade, GREY)
                start += width * count / total
        y += 7.5
        for words, count, shade in parts:
            composer.rectangle(Box(x, y + 0.5, 3, 3), shade, GREY)
            composer.text(words, x + 4.5, y, width - 14, size=7.5, most_lines=1, artifact=True)
            style = {"size": 7.5, "bold": True, "align": "right", "artifact": True}
            composer.text(number(count), x + width - 10, y, 10, **style)
            y += 4.4
    return y


def _territories(composer: Composer, y: float) -> float:
    content = composer.content
    columns = (
        Column(code_list("niveaux").label(content.level), 62),
        Column("Habitants", 24, "right"),
        Column("Communes recensées", 34, "right"),
        Column("Initiatives", 24, "right"),
        Column("pour 10 000 hab.", 26, "right"),
        Column("Mairies", 18, "right"),
    )
    rows = [_territory(content, group, Link(f"territoire-{group.code}")) for group in content.groups]
    in_groups = {code for group in content.groups for code in group.members}
    rest = [commune.code for commune in content.communes if commune.code not in in_groups]
    if rest:
        others = content.outline._replace(name="Communes hors de ces territoires", members=tuple(rest), population=None)
        rows.append(_territory(content, others, None))
    whole = content.outline._replace(name="Tout le département")
    rows.append(_territory(content, whole, None, bold=True))
    name = f"Habitants, communes recensées et initiatives par {code_list('niveaux').label(content.level).lower()}"
    return table(composer, y, columns, rows, name, "Les territoires du guide")


def _nested(content: Content) -> bool:
    members = [code for group in content.groups for code in group.members]
    return len(members) == len(set(members))


def _territory(content: Content, territory, link: Link | None, *, bold: bool = False) -> list[Cell]:
    actors = len(content.actors_in(territory))
    surveyed, total = content.survey_state(territory)
    members = set(territory.members)
    halls = sum(hall.commune in members for hall in content.town_halls)
    people = territory.population or 0
    figures = (
        number(people) if people else "–",
        f"{number(surveyed)} / {number(total)}",
        number(actors) if actors or surveyed else "non recensé",
        f"{actors / people * 10_000:.1f}".replace(".", ",") if people and (actors or surveyed) else "–",
        number(halls),
    )
    return [Cell(territory.name, link, bold), *(Cell(figure, bold=bold) for figure in figures)]


def _note(content: Content) -> str:
    words = "Une commune est recensée quand quelqu'un y a cherché les acteurs. "
    if not _nested(content):
        words += "Ces territoires se recouvrent : leurs lignes ne s'additionnent pas. "
    return words + f"Source : {content.departement}, recensement, {content.printed_on.year} ; population : Insee."


def _map(composer: Composer) -> None:
    content = composer.content
    surveyed, total = content.survey_state(content.outline)
    composer.new_page("Le Département en un coup d'œil", "carte")
    composer.bookmark(2, "Où sont les initiatives ?", "synthese-carte")
    y = composer.heading("Où sont les initiatives ?", _where(content))
    box = below(composer.zone("carte").box, y)
    words = (
        f"Carte des {plural(len(content.actors), 'initiative')} du département. "
        f"{plural(surveyed, 'commune recensée', 'communes recensées')} sur {total} ; les autres sont hachurées."
    )
    if overfull(box, content.outline, content.actors):
        keys = _discs(composer, box, words)
    else:
        keys = symbol_keys(composer, _symbols(composer, box, words).counts)
    if surveyed < total:
        keys.append(Key("not_surveyed", f"Commune non recensée ({number(total - surveyed)})"))
    y = box.bottom + 4
    y += legend(composer, y, keys) + 2
    for words in _without_offer(content):
        if y < composer.bottom - 16:
            y += composer.text(words, composer.left, y, composer.width, size=LIST, most_lines=3) + 1.5
    composer.source_line()


def _symbols(composer: Composer, box: Box, words: str) -> Drawn:
    content = composer.content
    return dense_map(
        composer,
        box,
        "synthesis",
        content.outline,
        content.actors,
        # Where there are many, they would hide what the map is about.
        town_halls=content.town_halls if len(content.town_halls) <= MOST_TOWN_HALLS else (),
        size=fitting_symbols(len(content.actors)),
        alternative=words,
    )


def _discs(composer: Composer, box: Box, words: str) -> list[Key]:
    """Draw a disc a commune in place of symbols that would hide each other, and return the keys of three of them."""
    content = composer.content
    spots = counted(content.communes, content.actors)
    names = {commune.code: commune.name for commune in content.communes}
    counts = Counter(actor.commune for actor in content.actors)
    first = ", ".join(f"{names[code]} {number(count)}" for code, count in counts.most_common(5))
    words += f" Trop nombreuses pour être vues une à une, elles sont comptées par commune ; d'abord {first}."
    composer.map(box, "synthesis", content.outline.extent, alternative=words, spots=spots)
    most = spots[0].number
    steps = dict.fromkeys(max(1, most // part) for part in DISC_PARTS)
    said = "initiative dans la commune", "initiatives dans la commune"
    return [Key("count", plural(step, *said), disc(step, most)) for step in steps]


def _without_offer(content: Content):
    """Say where there are most initiatives, and where none although somebody looked."""
    counts = Counter(actor.commune for actor in content.actors)
    most = sorted((c for c in content.communes if counts[c.code] > 1), key=lambda c: (-counts[c.code], c.name))[:8]
    if most:
        yield "Le plus d'initiatives : " + ", ".join(f"{c.name} ({number(counts[c.code])})" for c in most) + "."
    none = [c.name for c in content.communes if not counts[c.code] and c.surveyed_on is not None]
    if none:
        yield f"Recensées, sans aucune initiative ({number(len(none))}) : {listed(none, 25)}."


def _where(content: Content) -> str:
    """Return where most of the initiatives are, in one sentence."""
    counts = Counter(actor.commune for actor in content.actors)
    names = {commune.code: commune.name for commune in content.communes}
    half, found = 0, 0
    for count in sorted(counts.values(), reverse=True):
        half += 1
        found += count
        if 2 * found >= len(content.actors):
            break
    first, count = min(counts.items(), key=lambda pair: (-pair[1], names[pair[0]]))
    return (
        f"La moitié se trouve dans {plural(half, 'commune')} ; {names[first]} en compte le plus, {number(count)}"
        if len(counts) > 1
        else f"Toutes se trouvent à {names[first]}"
    )
