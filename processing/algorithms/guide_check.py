"""The check before printing: what a careful editor would look at in the guide that the same choices would print."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.errors import CancelledError, TisserandError
from ...layers.fields import INTEGER, TEXT
from ...layers.result_looks.preflight import style_findings
from .frames import Shape, fields_of
from .guide_parameters import add_choices, asked
from .printing import PrintingAlgorithm
from .reports import Report, Table
from .results import present


class GuideCheck(PrintingAlgorithm):
    """Reads a workspace as the guide does, composes the book without drawing it, and lists what to look at."""

    OUTPUT = "OUTPUT"
    FIELDS: ClassVar = {
        "rang": INTEGER,
        "gravite": TEXT,
        "sujet": TEXT,
        "constat": TEXT,
        "remede": TEXT,
        "nom_table": TEXT,
        "objet_uuid": TEXT,
        "page": INTEGER,
        "sorte": TEXT,
    }

    def name(self):
        return "guidecheck"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Check before printing")

    def shortHelpString(self):  # noqa: N802
        return method()

    def initAlgorithm(self, configuration=None):  # noqa: N802
        add_choices(self)
        kind = QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, self.displayName(), kind))
        self.add_report()
        for name, label in (
            ("FINDINGS", translate("Tisserand", "Findings")),
            ("ERRORS", translate("Tisserand", "To correct")),
            ("WARNINGS", translate("Tisserand", "To look at")),
            ("NOTES", translate("Tisserand", "Could be better")),
            ("PAGES_COUNT", translate("Tisserand", "Pages")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def work(self, parameters, context, feedback):
        choices = asked(self, parameters, context)
        about = self.described(parameters, context)
        about["DATE"] = (about["DATE"][0], choices.printed_on.isoformat())
        findings, pages = findings_of(choices, feedback)
        rows = [_row(rank, finding) for rank, finding in enumerate(findings, 1)]

        fields = fields_of(self.FIELDS)
        shape = Shape(QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem())
        destination = self.save(parameters, self.OUTPUT, context, feedback, fields, shape, _features(rows, fields))
        present(destination, style_findings, self.displayName(), about, context)
        counts = Counter(finding.severity.value for finding in findings)
        results = {
            self.OUTPUT: destination,
            "FINDINGS": len(findings),
            "ERRORS": counts["error"],
            "WARNINGS": counts["warning"],
            "NOTES": counts["note"],
            "PAGES_COUNT": pages,
        }
        make = lambda: report(self.displayName(), about, findings, pages, feedback.warnings)  # noqa: E731
        self.save_report(parameters, context, results, make)
        return results


def findings_of(choices, feedback) -> tuple[list, int]:
    """Return the findings for what is asked, and how many pages it would have; 0 when it cannot be laid out."""
    from ...guide.photos import checked
    from ...guide.preflight import check
    from ...guide.printing import Press, read

    waited = 0.0

    def tick() -> None:
        # How long reading and composing take is not known before: the bar goes on, ever slower.
        nonlocal waited
        waited += 1
        feedback.setProgress(90 * waited / (waited + 200))
        if feedback.isCanceled():
            raise CancelledError

    content = read(choices, tick)
    press = Press(choices)
    try:
        book = press.compose(content, tick=tick)
    except CancelledError:
        raise
    except TisserandError as error:
        book = error
    settings = choices.settings
    found = check(
        choices.store, content, choices.chosen, settings, checked, book, press.notes, translate
    )  # fmt: skip
    return found, 0 if isinstance(book, TisserandError) else len(book.pages)


def _row(rank: int, finding) -> list:
    from ...guide.preflight import SEVERITIES, SUBJECTS

    return [
        rank,
        translate("Tisserand", SEVERITIES[finding.severity]),
        translate("Tisserand", SUBJECTS[finding.subject]),
        finding.sentence(translate),
        finding.remedy(translate),
        finding.table,
        finding.uuid,
        finding.page or None,
        finding.severity.value,
    ]


def _features(rows: list[list], fields):
    for row in rows:
        feature = QgsFeature(fields)
        feature.setAttributes(row)
        yield feature


def method() -> str:
    """Return what is looked at, for the help and the report."""
    return "\n".join(
        (
            translate(
                "Tisserand",
                "Looks, as a careful editor would, at the guide that the same choices would print: records that are "
                "stale, without a theme, a place or a description; photos that cannot or may not be printed; "
                "territories nobody surveyed; analyses that are missing or older than what they read; licence, "
                "sources, logo, font, templates; texts too long for their place and maps too full.",
            ),
            translate(
                "Tisserand",
                "Nothing is printed and nothing is changed. Each line names the record and what to do; in the window "
                "“Check before printing…” a double click goes to it.",
            ),
        )
    )


def report(title: str, about: dict, findings: list, pages: int, warnings: list[str]) -> Report:
    """Return the report: how many findings of each severity and subject, then all of them."""
    from ...guide.preflight import SEVERITIES, SUBJECTS

    counted = Counter((finding.subject, finding.severity) for finding in findings)
    subjects = [subject for subject in SUBJECTS if any(counted[subject, severity] for severity in SEVERITIES)]
    heads = [translate("Tisserand", text) for text in SEVERITIES.values()]
    summary = Table(
        translate("Tisserand", "In short"),
        (translate("Tisserand", "Subject"), *heads),
        [
            (translate("Tisserand", SUBJECTS[subject]), *(counted[subject, severity] for severity in SEVERITIES))
            for subject in subjects
        ],
    )
    rows = [_row(rank, finding) for rank, finding in enumerate(findings, 1)]
    every = Table(
        translate("Tisserand", "Findings"),
        (
            translate("Tisserand", "Severity"),
            translate("Tisserand", "Subject"),
            translate("Tisserand", "Finding"),
            translate("Tisserand", "Remedy"),
            translate("Tisserand", "Page"),
        ),
        [(row[1], row[2], row[3], row[4], row[7] or "") for row in rows],
    )
    told = translate("Tisserand", "Pages the guide would have: {count}.").format(count=pages)
    return Report(
        title=title,
        method="\n".join((method(), told)),
        formula="",
        source="",
        about=about,
        tables=[summary, every],
        warnings=warnings,
    )
