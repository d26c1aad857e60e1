"""Rows of a file into a store: each is created, updated, unchanged or rejected, and a second time changes nothing."""

import csv
import json
import random
import sqlite3
from contextlib import closing
from datetime import datetime, timezone

import pytest

from tisserand.layers import geopackage
from tisserand.layers.errors import CancelledError, StoreRefusedError
from tisserand.layers.exchange.mapping import ColumnRule, Mapping
from tisserand.layers.exchange.records import Record, Records
from tisserand.layers.importing import files
from tisserand.layers.importing.causes import ImportCountError
from tisserand.layers.importing.comparing import LocalEdits
from tisserand.layers.importing.ground import read_ground
from tisserand.layers.importing.plan import Options, make_plan
from tisserand.layers.importing.writing import write_plan

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
LATER = datetime(2026, 11, 25, 9, 30, tzinfo=timezone.utc)
HEADER = ("id", "nom", "adresse", "longitude", "latitude", "telephone", "siret", "couleur")
# Degrees of the squares of ``make_store``: 640 000, 6 860 000 in Lambert-93 is 2.1835, 48.8379.
LON, LAT = 2.205, 48.855


def row(number, **values):
    usual = {
        "id": f"n-{number}",
        "nom": f"Lieu fictif {'ABCDEFGHIJ'[number % 10]} {number}",
        "adresse": f"{number} rue d'Essai",
        "longitude": f"{LON + number * 0.002:.6f}",
        "latitude": f"{LAT:.6f}",
        "couleur": "bleu",
    }
    return {**usual, **values}


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def bring(tmp_path):
    """Return an importer of rows: writes them as a CSV, reads it, plans, writes the plan unless it is ``dry``."""

    def run(store, rows, *, header=HEADER, mapping=None, accept=frozenset(), dry=False, now=NOW, **options):
        path = tmp_path / "essai.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        ground = read_ground(store)
        sheet = files.read_file(path)
        chosen = mapping or files.guess_mapping(sheet, "acteur", ground.communes)
        if mapping is None and "id" in header:
            chosen.columns["source_ref"] = ColumnRule("id")
        records = files.understand(sheet, chosen, ground, accept)
        plan = make_plan(store, records, chosen, ground, Options(options.pop("source", "essai"), now, **options))
        if not dry:
            write_plan(store, plan)
        return plan

    return run


def counts(plan):
    return len(plan.creates), len(plan.updates), plan.unchanged, plan.rejected_rows


def dump(store):
    """Return all that the tables of a store hold."""
    with closing(sqlite3.connect(store)) as connection:
        return "\n".join(line for line in connection.iterdump() if "rtree" not in line)


def actors(store):
    return {found["nom"]: found for found in geopackage.read_rows(store, "acteur")}


def edit(store, uuid, author="colleague", **values):
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "maj_par": author, **values}]})


def test_every_row_is_created_with_what_its_position_tells(store, bring):
    plan = bring(store, [row(1), row(2)])
    assert counts(plan) == (2, 0, 0, 0)
    found = actors(store)["Lieu fictif B 1"]
    assert (found["code_insee"], found["commune"]) == ("92000", "Commune A1")
    assert (found["source"], found["source_ref"]) == ("essai", "n-1")
    assert (found["diffusion"], found["statut"], found["statut_recensement"]) == ("public", "brouillon", "repere")
    assert json.loads(found["extra"]) == {"couleur": "bleu"}
    assert found["cree_par"].startswith("import essai")


def test_the_same_file_twice_changes_nothing_at_all(store, bring):
    rows = [row(number) for number in range(8)]
    bring(store, rows)
    before = dump(store)
    plan = bring(store, rows, now=LATER)
    assert counts(plan) == (0, 0, 8, 0)
    assert dump(store) == before


@pytest.mark.parametrize("header", [HEADER, HEADER[1:]], ids=["with identifiers", "without"])
def test_rows_and_columns_in_another_order_change_nothing(store, bring, header):
    rows = [{name: value for name, value in row(number).items() if name in header} for number in range(8)]
    bring(store, rows, header=header)
    before = dump(store)
    chance = random.Random(7)
    rows, header = chance.sample(rows, len(rows)), chance.sample(header, len(header))
    assert counts(bring(store, rows, header=header, now=LATER)) == (0, 0, 8, 0)
    assert dump(store) == before


@pytest.mark.parametrize("header", [HEADER, HEADER[1:]], ids=["with identifiers", "without"])
def test_another_store_gives_the_same_uuids(make_store, bring, header):
    rows = [{name: value for name, value in row(number).items() if name in header} for number in range(4)]
    one, other = make_store(name="un.gpkg"), make_store(name="deux.gpkg")
    bring(one, rows, header=header)
    bring(other, rows[::-1], header=header, now=LATER)
    assert {name: found["uuid"] for name, found in actors(one).items()} == {
        name: found["uuid"] for name, found in actors(other).items()
    }


def test_only_the_fields_that_changed_are_written_and_journalled(store, bring):
    bring(store, [row(1), row(2)])
    plan = bring(store, [row(1, telephone="01 99 00 12 34"), row(2)], now=LATER)
    assert counts(plan) == (0, 1, 1, 0)
    assert set(plan.updates[0]) == {"uuid", "version_lue", "telephone", "maj_par", "date_maj"}
    last = geopackage.read_rows(store, "journal")[-1]
    assert json.loads(last["apres"])["telephone"] == actors(store)["Lieu fictif B 1"]["telephone"]
    assert last["version"] == 2


