"""The kinds of things that an editor would want to know before printing, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from ...layers.errors import QT_TRANSLATE_NOOP

Translate = Callable[[str, str], str]


class Severity(Enum):
    """How much a finding matters: wrong or missing in print, poor in print, or worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES = {
    Severity.ERROR: QT_TRANSLATE_NOOP("Tisserand", "To correct"),
    Severity.WARNING: QT_TRANSLATE_NOOP("Tisserand", "To look at"),
    Severity.NOTE: QT_TRANSLATE_NOOP("Tisserand", "Could be better"),
}
SUBJECTS = {
    "actors": QT_TRANSLATE_NOOP("Tisserand", "Actors"),
    "needs": QT_TRANSLATE_NOOP("Tisserand", "Needs"),
    "projects": QT_TRANSLATE_NOOP("Tisserand", "Projects"),
    "monographs": QT_TRANSLATE_NOOP("Tisserand", "Monographs"),
    "photos": QT_TRANSLATE_NOOP("Tisserand", "Photos"),
    "territories": QT_TRANSLATE_NOOP("Tisserand", "Territories"),
    "analyses": QT_TRANSLATE_NOOP("Tisserand", "Analyses"),
    "notice": QT_TRANSLATE_NOOP("Tisserand", "Legal notice and settings"),
    "pages": QT_TRANSLATE_NOOP("Tisserand", "Pages"),
}


class Kind(NamedTuple):
    """A kind of finding; ``sentence`` and ``remedy`` are English, marked for translation, filled after it."""

    severity: Severity
    subject: str
    sentence: str
    remedy: str


class Finding(NamedTuple):
    """One thing to look at: its kind, what fills its sentence, the record to go to, the page it shows on (0: none)."""

    kind: str
    values: dict[str, object]
    table: str = ""
    uuid: str = ""
    page: int = 0

    @property
    def severity(self) -> Severity:
        return KINDS[self.kind].severity

    @property
    def subject(self) -> str:
        return KINDS[self.kind].subject

    def sentence(self, translate: Translate) -> str:
        """Return what was found, in the language of ``translate(context, text)``."""
        return translate("Tisserand", KINDS[self.kind].sentence).format(**self.values)

    def remedy(self, translate: Translate) -> str:
        """Return what to do about it."""
        return translate("Tisserand", KINDS[self.kind].remedy).format(**self.values)


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

