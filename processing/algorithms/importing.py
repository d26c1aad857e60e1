"""What importing actors and importing needs share: the adapter of ``layers.importing``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import INTEGER, TEXT
from ...layers.geopackage import refusal
from ...layers.importing import files
from ...layers.importing.ground import read_ground
from ...layers.importing.plan import Options, Plan, make_plan
from ...layers.importing.writing import write_plan
from .base import TisserandAlgorithm
from .frames import Shape, fields_of, stop_if_cancelled
from .import_reports import import_report

Answer = TypeVar("Answer")
# Seconds between two looks at whether the user wants to stop, while a file is read in one go.
GLANCE = 0.2
# What part of the whole work each step is, measured on 100,000 actors; in percent, done at its end.
READ, UNDERSTOOD, PLANNED = 10, 40, 60
TABLE_ONLY = Shape(QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem())


class ImportRows(TisserandAlgorithm):
    """Reads a file, plans, says what would become of each row, and writes unless it is a dry run."""

    PACKAGES: ClassVar = {}
    TABLE = ""
    INPUT, LAYER, FORMAT, MAPPING, SOURCE = "INPUT", "LAYER", "FORMAT", "MAPPING", "SOURCE"
    DRY_RUN, ACCEPT, KEEP_LOCAL, EMPTY_ERASES = "DRY_RUN", "ACCEPT", "KEEP_LOCAL", "EMPTY_ERASES"
    REJECTS, REMARKS, SAVE_MAPPING = "REJECTS", "REMARKS", "SAVE_MAPPING"
    OF_REJECTS: ClassVar = {"ligne": INTEGER, "champ": TEXT, "valeur": TEXT, "cause": TEXT, "accord": TEXT}

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.addParameter(QgsProcessingParameterFile(self.INPUT, translate("Tisserand", "File to import")))
        self.addParameter(
            QgsProcessingParameterEnum(
                self.FORMAT,
                translate("Tisserand", "Format"),
                list(files.FORMATS),
                defaultValue=files.FORMATS[0],
                usesStaticStrings=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterFile(
                self.MAPPING,
                translate("Tisserand", "Correspondence of columns (empty: known or guessed)"),
                extension="json",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                self.SOURCE, translate("Tisserand", "Name of the source, where the file does not say it"), optional=True
            )
        )
        self.add_store()
        self.addParameter(
            QgsProcessingParameterBoolean(
                self.DRY_RUN, translate("Tisserand", "Only say what would be done"), defaultValue=False
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.ACCEPT,
                translate("Tisserand", "Mendings that are agreed to"),
                list(files.PROPOSALS),
                allowMultiple=True,
                optional=True,
                usesStaticStrings=True,
            )
        )
        self._add_choices()
        self._add_outputs()

    def _add_choices(self):
        for name, label, default in (
            (self.KEEP_LOCAL, translate("Tisserand", "Keep what was changed here since the last import"), True),
            (self.EMPTY_ERASES, translate("Tisserand", "Empty cells erase"), False),
        ):
            self._add(QgsProcessingParameterBoolean(name, label, defaultValue=default), advanced=True)
        layer = translate("Tisserand", "Sheet or layer of the file (empty: the first)")
        self._add(QgsProcessingParameterString(self.LAYER, layer, optional=True), advanced=True)

    def _add_outputs(self):
        self.add_table(self.REJECTS, translate("Tisserand", "Rejected rows"), default=True)
        self.add_table(self.REMARKS, translate("Tisserand", "Remarks"))
        self.add_report()
        self.add_file(self.SAVE_MAPPING, translate("Tisserand", "Correspondence that was used"), "JSON (*.json)")
        for name, label in (
            ("READ", translate("Tisserand", "Rows read")),
            ("CREATED", translate("Tisserand", "Created")),
            ("UPDATED", translate("Tisserand", "Updated")),
            ("UNCHANGED", translate("Tisserand", "Unchanged")),
            ("REJECTED", translate("Tisserand", "Rejected")),
            ("KEPT", translate("Tisserand", "Local changes kept")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def add_table(self, name: str, label: str, *, default: bool = False) -> None:
        """Add a table without geometry to the outputs."""
        kind = QgsProcessing.SourceType.TypeVector
        sink = QgsProcessingParameterFeatureSink(name, label, kind, optional=True, createByDefault=default)
        self.addParameter(sink)

    def options(self, parameters, context, source: str) -> Options:
        """Return how rows are taken."""
        return Options(
            source,
            datetime.now(timezone.utc),
            keep_local=self.parameterAsBool(parameters, self.KEEP_LOCAL, context),
            empty_erases=self.parameterAsBool(parameters, self.EMPTY_ERASES, context),
        )

    def _value(self, definition, parameters, context) -> str:
        if definition.type() == "enum":
            return ", ".join(self.parameterAsEnumStrings(parameters, definition.name(), context))
        return super()._value(definition, parameters, context)

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        about = self.described(parameters, context)
        plan, mapping = self._plan(store, parameters, context, feedback)
        results = numbers(plan)
        written = []
        with taken_away_on_failure(written):
            results.update(self.tables(plan, parameters, context, feedback))
            path = self.parameterAsFileOutput(parameters, self.SAVE_MAPPING, context)
            if path:
                written.append(_write_text(Path(path), mapping.to_json()))
                results[self.SAVE_MAPPING] = path
            make = partial(import_report, self.displayName(), about, plan, feedback.warnings)
            self.save_report(parameters, context, results, make)
            if self.REPORT in results:
                written.append(Path(results[self.REPORT]))
            stop_if_cancelled(feedback)
            if not self.parameterAsBool(parameters, self.DRY_RUN, context):
                write_plan(store, plan, _progress(feedback, PLANNED, 100))
        feedback.setProgress(100)
        return results

    def _plan(self, store, parameters, context, feedback) -> tuple[Plan, files.Mapping]:
        path = Path(self.parameterAsFile(parameters, self.INPUT, context))
        kind = self.parameterAsEnumString(parameters, self.FORMAT, context)
        layer = self.parameterAsString(parameters, self.LAYER, context) or None
        saved = self.parameterAsFile(parameters, self.MAPPING, context)
        accept = frozenset(self.parameterAsEnumStrings(parameters, self.ACCEPT, context))
        ground = patiently(lambda: read_ground(store), feedback)
        sheet = patiently(lambda: files.read_file(path, kind, layer=layer), feedback)
        feedback.setProgress(READ)
        text = Path(saved).read_text(encoding="utf-8", errors="replace") if saved else None
        mapping = files.choose_mapping(sheet, self.TABLE, ground.communes, text)
        _tell(sheet, mapping, feedback)
        progress = _progress(feedback, READ, UNDERSTOOD)
        records = files.understand(sheet, mapping, ground, accept, progress, chosen=bool(saved))
        feedback.setProgress(UNDERSTOOD)
        source = files.source_of(path, mapping, self.parameterAsString(parameters, self.SOURCE, context))
        options = self.options(parameters, context, source)
        plan = patiently(lambda: make_plan(store, records, mapping, ground, options, _stop(feedback)), feedback)
        feedback.setProgress(PLANNED)
        return plan, mapping

    def tables(self, plan: Plan, parameters, context, feedback) -> dict[str, object]:
        """Write the tables that are asked for and return their ids by output."""
        results = {}
        for name, rejects in ((self.REJECTS, plan.rejected), (self.REMARKS, [*plan.remarks, *plan.kept])):
            rows = [
                (reject.row, reject.field, reject.value, reject.sentence(translate), files.mending_of(reject))
                for reject in rejects
            ]
            self.save_table(name, self.OF_REJECTS, sorted(rows), results, parameters, context, feedback)
        return results

    def save_table(self, name, columns, rows: Iterable, results: dict, parameters, context, feedback) -> None:
        """Write rows as the table ``name`` where it is asked for, and add its id to the results."""
        fields = fields_of(columns)
        features = (_feature(fields, row) for row in rows)
        destination = self.save(parameters, name, context, feedback, fields, TABLE_ONLY, features)
        if destination is not None:
            results[name] = destination


def numbers(plan: Plan) -> dict[str, int]:
    """Return how many rows had each fate; created, updated, unchanged and rejected add up to those read."""
    return {
        "READ": plan.read,
        "CREATED": len(plan.creates),
        "UPDATED": len(plan.updates),
        "UNCHANGED": plan.unchanged,
        "REJECTED": plan.rejected_rows,
        "KEPT": len(plan.kept) + plan.services.kept,
    }


def patiently(call: Callable[[], Answer], feedback) -> Answer:
    """Return what a call returns that cannot be stopped; when the user stops, its answer is not waited for."""
    pool = ThreadPoolExecutor(1)
    try:
        answer = pool.submit(call)
        while True:
            stop_if_cancelled(feedback)
            try:
                return answer.result(GLANCE)
            except NotYet:
                if answer.done():
                    raise
    finally:
        pool.shutdown(wait=False)


@contextmanager
def taken_away_on_failure(paths: list[Path]):
    """Delete the files listed, should what follows fail."""
    try:
        yield
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise


def _stop(feedback) -> Callable[[], None]:
    return lambda: stop_if_cancelled(feedback)


def _progress(feedback, start: float, end: float) -> Callable[[float], None]:
    def told(share: float) -> None:
        stop_if_cancelled(feedback)
        feedback.setProgress(start + share * (end - start))

    return told


def _tell(sheet: files.Sheet, mapping: files.Mapping, feedback) -> None:
    words = ", ".join(f"{name}: {value}" for name, value in sheet.about.items())
    feedback.pushInfo(
        translate("Tisserand", "Read as {format} ({about}): {rows} rows.").format(
            format=sheet.format, about=words, rows=len(sheet.rows)
        )
    )
    pairs = ", ".join(f"{name} ← {' + '.join(rule.columns) or rule.constant}" for name, rule in mapping.columns.items())
    feedback.pushInfo(translate("Tisserand", "Correspondence: {pairs}.").format(pairs=pairs))


def _write_text(path: Path, text: str) -> Path:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    return path


def _feature(fields, row) -> QgsFeature:
    feature = QgsFeature(fields)
    feature.setAttributes(list(row))
    return feature
