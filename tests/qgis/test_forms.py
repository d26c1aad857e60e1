"""The forms: every field of every layer as the model declares it, in the project and in a layer opened alone."""

import re
import sqlite3
from html import unescape

import pytest
from osgeo import gdal
from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsExpression,
    QgsFieldConstraints,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsReadWriteContext,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtXml import QDomDocument

from tisserand.layers import geopackage
from tisserand.layers.form_length import is_short, set_short
from tisserand.layers.forms import long_plan, short_plan
from tisserand.layers.forms.defaults import default_of
from tisserand.layers.forms.rules import rules
from tisserand.layers.forms.widgets import CHOICES, OPEN_LISTS, PHOTO
from tisserand.layers.model.codes import code_list
from tisserand.layers.model.schema import Kind
from tisserand.layers.model.tables import TABLES, table
from tisserand.layers.project import build_project, layers_of, make_project

HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard
NOT_NULL = QgsFieldConstraints.Constraint.ConstraintNotNull
UNIQUE = QgsFieldConstraints.Constraint.ConstraintUnique
EXPRESSION = QgsFieldConstraints.Constraint.ConstraintExpression
ACTORS = ({"at": (0, 0), "nom": "Cantine du coin"}, {"at": (1, 1), "nom": "Cuisine du haut"})
MAIN = ("acteur", "service", "site", "besoin", "initiative", "projet", "evenement", "monographie", "media")


@pytest.fixture
def store(qgis_app, make_store):
    return make_store(ACTORS, [{"at": (0, 0)}])


@pytest.fixture
def opened(store):
    """Return the project as the window of QGIS opens it."""
    file = store.with_suffix(".qgz")
    make_project(store, file).clear()
    project = QgsProject.instance()
    project.clear()
    assert project.read(str(file))
    yield project
    project.clear()


def alone(store, declared):
    """Return a table as a layer that someone drags out of the store, without the project."""
    layer = QgsVectorLayer(f"{store}|layername={declared.name}", declared.name, "ogr")
    assert layer.isValid()
    return layer


def layer_of(project, name):
    return layers_of(project, name)[0]


def expected_widget(column, in_project):
    if column.internal:
        return "Hidden"
    if column.references:
        return "RelationReference" if in_project and column.references != "territoire" else "TextEdit"
    if column.name == "chemin":
        return PHOTO
    if column.multiple or column.name in OPEN_LISTS:
        return CHOICES
    if column.codes:
        return "ValueMap"
    kinds = {Kind.BOOLEAN: "CheckBox", Kind.DATE: "DateTime", Kind.DATETIME: "DateTime", Kind.INTEGER: "Range"}
    return kinds.get(column.kind, "TextEdit")


def faults(layer, declared, in_project):
    """Return what a layer shows otherwise than the model declares it, as (field, what)."""
    found, page = [], plain(help_of(layer))
    for column in declared.fields:
        index = layer.fields().lookupField(column.name)
        constraints = layer.fields().at(index).constraints()
        default = layer.defaultValueDefinition(index)
        wanted = default_of(declared, column)
        # The layer of a level gives its level to what is drawn in it.
        level = in_project and (declared.name, column.name) == ("territoire", "niveau")
        sentences = " ".join(sentence for _, sentence in rules(declared, column))
        checks = {
            "alias": layer.attributeDisplayName(index) == column.alias,
            "widget": layer.editorWidgetSetup(index).type() == expected_widget(column, in_project),
            "default": level or default.expression() == wanted.expression,
            "on update": default.applyOnUpdate() == wanted.on_update,
            "required": not column.required or constraints.constraintStrength(NOT_NULL) == HARD,
            "unique": not column.unique or constraints.constraintStrength(UNIQUE) == HARD,
            "sentence": constraints.constraintDescription() == sentences,
            "condition": not sentences or constraints.constraintStrength(EXPRESSION) == HARD,
            "condition read": not QgsExpression(constraints.constraintExpression() or "true").hasParserError(),
            "default read": not QgsExpression(default.expression() or "true").hasParserError(),
            "help": column.internal or not column.help or says(layer, column, page),
        }
        found += [(column.name, name) for name, right in checks.items() if not right]
    return found


def says(layer, column, page):
    """Say whether the form of a layer holds the help of a field, and its tooltip too where GDAL can read it."""
    field = layer.fields().field(column.name)
    tooltip = int(gdal.VersionInfo()) < 3070000 or column.help in field.comment()
    return tooltip and plain(column.help) in page


def plain(text):
    return re.sub(r"\W", "", unescape(unescape(text)))


def help_of(layer):
    """Return the HTML of the last tab, as the style of the layer writes it: QGIS 3.22 does not give it to Python."""
    document = QDomDocument()
    layer.exportNamedStyle(
        document, QgsReadWriteContext(), QgsMapLayer.StyleCategories(QgsMapLayer.StyleCategory.Forms)
    )
    pages = document.elementsByTagName("attributeEditorHtmlElement")
    return pages.item(0).toElement().text() if pages.size() else ""


