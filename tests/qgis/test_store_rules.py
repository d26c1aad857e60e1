"""The rules that a store keeps by itself, as a person meets them in an editing session of QGIS."""

import json

import pytest
from qgis.core import NULL, QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayerUtils

from tisserand.layers import geopackage
from tisserand.layers.errors import OutsideDepartementError, StoreRefusedError
from tisserand.layers.project import build_project, layers_of

HERE = QgsPointXY(641_000, 6_861_000)


@pytest.fixture
def store(make_store, qgis_app):
    return make_store([{"at": (0, 0), "nom": "Le Bocal"}, {"at": (1, 1), "nom": "La Bobine"}])


@pytest.fixture
def sessions(store):
    """Return an opener of layers, each as another person would have it in a project of their own."""
    projects = []

    def session(name="acteur"):
        projects.append(build_project(store, geopackage.read_settings(store)))
        return layers_of(projects[-1], name)[0]

    yield session
    for project in projects:
        for layer in project.mapLayers().values():
            if layer.isEditable():
                layer.rollBack()
        project.clear()


def row(store, name="Le Bocal", table="acteur"):
    return next(found for found in geopackage.read_rows(store, table, withdrawn=True) if found.get("nom") == name)


def feature_of(layer, name="Le Bocal"):
    return next(feature for feature in layer.getFeatures() if feature["nom"] == name)


def change(layer, values, name="Le Bocal"):
    feature = feature_of(layer, name)
    for field, value in values.items():
        assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField(field), value)


def journal(store, uuid):
    return [line for line in geopackage.read_rows(store, "journal") if line["objet_uuid"] == uuid]


def test_who_saves_second_is_told_and_keeps_what_they_typed(store, sessions):
    mine, theirs = sessions(), sessions()
    for layer, words in ((mine, "Le mien"), (theirs, "Le leur")):
        assert layer.startEditing()
        change(layer, {"description": words})
    assert mine.commitChanges()
    assert not theirs.commitChanges()
    assert any("CIS-CONFLIT" in message for message in theirs.commitErrors())
    assert theirs.isEditable()
    assert "Le leur" in [feature["description"] for feature in theirs.getFeatures()]
    assert row(store)["description"] == "Le mien"


def test_two_changes_of_a_row_in_one_session_are_one_version(store, sessions):
    layer = sessions()
    before = row(store)["version"]
    assert layer.startEditing()
    change(layer, {"description": "Un"})
    change(layer, {"description": "Deux", "telephone": "01 99 00 00 00"})
    assert layer.commitChanges(), layer.commitErrors()
    after = row(store)
    assert (after["version"], after["version_lue"]) == (before + 1, None)
    assert after["description"] == "Deux"


def test_words_and_position_changed_in_one_session_do_not_conflict_with_each_other(store, sessions):
    layer = sessions()
    assert layer.startEditing()
    change(layer, {"description": "Déménagé"})
    assert layer.changeGeometry(feature_of(layer).id(), QgsGeometry.fromPointXY(HERE))
    change(layer, {"telephone": "01 99 00 00 01"})
    assert layer.commitChanges(), layer.commitErrors()
    assert row(store)["description"] == "Déménagé"
    assert row(store)["telephone"] == "01 99 00 00 01"
    moved = feature_of(layer).geometry().asPoint()
    assert (moved.x(), moved.y()) == (HERE.x(), HERE.y())


def test_of_two_who_move_a_point_the_second_is_told_and_the_journal_keeps_the_first_position(store, sessions):
    mine, theirs = sessions(), sessions()
    for layer, where in ((mine, HERE), (theirs, QgsPointXY(642_000, 6_862_000))):
        assert layer.startEditing()
        assert layer.changeGeometry(feature_of(layer).id(), QgsGeometry.fromPointXY(where))
    assert mine.commitChanges(), mine.commitErrors()
    saved = row(store)["geom"]
    assert not theirs.commitChanges()
    assert any("CIS-CONFLIT" in message for message in theirs.commitErrors())
    replaced = json.loads(journal(store, row(store)["uuid"])[-1]["avant"])["geom"]
    assert saved[-16:].hex().upper() in replaced


def test_a_row_can_be_changed_again_and_again_in_the_same_layer(store, sessions):
    layer = sessions()
    for number in range(4):
        assert layer.startEditing()
        change(layer, {"description": f"Fois {number}"})
        assert layer.commitChanges(), layer.commitErrors()
    assert row(store)["version"] == 5


