"""Accounts and passwords: in the password store of QGIS, on an encrypted connection, and nowhere else."""

from dataclasses import replace

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsLayerDefinition, QgsProject, QgsReadWriteContext
from qgis.PyQt.QtXml import QDomDocument

from tisserand.layers import postgis
from tisserand.layers.ddl.postgres_names import NameRefusedError
from tisserand.layers.postgis import accounts
from tisserand.layers.postgis.errors import DatabaseUnreachableError, LayerClosedError, UnencryptedConnectionError

EPSG = 2154
SECRET = "Mot-de-passe-d-essai-c-nord"


@pytest.fixture
def kept(place):
    """Return the place of the store with an account that only the password store knows."""
    manager = QgsApplication.authManager()
    if not manager.setMasterPassword("un mot maître d'essai", True):
        pytest.skip(f"the password store of QGIS cannot be opened here: {manager.disabledMessage()}")
    config = QgsAuthMethodConfig("Basic")
    config.setName("essai")
    config.setConfig("username", "c-nord")
    config.setConfig("password", SECRET)
    # QGIS 3.22 gives the configuration its identifier in place; later versions return it too.
    manager.storeAuthenticationConfig(config)
    assert config.id()
    yield replace(place, user="", password="", authcfg=config.id())
    manager.removeAuthenticationConfig(config.id())


def test_a_layer_opens_and_saves_with_the_account_of_the_password_store(kept, actor):
    postgis.write_rows(accounts.with_account(kept), {"acteur": [actor()]})
    layer = accounts.open_layer(kept, "acteur", "Acteurs", EPSG)
    assert [feature["nom"] for feature in layer.getFeatures()] == ["Le Bocal"]
    assert layer.startEditing()
    feature = next(layer.getFeatures())
    assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField("description"), "Changé")
    assert layer.commitChanges(), layer.commitErrors()
    (found,) = postgis.read_rows(accounts.with_account(kept), "acteur")
    assert found["description"] == "Changé"
    assert [line["qui"] for line in postgis.read_rows(accounts.with_account(kept), "journal")][-1] == "c-nord"


def test_the_password_is_in_no_project_style_definition_or_word(kept, actor, tmp_path, execute):
    said = []
    log = QgsApplication.messageLog()
    log.messageReceived.connect(lambda *words: said.append(" ".join(map(str, words))))
    place = accounts.with_account(kept)
    assert place.password == SECRET
    postgis.write_rows(place, {"acteur": [actor()]})
    layer = accounts.open_layer(kept, "acteur", "Acteurs", EPSG)
    project = QgsProject()
    project.addMapLayer(layer)
    path = tmp_path / "essai.qgs"
    assert project.write(str(path))
    document = QDomDocument()
    layer.exportNamedStyle(document, QgsReadWriteContext())
    definition = QgsLayerDefinition.exportLayerDefinitionLayers([layer], QgsReadWriteContext()).toString()
    texts = [path.read_text(encoding="utf-8"), document.toString(), definition, layer.source(), layer.htmlMetadata()]
    project.clear()
    with pytest.raises(DatabaseUnreachableError) as caught:
        postgis.read_rows(replace(place, user="absent"), "acteur")
    texts += [str(caught.value), repr(caught.value.values), str(place), repr(place), *said]
    texts += [str(row) for table in ("acteur", "journal", "meta") for row in postgis.read_rows(place, table)]
    assert kept.authcfg in texts[0]
    assert [text for text in texts if SECRET in text] == []


def test_what_goes_wrong_with_an_account_is_said_in_a_sentence(place, kept):
    with pytest.raises(accounts.AccountMissingError, match="abcdefg"):
        accounts.with_account(replace(kept, authcfg="abcdefg"))
    with pytest.raises(DatabaseUnreachableError, match=r"essai_\d+\.cis \(127\.0\.0\.1\).*password"):
        postgis.read_settings(replace(place, password="faux"))
    with pytest.raises(DatabaseUnreachableError, match="refused"):
        postgis.read_settings(replace(place, port=1))
    with pytest.raises(DatabaseUnreachableError, match="absente"):
        postgis.read_settings(replace(place, database="absente"))


@pytest.mark.parametrize(
    ("host", "sslmode", "taken"),
    [
        ("127.0.0.1", "disable", True),
        ("127.9.9.9", "prefer", True),
        ("::1", "prefer", True),
        ("localhost", "prefer", True),
        ("/run/postgresql", "prefer", True),
        ("", "prefer", True),
        ("base.example.org", "prefer", False),
        ("base.example.org", "disable", False),
        ("base.example.org", "allow", False),
        ("base.example.org", "", False),
        ("192.0.2.7", "prefer", False),
        ("localhost.example.org", "prefer", False),
        ("127.0.0.1.example.org", "prefer", False),
        ("127.0.0.1,base.example.org", "prefer", False),
        ("base.example.org", "require", True),
        ("base.example.org", "verify-ca", True),
        ("base.example.org", "verify-full", True),
    ],
)
def test_off_this_machine_only_an_encrypted_connection_is_tried(host, sslmode, taken):
    from tisserand.layers.postgis.connection import check_encryption

    place = postgis.Place("sig", "cis", host, sslmode=sslmode)
    if taken:
        check_encryption(place)
        return
    with pytest.raises(UnencryptedConnectionError, match="SSL"):
        check_encryption(place)
    # Before anything is sent.
    with pytest.raises(UnencryptedConnectionError):
        postgis.read_settings(place)
    with pytest.raises(UnencryptedConnectionError):
        accounts.source_of(place, "acteur", EPSG)


@pytest.mark.parametrize("name", ["", "Cis", "cis; DROP TABLE x", 'cis"', "pg_cis", "1cis", "é", "a" * 41, "cis\n"])
def test_a_name_that_needs_care_in_sql_is_refused_for_schemas_and_groups(place, name):
    with pytest.raises(NameRefusedError):
        postgis.create_schema(replace(place, schema=name), EPSG, {}, {})
    with pytest.raises(NameRefusedError):
        postgis.create_schema(replace(place, schema="neuf"), EPSG, {}, {}, prefix=name)
    assert postgis.read_settings(place)


def test_a_layer_without_geometry_a_view_and_a_part_of_a_table_open_too(kept):
    assert accounts.open_layer(kept, "service", "Services", EPSG).isValid()
    view = accounts.open_layer(kept, "acteur_public", "Acteurs publiés", EPSG)
    assert view.crs().authid() == f"EPSG:{EPSG}"
    for condition, count in (("\"niveau\" = 'departement'", 1), ("\"niveau\" = 'commune'", 0)):
        assert accounts.open_layer(kept, "territoire", "Territoires", EPSG, condition).featureCount() == count
    with pytest.raises(LayerClosedError, match="absente"):
        accounts.open_layer(kept, "absente", "?", EPSG)