def parts(layer, kind):
    """Return the elements of a kind in the form of a layer, wherever they stand."""
    waiting, found = list(layer.editFormConfig().tabs()), []
    while waiting:
        element = waiting.pop(0)
        if isinstance(element, QgsAttributeEditorContainer):
            waiting = element.children() + waiting
        elif isinstance(element, kind):
            found.append(element)
    return found


def test_every_field_of_the_project_is_as_the_model_declares_it(opened):
    layers = {declared: layers_of(opened, declared.name) for declared in TABLES}
    assert [declared.name for declared, found in layers.items() if not found] == []
    found = {layer.name(): faults(layer, declared, True) for declared in TABLES for layer in layers[declared]}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_field_of_a_layer_opened_alone_is_as_the_model_declares_it(opened, store):
    found = {declared.name: faults(alone(store, declared), declared, False) for declared in TABLES}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_reference_of_a_layer_opened_alone_cannot_be_lost(opened, store):
    layer = alone(store, table("acteur"))
    index = layer.fields().lookupField("correspondant_uuid")
    assert layer.editFormConfig().readOnly(index)
    assert not layer_of(opened, "acteur").editFormConfig().readOnly(index)


def test_the_styles_of_the_store_name_no_folder_no_drive_and_no_layer(opened, store):
    with sqlite3.connect(store) as connection:
        styles = connection.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault").fetchall()
    connection.close()
    assert {name for name, _ in styles} == {declared.name for declared in TABLES}
    ids = [layer.id() for layer in opened.mapLayers().values()]
    for name, qml in styles:
        for forbidden in (str(store.parent), store.name, "/home", "/root", "/tmp", *ids):
            assert forbidden not in qml, (name, forbidden)
        assert not re.search(r"\b[A-Z]:[\\/]", qml), name


@pytest.mark.parametrize("declared", TABLES, ids=lambda declared: declared.name)
@pytest.mark.parametrize("plan", [long_plan, short_plan], ids=["whole", "short"])
def test_a_form_shows_every_field_once(declared, plan):
    if plan(declared) is None:
        return
    shown = [name for tab in plan(declared) for name in tab.names]
    assert sorted(shown) == sorted(column.name for column in declared.fields if not column.internal)


@pytest.mark.parametrize("short", [False, True], ids=["whole", "short"])
def test_the_form_that_qgis_opens_holds_every_field_and_the_rows_of_other_tables(opened, short):
    set_short(opened, short)
    for name in MAIN:
        layer, declared = layer_of(opened, name), table(name)
        shown = [element.name() for element in parts(layer, QgsAttributeEditorField)]
        assert sorted(shown) == sorted(column.name for column in declared.fields if not column.internal)
        plans = (short_plan(declared) if short else None) or long_plan(declared)
        relations = parts(layer, QgsAttributeEditorRelation)
        wanted = [f"{tab.rows.table}_{tab.rows.field}" for tab in plans if tab.rows]
        assert [element.relation().id() for element in relations] == wanted
        assert all(element.relation().isValid() and element.label() for element in relations)


def test_an_actor_shows_its_services_visits_monograph_photos_contributions_and_links(opened):
    elements = parts(layer_of(opened, "acteur"), QgsAttributeEditorRelation)
    shown = {element.relation().referencingLayer().name() for element in elements}
    assert shown == {table(n).title for n in ("service", "visite", "monographie", "media", "contribution", "lien")}


def test_the_short_form_stays_in_the_saved_project_and_can_be_undone(opened):
    layer = layer_of(opened, "acteur")
    whole = [tab.name() for tab in layer.editFormConfig().tabs()]
    set_short(opened, True)
    first = layer.editFormConfig().tabs()[0]
    assert [field.name() for field in first.children()][:3] == ["nom", "type_initiative", "adresse"]
    file = opened.fileName()
    assert opened.write()
    opened.clear()
    assert opened.read(file)
    assert is_short(opened)
    layer = layer_of(opened, "acteur")
    assert layer.editFormConfig().tabs()[0].name() == "Sur place"
    set_short(opened, False)
    assert [tab.name() for tab in layer.editFormConfig().tabs()] == whole
    assert not is_short(opened)


@pytest.mark.parametrize("short", [False, True], ids=["whole", "short"])
def test_another_map_theme_leaves_the_form_as_it_is(opened, short):
    from tisserand.layers.project import show_map_theme
    from tisserand.qgis_plugin.kept_forms import KeptForms

    keeper = KeptForms(opened)
    keeper.start()
    set_short(opened, short)
    layer = layer_of(opened, "acteur")
    before = [tab.name() for tab in layer.editFormConfig().tabs()]
    show_map_theme(opened, "Effort de recensement")
    assert layer.styleManager().currentStyle() == "Effort de recensement"
    assert [tab.name() for tab in layer.editFormConfig().tabs()] == before
    assert all(element.relation().isValid() for element in parts(layer, QgsAttributeEditorRelation))
    keeper.stop()


