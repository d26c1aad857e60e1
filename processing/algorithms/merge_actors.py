"""Merge actors: one proposal of “Possible duplicates” applied to a workspace; the adapter of ``layers.merging``."""

from __future__ import annotations

import json
from typing import ClassVar

from qgis.core import (
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.merging import Merging, apply_merging, plan_merging
from ...layers.model.columns import AUTHOR_EXPRESSION
from ...layers.model.tables import table
from .base import TisserandAlgorithm
from .duplicate_proposals import text_of
from .frames import some, stop_if_cancelled
from .reports import Report, Table


class MergeActors(TisserandAlgorithm):
    """Plans a merge, writes it unless it is a dry run, and tells what changes."""

    PACKAGES: ClassVar = {}

    KEEP, WITHDRAW, FIELDS, DRY_RUN = "KEEP", "WITHDRAW", "FIELDS", "DRY_RUN"

    def name(self):
        return "mergeactors"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Merge actors")

    def shortHelpString(self):  # noqa: N802
        return method()

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        self.addParameter(QgsProcessingParameterString(self.KEEP, translate("Tisserand", "Actor to keep (identifier)")))
        self.addParameter(
            QgsProcessingParameterString(
                self.WITHDRAW, translate("Tisserand", "Actors to withdraw (identifiers separated by |)")
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                self.FIELDS,
                translate("Tisserand", "Values to take from another record (JSON: field → identifier)"),
                optional=True,
                multiLine=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterBoolean(
                self.DRY_RUN, translate("Tisserand", "Dry run: tell, write nothing"), defaultValue=False
            )
        )
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber("WITHDRAWN", translate("Tisserand", "Actors withdrawn")))
        self.addOutput(QgsProcessingOutputNumber("MOVED", translate("Tisserand", "Records attached to the kept actor")))
        self.addOutput(QgsProcessingOutputNumber("DOUBLED", translate("Tisserand", "Double links withdrawn")))

    def work(self, parameters, context, feedback):
        about = self.described(parameters, context)
        store = self.store(parameters, context)
        withdraw = [uuid.strip() for uuid in self.parameterAsString(parameters, self.WITHDRAW, context).split("|")]
        plan = plan_merging(
            store,
            self.parameterAsString(parameters, self.KEEP, context).strip(),
            [uuid for uuid in withdraw if uuid],
            fields_given(self.parameterAsString(parameters, self.FIELDS, context)),
            author=_author(),
        )
        stop_if_cancelled(feedback)
        dry = self.parameterAsBoolean(parameters, self.DRY_RUN, context)
        if plan.already:
            text = translate("Tisserand", "Merged before, left as they are: {count} ({ids}).")
            feedback.pushWarning(text.format(count=len(plan.already), ids=some(plan.already)))
        for choice in plan.choices:
            if any(choice.others):
                feedback.pushInfo(f"{_alias(choice.field)} : {text_of(choice.value)} ← {_others(choice)}")
        if not dry:
            apply_merging(store, plan)
        results = {
            "WITHDRAWN": len(plan.withdrawn),
            "MOVED": sum(plan.moved.values()),
            "DOUBLED": plan.doubled,
        }
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, plan, feedback.warnings)
        )
        return results


def fields_given(text: str) -> dict[str, str]:
    """Return field -> uuid as the user wrote it in JSON; {} for nothing."""
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "“{text}” does not say which value to take: write it as {example}, or leave it empty."
            ),
            text=text,
            example='{"telephone": "1b4e28ba-…"}',
        )
    return found


def method() -> str:
    """Return what a merge does, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "The kept actor takes from the others what it lacks; codes of both are united; a field named in the values "
            "to take comes from the record named. An address, and a consent with the name it was given for, are never "
            "made of two records.",
        ),
        translate(
            "Tisserand",
            "The stricter rule holds whatever is chosen: an opposition, contacts that may not be published, the "
            "earlier end of retention; and, unless chosen, the narrower readership.",
        ),
        translate(
            "Tisserand",
            "Services, visits, links, needs and all else that refers to the withdrawn actors is attached to the kept "
            "one; a link that would double another one, or join the actor to itself, is withdrawn. Nothing is deleted: "
            "withdrawn records stay in the workspace, the journal tells the merge, and importing again the file they "
            "came from does not bring them back.",
        ),
    )
    return "\n".join(sentences)


def report(title: str, about: dict[str, tuple[str, str]], plan: Merging, warnings: list[str]) -> Report:
    """Return the report: the value of each field, then what moved."""
    values = [
        (
            _alias(choice.field),
            text_of(choice.value),
            choice.origin,
            _others(choice),
            translate("Tisserand", "yes") if choice.contradiction else "",
        )
        for choice in plan.choices
    ]
    headings = (
        translate("Tisserand", "Field"),
        translate("Tisserand", "Value"),
        translate("Tisserand", "From"),
        translate("Tisserand", "Other values"),
        translate("Tisserand", "Contradiction"),
    )
    moved = [(table(name).title, count) for name, count in plan.moved.items()]
    return Report(
        title=title,
        method=method(),
        formula="",
        source="Tisserand.",
        about=about,
        tables=[
            Table(translate("Tisserand", "Values"), headings, values),
            Table(
                translate("Tisserand", "Attached to the kept actor"),
                (translate("Tisserand", "Table"), translate("Tisserand", "Records")),
                moved,
            ),
        ],
        warnings=warnings,
    )


def _others(choice) -> str:
    return ", ".join(text_of(value) or "" for _, value in choice.others)


def _alias(name: str) -> str:
    """Return the French name of a field of the actors; that of the position is not in the model."""
    return table("acteur")[name].alias if name in table("acteur").names else "Position"


def _author() -> str | None:
    """Return who works, in the way in which forms put it in ``maj_par``."""
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    return QgsExpression(AUTHOR_EXPRESSION).evaluate(context) or None
