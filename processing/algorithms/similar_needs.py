"""Similar needs: project leads, with what each has and what it lacks to be launched."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import BOOLEAN, INTEGER, REAL, TEXT
from ...layers.model.codes import code_list
from ...layers.result_looks.leads import style_leads, style_members
from .base import TisserandAlgorithm
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .texts.leads import FORMULA, SOURCE, method, report, warn


class SimilarNeeds(TisserandAlgorithm):
    """Reads needs and what is around them, asks the analysis, writes the leads and the needs with their lead."""

    GROUP = "analysis"

    NEEDS, ACTORS, SITES, TERRITORIES = "NEEDS", "ACTORS", "SITES", "TERRITORIES"
    DISTANCE, MIN_PEOPLE, MIN_TERRITORIES, MIN_NEEDS = "DISTANCE", "MIN_PEOPLE", "MIN_TERRITORIES", "MIN_NEEDS"
    OUTPUT, MEMBERS, LEADS, LAUNCHABLE = "OUTPUT", "MEMBERS", "LEADS", "LAUNCHABLE"
    OF_NEEDS: ClassVar = {
        "count": "COUNT_FIELD",
        "themes": "THEME_FIELD",
        "territory": "TERRITORY_FIELD",
        "volunteers": "VOLUNTEERS_FIELD",
        "intensity": "INTENSITY_FIELD",
    }
    OF_ACTORS: ClassVar = {
        "themes": "ACTORS_THEME",
        "means": "ACTORS_MEANS",
        "itinerant": "ACTORS_ITINERANT",
        "name": "ACTORS_NAME",
    }
    OF_SITES: ClassVar = {"available": "SITES_AVAILABLE", "name": "SITES_NAME"}
    OF_TERRITORIES: ClassVar = {"code": "CODE_FIELD", "surveyed": "SURVEYED_FIELD"}
    LEAD_FIELDS: ClassVar = {
        "rang": INTEGER,
        "theme": TEXT,
        "personnes": REAL,
        "n_besoins": INTEGER,
        "n_inconnus": INTEGER,
        "communes": INTEGER,
        "codes": TEXT,
        "part_max": REAL,
        "volontaires": REAL,
        "intensite": REAL,
        "contexte": TEXT,
        "appuis": TEXT,
        "recensees": INTEGER,
        "rayon_m": REAL,
        "lancable": BOOLEAN,
        "manque": TEXT,
        "raison": TEXT,
    }
    MEMBER_FIELDS: ClassVar = {"theme": TEXT, "personnes": REAL, "piste": INTEGER, "raison": TEXT}

    def name(self):
        return "similarneeds"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Similar needs and project leads")

    def helpUrl(self):  # noqa: N802
        return "https://www.aaai.org/Papers/KDD/1996/KDD96-037.pdf"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        anything = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        number, text = QgsProcessingParameterField.DataType.Numeric, QgsProcessingParameterField.DataType.Any
        self.add_layer(self.NEEDS, translate("Tisserand", "Needs"), anything)
        for field, label, default, kind in (
            ("COUNT_FIELD", translate("Tisserand", "People (needs)"), "nb_situations", number),
            ("THEME_FIELD", translate("Tisserand", "Theme (needs)"), "theme_vie", text),
            ("TERRITORY_FIELD", translate("Tisserand", "Territory (needs)"), "code_insee", text),
            ("VOLUNTEERS_FIELD", translate("Tisserand", "People willing (needs)"), "nb_volontaires", number),
            ("INTENSITY_FIELD", translate("Tisserand", "Intensity (needs)"), "intensite", number),
        ):
            self.add_field(field, label, default, self.NEEDS, kind)
        for layer, title, fields in (
            (
                self.ACTORS,
                translate("Tisserand", "Actors"),
                (
                    ("ACTORS_THEME", translate("Tisserand", "Themes (actors)"), "themes_vie"),
                    ("ACTORS_MEANS", translate("Tisserand", "Means to share (actors)"), "moyens_partageables"),
                    ("ACTORS_ITINERANT", translate("Tisserand", "Comes round (actors)"), "itinerant"),
                    ("ACTORS_NAME", translate("Tisserand", "Name (actors)"), "nom"),
                ),
            ),
            (
                self.SITES,
                translate("Tisserand", "Sites"),
                (
                    ("SITES_AVAILABLE", translate("Tisserand", "Can be lent (sites)"), "disponible"),
                    ("SITES_NAME", translate("Tisserand", "Name (sites)"), "nom"),
                ),
            ),
            (
                self.TERRITORIES,
                translate("Tisserand", "Territories"),
                (
                    ("CODE_FIELD", translate("Tisserand", "Code (territories)"), "code"),
                    ("SURVEYED_FIELD", translate("Tisserand", "Surveyed (territories)"), "recense_le"),
                ),
            ),
        ):
            self.add_layer(layer, title, anything, optional=True)
            for field, label, default in fields:
                self.add_field(field, label, default, layer, advanced=True)
        self.add_number(self.DISTANCE, translate("Tisserand", "Distance (m)"), 10000.0)
        self.add_number(self.MIN_PEOPLE, translate("Tisserand", "Fewest people of a lead"), 30.0)
        territories = translate("Tisserand", "Fewest territories of a lead")
        self.add_whole(self.MIN_TERRITORIES, territories, 2, 0, advanced=False)
        self.add_whole(self.MIN_NEEDS, translate("Tisserand", "Fewest needs of a lead"), 3, 2)
        points = QgsProcessing.SourceType.TypeVectorPoint
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, _leads_title(), points))
        self.addParameter(QgsProcessingParameterFeatureSink(self.MEMBERS, _members_title(), anything[0], optional=True))
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber(self.LEADS, translate("Tisserand", "Project leads")))
        self.addOutput(QgsProcessingOutputNumber(self.LAUNCHABLE, translate("Tisserand", "Leads to be launched")))

    def work(self, parameters, context, feedback):
        from ..analysis.leads.context import Around
        from ..analysis.leads.leads import Settings, similar_needs

        about = self.described(parameters, context)
        needs = self.read(self.NEEDS, self.OF_NEEDS, parameters, context, feedback)
        around = {
            name: self.read(layer, columns, parameters, context, feedback)
            for name, layer, columns in (
                ("actors", self.ACTORS, self.OF_ACTORS),
                ("sites", self.SITES, self.OF_SITES),
                ("territories", self.TERRITORIES, self.OF_TERRITORIES),
            )
        }
        given = {name: reading.frame for name, reading in around.items() if reading}
        frame, *others = to_metric(needs.frame, *given.values())
        labels = {**code_list("thematiques").labels, **code_list("themes_vie").labels}

        def progress(share):
            feedback.setProgress(90 * share)
            stop_if_cancelled(feedback)

        settings = Settings(
            self.parameterAsDouble(parameters, self.DISTANCE, context),
            self.parameterAsDouble(parameters, self.MIN_PEOPLE, context),
            self.parameterAsInt(parameters, self.MIN_TERRITORIES, context),
            self.parameterAsInt(parameters, self.MIN_NEEDS, context),
        )
        found = similar_needs(frame, Around(**dict(zip(given, others))), settings, labels, progress)
        warn(found, needs, bool(around["actors"]), feedback)
        results = {self.LEADS: float(len(found.leads)), self.LAUNCHABLE: float(found.leads["lancable"].sum())}
        of_leads = fields_of(self.LEAD_FIELDS)
        of_members = fields_after(needs.fields, fields_of(self.MEMBER_FIELDS))
        members = found.members
        columns = [members[name].tolist() for name in self.MEMBER_FIELDS]
        layers = (
            (
                self.OUTPUT,
                of_leads,
                Shape(QgsWkbTypes.Type.Point, needs.crs),
                to_features(found.leads, needs.crs, of_leads),
                _leads_title(),
                style_leads,
            ),
            (
                self.MEMBERS,
                of_members,
                needs,
                extended(needs.features, members["need"], columns, of_members),
                _members_title(),
                style_members,
            ),
        )
        results |= self.save_layers(layers, about, parameters, context, feedback)
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, found, labels, feedback.warnings)
        )
        return results


def _leads_title() -> str:
    return translate("Tisserand", "Project leads")


def _members_title() -> str:
    return translate("Tisserand", "Needs and their lead")