def test_a_list_says_its_codes_in_the_project_with_their_french_labels(opened):
    layer = layer_of(opened, "acteur")
    config = layer.editorWidgetSetup(layer.fields().lookupField("thematiques")).config()
    assert config["List"] == "thematiques"
    assert {row["Code"]: row["Label"] for row in config["Codes"]} == code_list("thematiques").labels
    themes = set(code_list("themes_vie").labels.values())
    assert {row["Group"] for row in config["Codes"]} <= themes


def place(layer, x, y, **values):
    """Return a new feature of a layer at a point, as QGIS makes it when someone clicks there."""
    attributes = {layer.fields().lookupField(name): value for name, value in values.items()}
    point = QgsGeometry.fromWkt(f"POINT({x} {y})")
    return QgsVectorLayerUtils.createFeature(layer, point, attributes, layer.createExpressionContext())


def test_a_new_point_gets_the_code_and_the_name_of_its_commune(opened):
    point = QgsGeometry.fromWkt("POINT(642000 6862000)")
    (commune,) = [row for row in layers_of(opened, "territoire")[-1].getFeatures() if row.geometry().contains(point)]
    for name in ("acteur", "site", "besoin", "initiative", "projet", "evenement"):
        feature = place(layer_of(opened, name), 642_000, 6_862_000)
        assert feature["code_insee"] == commune["code"], name
    assert place(layer_of(opened, "site"), 642_000, 6_862_000)["commune"] == commune["nom"]


def add_sector(project, code="S1"):
    layer = layer_of(project, "secteur")
    layer.startEditing()
    square = "MULTIPOLYGON(((640000 6860000, 644000 6860000, 644000 6864000, 640000 6864000, 640000 6860000)))"
    values = {layer.fields().lookupField("code"): code, layer.fields().lookupField("nom"): "Secteur d'essai"}
    feature = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromWkt(square), values)
    assert layer.addFeature(feature)
    assert layer.commitChanges(), layer.commitErrors()
    return feature["uuid"]


def change(layer, name, **values):
    """Change fields of the actor of this name and save."""
    layer.startEditing()
    feature = next(layer.getFeatures(f"\"nom\" = '{name}'"))
    for field, value in values.items():
        assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField(field), value)
    assert layer.commitChanges(), layer.commitErrors()


def row_of(store, name):
    return {row["nom"]: row for row in geopackage.read_rows(store, "acteur")}[name]


def test_a_changed_actor_gets_the_sector_it_stands_in(opened, store):
    uuid = add_sector(opened)
    change(layer_of(opened, "acteur"), "Cantine du coin", telephone="01 99 00 00 01")
    assert row_of(store, "Cantine du coin")["secteur_uuid"] == uuid
    change(layer_of(opened, "acteur"), "Cuisine du haut", telephone="01 99 00 00 02")
    assert row_of(store, "Cuisine du haut")["secteur_uuid"] is None


@pytest.mark.parametrize("missing", ["secteur", "territoire"])
def test_a_missing_layer_never_erases_what_it_would_have_filled_in(opened, store, missing):
    uuid = add_sector(opened)
    layer = layer_of(opened, "acteur")
    change(layer, "Cantine du coin", telephone="01 99 00 00 01", commune="Essai-sur-Seine")
    before = row_of(store, "Cantine du coin")
    assert before["secteur_uuid"] == uuid
    for gone in layers_of(opened, missing):
        opened.removeMapLayer(gone.id())
    change(layer, "Cantine du coin", telephone="01 99 00 00 02")
    after = row_of(store, "Cantine du coin")
    kept = ("secteur_uuid", "commune", "code_insee")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["telephone"] == "01 99 00 00 02"


def test_what_was_written_by_hand_stays_where_no_commune_holds_the_point(opened):
    layer = layer_of(opened, "acteur")
    far = place(layer, 100_000, 6_500_000, code_insee="01001", commune="Ailleurs")
    assert (far["code_insee"], far["commune"]) == ("01001", "Ailleurs")


def test_a_project_made_beside_another_open_one_keeps_the_tabs_of_its_forms(store, tmp_path):
    # QGIS looks relations up in the project of its window, whichever project it writes.
    QgsProject.instance().clear()
    built = build_project(store, geopackage.read_settings(store))
    built.clear()
    make_project(store, tmp_path / "essai.qgs").clear()
    text = (tmp_path / "essai.qgs").read_text(encoding="utf-8")
    relations = re.findall(r'<attributeEditorRelation [^>]*\brelation="([^"]*)"', text)
    assert len(relations) >= sum(tab.rows is not None for declared in TABLES for tab in long_plan(declared)) > 0
    assert "" not in relations
