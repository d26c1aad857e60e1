"""Possible duplicates: who is paired, why, and what must not change the answer."""

from collections import Counter
from difflib import SequenceMatcher
from math import hypot, sqrt

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.duplicates.names import name_vectors
from tisserand.processing.analysis.duplicates.pairs import SHARED_BY_MOST, find_duplicates

COLUMNS = ["id", "x", "y", "name", "siret", "postcode", "phone", "mail", "site"]
OTHERS = [
    ("o1", 40_000, 0, "Épicerie sociale de Bacalan"),
    ("o2", 50_000, 0, "Garage associatif des Aubiers"),
    ("o3", 60_000, 0, "Ressourcerie du Médoc"),
    ("o4", 70_000, 0, "Café des familles"),
]


def frame(*rows, crs=2154):
    full = [(*row, *[None] * (len(COLUMNS) - len(row))) for row in rows]
    data = pd.DataFrame(full, columns=COLUMNS, dtype=object)
    points = geopandas.points_from_xy(data["x"].astype(float) + 4e5, data["y"].astype(float) + 6.4e6)
    return geopandas.GeoDataFrame(data.drop(columns=["x", "y"]), geometry=points, crs=crs)


def pairs(*rows, **options):
    return find_duplicates(frame(*rows, *OTHERS), **options).pairs


def found(*rows, **options):
    return {(pair.de, pair.vers) for pair in pairs(*rows, **options).itertuples()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La Maison du Vélo", "Maison du vélo"),
        ("Association Les Jardins d'Aujourd'hui", "JARDINS D’AUJOURD’HUI"),
        ("Vélo (maison du)", "Maison du Vélo"),
        ("SCIC Le Cœur de l'Œuvre", "Coeur de l'oeuvre"),
        ("Recyclerie-ressourcerie de Talence", "Recyclerie ressourcerie de Talance"),
    ],
)
def test_two_ways_of_writing_one_name_at_one_place_are_a_pair(one, other):
    assert found(("a", 0, 0, one), ("b", 10, 0, other)) == {("a", "b")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Centre social Nord", "Garage solidaire"),
        ("Secours populaire", "Secours catholique"),
        ("Maison du vélo", "Maison des familles"),
        ("Crèche Pomme", None),
        (None, None),
    ],
)
def test_other_names_at_one_place_are_no_pair(one, other):
    assert found(("a", 0, 0, one), ("b", 0, 0, other)) == set()


def test_the_same_name_is_compared_up_to_the_distance_and_no_further():
    rows = (("a", 0, 0, "Maison du vélo", None, "33000"), ("b", 500, 0, "Maison du vélo", None, "33000"))
    assert found(*rows, distance=500) == {("a", "b")}
    assert found(*rows, distance=499) == set()


def test_the_same_name_far_off_in_the_distance_needs_something_more():
    here, there = ("a", 0, 0, "Restos du cœur"), ("b", 490, 0, "Restos du cœur")
    assert found(here, there) == set()
    assert found((*here, None, "33000"), (*there, None, "33000")) == {("a", "b")}


def test_one_siret_makes_a_pair_wherever_they_are():
    rows = (("a", 0, 0, "Association Alpha", "123 456 789 00012"), ("b", 9000, 0, "Alpha", "12345678900012"))
    (pair,) = pairs(*rows).itertuples()
    assert (pair.score, pair.distance_m, pair.nature) == (1.0, 9000, "doublon")
    assert pair.raison == "Même SIRET 12345678900012 ; même nom « Association Alpha » ; à 9 km"


@pytest.mark.parametrize(
    ("other", "metres", "score", "nature"),
    [
        (None, 9000, 1.0, "doublon"),
        ("Théâtre Alpha", 9000, 1.0, "doublon"),
        ("Oméga", 30, 0.9, "possible"),
        ("Oméga", 9000, 0.8, "autre-lieu"),
        ("Médiathèque Alpha", 30, 0.9, "autre-lieu"),
        ("Médiathèque Alpha", 9000, 0.8, "autre-lieu"),
    ],
)
def test_one_siret_with_two_names_is_another_place_of_one_establishment(other, metres, score, nature):
    name = "École Alpha" if other and "Méd" in other else "Alpha"
    (pair,) = pairs(("a", 0, 0, name, "12345678900012"), ("b", metres, 0, other, "12345678900012")).itertuples()
    assert (pair.score, pair.nature) == (score, nature)
    assert ("même établissement, autre lieu" in pair.raison) == (nature == "autre-lieu")


