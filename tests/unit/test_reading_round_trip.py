"""What each of our exports writes comes back equal, for what its format holds."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.layers.exchange.catalogue import Catalogue
from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.formats import FORMATS
from tisserand.layers.exchange.guessing import best_mapping
from tisserand.layers.exchange.mapping import OF_THE_STORE
from tisserand.layers.exchange.reading import read_file
from tisserand.layers.model.tables import table

TODAY = date(2026, 11, 20)
GIRONDE = Communes.of(
    "33", 2154, (-1.27, 44.19, 0.32, 45.58), [("33063", "Bordeaux", "33000 33100 33800"), ("33119", "Cenon", "33150")]
)
THEME = "numerique--maitriser-les-fondamentaux-du-numerique"


def row(name, **values):
    uuid = str(uuid5(NAMESPACE_URL, repr((name, sorted(values.items())))))
    declared = dict.fromkeys(table(name).names)
    return declared | {"uuid": uuid, "date_maj": date(2026, 3, 1), "source": "saisie"} | values


def actor(**values):
    return row("acteur", **values) | {"longitude": values.get("longitude"), "latitude": values.get("latitude")}


FULL = actor(
    nom="L'Épicerie « Juste » & Cie",
    type_initiative="mediation-numerique",
    description="Une épicerie ; des « rayons », et\ndeux lignes | ou trois.",
    themes_vie="feed|connect",
    thematiques=THEME,
    publics="familles|seniors",
    frais="payant",
    horaires_accueil="Mo-Fr 09:00-12:00",
    adresse="1 rue de l'Essai",
    code_postal="33000",
    commune="Bordeaux",
    code_insee="33063",
    telephone="+33199001234",
    courriel="contact@example.org",
    site_web="https://example.org/juste",
    siret="73282932000074",
    itinerant=True,
    capacite=45,
    reseaux_porteurs="croix-rouge",
    contact_publiable=True,
    consentement_le=date(2026, 1, 1),
    score_geocodage=0.91,
    longitude=-0.5795,
    latitude=44.8378,
)
# Names that are formulas, mark-up, other scripts; the place unknown.
ODD = [
    actor(nom=text, type_initiative="mediation-numerique", adresse="2 rue", code_postal="33150", commune="Cenon")
    for text in ('=HYPERLINK("http://x")', "+1+cmd", "-2+3", "@SUM(A1)", "'=déjà", "[% env('HOME') %]", "<b>Gras</b>",
                 "x' OR 1=1 --", "جمعية", "Café 😀")
]  # fmt: skip
SERVICE = row(
    "service",
    acteur_uuid=FULL["uuid"],
    nom="Atelier du mardi",
    description="Un atelier, chaque mardi",
    type="atelier",
    thematiques=f"{THEME}|famille--garde-denfants",
    publics="familles|jeunes",
    frais="payant",
    frais_precisions="Adhésion libre",
    conditions_acces="Habiter ici ; venir",
    horaires_accueil="Tu 14:00-16:00",
)
CATALOGUE = Catalogue([FULL, *ODD], {FULL["uuid"]: [SERVICE]}, "Gironde", TODAY)

HELD = {
    "csv": set(table("acteur").names) - set(OF_THE_STORE) - {"extra"},
    "xlsx": set(table("acteur").names) - set(OF_THE_STORE) - {"extra"},
    "geojson": set(table("acteur").names) - set(OF_THE_STORE) - {"extra"},
    "datainclusion": {
        "nom", "description", "siret", "commune", "code_postal", "code_insee", "adresse", "telephone", "courriel",
        "site_web", "horaires_accueil", "reseaux_porteurs", "source",
    },
    "mednum": {
        "nom", "type_initiative", "description", "siret", "commune", "code_postal", "code_insee", "adresse",
        "telephone", "courriel", "site_web", "horaires_accueil", "source", "itinerant", "frais", "reseaux_porteurs",
    },
    "hsds": {
        "nom", "siret", "telephone", "courriel", "site_web", "adresse", "commune", "code_postal", "code_insee",
        "horaires_accueil",
    },
}  # fmt: skip
HELD_OF_SERVICES = {
    "xlsx": set(table("service").names) - set(OF_THE_STORE) - {"extra", "acteur_uuid"},
    "datainclusion": {"nom", "description", "type", "thematiques", "publics", "frais", "frais_precisions",
                      "conditions_acces", "horaires_accueil", "source"},
    "hsds": {"nom", "description", "thematiques", "publics", "frais", "frais_precisions", "conditions_acces",
             "horaires_accueil"},
}  # fmt: skip


def there_and_back(tmp_path, name, catalogue=CATALOGUE):
    path = tmp_path / f"sortie{FORMATS[name].suffix}"
    FORMATS[name].write(catalogue, path)
    sheet = read_file(path)
    return sheet, to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE)


@pytest.mark.parametrize("name", FORMATS)
def test_every_actor_comes_back_under_the_format_that_it_left_in(tmp_path, name):
    sheet, records = there_and_back(tmp_path, name)
    assert sheet.format == name
    assert [str(reject) for reject in records.rejected] == []
    assert records.read == len(records.accepted) == len(CATALOGUE.actors)


@pytest.mark.parametrize("name", FORMATS)
def test_an_actor_comes_back_with_every_field_that_its_format_holds(tmp_path, name):
    _, records = there_and_back(tmp_path, name)
    back = next(record.values for record in records.accepted if record.values["nom"] == FULL["nom"])
    expected = {field: FULL[field] for field in HELD[name]}
    assert {field: back.get(field) for field in HELD[name]} == expected
    assert (back["lon"], back["lat"]) == pytest.approx((FULL["longitude"], FULL["latitude"]), abs=1e-7)


@pytest.mark.parametrize("name", FORMATS)
def test_names_come_back_as_they_were_typed_and_no_place_is_invented(tmp_path, name):
    _, records = there_and_back(tmp_path, name)
    back = {record.values["nom"]: record.values for record in records.accepted}
    assert set(back) == {who["nom"] for who in CATALOGUE.actors}
    assert {(back[who["nom"]]["lon"], back[who["nom"]]["lat"]) for who in ODD} == {(None, None)}


@pytest.mark.parametrize("name", HELD_OF_SERVICES)
def test_services_come_back_with_their_actor(tmp_path, name):
    _, records = there_and_back(tmp_path, name)
    owners = [record for record in records.accepted if record.services]
    assert [record.values["nom"] for record in owners] == [FULL["nom"]]
    (service,) = owners[0].services
    held = HELD_OF_SERVICES[name]
    assert {field: service.get(field) for field in held} == {field: SERVICE[field] for field in held}


@pytest.mark.parametrize("name", ["csv", "xlsx", "geojson"])
def test_a_table_of_ours_leaves_nothing_over(tmp_path, name):
    _, records = there_and_back(tmp_path, name)
    assert [record.extra for record in records.accepted] == [{}] * len(CATALOGUE.actors)
    assert [str(remark) for remark in records.remarks] == []


@pytest.mark.parametrize("name", ["csv", "xlsx", "geojson"])
def test_what_the_model_had_no_field_for_survives_a_second_journey(tmp_path, name):
    who = actor(nom="Voyageur", extra='{"Pôle territorial": "Graves", "n": 3}')
    _, records = there_and_back(tmp_path, name, Catalogue([who], {}, "Gironde", TODAY))
    assert records.accepted[0].extra == {"Pôle territorial": "Graves", "n": 3}
    assert "extra" not in records.accepted[0].values


@pytest.mark.parametrize("name", ["datainclusion", "mednum", "hsds"])
def test_the_identifier_and_the_date_of_the_source_are_kept_as_such(tmp_path, name):
    _, records = there_and_back(tmp_path, name)
    back = records.accepted[0].values
    assert back["source_ref"].endswith(FULL["uuid"])
    assert "uuid" not in back
    if name != "hsds":
        assert back["source_le"] == FULL["date_maj"]
