"""What all algorithms of the provider share."""

from __future__ import annotations

import errno
import os
import shutil
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
)
from qgis.PyQt.QtGui import QIcon

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import refusal
from .frames import CHUNK, Reading, Shape, stop_if_cancelled
from .outputs import file_of, take_away, unwritable
from .packages import missing_package
from .reading import read, whole_layer
from .reports import RememberingFeedback, Report, write_report
from .results import present

# Bytes: with less room on the disk a GeoPackage may be cut short without a word, so nothing is begun.
LEAST_FREE = 20_000_000
STYLES = Path(__file__).resolve().parents[2] / "styles"


class TisserandAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the provider.

    A subclass gives ``name``, ``displayName``, ``shortHelpString``, ``initAlgorithm`` and ``work``; in ``work``
    any ``TisserandError`` reaches the user as one sentence in their language.
    """

    PACKAGES: ClassVar = {"geopandas": (1, 0), "shapely": (2, 0), "scipy": (1, 9)}
    """Packages that QGIS does not always bring, and their lowest version."""

    GROUP = "data"
    """Where it stands in the toolbox: data, analysis or guide."""

    STORE, REPORT = "STORE", "REPORT"

    def createInstance(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return type(self)()

    def icon(self):
        return QIcon(str(STYLES / "icon.svg"))

    def group(self):
        return {
            "data": translate("Tisserand", "Workspace and data"),
            "analysis": translate("Tisserand", "Analysis"),
            "guide": translate("Tisserand", "Guide"),
        }[self.GROUP]

    def groupId(self):  # noqa: N802
        return self.GROUP

    def canExecute(self):  # noqa: N802
        sentence = missing_package(self.PACKAGES)
        return not sentence, sentence

    def checkParameterValues(self, parameters, context):  # noqa: N802
        for definition in self.parameterDefinitions():
            given = parameters.get(definition.name())
            if definition.type() not in ("source", "file") or given in (None, NULL, ""):
                continue
            unreadable = (
                definition.type() == "source" and self.parameterAsSource(parameters, definition.name(), context) is None
            )
            if unreadable or not definition.checkValueIsAcceptable(given, context):
                text = translate(
                    "Tisserand",
                    "{value} cannot be read ({label}): check that the file exists and is of the right kind.",
                )
                return False, text.format(value=given, label=definition.description())
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(self, parameters, context, feedback):  # noqa: N802
        # qgis_process does not ask canExecute.
        sentence = missing_package(self.PACKAGES)
        if sentence:
            raise QgsProcessingException(sentence)
        return True

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        feedback = RememberingFeedback(feedback)
        try:
            return self.work(parameters, context, feedback)
        except (TisserandError, QgsProcessingException) as error:
            for destination in feedback.written:
                take_away(destination, context)
            # QGIS keeps what is raised here for ever, and with it the layers of the calls it came through: one that
            # outlives GDAL takes the process down at its end.
            traceback.clear_frames(error.__traceback__)
            if isinstance(error, QgsProcessingException):
                raise
            raise QgsProcessingException(error.sentence(translate)) from error
        except OSError as error:
            refused = refusal(Path(error.filename or "."), error.strerror or str(error))
            raise QgsProcessingException(refused.sentence(translate)) from error

    def work(self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback) -> dict:
        """Do the work and return the outputs by name; ``feedback.warnings`` has what was warned of so far."""
        raise NotImplementedError("an algorithm defines work(); run() belongs to QGIS")

    def add_layer(self, name: str, label: str, types: list[int], optional: bool = False) -> None:
        """Add a layer to choose."""
        self.addParameter(QgsProcessingParameterFeatureSource(name, label, types, optional=optional))

    def add_field(self, name, label, default, layer, kind=QgsProcessingParameterField.DataType.Any, advanced=False):
        """Add a field of the layer parameter ``layer``, which may be left empty."""
        self._add(QgsProcessingParameterField(name, label, default, layer, kind, optional=True), advanced)

    def add_number(self, name: str, label: str, default: float, advanced: bool = False) -> None:
        """Add a number, 0 or more."""
        kind = QgsProcessingParameterNumber.Type.Double
        self._add(QgsProcessingParameterNumber(name, label, kind, default, minValue=0), advanced)

    def add_whole(self, name: str, label: str, default: int, least: int, advanced: bool = True) -> None:
        """Add a whole number, ``least`` or more."""
        kind = QgsProcessingParameterNumber.Type.Integer
        self._add(QgsProcessingParameterNumber(name, label, kind, default, minValue=least), advanced)

    def add_store(self) -> None:
        """Add the workspace to work on."""
        label = translate("Tisserand", "Workspace")
        self.addParameter(QgsProcessingParameterFile(self.STORE, label, extension="gpkg"))

    def store(self, parameters: dict, context: QgsProcessingContext) -> Path:
        """Return the workspace to work on."""
        return Path(self.parameterAsFile(parameters, self.STORE, context))

    def add_file(self, name: str, label: str, kind: str, default: bool = False) -> None:
        """Add a file to write, made only when asked for; ``default``: a window proposes a temporary one."""
        self.addParameter(
            QgsProcessingParameterFileDestination(name, label, kind, optional=True, createByDefault=default)
        )

    def add_report(self) -> None:
        """Add the HTML report; an analysis proposes it."""
        self.add_file(self.REPORT, translate("Tisserand", "Report"), "HTML (*.html)", self.GROUP == "analysis")

    def save_report(
        self, parameters: dict, context: QgsProcessingContext, results: dict, make: Callable[[], Report]
    ) -> None:
        """Write the report, where it is asked for, and add it to the results."""
        path = self.parameterAsFileOutput(parameters, self.REPORT, context)
        if path:
            write_report(path, make())
            results[self.REPORT] = path

    def _add(self, definition, advanced):
        if advanced:
            definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(definition)

    def source(self, parameters: dict, name: str, context: QgsProcessingContext) -> QgsProcessingFeatureSource | None:
        """Return the layer of a parameter, None when it is optional and left empty; raise when it cannot be read."""
        source = self.parameterAsSource(parameters, name, context)
        if source is None and not (self._is_optional(name) and parameters.get(name) in (None, NULL, "")):
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        return source

    def read(
        self,
        name: str,
        columns: dict[str, str],
        parameters: dict,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> Reading | None:
        """Return the layer of a parameter as read; ``columns`` maps a column to the parameter naming its field."""
        source = self.source(parameters, name, context)
        if source is None:
            return None
        fields = {column: self.field(parameters, field, context, source, feedback) for column, field in columns.items()}
        layer = whole_layer(parameters.get(name), self.parameterAsVectorLayer(parameters, name, context))
        return read(source, fields, feedback, layer)

    def _is_optional(self, name):
        return bool(self.parameterDefinition(name).flags() & QgsProcessingParameterDefinition.Flag.FlagOptional)

    def field(
        self,
        parameters: dict,
        name: str,
        context: QgsProcessingContext,
        source: QgsProcessingFeatureSource,
        feedback: QgsProcessingFeedback,
    ) -> str | None:
        """Return the field that a parameter names in ``source``, None when it is left empty.

        A field that the user named must exist. A default field that the layer lacks is reported, and taken as none.
        """
        # An empty choice comes as None, which parameterAsString would turn into the default.
        named = name in parameters
        if named and parameters[name] in (None, NULL, ""):
            return None
        field = self.parameterAsString(parameters, name, context)
        if not field or source.fields().lookupField(field) >= 0:
            return field or None
        if named:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "The layer {layer} has no field {field} (parameter {parameter}). Its fields: {fields}. "
                    "Name one of them, or leave it empty.",
                ),
                layer=source.sourceName(),
                field=field,
                parameter=name,
                fields=", ".join(source.fields().names()),
            )
        feedback.pushWarning(
            translate("Tisserand", "{layer} has no field {field} ({parameter}): done without it.").format(
                layer=source.sourceName(), field=field, parameter=name
            )
        )
        return None

    def described(self, parameters: dict, context: QgsProcessingContext) -> dict[str, tuple[str, str]]:
        """Return what the result was made with, for its metadata and its report: parameter -> (label, value)."""
        about = {"VERSION": ("Tisserand", self.provider().versionInfo())}
        for definition in self.parameterDefinitions():
            if not definition.isDestination():
                value = self._value(definition, parameters, context)
                about[definition.name()] = (definition.description(), value)
        return about

    def _value(self, definition, parameters, context) -> str:
        if definition.type() == "source":
            source = self.parameterAsSource(parameters, definition.name(), context)
            return source.sourceName() if source else ""
        if definition.type() == "enum":
            return definition.options()[self.parameterAsEnum(parameters, definition.name(), context)]
        if definition.name() in parameters and parameters[definition.name()] in (None, NULL):
            return ""
        return self.parameterAsString(parameters, definition.name(), context)

    def save_layers(self, layers: Iterable[tuple], about: dict, parameters: dict, context, feedback) -> dict[str, str]:
        """Write the layers that are asked for, with their style and metadata, and return their ids by output.

        A layer is (output, fields, reading or shape it is like, features, title, style).
        """
        results = {}
        for name, fields, like, features, title, style in layers:
            destination = self.save(parameters, name, context, feedback, fields, like, features)
            if destination:
                present(destination, style, title, about, context)
                results[name] = destination
        return results

    def save(
        self,
        parameters: dict,
        name: str,
        context: QgsProcessingContext,
        feedback: RememberingFeedback,
        fields: QgsFields,
        like: Reading | Shape,
        features: Iterable[QgsFeature],
    ) -> str | None:
        """Write the features to the output ``name`` and return its id, None when that output is not asked for.

        Geometry type and CRS are those of ``like``. When the user cancels, or anything fails later on, what was
        written is taken away again.
        """
        # The key of a source is not unique here: a feature may give several.
        flags = QgsFeatureSink.SinkFlag.RegeneratePrimaryKey
        try:
            sink, destination = self.parameterAsSink(parameters, name, context, fields, like.wkb_type, like.crs, flags)
        except QgsProcessingException as error:
            raise unwritable(parameters.get(name), str(error)) from error
        if sink is None:
            if self._is_optional(name) and parameters.get(name) in (None, NULL, ""):
                return None
            raise QgsProcessingException(self.invalidSinkError(parameters, name))
        feedback.written.append(destination)
        folder = file_of(destination).parent
        if folder.is_dir() and shutil.disk_usage(folder).free < LEAST_FREE:
            raise unwritable(destination, os.strerror(errno.ENOSPC))
        given = 0
        try:
            for chunk in _chunks(features):
                stop_if_cancelled(feedback)
                if not sink.addFeatures(chunk, QgsFeatureSink.Flag.FastInsert):
                    raise unwritable(destination, sink.lastError())
                given += len(chunk)
        finally:
            # Closes the file, which the traceback of an error would keep open.
            del sink
        # What a full disk cut short is only seen by looking.
        found = QgsProcessingUtils.mapLayerFromString(destination, context).featureCount()
        if found != given:
            raise unwritable(destination, f"{found} / {given}")
        return destination


def _chunks(features: Iterable[QgsFeature]):
    chunk = []
    for feature in features:
        chunk.append(feature)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
