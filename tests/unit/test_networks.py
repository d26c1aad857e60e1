"""Networks of actors: what links are kept, the circles they form, what is said of them."""

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.networks.networks import SIMILARITY, Settings, actor_networks

ORIGIN = (600_000, 6_800_000)
THEMES = ("feed", "move", "house", "work", "care", "enjoy")
PUBLICS = ("familles", "jeunes", "seniors", "tous-publics", "")
MEANS = ("une camionnette", "une salle le soir", "des bénévoles", "des outils", "", "")


def frame(rows, crs="EPSG:2154"):
    """Make actors from (id, x, y, name, themes, publics, sought, offered)."""
    names = ("id", "x", "y", "name", "themes", "publics", "sought", "offered")
    columns = dict(zip(names, zip(*rows))) if rows else {name: [] for name in names}
    places = geopandas.points_from_xy(columns.pop("x"), columns.pop("y"))
    return geopandas.GeoDataFrame({name: list(of) for name, of in columns.items()}, geometry=places, crs=crs)


def strewn(number=120, side=40_000, seed=1):
    """Make actors strewn at random over a square."""
    random = np.random.default_rng(seed)
    rows = []
    for k in range(number):
        x, y = np.round(random.uniform(0, side, 2)) + ORIGIN
        themes = "|".join(random.choice(THEMES, random.integers(0, 4), replace=False))
        rows.append((f"a{k}", x, y, f"Lieu {k}", themes, *map(random.choice, (PUBLICS, MEANS, MEANS))))
    return frame(rows)


def asked(rows):
    """Make needs from (x, y, theme, people)."""
    x, y, themes, counts = zip(*rows)
    columns = {"themes": themes, "count": counts}
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(x, y), crs="EPSG:2154")


def lines(found):
    return pd.concat(found.links(), ignore_index=True)


def ends(found):
    return {frozenset(pair) for piece in found.links() for pair in zip(piece["de"], piece["vers"])}


def circles(found, actors):
    """Return the sets of ids that the networks are made of."""
    numbers = found.members["reseau"]
    return {frozenset(actors["id"][numbers == number]) for number in set(numbers.dropna())}


FEW = Settings(distance=9000.0, rewirings=4)


@pytest.fixture(scope="module")
def region():
    """Return strewn actors and what is found of them."""
    actors = strewn()
    return actors, actor_networks(actors, settings=FEW)


def test_no_link_is_longer_than_the_distance(region):
    found = lines(region[1])
    assert len(found) > 100
    assert (found["metres"] <= 9000).all()
    assert found.length.to_numpy() == pytest.approx(found["metres"].to_numpy(), abs=0.06)


def test_a_pair_at_exactly_the_distance_is_linked():
    actors = frame([(k, ORIGIN[0] + x, ORIGIN[1], k, "feed", "", "", "") for k, x in (("a", 0), ("b", 9000))])
    assert ends(actor_networks(actors, settings=FEW)) == {frozenset("ab")}
    assert ends(actor_networks(actors, settings=FEW._replace(distance=8999.0))) == set()


def test_whoever_has_somebody_within_the_distance_is_linked(region):
    actors, found = region
    place = np.column_stack([actors.geometry.x, actors.geometry.y])
    away = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + np.eye(len(place)) * 1e9
    assert ((away <= 9000).any(axis=1) == (found.members["n_liens"] > 0)).all()


def test_networks_have_as_many_members_as_asked(region):
    actors, found = region
    assert found.networks["n"].between(3, 15).all()
    assert found.networks["n"].tolist() == found.members["reseau"].value_counts().sort_index().tolist()
    assert found.networks["n"].is_monotonic_decreasing
    small = actor_networks(actors, settings=FEW._replace(least=2, most=4))
    assert small.networks["n"].between(2, 4).all()


