"""The HTML report beside a result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Real
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsProcessingFeedback, QgsProcessingMultiStepFeedback
from qgis.PyQt.QtCore import QLocale

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .charts import UNPRINTABLE, Chart, pictures

# Characters from which a text wants a wide column.
LONG = 60
_FIGURE = re.compile(r"[-−]?\d[\d\s\u202f\u00a0]*([.,]\d+)?(\s?%)?")
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
    environment = Environment(autoescape=True)
    environment.filters |= {"said": said, "look": _look}
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    words = {
        "method": translate("Tisserand", "Method"),
        "source": translate("Tisserand", "Source"),
        "parameters": translate("Tisserand", "Parameters"),
        "warnings": translate("Tisserand", "Warnings"),
        "none": translate("Tisserand", "None."),
    }
    page = template.render(report=report, words=words, drawn=drawn, without_charts=without_charts)
    try:
        Path(path).write_text(UNPRINTABLE.sub("\ufffd", page), encoding="utf-8")
    except OSError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The report {path} cannot be written: {cause}. Choose another place."),
            path=path,
            cause=error.strerror,
        ) from error


def said(value: object) -> str:
    """Return a figure as its reader writes it, with at most three digits after the comma; text as it is."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return "" if value is None else str(value)
    if value != value:
        return ""
    digits = 0 if float(value).is_integer() or abs(value) >= 1000 else 1 if abs(value) >= 10 else 3
    written = QLocale().toString(float(value), "f", digits)
    return written.rstrip("0").rstrip(QLocale().decimalPoint()) if digits else written


def _look(value: object) -> str:
    """Return the class of a cell: figures stand to the right, long texts have room."""
    text = said(value)
    if _FIGURE.fullmatch(text):
        return "number"
    return "long" if len(text) > LONG else ""