@pytest.mark.parametrize(
    ("siret", "nature"), [("12345678900020", "autre-adresse"), ("98765432100012", "possible"), (None, "possible")]
)
def test_one_name_with_two_sirets_is_said_to_be_another_establishment_where_the_siren_is_one(siret, nature):
    rows = (("a", 0, 0, "Maison du vélo", "12345678900012"), ("b", 20, 0, "Maison du vélo", siret))
    (pair,) = pairs(*rows).itertuples()
    assert pair.nature == nature
    assert ("même SIREN" in pair.raison) == (nature == "autre-adresse")
    assert pair.score == pytest.approx((0.72 + 0.18 * 0.96) * (0.9 if siret else 1))


def test_one_identifier_makes_a_pair():
    rows = frame(("a", 0, 0, "Alpha"), ("a", 9000, 0, "Oméga")).assign(uuid=["{U-1}", "u-1"])
    (pair,) = find_duplicates(rows).pairs.itertuples()
    assert (pair.score, pair.raison.split(" ; ")[0]) == (1.0, "Même identifiant")


@pytest.mark.parametrize("siret", ["00000000000000", "inconnu", "1234"])
def test_a_siret_that_is_none_makes_no_pair(siret):
    assert found(("a", 0, 0, "Alpha", siret), ("b", 9000, 0, "Oméga", siret)) == set()


def test_reasons_name_what_is_shared():
    here = ("a", 0, 0, "Maison du vélo", None, "33000", "05 56 00 00 01", "Bonjour@velo.fr", "https://www.velo.fr/")
    there = ("b", 40, 0, "La maison du vélo", None, "33000", "+33 5 56 00 00 01", "bonjour@velo.fr", "velo.fr")
    (pair,) = pairs(here, there).itertuples()
    assert pair.raison == (
        "Même nom « Maison du vélo » ; à 40 m ; même téléphone 0556000001 ; même courriel bonjour@velo.fr ; "
        "même site velo.fr ; même code postal 33000"
    )


def test_the_nearer_and_the_more_is_shared_the_likelier():
    scores = [
        pairs(("a", 0, 0, "Maison du vélo", *here), ("b", x, 0, "Maison du vélo", *here), threshold=0.1)["score"].item()
        for x, here in ((400, ()), (100, ()), (100, (None, "33000")), (100, (None, "33000", "0556000001")))
    ]
    assert scores == sorted(set(scores))


def test_what_a_crowd_shares_tells_nobody_and_is_named():
    siret = "12345678900012"
    many = [(f"a{k}", 2000 * k, 0, f"Antenne {k}", siret) for k in range(SHARED_BY_MOST + 1)]
    result = find_duplicates(frame(*many))
    assert (len(result.pairs), result.crowded) == (0, [siret])
    assert len(find_duplicates(frame(*many[:-1])).pairs) == SHARED_BY_MOST * (SHARED_BY_MOST - 1) // 2


def test_a_line_joins_the_two_places():
    (line,) = pairs(("a", 0, 0, "Maison du vélo"), ("b", 30, 40, "Maison du vélo")).geometry
    assert line.length == pytest.approx(50)


def test_nobody_and_one_alone_have_no_pair():
    assert len(find_duplicates(frame()).pairs) == 0
    assert len(find_duplicates(frame(("a", 0, 0, "Seul"))).pairs) == 0


def test_only_an_id_and_a_place_are_needed():
    assert len(find_duplicates(frame(("a", 0, 0), ("b", 0, 0))[["id", "geometry"]]).pairs) == 0


@pytest.mark.parametrize("options", [{"distance": 0}, {"threshold": 0}, {"threshold": 1.5}])
def test_parameters_that_mean_nothing_are_refused(options):
    with pytest.raises(TisserandError):
        find_duplicates(frame(), **options)


def test_likeness_of_names_ranks_as_that_of_difflib_does_for_typing_errors():
    names = ["recyclerie talence", "recyclerie talance", "recyclerie pessac", "maison velo"]
    vectors = name_vectors([*names, *("cafe familles", "garage aubiers", "jardin partage")]).toarray()
    ours = [vectors[0] @ vectors[k] for k in (1, 2, 3)]
    theirs = [SequenceMatcher(None, names[0], names[k]).ratio() for k in (1, 2, 3)]
    assert np.argsort(ours).tolist() == np.argsort(theirs).tolist()


words = st.sampled_from(
    ["maison", "velo", "vélo", "du", "La", "jardin", "Jardins", "social", "Pivoine", "École", "", None]
)
actors = st.lists(
    st.tuples(
        st.integers(0, 1500),
        st.integers(0, 300),
        st.tuples(words, words, words).map(lambda said: " ".join(filter(None, said)) or None),
        st.sampled_from([None, "12345678900012", "12345678900020"]),
        st.sampled_from([None, "33000"]),
        st.sampled_from([None, "0556000001"]),
    ),
    max_size=9,
).map(lambda rows: [(f"a{k}", *row) for k, row in enumerate(rows)])