def test_networks_agree_with_their_members(region):
    actors, found = region
    for network in found.networks.itertuples():
        inside = (found.members["reseau"] == network.reseau).to_numpy()
        assert actors[inside].within(network.geometry).all()
        assert set(network.membres.split(" · ")) == set(actors["name"][inside])
        have = {theme for text in actors["themes"][inside] for theme in text.split("|") if theme}
        assert set(filter(None, network.themes.split("|"))) == have
        assert have.isdisjoint(network.manque.split("|"))
        (pilot,) = actors["id"][inside & (found.members["role"] == "pilote").to_numpy()]
        assert network.pilote_id == pilot


def test_what_is_missing_is_what_the_needs_around_ask_for_and_nobody_has():
    x, y = ORIGIN
    actors = frame([(k, x + 100 * n, y, k, t, "", "", "") for n, (k, t) in enumerate(zip("abc", THEMES))])
    wants = asked([(x, y, "work", 5), (x, y, "care", 19), (x + 99_000, y, "enjoy", 50), (x, y, "feed", 3)])
    (network,) = actor_networks(actors, wants).networks.itertuples()
    assert network.manque == "care|work"
    assert "care (19 personnes à moins de 15 km d'un membre)" in network.raison
    assert "work (moins de 11 personnes" in network.raison


def test_a_need_of_nobody_is_no_need():
    x, y = ORIGIN
    actors = frame([(k, x + 100 * n, y, k, "feed", "", "", "") for n, k in enumerate("abc")])
    (network,) = actor_networks(actors, asked([(x, y, "work", 0), (x, y, "feed", 4)])).networks.itertuples()
    assert network.manque == ""


def test_the_strength_is_the_share_of_needed_themes_that_exactly_one_has():
    x, y = ORIGIN
    rows = [("a", "feed|move", "jeunes", "", ""), ("b", "move|house", "jeunes", "", "")]
    actors = frame([(own, x + 10 * n, y, own, *rest) for n, (own, *rest) in enumerate(rows)])
    wants = asked([(x, y, theme, 1) for theme in ("feed", "move", "work", "care")])
    (line,) = lines(actor_networks(actors, wants)).itertuples()
    assert line.force == pytest.approx(1 / 4 + 0.3)
    assert line.themes == "feed"
    assert "« a » apporte feed, que l'autre n'a pas" in line.raison
    assert "public commun : jeunes" in line.raison


def test_needs_beyond_the_distance_of_both_do_not_count():
    x, y = ORIGIN
    actors = frame([("a", x, y, "A", "feed", "", "", ""), ("b", x + 4000, y, "B", "move", "", "", "")])
    wants = asked([(x - 8000, y, "feed", 1), (x + 12_000, y, "house", 1), (x + 14_000, y, "move", 1)])
    (line,) = lines(actor_networks(actors[["id", "name", "themes", "geometry"]], wants, FEW)).itertuples()
    assert line.force == pytest.approx(1 / 2)


def test_means_sought_and_shared_outweigh_all_other_reasons(region):
    for mode in (Settings(), FEW):
        found = lines(actor_networks(region[0], settings=mode))
        means = found["type"] == "moyens"
        assert means.any()
        assert found["force"][means].min() > found["force"][~means].max()


def test_open_to_all_is_shared_with_everyone_and_no_field_with_nobody():
    x, y = ORIGIN
    actors = frame([("a", x, y, "A", "", "tous-publics", "", ""), ("b", x + 9, y, "B", "", "jeunes", "", "")])
    (line,) = lines(actor_networks(actors)).itertuples()
    assert (line.type, line.force) == ("public", 0.3)
    (line,) = lines(actor_networks(actors.drop(columns="publics"))).itertuples()
    assert (line.type, line.force) == ("proximite", 0.0)


def test_nearness_alone_makes_no_network():
    actors = frame([(k, ORIGIN[0] + 10 * n, ORIGIN[1], k, "feed", "", "", "") for n, k in enumerate("abcd")])
    found = actor_networks(actors.drop(columns="publics"))
    assert len(ends(found)) == 3
    assert len(found.networks) == 0
    assert found.members["raison"].str.startswith("Rien de connu ne rapproche").all()


