"""A workspace of an earlier version: the adapter of ``layers.migrations`` and ``layers.project_renewal``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
)

from ...i18n import translate
from ...layers.errors import TisserandError
from ...layers.migrations import Upgraded, upgrade
from ...layers.project_renewal import check_closed, renew_project
from .base import TisserandAlgorithm
from .frames import stop_if_cancelled


class UpgradeWorkspace(TisserandAlgorithm):
    """Bring a store to the schema of today, and make its project anew."""

    PACKAGES: ClassVar = {}

    BACKUP, FROM, TO, PROJECT = "BACKUP", "FROM", "TO", "PROJECT"

    def name(self):
        return "upgradeworkspace"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Upgrade a workspace")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join(
            (
                translate(
                    "Tisserand",
                    "Brings a workspace made by an earlier version of Tisserand to the tables and rules of this one. "
                    "Every value is kept, as are the tables, fields, styles and results that you added.",
                ),
                translate(
                    "Tisserand",
                    "A copy of the workspace is put beside it first, and seen to be whole. The upgrade is done "
                    "entirely or not at all. Close the workspace in every other program before.",
                ),
                translate(
                    "Tisserand",
                    "The QGIS project beside the workspace is made anew, with the new forms; the former one is kept "
                    "under another name, with the layers and layouts that you added to it.",
                ),
            )
        )

    def flags(self):
        # A QgsProject is made, which must not happen in another thread.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        self.addOutput(QgsProcessingOutputFile(self.BACKUP, translate("Tisserand", "Copy of the former workspace")))
        self.addOutput(QgsProcessingOutputNumber(self.FROM, translate("Tisserand", "Schema before")))
        self.addOutput(QgsProcessingOutputNumber(self.TO, translate("Tisserand", "Schema now")))
        self.addOutput(QgsProcessingOutputFile(self.PROJECT, translate("Tisserand", "QGIS project")))

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        check_closed(store)

        def progress(share: float) -> None:
            stop_if_cancelled(feedback)
            feedback.setProgress(90 * share)

        done = upgrade(store, date.today(), progress)
        _report(store, done, feedback)
        project = store.with_suffix(".qgz")
        if done.backup is not None or not project.exists():
            _renew(store, done, feedback)
        feedback.setProgress(100)
        return {
            self.BACKUP: "" if done.backup is None else str(done.backup),
            self.FROM: done.before,
            self.TO: done.after,
            self.PROJECT: str(project) if project.exists() else "",
        }


def _report(store: Path, done: Upgraded, feedback) -> None:
    if done.backup is None:
        text = translate("Tisserand", "{path} is of this version already (schema {schema}): it was left as it is.")
        feedback.pushInfo(text.format(path=store, schema=done.after))
        return
    text = translate("Tisserand", "{path} was upgraded from schema {before} to {after}; the former one is {backup}.")
    feedback.pushInfo(text.format(path=store, before=done.before, after=done.after, backup=done.backup))
    for name, count in done.rows.items():
        if count:
            feedback.pushInfo(f"{name} : {count}")


def _renew(store: Path, done: Upgraded, feedback) -> None:
    """Make the project anew; when that fails, the workspace is upgraded all the same, and the user told so."""
    try:
        renewed = renew_project(store, done.before)
    except TisserandError as error:
        text = translate(
            "Tisserand",
            "The workspace is upgraded, but its project could not be made anew: {cause} Then remove or rename the "
            "project {path} and run this again.",
        )
        feedback.pushWarning(text.format(cause=error.sentence(translate), path=store.with_suffix(".qgz")))
        return
    if renewed.former is None:
        text = translate("Tisserand", "The project {path} was made.")
    else:
        text = translate("Tisserand", "The project {path} was made anew; the former one is kept as {former}.")
    feedback.pushInfo(text.format(path=renewed.file, former=renewed.former))
