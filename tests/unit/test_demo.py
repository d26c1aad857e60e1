"""Where the fictional catalogue is placed."""

import random
import re
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from math import cos, radians

import pytest
import shapely

from tisserand.layers.demo.catalogue import read_catalogue
from tisserand.layers.demo.chance import pick, share
from tisserand.layers.demo.placement import place, town_halls
from tisserand.layers.errors import TisserandError
from tisserand.layers.model.tables import table
from tisserand.layers.reference import Commune, TownHall

CATALOGUE = read_catalogue()
TODAY = date(2026, 11, 23)
WORKS = ("site", "initiative", "projet", "evenement", "monographie", "media", "contribution")
TABLES = ("secteur", "correspondant", "acteur", "service", "besoin", "visite", "lien", *WORKS)
KM = 1 / 111.32


def square(x, y, side):
    return shapely.box(x, y, x + side, y + side)


def commune(number, outline, population=5000, epci="200000001", hall=None, name=None):
    lon, lat = hall or (None, None)
    return Commune(
        code=f"99{number:03d}",
        nom=name or f"Commune {number}",
        population=population,
        codes_postaux="99000 99100",
        polygon=None
        if outline is None
        else shapely.MultiPolygon([outline]).wkb
        if outline.geom_type == "Polygon"
        else outline.wkb,
        epci_code=epci,
        epci_nom=f"CC {epci}",
        epci_nature="CC",
        ept_code="",
        ept_nom="",
        mairie=TownHall(lon, lat, "", "", "", ""),
    )


def grid(columns=8, rows=6, side=4 * KM):
    """Communes side by side, of growing population, in four groupings; each town hall off the middle."""
    return [
        commune(
            10 * y + x,
            square(x * side, 45 + y * side, side),
            population=200 + 900 * (x + columns * y),
            epci=f"20000000{2 * (x >= columns // 2) + (y >= rows // 2)}",
            hall=(x * side + side / 3, 45 + y * side + side / 3),
        )
        for y in range(rows)
        for x in range(columns)
    ]


GRID = grid()
DEMO = place(GRID, CATALOGUE, TODAY)
OUTLINES = {c.code: shapely.from_wkb(c.polygon) for c in GRID}
ISLANDS = shapely.MultiPolygon([square(0, 0, 1.2 * KM), square(40 * KM, 3 * KM, 9 * KM), square(60 * KM, 0, 0.5 * KM)])


def metres(a, b):
    north = (a["lat"] - b["lat"]) * 111_320
    east = (a["lon"] - b["lon"]) * 111_320 * cos(radians(a["lat"]))
    return (north**2 + east**2) ** 0.5


def test_a_share_is_the_start_of_a_sha256_whatever_the_machine():
    assert share("demo", 1) == share("demo", 1) != share("demo", 2)
    assert share("demo", "acteur") == pytest.approx(0.6771916790823592, abs=1e-15)


def test_picks_follow_the_weights():
    picked = Counter(pick({"heavy": 3.0, "light": 1.0}, number) for number in range(4000))
    assert picked["heavy"] / 4000 == pytest.approx(0.75, abs=0.03)