def test_links_of_both_kinds_are_told_apart(region):
    found = lines(region[1])
    assert set(found["retenu"]) == {"mutuel", "passage"}
    assert found["raison"][found["retenu"] == "passage"].str.contains("lien de passage").all()


def test_every_link_and_every_actor_has_a_reason(region):
    assert (lines(region[1])["raison"].str.len() > 10).all()
    assert (region[1].members["raison"].str.len() > 10).all()


def same(first, second):
    """Say whether two results say the same of the same actors."""
    sides = []
    for found in (first, second):
        drawn = lines(found).drop(columns="geometry") if ends(found) else pd.DataFrame()
        sides.append((found.members.sort_index(), found.networks.drop(columns="geometry"), drawn, found.notes))
    return all(
        left.equals(right) if hasattr(left, "equals") else repr(left) == repr(right) for left, right in zip(*sides)
    )


@given(st.randoms(use_true_random=False), st.sampled_from(["complementarity", SIMILARITY]))
@settings(max_examples=8, deadline=None)
def test_the_order_of_the_rows_changes_nothing(random, mode):
    actors = strewn(60, 20_000)
    order = list(range(len(actors)))
    random.shuffle(order)
    chosen = FEW._replace(mode=mode)
    straight, shuffled = actor_networks(actors, settings=chosen), actor_networks(actors.iloc[order], settings=chosen)
    assert same(straight, shuffled._replace(notes=straight.notes))


def test_a_second_run_gives_the_same(region):
    assert same(region[1], actor_networks(region[0], settings=FEW))


def test_other_ids_leave_the_networks_as_they_are(region):
    actors, found = region
    renamed = actors.assign(id=[f"z{len(actors) - k:03}" for k in range(len(actors))])
    again = actor_networks(renamed, settings=FEW)
    assert found.members.equals(again.members)


@given(st.floats(0, 2 * np.pi), st.sampled_from(["feed|work", ""]), st.sampled_from(["complementarity", SIMILARITY]))
@settings(max_examples=8, deadline=None)
def test_a_far_actor_changes_nothing_for_others(angle, themes, mode):
    actors, chosen = strewn(60, 20_000), FEW._replace(mode=mode)
    x, y = ORIGIN[0] + 10_000 + 60_000 * np.cos(angle), ORIGIN[1] + 10_000 + 60_000 * np.sin(angle)
    far = frame([("loin", x, y, "Au loin", themes, "jeunes", "une salle", "des outils")]).set_index([[len(actors)]])
    before, after = (actor_networks(of, settings=chosen) for of in (actors, pd.concat([actors, far])))
    assert after.members["raison"].iloc[-1] == "Aucun autre acteur à moins de 9 km"
    assert same(before, after._replace(members=after.members.iloc[:-1], notes=before.notes))


def test_the_place_on_earth_changes_nothing(region):
    actors, found = region
    there = actors.set_geometry(actors.translate(1_000_000, 1_000_000))
    assert same(found, actor_networks(there, settings=FEW))


def test_a_far_town_changes_nothing_for_another(region):
    # Chance too is drawn for each part on its own.
    actors, found = region
    other = strewn(40, 9000, seed=3)
    other = other.set_geometry(other.translate(-200_000, 30_000)).set_index(np.arange(40) + 1000)
    both = actor_networks(pd.concat([other, actors]), settings=FEW)
    kept = both.members.iloc[40:]
    assert kept.drop(columns="reseau").equals(found.members.drop(columns="reseau"))
    told = {row.pilote_id: (row.modularite_z, row.p_hasard) for row in found.networks.itertuples()}
    here = both.networks[both.networks["reseau"].isin(kept["reseau"].dropna())]
    assert {row.pilote_id: (row.modularite_z, row.p_hasard) for row in here.itertuples()} == told


def test_an_empty_layer_has_no_network():
    found = actor_networks(frame([]))
    assert (len(found.members), len(found.networks), list(found.links())) == (0, 0, [])


def test_one_actor_has_no_network():
    found = actor_networks(frame([("a", *ORIGIN, "A", "feed", "", "", "")]))
    assert found.members["raison"].tolist() == ["Aucun autre acteur à moins de 15 km"]
    assert list(found.links()) == []


