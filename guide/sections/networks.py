"""Networks of actors: who already works with whom, which networks are possible, and why."""

from __future__ import annotations

from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..composing.book import Link
from ..composing.columns import Columns
from ..composing.typesetting import ACCENT, CAPTION, GREY, INK, LIST, Composer
from ..facts.content import Actor, Content
from ..facts.ties import Network, NetworkLink, Tie
from ..facts.words import decimal, glued, labels, number, plural
from ..maps.insets import dense_map
from .entry import entry, entry_height
from .rows import Cell, Column, begin, height_of, map_box, table
from .similar import MAP_HEIGHT, who

TITLE = "Quels réseaux faire naître ?"
MOST_REASONS, MOST_NAMED = 3, 20
MOST_BLOCKS, MOST_ROWS = 24, 80
QUOTED = 90
SOLIDITIES = {
    "nette": "plus solide que le hasard",
    "incertaine": "à confirmer : le hasard en formerait d'aussi solides",
    "non_comparable": "à confirmer : rien à quoi le comparer",
}


def networks(composer: Composer) -> None:
    """Compose the map of possible networks, a block for each with its reasons, and the links that are already there."""
    content = composer.content
    if not content.networks and not content.ties:
        return
    by_uuid = {actor.uuid: actor for actor in content.actors}
    y = _possible(composer, by_uuid) if content.networks else 0.0
    _known(composer, by_uuid, y)


def _possible(composer: Composer, by_uuid: dict[str, Actor]) -> float:
    """Set the map, a block for each firm network and a row for each of the others; return where that ends."""
    content = composer.content
    members = [by_uuid[uuid] for network in content.networks for uuid in network.members]
    inside = {actor.uuid for actor in members}
    composer.new_page(TITLE, "carte")
    composer.bookmark(1, TITLE, "reseaux")
    y = composer.heading(
        TITLE,
        f"{plural(len(content.networks), 'réseau possible', 'réseaux possibles')}, {plural(len(members), 'acteur')} : "
        "voisins, et chacun apporte ce que l'autre n'a pas",
    )
    box = map_box(composer, y, MAP_HEIGHT)
    dense_map(
        composer,
        box,
        "networks",
        content.outline,
        members,
        size=2.2,
        around=[actor for actor in content.actors if actor.uuid not in inside],
        alternative=_map_in_words(content, by_uuid),
    )
    y = box.bottom + 2
    y = _legend(composer, y)
    composer.source_line()
    firm = [network for network in content.networks if network.solidity == "nette"]
    y += 3
    if firm:
        columns = Columns(composer, 2, y, continued="Réseaux possibles", bottom=composer.bottom - 6)
        for network in firm[:MOST_BLOCKS]:
            _network(composer, columns, network, by_uuid)
        y = columns.lowest + 3
    others = [network for network in content.networks if network not in firm]
    return _to_confirm(composer, firm[MOST_BLOCKS:] + others, by_uuid, y)


def _map_in_words(content: Content, by_uuid: dict[str, Actor]) -> str:
    firm = sum(network.solidity == "nette" for network in content.networks)
    largest = max(content.networks, key=lambda network: len(network.members))
    around = f", autour de « {by_uuid[largest.pilot].name} »" if largest.pilot else ""
    return (
        f"Carte de {plural(len(content.networks), 'réseau possible', 'réseaux possibles')}, dont {firm} plus solides "
        f"que le hasard. Le plus grand, réseau {largest.number}, compte {len(largest.members)} acteurs{around}."
    )


def _legend(composer: Composer, y: float) -> float:
    """Explain the lines and outlines of the map, and return where that ends."""
    x = composer.left
    with composer.element("L"):
        for width, colour, words in (
            (0.7, INK, "L'un cherche ce que l'autre partage"),
            (0.3, ACCENT, "Chacun apporte ce que l'autre n'a pas"),
            (0.15, GREY, "Entre deux réseaux"),
        ):
            room = composer.metrics.width(words, 7.5) + 13
            if x + room > composer.left + composer.width + 2:
                x, y = composer.left, y + 4.6
            composer.rule(x, y + 2, x + 7, y + 2, colour, width)
            with composer.element("LI"):
                composer.text(words, x + 8.5, y, room - 8.5, size=7.5)
            x += room
    y += 4.6
    words = "Contour plein : réseau plus solide que le hasard ; en tirets : à confirmer sur le terrain."
    return y + composer.text(words, composer.left, y, composer.width, size=7.5, colour=GREY)