def test_adding_a_name_moves_only_those_who_prefer_it():
    two, three = {"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 2.0, "c": 1.0}
    moved = [pick(three, number) for number in range(500) if pick(three, number) != pick(two, number)]
    assert set(moved) == {"c"}


def test_the_whole_catalogue_is_placed():
    assert {name: len(DEMO[name]) for name in ("acteur", "service", "besoin", "lien")} == {
        "acteur": len(CATALOGUE.actors),
        "service": len(CATALOGUE.services),
        "besoin": len(CATALOGUE.needs),
        "lien": len(CATALOGUE.links),
    }
    assert len(DEMO["correspondant"]) == 6


def test_the_same_demonstration_comes_twice_and_from_shuffled_communes():
    shuffled = list(GRID)
    random.Random(1).shuffle(shuffled)
    assert repr(place(GRID, CATALOGUE, TODAY)) == repr(DEMO)
    assert repr(place(shuffled, CATALOGUE, TODAY)) == repr(DEMO)


def test_another_seed_gives_another_demonstration():
    other = place(GRID, CATALOGUE, TODAY, "autre")
    assert [row["code_insee"] for row in other["acteur"]] != [row["code_insee"] for row in DEMO["acteur"]]


def test_a_day_later_everything_stands_at_the_same_place():
    later = place(GRID, CATALOGUE, date(2026, 11, 24))
    for name in ("acteur", "besoin"):
        assert [(r["uuid"], r["lon"], r["lat"]) for r in later[name]] == [
            (r["uuid"], r["lon"], r["lat"]) for r in DEMO[name]
        ]


@pytest.mark.parametrize("name", TABLES)
def test_rows_have_only_fields_of_the_model_and_all_that_are_required(name):
    declared = table(name)
    located = {"lon", "lat"} if declared.geometry == "Point" else set()
    required = {field.name for field in declared.fields if field.required and field.sql_default is None}
    for row in DEMO[name]:
        assert set(row) <= set(declared.names) | located
        assert located <= set(row)
        assert all(row[field] is not None for field in required), row
        assert row["source"] == "demo"


def test_every_row_has_its_own_uuid_and_references_are_kept():
    uuids = [row["uuid"] for name in TABLES for row in DEMO[name]]
    assert len(uuids) == len(set(uuids))
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uuid) for uuid in uuids)
    known = {name: {row["uuid"] for row in DEMO[name]} for name in TABLES}
    for name in TABLES:
        for field in table(name).fields:
            if field.references:
                assert {row[field.name] for row in DEMO[name] if row.get(field.name)} <= known[field.references]


def test_another_departement_has_other_uuids():
    elsewhere = [c._replace(code="98" + c.code[2:]) for c in GRID]
    ours = {row["uuid"] for name in TABLES for row in DEMO[name]}
    theirs = {row["uuid"] for name in TABLES for row in place(elsewhere, CATALOGUE, TODAY)[name]}
    assert ours.isdisjoint(theirs)


def test_actors_stand_inside_their_commune_and_no_two_at_one_place():
    for row in DEMO["acteur"]:
        assert OUTLINES[row["code_insee"]].contains_properly(shapely.Point(row["lon"], row["lat"])), row["nom"]
    assert len({(row["lon"], row["lat"]) for row in DEMO["acteur"]}) == len(DEMO["acteur"])


def test_needs_stand_by_the_middle_of_their_commune_and_no_two_at_one_place():
    per_commune = Counter(row["code_insee"] for row in DEMO["besoin"])
    assert max(per_commune.values()) > 1
    for row in DEMO["besoin"]:
        middle = OUTLINES[row["code_insee"]].representative_point()
        assert metres(row, {"lon": middle.x, "lat": middle.y}) < 500
        assert (row["niveau_geo"], row["code_geo"]) == ("commune", row["code_insee"])
    assert len({(row["lon"], row["lat"]) for row in DEMO["besoin"]}) == len(DEMO["besoin"])


def test_the_only_need_of_a_commune_stands_at_its_middle_exactly():
    per_commune = Counter(row["code_insee"] for row in DEMO["besoin"])
    alone = [row for row in DEMO["besoin"] if per_commune[row["code_insee"]] == 1]
    assert alone
    for row in alone:
        middle = OUTLINES[row["code_insee"]].representative_point()
        assert (row["lon"], row["lat"]) == pytest.approx((middle.x, middle.y), abs=1e-6)


def test_one_commune_in_eight_is_not_surveyed_and_has_no_actor_but_may_have_needs():
    left_out = {c.code for c in GRID} - set(DEMO["recense_le"])
    assert len(left_out) == len(GRID) // 8
    assert not left_out & {row["code_insee"] for row in DEMO["acteur"]}
    assert left_out & {row["code_insee"] for row in place(grid(), CATALOGUE, TODAY)["besoin"]}


def test_in_some_surveyed_communes_nothing_was_found():
    assert set(DEMO["recense_le"]) - {row["code_insee"] for row in DEMO["acteur"]}


