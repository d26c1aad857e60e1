"""Groups of initiatives that resemble each other."""

import geopandas
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.similarity.initiatives import similar_initiatives, solidity
from tisserand.processing.analysis.similarity.measure import Measure

METRIC = "EPSG:2154"
ORIGIN = (600_000, 6_800_000)
LABELS = {"feed": "Se nourrir", "move": "Se déplacer", "equip": "S'équiper"}
SUBJECTS = {
    "feed": "repas partagés cuisine invendus alimentaires quartier",
    "move": "vélos réparation atelier mécanique déplacements",
    "equip": "objets réemploi recyclerie dons meubles",
}


def frame(rows, crs=METRIC):
    """Make actors from (id, x, y, name, themes, text)."""
    ids, x, y, names, themes, texts = zip(*rows) if rows else [()] * 6
    columns = {"id": list(ids), "name": list(names), "themes": list(themes), "text": list(texts)}
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(x, y), crs=crs)


def planted(groups=9, size=8, noise=20, seed=1):
    """Make towns 12 km apart with a group for each subject, and other actors strewn among them."""
    random = np.random.default_rng(seed)
    rows, truth = [], []
    for group in range(groups):
        theme = list(SUBJECTS)[group % 3]
        centre = np.add(ORIGIN, (group // 3 * 12_000, group % 3 * 1000))
        for _ in range(size):
            words = " ".join(random.choice(SUBJECTS[theme].split(), 4))
            x, y = centre + random.normal(0, 400, 2)
            rows.append((f"a{len(rows)}", x, y, f"Lieu {len(rows)}", theme, words))
            truth.append(group)
    for _ in range(noise):
        x, y = ORIGIN + random.uniform((-3000, -3000), (27_000, 5000))
        rows.append(
            (f"a{len(rows)}", x, y, f"Lieu {len(rows)}", f"t{len(rows)}", "un sujet" + "zyxw"[len(rows) % 4] * 9)
        )
        truth.append(-1)
    return frame(rows), np.array(truth)


@pytest.fixture(scope="module")
def village():
    """Return planted actors, their groups, and what is found of them."""
    actors, truth = planted()
    return actors, truth, similar_initiatives(actors, labels=LABELS)


def test_planted_groups_are_found(village):
    _, truth, found = village
    groups = found.actors["groupe"].to_numpy()
    inside = truth >= 0
    assert len(set(zip(truth[inside], groups[inside]))) == 9


def test_others_are_left_alone(village):
    _, truth, found = village
    assert found.actors["groupe"][truth < 0].isna().mean() > 0.6


def test_the_actors_keep_their_rows(village):
    actors, _, found = village
    assert found.actors.index.equals(actors.index)
    assert found.actors.geometry.geom_equals(actors.geometry).all()


def test_the_parts_add_up_to_the_mean_similarity(village):
    of = village[2].actors.dropna(subset=["groupe"])
    assert of["s_moyen"].to_numpy() == pytest.approx(of[["s_espace", "s_theme", "s_texte"]].sum(axis=1).to_numpy())


def test_who_is_alone_has_no_mean(village):
    of = village[2].actors
    assert of.loc[of["groupe"].isna(), ["s_moyen", "s_espace", "s_theme", "s_texte"]].isna().all(axis=None)


def test_each_group_has_one_medoid_of_the_highest_mean_similarity(village):
    of = village[2].actors.dropna(subset=["groupe"])
    for _, members in of.groupby("groupe"):
        assert members["medoide"].sum() == 1
        assert members.loc[members["medoide"] == 1, "s_moyen"].item() == members["s_moyen"].max()


def test_groups_are_as_large_and_as_alike_as_asked(village):
    groups = village[2].groups
    assert (groups["n"] >= 3).all()
    assert (groups["s_moyen"] >= 0.45).all()


def test_groups_agree_with_their_members(village):
    actors, _, found = village
    of = found.actors
    for group in found.groups.itertuples():
        members = of[of["groupe"] == group.groupe]
        assert group.n == len(members)
        assert members.within(group.geometry).all()
        assert group.s_moyen == pytest.approx(members["s_moyen"].mean())
        medoid = members[members["medoide"] == 1]
        assert group.medoide == actors.loc[medoid.index, "id"].item()
        assert group.rayon_m == pytest.approx(members.distance(medoid.geometry.item()).max())


def test_groups_are_numbered_from_the_largest(village):
    groups = village[2].groups
    assert groups["groupe"].tolist() == list(range(1, len(groups) + 1))
    assert groups["n"].is_monotonic_decreasing


def test_a_group_names_its_theme_and_its_words(village):
    groups = village[2].groups
    assert set(groups["themes"]) >= set(LABELS)
    told = groups.loc[groups["themes"] == "move", "termes"].str.split("|").explode()
    assert set(told) <= set(SUBJECTS["move"].split())


def test_planted_groups_are_stable(village):
    assert (village[2].groups["solidite"] == "stable").mean() > 0.8


def test_links_are_the_pairs_that_reach_the_threshold(village):
    actors, _, found = village
    places = actors.set_index("id").geometry
    for links in found.links():
        assert (links["s"] >= 0.45).all()
        assert (links["de"] != links["vers"]).all()
        ends = places[links["de"]].distance(places[links["vers"]].set_axis(links["de"]))
        assert links.length.to_numpy() == pytest.approx(ends.to_numpy())


def test_the_closest_is_the_strongest_link(village):
    actors, _, found = village
    strongest = {}
    for links in found.links():
        for de, vers, s in zip(links["de"], links["vers"], links["s"]):
            strongest[de], strongest[vers] = (max(strongest.get(end, 0), s) for end in (de, vers))
            strongest[de, vers] = strongest[vers, de] = s
    for own, closest in zip(actors["id"], found.actors["plus_proche"]):
        assert isinstance(closest, str) == (own in strongest)
        if own in strongest:
            assert strongest[own, closest] == strongest[own]


def test_groups_lie_in_one_connected_component_of_the_links(village):
    actors, _, found = village
    position = {own: k for k, own in enumerate(actors["id"])}
    adjacency = np.zeros((len(actors), len(actors)))
    for links in found.links():
        adjacency[[position[end] for end in links["de"]], [position[end] for end in links["vers"]]] = 1
    _, component = connected_components(adjacency, directed=False)
    groups = found.actors["groupe"]
    assert all(len(set(component[(groups == number).to_numpy()])) == 1 for number in groups.dropna().unique())


def test_a_reason_names_the_closest(village):
    actors, _, found = village
    names = actors.set_index("id")["name"]
    linked = found.actors.dropna(subset=["plus_proche"])
    assert all(f"« {names[closest]} »" in reason for closest, reason in zip(linked["plus_proche"], linked["raison"]))


def equal(first, second):
    """Say whether two results say the same of the same rows."""
    columns = [name for name in first.columns if name != "geometry"]
    return first[columns].sort_index().equals(second[columns].sort_index())


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_rows_changes_nothing(random):
    actors, _ = planted(groups=4, noise=6)
    order = list(range(len(actors)))
    random.shuffle(order)
    straight, shuffled = similar_initiatives(actors), similar_initiatives(actors.iloc[order])
    assert equal(straight.actors, shuffled.actors)
    assert equal(straight.groups, shuffled.groups)


@given(st.floats(0, 2 * np.pi), st.sampled_from(["repas vélos objets", "tout autre chose", ""]))
@settings(max_examples=10, deadline=None)
def test_a_far_actor_changes_nothing_for_others(angle, text):
    actors, _ = planted(groups=4, noise=6)
    x, y = 600_000 + 80_000 * np.cos(angle), 6_800_000 + 80_000 * np.sin(angle)
    rows = frame([("loin", x, y, "Au loin", "feed", text)]).set_index([[len(actors)]])
    more = similar_initiatives(geopandas.pd.concat([actors, rows]))
    before = similar_initiatives(actors)
    assert equal(before.actors, more.actors.iloc[:-1])
    assert equal(before.groups, more.groups)
    assert more.actors["raison"].iloc[-1] == "Aucune initiative semblable à moins de 10 km"


def test_the_place_on_earth_changes_nothing():
    actors, _ = planted(groups=4, noise=6)
    there = actors.set_geometry(actors.translate(1e6, 1e6))
    assert equal(similar_initiatives(actors).actors, similar_initiatives(there).actors)


def test_an_empty_layer_has_no_group():
    found = similar_initiatives(frame([]))
    assert (len(found.actors), len(found.groups), list(found.links())) == (0, 0, [])


def test_one_actor_is_alone():
    found = similar_initiatives(frame([("a", 6e5, 6.8e6, "A", "feed", "repas")]))
    assert found.actors["groupe"].tolist() == [None]
    assert len(found.groups) == 0


def test_actors_at_one_place_are_a_group_with_a_surface():
    found = similar_initiatives(frame([(f"a{k}", 6e5, 6.8e6, f"N{k}", "feed", "repas") for k in range(4)]))
    assert found.actors["groupe"].tolist() == [1, 1, 1, 1]
    assert found.groups.geometry.iloc[0].geom_type == "Polygon"
    assert found.groups.geometry.iloc[0].area > 0


def test_members_in_one_line_have_a_surface():
    found = similar_initiatives(frame([(f"a{k}", 6e5 + 200 * k, 6.8e6, f"N{k}", "feed", "repas") for k in range(3)]))
    assert found.groups.geometry.iloc[0].geom_type == "Polygon"


def test_two_alike_are_no_group_but_name_each_other():
    found = similar_initiatives(frame([(k, 6e5, 6.8e6, k, "feed", "repas") for k in "ab"]))
    assert found.actors["groupe"].isna().all()
    assert found.actors["plus_proche"].tolist() == ["b", "a"]
    assert all("trop peu de semblables" in reason for reason in found.actors["raison"])


def test_themes_and_texts_may_be_missing_altogether():
    actors = frame([(f"a{k}", 6e5 + 100 * k, 6.8e6, None, None, None) for k in range(4)])[["id", "geometry"]]
    assert similar_initiatives(actors).actors["groupe"].tolist() == [1, 1, 1, 1]


def test_a_crowd_that_is_too_loose_gives_its_tight_groups():
    # Four subjects in one town: all are near one another, only those of one subject are alike enough on average.
    random = np.random.default_rng(5)
    rows = []
    for theme, words in SUBJECTS.items():
        for _ in range(15):
            x, y = ORIGIN + random.normal(0, 900, 2)
            text = " ".join(random.choice(words.split(), 4))
            rows.append((f"a{len(rows)}", x, y, f"N{len(rows)}", theme, text))
    actors = frame(rows)
    found = similar_initiatives(actors, Measure(0.2, 0.5, 0.3), threshold=0.5)
    together = actors.assign(groupe=found.actors["groupe"]).dropna(subset=["groupe"])
    assert together.groupby("groupe")["themes"].nunique().eq(1).all()
    assert len(together) > 35


def test_without_trials_stability_is_unknown():
    groups = similar_initiatives(planted(groups=2, noise=0)[0], runs=0).groups
    assert groups["stabilite"].isna().all()
    assert groups["solidite"].isna().all()


@pytest.mark.parametrize(
    ("value", "word"), [(0.75, "stable"), (0.7499, "moyenne"), (0.6, "moyenne"), (0.599, "fragile")]
)
def test_stability_has_a_word(value, word):
    assert solidity(value) == word


def test_degrees_are_refused():
    with pytest.raises(TisserandError, match="WGS 84"):
        similar_initiatives(frame([("a", 2.2, 48.8, "A", "feed", "")], crs="EPSG:4326"))


@pytest.mark.parametrize("settings", [{"threshold": 0}, {"threshold": 1.1}, {"min_size": 1}, {"runs": -1}])
def test_parameters_that_mean_nothing_are_refused(settings):
    with pytest.raises(TisserandError):
        similar_initiatives(frame([]), **settings)


def test_a_theme_without_label_is_told_as_it_stands():
    actors = frame([(f"a{k}", 6e5, 6.8e6, k, "tricot|feed", "") for k in "abc"])
    found = similar_initiatives(actors, labels=LABELS)
    assert found.groups["themes"].tolist() == ["feed|tricot"]
    assert "thèmes communs : Se nourrir · tricot" in found.actors["raison"].iloc[0]


def test_a_large_tight_group_is_found_whole_and_a_large_loose_one_is_not():
    random = np.random.default_rng(2)
    tight = [(f"a{k}", *ORIGIN, f"N{k}", "feed", "") for k in range(450)]
    loose = [(f"a{k}", *np.add(ORIGIN, random.normal(0, 6000, 2)), f"N{k}", f"t{k % 40}", "") for k in range(450)]
    assert similar_initiatives(frame(tight), runs=0).groups["n"].tolist() == [450]
    assert similar_initiatives(frame(loose), runs=0).groups["n"].max() < 100
