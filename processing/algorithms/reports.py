"""The HTML report beside a result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsProcessingFeedback, QgsProcessingMultiStepFeedback

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .charts import Chart, pictures

TEMPLATE = Path(__file__).resolve().parents[2] / "styles" / "report.html"


class RememberingFeedback(QgsProcessingMultiStepFeedback):
    """Passes everything on; keeps the warnings for the report, and the outputs written so far."""

    def __init__(self, feedback: QgsProcessingFeedback):
        super().__init__(1, feedback)
        self.warnings: list[str] = []
        self.written: list[str] = []
        if feedback.isCanceled():
            self.cancel()

    def pushWarning(self, warning):  # noqa: N802 - name imposed by QGIS
        self.warnings.append(warning)
        super().pushWarning(warning)


class Table(NamedTuple):
    """A table under a title: the names of its columns, and its rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


class Report(NamedTuple):
    """What a report says: the method in plain sentences, its formula and its source, what came out, and warnings.

    A ``Table`` gives the figures, a chart shows those that a reader wants to compare.
    """

    title: str
    method: str
    formula: str
    source: str
    about: dict[str, tuple[str, str]]
    tables: Sequence[Table]
    warnings: Sequence[str]
    charts: Sequence[Chart] = ()


def write_report(path: str, report: Report) -> None:
    """Write the report as one HTML file; all text is escaped."""
    from jinja2 import Environment

    drawn, without_charts = pictures(report.charts)
    template = Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    words = {
        "method": translate("Tisserand", "Method"),
        "source": translate("Tisserand", "Source"),
        "parameters": translate("Tisserand", "Parameters"),
        "warnings": translate("Tisserand", "Warnings"),
        "none": translate("Tisserand", "None."),
    }
    page = template.render(report=report, words=words, drawn=drawn, without_charts=without_charts)
    try:
        Path(path).write_text(page, encoding="utf-8")
    except OSError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The report {path} cannot be written: {cause}. Choose another place."),
            path=path,
            cause=error.strerror,
        ) from error
