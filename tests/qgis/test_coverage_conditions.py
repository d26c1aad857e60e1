"""Conditions put to an offer, in a real QGIS: parameters and layers in, fields, numbers and sentences out."""

import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsProcessingException,
    QgsProcessingFeedback,
)

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:coveragegaps"
NEEDS = "Point?crs=EPSG:2154&field=nb_situations:int&field=theme_vie:string"
ACTORS = (
    "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=capacite:int&field=themes_vie:string"
    "&field=horaires_accueil:string&field=frais:string&field=modes_accueil:string&field=itinerant:bool"
    "&field=tournee:string&field=diffusion:string"
)
X, Y = 650000, 6860000


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


@pytest.fixture()
def needs(memory_layer):
    rows = [(point(0), 10, "feed"), (point(60000), 6, "feed"), (point(0), NULL, "house")]
    return memory_layer(NEEDS, rows, "besoins")


@pytest.fixture()
def actors(memory_layer):
    rows = [
        (point(0), "u1", "Épicerie", 6, "feed", "Mo 09:00-12:00", "gratuit", "en-presentiel", False, NULL, "public"),
        (point(0), "u2", "Marché", 4, "feed", "We 14:00-17:00", "payant", "en-presentiel", False, NULL, "public"),
        (point(0), "u3", "Écoute", 9, "feed", NULL, NULL, "a-distance", NULL, NULL, "interne"),
        (point(0), "u4", "Bus", 3, "feed", "mercredi", "un peu", NULL, True, "Le jeudi, place du marché", "public"),
    ]
    return memory_layer(ACTORS, rows, "acteurs")


def run(needs, actors, feedback=None, **parameters):
    parameters = {"NEEDS": needs, "ACTORS": actors, "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def test_without_a_condition_the_facts_are_counted_and_take_nobody_away(needs, actors):
    result = run(needs, actors)
    row = rows_of(result["OUTPUT"])[0]
    assert (row["n_acteurs"], row["n_a_portee"], row["n_ouverts"]) == (4, 4, NULL)
    assert (row["n_gratuits"], row["n_sur_place"], row["n_a_distance"], row["n_itinerants"]) == (1, 2, 1, 1)
    assert (row["n_non_publies"], row["choix"], row["frein"], row["perdus"]) == (1, True, NULL, 0)
    assert row["frais_connus"] == pytest.approx(0.5)
    assert result["LOST"] == 0


def test_who_is_left_out_on_wednesday_afternoon_for_free(needs, actors):
    pytest.importorskip("opening_hours", reason="opening-hours-py reads opening hours: make setup")
    feedback = QgsProcessingFeedback(False)
    asked = {"WHEN": "mercredi 14h-17h", "WHEN_YEAR": 2026, "FREE": True, "EXCLUDE_UNKNOWN": True}
    result = run(needs, actors, feedback, **asked)
    row = rows_of(result["OUTPUT"])[0]
    assert (row["n_acteurs"], row["n_ouverts"], row["cause"]) == (0, 1, "hors_portee")
    assert (row["frein"], row["perdus"], row["etat_offre"]) == ("horaires", 10, "offre")
    assert (row["non_couvert_min"], row["non_couvert_max"]) == (pytest.approx(0), 10)
    assert result["LOST"] == 10
    log = feedback.textLog()
    assert "Opening hours that cannot be read, taken as unknown: 1 (features 4): « mercredi »" in log
    assert "Cost (actors): words that are no value of this field, left aside: « un peu »" in log
    assert "Opening hours (actors), unknown, actors left out as asked: 2 (features 3, 4)" in log


def test_an_unknown_fact_keeps_an_actor_in_the_offer_unless_asked(needs, actors):
    feedback = QgsProcessingFeedback(False)
    row = rows_of(run(needs, actors, feedback, FREE=True)["OUTPUT"])[0]
    assert row["n_acteurs"] == 3
    assert "Cost (actors), unknown, actors kept in the offer: 2 (features 3, 4)" in feedback.textLog()
    assert rows_of(run(needs, actors, FREE=True, EXCLUDE_UNKNOWN=True)["OUTPUT"])[0]["n_acteurs"] == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"MODE": 1, "EXCLUDE_UNKNOWN": True}, 2),
        ({"MODE": 2, "EXCLUDE_UNKNOWN": True}, 1),
        ({"ROUNDS": 1, "EXCLUDE_UNKNOWN": True}, 1),
        ({"ROUNDS": 2, "EXCLUDE_UNKNOWN": True}, 2),
        ({"AUDIENCE": 1}, 3),
        ({"AUDIENCE": 2}, 3),
    ],
)
def test_each_condition_takes_out_who_does_not_meet_it(needs, actors, asked, expected):
    assert rows_of(run(needs, actors, **asked)["OUTPUT"])[0]["n_acteurs"] == expected


