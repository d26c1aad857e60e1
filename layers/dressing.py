"""The layers of the project as they look and are filled in: renderers, labels, tips, forms, in each of their styles."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from qgis.core import QgsDefaultValue, QgsFeatureRenderer, QgsMapLayerStyle, QgsRelation, QgsVectorLayer

from . import looks
from .forms import set_form
from .model.schema import Table

LEVEL_PROPERTY = "tisserand/niveau"
DEFAULT_STYLE, SURVEY_STYLE = "Par défaut", "Effort de recensement"
ACTOR_LABELS_FROM, COMMUNE_LABELS_FROM, GROUPING_LABELS_FROM = 25_000, 250_000, 1_000_000


def dress(
    layer: QgsVectorLayer, declared: Table, relations: Mapping[tuple[str, str], QgsRelation], store: Path
) -> None:
    """Dress a layer, then give it its form in each of its styles."""
    layer.setReadOnly(declared.append_only)
    styles = layer.styleManager()
    styles.renameStyle(styles.currentStyle(), DEFAULT_STYLE)
    if declared.name in LOOKS:
        LOOKS[declared.name](layer)
    # A form that QGIS reads from a style has lost its relations, and would be written without them: the current style
    # comes last, so that none is read again.
    for name in sorted(styles.styles(), key=lambda name: name == DEFAULT_STYLE):
        styles.setCurrentStyle(name)
        set_form(layer, declared, relations)
        if declared.name == "territoire":
            level = QgsDefaultValue(f"'{layer.customProperty(LEVEL_PROPERTY)}'")
            layer.setDefaultValueDefinition(layer.fields().lookupField("niveau"), level)
    _make_paths_relative(layer, store)


def _dress_actors(layer: QgsVectorLayer) -> None:
    layer.setRenderer(looks.actors_by_theme())
    looks.set_labels(layer, looks.ACTOR_LABEL, ACTOR_LABELS_FROM)
    layer.setMapTipTemplate(looks.actor_tip())
    _add_style(layer, SURVEY_STYLE, looks.actors_by_survey())


def _dress_needs(layer: QgsVectorLayer) -> None:
    layer.setRenderer(looks.needs_by_situations())
    layer.setMapTipTemplate(looks.need_tip())


def _dress_territories(layer: QgsVectorLayer) -> None:
    niveau = layer.customProperty(LEVEL_PROPERTY)
    layer.setRenderer(looks.territories(niveau))
    if niveau == "commune":
        looks.set_labels(layer, '"nom"', COMMUNE_LABELS_FROM)
        _add_style(layer, SURVEY_STYLE, looks.territories_by_survey())


def _dress_sectors(layer: QgsVectorLayer) -> None:
    layer.setRenderer(looks.sectors())
    looks.set_labels(layer, '"nom"', GROUPING_LABELS_FROM)


LOOKS = {
    "acteur": _dress_actors,
    "besoin": _dress_needs,
    "territoire": _dress_territories,
    "secteur": _dress_sectors,
}


def _add_style(layer: QgsVectorLayer, name: str, renderer: QgsFeatureRenderer) -> None:
    """Add a second style that differs by its renderer alone.

    It must not be rule-based: QGIS deletes it here while Python still holds it, and the rules then write into freed
    memory (seen with valgrind on QGIS 3.22).
    """
    styles = layer.styleManager()
    before = styles.currentStyle()
    styles.addStyleFromLayer(name)
    styles.setCurrentStyle(name)
    layer.setRenderer(renderer)
    styles.setCurrentStyle(before)


def _make_paths_relative(layer: QgsVectorLayer, store: Path) -> None:
    """Take the full path of the store out of the styles of a layer that are not the current one.

    QGIS 3.40 names the layers of relations by it there.
    """
    styles = layer.styleManager()
    for name in set(styles.styles()) - {styles.currentStyle()}:
        xml = styles.style(name).xmlData()
        xml = xml.replace(escape(str(store), quote=False), escape(f"./{store.name}", quote=False))
        styles.removeStyle(name)
        styles.addStyle(name, QgsMapLayerStyle(xml))