def test_the_journal_tells_what_changed_and_nothing_else(store, sessions):
    layer = sessions()
    uuid = row(store)["uuid"]
    assert [line["operation"] for line in journal(store, uuid)] == ["creation"]
    assert layer.startEditing()
    change(layer, {"description": "L'atelier « du coin »"})
    assert layer.commitChanges(), layer.commitErrors()
    line = journal(store, uuid)[-1]
    before, after = json.loads(line["avant"]), json.loads(line["apres"])
    assert after["description"] == "L'atelier « du coin »"
    assert before["description"] is None
    assert set(after) <= {"description", "date_maj", "maj_par", "commune", "code_insee", "secteur_uuid"}
    assert (line["operation"], line["nom_table"], line["version"]) == ("modification", "acteur", 2)


def test_a_change_that_changes_nothing_is_neither_a_version_nor_a_line_of_the_journal(store):
    uuid = row(store)["uuid"]
    execute(store, f"UPDATE acteur SET nom = nom WHERE uuid = '{uuid}'")
    assert row(store)["version"] == 1
    assert [line["operation"] for line in journal(store, uuid)] == ["creation"]


def test_the_journal_cannot_be_changed(store):
    with pytest.raises(RuntimeError, match="CIS-JOURNAL"):
        execute(store, "UPDATE journal SET qui = 'personne'")
    with pytest.raises(RuntimeError, match="CIS-JOURNAL"):
        execute(store, "DELETE FROM journal")


def execute(store, sql):
    from osgeo import gdal

    dataset = gdal.OpenEx(str(store), gdal.OF_UPDATE)
    gdal.ErrorReset()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        dataset.ExecuteSQL(sql)
        message = gdal.GetLastErrorMsg()
    finally:
        gdal.PopErrorHandler()
    if message:
        raise RuntimeError(message)


def test_a_row_is_not_deleted_and_the_refusal_says_what_to_do(store, sessions):
    layer = sessions()
    assert layer.startEditing()
    assert layer.deleteFeature(feature_of(layer).id())
    assert not layer.commitChanges()
    assert any("l'archiver" in message for message in layer.commitErrors())
    assert len(geopackage.read_rows(store, "acteur")) == 2


def test_a_row_that_was_withdrawn_is_not_read_and_comes_back_when_asked_for(store):
    uuid = row(store)["uuid"]
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "supprime_le": "2026-11-24T10:00:00Z"}]})
    assert [found["nom"] for found in geopackage.read_rows(store, "acteur")] == ["La Bobine"]
    assert journal(store, uuid)[-1]["operation"] == "retrait"
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "supprime_le": None}]})
    assert len(geopackage.read_rows(store, "acteur")) == 2
    assert journal(store, uuid)[-1]["operation"] == "retablissement"


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("POINT (2.2 48.9)", id="degrees"),
        pytest.param("POINT (6861000 641000)", id="swapped"),
        pytest.param("POINT (1e308 6861000)", id="huge"),
        pytest.param("POINT (nan nan)", id="nan"),
        pytest.param("POINT EMPTY", id="empty"),
    ],
)
def test_a_position_that_cannot_be_is_refused_in_an_editing_session(store, sessions, where):
    layer = sessions()
    geometry = QgsGeometry.fromPointXY(QgsPointXY(float("nan"), float("nan")))
    if "nan" not in where:
        geometry = QgsGeometry.fromWkt(where)
    before = row(store)["geom"]
    assert layer.startEditing()
    feature = QgsVectorLayerUtils.createFeature(layer, geometry, {layer.fields().lookupField("nom"): "Nulle part"})
    assert layer.addFeature(feature)
    assert not layer.commitChanges()
    assert any("CIS-POSITION" in message for message in layer.commitErrors())
    assert len(geopackage.read_rows(store, "acteur")) == 2
    layer.rollBack()
    assert layer.startEditing()
    assert layer.changeGeometry(feature_of(layer).id(), geometry)
    assert not layer.commitChanges()
    assert row(store)["geom"] == before
    layer.rollBack()
    assert sessions().extent().xMaximum() < 700_000


def test_an_actor_may_wait_for_its_position(store, sessions):
    layer = sessions()
    assert layer.startEditing()
    name = {layer.fields().lookupField("nom"): "À localiser"}
    assert layer.addFeature(QgsVectorLayerUtils.createFeature(layer, QgsGeometry(), name))
    assert layer.commitChanges(), layer.commitErrors()
    assert row(store, "À localiser")["geom"] is None


