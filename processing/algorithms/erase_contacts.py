"""Contacts whose time is over: the adapter of ``layers.retention``."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.model.tables import table
from ...layers.retention import Erasure, erase_contacts
from .base import TisserandAlgorithm
from .days import day_given
from .reports import Report, Table

FORMULA = "conservation_jusqu_a < date, ou opposition_le renseignée"
SOURCE = "CNIL, référentiel « accompagnement social et médico-social », délibération 2021-028 du 11 mars 2021."


class EraseContacts(TisserandAlgorithm):
    """Erase the contacts of people from a workspace, its history and its conflicts."""

    PACKAGES: ClassVar = {}

    TODAY, ACTOR, DRY_RUN = "TODAY", "ACTOR", "DRY_RUN"
    EXPIRED, ERASED = "EXPIRED", "ERASED"

    def name(self):
        return "erasecontacts"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Erase expired contacts")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        self.addParameter(
            QgsProcessingParameterString(
                self.TODAY, translate("Tisserand", "As of (YYYY-MM-DD; empty: today)"), optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                self.ACTOR,
                translate("Tisserand", "Identifier (uuid) of a record to erase at once, at the person's request"),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterBoolean(
                self.DRY_RUN, translate("Tisserand", "Only show what would be erased"), defaultValue=True
            )
        )
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber(self.EXPIRED, translate("Tisserand", "Records with expired contacts")))
        self.addOutput(QgsProcessingOutputNumber(self.ERASED, translate("Tisserand", "Values erased")))

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        today = day_given(self.parameterAsString(parameters, self.TODAY, context))
        asked = self.parameterAsString(parameters, self.ACTOR, context).strip().strip("{}").lower()
        rehearse = self.parameterAsBool(parameters, self.DRY_RUN, context)
        about = self.described(parameters, context)
        about[self.TODAY] = (about[self.TODAY][0], today.isoformat())
        found = erase_contacts(store, today, asked, rehearse=rehearse)
        _tell(found, rehearse, feedback)
        results = {self.EXPIRED: len(found.due), self.ERASED: found.erased}
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, found, feedback.warnings)
        )
        return results


def method() -> str:
    """Return what is erased, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Erases the name of the person to contact once the date up to which the record may keep it has passed, or "
            "the person objected; telephone and e-mail, which are the structure's, once it objected. Those of town "
            "halls, which the law publishes, stay.",
        ),
        translate(
            "Tisserand",
            "The contact that came with a contribution, and what the file of origin said of a correspondent, go with "
            "their date; the correspondent's code stays.",
        ),
        translate(
            "Tisserand",
            "They are erased from the record, its history, its conflicts and the bytes of the file. Nothing else is "
            "changed, and the history says that something was erased, not what. This cannot be undone.",
        ),
    )
    return "\n".join(sentences)


def report(title: str, about: dict[str, tuple[str, str]], found: Erasure, warnings: list[str]) -> Report:
    """Return the report: the records by name, never the values."""
    headings = (
        translate("Tisserand", "Table"),
        translate("Tisserand", "Record"),
        translate("Tisserand", "Fields"),
        translate("Tisserand", "Values"),
    )
    rows = [
        (
            table(row.table).title,
            row.label,
            ", ".join(table(row.table)[field].alias for field in row.fields),
            row.places,
        )
        for row in found.due
    ]
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[Table(translate("Tisserand", "Records with expired contacts"), headings, rows)],
        warnings=warnings,
    )


def _tell(found: Erasure, rehearse: bool, feedback) -> None:
    if rehearse:
        text = translate(
            "Tisserand", "Records with expired contacts: {count}. Nothing was erased: this was a rehearsal."
        )
    else:
        text = translate("Tisserand", "Records whose contacts were erased: {count} ({values} values).")
    feedback.pushInfo(text.format(count=len(found.due), values=found.erased))
    for row in found.due:
        feedback.pushInfo(f"{table(row.table).title} : {row.label}")
    if found.elsewhere and not rehearse:
        text = translate("Tisserand", "The same values still stand in other records, for you to judge: {places}.")
        places = ", ".join(f"{place} ({count})" for place, count in found.elsewhere.items())
        feedback.pushWarning(text.format(places=places))
    if found.copies:
        text = translate("Tisserand", "Files beside the workspace still hold these contacts: {files}. Delete them.")
        feedback.pushWarning(text.format(files=", ".join(path.name for path in found.copies)))
