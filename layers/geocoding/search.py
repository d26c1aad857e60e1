"""Ask for each address until an answer is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .addresses import LONGEST, Question
from .answers import DOUBTFUL, EMPTY, FOUND, NOT_FOUND, REFUSED, SILENT, TOO_LONG, Candidate, Verdict, judge
from .service import Geocoder


class Outcome(NamedTuple):
    """What became of a question; ``candidate`` is the answer believed, or else the best of those that are not."""

    verdict: Verdict
    candidate: Candidate | None


def settle(
    questions: Iterable[Question],
    geocoder: Geocoder,
    least: float,
    successors: Mapping[str, str],
    told: Callable[[float], None] = lambda share: None,
) -> dict[Question, Outcome]:
    """Return what became of each question; ``told`` hears the share of them (0 to 1) that was asked at least once.

    ``least`` and ``successors`` are those of ``judge``. What was answered before an error is kept by the geocoder.
    """
    outcomes = {question: _unasked(question) for question in questions}
    waiting = {question: question.attempts() for question in outcomes if question.attempts()}
    number, asked = 0, 0

    def heard(count: int) -> None:
        nonlocal asked
        asked += count
        told(min(1.0, asked / max(1, len(outcomes))))

    while waiting:
        geocoder.ask((attempts[number] for attempts in waiting.values()), heard)
        for question, attempts in waiting.items():
            candidate = geocoder.answer(attempts[number])
            if candidate is None:
                cause = REFUSED if attempts[number] in geocoder.refused else SILENT
                outcome = Outcome(Verdict(NOT_FOUND, (cause,)), None)
            else:
                outcome = Outcome(judge(question, candidate, least, successors), candidate)
            outcomes[question] = max(outcomes[question], outcome, key=_worth) if number else outcome
        number += 1
        waiting = {
            question: attempts
            for question, attempts in waiting.items()
            if outcomes[question].verdict.status != FOUND and number < len(attempts)
        }
    return outcomes


def _unasked(question: Question) -> Outcome:
    cause = TOO_LONG if len(question.address) > LONGEST else EMPTY
    return Outcome(Verdict(NOT_FOUND, (cause,)), None)


def _worth(outcome: Outcome) -> tuple[int, int, float]:
    """Order outcomes by what they are worth; of equals ``max`` keeps the first."""
    score = outcome.candidate.score if outcome.candidate else 0.0
    return (NOT_FOUND, DOUBTFUL, FOUND).index(outcome.verdict.status), -len(outcome.verdict.causes), score
