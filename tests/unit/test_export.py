"""Actors in the formats of others: what the format holds comes back, and nothing that its readers may not see."""

import csv
import json
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osgeo import gdal, ogr

from tisserand.layers import export
from tisserand.layers.audience import AUDIENCES
from tisserand.layers.errors import FolderMissingError, StoreExistsError, StoreRefusedError, StoreUnreadableError
from tisserand.layers.exchange import contacts, datainclusion, geojson, hsds, mednum
from tisserand.layers.exchange.catalogue import Catalogue
from tisserand.layers.exchange.formats import FORMATS
from tisserand.layers.exchange.formulas import disarmed
from tisserand.layers.geopackage import read_rows, write_rows
from tisserand.layers.model.tables import table

TODAY = date(2026, 11, 20)
SEEN = date(2026, 3, 1)
CONTACT = {"telephone": "05 57 49 07 38", "courriel": "contact@essai.example"}
CONSENT = {"contact_publiable": True, "consentement_le": date(2026, 1, 1)}
SECRETS = {
    "statut_recensement": "visite",
    "date_visite": date(2026, 2, 3),
    "statut": "soumis",
    "revoir_avant": date(2031, 4, 5),
    "score_geocodage": 0.123456,
}
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=déjà",
    "[% env('HOME') %]",
    "x' OR 1=1 --",
    '<script>alert(1)</script> & "co" ; , |',
    "deux\nlignes",
    "ça, là ; ou « là » 😀",
    "../../etc/passwd",
)


@pytest.fixture
def store(make_store):
    def make(actors, services=(), needs=(), **more):
        path = make_store([{"at": (0, 0), "date_maj": SEEN, **row} for row in actors], needs, **more)
        owner = read_rows(path, "acteur")[0]["uuid"] if actors else ""
        rows = [
            {"uuid": f"00000000-0000-4000-8000-{order:012d}", "acteur_uuid": owner, "nom": f"Service {order}", **row}
            for order, row in enumerate(services)
        ]
        write_rows(path, {"service": rows})
        return path

    return make


def write(store, name, audience="public"):
    output = store.with_name(f"sortie{FORMATS[name].suffix}")
    return output, export.export_actors(store, name, audience, output, TODAY)


def read_csv(path, delimiter=";"):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def read_table(path):
    """Read a CSV, GeoJSON or XLSX file as QGIS does."""
    data = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = data.GetLayer(0)
    return [dict(feature.items()) for feature in layer]


def text_of(path):
    if path.suffix == ".xlsx":
        return json.dumps(read_table(path), ensure_ascii=False)
    return path.read_text(encoding="utf-8-sig")


def kinds(written):
    """Return how many remarks there are, by the first words of their sentence."""
    return Counter(re.split(r"[,:]", remark.sentence)[0] for remark in written.remarks)


