"""Project leads: the three conditions, what is lacking in words, and people conserved."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.leads.context import Around
from tisserand.processing.analysis.leads.leads import Settings, similar_needs

METRIC = "EPSG:2154"
ORIGIN = np.array([600_000.0, 6_800_000.0])
COLUMNS = ["theme", "count", "territory", "volunteers"]


def needs(rows):
    """Make needs from (east, north, themes, count, territory, volunteers)."""
    xy = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2) + ORIGIN
    themes, count, territory, volunteers = zip(*(row[2:] for row in rows)) if rows else [()] * 4
    columns = {
        "themes": list(themes),
        "count": pd.Series(count, dtype=object),
        "territory": list(territory),
        "volunteers": pd.Series(volunteers, dtype=object),
    }
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*xy.T), crs=METRIC)


def actors(*rows):
    """Make actors from (east, north, name, themes, means, itinerant)."""
    xy = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2) + ORIGIN
    columns = dict(zip(("name", "themes", "means", "itinerant"), map(list, zip(*(row[2:] for row in rows)))))
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*xy.T), crs=METRIC)


VILLAGE = [
    (0, 0, "move", 12, "A", 1),
    (2000, 0, "move", 15, "B", None),
    (0, 2500, "move", 8, "A", 2),
    (40_000, 0, "move", 50, "C", 4),
]
WORKSHOP = actors((1000, 1000, "L'Atelier", "move", "salle, outils", False))


def only(found):
    (lead,) = found.leads.itertuples()
    return lead


def test_a_lead_with_the_three_conditions_is_to_be_launched():
    found = similar_needs(needs(VILLAGE), Around(WORKSHOP), labels={"move": "Se déplacer"})
    lead = only(found)
    assert (lead.theme, lead.personnes, lead.n_besoins, lead.communes, lead.codes) == ("move", 35, 3, 2, "A|B")
    assert (lead.volontaires, lead.contexte, lead.lancable, lead.manque) == (3, "favorable", True, None)
    assert lead.part_max == pytest.approx(20 / 35)
    assert lead.raison.startswith(
        "Les trois conditions sont réunies ; 3 besoins semblables « Se déplacer », 35 personnes"
    )
    assert "1 acteur avec des moyens à partager (L'Atelier)" in lead.raison
    assert found.members["piste"].tolist() == [1, 1, 1, None]
    assert found.members["raison"].iloc[-1] == "Aucun autre besoin de ce thème à moins de 5 km"


@pytest.mark.parametrize(
    ("change", "around", "lacking"),
    [
        ({"count": [8, 9, 5]}, WORKSHOP, "il manque 8 personnes"),
        ({"count": [12, 15, 2]}, WORKSHOP, "il manque 1 personne"),
        ({"count": [20, None, None]}, WORKSHOP, "il manque 10 personnes (2 besoins sans nombre connu)"),
        ({"count": [None, None, None]}, WORKSHOP, "nombre de personnes inconnu"),
        ({"territory": ["A", "A", "A"]}, WORKSHOP, "une seule commune"),
        ({"territory": ["A", None, ""]}, WORKSHOP, "une seule commune"),
        ({"territory": [None, None, None]}, WORKSHOP, "commune inconnue"),
        ({"volunteers": [0, None, 0]}, WORKSHOP, "personne ne s'est proposé"),
        ({"volunteers": [None, None, None]}, WORKSHOP, "on ne sait pas si quelqu'un se propose"),
        ({}, None, "contexte inconnu"),
        ({}, actors((90_000, 0, "Loin", "move", "salle", True)), "aucun appui repéré à portée"),
        ({}, actors((0, 0, "Ici", "move", " ", None)), "un seul acteur du thème à portée"),
        (
            {"volunteers": [0, 0, 0], "territory": ["A"] * 3},
            None,
            "une seule commune ; personne ne s'est proposé ; contexte inconnu",
        ),
    ],
)
def test_what_is_lacking_is_said(change, around, lacking):
    lead = only(similar_needs(needs(VILLAGE[:3]).assign(**change), Around(around)))
    assert (lead.lancable, lead.manque) == (False, lacking)
    assert lead.raison.startswith(f"À compléter ({lacking.replace(' ; ', ', ')})")


@pytest.mark.parametrize(
    ("who", "context"),
    [
        (actors((0, 0, "Une", "feed", "un camion", None)), "favorable"),
        (actors((0, 0, "Une", "move", None, True)), "favorable"),
        (actors((0, 0, "Une", "feed", None, True)), "aucun appui"),
        (actors((0, 0, "Une", "move", None, False), (9, 9, "Deux", "feed|move", None, False)), "favorable"),
        (actors((0, 10_001 - 500, "Bord", "move|x", "salle", False)), "favorable"),
        (actors((0, 13_000, "Dehors", "move", "salle", False)), "aucun appui"),
    ],
)
def test_a_context_is_favourable_by_means_rounds_or_partners_in_reach(who, context):
    assert only(similar_needs(needs(VILLAGE[:3]), Around(who))).contexte == context


@pytest.mark.parametrize(
    ("available", "context"), [(True, "favorable"), (1, "favorable"), (False, "aucun appui"), (None, "aucun appui")]
)
def test_a_site_helps_when_it_can_be_lent(available, context):
    far = actors((90_000, 0, "Loin", "move", "salle", True))
    site = geopandas.GeoDataFrame(
        {"available": pd.Series([available], dtype=object), "name": ["Salle des fêtes"]},
        geometry=geopandas.points_from_xy(*(ORIGIN + 500)[:, None]),
        crs=METRIC,
    )
    assert only(similar_needs(needs(VILLAGE[:3]), Around(far, site))).contexte == context


def test_nothing_found_where_nobody_looked_is_unknown():
    far = actors((90_000, 0, "Loin", "move", "salle", True))
    looked = pd.DataFrame({"code": ["A", "B"], "surveyed": ["2026-01-01", None]})
    unseen = pd.DataFrame({"code": ["A", "B"], "surveyed": [None, None]})
    assert only(similar_needs(needs(VILLAGE[:3]), Around(far, None, looked))).contexte == "aucun appui"
    lead = only(similar_needs(needs(VILLAGE[:3]), Around(far, None, unseen)))
    assert (lead.contexte, lead.recensees) == ("inconnu", 0)


def test_a_need_with_several_themes_counts_whole_in_each():
    rows = [(x, y, "move|feed", count, place, will) for x, y, _, count, place, will in VILLAGE]
    found = similar_needs(needs(rows), Around(WORKSHOP))
    assert found.leads["theme"].tolist() == ["feed", "move"] or found.leads["theme"].tolist() == ["move", "feed"]
    assert found.leads["personnes"].tolist() == [35, 35]
    assert len(found.members) == 8


def test_without_a_field_each_need_is_one_person_and_all_are_of_one_theme():
    bare = needs(VILLAGE[:3])[["geometry"]]
    lead = only(similar_needs(bare, Around(WORKSHOP), Settings(min_people=3, min_territories=0)))
    assert (lead.theme, lead.personnes) == ("", 3)
    assert lead.manque == "on ne sait pas si quelqu'un se propose"


def test_needs_of_nobody_and_without_theme_take_no_part_and_are_noted():
    rows = [*VILLAGE[:3], (100, 100, "move", 0, "A", 1), (100, 200, None, 9, "A", 1), (100, 300, "move", -4, "A", 1)]
    found = similar_needs(needs(rows), Around(WORKSHOP))
    lead = only(found)
    assert (lead.personnes, lead.n_besoins, lead.n_inconnus) == (35, 4, 1)
    assert (found.notes.nobody, found.notes.without_theme, found.notes.negative_counts) == ([3], [4], [5])
    assert found.notes.without_count == []
    assert found.members["raison"].iloc[[3, 4]].tolist() == [
        "Aucune personne concernée",
        "Sans thème : ne se compare à aucun autre",
    ]


def test_the_point_has_half_of_the_people_on_either_side():
    rows = [(0, 0, "t", 1, "A", 1), (1000, 100, "t", 1, "A", 1), (2000, 3000, "t", 90, "B", 1)]
    lead = only(similar_needs(needs(rows)))
    assert (lead.geometry.x - ORIGIN[0], lead.geometry.y - ORIGIN[1]) == (2000, 3000)
    assert lead.rayon_m == pytest.approx(np.hypot(2000, 3000))


def test_two_needs_are_no_lead_and_are_told_how_many_lack():
    found = similar_needs(needs(VILLAGE[:2]))
    assert len(found.leads) == 0
    assert set(found.members["raison"]) == {"Seulement 1 autre besoin de ce thème à moins de 5 km, il en faut 2"}
    assert len(similar_needs(needs(VILLAGE[:2]), settings=Settings(min_needs=2)).leads) == 1


def test_surfaces_stand_at_a_point_within_them():
    points = needs(VILLAGE[:3])
    found = similar_needs(points.set_geometry(points.buffer(300)), Around(WORKSHOP))
    assert only(found).personnes == 35


def strewn(seed, n=250):
    random = np.random.default_rng(seed)
    xy = random.integers(0, 60, (n, 2)) * 1000
    count = random.choice([np.nan, 0, 1, 2, 5, 20], n)
    themes = random.choice(["a", "b", "a|b", None], n, p=[0.4, 0.3, 0.25, 0.05])
    return needs(
        [
            (*xy[k], themes[k], count[k], f"{xy[k][0] // 6000}-{xy[k][1] // 6000}", random.choice([None, 0, 1]))
            for k in range(n)
        ]
    )


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_people_are_conserved_and_no_lead_is_too_wide(seed):
    units = strewn(seed)
    found = similar_needs(units, settings=Settings(distance=9000))
    times = units["themes"].map(lambda text: len(text.split("|")) if text else 1)
    read = (units["count"].astype(float).fillna(0) * times).sum()
    assert found.members["personnes"].sum() == read
    inside = found.members[found.members["piste"].notna()]
    assert found.leads["personnes"].sum() == inside["personnes"].sum()
    assert found.balance[["dans_une_piste", "hors_piste"]].to_numpy().sum() == read
    for lead in found.leads.itertuples():
        of = inside[inside["piste"] == lead.rang]
        assert len(of) == lead.n_besoins >= 3
        assert set(of["theme"]) == {lead.theme}
        points = units.geometry.loc[of["need"]]
        assert shapely.minimum_bounding_radius(shapely.multipoints(points.to_numpy())) <= 18_000
        assert max(points.distance(point).max() for point in points) <= 18_000 * (1 + 1e-9)
    assert not inside.duplicated(["need", "theme"]).any()


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_rows_changes_nothing(random):
    units = strewn(random.randint(0, 10**6), 120)
    order = list(range(len(units)))
    random.shuffle(order)
    straight, shuffled = similar_needs(units), similar_needs(units.iloc[order])
    pd.testing.assert_frame_equal(
        pd.DataFrame(straight.leads).reset_index(drop=True), pd.DataFrame(shuffled.leads).reset_index(drop=True)
    )
    pd.testing.assert_frame_equal(straight.members, shuffled.members)


def test_the_place_on_earth_changes_nothing():
    units = strewn(5)
    there = similar_needs(units.set_geometry(units.translate(1e6, 1e6)))
    assert there.leads["raison"].tolist() == similar_needs(units).leads["raison"].tolist()


def test_a_far_need_changes_nothing_for_others():
    units = strewn(6)
    more = pd.concat([units, needs([(900_000, 0, "a", 5, "Z", 1)])], ignore_index=True)
    assert similar_needs(more).leads["raison"].tolist() == similar_needs(units).leads["raison"].tolist()


def test_ranks_go_from_what_lacks_least_to_what_lacks_most_then_by_people():
    leads = similar_needs(strewn(7), Around(WORKSHOP), Settings(min_people=20)).leads
    assert leads["rang"].tolist() == list(range(1, len(leads) + 1))
    lacking = leads["manque"].map(lambda text: len(text.split(" ; ")) if text else 0)
    assert lacking.is_monotonic_increasing
    for _, of in leads.groupby(lacking):
        assert of["personnes"].dropna().is_monotonic_decreasing


def test_no_need_gives_no_lead():
    found = similar_needs(needs([]), Around(WORKSHOP))
    assert (len(found.leads), len(found.members), len(found.balance)) == (0, 0, 0)


def test_all_needs_at_one_place_are_one_lead():
    lead = only(similar_needs(needs([(0, 0, "t", 2, "A", 1)] * 40)))
    assert (lead.personnes, lead.rayon_m) == (80, 0)


def test_a_code_read_as_a_number_is_the_same_code():
    units = needs(VILLAGE[:3]).assign(territory=[33063.0, 33063, "33063"])
    assert only(similar_needs(units)).communes == 1


def test_thousands_of_themes_are_no_obstacle():
    units = needs([(k % 50 * 1000, k // 50 * 1000, f"t{k}", 1, "A", 1) for k in range(3000)])
    assert len(similar_needs(units).leads) == 0


@pytest.mark.parametrize("wrong", [Settings(distance=0), Settings(distance=float("nan")), Settings(min_needs=1)])
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(TisserandError):
        similar_needs(needs(VILLAGE), settings=wrong)
