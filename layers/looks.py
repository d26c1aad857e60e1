"""How the layers of the project look: renderers, labels, map tips. The symbols themselves are in ``symbols``."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsGraduatedSymbolRenderer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRendererCategory,
    QgsRendererRange,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ..styles import palette
from .compat import LABELS_AROUND_POINT
from .forms import labels_of
from .model.codes import code_list
from .model.tables import table
from .offer import CLOSED_ACTORS, OPEN_ACTORS, OPEN_NEEDS
from .symbols import fill, need_marker, not_surveyed_fill, outline, theme_marker, town_hall_marker

TOWN_HALL = "coalesce(\"type_initiative\", '') = 'mairie'"
NEED_SIZES = ((0, 10, 2.0), (11, 30, 3.2), (31, 100, 4.6), (101, 10**6, 6.4))
SURVEY_MARKERS = {
    "repere": ("#ffffff", "circle"),
    "contacte": ("accent", "half_square"),
    "visite": ("accent", "square"),
    "valide": ("accent", "diamond"),
}
CLOSED_MARKER = ("#ffffff", "cross2")
# A territory surveyed longer ago than this is shown as due again.
FRESH_YEARS = 2
OUTLINE_WIDTHS = {"departement": 0.9, "ept": 0.6, "epci": 0.6}
LABEL_POINTS = 8.0
# A category of its own: QGIS gives an empty one to every value that has none.
NONE = "aucun"
ACTOR_LABEL = f'if({OPEN_ACTORS} AND NOT ({TOWN_HALL}), "nom", NULL)'


def actors_by_theme() -> QgsFeatureRenderer:
    """Return one symbol a life theme, small pale ones for town halls; actors that closed or refused are not drawn."""
    # CASE, and not if() and coalesce(): QGIS reads these twice as slowly, once a feature.
    kind = (
        f'CASE WHEN "statut_recensement" IN {CLOSED_ACTORS} THEN NULL'
        " WHEN \"type_initiative\" = 'mairie' THEN 'mairie'"
        f' WHEN "theme_principal" IS NULL THEN \'{NONE}\' ELSE "theme_principal" END'
    )
    categories = [("mairie", "Mairies", town_hall_marker())]
    categories += [(code, label, theme_marker(code)) for code, label in code_list("themes_vie").labels.items()]
    renderer = _by_category(kind, [*categories, (NONE, "Sans thème", theme_marker(None))])
    renderer.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause(TOWN_HALL, False)]))
    renderer.setOrderByEnabled(True)
    return renderer


def actors_by_survey() -> QgsFeatureRenderer:
    """Return one symbol a survey status; a cross for actors that closed or refused."""
    statuses = code_list("statuts_recensement").labels
    categories = [(code, label, _survey_marker(code)) for code, label in statuses.items()]
    return _by_category(
        f"coalesce(\"statut_recensement\", '{NONE}')", [*categories, (NONE, "Sans statut", _survey_marker("repere"))]
    )


def _survey_marker(status: str) -> QgsMarkerSymbol:
    colour, shape = SURVEY_MARKERS.get(status, CLOSED_MARKER)
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": palette().get(colour, colour),
            "outline_color": palette()["ink"],
            "outline_width": "0.25",
            "size": "2.2",
        }
    )


def needs_by_situations() -> QgsFeatureRenderer:
    """Return hollow circles in four sizes; needs that were answered or closed are not drawn, the largest lie below."""
    ranges = [
        QgsRendererRange(
            least, most, need_marker(size), f"plus de {least - 1}" if most >= 10**6 else f"{least} à {most} situations"
        )
        for least, most, size in NEED_SIZES
    ]
    renderer = QgsGraduatedSymbolRenderer(f'if({OPEN_NEEDS}, "nb_situations", NULL)', ranges)
    renderer.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause("nb_situations", False)]))
    renderer.setOrderByEnabled(True)
    return renderer


def territories(niveau: str) -> QgsFeatureRenderer:
    """Return the look of a level on any map: an outline; for communes land, or hatching where nobody has looked."""
    if niveau == "commune":
        return _by_category(
            "if(\"recense_le\" IS NULL, 'jamais', 'recense')",
            [
                ("recense", "Commune recensée", fill(palette()["land"], palette()["rule"])),
                ("jamais", "Pas encore recensée", not_surveyed_fill()),
            ],
        )
    return QgsSingleSymbolRenderer(outline(palette()["grey"], OUTLINE_WIDTHS.get(niveau, 0.4)))


def territories_by_survey() -> QgsFeatureRenderer:
    """Return three looks: surveyed lately, surveyed long ago, and hatching where nobody has looked yet."""
    fresh = f"\"recense_le\" >= to_date(now() - to_interval('{FRESH_YEARS} years'))"
    return _by_category(
        f"CASE WHEN \"recense_le\" IS NULL THEN 'jamais' WHEN {fresh} THEN 'recent' ELSE 'ancien' END",
        [
            ("recent", f"Recensé depuis moins de {FRESH_YEARS} ans", fill(palette()["land"])),
            ("ancien", f"Recensé il y a plus de {FRESH_YEARS} ans", fill(palette()["hidden"])),
            ("jamais", "Pas encore recensé", not_surveyed_fill()),
        ],
    )


def sectors() -> QgsFeatureRenderer:
    """Return a coloured outline."""
    return QgsSingleSymbolRenderer(outline(palette()["accent"], 0.5))


def _by_category(expression: str, categories: list[tuple[str, str, QgsSymbol]]) -> QgsCategorizedSymbolRenderer:
    """Return one symbol a value of an expression; what has another value is not drawn."""
    return QgsCategorizedSymbolRenderer(
        expression, [QgsRendererCategory(value, symbol, label) for value, label, symbol in categories]
    )


def actor_tip() -> str:
    """Return the HTML shown when the pointer rests on an actor."""
    fields = table("acteur")
    return _tip(
        '"nom"',
        (
            'represent_value("type_initiative")',
            labels_of(fields["themes_vie"]),
            labels_of(fields["publics"]),
            '"horaires_accueil"',
        ),
    )


def need_tip() -> str:
    """Return the HTML shown when the pointer rests on a need: no working note, they are never shown in passing."""
    situations = "to_string(\"nb_situations\") || ' situations'"
    return _tip('"libelle"', ('represent_value("theme_vie")', labels_of(table("besoin")["publics"]), situations))


def _tip(title: str, lines: tuple[str, ...]) -> str:
    # Data come from anywhere: a "<" in them is text, not a tag.
    texts = [f"[% replace(coalesce({expression}, ''), '<', '&lt;') %]" for expression in (title, *lines)]
    return f"<b>{texts[0]}</b><br>" + "<br>".join(texts[1:])


def set_labels(layer: QgsVectorLayer, expression: str, smallest_scale: float, *, strong: bool = False) -> None:
    """Label a layer at scales larger than 1:``smallest_scale``; where the expression is NULL there is no label."""
    settings = QgsPalLayerSettings()
    settings.fieldName = expression
    settings.isExpression = True
    settings.scaleVisibility = True
    settings.minimumScale = smallest_scale
    settings.setFormat(_text(strong=strong))
    if layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry:
        settings.placement = LABELS_AROUND_POINT
        settings.dist = 1.0
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _text(*, strong: bool) -> QgsTextFormat:
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.7)
    halo.setColor(QColor("#ffffff"))
    text = QgsTextFormat()
    text.setSize(LABEL_POINTS)
    text.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    text.setColor(QColor(palette()["accent" if strong else "ink"]))
    font = text.font()
    font.setBold(strong)
    text.setFont(font)
    text.setBuffer(halo)
    return text