def test_who_receives_at_a_distance_reaches_everyone_when_asked(needs, actors):
    far = [rows_of(run(needs, actors, AFAR=flag)["OUTPUT"])[1] for flag in (False, True)]
    assert [row["n_acteurs"] for row in far] == [0, 1]
    assert far[1]["top5"] == "Écoute (100 %, à distance)"


def test_a_condition_on_a_field_that_the_layer_lacks_is_reported_and_all_are_unknown(memory_layer, needs):
    bare = memory_layer("Point?crs=EPSG:2154&field=themes_vie:string", [(point(0), "feed")], "simples")
    feedback = QgsProcessingFeedback(False)
    row = rows_of(run(needs, bare, feedback, FREE=True)["OUTPUT"])[0]
    assert row["n_acteurs"] == 1
    assert "simples has no field frais (ACTORS_COST)" in feedback.textLog()
    assert "simples has no field modes_accueil" not in feedback.textLog()
    assert "Cost (actors), unknown, actors kept in the offer: 1" in feedback.textLog()


def test_what_is_no_slot_is_refused_with_an_example(needs, actors):
    with pytest.raises(QgsProcessingException, match=r"“bientôt” is not a slot of the week.*We 14:00-17:00"):
        run(needs, actors, WHEN="bientôt")


def test_a_year_that_is_none_is_refused(needs, actors):
    pytest.importorskip("opening_hours", reason="opening-hours-py reads opening hours: make setup")
    with pytest.raises(QgsProcessingException, match="is no year for opening hours"):
        run(needs, actors, WHEN="We", WHEN_YEAR=99999)


