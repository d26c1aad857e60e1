"""The project of a workspace: each layer opens, and says and keeps what the model declares."""

import re
import zipfile
from datetime import date

import pytest
from qgis.core import (
    NULL,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsFieldConstraints,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QSize

from tisserand.layers import geopackage, project
from tisserand.layers.errors import StoreExistsError, TisserandError
from tisserand.layers.model.codes import code_list
from tisserand.layers.model.tables import TABLES, table
from tisserand.layers.project import analysis_layer, layers_of, make_project, save_project
from tisserand.layers.results import add_results, destination

HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard
SETTINGS = {
    "departement": "92",
    "departement_nom": "Département d'essai",
    "niveau_guide": "epci",
    "sources": "essai",
    "licences": "essai",
    "cree_le": "2026-03-01T08:00:00Z",
    "jeu_uuid": "00000000-0000-0000-0000-000000000000",
}
ACTORS = (
    {"at": (0, 0), "nom": "Cantine du coin", "type_initiative": "cuisine-partagee", "statut_recensement": "visite"},
    {"at": (1, 0), "nom": "Mairie d'essai", "type_initiative": "mairie", "statut_recensement": "repere"},
    {"at": (1, 1), "nom": "Boutique fermée", "statut_recensement": "ferme"},
    {"at": (2, 0), "nom": "Refus poli", "statut_recensement": "refus"},
    {"at": (2, 1), "nom": "Sans statut"},
)
NEEDS = (
    {"at": (0, 0), "statut_besoin": "nouveau"},
    {"at": (1, 0), "statut_besoin": "clos"},
    {"at": (2, 0), "statut_besoin": "repondu"},
    {"at": (0, 1)},
)


@pytest.fixture
def store(qgis_app, make_store):
    return make_store(ACTORS, NEEDS, **SETTINGS)


@pytest.fixture
def opened(store):
    """Return the project as QGIS reads it back from its file."""
    file = store.with_suffix(".qgz")
    make_project(store, file).clear()
    reopened = QgsProject()
    assert reopened.read(str(file))
    yield reopened
    reopened.clear()


def layer_of(opened, name):
    return layers_of(opened, name)[0]


@pytest.mark.parametrize(
    ("field", "value", "valid"),
    [
        ("nom", "ab", False),
        ("nom", "abc", True),
        ("code_postal", "9200", False),
        ("code_postal", None, True),
        ("capacite", -1, False),
        ("capacite", 0, True),
        ("consentement_le", None, False),
        ("consentement_le", "2026-01-01", True),
    ],
)
def test_the_form_of_an_actor_refuses_what_the_store_would_refuse(opened, field, value, valid):
    layer = layer_of(opened, "acteur")
    values = {layer.fields().lookupField("contact_publiable"): True, layer.fields().lookupField(field): value}
    feature = QgsVectorLayerUtils.createFeature(layer, attributes=values)
    found, errors = QgsVectorLayerUtils.validateAttribute(layer, feature, layer.fields().lookupField(field), HARD)
    assert found is valid, errors


def test_a_code_is_shown_by_its_label_and_may_be_empty_unless_required(opened):
    layer = layer_of(opened, "acteur")
    shown = layer.editorWidgetSetup(layer.fields().lookupField("type_initiative")).config()["map"]
    labels = {label: code for entry in shown for label, code in entry.items()}
    assert {code for label, code in labels.items() if label} == set(code_list("types_initiative").labels)
    assert "" in labels
    required = layer.editorWidgetSetup(layer.fields().lookupField("diffusion")).config()["map"]
    assert all("" not in entry for entry in required)


def test_a_new_actor_gets_its_uuid_and_dates_and_can_be_saved(opened, store):
    layer = layer_of(opened, "acteur")
    layer.startEditing()
    feature = QgsVectorLayerUtils.createFeature(layer, attributes={layer.fields().lookupField("nom"): "Nouvel acteur"})
    assert layer.addFeature(feature)
    assert layer.commitChanges(), layer.commitErrors()
    row = next(row for row in geopackage.read_rows(store, "acteur") if row["nom"] == "Nouvel acteur")
    assert re.fullmatch(r"[0-9a-f-]{36}", row["uuid"])
    assert row["date_maj"] == date.today()
    assert row["diffusion"] == "public"


def test_changing_an_actor_stamps_it_and_erases_nothing(opened, store):
    before = {row["nom"]: row for row in geopackage.read_rows(store, "acteur")}["Cantine du coin"]
    layer = layer_of(opened, "acteur")
    layer.startEditing()
    feature = next(layer.getFeatures("\"nom\" = 'Cantine du coin'"))
    layer.changeAttributeValue(feature.id(), layer.fields().lookupField("telephone"), "01 99 00 00 01")
    assert layer.commitChanges(), layer.commitErrors()
    after = {row["nom"]: row for row in geopackage.read_rows(store, "acteur")}["Cantine du coin"]
    stamped = {"date_maj": date.today(), "version": 2, "telephone": "01 99 00 00 01", "maj_par": after["maj_par"]}
    assert after == before | stamped
    assert after["maj_par"]


def test_every_reference_of_the_model_is_a_relation_that_works(opened):
    relations = opened.relationManager().relations()
    # A territory has a layer for each of its levels, so none of them is the one that an indicator refers to.
    references = {f"{d.name}_{c.name}" for d in TABLES for c in d.references if c.references != "territoire"}
    assert set(relations) == references
    assert all(relation.isValid() for relation in relations.values())


def test_the_groups_stand_in_their_order_with_the_communes_below_what_covers_them(opened):
    root = opened.layerTreeRoot()
    assert [group.name() for group in root.children()] == [*project.TREE]
    territories = [node.name() for node in root.findGroup("Territoires").children()]
    assert territories == ["Département", "Intercommunalités (EPCI)", "Communes"]


def test_a_map_theme_is_there_for_each_subject_that_has_layers(opened):
    themes = opened.mapThemeCollection()
    assert set(themes.mapThemes()) == {"Acteurs par thème", "Besoins", "Effort de recensement", "Territoires"}
    for name in themes.mapThemes():
        assert themes.mapThemeVisibleLayers(name)


def test_the_project_has_the_legal_crs_its_title_and_language_and_opens_on_the_departement(opened):
    assert opened.crs().authid() == "EPSG:2154"
    assert opened.ellipsoid() == "EPSG:7019"
    assert opened.title() == "Département d'essai : acteurs et besoins"
    assert opened.metadata().language() == "fr"
    extent = opened.viewSettings().defaultViewExtent()
    assert extent.contains(layer_of(opened, "territoire").extent())


def test_the_project_holds_no_full_path_no_code_and_no_transaction_mode(opened, store):
    with zipfile.ZipFile(store.with_suffix(".qgz")) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".qgs")]
        text = archive.read(name).decode("utf-8")
    assert name.startswith(store.stem)
    for forbidden in (str(store.parent), "/home/", "/root", "/tmp/", "C:", "<Macros", "from qgis"):
        assert forbidden not in text, forbidden
    assert f"./{store.name}" in text
    assert opened.autoTransaction() is False
    assert not any(layer.actions().actions() for layer in opened.mapLayers().values())