KINDS: dict[str, Kind] = {
    "unplaced": Kind(
        _ERROR,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” has no position: it is left out of the guide."),
        QT_TRANSLATE_NOOP("Tisserand", "Place it on the map, or give its address and run “Addresses to points”."),
    ),
    "outside": Kind(
        _ERROR,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” stands outside the Département: it is left out of the guide."),
        QT_TRANSLATE_NOOP("Tisserand", "Correct its position or its INSEE code."),
    ),
    "no_consent_date": Kind(
        _ERROR,
        "actors",
        QT_TRANSLATE_NOOP(
            "Tisserand", "Contacts of “{name}” would be printed, but the day of the consent is not recorded."
        ),
        QT_TRANSLATE_NOOP("Tisserand", "Record the day of the consent, or untick “Coordonnées publiables”."),
    ),
    "kept_too_long": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "The contacts of “{name}” were to be kept until {day} only."),
        QT_TRANSLATE_NOOP("Tisserand", "Ask for consent again, or run “Erase expired contacts”."),
    ),
    "no_theme": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” has no theme: it is missing from the matrix and the theme maps."),
        QT_TRANSLATE_NOOP("Tisserand", "Choose its main theme in its record."),
    ),
    "stale": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” was not seen for a long time: {since}."),
        QT_TRANSLATE_NOOP("Tisserand", "Call or visit, then set the day of the visit or of the next review."),
    ),
    "undescribed": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” has no description."),
        QT_TRANSLATE_NOOP("Tisserand", "Say in a few plain sentences what is done there."),
    ),
    "unreachable": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” is printed without address, telephone, mail or site."),
        QT_TRANSLATE_NOOP("Tisserand", "Give an address, or a contact with its consent."),
    ),
    "draft": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” would be printed though nobody has validated its record yet."),
        QT_TRANSLATE_NOOP("Tisserand", "Read it through and set its status, or its diffusion to internal."),
    ),
    "imprecise": Kind(
        _NOTE,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” stands at the middle of its commune, not at its address."),
        QT_TRANSLATE_NOOP("Tisserand", "Move it to its place, or complete its address and run “Addresses to points”."),
    ),
    "duplicate": Kind(
        _WARNING,
        "actors",
        QT_TRANSLATE_NOOP("Tisserand", "“{name}” and “{other}” may be one and the same."),
        QT_TRANSLATE_NOOP("Tisserand", "Merge the records, or note that they are two."),
    ),
    "need_due": Kind(
        _WARNING,
        "needs",
        QT_TRANSLATE_NOOP("Tisserand", "A need of {commune} ({theme}) was valid until {day}; it still counts."),
        QT_TRANSLATE_NOOP("Tisserand", "Check whether it still holds, then set a new day or close it."),
    ),
    "need_uncounted": Kind(
        _NOTE,
        "needs",
        QT_TRANSLATE_NOOP("Tisserand", "A need of {commune} ({theme}) has no number: sums with it are masked."),
        QT_TRANSLATE_NOOP("Tisserand", "Fill in the number of situations if it is known."),
    ),
    "need_outside": Kind(
        _WARNING,
        "needs",
        QT_TRANSLATE_NOOP("Tisserand", "A need ({theme}) has no place in the Département: it does not count."),
        QT_TRANSLATE_NOOP("Tisserand", "Place it on its territory."),
    ),
    "project_over": Kind(
        _WARNING,
        "projects",
        QT_TRANSLATE_NOOP("Tisserand", "The project “{name}” ended on {day} and would be printed as under way."),
        QT_TRANSLATE_NOOP("Tisserand", "Set how far it has come, or a later day."),
    ),
    "no_subject": Kind(
        _ERROR,
        "monographs",
        QT_TRANSLATE_NOOP("Tisserand", "The monograph “{name}” is left out: what it is about is not in this guide."),
        QT_TRANSLATE_NOOP("Tisserand", "Check the diffusion and the position of the actor, site or initiative."),
    ),
    "no_criteria": Kind(
        _WARNING,
        "monographs",
        QT_TRANSLATE_NOOP("Tisserand", "The monograph “{name}” answers {answered} of the twelve criteria."),
        QT_TRANSLATE_NOOP("Tisserand", "Answer the criteria that are known, from 0 to 4."),
    ),
    "no_photo": Kind(
        _NOTE,
        "monographs",
        QT_TRANSLATE_NOOP("Tisserand", "The monograph “{name}” has no photo."),
        QT_TRANSLATE_NOOP("Tisserand", "Add one with its legend, its credit and the right to print it."),
    ),
    "photo_unusable": Kind(
        _ERROR,
        "photos",
        QT_TRANSLATE_NOOP("Tisserand", "The photo {name} cannot be printed: {cause}"),
        QT_TRANSLATE_NOOP("Tisserand", "Choose the image again in its record."),
    ),
    "photo_no_right": Kind(
        _ERROR,
        "photos",
        QT_TRANSLATE_NOOP("Tisserand", "The photo {name} is not printed: the right to show who is seen is not known."),
        QT_TRANSLATE_NOOP("Tisserand", "Ask for the written consent, or choose another photo."),
    ),
    "photo_no_credit": Kind(
        _WARNING,
        "photos",
        QT_TRANSLATE_NOOP("Tisserand", "The photo {name} does not say who took it."),
        QT_TRANSLATE_NOOP("Tisserand", "Fill in its credit."),
    ),
    "photo_no_legend": Kind(
        _WARNING,
        "photos",
        QT_TRANSLATE_NOOP(
            "Tisserand", "The photo {name} has no legend: who cannot see it will not know what it shows."
        ),
        QT_TRANSLATE_NOOP("Tisserand", "Say in one sentence what is seen."),
    ),
    "not_surveyed": Kind(
        _WARNING,
        "territories",
        QT_TRANSLATE_NOOP("Tisserand", "{name} was not surveyed yet: the guide says so and shows no gap there."),
        QT_TRANSLATE_NOOP("Tisserand", "Survey it, then set the day of the survey."),
    ),
    "analysis_absent": Kind(
        _WARNING,
        "analyses",
        QT_TRANSLATE_NOOP("Tisserand", "“{analysis}” was not run, or found nothing: its pages are left out."),
        QT_TRANSLATE_NOOP("Tisserand", "Run it into the workspace, or leave the section out."),
    ),
    "analysis_old": Kind(
        _WARNING,
        "analyses",
        QT_TRANSLATE_NOOP("Tisserand", "“{analysis}” was run on {day}; records changed since, the last on {changed}."),
        QT_TRANSLATE_NOOP("Tisserand", "Run it again into the workspace."),
    ),
    "analysis_undated": Kind(
        _NOTE,
        "analyses",
        QT_TRANSLATE_NOOP("Tisserand", "“{analysis}” does not say when it was run."),
        QT_TRANSLATE_NOOP("Tisserand", "Run it again into the workspace."),
    ),
    "withheld": Kind(
        _NOTE,
        "analyses",
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "Project leads withheld: {count}. Their number of situations is below the threshold, or would give away "
            "another one.",
        ),
        QT_TRANSLATE_NOOP("Tisserand", "Nothing to do: the confidentiality of the needs comes first."),
    ),
    "no_licence": Kind(
        _ERROR,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "The licence of the data is not filled in."),
        QT_TRANSLATE_NOOP("Tisserand", "Add the row “licences” to the table “meta” of the workspace."),
    ),
    "no_source": Kind(
        _ERROR,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "The sources of the data are not filled in."),
        QT_TRANSLATE_NOOP("Tisserand", "Add the row “sources” to the table “meta” of the workspace."),
    ),
    "no_director": Kind(
        _WARNING,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "Who is responsible for the publication is not filled in."),
        QT_TRANSLATE_NOOP("Tisserand", "Add the row “directeur_publication” to the table “meta” of the workspace."),
    ),
    "no_contact": Kind(
        _WARNING,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "The guide does not say whom to write to for a correction or an objection."),
        QT_TRANSLATE_NOOP("Tisserand", "Fill in the contact in the window of the guide."),
    ),
    "no_logo": Kind(
        _NOTE,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "The cover has no logo."),
        QT_TRANSLATE_NOOP("Tisserand", "Choose one in the window of the guide."),
    ),
    "setting": Kind(
        _WARNING,
        "notice",
        QT_TRANSLATE_NOOP("Tisserand", "{sentence}"),
        QT_TRANSLATE_NOOP("Tisserand", "Choose another one in the window of the guide."),
    ),
    "not_composed": Kind(
        _ERROR,
        "pages",
        QT_TRANSLATE_NOOP("Tisserand", "A page cannot be laid out: {sentence}"),
        QT_TRANSLATE_NOOP("Tisserand", "Shorten what is named, leave the section out, or use the built-in templates."),
    ),
    "cut": Kind(
        _WARNING,
        "pages",
        QT_TRANSLATE_NOOP("Tisserand", "Too long for its place, cut in print: “{text}”"),
        QT_TRANSLATE_NOOP("Tisserand", "Shorten it."),
    ),
    "overfull": Kind(
        _WARNING,
        "pages",
        QT_TRANSLATE_NOOP("Tisserand", "On a map, {hidden} of {symbols} symbols still hide each other."),
        QT_TRANSLATE_NOOP("Tisserand", "Choose a finer level of territories, or fewer themes."),
    ),
    "remark": Kind(
        _WARNING,
        "pages",
        QT_TRANSLATE_NOOP("Tisserand", "{sentence}"),
        QT_TRANSLATE_NOOP("Tisserand", "See the record that is named."),
    ),
}
"""Every kind by name, in the order in which a list shows them."""
