"""What one workspace exports, another imports: the same rows, their services, and what no field holds."""

import json
from datetime import date, datetime, timezone

import pytest

from tisserand.layers import export, geopackage
from tisserand.layers.importing import files
from tisserand.layers.importing.ground import read_ground
from tisserand.layers.importing.plan import Options, make_plan
from tisserand.layers.importing.writing import write_plan

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
TODAY = date(2026, 11, 24)
EXTRA = {"couleur": "bleu", "ouvert le soir": "oui"}


def place(path, store, *, source="essai", **options):
    ground = read_ground(store)
    sheet = files.read_file(path)
    mapping = files.choose_mapping(sheet, "acteur", ground.communes)
    records = files.understand(sheet, mapping, ground, frozenset())
    plan = make_plan(store, records, mapping, ground, Options(source, options.pop("now", NOW), **options))
    write_plan(store, plan)
    return plan


def counts(plan):
    return len(plan.creates), len(plan.updates), plan.unchanged, plan.rejected_rows


def structure(number, **values):
    return {
        "source": "reseau-fictif",
        "id": f"reseau-fictif--{number}",
        "nom": f"Structure fictive {'ABCDEFG'[number]}",
        "date_maj": "2026-03-01",
        "longitude": 2.205 + number / 100,
        "latitude": 48.855,
        "couleur": "bleu",
        **values,
    }


def service(number, of, **values):
    return {
        "source": "reseau-fictif",
        "structure_id": f"reseau-fictif--{of}",
        "id": f"reseau-fictif--s{number}",
        "nom": f"Service fictif {number}",
        "description": "Un service pour l'essai.",
        "date_maj": "2026-03-01",
        **values,
    }


@pytest.fixture
def inclusion(tmp_path):
    def make(structures, services=()):
        path = tmp_path / "structures.json"
        path.write_text(json.dumps({"structures": structures, "services": list(services)}), encoding="utf-8")
        return path

    return make


def test_services_come_with_their_actor_and_are_not_counted_as_rows(make_store, inclusion):
    store = make_store()
    plan = place(inclusion([structure(0), structure(1)], [service(1, 0), service(2, 0)]), store)
    assert counts(plan) == (2, 0, 0, 0)
    assert len(plan.services.creates) == 2
    owner = {actor["uuid"]: actor["nom"] for actor in geopackage.read_rows(store, "acteur")}
    services = geopackage.read_rows(store, "service")
    assert {owner[found["acteur_uuid"]] for found in services} == {"Structure fictive A"}


def test_a_service_that_changed_is_updated_though_its_actor_did_not(make_store, inclusion):
    store = make_store()
    place(inclusion([structure(0)], [service(1, 0), service(2, 0)]), store)
    plan = place(inclusion([structure(0)], [service(2, 0, frais="gratuit")]), store, now=NOW.replace(hour=11))
    assert counts(plan) == (0, 0, 1, 0)
    assert (len(plan.services.updates), plan.services.absent) == (1, 1)
    assert [found["frais"] for found in geopackage.read_rows(store, "service")] == [None, "gratuit"]


def test_the_date_of_the_source_is_that_of_the_sheet(make_store, inclusion):
    store = make_store()
    place(inclusion([structure(0)]), store)
    (actor,) = geopackage.read_rows(store, "acteur")
    assert (actor["source_le"], actor["date_maj"]) == (date(2026, 3, 1), date(2026, 3, 1))


@pytest.mark.parametrize("name", ["csv", "xlsx", "geojson"])
def test_our_own_files_come_back_as_they_went(make_store, inclusion, tmp_path, name):
    one, other = make_store(name="un.gpkg"), make_store(name="deux.gpkg")
    place(inclusion([structure(0), structure(1)]), one)
    output = tmp_path / f"export{export.FORMATS[name].suffix}"
    export.export_actors(one, name, "interne", output, TODAY)
    assert counts(place(output, one, now=NOW.replace(hour=12))) == (0, 0, 2, 0)
    assert counts(place(output, other)) == (2, 0, 0, 0)
    stamps = ("cree_le", "cree_par", "maj_par", "geom", "version", "version_lue")
    mine, theirs = (
        [
            {key: value for key, value in row.items() if key not in stamps}
            for row in geopackage.read_rows(path, "acteur")
        ]
        for path in (one, other)
    )
    assert sorted(mine, key=lambda row: row["uuid"]) == sorted(theirs, key=lambda row: row["uuid"])
    assert {json.loads(row["extra"])["couleur"] for row in theirs} == {"bleu"}


def test_data_inclusion_keeps_its_identifiers_and_columns_it_does_not_know(make_store, inclusion, tmp_path):
    one, other = make_store(name="un.gpkg"), make_store(name="deux.gpkg")
    place(inclusion([structure(0)], [service(1, 0)]), one)
    output = tmp_path / "export.json"
    export.export_actors(one, "datainclusion", "interne", output, TODAY)
    content = json.loads(output.read_text(encoding="utf-8"))
    assert content["structures"][0]["id"] == "reseau-fictif--0"
    assert content["services"][0]["id"] == "reseau-fictif--s1"
    assert content["services"][0]["structure_id"] == "reseau-fictif--0"
    assert content["structures"][0]["couleur"] == "bleu"
    place(output, other)
    uuids = [[row["uuid"] for row in geopackage.read_rows(path, "acteur")] for path in (one, other)]
    assert uuids[0] == uuids[1]
    assert counts(place(output, one, now=NOW.replace(hour=12))) == (0, 0, 1, 0)


def test_an_actor_typed_here_is_known_again_by_the_identifier_that_we_gave_it(make_store, tmp_path):
    store = make_store([{"at": (0, 0), "nom": "Le Bocal fictif", "source": "saisie", "date_maj": date(2026, 3, 1)}])
    output = tmp_path / "export.json"
    export.export_actors(store, "datainclusion", "interne", output, TODAY)
    plan = place(output, store)
    assert len(plan.creates) == plan.rejected_rows == 0
    assert plan.unchanged + len(plan.updates) == 1


@pytest.mark.parametrize("audience", ["public", "pro"])
def test_what_other_files_said_is_for_colleagues_alone(make_store, inclusion, tmp_path, audience):
    store = make_store()
    place(inclusion([structure(0)], [service(1, 0, couleur="rouge")]), store)
    for name, format_ in export.FORMATS.items():
        output = tmp_path / f"export{format_.suffix}"
        export.export_actors(store, name, audience, output, TODAY)
        if name != "xlsx":
            text = output.read_text(encoding="utf-8")
            assert "bleu" not in text
            assert "rouge" not in text


def test_a_contact_in_other_information_stays_here_without_a_consent(make_store, inclusion, tmp_path):
    store = make_store()
    place(inclusion([structure(0, responsable="appeler 01 99 00 12 34", suivi="a@example.org")]), store)
    output = tmp_path / "export.geojson"
    export.export_actors(store, "geojson", "interne", output, TODAY)
    text = output.read_text(encoding="utf-8")
    assert "01 99 00 12 34" not in text
    assert "a@example.org" not in text
    assert "bleu" in text