def test_an_empty_cell_erases_only_when_asked_to(store, bring):
    bring(store, [row(1, telephone="01 99 00 12 34")])
    empty = [row(1), row(2, telephone="01 99 00 12 35")]
    assert counts(bring(store, empty, now=LATER)) == (1, 0, 1, 0)
    assert actors(store)["Lieu fictif B 1"]["telephone"]
    assert counts(bring(store, empty, now=LATER, empty_erases=True)) == (0, 1, 1, 0)
    assert actors(store)["Lieu fictif B 1"]["telephone"] is None


def test_what_was_changed_here_since_is_kept_and_said(store, bring):
    bring(store, [row(1)])
    edit(store, actors(store)["Lieu fictif B 1"]["uuid"], adresse="12 rue d'Ici")
    plan = bring(store, [row(1)], now=LATER)
    assert counts(plan) == (0, 0, 1, 0)
    assert [(kept.field, kept.value) for kept in plan.kept] == [("adresse", "1 rue d'Essai")]
    assert actors(store)["Lieu fictif B 1"]["adresse"] == "12 rue d'Ici"


def test_what_was_changed_here_is_overwritten_when_asked_to_and_is_then_the_files(store, bring):
    bring(store, [row(1)])
    edit(store, actors(store)["Lieu fictif B 1"]["uuid"], adresse="12 rue d'Ici")
    assert counts(bring(store, [row(1)], now=LATER, keep_local=False)) == (0, 1, 0, 0)
    assert counts(bring(store, [row(1, adresse="3 rue Neuve")], now=LATER.replace(hour=11))) == (0, 1, 0, 0)
    assert actors(store)["Lieu fictif B 1"]["adresse"] == "3 rue Neuve"


def test_a_change_by_a_program_that_signs_nothing_is_local_too(store, bring):
    bring(store, [row(1)])
    uuid = actors(store)["Lieu fictif B 1"]["uuid"]
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid, "adresse": "12 rue d'Ici"}]})
    assert LocalEdits(store, "acteur").is_local(actors(store)["Lieu fictif B 1"], "adresse")
    assert [kept.field for kept in bring(store, [row(1)], now=LATER).kept] == ["adresse"]


def test_a_row_that_moves_takes_its_commune_along(store, bring):
    bring(store, [row(1)])
    plan = bring(store, [row(1, longitude=str(LON + 0.06))], now=LATER)
    assert counts(plan) == (0, 1, 0, 0)
    assert actors(store)["Lieu fictif B 1"]["code_insee"] == "92010"


def test_a_repeated_identifier_is_rejected_and_names_the_row_that_was_taken(store, bring):
    plan = bring(store, [row(1), row(2, id="n-1", telephone="01 99 00 12 34")])
    assert counts(plan) == (1, 0, 0, 1)
    assert (plan.rejected[0].row, plan.rejected[0].values) == (2, {"other": 3})
    assert list(actors(store)) == ["Lieu fictif C 2"]


def test_a_point_outside_the_departement_is_rejected_and_the_others_are_taken(store, bring):
    plan = bring(store, [row(1), row(2, longitude="2.45", latitude="48.95"), row(3)])
    assert counts(plan) == (2, 0, 0, 1)
    assert "Département" in str(plan.rejected[0])


def test_a_row_without_position_keeps_its_commune(store, bring):
    rows = [row(1, longitude="", latitude="", code_insee="92011"), row(2)]
    assert counts(bring(store, rows, header=(*HEADER, "code_insee"))) == (2, 0, 0, 0)
    found = actors(store)["Lieu fictif B 1"]
    assert found["geom"] is None
    assert (found["code_insee"], found["commune"], found["precision_geo"]) == ("92011", "Commune B2", "commune")


def test_a_commune_that_is_not_that_of_the_position_is_kept_and_remarked(store, bring):
    plan = bring(store, [row(1, code_insee="92011"), row(2)], header=(*HEADER, "code_insee"))
    assert [remark.values["found"] for remark in plan.remarks if remark.row == 2] == ["92000 Commune A1"]
    assert actors(store)["Lieu fictif B 1"]["code_insee"] == "92011"


def test_a_change_made_meanwhile_is_not_overwritten(store, bring):
    bring(store, [row(1)])
    plan = bring(store, [row(1, telephone="01 99 00 12 34")], now=LATER, dry=True)
    edit(store, actors(store)["Lieu fictif B 1"]["uuid"], description="Changée entre les deux.")
    before = dump(store)
    with pytest.raises(StoreRefusedError):
        write_plan(store, plan)
    assert dump(store) == before


def test_a_dry_run_leaves_the_store_as_it_is(store, bring):
    before = dump(store)
    assert counts(bring(store, [row(1)], dry=True)) == (1, 0, 0, 0)
    assert dump(store) == before


def test_stopped_while_writing_nothing_is_written(store, bring):
    plan = bring(store, [row(number, longitude=f"{LON + number / 1e5:.6f}") for number in range(900)], dry=True)
    before = dump(store)
    told = []

    def progress(share):
        told.append(share)
        if share > 0.5:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_plan(store, plan, progress)
    assert told == sorted(told)
    assert dump(store) == before


def test_a_withdrawn_row_is_not_revived(store, bring):
    bring(store, [row(1)])
    edit(store, actors(store)["Lieu fictif B 1"]["uuid"], supprime_le=LATER)
    plan = bring(store, [row(1)], now=LATER)
    assert counts(plan) == (0, 0, 0, 1)
    assert "withdrawn" in str(plan.rejected[0])


def test_rows_that_do_not_add_up_are_never_written(store):
    values = {"nom": "Lieu fictif", "lon": None, "lat": None}
    records = Records(3, (Record(2, values),), ())
    with pytest.raises(ImportCountError):
        make_plan(store, records, Mapping("essai", "acteur", {}), read_ground(store), Options("essai", NOW))
