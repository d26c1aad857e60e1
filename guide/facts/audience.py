"""What each circle of readers finds in the guide beyond what is for all: one table of rules.

Which records may be read, and whose contacts, is decided for the guide and for exports alike in ``layers.audience``.
"""

from __future__ import annotations

from typing import NamedTuple

from ...layers.audience import AUDIENCES


class Rule(NamedTuple):
    """From which circle of readers on something is printed, and how the book says it."""

    least: str
    words: str


RULES = {
    "correspondent": Rule("pro", "le code du correspondant qui suit une fiche"),
    "legal": Rule("pro", "la forme juridique et le SIRET d'un acteur"),
    "places": Rule("pro", "le nombre de places d'un acteur"),
    "comments": Rule("pro", "les remarques sur les liens entre acteurs"),
}
"""Key -> rule. What is in no rule is for all readers or, as the text of a need, for none."""
FOR_NOBODY = (
    "les points et les textes des besoins",
    "les chiffres sous le seuil",
    "les coordonnées d'un acteur sans son accord, ou qui s'y est opposé",
    "le nom d'une personne à contacter",
)
"""What no edition prints, not even the internal one: a book goes from hand to hand."""


def allows(audience: str, rule: str) -> bool:
    """Say whether readers find in their guide what a rule is about; an unknown rule or audience is an error."""
    return AUDIENCES.index(audience) >= AUDIENCES.index(RULES[rule].least)


def only_for(audience: str) -> list[str]:
    """Return in words what these readers find in their guide and the public does not."""
    return [rule.words for key, rule in RULES.items() if rule.least != AUDIENCES[0] and allows(audience, key)]