@given(actors)
@settings(max_examples=60, deadline=None)
def test_each_pair_comes_once_with_a_score_from_the_threshold_to_one_the_likeliest_first(rows):
    result = find_duplicates(frame(*rows)).pairs
    assert (result["de"] < result["vers"]).all()
    assert not result.duplicated(["de", "vers"]).any()
    assert result["score"].between(0.75, 1).all()
    assert result["score"].is_monotonic_decreasing


@given(actors, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_nothing(rows, random):
    mixed = random.sample(rows, len(rows))
    assert find_duplicates(frame(*rows)).pairs.equals(find_duplicates(frame(*mixed)).pairs)


@given(actors)
@settings(max_examples=40, deadline=None)
def test_the_pairs_of_one_siret_are_those_a_double_loop_finds(rows):
    expected = {(a[0], b[0]) for a in rows for b in rows if a[0] < b[0] and a[4] and a[4] == b[4]}
    result = find_duplicates(frame(*rows)).pairs
    certain = {(pair.de, pair.vers) for pair in result.itertuples() if "Même SIRET" in pair.raison}
    assert certain == expected


@given(actors)
@settings(max_examples=40, deadline=None)
def test_who_else_is_on_the_map_changes_no_pair(rows):
    alone, more = (find_duplicates(frame(*some)).pairs for some in (rows, [*rows, *OTHERS]))
    assert alone.equals(more)


def grams(words):
    return Counter(f" {word} "[k : k + 3] for word in words for k in range(len(word)))


def cosine(one, other):
    lengths = [sqrt(sum(count**2 for count in of.values())) for of in (one, other)]
    return sum(one[gram] * other[gram] for gram in one) / lengths[0] / lengths[1] if all(lengths) else 0.0


def by_hand(one, other):
    """Return the score of two actors that share no identity, from the formula alone."""
    said, telling, kinds = [], [], []
    for row in (one, other):
        words = (row[3] or "").lower().replace("é", "e").split()
        said.append([word for word in words if word not in ("la", "du")] or words)
        telling.append([word for word in said[-1] if word in ("pivoine", "la", "du")])
        kinds.append({"jardin" if "jardin" in word else word for word in said[-1]} & {"jardin", "ecole"})
    name = cosine(*map(grams, said))
    if all(kinds) and not kinds[0] & kinds[1]:
        name *= 0.85
    else:
        within = all(telling) and (set(telling[0]) <= set(telling[1]) or set(telling[1]) <= set(telling[0]))
        of_telling = cosine(*(grams(own or all_of) for own, all_of in zip(telling, said)))
        name = max(name, 0.95 * of_telling, 0.84 * within)
    shared = 1.0 if one[6] and one[6] == other[6] else 0.5 if one[5] and one[5] == other[5] else 0.0
    return name * (0.72 + 0.18 * (1 - hypot(one[1] - other[1], one[2] - other[2]) / 500) + 0.10 * shared)


@given(actors)
@settings(max_examples=60, deadline=None)
def test_the_likely_pairs_are_those_the_formula_gives_by_hand(rows):
    rows = [(*row[:4], None, *row[5:]) for row in rows]
    expected = {
        (a[0], b[0]): by_hand(a, b)
        for a in rows
        for b in rows
        if a[0] < b[0] and hypot(a[1] - b[1], a[2] - b[2]) <= 500 and by_hand(a, b) >= 0.75
    }
    result = {(pair.de, pair.vers): pair.score for pair in find_duplicates(frame(*rows)).pairs.itertuples()}
    assert result == pytest.approx(expected, abs=1e-8)


@given(actors)
@settings(max_examples=40, deadline=None)
def test_a_lower_threshold_only_adds_pairs(rows):
    strict, loose = (find_duplicates(frame(*rows), threshold=t).pairs for t in (0.9, 0.6))
    assert set(zip(strict["de"], strict["vers"])) <= set(zip(loose["de"], loose["vers"]))


@given(actors)
@settings(max_examples=30, deadline=None)
def test_a_copy_of_an_actor_at_its_place_is_found(rows):
    named = [row for row in rows if row[3]]
    if named:
        copy = ("z", *named[0][1:])
        result = find_duplicates(frame(*rows, copy)).pairs
        assert (named[0][0], "z") in set(zip(result["de"], result["vers"]))