def test_without_the_package_a_sentence_says_how_to_get_it(needs, actors, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opening_hours", None)
    feedback = QgsProcessingFeedback(False)
    row = rows_of(run(needs, actors, feedback, WHEN="We 14:00-17:00")["OUTPUT"])[0]
    assert (row["n_acteurs"], row["n_ouverts"]) == (4, NULL)
    assert "pip install opening-hours-py" in feedback.textLog()


def test_an_unknown_count_is_said(needs, actors):
    assert [row["effectif"] for row in rows_of(run(needs, actors)["OUTPUT"])] == ["connu", "connu", "inconnu"]


@pytest.fixture()
def territories(memory_layer):
    def box(west, east):
        w, s, e, n = X + west, Y - 30000, X + east, Y + 30000
        return f"POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))"

    rows = [(box(-30000, 30000), "1", "Ouest", "2026-01-01"), (box(30000, 90000), "2", "Est", NULL)]
    fields = "field=code:string&field=nom:string&field=recense_le:string"
    return memory_layer(f"Polygon?crs=EPSG:2154&{fields}", rows, "territoires")


def test_no_offer_not_surveyed_and_not_published_are_three_things(memory_layer, needs, territories):
    hidden = memory_layer(ACTORS, [(point(0), "u", "n", 9, "feed", *[NULL] * 5, "interne")], "acteurs")
    result = run(needs, hidden, TERRITORIES=territories, BY_TERRITORY="memory:", AUDIENCE=2)
    states = [(row["theme"], row["etat_offre"]) for row in rows_of(result["OUTPUT"])]
    assert states == [("feed", "non-publie"), ("feed", "non-recense"), ("house", "aucune")]
    places = {(row["code"], row["theme"]): row for row in rows_of(result["BY_TERRITORY"])}
    assert {key: row["etat_offre"] for key, row in places.items()} == {
        ("1", "feed"): "non-publie",
        ("1", "house"): "aucune",
        ("2", "feed"): "non-recense",
        ("2", "house"): "non-recense",
    }
    assert (places["1", "feed"]["n_acteurs"], places["1", "feed"]["n_non_publies"]) == (0, 1)
    assert (places["1", "house"]["n_inconnus"], places["1", "feed"]["n_inconnus"]) == (1, 0)


def test_each_state_of_a_territory_has_one_look_of_its_own(memory_layer):
    from tisserand.layers.classes import GAP_LABELS
    from tisserand.layers.result_looks.coverage import style_territories

    fields = "field=recense:int&field=etat_offre:string&field=part:double&field=n_inconnus:int&field=n_besoins:int"
    layer = memory_layer(f"Polygon?crs=EPSG:2154&{fields}&field=confiance:string", [], "t")
    style_territories(layer)
    rules = layer.renderer().rootRule().children()

    def labels(*values):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values))
        context = QgsExpressionContext()
        context.setFeature(feature)
        return [rule.label() for rule in rules if QgsExpression(rule.filterExpression()).evaluate(context) == 1]

    assert labels(0, "non-recense", NULL, 0, 0, NULL) == ["Non recensé"]
    assert labels(1, "non-publie", 0.9, 0, 2, "faible") == ["Acteurs non publiés"]
    assert labels(1, "aucune", NULL, 0, 0, NULL) == ["Aucun besoin connu"]
    assert labels(1, "offre", 0.3, 2, 2, "moyenne") == ["Besoins en nombre inconnu"]
    assert labels(NULL, "offre", 0.3, 1, 2, "forte") == [GAP_LABELS[1]]
    assert labels(1, "aucune", 1.0, 0, 2, "faible") == [GAP_LABELS[3], "Résultat peu sûr"]


def test_the_report_tells_what_the_conditions_take_away_and_how_sure_it_is(needs, actors, tmp_path):
    path = tmp_path / "rapport.html"
    run(needs, actors, REPORT=str(path), FREE=True, MODE=1)
    text = path.read_text(encoding="utf-8")
    for words in (
        "What the conditions take away",
        "How sure it is",
        "Mode d&#39;accueil",
        "People not covered, at most",
    ):
        assert words in text
    assert text.count("<figure>") == 4
    assert "Is there an actor?" in text


def test_a_run_is_cancelled_within_the_robustness_too(memory_layer, tmp_path):
    class Impatient(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.progressChanged.connect(lambda share: self.cancel() if share >= 70 else None)

    rows = [(point(100 * k), 1, "feed") for k in range(500)]
    layer = memory_layer(NEEDS, rows, "besoins")
    offer = memory_layer("Point?crs=EPSG:2154&field=themes_vie:string", [(point(0), "feed")] * 500, "acteurs")
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(layer, offer, Impatient(), ROBUSTNESS=True, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_qgis_process_answers_with_conditions_and_ends_well(needs, actors, tmp_path, qgis_process):
    for name, layer in (("besoins", needs), ("acteurs", actors)):
        processing.run("native:savefeatures", {"INPUT": layer, "OUTPUT": str(tmp_path / f"{name}.gpkg")})
    words = [f"NEEDS={tmp_path / 'besoins.gpkg'}", f"ACTORS={tmp_path / 'acteurs.gpkg'}", "FREE=true", "MODE=1"]
    words += [f"OUTPUT={tmp_path / 'sortie.gpkg'}", "WHEN=We 14:00-17:00", "AUDIENCE=2", "ROBUSTNESS=true"]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words)
    assert done.returncode == 0, done.stderr
    assert '"UNMET_MAX"' in done.stdout
