"""The import window in a real QGIS: from a file to the workspace in three steps, by keyboard, and what each says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tisserand.layers import geopackage, workspace

LON, LAT = 2.2388, 48.8922
NAMES = (
    "Épicerie fictive des Quatre-Vents",
    "Ressourcerie imaginaire La Boucle",
    "Jardin inventé du Bord de Seine",
    "Café associatif fictif Le Fil",
    "Atelier vélo imaginaire",
)


def file_in(folder: Path) -> Path:
    """Return a CSV: five actors, of which one has its coordinates swapped; one without a name; one already there."""
    rows = [
        {"Nom de la structure": name, "Longitude": f"{LON + order / 500:.5f}", "Latitude": f"{LAT:.5f}"}
        | {"Adresse": f"{order + 1} rue d'Essai", "Code postal": "92000", "Commune": "Nanterre"}
        | {
            "Tél.": f"01 99 00 10 {order:02}",
            "Ouverture": "Mo-Fr 09:00-12:00",
            "Genre": ("Repair café", "lieu à inventer")[order % 2],
        }
        for order, name in enumerate(NAMES)
    ]
    rows[4]["Longitude"], rows[4]["Latitude"] = rows[4]["Latitude"], rows[4]["Longitude"]
    rows.append({**rows[0], "Nom de la structure": ""})
    rows.append({**rows[1], "Nom de la structure": "Mairie fictive", "Longitude": "2.20692", "Latitude": "48.89243"})
    path = folder / "lieux.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def seen(real_window, tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    store = folder / "hauts-de-seine.gpkg"
    workspace.build("92", store)
    hall = next(actor for actor in geopackage.read_rows(store, "acteur") if actor["code_insee"] == "92050")
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": hall["uuid"], "nom": "La Mairie fictive"}]})
    found = real_window(folder, "import_window.py", TISSERAND_STORE=store, TISSERAND_FILE=file_in(folder))
    return {**found, "folder": folder, "store": store}


def test_one_cannot_go_on_before_a_file_is_read(seen):
    assert seen["next at first"] is False


def test_the_file_is_shown_as_it_was_read_accents_included(seen):
    assert "iso8859-1" in seen["about"]
    assert seen["preview"][0][:2] == ["2", NAMES[0]]


def test_the_columns_are_guessed_and_each_guess_says_why(seen):
    assert seen["mapped"]["nom"] == "Nom de la structure"
    assert seen["mapped"]["telephone"] == "Tél."
    assert seen["mapped"]["lon"] == "Longitude"
    named = next(row for row in seen["columns"] if row[0] == "Nom")
    assert named[2].startswith(NAMES[0])
    assert named[3].endswith("%")
    assert named[4]


def test_a_value_in_no_list_is_asked_for_first_and_its_meaning_is_taken(seen):
    values, before, taken = seen["values"]
    assert values == ["lieu à inventer", "Repair café"]
    assert before.startswith("(")
    assert list(taken) == ["lieu à inventer"]
    types = {actor["type_initiative"] for actor in geopackage.read_rows(seen["store"], "acteur")}
    assert {*taken.values()} <= types


def test_nothing_can_be_imported_while_rows_are_checked(seen):
    assert seen["while checking"] is False


def test_a_check_that_was_stopped_says_so_and_lets_nothing_be_imported(seen):
    sentence, may_import, may_stop = seen["stopped"]
    assert sentence
    assert (may_import, may_stop) == (False, False)


def test_what_is_refused_has_its_row_and_its_cause(seen):
    assert "7" in seen["checked"]
    assert sorted(row[0] for row in seen["rejects"]) == ["6", "7", "8"]
    assert all(row[3] for row in seen["rejects"])


def test_the_twin_is_shown_beside_the_row(seen):
    assert [row[2:5] for row in seen["twins"]] == [["Mairie fictive", "La Mairie fictive", "mairies"]]


def test_what_was_agreed_and_decided_is_done(seen):
    assert len(seen["agreements"]) == 1
    assert seen["numbers"] | {"READ": 7, "CREATED": 6, "UPDATED": 0, "UNCHANGED": 0, "REJECTED": 1} == seen["numbers"]
    names = {actor["nom"] for actor in geopackage.read_rows(seen["store"], "acteur")}
    assert {*NAMES, "Mairie fictive", "La Mairie fictive"} <= names


def test_closing_closes(seen):
    assert seen["open"] is False
