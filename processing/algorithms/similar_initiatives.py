"""Similar initiatives: groups of actors that resemble each other, and the reasons."""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.model.codes import code_list
from ...layers.result_looks.similar import style_actors, style_groups, style_links
from .base import TisserandAlgorithm
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .texts.similar import FORMULA, SOURCE, method, report, warn


class SimilarInitiatives(TisserandAlgorithm):
    """Reads actors, asks the analysis, writes the actors with their group, the groups and the links."""

    GROUP = "analysis"

    ACTORS, DISTANCE, THRESHOLD = "ACTORS", "DISTANCE", "THRESHOLD"
    WEIGHTS: ClassVar = ("WEIGHT_SPACE", "WEIGHT_THEME", "WEIGHT_TEXT")
    MIN_SIZE, STABILITY = "MIN_SIZE", "STABILITY"
    OUTPUT, GROUPS, LINKS = "OUTPUT", "GROUPS", "LINKS"
    OF_ACTORS: ClassVar = {"themes": "THEME_FIELD", "text": "TEXT_FIELD", "id": "ID_FIELD", "name": "NAME_FIELD"}
    ACTOR_FIELDS: ClassVar = {
        "groupe": INTEGER,
        "medoide": INTEGER,
        "s_moyen": REAL,
        "s_espace": REAL,
        "s_theme": REAL,
        "s_texte": REAL,
        "plus_proche": TEXT,
        "raison": TEXT,
    }
    GROUP_FIELDS: ClassVar = {
        "groupe": INTEGER,
        "n": INTEGER,
        "themes": TEXT,
        "termes": TEXT,
        "stabilite": REAL,
        "solidite": TEXT,
        "rayon_m": REAL,
        "medoide": TEXT,
        "nom": TEXT,
        "s_moyen": REAL,
    }
    LINK_FIELDS: ClassVar = {"de": TEXT, "vers": TEXT, "groupe": INTEGER, "s": REAL, "raison": TEXT}

    def name(self):
        return "similarinitiatives"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Similar initiatives")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1088/1742-5468/2008/10/P10008"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_layer(self.ACTORS, translate("Tisserand", "Actors"), [QgsProcessing.SourceType.TypeVectorPoint])
        self.add_field("THEME_FIELD", translate("Tisserand", "Themes"), "themes_vie", self.ACTORS)
        self.add_field("TEXT_FIELD", translate("Tisserand", "Description"), "description", self.ACTORS)
        self.add_field("ID_FIELD", translate("Tisserand", "Identifier"), "uuid", self.ACTORS, advanced=True)
        self.add_field("NAME_FIELD", translate("Tisserand", "Name"), "nom", self.ACTORS, advanced=True)
        self.add_number(self.DISTANCE, translate("Tisserand", "Distance (m)"), 10000.0)
        self.add_number("WEIGHT_SPACE", translate("Tisserand", "Weight of nearness"), 0.45, advanced=True)
        self.add_number("WEIGHT_THEME", translate("Tisserand", "Weight of themes"), 0.30, advanced=True)
        self.add_number("WEIGHT_TEXT", translate("Tisserand", "Weight of words"), 0.25, advanced=True)
        self.add_number(self.THRESHOLD, translate("Tisserand", "Threshold of similarity (0 to 1)"), 0.45)
        self.add_whole(self.MIN_SIZE, translate("Tisserand", "Fewest members of a group"), 3, 2)
        self.add_whole(self.STABILITY, translate("Tisserand", "Trials of stability"), 20, 0)
        for name, label, kind, optional in (
            (self.OUTPUT, _actors_title(), QgsProcessing.SourceType.TypeVectorPoint, False),
            (self.GROUPS, _groups_title(), QgsProcessing.SourceType.TypeVectorPolygon, True),
            (self.LINKS, _links_title(), QgsProcessing.SourceType.TypeVectorLine, True),
        ):
            self.addParameter(QgsProcessingParameterFeatureSink(name, label, kind, optional=optional))
        self.add_report()

    def work(self, parameters, context, feedback):
        from ..analysis.similarity.initiatives import similar_initiatives
        from ..analysis.similarity.measure import Measure

        about = self.described(parameters, context)
        actors = self.read(self.ACTORS, self.OF_ACTORS, parameters, context, feedback)
        (frame,) = to_metric(actors.frame)
        if "id" not in frame:
            frame = frame.assign(id=[str(own) for own in actors.ids])
        labels = {**code_list("thematiques").labels, **code_list("themes_vie").labels}
        warn(frame, actors, labels, feedback)

        def progress(share):
            feedback.setProgress(80 * share)
            stop_if_cancelled(feedback)

        found = similar_initiatives(
            frame,
            Measure(*(self.parameterAsDouble(parameters, name, context) for name in (*self.WEIGHTS, self.DISTANCE))),
            self.parameterAsDouble(parameters, self.THRESHOLD, context),
            self.parameterAsInt(parameters, self.MIN_SIZE, context),
            self.parameterAsInt(parameters, self.STABILITY, context),
            labels,
            progress,
        )

        columns = [found.actors[name].tolist() for name in self.ACTOR_FIELDS]
        of_actors = fields_after(actors.fields, fields_of(self.ACTOR_FIELDS))
        of_groups, of_links = fields_of(self.GROUP_FIELDS), fields_of(self.LINK_FIELDS)
        members = extended(actors.features, range(len(frame)), columns, of_actors)
        hulls = to_features(found.groups, actors.crs, of_groups)
        links = chain.from_iterable(to_features(piece, actors.crs, of_links) for piece in found.links())
        polygons = Shape(QgsWkbTypes.Type.Polygon, actors.crs)
        lines = Shape(QgsWkbTypes.Type.LineString, actors.crs)
        results = {}
        layers = (
            (self.OUTPUT, of_actors, actors, members, _actors_title(), style_actors),
            (self.GROUPS, of_groups, polygons, hulls, _groups_title(), style_groups),
            (self.LINKS, of_links, lines, links, _links_title(), style_links),
        )
        results |= self.save_layers(layers, about, parameters, context, feedback)
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, found.actors, found.groups, labels, feedback.warnings),
        )
        return results


def _actors_title() -> str:
    return translate("Tisserand", "Initiatives and their groups")


def _groups_title() -> str:
    return translate("Tisserand", "Groups of similar initiatives")


def _links_title() -> str:
    return translate("Tisserand", "Links between similar initiatives")
