"""A small call of each analysis on a village that does not exist, and what the contract says of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsVectorLayer,
)

WEST, SOUTH, STEP = 650000, 6860000, 1500
# Metres east and north of the village; the same layout lies in La Réunion.
REUNION = ("EPSG:2975", 340000 - WEST, 7660000 - SOUTH)
THEMES, PUBLICS = ("feed", "house", "move"), ("", "jeunes", "familles|jeunes")


class Table(NamedTuple):
    """A layer to be: its geometry, its fields (name: type of a memory layer), rows of WKT in Lambert-93 and values."""

    geometry: str
    fields: dict[str, str]
    rows: list[tuple]


class Call(NamedTuple):
    """A call: the layers by parameter (a table of the village each, the one that is worked on first) and the rest.

    ``outputs`` maps an output to the parameter whose fields it keeps (None: it has its own only) and to the fields
    that the contract names.
    """

    algorithm: str
    layers: dict[str, str]
    parameters: dict[str, object]
    outputs: dict[str, tuple[str | None, tuple[str, ...]]]
    numbers: tuple[str, ...] = ()


COVERED = (
    "theme besoin apl ratio non_couvert cause n_acteurs plus_proche plus_proche_min top5 robustesse effet_bord "
    "capacite_imputee"
)
MEETING = {"NEEDS": "needs", "ACTORS": "actors"}
MATCHED = {
    "OUTPUT": (None, ("personnes", "minutes", "raison")),
    "NEEDS_OUT": ("NEEDS", ("servi", "reste", "cause")),
    "ACTORS_OUT": ("ACTORS", ("charge", "saturation", "prix_ombre")),
}
SITES = {
    "OUTPUT": ("CANDIDATES", ("rang", "gain", "cumul", "frequence", "remplacant", "perte")),
    "COVERED": ("DEMAND", ("couvert_par",)),
}
NETWORKS = {
    "OUTPUT": (None, ("type", "force", "raison")),
    "NETWORKS": (None, ("n", "themes", "manque", "pilote", "modularite_z")),
    "MEMBERS": ("ACTORS", ()),
}
CALLS = {
    "coveragegaps": Call(
        "coveragegaps",
        {**MEETING, "TERRITORIES": "territories"},
        {"REACH": 6, "ROBUSTNESS": True},
        {"OUTPUT": ("NEEDS", tuple(COVERED.split())), "BY_TERRITORY": (None, ())},
        ("PEOPLE", "UNMET"),
    ),
    "coveragegaps by road": Call(
        "coveragegaps",
        {**MEETING, "ROADS": "roads"},
        {"REACH": 4, "SPEED_FIELD": "vitesse", "DECAY": 3},
        {"OUTPUT": ("NEEDS", tuple(COVERED.split()))},
        ("PEOPLE", "UNMET"),
    ),
    "hotspots": Call(
        "hotspots",
        {"INPUT": "needs"},
        {"FIELD": "nb_situations", "POPULATION_FIELD": "population", "PERMUTATIONS": 99, "FDR": 0.2},
        {"OUTPUT": ("INPUT", ("gi_z", "p", "q", "classe", "n_voisins"))},
    ),
    "hotspots by border": Call(
        "hotspots",
        {"INPUT": "territories"},
        {"FIELD": "population", "NEIGHBOURS": 1, "PERMUTATIONS": 99},
        {"OUTPUT": ("INPUT", ("gi_z", "p", "q", "classe", "n_voisins"))},
    ),
    "similarinitiatives": Call(
        "similarinitiatives",
        {"ACTORS": "actors"},
        {"STABILITY": 5, "THRESHOLD": 0.3},
        {
            "OUTPUT": (
                "ACTORS",
                ("groupe", "medoide", "s_moyen", "s_espace", "s_theme", "s_texte", "plus_proche", "raison"),
            ),
            "GROUPS": (None, ("n", "themes", "termes", "stabilite")),
            "LINKS": (None, ("s", "raison")),
        },
    ),
    "similarneeds": Call(
        "similarneeds",
        {**MEETING, "SITES": "sites", "TERRITORIES": "territories"},
        {"DISTANCE": 3000},
        {
            "OUTPUT": (
                None,
                tuple(
                    [
                        "theme",
                        "personnes",
                        "communes",
                        "volontaires",
                        "contexte",
                        "lancable",
                        "manque",
                        "rang",
                        "raison",
                    ]
                ),
            ),
            "MEMBERS": ("NEEDS", ()),
        },
    ),
    "matchneeds": Call("matchneeds", MEETING, {"REACH": 6}, MATCHED, ("SERVED", "COST")),
    "matchneeds whole by road": Call(
        "matchneeds",
        {**MEETING, "ROADS": "roads"},
        {"REACH": 6, "INDIVISIBLE": True, "PRIORITY_FIELD": "intensite"},
        MATCHED,
        ("SERVED", "COST"),
    ),
    "matchneeds fairly": Call("matchneeds", MEETING, {"REACH": 6, "FAIR": True}, MATCHED, ("SERVED", "COST")),
    "networks": Call("networks", {"ACTORS": "actors", "NEEDS": "needs"}, {"DISTANCE": 4000, "REWIRINGS": 20}, NETWORKS),
    "networks alike": Call("networks", {"ACTORS": "actors"}, {"MODE": 1, "REWIRINGS": 20}, NETWORKS),
    "newlocations": Call(
        "newlocations",
        {"DEMAND": "needs", "EXISTING": "actors", "CANDIDATES": "sites"},
        {"REACH": 4, "SENSITIVITY": 5, "EXISTING_RULE": 2},
        SITES,
        ("OBJECTIVE", "BOUND", "GAP_PERCENT"),
    ),
    "newlocations by road": Call(
        "newlocations",
        {"DEMAND": "needs", "ROADS": "roads"},
        {"REACH": 4, "SENSITIVITY": 5, "MODEL": 1},
        {**SITES, "OUTPUT": (None, SITES["OUTPUT"][1])},
        ("OBJECTIVE", "BOUND", "GAP_PERCENT"),
    ),
    "newlocations for all": Call(
        "newlocations",
        {"DEMAND": "needs"},
        {"REACH": 4, "SENSITIVITY": 5, "MODEL": 2, "CAPACITY": 100},
        {**SITES, "OUTPUT": (None, SITES["OUTPUT"][1])},
        ("OBJECTIVE", "BOUND", "GAP_PERCENT"),
    ),
    "reach": Call(
        "reach",
        {"ACTORS": "actors", "ROADS": "roads"},
        {"REACH": 4, "STEP": 2},
        {"OUTPUT": ("ROADS", ("minutes", "acteur")), "UNREACHED": ("ROADS", ())},
    ),
    "surveyeffort": Call(
        "surveyeffort",
        {"TERRITORIES": "territories", "ACTORS": "actors", "VISITS": "visits"},
        {"DATE": "2026-11-01"},
        {"OUTPUT": ("TERRITORIES", ("recense", "contacte", "visite", "perime", "classe"))},
    ),
    "publish": Call(
        "publish",
        {"INPUT": "needs", "TERRITORIES": "territories", "PREVIOUS": "edition"},
        {"K": 11},
        {"OUTPUT": (None, ("masque",))},
    ),
}


def village(side: int = 6) -> dict[str, Table]:
    """Return the tables of a village of ``side`` x ``side`` needs, with rows alike and actors at one place."""
    cells = [(x, y) for x in range(side) for y in range(side)]
    needs = [
        (
            _point(x + 0.07 * (y % 3), y + 0.05 * (x % 4)),
            f"b{x}-{y}",
            f"Besoin {x}-{y}",
            3 + (5 * x + 3 * y) % 11,
            THEMES[(x + 2 * y) % 3],
            PUBLICS[(x + y) % 3],
            _code(x, y),
            (x * y) % 4,
            1 + (x + y) % 3,
            100 + 10 * x,
        )
        for x, y in cells
    ]
    actors = [
        (
            _point(1.3 * x % side, 2.1 * x % side),
            f"a{x:04}",
            f"Acteur {x}",
            (None, 0, 12, 30, 7)[x % 5],
            "|".join(THEMES[: 1 + x % 3]),
            PUBLICS[x % 3],
            ("Épicerie solidaire", "Atelier vélo", "Jardin partagé et repas")[x % 3],
            ("local", "vehicule", "")[x % 3],
            ("vehicule", "", "local")[x % 3],
            ("a_contacter", "contacte", "visite")[x % 3],
            f"202{4 + x % 3}-03-0{1 + x % 9}",
        )
        for x in range(2 * side)
    ]
    # Alike in all that is said of them, but for the key that some analyses read.
    needs += [needs[0], needs[0]]
    actors += [(actors[3][0], "a9998", *actors[3][2:]), (actors[3][0], "a9999", *actors[3][2:])]
    roads = [
        (f"LINESTRING({_xy(x, y)}, {_xy(x + dx, y + dy)})", f"r{x}-{y}-{dx}", (30, 50, 80, None)[(x + y) % 4])
        for x, y in cells
        for dx, dy in ((1, 0), (0, 1))
    ]
    territories = [
        (_square(x, y), _code(x, y), f"Commune {_code(x, y)}", "commune", None if x == y else "2026-03-01", 500 + x, "")
        for x in range(0, side, 2)
        for y in range(0, side, 2)
    ]
    sites = [(_point(x, side - x), f"Salle {x}", (None, 1, 0)[x % 3]) for x in range(side)]
    visits = [(None, f"a{x:04}", f"2026-0{1 + x % 9}-15", "visite") for x in range(side)]
    edition = [(None, _code(0, 0), "feed", 31.0, "none"), (None, _code(0, 2), "feed", None, "seuil")]
    # As long as it likes: QGIS would stop at 255.
    text = "string(0)"
    return {
        "needs": Table(
            "Point",
            {"uuid": text, "libelle": text, "nb_situations": "double", "theme_vie": text, "publics": text}
            | {"code_insee": text, "nb_volontaires": "double", "intensite": "double", "population": "double"},
            needs,
        ),
        "actors": Table(
            "Point",
            {"uuid": text, "nom": text, "capacite": "double", "themes_vie": text, "publics": text}
            | {"description": text, "recherche": text, "moyens_partageables": text, "statut_recensement": text}
            | {"date_visite": "date"},
            actors,
        ),
        "roads": Table("LineString", {"cle": text, "vitesse": "double"}, roads),
        "territories": Table(
            "Polygon",
            {"code": text, "nom": text, "niveau": text, "recense_le": "date", "population": "double", "membres": text},
            territories,
        ),
        "sites": Table("Point", {"nom": text, "disponible": "integer"}, sites),
        "visits": Table("NoGeometry", {"acteur_uuid": text, "date_visite": "date", "nature": text}, visits),
        "edition": Table(
            "NoGeometry", {"code_insee": text, "theme_vie": text, "personnes": "double", "masque": text}, edition
        ),
    }


def _xy(x, y):
    # No two ways are equally long: what decides between those lies beyond the digits that a change of CRS keeps.
    shaken = [(place * 0.6180339887498949 % 1 - 0.5) / 5 for place in (997 * x + 89 * y, 83 * x - 991 * y)]
    return f"{WEST + STEP * (x + shaken[0]):.3f} {SOUTH + STEP * (y + shaken[1]):.3f}"


def _point(x, y):
    return f"POINT({_xy(x, y)})"


def _code(x, y):
    return f"920{x // 2}{y // 2}"


def _square(x, y):
    corners = ((x, y), (x + 2, y), (x + 2, y + 2), (x, y + 2), (x, y))
    return f"POLYGON(({', '.join(_xy(cx - 0.5, cy - 0.5) for cx, cy in corners)}))"


def layer(table: Table, name: str, crs: str = "EPSG:2154", frame=("EPSG:2154", 0, 0)) -> QgsVectorLayer:
    """Return a table in memory, in ``crs``; ``frame``: the CRS in which its metres are meant, and where to."""
    stands_in, east, north = frame
    uri = "&".join(f"field={field}:{kind}" for field, kind in table.fields.items())
    made = QgsVectorLayer(f"{table.geometry}?crs={crs}&{uri}", name, "memory")
    if not crs:
        made.setCrs(QgsCoordinateReferenceSystem())
    source = QgsCoordinateReferenceSystem(stands_in)
    to = QgsCoordinateTransform(source, QgsCoordinateReferenceSystem(crs), QgsCoordinateTransformContext())
    features = []
    for wkt, *values in table.rows:
        feature = QgsFeature(made.fields())
        if wkt is not None:
            geometry = QgsGeometry(wkt) if isinstance(wkt, QgsGeometry) else QgsGeometry.fromWkt(wkt)
            geometry.translate(east, north)
            if crs and to.sourceCrs() != to.destinationCrs():
                geometry.transform(to)
            feature.setGeometry(geometry)
        feature.setAttributes(list(values))
        features.append(feature)
    assert made.dataProvider().addFeatures(features)[0], name
    return made


def layers_of(call: Call, tables: dict[str, Table] | None = None, **how) -> dict[str, QgsVectorLayer]:
    """Return the layers of a call, each called by its parameter; ``tables`` replace those of the village."""
    tables = tables or village()
    return {parameter: layer(tables[table], parameter, **how) for parameter, table in call.layers.items()}


class Run:
    """One run: ``results`` as the algorithm returns them, ``log`` all that was said, layers by output.

    Only a ``QgsProcessingException`` may come out of it: no class of QGIS stands between, which would turn any error
    of Python into one. ``parameters`` given replace those of the call; an output that is None is not asked for.
    ``strict``: as in a window of QGIS, which refuses invalid polygons unless its user chose otherwise.
    """

    def __init__(self, call: Call, layers: dict[str, object], feedback=None, strict=False, **parameters):
        self.context = QgsProcessingContext()
        feedback = feedback or QgsProcessingFeedback(False)
        self.algorithm = QgsApplication.processingRegistry().algorithmById(f"tisserand:{call.algorithm}").create()
        parameters = {**call.parameters, **dict.fromkeys(call.outputs, "memory:"), **layers, **parameters}
        accepted, sentence = self.algorithm.checkParameterValues(parameters, self.context)
        if not accepted:
            raise QgsProcessingException(sentence)
        if strict:
            # What QGIS throws at an invalid polygon passes through Python, and only QGIS can catch it.
            self.context.setInvalidGeometryCheck(QgsFeatureRequest.InvalidGeometryCheck.GeometryAbortOnInvalid)
            self.results, _ = self.algorithm.run(parameters, self.context, feedback, {}, False)
        else:
            assert self.algorithm.prepare(parameters, self.context, feedback)
            self.results = self.algorithm.processAlgorithm(parameters, self.context, feedback)
        self.log = feedback.textLog()
        self.layers = {
            name: QgsProcessingUtils.mapLayerFromString(self.results[name], self.context)
            for name in call.outputs
            if self.results.get(name)
        }

    def numbers(self) -> dict[str, float]:
        """Return the numbers among the results."""
        return {name: value for name, value in self.results.items() if isinstance(value, (int, float))}

    def rows(self) -> dict[str, list[tuple]]:
        """Return the rows of each output, in their order: values (NULL is None), and the geometry as WKB."""
        return {name: rows_of(made) for name, made in self.layers.items()}


def rows_of(made: QgsVectorLayer) -> list[tuple]:
    """Return values (NULL is None) and the WKB of the geometry (b"": none) of each feature."""
    return [
        (*(None if value == NULL else value for value in row.attributes()), row.geometry().asWkb().data())
        for row in made.getFeatures()
    ]


# Words of a programmer in what a user reads.
PROGRAM = re.compile(
    r"Traceback|\b\w+(Error|Exception)\b|NoneType|numpy|pandas|shapely|geopandas|\bnan\b|<class|object at"
)


def checked(call, layers, **parameters):
    """Return the run, or the sentence it ended with; what is said must be fit for a user."""
    feedback = QgsProcessingFeedback(False)
    try:
        run = Run(call, layers, feedback, **parameters)
    except QgsProcessingException as error:
        sentence = str(error)
        assert re.match(r"[A-Z0-9“]", sentence), sentence
        assert sentence.rstrip().endswith((".", ")")), sentence
        assert not PROGRAM.search(sentence), sentence
        return sentence
    assert not PROGRAM.search(run.log), run.log
    for name, made in run.layers.items():
        assert made.isValid(), name
    for name, value in run.numbers().items():
        assert value == value, name
    return run