def test_a_feature_made_without_defaults_is_refused_and_one_made_with_them_is_taken(store, sessions):
    layer = sessions()
    assert layer.startEditing()
    bare = QgsFeature(layer.fields())
    bare["nom"] = "Sans rien"
    assert bare["version"] in (None, NULL)
    assert layer.addFeature(bare)
    assert not layer.commitChanges()
    assert len(geopackage.read_rows(store, "acteur")) == 2
    layer.rollBack()
    assert layer.startEditing()
    name = {layer.fields().lookupField("nom"): "Avec tout"}
    assert layer.addFeature(QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromPointXY(HERE), name))
    assert layer.commitChanges(), layer.commitErrors()
    made = row(store, "Avec tout")
    assert (made["version"], made["diffusion"], made["statut"]) == (1, "public", "brouillon")
    assert len(made["uuid"]) == 36
    assert made["cree_par"]


def test_our_own_writing_refuses_a_value_that_is_taken_where_qgis_would_change_it(store, sessions):
    rows = [{"uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 11 + digit, "code": "S1", "nom": "Nord"} for digit in "12"]
    geopackage.write_rows(store, {"secteur": rows[:1]})
    layer = sessions("secteur")
    taken = QgsVectorLayerUtils.createFeature(layer, QgsGeometry(), {layer.fields().lookupField("code"): "S1"})
    assert taken["code"] != "S1", "QGIS no longer changes a unique value by itself: this precaution can go"
    with pytest.raises(StoreRefusedError, match=r"secteur\.code"):
        geopackage.write_rows(store, {"secteur": rows[1:]})
    assert [found["code"] for found in geopackage.read_rows(store, "secteur")] == ["S1"]


def test_of_our_own_writing_nothing_is_kept_when_one_row_is_refused(store):
    before = geopackage.read_rows(store, "acteur"), geopackage.read_rows(store, "journal")
    good = row(store)
    added = {"uuid": "1" * 8 + "-0000-4000-8000-" + "0" * 12, "nom": "Tout neuf", "diffusion": "public"}
    with pytest.raises(StoreRefusedError, match="l'accord a été donné"):
        geopackage.write_changes(
            store,
            {"acteur": [added]},
            {
                "acteur": [
                    {"uuid": good["uuid"], "description": "Changé"},
                    {"uuid": row(store, "La Bobine")["uuid"], "contact_publiable": True},
                ]
            },
        )
    assert (geopackage.read_rows(store, "acteur"), geopackage.read_rows(store, "journal")) == before


def test_our_own_writing_meets_the_change_of_another(store):
    uuid = row(store)["uuid"]
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "description": "Plus tôt"}]})
    with pytest.raises(StoreRefusedError, match="CIS-CONFLIT"):
        geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "description": "Plus tard", "version_lue": 1}]})
    assert row(store)["description"] == "Plus tôt"


def test_our_own_writing_refuses_a_point_outside_and_a_row_that_is_not_there(store):
    far = bytes(QgsGeometry.fromWkt("POINT (2.2 48.9)").asWkb())
    with pytest.raises(OutsideDepartementError):
        geopackage.write_changes(store, {}, {"acteur": [{"uuid": row(store)["uuid"], "geom": far}]})
    with pytest.raises(StoreRefusedError, match="uuid"):
        geopackage.write_changes(store, {}, {"acteur": [{"uuid": "absent", "description": "?"}]})


def test_a_commit_that_fails_in_part_says_so_and_keeps_the_rest(store, sessions):
    layer = sessions()
    assert layer.startEditing()
    change(layer, {"description": "Passe"})
    bad = {layer.fields().lookupField("nom"): "ab"}
    assert layer.addFeature(QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromPointXY(HERE), bad))
    assert not layer.commitChanges()
    assert any("acteur_nom" in message for message in layer.commitErrors())
    assert layer.isEditable()
    assert [feature["nom"] for feature in layer.editBuffer().addedFeatures().values()] == ["ab"]
    # What QGIS wrote before the refusal is on disk, once: a second try does not write it again.
    assert row(store)["version"] == 2
    assert not layer.commitChanges()
    assert row(store)["version"] == 2


def test_the_project_has_no_transaction_groups(store):
    project = build_project(store, geopackage.read_settings(store))
    mode = getattr(project, "transactionMode", None)
    assert (mode() if mode else project.autoTransaction()) in (False, getattr(QgsProject, "Disabled", 0), 0) or (
        mode().name == "Disabled"
    )
    project.clear()
