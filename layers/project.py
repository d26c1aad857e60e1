"""The QGIS project made from the model: layers, forms, relations, looks, map themes.

What it says is French, as the data are. It holds no path but relative ones, no code, and no transaction mode: with one,
QGIS reports as saved what a broken reference made the store refuse.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsLayerTreeGroup,
    QgsLayerTreeModel,
    QgsMapThemeCollection,
    QgsProject,
    QgsProjectMetadata,
    QgsProviderRegistry,
    QgsReferencedRectangle,
    QgsRelation,
    QgsRelationContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt

from . import looks
from .dressing import DEFAULT_STYLE, GROUPING_LABELS_FROM, LEVEL_PROPERTY, SURVEY_STYLE, dress
from .errors import QT_TRANSLATE_NOOP, FolderMissingError, StoreExistsError, TisserandError
from .geopackage import read_settings, refusal
from .model.schema import Table
from .model.tables import TABLES, table
from .offer import OPEN
from .relation_tabs import name_relations
from .result_tables import GAPS, GROUPS, INITIATIVES, LINKS
from .store_styles import write_styles

RESULTS = "Résultats"
# Groups of the layer tree and their tables, from top to bottom; the territories lie under all that is drawn upon them.
TREE = {
    "Acteurs": ("acteur", "service", "site", "lien"),
    "Besoins": ("besoin",),
    "Initiatives et projets": ("initiative", "projet", "evenement"),
    "Secteurs": ("secteur",),
    "Territoires": ("territoire",),
    "Suivi": ("visite", "monographie", "media", "contribution", "correspondant"),
    "Réglages": ("theme", "indicateur", "edition", "matrice", "conflit", "fusion", "journal", "meta"),
}
TABLE_PROPERTY = "tisserand/table"
LEVEL_TITLES = {
    "departement": "Département",
    "ept": "Établissements publics territoriaux",
    "epci": "Intercommunalités (EPCI)",
    "canton": "Cantons",
    "iris": "IRIS",
    "qpv": "Quartiers prioritaires",
    "autre": "Autre maille",
    "commune": "Communes",
}
ACTORS_THEME = "Acteurs par thème"
# Subject -> the tables it shows, from top to bottom, and their style where they have it.
MAP_THEMES = {
    ACTORS_THEME: {"acteur": DEFAULT_STYLE, "territoire": DEFAULT_STYLE},
    "Besoins": {"besoin": DEFAULT_STYLE, "territoire": DEFAULT_STYLE},
    "Effort de recensement": {"acteur": SURVEY_STYLE, "territoire": SURVEY_STYLE},
    "Territoires": {"secteur": DEFAULT_STYLE, "territoire": DEFAULT_STYLE},
    "Besoins sans réponse": {GAPS: DEFAULT_STYLE, "territoire": DEFAULT_STYLE},
    "Initiatives semblables": {
        INITIATIVES: DEFAULT_STYLE,
        LINKS: DEFAULT_STYLE,
        GROUPS: DEFAULT_STYLE,
        "territoire": DEFAULT_STYLE,
    },
}


def build_project(store: Path, settings: Mapping[str, str]) -> QgsProject:
    """Return a project of its own (not the open one) on a store with its settings (``read_settings``).

    Raises TisserandError when a table cannot be opened as a layer.
    """
    project = QgsProject()
    crs = QgsCoordinateReferenceSystem.fromEpsgId(int(settings["epsg"]))
    project.setCrs(crs)
    project.setEllipsoid(crs.ellipsoidAcronym())
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setTitle(f"{settings['departement_nom']} : acteurs et besoins")
    project.setMetadata(_metadata(settings))
    root = project.layerTreeRoot()
    for title, names in TREE.items():
        group = root.addGroup(title)
        for name in names:
            _add_table(project, group, store, table(name))
    relations = _add_relations(project)
    for declared in TABLES:
        for layer in layers_of(project, declared.name):
            dress(layer, declared, relations, store)
    for layer in layers_of(project, "territoire"):
        # Of the levels above the communes, names of one are enough: the one after which the guide is divided.
        if layer.customProperty(LEVEL_PROPERTY) == settings["niveau_guide"]:
            looks.set_labels(layer, '"nom"', GROUPING_LABELS_FROM, strong=True)
    _set_extent(project)
    apply_map_themes(project)
    show_map_theme(project, ACTORS_THEME)
    return project


def save_project(project: QgsProject, path: Path) -> None:
    """Write a project whole or not at all, and read it back to see that every layer opens from where it stands."""
    if not path.parent.is_dir():
        raise FolderMissingError(path.parent)
    # QGIS names the project inside a .qgz after what stands before the first dot: no dot may lead.
    draft = path.with_name(f"{path.stem}-{os.getpid()}{path.suffix}")
    try:
        cause = "" if project.write(str(draft)) else project.error()
        if not cause:
            name_relations(draft)
        cause = cause or fault(draft)
        if cause:
            raise refusal(path, cause if shutil.disk_usage(path.parent).free else os.strerror(errno.ENOSPC))
        draft.replace(path)
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    project.setFileName(str(path))


def fault(path: Path) -> str:
    """Return why a project cannot be read, or which of its layers and relations fail; '' when all is well."""
    project = QgsProject()
    if not project.read(str(path)):
        return project.error()
    relations = project.relationManager().relations().values()
    broken = [part.name() for part in (*project.mapLayers().values(), *relations) if not part.isValid()]
    project.clear()
    return ", ".join(sorted(broken))


def make_project(store: Path, path: Path) -> QgsProject:
    """Build and save the project of a store that was just made; when that fails, the store is taken away again."""
    try:
        if path.exists():
            raise StoreExistsError(path=path)
        project = build_project(store, read_settings(store))
        write_styles(
            store, {declared.name: layer for declared in TABLES for layer in layers_of(project, declared.name)}
        )
        save_project(project, path)
    except TisserandError:
        store.unlink()
        raise
    return project


def store_of(layer: QgsVectorLayer) -> Path:
    """Return the file of a layer."""
    return Path(QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path", ""))


def table_of(layer: QgsVectorLayer) -> str:
    """Return the table of a layer, '' when its source has no tables."""
    return QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("layerName") or ""


def layers_of(project: QgsProject, name: str) -> list[QgsVectorLayer]:
    """Return the layers of a table of the store in a project, in the order of the layer tree."""
    return [
        node.layer()
        for node in project.layerTreeRoot().findLayers()
        if node.layer() is not None and node.layer().customProperty(TABLE_PROPERTY) == name
    ]


def open_layer(store: Path, name: str, title: str, condition: str = "") -> QgsVectorLayer:
    """Return a table of a store as a layer, limited to the rows of a condition; raises when it cannot be opened."""
    uri = QgsProviderRegistry.instance().encodeUri("ogr", {"path": str(store), "layerName": name, "subset": condition})
    options = QgsVectorLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsVectorLayer(uri, title, "ogr", options)
    if not layer.isValid():
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The table {name} of {path} cannot be opened: {cause}"),
            name=name,
            path=store,
            # Asked of an error without a message, QGIS 3.22 dies.
            cause="" if layer.error().isEmpty() else layer.error().summary(),
        )
    layer.setCustomProperty(TABLE_PROPERTY, name)
    return layer


def analysis_layer(store: Path, name: str) -> QgsVectorLayer:
    """Return the rows of a table that an analysis should see: open actors but town halls, needs that still wait."""
    return open_layer(store, name, table(name).title, both(table(name).in_force, OPEN.get(name, "")))


def apply_map_themes(project: QgsProject) -> None:
    """Make a map theme of each subject whose layers are in the project."""
    collection = project.mapThemeCollection()
    for title, tables in MAP_THEMES.items():
        if not all(layers_of(project, name) for name in tables):
            continue
        theme = QgsMapThemeCollection.MapThemeRecord()
        for name, style in tables.items():
            for layer in layers_of(project, name):
                theme.addLayerRecord(_layer_record(layer, style))
        if collection.hasMapTheme(title):
            collection.removeMapTheme(title)
        collection.insert(title, theme)


def show_map_theme(project: QgsProject, title: str) -> None:
    """Show a map theme in the layer tree of a project."""
    root = project.layerTreeRoot()
    project.mapThemeCollection().applyTheme(title, root, QgsLayerTreeModel(root))


def _layer_record(layer: QgsVectorLayer, style: str) -> QgsMapThemeCollection.MapThemeLayerRecord:
    record = QgsMapThemeCollection.MapThemeLayerRecord(layer)
    record.isVisible = True
    record.usingCurrentStyle = True
    styles = layer.styleManager()
    record.currentStyle = style if style in styles.styles() else styles.currentStyle()
    return record


def _metadata(settings: Mapping[str, str]) -> QgsProjectMetadata:
    metadata = QgsProjectMetadata()
    metadata.setIdentifier(settings["jeu_uuid"])
    metadata.setTitle(f"{settings['departement_nom']} : acteurs et besoins")
    metadata.setLanguage("fr")
    metadata.setAuthor("Tisserand")
    metadata.setCreationDateTime(QDateTime.fromString(settings["cree_le"], Qt.DateFormat.ISODate))
    metadata.setAbstract(f"Sources : {settings['sources']}.\nLicences : {settings['licences']}.")
    return metadata


def _add_table(project: QgsProject, group: QgsLayerTreeGroup, store: Path, declared: Table) -> None:
    if declared.name == "territoire":
        for niveau in _levels(store):
            condition = both(declared.in_force, f"\"niveau\" = '{niveau}'")
            layer = open_layer(store, declared.name, LEVEL_TITLES[niveau], condition)
            layer.setCustomProperty(LEVEL_PROPERTY, niveau)
            _add_layer(project, group, layer)
    else:
        _add_layer(project, group, open_layer(store, declared.name, declared.title, declared.in_force))


def both(*conditions: str) -> str:
    """Return the condition that each of some conditions holds; an empty one always does."""
    return " AND ".join(condition for condition in conditions if condition)


def _levels(store: Path) -> list[str]:
    """Return the levels of the store from the widest down; communes last, being the only ones filled with colour."""
    everywhere = open_layer(store, "territoire", "")
    present = everywhere.uniqueValues(everywhere.fields().lookupField("niveau"))
    return [niveau for niveau in LEVEL_TITLES if niveau in present]


def _add_layer(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsVectorLayer) -> None:
    project.addMapLayer(layer, False)
    group.addLayer(layer).setExpanded(False)


def relations_of(project: QgsProject) -> dict[tuple[str, str], QgsRelation]:
    """Return the relations of the model that a project holds, by (table, field that refers)."""
    manager = project.relationManager()
    named = {
        (declared.name, column.name): manager.relation(f"{declared.name}_{column.name}")
        for declared in TABLES
        for column in declared.references
    }
    return {key: relation for key, relation in named.items() if relation.isValid()}


def _add_relations(project: QgsProject) -> dict[tuple[str, str], QgsRelation]:
    """Add a relation for each reference of the model; return them by (table, field)."""
    relations = {}
    for declared in TABLES:
        for column in declared.fields:
            if not column.references:
                continue
            relation = QgsRelation(QgsRelationContext(project))
            relation.setId(f"{declared.name}_{column.name}")
            relation.setName(f"{declared.title} – {column.alias}")
            children, parents = layers_of(project, declared.name), layers_of(project, column.references)
            if len(children) != 1 or len(parents) != 1:  # a territory has a layer for each of its levels
                continue
            (child,), (parent,) = children, parents
            relation.setReferencingLayer(child.id())
            relation.setReferencedLayer(parent.id())
            relation.addFieldPair(column.name, "uuid")
            project.relationManager().addRelation(relation)
            relations[declared.name, column.name] = relation
    return relations


def _set_extent(project: QgsProject) -> None:
    """Open on the Département, with a margin."""
    extent = layers_of(project, "territoire")[0].extent()
    extent.scale(1.05)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(extent, project.crs()))
