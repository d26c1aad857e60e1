"""What the geocoding tells its user: method, what leaves the computer, warnings, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.geocoding.addresses import Question
from ....layers.geocoding.answers import COMMUNE, DOUBTFUL, FOUND, NOT_FOUND
from ....layers.geocoding.search import Outcome
from ....layers.model.codes import code_list
from ..reports import Report, Table

FORMULA = "FOUND + DOUBTFUL + NOT_FOUND = READ"
SOURCE = (
    "Base Adresse Nationale, Licence Ouverte 2.0 ; addok (Etalab) ; IGN, API Géoplateforme de géocodage "
    "(50 requêtes par seconde)."
)
# Rows told in the report.
ROWS_TOLD = 200


def method() -> str:
    """Return what is sent, what is believed and what is kept, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Leaves this computer, for the service named: the address, the postcode, the name and the INSEE code of "
            "the commune of each row. Nothing else does: no name, no other field. Needs are refused. Addresses where "
            "persons live belong to a service of your own (addok).",
        ),
        translate(
            "Tisserand",
            "Each address is cleaned (BP, CS, TSA and CEDEX taken away, av., bd, rte, pl. spelt out) and searched in "
            "its commune by INSEE code, former codes followed; then, if no answer is believed, by postcode.",
        ),
        translate(
            "Tisserand",
            "Found: the score reaches the lowest accepted, the commune is the one given, and no second answer is as "
            "good. The point is then that of the service. The centre of a commune is accepted only where the address "
            "says no more (empty, “mairie”, “le bourg”).",
        ),
        translate(
            "Tisserand",
            "Doubtful: there is an answer, but cause says why it is not believed. The row keeps the position it had, "
            "or has none; score, precision_geo, adresse_trouvee and commune_trouvee describe the answer, candidat_x "
            "and candidat_y say where it is, in the CRS of the result. Not found: no answer at all. No row is lost; "
            "the layer read is not changed. The result of a table has the legal CRS of the place.",
        ),
        translate(
            "Tisserand",
            "source_position says whether a position comes from the service (geocodeur) or from the layer (origine). "
            "Addresses found at one place are counted in empilement; the style moves them apart on maps, the data are "
            "not moved.",
        ),
        translate(
            "Tisserand",
            "When the service fails or you cancel, the answers had so far are kept beside the result, and the next run "
            "asks for the rest; they are erased at the end. With a file of kept answers, they stay in it from run to "
            "run: it holds the addresses found, so keep it as you keep the layer.",
        ),
    )
    return "\n".join(sentences)


def sending(count: int, service: str) -> str:
    """Return the sentence that says what is about to be sent where."""
    return translate(
        "Tisserand", "{count} different addresses for {service}: address, postcode and commune, nothing else."
    ).format(count=count, service=service)


def warn_of_stacks(outcomes: Sequence[Outcome], sizes: Sequence[int | None], feedback: QgsProcessingFeedback) -> None:
    """Warn of addresses that were only found at the centre of their commune, several at one point."""
    stacked = sum(
        1
        for outcome, size in zip(outcomes, sizes)
        if outcome.candidate is not None and outcome.candidate.precision == COMMUNE and (size or 0) > 1
    )
    if stacked:
        text = translate(
            "Tisserand",
            "Found at the centre of a commune, where others are too: {count}. Only maps show them apart.",
        )
        feedback.pushWarning(text.format(count=stacked))


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    questions: Sequence[Question],
    outcomes: Sequence[Outcome],
    warnings: list[str],
) -> Report:
    """Return the report: how many were found and how precisely, why the others were not, and which they are."""
    statuses = Counter(outcome.verdict.status for outcome in outcomes)
    counts = Table(
        translate("Tisserand", "Result"),
        (
            translate("Tisserand", "Rows read"),
            translate("Tisserand", "Found"),
            translate("Tisserand", "Doubtful"),
            translate("Tisserand", "Not found"),
        ),
        [(len(outcomes), statuses[FOUND], statuses[DOUBTFUL], statuses[NOT_FOUND])],
    )
    precise = Counter(outcome.candidate.precision for outcome in outcomes if outcome.verdict.status == FOUND)
    labels = code_list("precisions_geo")
    rows_word = translate("Tisserand", "Rows")
    cause_word = translate("Tisserand", "Cause")
    precisions = Table(
        translate("Tisserand", "Precision of what was found"),
        (translate("Tisserand", "Precision"), rows_word),
        [(labels.label(code), count) for code, count in precise.most_common()],
    )
    why = Counter(cause for outcome in outcomes for cause in outcome.verdict.causes)
    causes = Table(
        translate("Tisserand", "Why answers were not accepted"), (cause_word, rows_word), list(why.most_common())
    )
    left = [pair for pair in zip(questions, outcomes) if pair[1].verdict.status != FOUND]
    headings = (
        translate("Tisserand", "Address"),
        translate("Tisserand", "Commune"),
        translate("Tisserand", "Answer"),
        translate("Tisserand", "Score"),
        cause_word,
    )
    told = [
        (
            question.address,
            " ".join(part for part in (question.citycode or question.postcode, question.city) if part),
            outcome.candidate.label if outcome.candidate else "",
            round(outcome.candidate.score, 2) if outcome.candidate else "",
            ", ".join(outcome.verdict.causes),
        )
        for question, outcome in left[:ROWS_TOLD]
    ]
    title_of_left = translate("Tisserand", "To look at: {told} of {count}").format(told=len(told), count=len(left))
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[counts, precisions, causes, Table(title_of_left, headings, told)],
        warnings=warnings,
    )
