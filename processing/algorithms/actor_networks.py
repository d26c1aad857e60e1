"""Networks of actors: who could work with whom, around what, led by whom, and what is missing."""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.model.codes import code_list
from ...layers.result_looks.networks import style_links, style_members, style_networks
from .base import TisserandAlgorithm
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .texts.networks import FORMULA, SOURCE, method, report, warn


class ActorNetworks(TisserandAlgorithm):
    """Reads actors, and needs if there are any, asks the analysis, writes the links, the networks and the members."""

    GROUP = "analysis"

    ACTORS, NEEDS = "ACTORS", "NEEDS"
    NEIGHBOURS, DISTANCE, MODE = "NEIGHBOURS", "DISTANCE", "MODE"
    MIN_SIZE, MAX_SIZE, REWIRINGS = "MIN_SIZE", "MAX_SIZE", "REWIRINGS"
    OUTPUT, NETWORKS, MEMBERS = "OUTPUT", "NETWORKS", "MEMBERS"
    MODES = ("complementarity", "similarity")
    OF_ACTORS: ClassVar = {
        "themes": "THEME_FIELD",
        "publics": "PUBLIC_FIELD",
        "id": "ID_FIELD",
        "name": "NAME_FIELD",
    }
    OF_MODE: ClassVar = {
        "complementarity": {"sought": "SOUGHT_FIELD", "offered": "SHARED_FIELD"},
        "similarity": {"text": "TEXT_FIELD"},
    }
    OF_NEEDS: ClassVar = {"themes": "NEEDS_THEME", "count": "NEEDS_COUNT"}
    LINK_FIELDS: ClassVar = {
        "de": TEXT,
        "vers": TEXT,
        "de_nom": TEXT,
        "vers_nom": TEXT,
        "type": TEXT,
        "force": REAL,
        "retenu": TEXT,
        "reseau": INTEGER,
        "metres": REAL,
        "themes": TEXT,
        "raison": TEXT,
    }
    NETWORK_FIELDS: ClassVar = {
        "reseau": INTEGER,
        "n": INTEGER,
        "membres": TEXT,
        "themes": TEXT,
        "manque": TEXT,
        "pilote": TEXT,
        "pilote_id": TEXT,
        "densite": REAL,
        "cohesion": REAL,
        "modularite_z": REAL,
        "p_hasard": REAL,
        "solidite": TEXT,
        "raison": TEXT,
    }
    MEMBER_FIELDS: ClassVar = {
        "reseau": INTEGER,
        "role": TEXT,
        "n_liens": INTEGER,
        "force_reseau": REAL,
        "intermediaire": REAL,
        "raison": TEXT,
    }

    def name(self):
        return "networks"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Networks of actors")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1126/science.1065103"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        anything = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        number = QgsProcessingParameterField.DataType.Numeric
        any_type = QgsProcessingParameterField.DataType.Any
        self.add_layer(self.ACTORS, translate("Tisserand", "Actors"), anything)
        self.add_field("THEME_FIELD", translate("Tisserand", "Themes"), "themes_vie", self.ACTORS)
        self.add_field("PUBLIC_FIELD", translate("Tisserand", "Publics"), "publics", self.ACTORS)
        self.add_layer(self.NEEDS, translate("Tisserand", "Needs"), anything, optional=True)
        modes = [translate("Tisserand", "complementarity"), translate("Tisserand", "similarity")]
        self.addParameter(
            QgsProcessingParameterEnum(self.MODE, translate("Tisserand", "What links actors"), modes, defaultValue=0)
        )
        self.add_number(self.DISTANCE, translate("Tisserand", "Distance (m)"), 15000.0)
        self.add_whole(self.NEIGHBOURS, translate("Tisserand", "Strongest partners of each"), 5, 1, advanced=False)
        for name, label, default, layer, kind in (
            ("NEEDS_THEME", translate("Tisserand", "Theme (needs)"), "theme_vie", self.NEEDS, any_type),
            ("NEEDS_COUNT", translate("Tisserand", "People (needs)"), "nb_situations", self.NEEDS, number),
            ("SOUGHT_FIELD", translate("Tisserand", "Means looked for"), "recherche", self.ACTORS, any_type),
            ("SHARED_FIELD", translate("Tisserand", "Means to share"), "moyens_partageables", self.ACTORS, any_type),
            ("TEXT_FIELD", translate("Tisserand", "Description"), "description", self.ACTORS, any_type),
            ("ID_FIELD", translate("Tisserand", "Identifier"), "uuid", self.ACTORS, any_type),
            ("NAME_FIELD", translate("Tisserand", "Name"), "nom", self.ACTORS, any_type),
        ):
            self.add_field(name, label, default, layer, kind, advanced=True)
        self.add_whole(self.MIN_SIZE, translate("Tisserand", "Fewest members of a network"), 3, 2)
        self.add_whole(self.MAX_SIZE, translate("Tisserand", "Most members of a network"), 15, 2)
        self.add_whole(self.REWIRINGS, translate("Tisserand", "Drawings by chance, at most"), 100, 0)
        for name, label, kind in (
            (self.OUTPUT, _links_title(), QgsProcessing.SourceType.TypeVectorLine),
            (self.NETWORKS, self._networks_title(), QgsProcessing.SourceType.TypeVectorPolygon),
        ):
            self.addParameter(QgsProcessingParameterFeatureSink(name, label, kind, optional=name != self.OUTPUT))
        self.addParameter(
            QgsProcessingParameterFeatureSink(self.MEMBERS, _members_title(), optional=True, createByDefault=False)
        )
        self.add_report()

    def work(self, parameters, context, feedback):
        from ..analysis.networks.networks import Settings, actor_networks

        about = self.described(parameters, context)
        mode = self.MODES[self.parameterAsEnum(parameters, self.MODE, context)]
        of_actors = {**self.OF_ACTORS, **self.OF_MODE[mode]}
        actors = self.read(self.ACTORS, of_actors, parameters, context, feedback)
        needs = self.read(self.NEEDS, self.OF_NEEDS, parameters, context, feedback)
        frame, *others = to_metric(*(layer.frame for layer in (actors, needs) if layer))
        if "id" not in frame:
            frame = frame.assign(id=[str(own) for own in actors.ids])
        themes = {**code_list("thematiques").labels, **code_list("themes_vie").labels}

        def progress(share):
            feedback.setProgress(80 * share)
            stop_if_cancelled(feedback)

        found = actor_networks(
            frame,
            others[0] if others else None,
            Settings(
                neighbours=self.parameterAsInt(parameters, self.NEIGHBOURS, context),
                distance=self.parameterAsDouble(parameters, self.DISTANCE, context),
                mode=mode,
                least=self.parameterAsInt(parameters, self.MIN_SIZE, context),
                most=self.parameterAsInt(parameters, self.MAX_SIZE, context),
                rewirings=self.parameterAsInt(parameters, self.REWIRINGS, context),
            ),
            themes,
            code_list("publics").labels,
            progress,
        )
        warn(frame, found, actors, needs, feedback)

        of_links, of_networks = fields_of(self.LINK_FIELDS), fields_of(self.NETWORK_FIELDS)
        of_members = fields_after(actors.fields, fields_of(self.MEMBER_FIELDS))
        links = chain.from_iterable(to_features(piece, actors.crs, of_links) for piece in found.links())
        hulls = to_features(found.networks, actors.crs, of_networks)
        lines = Shape(QgsWkbTypes.Type.LineString, actors.crs)
        polygons = Shape(QgsWkbTypes.Type.Polygon, actors.crs)
        results = {}
        layers = (
            (self.OUTPUT, of_links, lines, links, _links_title(), style_links),
            (self.NETWORKS, of_networks, polygons, hulls, self._networks_title(), style_networks),
            (
                self.MEMBERS,
                of_members,
                actors,
                self._members(actors, found, of_members),
                _members_title(),
                style_members,
            ),
        )
        results |= self.save_layers(layers, about, parameters, context, feedback)
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, found, themes, feedback.warnings),
        )
        return results

    def _members(self, actors, found, fields):
        columns = [found.members[name].tolist() for name in self.MEMBER_FIELDS]
        yield from extended(actors.features, range(len(found.members)), columns, fields)

    def _networks_title(self) -> str:
        return self.displayName()


def _links_title() -> str:
    return translate("Tisserand", "Links between actors")


def _members_title() -> str:
    return translate("Tisserand", "Actors and their network")
