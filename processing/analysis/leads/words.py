"""What a lead has and lacks, and why a need is in none, in French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..similarity.reasons import length
from .context import FAVOURABLE, NOTHING, THIN

if TYPE_CHECKING:
    from .settings import Settings

BETWEEN = " ; "
NO_THEME, NOBODY, LONELY, CUT = "sans thème", "personne", "isolé", "coupé"
"""Why a need is in no lead."""
CONTEXT_LACKS = {THIN: "un seul acteur du thème à portée", NOTHING: "aucun appui repéré à portée"}
UNKNOWN_CONTEXT = "contexte inconnu"
CONTEXT_WORDS = {FAVOURABLE: "contexte favorable", THIN: "contexte fragile", NOTHING: "aucun appui repéré à portée"}


class LeadWords(NamedTuple):
    """What is lacking, one text a condition, and the whole in one sentence."""

    lacking: tuple[str, ...]
    reason: str


def lead_words(lead, placed: bool, settings: Settings, labels: Mapping[str, str]) -> LeadWords:
    """Return the words of a lead; ``placed``: territories are given at all."""
    lacking = tuple(
        filter(
            None,
            (
                _people_lacking(lead, settings),
                _territories_lacking(lead, placed, settings),
                _volunteers_lacking(lead.volontaires),
                "" if lead.contexte == FAVOURABLE else CONTEXT_LACKS.get(lead.contexte, UNKNOWN_CONTEXT),
            ),
        )
    )
    theme = f" « {labels.get(lead.theme, lead.theme)} »" if lead.theme else ""
    where = f" dans {_several(lead.communes, 'commune')}" if lead.communes else ""
    support = f" : {lead.appuis}" if lead.appuis else ""
    seen = (
        ""
        if lead.recensees != lead.recensees
        else f", {_several(lead.recensees, 'commune recensée', 'communes recensées')}"
    )
    parts = (
        "Les trois conditions sont réunies" if not lacking else f"À compléter ({', '.join(lacking)})",
        f"{lead.n_besoins} besoins semblables{theme}, {_people(lead)}{where}, à moins de {length(lead.rayon_m)}",
        _volunteers(lead.volontaires),
        f"{CONTEXT_WORDS.get(lead.contexte, UNKNOWN_CONTEXT)}{support}{seen}",
    )
    return LeadWords(lacking, BETWEEN.join(parts))


def member_reason(rank: int, size: float) -> str:
    """Return why a need is in a lead."""
    return f"Avec {_several(size - 1, 'autre besoin', 'autres besoins')} du même thème (piste n° {rank})"


def alone_reason(why: str, others: int, settings: Settings) -> str:
    """Return why a need is in no lead."""
    near = length(settings.distance / 2)
    if why == NO_THEME:
        return "Sans thème : ne se compare à aucun autre"
    if why == NOBODY:
        return "Aucune personne concernée"
    if why == CUT:
        return f"À l'écart après la coupe d'un groupe large de plus de {length(2 * settings.distance)}"
    if not others:
        return f"Aucun autre besoin de ce thème à moins de {near}"
    least = settings.min_needs - 1
    found = f"{_several(others, 'autre besoin', 'autres besoins')} de ce thème à moins de {near}"
    return f"Seulement {found}, il en faut {least}"


def _people_lacking(lead, settings: Settings) -> str:
    more = f" ({_several(lead.n_inconnus, 'besoin')} sans nombre connu)" if lead.n_inconnus else ""
    if lead.personnes != lead.personnes:
        return "nombre de personnes inconnu" if settings.min_people > 0 else ""
    short = settings.min_people - lead.personnes
    return f"il manque {_several(short, 'personne')}{more}" if short > 0 else ""


def _territories_lacking(lead, placed: bool, settings: Settings) -> str:
    if lead.communes >= settings.min_territories:
        return ""
    if not placed or lead.communes == 0:
        return "commune inconnue"
    if lead.communes == 1:
        return (
            "une seule commune"
            if settings.min_territories == 2
            else f"une seule commune sur {settings.min_territories}"
        )
    return f"{lead.communes} communes sur {settings.min_territories}"


def _volunteers_lacking(volunteers: float) -> str:
    if volunteers != volunteers:
        return "on ne sait pas si quelqu'un se propose"
    return "" if volunteers > 0 else "personne ne s'est proposé"


def _volunteers(volunteers: float) -> str:
    if volunteers != volunteers:
        return "volontaires inconnus"
    return _several(volunteers, "personne prête", "personnes prêtes") + " à s'impliquer"


def _people(lead) -> str:
    if lead.personnes != lead.personnes:
        return "nombre de personnes inconnu"
    more = f" (et {_several(lead.n_inconnus, 'besoin')} sans nombre connu)" if lead.n_inconnus else ""
    return _several(lead.personnes, "personne") + more


def _several(count: float, one: str, several: str = "") -> str:
    number = f"{count:,.1f}".rstrip("0").rstrip(".").replace(",", "\u202f").replace(".", ",")
    return f"{number} {one if count < 2 else several or one + 's'}"