def _network(composer: Composer, columns: Columns, network: Network, by_uuid: dict[str, Actor]) -> None:
    content = composer.content
    members = [by_uuid[uuid] for uuid in network.members]
    width = columns.width
    name = f"Autour de « {by_uuid[network.pilot].name} »" if network.pilot else f"Autour de « {members[0].name} »"
    title = glued(f"{network.number} · {name}")
    facts = [(glued(text), size, colour) for text, size, colour in _facts(content, network, members)]
    height = composer.height(title, width, size=9.5, bold=True)
    height += sum(composer.height(text, width, size=size) + 0.6 for text, size, _ in facts)
    columns.room(height + sum(entry_height(composer, actor, width) for actor in members[:3]))
    composer.anchor(f"reseau-{network.number}", columns.y)
    columns.y += composer.text(title, columns.x, columns.y, width, size=9.5, bold=True, colour=ACCENT, tag="H2") + 0.4
    for text, size, colour in facts:
        columns.y += composer.text(text, columns.x, columns.y, width, size=size, colour=colour) + 0.6
    columns.y += 0.8
    with composer.element("L"):
        for actor in members:
            columns.room(entry_height(composer, actor, width))
            columns.y += entry(composer, actor, columns.x, columns.y, width)
    _reasons(composer, columns, network, by_uuid)
    columns.y += 5