def test_the_project_and_its_store_can_be_moved_together(opened, store, tmp_path):
    opened.clear()
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    for file in (store, store.with_suffix(".qgz")):
        file.rename(elsewhere / file.name)
    assert project.fault(elsewhere / f"{store.stem}.qgz") == ""


def test_a_project_without_its_store_is_said_to_be_broken(opened, store):
    opened.clear()
    store.unlink()
    assert "Acteurs" in project.fault(store.with_suffix(".qgz"))


def drawn(layer, style=None):
    """Return name -> whether the renderer of a layer draws the feature."""
    from qgis.core import QgsRenderContext

    if style:
        layer.styleManager().setCurrentStyle(style)
    renderer = layer.renderer().clone()
    context = QgsRenderContext()
    context.setExpressionContext(QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer)))
    renderer.startRender(context, layer.fields())
    found = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        found[feature["uuid"]] = renderer.willRenderFeature(feature, context)
    renderer.stopRender(context)
    return found


def test_actors_that_closed_or_refused_are_not_drawn(opened, store):
    names = {row["uuid"]: row["nom"] for row in geopackage.read_rows(store, "acteur")}
    seen = {names[uuid] for uuid, visible in drawn(layer_of(opened, "acteur")).items() if visible}
    assert seen == {"Cantine du coin", "Mairie d'essai", "Sans statut"}


