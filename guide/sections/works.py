"""Projects under way, and places where the analysis proposes to open."""

from __future__ import annotations

from ...layers.model.codes import code_list
from ..composing.book import Link
from ..composing.typesetting import GREY, LIST, Composer
from ..facts.content import Actor
from ..facts.words import decimal, glued
from .rows import Cell, Column, begin, height_of, table

LASTS = {True: "pérenne", False: "ponctuel", None: "durée à dire"}


def projects(composer: Composer, y: float) -> float:
    """Set the projects under way, with their three conditions in words, and return where that ends."""
    content = composer.content
    if not content.projects:
        return y
    title = "Les projets en cours"
    communes = {commune.code: commune.name for commune in content.communes}
    by_uuid = {actor.uuid: actor for actor in content.actors}
    states = code_list("etats_projet")
    rows = []
    for project in content.projects:
        carrier = by_uuid.get(project.carrier)
        state = f"{states.label(project.state)}, {LASTS[project.lasting]}" if project.state else LASTS[project.lasting]
        people = {
            True: "Des personnes se sont proposées",
            False: "Personne ne s'est encore proposé",
            None: "On ne sait pas si quelqu'un se propose",
        }[project.volunteers]
        where = " · ".join(part for part in (project.place, communes.get(project.commune, "")) if part)
        rows.append(
            [
                Cell(project.title, bold=True, symbol=f"theme:{project.theme}"),
                Cell(state),
                Cell(_named(carrier), Link(carrier.anchor)) if carrier else Cell("–"),
                Cell(where or "–"),
                Cell(f"{people}. {project.context}".strip()),
                Cell(project.missing or "–"),
            ]
        )
    heads = (
        Column("Projet", 34),
        Column("Où il en est", 20),
        Column("Porté par", 28),
        Column("Lieu", 33),
        Column("Ce qui le rend possible", 42),
        Column("Ce qui manque encore", 29),
    )
    y = begin(composer, y, title, "projets", height_of(composer, heads, rows))
    return table(composer, y, heads, rows, title, title) + 9


def proposals(composer: Composer, y: float) -> float:
    """Set the places where opening would bring most people nearer to an answer; how many is not told."""
    content = composer.content
    if not content.proposals:
        return y
    title = "Où ouvrir un nouveau lieu ?"
    said = (
        "Les lieux qui rapprocheraient le plus de besoins d'une réponse, dans cet ordre : chacun s'ajoute aux "
        "précédents. Sûreté : combien de fois le lieu, ou un voisin, revient quand on refait le calcul."
    )
    communes = {commune.code: commune.name for commune in content.communes}
    by_uuid = {actor.uuid: actor for actor in content.actors}
    rows = []
    for proposal in content.proposals:
        nearest = by_uuid.get(proposal.nearest)
        away = "" if proposal.minutes != proposal.minutes else f", à {decimal(round(proposal.minutes))}\u00a0min"
        rows.append(
            [
                Cell(f"{proposal.number}. {proposal.name}", bold=True),
                Cell(communes.get(proposal.commune, "–")),
                Cell(proposal.solidity or "–"),
                Cell(_named(nearest) + away, Link(nearest.anchor)) if nearest else Cell("–"),
            ]
        )
    heads = (
        Column("Lieu proposé", 46),
        Column("Commune", 32),
        Column("Sûreté", 20),
        Column("Acteur existant le plus proche", 60),
    )
    y = begin(composer, y, title, "lieux-proposes", height_of(composer, heads, rows) + 12)
    y += composer.text(glued(said), composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    return table(composer, y, heads, rows, title, title) + 9


def _named(actor: Actor | None) -> str:
    return f"{actor.name} (n°\u00a0{actor.number})" if actor else ""
