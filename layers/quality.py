"""The quality of records by the ten criteria of data·inclusion, and what to correct first.

Criteria, names and bounds are those of ``score_qualite`` in data-inclusion-schema 1.0.10 (schema v1), which scores
services. An actor is scored by its services, each of which takes from the actor what it does not say itself; without a
service, as one. One difference: what no table of the workspace holds (``mobilisable_par``) is not held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

FRESH_DAYS, STALE_DAYS = 180, 730
SHORT, IDEAL, LONG = 50, 200, 2000
# Sources that do not say when a service was last looked at.
UNDATED_SOURCES = ("agefiph", "france-travail")
BETWEEN_FIXES = " ; "

Offer = Mapping[str, object]


class Criterion(NamedTuple):
    """A criterion: its name at data·inclusion, its score 0 to 1 (None: does not apply), what to do where it is low."""

    name: str
    score: Callable[[Offer, date], float | None]
    fix: str


class Quality(NamedTuple):
    """The quality of an actor.

    ``criteria``: the mean of each criterion over the services (None: it applies to none); ``score``: their mean;
    ``fixes``: what to correct, in French, what raises the score most first.
    """

    criteria: dict[str, float | None]
    score: float
    fixes: str


def quality(actor: Offer, services: Sequence[Offer], today: date) -> Quality:
    """Score one row of the table ``acteur`` with its rows of the table ``service``; the order of the rows is free."""
    offers = [_completed(service, actor) for service in services] or [actor]
    scores = {criterion.name: [criterion.score(offer, today) for offer in offers] for criterion in CRITERIA}
    means = {name: _mean(values) for name, values in scores.items()}
    known = [value for value in means.values() if value is not None]
    # Sorting is stable: among equal losses the order of CRITERIA, the most useful first, is kept.
    lacking = [criterion for criterion in CRITERIA if means[criterion.name] is not None and means[criterion.name] < 1]
    lacking.sort(key=lambda criterion: means[criterion.name])
    fixes = BETWEEN_FIXES.join(criterion.fix + _where(scores[criterion.name]) for criterion in lacking)
    return Quality(means, round(sum(known) / len(known), 2), fixes)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 2) if known else None


def _where(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    low = sum(value < 1 for value in known)
    return f" ({low} service{'s' if low > 1 else ''} sur {len(known)})" if low < len(known) else ""


def _completed(service: Offer, actor: Offer) -> Offer:
    return {**actor, **{name: value for name, value in service.items() if value not in (None, "")}}


def _has(offer: Offer, *names: str) -> bool:
    return any(str(offer.get(name) or "").strip() for name in names)


def _codes(offer: Offer, name: str) -> list[str]:
    return str(offer.get(name) or "").split("|")


def _filled(*names: str) -> Callable[[Offer, date], float]:
    return lambda offer, today: float(_has(offer, *names))


def _address(offer: Offer, today: date) -> float | None:
    ways = (*_codes(offer, "modes_accueil"), *_codes(offer, "modes_mobilisation"))
    return float(_has(offer, "adresse")) if "en-presentiel" in ways or "se-presenter" in ways else None


def _reached_by(mode: str, name: str) -> Callable[[Offer, date], float | None]:
    return lambda offer, today: float(_has(offer, name)) if mode in _codes(offer, "modes_mobilisation") else None


def _access(offer: Offer, today: date) -> float:
    known = _has(offer, "modes_mobilisation")
    return (known + _has(offer, "mobilisable_par")) / 2 if "mobilisable_par" in offer else float(known)


def _recent(offer: Offer, today: date) -> float | None:
    if offer.get("source") in UNDATED_SOURCES:
        return None
    updated = offer.get("date_maj")
    if updated is None:
        return 0.0
    age = (today - updated).days
    return min(1.0, max(0.0, (STALE_DAYS - age) / (STALE_DAYS - FRESH_DAYS)))


def _fees(offer: Offer, today: date) -> float:
    if offer.get("frais") == "payant":
        return 1.0 if _has(offer, "frais_precisions") else 0.5
    return float(_has(offer, "frais"))


def _description(offer: Offer, today: date) -> float:
    length = len(str(offer.get("description") or ""))
    if length < SHORT:
        return 0.0
    return 1.0 if IDEAL <= length < LONG else 0.5


# The order in which a reader of the guide misses them most.
CRITERIA = (
    Criterion(
        "au_moins_un_moyen_de_contact",
        _filled("courriel", "lien_mobilisation", "telephone"),
        "donner un téléphone ou un courriel",
    ),
    Criterion("adresse_bien_definie", _address, "donner l'adresse où l'on est reçu"),
    Criterion("description_bien_definie", _description, f"décrire ce qui s'y fait en {IDEAL} à {LONG} caractères"),
    Criterion("au_moins_une_thematique", _filled("thematiques"), "choisir au moins une thématique data·inclusion"),
    Criterion("au_moins_un_public", _filled("publics"), "choisir un public, ou « Tous publics »"),
    Criterion("modes_mobilisation_bien_definis", _access, "dire dans un service comment y accéder"),
    Criterion("telephone_bien_defini", _reached_by("telephoner", "telephone"), "donner le téléphone à appeler"),
    Criterion("courriel_bien_defini", _reached_by("envoyer-un-courriel", "courriel"), "donner le courriel où écrire"),
    Criterion("frais_bien_definis", _fees, "dire si c'est gratuit, ou préciser ce que l'on paie"),
    Criterion("date_maj_recente", _recent, "relire la fiche avec l'acteur et la dater d'aujourd'hui"),
)
