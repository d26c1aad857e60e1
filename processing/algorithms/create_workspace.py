"""A new workspace: the adapter of ``layers.workspace`` and ``layers.project``."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers import workspace
from ...layers.errors import QT_TRANSLATE_NOOP, StoreExistsError, TisserandError
from ...layers.model.codes import code_list
from ...layers.model.tables import table
from ...layers.project import make_project
from ...layers.territories.outlines import OwnTerritories, OwnTerritory
from .base import TisserandAlgorithm
from .frames import stop_if_cancelled


class CreateWorkspace(TisserandAlgorithm):
    """Make the store of a Département and the QGIS project upon it."""

    PACKAGES = {}  # noqa: RUF012 - as in the base class; making a workspace needs QGIS alone

    def name(self):
        return "createworkspace"

    def displayName(self):  # noqa: N802
        return translate("Tisserand", "New workspace")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join(
            (
                translate(
                    "Tisserand",
                    "Makes the workspace of a Département: a GeoPackage with its communes, their groupings, the themes "
                    "and the town halls, and a QGIS project with forms, symbols and a map theme for each subject.",
                ),
                translate(
                    "Tisserand",
                    "Polygons of your own become a further level of territories; with the level “commune” they take "
                    "the place of the communes. The example adds fictional actors and needs, each marked as fictional.",
                ),
                translate("Tisserand", "Nothing that exists is written over; if anything fails, nothing is left."),
            )
        )

    def flags(self):
        # A QgsProject is made, which must not happen in another thread.
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.addParameter(
            QgsProcessingParameterString("DEPARTEMENT", translate("Tisserand", "Code of the Département (92, 2A…)"))
        )
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "TERRITORIES",
                translate("Tisserand", "Territories of your own"),
                [QgsProcessing.SourceType.TypeVectorPolygon],
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterField(
                "CODE_FIELD",
                translate("Tisserand", "Field with their code"),
                parentLayerParameterName="TERRITORIES",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterField(
                "NAME_FIELD",
                translate("Tisserand", "Field with their name"),
                parentLayerParameterName="TERRITORIES",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "LEVEL",
                translate("Tisserand", "Their level"),
                options=list(code_list("niveaux").labels),
                usesStaticStrings=True,
                defaultValue="autre",
            )
        )
        self.addParameter(
            QgsProcessingParameterBoolean(
                "DEMO", translate("Tisserand", "Add the fictional example"), defaultValue=False
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "STORE", translate("Tisserand", "Workspace"), fileFilter="GeoPackage (*.gpkg)"
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "PROJECT",
                translate("Tisserand", "QGIS project (left empty: beside the workspace)"),
                fileFilter="QGIS (*.qgz)",
                optional=True,
                createByDefault=False,
            )
        )

    def work(self, parameters, context, feedback):
        store = Path(self.parameterAsFileOutput(parameters, "STORE", context))
        named = self.parameterAsFileOutput(parameters, "PROJECT", context)
        file = Path(named) if named else store.with_suffix(".qgz")
        if file.exists():
            raise StoreExistsError(path=file)

        def progress(share: float) -> None:
            stop_if_cancelled(feedback)
            feedback.setProgress(90 * share)

        counts = workspace.build(
            self.parameterAsString(parameters, "DEPARTEMENT", context).strip().upper(),
            store,
            demo=self.parameterAsBool(parameters, "DEMO", context),
            own=self._own(parameters, context),
            progress=progress,
        )
        make_project(store, file)
        feedback.setProgress(100)
        _report(counts, feedback)
        return {"STORE": str(store), "PROJECT": str(file)}

    def _own(self, parameters: dict, context: QgsProcessingContext) -> OwnTerritories | None:
        """Return the user's polygons in EPSG:4326, None when no layer is given."""
        if parameters.get("TERRITORIES") in (None, NULL, ""):
            return None
        source = self.source(parameters, "TERRITORIES", context)
        level = self.parameterAsString(parameters, "LEVEL", context)
        if not source.featureCount():
            return OwnTerritories(level, source.sourceName(), [])
        if not source.sourceCrs().isValid():
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{layer} has no CRS: set it in the properties of the layer."),
                layer=source.sourceName(),
            )
        code, name = (self._position(parameters, field, context, source) for field in ("CODE_FIELD", "NAME_FIELD"))
        request = QgsFeatureRequest()
        request.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"), context.transformContext())
        features = source.getFeatures(request, QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks)
        return OwnTerritories(
            level,
            source.sourceName(),
            [
                OwnTerritory(
                    _text(feature[code]),
                    _text(feature[name]),
                    None if feature.geometry().isNull() else feature.geometry().asWkb().data(),
                )
                for feature in features
            ],
        )

    def _position(
        self, parameters: dict, name: str, context: QgsProcessingContext, source: QgsProcessingFeatureSource
    ) -> int:
        field = self.parameterAsString(parameters, name, context)
        position = source.fields().lookupField(field)
        if position < 0:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "The layer {layer} has no field “{field}” ({parameter}). Name one of its fields: {fields}.",
                ),
                layer=source.sourceName(),
                field=field,
                parameter=name,
                fields=", ".join(source.fields().names()),
            )
        return position


def _text(value: object) -> str:
    """Return a code or name as text; a whole number read as a float loses its ``.0``."""
    if value == NULL:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _report(counts: dict[str, int], feedback: QgsProcessingFeedback) -> None:
    for name, count in counts.items():
        if count:
            feedback.pushInfo(f"{table(name).title} : {count}")
