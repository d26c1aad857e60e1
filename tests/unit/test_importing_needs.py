"""Needs come in without any person, at the centre of their unit, with secrets unknown and not zero."""

import csv
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest
from osgeo import ogr

from tisserand.layers import geopackage
from tisserand.layers.exchange.mapping import ColumnRule, Mapping
from tisserand.layers.importing import files
from tisserand.layers.importing.ground import read_ground
from tisserand.layers.importing.plan import Options, make_plan
from tisserand.layers.importing.writing import write_plan

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
USUAL = {"libelle": "Manque de transport le soir", "theme_vie": "move", "niveau_geo": "commune", "code_geo": "92000"}


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def bring(tmp_path):
    def run(store, rows, *, mapping=None, accept=frozenset()):
        path = tmp_path / "besoins.csv"
        header = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return plan_of(store, path, mapping, accept)

    return run


def plan_of(store, path, mapping, accept=frozenset()):
    ground = read_ground(store)
    sheet = files.read_file(path)
    chosen = mapping or files.guess_mapping(sheet, "besoin", ground.communes)
    records = files.understand(sheet, chosen, ground, accept, chosen=mapping is not None)
    plan = make_plan(store, records, chosen, ground, Options("essai", NOW))
    write_plan(store, plan)
    return plan


def needs(store):
    return geopackage.read_rows(store, "besoin")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Prénom", "Fictive"),
        ("Nom", "Personne-Fictive"),
        ("date de naissance", "01/02/1980"),
        ("Adresse", "1 rue d'Essai"),
        ("Téléphone", "01 99 00 12 34"),
        ("Mail", "personne@example.org"),
        ("numéro allocataire", "0000000"),
    ],
)
def test_a_row_that_tells_of_a_person_is_refused_and_not_repeated(store, bring, column, value):
    plan = bring(store, [{**USUAL, column: value}, USUAL])
    assert (len(plan.creates), plan.rejected_rows) == (1, 1)
    said = str(plan.rejected[0])
    assert column in said
    assert value not in said + plan.rejected[0].value
    assert all(value not in str(found) for found in needs(store))


@pytest.mark.parametrize(
    "label",
    [
        "Mme Fictive ne peut pas se déplacer",
        "Rappeler au 01 99 00 12 34",
        "Écrire à personne@example.org",
        "Dossier 2 80 02 92 000 000 97",
        "Habite au 3 rue d'Essai à côté",
    ],
)
def test_a_text_that_names_a_person_is_refused(store, bring, label):
    plan = bring(store, [{**USUAL, "libelle": label}, USUAL])
    assert (len(plan.creates), plan.rejected_rows) == (1, 1)
    assert label not in str(plan.rejected[0]) + plan.rejected[0].value


def test_a_column_nom_that_a_person_mapped_to_the_need_is_its_name(store, bring):
    rows = [{"nom": "Manque de garde d'enfants", "theme": "care", "code": "92000"}]
    rules = {name: ColumnRule(column) for name, column in (("libelle", "nom"), ("theme_vie", "theme"))}
    mapping = Mapping("choisie", "besoin", {**rules, "code_geo": ColumnRule("code")})
    assert len(bring(store, rows, mapping=mapping).creates) == 1
    assert needs(store)[0]["libelle"] == "Manque de garde d'enfants"


def test_the_point_is_put_at_the_centre_of_the_commune_and_this_is_said(store, bring):
    plan = bring(store, [{"libelle": "Isolement", "theme_vie": "connect", "longitude": 2.2001, "latitude": 48.8501}])
    (found,) = needs(store)
    point = ogr.CreateGeometryFromWkb(found["geom"])
    # The squares of the workspace have 4 km: the centre of the first one.
    assert (point.GetX(), point.GetY()) == pytest.approx((642_000, 6_862_000), abs=0.01)
    assert (found["niveau_geo"], found["code_geo"], found["code_insee"]) == ("commune", "92000", "92000")
    assert [remark.values.get("unit") for remark in plan.remarks] == ["Commune A1 (92000)"]


def test_a_need_of_an_epci_is_at_its_centre_and_in_no_commune(store, bring):
    bring(store, [{**USUAL, "niveau_geo": "epci", "code_geo": "200000001"}])
    (found,) = needs(store)
    point = ogr.CreateGeometryFromWkb(found["geom"])
    assert 6_864_000 < point.GetY() < 6_868_000
    assert found["code_insee"] is None


def test_an_unknown_unit_is_rejected_by_its_name(store, bring):
    plan = bring(store, [{**USUAL, "code_geo": "33063"}])
    assert plan.rejected_rows == 1
    assert "33063" in str(plan.rejected[0])


@pytest.mark.parametrize(("said", "kept"), [("s", None), ("ns", None), ("", None), ("0", 0), ("12", 12)])
def test_a_secret_is_unknown_and_only_zero_is_zero(store, bring, said, kept):
    mapping = Mapping("m", "besoin", {name: ColumnRule(name) for name in (*USUAL, "nb_situations")})
    plan = bring(store, [{**USUAL, "nb_situations": said}], mapping=mapping)
    assert needs(store)[0]["nb_situations"] == kept
    assert [remark.value for remark in plan.remarks if "secret" in str(remark)] == (
        [said] if said in ("s", "ns") else []
    )


def test_the_same_file_twice_changes_nothing(store, bring):
    rows = [USUAL, {**USUAL, "code_geo": "92011"}, {**USUAL, "libelle": "Autre besoin"}]
    bring(store, rows)
    before = needs(store)
    plan = bring(store, rows[::-1])
    assert (plan.unchanged, plan.is_empty) == (3, True)
    assert needs(store) == before


def test_figures_of_filosofi_come_in_for_each_commune_with_its_secrets(tmp_path):
    path = DATA / "needs/filosofi2021_communes_33.csv"
    if not path.is_file():
        pytest.skip("the real data of the Gironde are not beside the checkout")
    from tisserand.layers import workspace

    store = tmp_path / "gironde.gpkg"
    workspace.build("33", store)
    constants = {
        "libelle": "Ménages fiscaux de la commune",
        "theme_vie": "fund",
        "origine": "statistique",
        "niveau_geo": "commune",
    }
    rules = {name: ColumnRule(constant=value) for name, value in constants.items()}
    # The share of poor households is secret in most communes; here it stands for any figure that may be.
    rules |= {"code_geo": ColumnRule("CODGEO"), "nb_situations": ColumnRule("TP6021")}
    mapping = Mapping("Filosofi", "besoin", rules)
    plan = plan_of(store, path, mapping)
    with path.open(encoding="utf-8", newline="") as file:
        source = {row["CODGEO"]: row["TP6021"] for row in csv.DictReader(file, delimiter=";")}
    assert (plan.read, len(plan.creates), plan.rejected_rows) == (535, 534, 1)
    assert plan.rejected[0].values["before"] == "33409"
    found = {row["code_geo"]: row for row in needs(store)}
    secret = {code for code, value in source.items() if value == "s"}
    assert {code for code, row in found.items() if row["nb_situations"] is None} >= secret - {"33409"}
    assert all(found[code]["nb_situations"] != 0 for code in secret - {"33409"})
    assert all(row["geom"] is not None for row in found.values())
