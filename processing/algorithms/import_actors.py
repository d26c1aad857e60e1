"""Actors of a file into a workspace: the adapter of ``layers.importing``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

from qgis.core import QgsProcessingOutputNumber, QgsProcessingParameterEnum, QgsProcessingParameterString

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.importing.matching import KEYS
from .import_reports import method
from .importing import ImportRows

HOLD_BACK, CREATE = "hold_back", "create"


class ImportActors(ImportRows):
    """Creates and updates actors and their services."""

    TABLE = "acteur"
    MATCH, DUPLICATES, CREATE_ROWS, PROPOSALS = "MATCH", "DUPLICATES", "CREATE_ROWS", "PROPOSALS"
    OF_PROPOSALS: ClassVar = {
        "ligne": INTEGER,
        "nature": TEXT,
        "nom": TEXT,
        "jumeau_nom": TEXT,
        "jumeau_source": TEXT,
        "jumeau_uuid": TEXT,
        "distance_m": REAL,
        "raison": TEXT,
        "decision": TEXT,
    }

    def name(self):
        return "importactors"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Import actors")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join(
            (
                translate(
                    "Tisserand",
                    "Brings the actors of a file into a workspace: CSV, XLSX or ODS, GeoJSON or any layer, "
                    "data·inclusion, Lieux de médiation numérique, HSDS, GoGoCarto. Columns are known or guessed; a "
                    "correspondence saved before serves again.",
                ),
                method(),
                translate(
                    "Tisserand",
                    "Nothing is mended in silence: swapped or projected coordinates, merged communes, lost zeros and "
                    "municipal districts reject their row until you agree to that kind of mending. Every row is "
                    "created, updated, unchanged or rejected with its cause.",
                ),
            )
        )

    def _add_choices(self):
        self.addParameter(
            QgsProcessingParameterEnum(
                self.DUPLICATES,
                translate("Tisserand", "Rows that may be an actor of another source"),
                [HOLD_BACK, CREATE],
                defaultValue=HOLD_BACK,
                usesStaticStrings=True,
            )
        )
        super()._add_choices()
        match = translate("Tisserand", "What tells that two are one")
        self._add(
            QgsProcessingParameterEnum(
                self.MATCH, match, list(KEYS), allowMultiple=True, defaultValue=list(KEYS), usesStaticStrings=True
            ),
            advanced=True,
        )
        rows = translate("Tisserand", "Rows to create although they may be one (numbers)")
        self._add(QgsProcessingParameterString(self.CREATE_ROWS, rows, optional=True), advanced=True)

    def _add_outputs(self):
        super()._add_outputs()
        self.add_table(self.PROPOSALS, translate("Tisserand", "Possible duplicates"))
        for name, label in (
            ("PROPOSED", translate("Tisserand", "Possible duplicates")),
            ("SERVICES_CREATED", translate("Tisserand", "Services created")),
            ("SERVICES_UPDATED", translate("Tisserand", "Services updated")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def options(self, parameters, context, source):
        return replace(
            super().options(parameters, context, source),
            hold_back=self.parameterAsEnumString(parameters, self.DUPLICATES, context) == HOLD_BACK,
            create=row_numbers(self.parameterAsString(parameters, self.CREATE_ROWS, context)),
            keys=frozenset(self.parameterAsEnumStrings(parameters, self.MATCH, context)),
        )

    def tables(self, plan, parameters, context, feedback):
        results = super().tables(plan, parameters, context, feedback)
        held = {reject.row for reject in plan.rejected}
        rows = [
            (
                twin.candidate.row,
                twin.nature,
                twin.candidate.values["nom"],
                twin.stored["nom"],
                twin.stored["source"],
                twin.stored["uuid"],
                None if twin.metres is None else round(twin.metres, 1),
                translate("Tisserand", twin.template).format(**twin.said),
                "retenue" if twin.candidate.row in held else "créée",
            )
            for twin in plan.twins
        ]
        self.save_table(self.PROPOSALS, self.OF_PROPOSALS, rows, results, parameters, context, feedback)
        results["PROPOSED"] = len(plan.twins)
        results["SERVICES_CREATED"] = len(plan.services.creates)
        results["SERVICES_UPDATED"] = len(plan.services.updates)
        return results


def row_numbers(text: str) -> frozenset[int]:
    """Return the numbers of a list such as « 12, 15 »; raises TisserandError for anything else."""
    words = re.split(r"[\s,;]+", text.strip()) if text.strip() else []
    if not all(re.fullmatch(r"\d{1,9}", word, re.ASCII) for word in words):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "“{text}” is no list of row numbers: write them with commas between, as in 12, 15."
            ),
            text=text,
        )
    return frozenset(map(int, words))
