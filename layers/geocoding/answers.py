"""What comes back of an address, and whether it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..exchange.folding import fold, fold_commune
from .addresses import Question, is_arrondissement

FOUND, DOUBTFUL, NOT_FOUND = "trouve", "douteux", "non_trouve"

# Kind of a BAN address -> code of precisions_geo; the other names are those of older services.
PRECISIONS = {
    "housenumber": "numero",
    "street": "rue",
    "locality": "lieu-dit",
    "place": "lieu-dit",
    "municipality": "commune",
    "city": "commune",
    "town": "commune",
    "village": "commune",
}
COMMUNE = "commune"

EMPTY = "adresse vide"
TOO_LONG = "adresse trop longue"
SILENT = "aucune réponse"
REFUSED = "refusée par le service"
LOW_SCORE = "score trop faible"
OTHER_COMMUNE = "autre commune"
UNSURE_COMMUNE = "commune non vérifiable"
ONLY_COMMUNE = "centre de la commune"
AMBIGUOUS = "plusieurs réponses aussi vraisemblables"
OTHER_KIND = "réponse d'une autre nature"


class Candidate(NamedTuple):
    """The best answer of a service: ``score`` from 0 to 1, degrees (WGS 84), ``""`` for what it does not say.

    ``kind`` is that of the BAN (housenumber, street, locality, municipality); ``runner_up`` the score of the second
    best answer, None when there is none.
    """

    label: str
    score: float
    runner_up: float | None
    kind: str
    citycode: str
    city: str
    former_city: str
    longitude: float
    latitude: float

    @property
    def precision(self) -> str | None:
        """Return the code of precisions_geo, None for a kind that the BAN does not have."""
        return PRECISIONS.get(self.kind)


class Verdict(NamedTuple):
    """FOUND, DOUBTFUL or NOT_FOUND, and every cause why it was not accepted."""

    status: str
    causes: tuple[str, ...] = ()


def judge(question: Question, candidate: Candidate, least: float, successors: Mapping[str, str]) -> Verdict:
    """Say whether an answer is believed; ``least`` is the lowest score that is, ``successors`` as ``make_question``."""
    causes = []
    if candidate.score < least:
        causes.append(LOW_SCORE)
    commune = _fault_of_commune(question, candidate, successors)
    if commune:
        causes.append(commune)
    if candidate.precision is None or (question.vague and candidate.kind in ("housenumber", "street")):
        causes.append(OTHER_KIND)
    if candidate.precision == COMMUNE and not question.vague:
        causes.append(ONLY_COMMUNE)
    if candidate.runner_up is not None and candidate.runner_up >= candidate.score:
        causes.append(AMBIGUOUS)
    return Verdict(DOUBTFUL, tuple(causes)) if causes else Verdict(FOUND)


def same_commune(given: str, answered: str, successors: Mapping[str, str]) -> bool:
    """Say whether two city codes are of one commune of today; two arrondissements are two."""
    if given == answered:
        return True
    if is_arrondissement(given) and is_arrondissement(answered):
        return False
    return successors.get(given, given) == successors.get(answered, answered)


def _fault_of_commune(question: Question, candidate: Candidate, successors: Mapping[str, str]) -> str:
    """Return why the commune of an answer is not that of the question, ``""`` when it is."""
    if question.citycode and candidate.citycode:
        return "" if same_commune(question.citycode, candidate.citycode, successors) else OTHER_COMMUNE
    if question.postcode and candidate.citycode and not _near(question.postcode, candidate.citycode):
        return OTHER_COMMUNE
    answered = {fold_commune(name) for name in (candidate.city, candidate.former_city) if name}
    if question.city and answered:
        given = _without_arrondissement(question.city)
        return "" if given in {_without_arrondissement(name) for name in answered} else OTHER_COMMUNE
    if any(f" {name} " in f" {fold(question.address)} " for name in answered):
        return ""
    return "" if question.postcode else UNSURE_COMMUNE


def _near(postcode: str, citycode: str) -> bool:
    """Say whether a postcode is of the Département of a city code."""
    area, departement = postcode[:2], citycode[:2]
    return area == departement or (area == "20" and departement in ("2A", "2B"))


def _without_arrondissement(name: str) -> str:
    """Return the folded name of a commune, without the number of its arrondissement: « Paris 11e » is Paris."""
    words = fold_commune(name).split()
    while len(words) > 1 and (words[-1] == "arrondissement" or words[-1].rstrip("erm").isdecimal()):
        words.pop()
    return " ".join(words)