def test_the_survey_style_draws_every_actor(opened):
    assert all(drawn(layer_of(opened, "acteur"), project.SURVEY_STYLE).values())


def test_answered_needs_are_not_drawn(opened, store):
    status = {row["uuid"]: row["statut_besoin"] for row in geopackage.read_rows(store, "besoin")}
    assert {status[uuid] for uuid, visible in drawn(layer_of(opened, "besoin")).items() if visible} == {"nouveau", None}


def test_an_analysis_sees_open_actors_without_town_halls_and_needs_that_wait(store):
    assert {row["nom"] for row in analysis_layer(store, "acteur").getFeatures()} == {"Cantine du coin", "Sans statut"}
    assert analysis_layer(store, "besoin").featureCount() == 2
    assert analysis_layer(store, "territoire").featureCount() == geopackage.count_rows(store, "territoire")


def test_the_tip_of_an_actor_shows_labels_and_never_a_tag_from_the_data(opened, store):
    layer = layer_of(opened, "acteur")
    layer.startEditing()
    feature = next(layer.getFeatures("\"nom\" = 'Cantine du coin'"))
    layer.changeAttributeValue(feature.id(), layer.fields().lookupField("nom"), "<b>Cantine</b>")
    layer.changeAttributeValue(feature.id(), layer.fields().lookupField("themes_vie"), "feed|connect|autre")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(layer.getFeature(feature.id()))
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    layer.rollBack()
    labels = code_list("themes_vie").labels
    assert f"{labels['feed']}, {labels['connect']}, autre" in tip
    assert "&lt;b>Cantine" in tip
    assert code_list("types_initiative").labels["cuisine-partagee"] in tip


def test_in_no_style_does_a_commune_nobody_surveyed_look_like_one_that_was(opened):
    from qgis.core import QgsRenderContext

    communes = next(layer for layer in layers_of(opened, "territoire") if layer.name() == "Communes")
    for style in communes.styleManager().styles():
        communes.styleManager().setCurrentStyle(style)
        renderer, context = communes.renderer().clone(), QgsRenderContext()
        context.setExpressionContext(QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(communes)))
        renderer.startRender(context, communes.fields())
        looks = {True: set(), False: set()}
        for feature in communes.getFeatures():
            context.expressionContext().setFeature(feature)
            looks[feature["recense_le"] == NULL].add(renderer.symbolForFeature(feature, context).dump())
        renderer.stopRender(context)
        assert looks[True]
        assert looks[True].isdisjoint(looks[False]), style


@pytest.mark.parametrize("name", ["Acteurs par thème", "Besoins", "Effort de recensement", "Territoires"])
def test_a_map_theme_draws_something(opened, name):
    settings = QgsMapSettings()
    settings.setOutputSize(QSize(300, 300))
    settings.setDestinationCrs(opened.crs())
    settings.setLayers(opened.mapThemeCollection().mapThemeVisibleLayers(name))
    settings.setLayerStyleOverrides(opened.mapThemeCollection().mapThemeStyleOverrides(name))
    settings.setExtent(opened.viewSettings().defaultViewExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors()
    image = job.renderedImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, 300, 3) for y in range(0, 300, 3)}
    assert len(colours) > 3


def test_a_project_that_exists_is_left_and_the_new_store_is_taken_back(store):
    file = store.with_suffix(".qgz")
    file.write_text("à moi", encoding="utf-8")
    with pytest.raises(StoreExistsError):
        make_project(store, file)
    assert file.read_text(encoding="utf-8") == "à moi"
    assert not store.exists()


def test_a_project_that_cannot_be_written_leaves_no_file(opened, tmp_path):
    with pytest.raises(TisserandError):
        save_project(opened, tmp_path / "nulle part" / "essai.qgz")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".gpkg", ".qgz"]


def test_no_result_is_added_where_no_analysis_was_run(opened, store):
    assert add_results(opened, store) == []
    assert opened.layerTreeRoot().findGroup(project.RESULTS) is None