def _to_confirm(composer: Composer, networks: list[Network], by_uuid: dict[str, Actor], y: float) -> float:
    """Set a row for each network that chance would make as firm, and return where the table ends."""
    if not networks:
        return y
    content = composer.content
    title = "Réseaux à confirmer sur le terrain"
    said = "Le hasard en formerait d'aussi solides : à vérifier avec les acteurs. Leurs traits sont sur la carte."
    if any(network.solidity == "nette" for network in networks):
        said = "Les plus solides d'abord ; tous à vérifier avec les acteurs. Leurs traits sont sur la carte."
    if len(networks) > MOST_ROWS:
        said += f" {plural(len(networks) - MOST_ROWS, 'autre ne figure', 'autres ne figurent')} que sur la carte."
    rows = []
    for network in networks[:MOST_ROWS]:
        members = [by_uuid[uuid] for uuid in network.members]
        covered = [theme for theme in content.themes if any(theme in actor.themes for actor in members)]
        named = " · ".join(f"{actor.name}\u00a0{actor.number}" for actor in members[:MOST_NAMED])
        if len(members) > MOST_NAMED:
            named += f" · et {plural(len(members) - MOST_NAMED, 'autre')}"
        others = " · et d'autres, que cette édition ne nomme pas" if network.others else ""
        centre = by_uuid[network.pilot] if network.pilot else members[0]
        rows.append(
            [
                Cell(f"{network.number} · {centre.name}", Link(centre.anchor), bold=True),
                Cell(f"{named}{others}"),
                Cell(_lacking(content, members, covered) or "–"),
            ]
        )
    heads = (Column("Réseau, autour de", 34), Column("Acteurs et leur numéro", 92), Column("Ce qu'aucun n'apporte", 54))
    y = begin(composer, y, title, "reseaux-a-confirmer", height_of(composer, heads, rows) + 6)
    y += composer.text(glued(said), composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    return table(composer, y, heads, rows, title, title)


def _facts(content: Content, network: Network, members: list[Actor]):
    held = plural(len(members), "acteur")
    yield f"{held} ; {SOLIDITIES[network.solidity]}" if network.solidity in SOLIDITIES else held, CAPTION, GREY
    covered = [theme for theme in content.themes if any(theme in actor.themes for actor in members)]
    if covered:
        yield f"Ensemble : {labels(covered, 'themes_vie')}", 7.5, INK
    lacking = _lacking(content, members, covered)
    if lacking:
        yield f"Ce qu'aucun n'apporte : {lacking}", 7.5, INK
    if network.pilot:
        pilot = next(actor for actor in members if actor.uuid == network.pilot)
        share = f"{network.through:.0%}".replace("%", "\u00a0%")
        yield f"Pilote possible : {pilot.name} ({share} des chemins entre les autres passent par là)", 7.5, INK
    if network.others:
        yield "Ce réseau a d'autres membres, que cette édition ne nomme pas.", CAPTION, GREY


def _lacking(content: Content, members: list[Actor], covered: list[str]) -> str:
    """Say what is published of the needs, in the members' communes, for the themes that no member has.

    What is masked may be none at all: it is not said to be asked for.
    """
    communes = sorted({actor.commune for actor in members})
    said, masked = [], []
    for theme in content.themes:
        if theme in covered:
            continue
        needs = [content.need(commune, theme) for commune in communes]
        shown = sum(need.value for need in needs if need.state is Disclosure.SHOWN)
        hidden = any(need.state is Disclosure.HIDDEN for need in needs)
        if shown:
            said.append(f"{_themes([theme])} ({'au moins ' if hidden else ''}{number(shown)}\u00a0situations chez eux)")
        elif hidden:
            masked.append(theme)
    if masked:
        said.append(f"besoins masqués : {_themes(masked)}")
    return " ; ".join(said)


def _reasons(composer: Composer, columns: Columns, network: Network, by_uuid: dict[str, Actor]) -> None:
    content = composer.content
    links = [link for link in content.network_links if link.network == network.number]
    if not links:
        return
    ties = {frozenset((tie.one, tie.other)): tie for tie in content.ties}
    width = columns.width
    size = 7.0
    said = [reason(link, by_uuid, ties.get(frozenset((link.one, link.other)))) for link in links[:MOST_REASONS]]
    if len(links) > len(said):
        more = plural(len(links) - len(said), "autre lien plus faible", "autres liens plus faibles")
        said[-1] += f" Et {more}."
    columns.room(4.5 + composer.height(said[0], width - 3, size=size) + 1)
    columns.y += 0.8
    columns.y += composer.text("Pourquoi eux", columns.x, columns.y, width, size=7.5, bold=True, tag="H3") + 0.3
    with composer.element("L"):
        for text in said:
            columns.room(composer.height(text, width - 3, size=size) + 0.7)
            with composer.element("LI"):
                with composer.element("Lbl"):
                    composer.text("–", columns.x, columns.y, 3, size=size, colour=GREY)
                with composer.element("LBody"):
                    columns.y += composer.text(text, columns.x + 3, columns.y, width - 3, size=size) + 0.7


def reason(link: NetworkLink, by_uuid: dict[str, Actor], tie: Tie | None) -> str:
    """Return why a link is proposed, from what the two say of themselves; nothing in it comes from needs."""
    one, other = by_uuid[link.one], by_uuid[link.other]
    metres = max(10.0, link.metres)
    away = f"{decimal(round(metres / 1000, 1))}\u00a0km" if metres >= 1000 else f"{number(round(metres, -1))}\u00a0m"
    said = [f"{one.name} et {other.name}, à {away}"]
    for seeker, giver, seeks in ((one, other, link.seeks[0]), (other, one, link.seeks[1])):
        if seeks and seeker.wanted and giver.resources:
            said.append(
                f"{seeker.name} cherche « {_short(seeker.wanted)} », {giver.name} partage « {_short(giver.resources)} »"
            )
    mine = [theme for theme in one.themes if theme not in other.themes]
    theirs = [theme for theme in other.themes if theme not in one.themes]
    if mine and theirs:
        said.append(f"le premier apporte {_themes(mine)} ; le second {_themes(theirs)}")
    elif mine or theirs:
        giver = one if mine else other
        said.append(f"{giver.name} apporte en plus {_themes(mine or theirs)}")
    if link.kind == "semblable":
        said.append("ils se ressemblent")
    common = [public for public in one.audiences if public in other.audiences and public != "tous-publics"]
    if common:
        said.append(f"même public : {labels(common, 'publics')}")
    if link.bridge:
        said.append("sans ce lien, deux parties du territoire ne se rejoindraient pas")
    if tie:
        said.append(f"déjà reliés ({code_list('natures_lien').label(tie.nature).lower()})")
    return glued(" ; ".join(said) + ".")


def _themes(codes: list[str]) -> str:
    # « Créer du lien, faire valoir ses droits » : the first words are enough in a sentence.
    words = code_list("themes_vie")
    return ", ".join(words.label(code).partition(",")[0] for code in codes)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"


def _known(composer: Composer, by_uuid: dict[str, Actor], y: float) -> None:
    """Set the table of links that people noted, below ``y`` where there is room, else on a page of its own."""
    ties = composer.content.ties
    if not ties:
        return
    title = "Qui travaille déjà ensemble"
    comments = any(tie.comment for tie in ties)
    rows = []
    for tie in ties:
        nature = Cell(code_list("natures_lien").label(tie.nature))
        told = [Cell(tie.comment or "–")] if comments else []
        rows.append([who(composer, by_uuid[tie.one]), who(composer, by_uuid[tie.other]), nature, *told])
    heads = [Column("Un acteur", 30), Column("Un autre", 30), Column("Leur lien", 18)]
    heads += [Column("À quel propos", 34)] if comments else []
    if composer.content.networks:
        y = begin(composer, y + 9, title, "liens-noues", height_of(composer, heads, rows) + 6)
    else:
        composer.new_page(TITLE)
        composer.bookmark(1, title, "reseaux")
        y = composer.heading(title)
    said = f"{plural(len(ties), 'lien noté', 'liens notés')} par les correspondants."
    y += composer.text(said, composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    table(composer, y, heads, rows, title, title)