def test_large_communes_have_more_actors_than_smaller_ones_but_less_than_in_proportion():
    actors = Counter(
        row["code_insee"] for seed in range(8) for row in place(GRID, CATALOGUE, TODAY, str(seed))["acteur"]
    )
    half, quarter = len(GRID) // 2, len(GRID) // 4
    smaller, large = GRID[half:-quarter], GRID[-quarter:]
    found = sum(actors[c.code] for c in large) / sum(actors[c.code] for c in smaller)
    people = sum(c.population for c in large) / sum(c.population for c in smaller)
    assert 1 < found < people


def test_the_more_populous_half_of_the_communes_is_surveyed():
    assert {c.code for c in GRID[len(GRID) // 2 :]} <= set(DEMO["recense_le"])


def test_the_double_stands_a_few_steps_from_its_original_at_the_same_address():
    by_key = {row["cle"]: at for row, at in zip(CATALOGUE.actors, DEMO["acteur"])}
    first, double = by_key["repair-fer-souder"], by_key["repair-doublon"]
    assert 0 < metres(first, double) <= 60
    for field in ("code_insee", "adresse", "code_postal", "telephone"):
        assert first[field] == double[field]


def test_families_live_closer_together_than_strangers():
    families = [row["famille"] for row in CATALOGUE.actors]
    apart = defaultdict(list)
    for i, j in combinations(range(len(families)), 2):
        related = families[i] is not None and families[i] == families[j]
        apart[related].append(metres(DEMO["acteur"][i], DEMO["acteur"][j]))
    mean = {related: sum(distances) / len(distances) for related, distances in apart.items()}
    assert mean[True] < 0.75 * mean[False]


def test_the_name_of_the_commune_takes_its_place():
    assert not [row["nom"] for row in DEMO["acteur"] if "{" in row["nom"]]
    repaired = next(row for row in DEMO["acteur"] if row["nom"].endswith(" répare"))
    assert repaired["nom"] == f"{repaired['commune']} répare"


def test_dates_are_working_days_before_today_and_consent_is_dated():
    for name, field in (("visite", "date_visite"), ("besoin", "date_recueil"), ("acteur", "date_visite")):
        days = [row[field] for row in DEMO[name] if row[field]]
        assert max(days) < TODAY
        assert max(day.weekday() for day in days) <= 4
    for row in DEMO["acteur"]:
        assert (row["consentement_le"] is not None) == row["contact_publiable"]
        assert row["cree_le"].date() <= row["date_maj"] < TODAY


def test_sheets_older_than_two_years_come_out_as_stale():
    for row, sheet in zip(CATALOGUE.actors, DEMO["acteur"]):
        if row["visite_mois"] is not None:
            assert ((TODAY - sheet["date_maj"]).days > 730) == (row["visite_mois"] > 24), row["cle"]


def test_every_actor_that_was_met_has_a_visit_and_no_other_has():
    met = {row["acteur_uuid"] for row in DEMO["visite"]}
    assert met == {row["uuid"] for row in DEMO["acteur"] if row["statut_recensement"] != "repere"}


def test_sectors_share_out_all_communes_by_whole_groupings():
    members = [code for row in DEMO["secteur"] for code in row["membres"].split("|")]
    assert sorted(members) == [c.code for c in GRID]
    assert len(DEMO["secteur"]) == 4
    sector_of = {code: row["code"] for row in DEMO["secteur"] for code in row["membres"].split("|")}
    assert len({(c.epci_code, sector_of[c.code]) for c in GRID}) == 4


def test_many_groupings_make_six_sectors_of_about_the_same_population():
    scattered = [c._replace(epci_code=f"2{number:08d}", population=1000) for number, c in enumerate(GRID)]
    sizes = [row["membres"].count("|") + 1 for row in place(scattered, CATALOGUE, TODAY)["secteur"]]
    assert sizes == [8] * 6


def test_actors_and_needs_are_followed_by_a_correspondent_of_their_sector():
    sector_of = {code: row["uuid"] for row in DEMO["secteur"] for code in row["membres"].split("|")}
    served = {row["uuid"]: row["secteur_uuid"] for row in DEMO["correspondant"]}
    for row in DEMO["acteur"]:
        assert row["secteur_uuid"] == served[row["correspondant_uuid"]] == sector_of[row["code_insee"]]
    for row in DEMO["besoin"]:
        assert served[row["correspondant_uuid"]] == sector_of[row["code_insee"]]


@pytest.mark.parametrize(
    "outline",
    [square(2, 48, 10 * KM), ISLANDS, square(-151, -16, KM)],
    ids=["a city", "scattered islands", "one square kilometre"],
)
def test_a_single_commune_holds_the_whole_catalogue(outline):
    demo = place([commune(1, outline, population=2_000_000)], CATALOGUE, TODAY)
    assert list(demo["recense_le"]) == ["99001"]
    for name in ("acteur", "besoin"):
        assert len({(row["lon"], row["lat"]) for row in demo[name]}) == len(demo[name]) == len(DEMO[name])
        assert all(outline.contains_properly(shapely.Point(row["lon"], row["lat"])) for row in demo[name])


def test_a_town_hall_outside_its_commune_is_not_what_actors_gather_around():
    outline = square(2, 48, 10 * KM)
    astray = place([commune(1, outline, hall=(3, 49))], CATALOGUE, TODAY)
    assert all(outline.contains(shapely.Point(row["lon"], row["lat"])) for row in astray["acteur"])


def test_communes_without_an_outline_are_not_surveyed_and_nothing_is_put_there():
    demo = place([*GRID, commune(999, None)], CATALOGUE, TODAY)
    assert "99999" not in demo["recense_le"]
    assert "99999" not in {row["code_insee"] for name in ("acteur", "besoin") for row in demo[name]}


def test_unknown_populations_do_not_stop_the_demonstration():
    assert len(place([c._replace(population=None) for c in GRID], CATALOGUE, TODAY)["acteur"]) == len(DEMO["acteur"])


def test_without_any_outline_one_sentence_says_what_to_do():
    with pytest.raises(TisserandError, match="None of the 1 communes has an outline"):
        place([commune(1, None)], CATALOGUE, TODAY)


def test_a_commune_without_room_is_named():
    with pytest.raises(TisserandError, match="The outline of Rocher is too small"):
        place([commune(1, square(2, 48, 0.02 * KM), name="Rocher")], CATALOGUE, TODAY)


def test_town_halls_are_real_public_and_not_fictional():
    hall = TownHall(2.05, 48.05, "1 place Auguste-Mounié, 92160 Antony", "01 40 96 71 00", "Mo-Fr 08:30-12:00", "")
    (row,) = town_halls([commune(2, square(2, 48, 0.1), name="Antony")._replace(mairie=hall)])
    assert (row["nom"], row["type_initiative"], row["source"]) == ("Mairie d’Antony", "mairie", "mairies")
    assert (row["adresse"], row["code_postal"]) == ("1 place Auguste-Mounié", "92160")
    assert (row["lon"], row["lat"], row["precision_geo"]) == (2.05, 48.05, "numero")
    assert (row["telephone"], row["site_web"]) == ("01 40 96 71 00", None)
    assert row["contact_publiable"] is False
    assert set(row) <= {*table("acteur").names, "lon", "lat"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Antony", "d’Antony"),
        ("Élancourt", "d’Élancourt"),
        ("Le Havre", "du Havre"),
        ("Les Avirons", "des Avirons"),
        ("La Réole", "de La Réole"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses"),
        ("Yvetot", "d’Yvetot"),
        ("Nanterre", "de Nanterre"),
    ],
)
def test_a_town_hall_is_named_as_french_people_say(name, said):
    (row,) = town_halls([commune(1, square(2, 48, 0.1), name=name)])
    assert row["nom"] == f"Mairie {said}"


def test_a_town_hall_without_a_place_stands_in_the_middle_and_says_so():
    outline = square(2, 48, 0.1)
    (row,) = town_halls([commune(1, outline)])
    assert outline.contains(shapely.Point(row["lon"], row["lat"]))
    assert row["precision_geo"] == "commune"


def test_a_town_hall_without_outline_nor_place_is_kept_without_a_point():
    (row,) = town_halls([commune(1, None)])
    assert (row["lon"], row["lat"], row["precision_geo"]) == (None, None, None)