DIGITAL = {
    "type_initiative": "mediation-numerique",
    "adresse": "1 rue de l'Essai",
    "code_postal": "92000",
    "commune": "Commune A1",
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_audience_is_given_what_it_may_read_and_no_more(store, name, audience):
    rows = [{"nom": f"Fiche {level}", "diffusion": level, **DIGITAL} for level in AUDIENCES]
    closed = [{"statut_recensement": "refus"}, {"statut_recensement": "ferme"}, {"statut": "archive"}]
    rows += [{"nom": f"Retirée {order}", **DIGITAL, **row} for order, row in enumerate(closed)]
    output, written = write(store(rows), name, audience)
    readable = AUDIENCES[: AUDIENCES.index(audience) + 1]
    assert {level for level in AUDIENCES if f"Fiche {level}" in text_of(output)} == set(readable)
    assert "Retirée" not in text_of(output)
    assert written.actors == len(readable)
    assert kinds(written)["Actors not meant for these readers"] == len(rows) - len(readable)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_contacts_are_given_only_with_consent_or_of_a_town_hall(store, name, audience):
    rows = [
        {"nom": "Sans accord", **DIGITAL, "telephone": "01 99 00 11 11", "courriel": "sans@essai.example"},
        {"nom": "Avec accord", **DIGITAL, "telephone": "01 99 00 22 22", "courriel": "avec@essai.example", **CONSENT},
        {"nom": "Mairie", **DIGITAL, "telephone": "01 99 00 33 33", "source": "mairies"},
    ]
    output, written = write(store(rows, [{"description": "Une aide utile"}]), name, audience)
    text = re.sub(r"[ +]|(?<=\D)33(?=1990)", "", text_of(output))
    assert ("199001111" in text, "sans@essai" in text) == (False, False)
    assert "199002222" in text
    assert "avec@essai.example" in text
    assert "199003333" in text
    assert [remark.name for remark in written.remarks if "consent" in remark.sentence] == ["Sans accord"]


@pytest.mark.parametrize("name", FORMATS)
def test_neither_needs_nor_visits_nor_the_state_of_the_survey_reach_the_public(store, name):
    need = {"at": (0, 0), "libelle": "Libellé taisible", "description": "Notes taisibles"}
    path = store([{**DIGITAL, **SECRETS}], needs=[need])
    visit = {"uuid": "00000000-0000-4000-8000-0000000000ff", "date_visite": SEEN, "compte_rendu": "Récit taisible"}
    write_rows(path, {"visite": [{**visit, "acteur_uuid": read_rows(path, "acteur")[0]["uuid"]}]})
    for audience in ("public", "pro"):
        text = text_of(write(path, name, audience)[0])
        assert not [word for word in ("taisible", "2026-02-03", "2031", "0.123456", "soumis") if word in text]
    assert "taisible" not in text_of(write(path, name, "interne")[0])


@pytest.mark.parametrize("name", ["csv", "geojson", "xlsx"])
def test_a_table_gives_back_every_field_of_an_actor(store, name):
    full = {
        "nom": "La Juste Étagère",
        "description": "Une épicerie ; des « rayons », et\ndeux lignes.",
        "thematiques": "equipement-et-alimentation--alimentation",
        "publics": "familles|seniors",
        "capacite": 45,
        "frais": "payant",
        "code_postal": "01000",
        "siret": "01300301330001",
        "itinerant": True,
        "reseaux_porteurs": "emmaus",
        "source": "demo",
        **CONTACT,
        **CONSENT,
        **SECRETS,
    }
    path = store([full])
    (before,) = read_rows(path, "acteur")
    output, _ = write(path, name, "interne")
    (after,) = read_csv(output) if name == "csv" else read_table(output)
    for field in set(table("acteur").names) - set(export.INNER):
        value = before[field]
        if isinstance(value, bool):
            accepted = {str(value), str(int(value)), "oui" if value else "non"}
        elif isinstance(value, float):
            accepted = {str(value), f"{value:.7f}"}
        elif isinstance(value, date):
            accepted = {value.isoformat(), value.strftime("%Y/%m/%d")}
        else:
            accepted = {"" if value is None else str(value), str(value)}
        assert str(after[field]) in accepted, field


@pytest.mark.parametrize("name", ["csv", "geojson", "xlsx", "datainclusion", "hsds", "mednum"])
def test_the_place_is_the_same_in_degrees_of_wgs84(store, name):
    path = store([DIGITAL])
    output, _ = write(path, name)
    content = json.loads(output.read_text(encoding="utf-8")) if output.suffix in (".json", ".geojson") else None
    row = {
        "csv": lambda: read_csv(output)[0],
        "mednum": lambda: read_csv(output, ",")[0],
        "xlsx": lambda: read_table(output)[0],
        "geojson": lambda: dict(zip(("longitude", "latitude"), content["features"][0]["geometry"]["coordinates"])),
        "datainclusion": lambda: content["structures"][0],
        "hsds": lambda: content["location"][0],
    }[name]()
    degrees = [float(row["longitude"]), float(row["latitude"])]
    assert degrees == pytest.approx([2.3, 48.85], abs=0.2)
    # There and back by the projection's own formulas in QGIS's other library.
    pyproj = pytest.importorskip("pyproj")
    point = ogr.CreateGeometryFromWkb(read_rows(path, "acteur")[0]["geom"])
    back = pyproj.Transformer.from_crs(4326, 2154, always_xy=True).transform(*degrees)
    assert back == pytest.approx((point.GetX(), point.GetY()), abs=0.02)


@pytest.mark.parametrize("name", FORMATS)
def test_an_actor_without_a_place_is_written_without_coordinates(store, name):
    path = store([DIGITAL])
    data = gdal.OpenEx(str(path), gdal.OF_UPDATE)
    data.ExecuteSQL("UPDATE acteur SET geom = NULL")
    del data
    output, written = write(path, name)
    assert written.actors == 1
    if name == "geojson":
        assert json.loads(output.read_text(encoding="utf-8"))["features"][0]["geometry"] is None
    assert not re.search(r'itude": ?[\d"]', text_of(output))


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_names_come_back_as_they_were_typed(store, name):
    names = [text if len(text) > 2 else text * 3 for text in HOSTILE]
    path = store([{"nom": text, "description": f"{text} raconté", **DIGITAL} for text in names])
    output, written = write(path, name)
    assert written.actors == len(names)
    if output.suffix == ".json":
        content = json.loads(output.read_text(encoding="utf-8"))
        found = [row.get("nom") or row["name"] for row in content.get("structures") or content["organization"]]
    elif output.suffix == ".csv":
        found = [row["nom"] for row in read_csv(output, "," if name == "mednum" else ";")]
        assert not [text for text in found if text[0] in "=+-@\t\r"]
        found = [re.sub(r"^'(?='*[=+\-@\t\r])", "", text) for text in found]
    else:
        found = [row["nom"] for row in read_table(output)]
    if name == "xlsx":
        # XML makes one line end of CR and LF.
        found, names = ([text.replace("\r", "\n") for text in texts] for texts in (found, names))
    assert sorted(found) == sorted(names)


def test_a_spreadsheet_holds_no_formula(store, tmp_path):
    import zipfile

    output, _ = write(store([{"nom": text * 3} for text in ("=1+", "@a", "-1", "+1")]), "xlsx")
    with zipfile.ZipFile(output) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 2
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<f " in sheet]


@given(st.text(st.sampled_from("'=+-@\t\r 0123a.|"), max_size=8))
def test_a_disarmed_text_is_no_formula_and_can_be_had_back(text):
    written = disarmed(text)
    assert written[:1] not in set("=+-@\t\r") or re.fullmatch(r"[+-]\d[\d .]*", written)
    assert re.sub(r"^'(?='*[=+\-@\t\r])", "", written) == text


@pytest.mark.parametrize("number", ["+33557490738", "+33 5 57 49 07 38", "-0.5700000"])
def test_telephones_and_degrees_are_no_formulas(number):
    assert disarmed(number) == number


@pytest.mark.parametrize(
    ("typed", "international"),
    [
        ("05 57 49 07 38", "+33557490738"),
        ("05.57.49.07.38", "+33557490738"),
        ("+33 (0)5 57 49 07 38", "+33557490738"),
        ("0033557490738", "+33557490738"),
        ("0262 40 00 00", "+262262400000"),
        ("0639 12 34 56", "+262639123456"),
        ("06 39 98 12 34", "+33639981234"),
        ("0590 12 34 56", "+590590123456"),
        ("3949", "3949"),
        ("voir sur place", "voir sur place"),
        ("", ""),
    ],
)
def test_telephones_are_written_with_their_country(typed, international):
    assert contacts.international(typed) == international


def test_services_go_with_their_actor_and_one_without_gives_none(store):
    full = {
        "description": "Un panier par semaine",
        "thematiques": "equipement-et-alimentation--alimentation|inconnue",
        "publics": "tous-publics|familles",
        "frais": "gratuit",
        "horaires_accueil": "Mo 09:00-12:00",
    }
    path = store([{"nom": "Avec service"}, {"nom": "Sans service"}], [full, {"description": "?"}])
    output, written = write(path, "datainclusion")
    content = json.loads(output.read_text(encoding="utf-8"))
    (service,) = content["services"]
    (owner,) = [row for row in content["structures"] if row["nom"] == "Avec service"]
    assert service["structure_id"] == owner["id"]
    assert service["id"].startswith(f"{owner['source']}--")
    assert service["publics"] == ["tous-publics"]
    assert service["date_maj"] == owner["date_maj"] == "2026-03-01"
    assert {remark.name for remark in written.remarks} == {"Service 0 : inconnue", "Service 1 (Avec service)"}

    output, _ = write(path, "hsds")
    content = json.loads(output.read_text(encoding="utf-8"))
    organizations = {row["id"]: row["name"] for row in content["organization"]}
    locations = {row["id"]: row["organization_id"] for row in content["location"]}
    services = {row["id"]: row["organization_id"] for row in content["service"]}
    assert sorted(organizations.values()) == ["Avec service", "Sans service"]
    for link in content["service_at_location"]:
        owner = services[link["service_id"]]
        assert organizations[owner] == "Avec service"
        assert locations[link["location_id"]] == owner

    output, written = write(path, "xlsx")
    book = gdal.OpenEx(str(output), gdal.OF_VECTOR)
    rows = [feature.GetField(2) for feature in book.GetLayerByName("service")]
    assert [name for name in rows if name != "nom"] == ["Service 0", "Service 1"]
    _, written = write(path, "csv")
    assert kinds(written)["Services left out"] == 2


def test_identifiers_are_the_same_from_one_export_to_the_next_and_each_once(store):
    path = store([{"nom": f"Acteur {order}", **CONTACT, **CONSENT} for order in range(3)], [{}, {}])
    for name in ("datainclusion", "hsds", "geojson"):
        first, second = (write(path, name)[0].read_text(encoding="utf-8") for _ in range(2))
        assert first == second
        found = re.findall(r'"id": "([^"]+)"', first)
        assert len(found) == len(set(found)) > 2


@pytest.mark.parametrize("name", ["datainclusion", "mednum"])
def test_a_sheet_without_a_true_date_is_named_and_left_out(store, name):
    rows = [{"nom": "Sans date", "date_maj": None}, {"nom": "À venir", "date_maj": date(2030, 1, 1)}, {"nom": "Datée"}]
    _, written = write(store([{**DIGITAL, **row} for row in rows]), name)
    assert written.actors == 1
    assert {remark.name for remark in written.remarks if "date" in remark.sentence} == {"Sans date", "À venir"}


def test_the_day_a_sheet_was_made_stands_for_a_missing_date(store):
    path = store([{"date_maj": None, "cree_le": "2026-02-03T10:00:00Z"}])
    output, _ = write(path, "datainclusion")
    assert json.loads(output.read_text(encoding="utf-8"))["structures"][0]["date_maj"] == "2026-02-03"


def test_only_digital_mediation_goes_into_its_format_and_the_others_are_named(store):
    theme = "numerique--maitriser-les-fondamentaux-du-numerique"
    place = {field: DIGITAL[field] for field in ("adresse", "code_postal", "commune")}
    rows = [
        {"nom": "Par son service", **place},
        {"nom": "Par son type", **DIGITAL, "siret": "13003013300016", "publics": "femmes|seniors", "itinerant": True},
        {"nom": "Par son thème", **place, "thematiques": f"sante--x|{theme}", "frais": "gratuit"},
        {"nom": "Épicerie", **place},
        {"nom": "Sans adresse", "type_initiative": "mediation-numerique"},
    ]
    service = {"thematiques": theme, "type": "atelier", "modes_mobilisation": "telephoner|se-presenter"}
    output, written = write(store(rows, [service]), "mednum")
    found = {row["nom"]: row for row in read_csv(output, ",")}
    assert set(found) == {"Par son service", "Par son type", "Par son thème"}
    assert found["Par son service"]["modalites_acces"] == "Téléphoner|Se présenter"
    assert found["Par son service"]["modalites_accompagnement"] == "Dans un atelier collectif"
    assert found["Par son type"]["pivot"] == "13003013300016"
    assert found["Par son type"]["publics_specifiquement_adresses"] == "Femmes|Seniors"
    assert found["Par son type"]["itinerance"] == "Itinérant"
    assert found["Par son thème"]["services"] == "Maîtrise des outils numériques du quotidien"
    assert found["Par son thème"]["frais_a_charge"] == "Gratuit"
    assert found["Par son thème"]["pivot"] == "0" * 14
    names = {remark.name for remark in written.remarks if "SIRET" not in remark.sentence}
    assert names == {"Épicerie", "Sans adresse"}


# The constraints of schema.json, version 1.0.2.
LISTS = {
    "services": "Aide aux démarches administratives|Maîtrise des outils numériques du quotidien|Insertion "
    "professionnelle via le numérique|Utilisation sécurisée du numérique|Parentalité et éducation avec le numérique|"
    "Loisirs et créations numériques|Compréhension du monde numérique|Accès internet et matériel informatique|"
    "Acquisition de matériel informatique à prix solidaire",
    "publics_specifiquement_adresses": "Jeunes|Étudiants|Familles et/ou enfants|Seniors|Femmes",
    "frais_a_charge": "Gratuit|Gratuit sous condition|Payant",
    "itinerance": "Itinérant|Fixe",
    "dispositif_programmes_nationaux": "Aidants Connect|Bibliothèques numérique de référence|Certification PIX|"
    "Conseillers numériques|Emmaüs Connect|France Services|Grande école du numérique|La Croix Rouge|"
    "Point d'accès numérique CAF|Promeneurs du net|Relais numérique (Emmaüs Connect)",
    "modalites_acces": "Se présenter|Téléphoner|Contacter par mail|Prendre un RDV en ligne|Ce lieu n'accueille pas de "
    "public|Envoyer un mail avec une fiche de prescription",
    "modalites_accompagnement": "En autonomie|Accompagnement individuel|Dans un atelier collectif|À distance",
}


@pytest.mark.parametrize(
    ("field", "labels"),
    [
        ("services", mednum.SERVICES),
        ("publics_specifiquement_adresses", mednum.PUBLICS),
        ("frais_a_charge", mednum.FEES),
        ("itinerance", {True: "Itinérant", False: "Fixe"}),
        ("dispositif_programmes_nationaux", mednum.NETWORKS),
        ("modalites_acces", mednum.WAYS_IN),
        ("modalites_accompagnement", mednum.WAYS_OF_HELP),
    ],
)
def test_the_labels_of_digital_mediation_are_those_of_its_schema(field, labels):
    assert set(labels.values()) <= set(LISTS[field].split("|"))


def test_a_long_description_is_summed_up_in_whole_words(store):
    words = "Réparer " * 60
    output, _ = write(store([{**DIGITAL, "description": words}]), "mednum")
    (row,) = read_csv(output, ",")
    assert len(row["presentation_resume"]) <= 280
    assert row["presentation_resume"].endswith("Réparer…")
    assert row["presentation_detail"] == words


def test_a_csv_begins_with_the_mark_by_which_excel_knows_its_encoding(store):
    output, _ = write(store([{"nom": "Épicerie"}]), "csv")
    assert output.read_bytes().startswith(b"\xef\xbb\xbfuuid;nom;")


def test_a_text_too_long_for_a_cell_is_cut_and_said(store):
    output, written = write(store([{"nom": "Bavard", "description": "é" * 40_000}]), "xlsx")
    assert len(read_table(output)[0]["description"]) == 32_767
    assert [remark.name for remark in written.remarks] == ["Bavard : description"]


@pytest.mark.parametrize("name", FORMATS)
def test_letters_that_some_program_broke_are_marked_and_named(store, name):
    path = store([{"nom": "Épicerie", **DIGITAL}])
    data = gdal.OpenEx(str(path), gdal.OF_UPDATE)
    data.ExecuteSQL("UPDATE acteur SET description = CAST(x'e97069636572696520736f6369616c65' AS TEXT)")
    del data
    output, written = write(path, name)
    assert "\ufffdpicerie sociale" in text_of(output)
    assert [remark.name for remark in written.remarks if "broken" in remark.sentence] == ["Épicerie : description"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_store_without_actors_gives_an_empty_file(store, name):
    output, written = write(store([]), name)
    assert written.actors == FORMATS[name].count(output) == 0


def test_the_store_itself_is_never_written_over(store):
    path = store([{}])
    before = path.read_bytes()
    with pytest.raises(StoreExistsError):
        export.export_actors(path, "csv", "public", path, TODAY)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_short_is_refused_and_the_former_one_stays(store, name, monkeypatch):
    path = store([DIGITAL])
    output, _ = write(path, name)
    before = output.read_bytes()
    monkeypatch.setitem(FORMATS, name, FORMATS[name]._replace(count=lambda path: 0))
    with pytest.raises(StoreRefusedError, match="0 / 1"):
        write(path, name)
    assert output.read_bytes() == before
    assert sorted(path.parent.iterdir()) == sorted([path, output])


def test_a_place_that_cannot_be_written_is_named(store, tmp_path):
    path = store([{}])
    with pytest.raises(FolderMissingError, match="absent"):
        export.export_actors(path, "csv", "public", tmp_path / "absent" / "x.csv", TODAY)
    with pytest.raises(StoreUnreadableError):
        export.export_actors(tmp_path / "absent.gpkg", "csv", "public", tmp_path / "x.csv", TODAY)
    (tmp_path / "dossier.csv").mkdir()
    with pytest.raises(StoreRefusedError, match=r"dossier\.csv"):
        export.export_actors(path, "csv", "public", tmp_path / "dossier.csv", TODAY)
    assert list(tmp_path.glob(".tisserand*")) == []


def test_the_documents_are_pure(store):
    catalogue, _ = export.read_catalogue(store([DIGITAL], [{"description": "Une aide"}]), "public", TODAY)
    before = repr(catalogue)
    for make in (datainclusion.document, hsds.document, geojson.document, mednum.places):
        assert make(catalogue) == make(catalogue)
    assert repr(catalogue) == before
    assert isinstance(catalogue, Catalogue)