def test_the_labels_of_every_field_with_several_codes_can_be_shown():
    from tisserand.layers.forms import labels_of

    for declared in TABLES:
        for column in declared.fields:
            if column.multiple:
                feature = QgsFeature()
                expression = QgsExpression(labels_of(column))
                assert not expression.hasParserError(), expression.parserErrorString()
                context = QgsExpressionContext()
                feature.setFields(fields_with(column.name))
                feature.setAttributes(["|".join(code_list(column.codes).labels)])
                context.setFeature(feature)
                assert expression.evaluate(context) == ", ".join(code_list(column.codes).labels.values())


def fields_with(name):
    from qgis.core import QgsField, QgsFields

    from tisserand.layers.fields import TEXT

    fields = QgsFields()
    fields.append(QgsField(name, TEXT))
    return fields


def test_a_path_with_an_apostrophe_can_hold_results(provider, qgis_app, make_store, tmp_path):
    from qgis import processing

    folder = tmp_path / "Val d'Été"
    folder.mkdir()
    store = make_store(ACTORS, NEEDS, **SETTINGS).rename(folder / "espace d'essai.gpkg")
    made = processing.run(
        "native:buffer",
        {
            "INPUT": analysis_layer(store, "acteur").source(),
            "DISTANCE": 10,
            "OUTPUT": destination(store, "analyse_couverture"),
        },
    )
    assert made["OUTPUT"]
    assert geopackage.count_rows(store, "analyse_couverture") == 2
    assert geopackage.count_rows(store, "acteur") == len(ACTORS)


def test_the_words_that_name_a_visit_and_a_link_are_no_codes(opened):
    assert table("lien").label == "nature"
    assert "map_get" in layer_of(opened, "lien").displayExpression()


@pytest.fixture
def analysed(provider, make_store):
    """Return a store in which both analyses left their results, as the menu runs them."""
    from qgis import processing

    from tisserand.qgis_plugin import prefill

    actors = [
        {"at": (column, 0), "nom": f"Repair café {column}", "description": "réparer ensemble vélos et grille-pain"}
        for column in (0, 0, 0, 1)
    ]
    travel = {"vitesse_kmh": 50, "detour": 1.3, "portee_min": 5, "semblables_m": 10000}
    store = make_store(actors, NEEDS, **SETTINGS, **travel)
    processing.run("tisserand:coveragegaps", prefill.coverage_gaps(store))
    processing.run("tisserand:similarinitiatives", prefill.similar_initiatives(store))
    return store


def test_results_are_added_once_on_top_with_their_map_themes_and_stay(analysed):
    file = analysed.with_suffix(".qgz")
    made = make_project(analysed, file)
    added = add_results(made, analysed)
    assert {layer.name() for layer in added} >= {
        "Besoins et réponses",
        "Groupes d'initiatives semblables",
        "Se nourrir",
    }
    assert made.layerTreeRoot().children()[0].name() == project.RESULTS
    assert {"Besoins sans réponse", "Initiatives semblables"} <= set(made.mapThemeCollection().mapThemes())
    assert add_results(made, analysed) == []
    save_project(made, file)
    made.clear()
    assert project.fault(file) == ""


def test_a_result_that_processing_already_put_in_the_project_is_not_added_twice(analysed):
    made = make_project(analysed, analysed.with_suffix(".qgz"))
    made.addMapLayer(project.open_layer(analysed, "analyse_couverture", "Résultat"))
    assert "Besoins et réponses" not in {layer.name() for layer in add_results(made, analysed)}
    made.clear()


def test_the_parameters_of_the_menu_come_from_the_open_workspace(analysed):
    from tisserand.qgis_plugin import prefill

    QgsProject.instance().clear()
    with pytest.raises(TisserandError, match="not that of a workspace"):
        prefill.open_store()
    make_project(analysed, analysed.with_suffix(".qgz")).clear()
    assert QgsProject.instance().read(str(analysed.with_suffix(".qgz")))
    assert prefill.open_store() == analysed
    assert prefill.coverage_gaps(analysed)["REACH"] == 5.0
    QgsProject.instance().clear()