def test_actors_at_one_place_are_a_network_with_a_surface():
    actors = frame([(k, *ORIGIN, k, theme, "", "", "") for k, theme in zip("abcd", THEMES)])
    (network,) = actor_networks(actors).networks.itertuples()
    assert network.n == 4
    assert network.geometry.area > 0


def test_the_same_actor_four_times_is_linked_and_said_to_be_a_duplicate():
    found = lines(actor_networks(frame([("a", *ORIGIN, "Le Phare", "feed", "", "", "")] * 4)))
    assert len(found) >= 3
    assert found["raison"].str.contains("peut-être un doublon").all()


def test_too_few_to_be_a_network_is_said():
    actors = frame([(k, ORIGIN[0] + 9 * n, ORIGIN[1], k, t, "", "", "") for n, (k, t) in enumerate(zip("ab", THEMES))])
    reasons = actor_networks(actors).members["raison"]
    assert set(reasons) == {"2 acteurs seulement se relient ici : il en faut 3 pour un réseau"}


def test_ten_thousand_themes_are_counted():
    x, y = ORIGIN
    themes = [f"t{k:05}" for k in range(10_000)]
    actors = frame(
        [(f"a{k}", x + 50 * k, y, f"A{k}", "|".join(themes[k * 500 : k * 500 + 600]), "", "", "") for k in range(20)]
    ).drop(columns="publics")
    found = lines(actor_networks(actors))
    assert found["force"].max() == pytest.approx(1200 / 10_000, abs=1e-9)


def test_without_drawings_nothing_is_said_of_chance(region):
    found = actor_networks(region[0], settings=FEW._replace(rewirings=0)).networks
    assert found[["modularite_z", "p_hasard"]].isna().all(axis=None)
    assert set(found["solidite"]) == {"non_comparable"}


def test_networks_strewn_at_random_are_not_called_firm():
    found = actor_networks(strewn(300, 60_000, seed=8), settings=Settings(distance=9000.0, rewirings=30))
    assert (found.networks["solidite"] == "nette").mean() < 0.15


def test_planted_networks_are_found_and_called_firm():
    # Ten towns one after the other, each within reach of the next; in each, eight who serve the same public.
    random = np.random.default_rng(4)
    rows = []
    for town in range(10):
        for k in range(8):
            x, y = np.add(ORIGIN, (town * 7000, 0)) + random.normal(0, 200, 2)
            rows.append((f"{town}-{k}", x, y, f"Lieu {town}-{k}", f"t{k}", f"p{town}", "", ""))
    actors = frame(rows)
    found = actor_networks(actors, settings=Settings(distance=9000.0, rewirings=30))
    towns = {frozenset(f"{town}-{k}" for k in range(8)) for town in range(10)}
    assert found.notes.z > 5
    assert len(circles(found, actors) & towns) >= 8
    assert (found.networks["solidite"] == "nette").mean() >= 0.5
    assert not found.networks["raison"].str.contains("le hasard n'a pas").any()


def test_degrees_are_refused():
    with pytest.raises(TisserandError, match="WGS 84"):
        actor_networks(frame([("a", 2.2, 48.8, "A", "feed", "", "", "")], crs="EPSG:4326"))


@pytest.mark.parametrize(
    "chosen",
    [{"distance": 0}, {"distance": float("nan")}, {"neighbours": 0}, {"least": 5, "most": 4}, {"rewirings": -1}],
)
def test_settings_that_mean_nothing_are_refused(chosen):
    with pytest.raises(TisserandError):
        actor_networks(frame([]), settings=Settings(**chosen))


def test_the_progress_only_grows_and_what_it_raises_stops_the_work(region):
    seen = []
    actor_networks(region[0], settings=FEW, progress=seen.append)
    assert seen == sorted(seen)
    assert 0.85 < seen[-1] <= 1
    for stop in (0.05, 0.3, 0.7):

        def impatient(share, stop=stop):
            if share >= stop:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            actor_networks(region[0], settings=FEW, progress=impatient)
