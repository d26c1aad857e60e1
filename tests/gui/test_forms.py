"""Every form filled in by hand in a real window, and what the store then holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

POINT = "POINT(642000 6862000)"
TYPED = {
    "acteur": {
        "nom": "Atelier du canal",
        "type_initiative": "Repair café",
        "themes_vie": ["S'équiper", "Se nourrir"],
        "publics": ["Familles"],
        "description": "On y répare ensemble.",
        "telephone": "01 99 00 00 10",
        "capacite": "12",
        "moyens_partageables": "Des outils",
    },
    "service": {"nom": "Réparer un vélo", "type": "Atelier", "modes_accueil": ["En présentiel"], "capacite": "4"},
    "site": {"nom": "La halle du canal", "type_site": "Salle", "surface_m2": "80", "acces": "Arrêt du canal"},
    "visite": {"nature": "Visite sur place", "compte_rendu": "Bon accueil", "suite": "Revenir au printemps"},
    "besoin": {
        "libelle": "Faire réparer un vélo",
        "theme_vie": "S'équiper",
        "publics": ["Étudiants"],
        "intensite": "3",
        "nb_situations": "14",
        "freins": ["Coût", "Horaires"],
    },
    "initiative": {"titre": "Le mardi du vélo", "themes_vie": ["Se déplacer"], "nb_beneficiaires": "40"},
    "projet": {"titre": "Une vélo-école", "etat_projet": "En montage", "nb_volontaires": "6", "contexte": "Une cour"},
    "evenement": {"titre": "Fête du vélo", "type_evenement": "Atelier", "horaires": "10 h à 17 h"},
    "monographie": {"titre": "Histoire de l'atelier", "histoire": "Tout commença par un vélo.", "c_ancrage": "4"},
    "media": {"legende": "L'établi", "credit": "Personne fictive", "ordre": "1"},
    "contribution": {"nature": "Proposition", "avis": "Ouvrir le samedi", "qualite_auteur": "Habitant"},
}
WITH_ACTOR = ("service", "visite", "monographie", "media", "contribution")
ON_THE_MAP = ("acteur", "site", "besoin", "initiative", "projet", "evenement", "contribution")


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    from qgis.PyQt.QtGui import QColor, QImage

    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("#a04000"))
    path = tmp_path_factory.mktemp("photo") / "établi.jpg"
    assert image.save(str(path))
    return path


@pytest.fixture
def filled(make_store, real_window, with_project, tmp_path, photo):
    """Return (what the window saw, the store) after every form was filled in."""
    store = make_store([{"at": (0, 0), "nom": "Acteur d'avant"}])
    project = with_project(store)
    from tisserand.layers import geopackage

    (actor,) = geopackage.read_rows(store, "acteur")
    plan = {
        name: {"given": {"acteur_uuid": actor["uuid"]} if name in WITH_ACTOR else {}, "typed": typed}
        for name, typed in TYPED.items()
    }
    for name in ON_THE_MAP:
        plan[name]["at"] = POINT
    plan["media"]["photo"] = str(photo)
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    plan_file = tmp_path / "plan.json"
    return real_window(tmp_path, "forms.py", project, profile=tmp_path / "profil", TISSERAND_FORMS=plan_file), store


def test_what_a_person_types_into_each_form_is_in_the_store(filled):
    from tisserand.layers import geopackage
    from tisserand.layers.model.codes import code_list
    from tisserand.layers.model.tables import table

    seen, store = filled
    assert {name: wrong for name, wrong in seen["refused"].items() if wrong} == {}
    for name, typed in TYPED.items():
        declared = table(name)
        row = geopackage.read_rows(store, name)[-1]
        for field, value in typed.items():
            column = declared[field]
            if column.codes:
                labels = code_list(column.codes).labels
                codes = [
                    code for code, label in labels.items() if label in ([value] if isinstance(value, str) else value)
                ]
                assert row[field] == "|".join(codes), (name, field)
            else:
                assert str(row[field]) == value, (name, field)
        assert len(row["uuid"]) == 36, name
        assert row["version"] == 1, name
        assert row["cree_le"], name
        if name in ON_THE_MAP and "code_insee" in declared.names:
            assert row["code_insee"] == "92000", name
    (media,) = geopackage.read_rows(store, "media")
    assert (store.parent / "photos" / media["chemin"]).is_file()
    assert media["mime"] == "image/jpeg"
    operations = [row["operation"] for row in geopackage.read_rows(store, "journal") if row["nom_table"] == "service"]
    assert operations == ["creation"]
