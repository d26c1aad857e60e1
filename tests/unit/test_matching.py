"""The matching against brute force and whole linear programmes, and what must hold whatever the data."""

import itertools

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.matching.pairs import Settings
from tisserand.processing.analysis.matching.plan import CAUSES, match_needs
from tisserand.processing.analysis.ways import CrowFly

PLAIN = Settings(reach=10, ways=CrowFly(speed=60, detour=1.0))
THEMES = ["a", "b", "a|b", "c"]
PUBLICS = ["", "jeunes", "familles", "jeunes|familles", "tous-publics"]


def frame(rows, *columns):
    """Return a GeoDataFrame of rows (x, y, value of each column), 1000 m being one minute under PLAIN."""
    table = pd.DataFrame(rows, columns=["x", "y", *columns])
    points = geopandas.points_from_xy(table["x"].astype(float), table["y"].astype(float))
    return geopandas.GeoDataFrame(table[list(columns)], geometry=points, crs=2154)


places = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda xy: (xy[0] * 1000.0, xy[1] * 1000.0))
NEED = ("count", "themes", "publics", "priority", "key")
ACTOR = ("id", "name", "capacity", "themes", "publics")


def needs_of(most):
    row = st.tuples(
        places,
        st.integers(0, 9),
        st.sampled_from(THEMES),
        st.sampled_from(PUBLICS),
        st.sampled_from([None, 0.0, 0.5, 1.0]),
    )
    return st.lists(row, min_size=1, max_size=most).map(
        lambda rows: frame([(*xy, *rest, f"k{k}") for k, (xy, *rest) in enumerate(rows)], *NEED)
    )


def actors_of(most, capacity=st.integers(0, 12)):  # noqa: B008 - a strategy is no value
    row = st.tuples(places, capacity, st.sampled_from(THEMES), st.sampled_from(PUBLICS))
    return st.lists(row, max_size=most).map(
        lambda rows: frame([(*xy, f"id{k}", f"Nom {k}", *rest) for k, (xy, *rest) in enumerate(rows)], *ACTOR)
    )


def eligible(needs, actors, reach=10.0):
    """Return {(need, theme, actor): (minutes, cost)} by loops, and {(need, theme): people}, {actor: places}."""

    def parts(text):
        return {part for part in (text or "").split("|") if part}

    def publics(text):
        return set() if "tous-publics" in parts(text) else parts(text)

    def likeness(a, b):
        if not a or not b:
            return 1.0 if a == b else 0.5
        return len(a & b) / len(a | b)

    pairs = {}
    for need, actor in itertools.product(needs.itertuples(), actors.itertuples()):
        minutes = need.geometry.distance(actor.geometry) / 1000
        alike = likeness(publics(need.publics), publics(actor.publics))
        if minutes <= reach + 1e-9 and alike > 0:
            priority = 0.0 if need.priority is None or need.priority != need.priority else need.priority
            cost = minutes / reach + 0.5 * (1 - alike) + 0.3 * (1 - priority)
            for theme in parts(need.themes) & parts(actor.themes):
                pairs[need.Index, theme, actor.Index] = (minutes, cost)
    people = {(need.Index, theme): need.count for need in needs.itertuples() for theme in parts(need.themes)}
    return pairs, people, {actor.Index: actor.capacity for actor in actors.itertuples()}


def whole_programme(pairs, people, room, least=None):
    """Return people served and cost by two linear programmes over all pairs; ``least``: shares that needs get."""
    if not pairs:
        return 0.0, 0.0
    keys, rows, limits = list(pairs), [], []
    for need, count in people.items():
        chosen = [float(key[:2] == need) for key in keys]
        rows.append(chosen)
        limits.append(count)
        if least:
            rows.append([-value for value in chosen])
            limits.append(-least[need])
    for actor, count in room.items():
        rows.append([float(key[2] == actor) for key in keys])
        limits.append(count)
    served = -linprog([-1.0] * len(keys), A_ub=rows, b_ub=limits).fun
    costs = [pairs[key][1] for key in keys]
    done = linprog(costs, A_ub=rows, b_ub=limits, A_eq=[[1.0] * len(keys)], b_eq=[served])
    return served, done.fun


def cost_of(found, pairs):
    return sum(
        line.personnes * pairs[line.need, line.theme, line.actor][1] for line in found.lines.itertuples(index=False)
    )


def check_plan(found, pairs, people, room):
    """Say that nobody is served twice, no place taken twice, and no pair used that may not be."""
    sent, taken = dict.fromkeys(people, 0), dict.fromkeys(room, 0)
    for line in found.lines.itertuples(index=False):
        assert line.personnes == round(line.personnes) > 0
        assert line.minutes == pytest.approx(pairs[line.need, line.theme, line.actor][0])
        sent[line.need, line.theme] += line.personnes
        taken[line.actor] += line.personnes
    for row in found.needs.itertuples():
        assert row.servi == sent[row.need, row.theme] <= row.besoin == people[row.need, row.theme]
        assert row.reste == row.besoin - row.servi
    for row in found.actors.itertuples():
        assert row.charge == taken[row.actor] <= room[row.actor]
    assert found.totals.served == sum(sent.values())


@settings(deadline=None, max_examples=60)
@given(needs_of(9), actors_of(6))
def test_the_plan_serves_the_most_and_then_costs_the_least_as_two_whole_programmes_say(needs, actors):
    found, (pairs, people, room) = match_needs(needs, actors, PLAIN), eligible(needs, actors)
    check_plan(found, pairs, people, room)
    served, cost = whole_programme(pairs, people, room)
    assert found.totals.served == pytest.approx(served)
    assert cost_of(found, pairs) == pytest.approx(cost, abs=1e-6)
    minutes = sum(line.personnes * line.minutes for line in found.lines.itertuples())
    assert found.totals.cost == pytest.approx(minutes)


def test_one_more_person_is_worth_any_detour():
    # Serving b too sends a 9 minutes further: by a weight just above any single cost it would be left out.
    needs = frame([(0, 0, 1, "k0"), (9_900, 0, 1, "k1"), (19_800, 0, 1, "k2")], "count", "key")
    actors = frame([(9_900, 0, "v", 1), (19_800, 0, "w", 1), (29_700, 0, "x", 1)], "id", "capacity")
    found = match_needs(needs, actors, PLAIN)
    assert found.totals.served == 3
    assert found.totals.nearest_served == 2


@settings(deadline=None, max_examples=25)
@given(needs_of(7), actors_of(5))
def test_the_shadow_price_is_what_one_place_more_serves_more(needs, actors):
    found = match_needs(needs, actors, PLAIN)
    for row in found.actors.itertuples():
        more = actors.copy()
        more.loc[row.actor, "capacity"] += 1
        assert row.prix_ombre == match_needs(needs, more, PLAIN).totals.served - found.totals.served


@settings(deadline=None, max_examples=15)
@given(needs_of(7), actors_of(5))
def test_so_many_more_places_serve_so_many_more_people_and_no_further_one(needs, actors):
    found = match_needs(needs, actors, PLAIN)
    for name, _, more in found.useful:
        for extra in (more, more + 1):
            enlarged = actors.copy()
            enlarged.loc[enlarged["name"] == name, "capacity"] += extra
            assert match_needs(needs, enlarged, PLAIN).totals.served == found.totals.served + more


def shuffled(table, seed):
    return table.iloc[np.random.default_rng(seed).permutation(len(table))].reset_index(drop=True)


def values_of(found):
    """Return what is found as sorted texts: equal when everything is equal, to the last digit."""
    return [
        sorted(map(repr, rows.drop(columns=labels).to_dict("split")["data"]))
        for rows, labels in (
            (found.lines.assign(geometry=found.lines.geometry.to_wkt()), ["need", "actor"]),
            (found.needs, ["need"]),
            (found.actors, ["actor"]),
        )
    ]


@settings(deadline=None, max_examples=30)
@given(needs_of(9), actors_of(6), st.integers(0, 99), st.sampled_from(["", "indivisible", "fair"]))
def test_shuffled_rows_give_the_identical_result(needs, actors, seed, kind):
    needs["id"] = needs["key"]
    how = PLAIN._replace(**{kind: True} if kind else {})
    one, other = match_needs(needs, actors, how), match_needs(shuffled(needs, seed), shuffled(actors, seed + 1), how)
    assert values_of(one) == values_of(other)
    assert (one.totals, one.useful) == (other.totals, other.useful)


@settings(deadline=None, max_examples=25)
@given(needs_of(8), actors_of(6))
def test_more_places_a_wider_reach_or_more_themes_never_serve_fewer(needs, actors):
    served = match_needs(needs, actors, PLAIN).totals.served
    roomy, able = actors.copy(), actors.copy()
    roomy["capacity"] += 2
    able["themes"] = "a|b|c"
    assert match_needs(needs, roomy, PLAIN).totals.served >= served
    assert match_needs(needs, actors, PLAIN._replace(reach=12)).totals.served >= served
    assert match_needs(needs, able, PLAIN).totals.served >= served


@settings(deadline=None, max_examples=40)
@given(needs_of(8), actors_of(6))
def test_twice_the_people_and_twice_the_places_serve_twice_as_many(needs, actors):
    found = match_needs(needs, actors, PLAIN)
    more, room = needs.assign(count=needs["count"] * 2), actors.assign(capacity=actors["capacity"] * 2)
    twice = match_needs(more, room, PLAIN).totals
    assert twice.served == 2 * found.totals.served
    assert (twice.known, twice.most) == (2 * found.totals.known, 2 * found.totals.most)


@settings(deadline=None, max_examples=30)
@given(needs_of(8), actors_of(6))
def test_moving_everything_changes_nothing(needs, actors):
    there = [table.set_geometry(table.translate(1_000_000, 1_000_000)) for table in (needs, actors)]
    here, moved = match_needs(needs, actors, PLAIN).totals, match_needs(*there, PLAIN).totals
    assert moved.served == here.served
    assert moved.cost == pytest.approx(here.cost)


@settings(deadline=None, max_examples=40)
@given(needs_of(8), actors_of(6), st.booleans())
def test_nearest_first_is_what_plain_loops_do_and_never_serves_more(needs, actors, whole):
    pairs, people, room = eligible(needs, actors)
    found = match_needs(needs, actors, PLAIN._replace(indivisible=whole))
    if len({round(minutes, 6) for minutes, _ in pairs.values()}) == len(pairs):  # no ties: the order is known
        people, room, served = dict(people), dict(room), 0
        for (need, theme, actor), _ in sorted(pairs.items(), key=lambda pair: pair[1][0]):
            given = min(people[need, theme], room[actor])
            if not whole or given == people[need, theme]:
                people[need, theme] -= given
                room[actor] -= given
                served += given
        assert found.totals.nearest_served == served
    assert found.totals.nearest_served <= found.totals.served <= found.totals.bound <= found.totals.most


@settings(deadline=None, max_examples=40)
@given(needs_of(4), actors_of(3))
def test_whole_needs_are_planned_as_all_ways_to_send_them_say(needs, actors):
    pairs, people, room = eligible(needs, actors)
    found = match_needs(needs, actors, PLAIN._replace(indivisible=True))
    check_plan(found, pairs, people, room)
    assert all(row.servi in (0, row.besoin) for row in found.needs.itertuples())
    options = [[None, *(key for key in pairs if key[:2] == need)] for need in people]
    best = (0, 0.0)
    for plan in itertools.product(*options):
        left, served, cost = dict(room), 0, 0.0
        for key in filter(None, plan):
            left[key[2]] -= people[key[:2]]
            served += people[key[:2]]
            cost += people[key[:2]] * pairs[key][1]
        if min(left.values(), default=0) >= 0:
            best = min(best, (-served, cost))
    assert found.totals.served == -best[0] == found.totals.bound
    assert cost_of(found, pairs) == pytest.approx(best[1], abs=1e-6)
    assert found.totals.cheapest


def lowest_share(pairs, people, room):
    """Return the highest share that all needs with an eligible actor can have, as a linear programme says."""
    keys = list(pairs)
    wanted = [need for need, count in people.items() if count and any(key[:2] == need for key in keys)]
    if not wanted:
        return 1.0
    rows = [[-float(key[:2] == need) for key in keys] + [people[need]] for need in wanted]
    rows += [[float(key[:2] == need) for key in keys] + [0.0] for need in wanted]
    rows += [[float(key[2] == actor) for key in keys] + [0.0] for actor in room]
    limits = [0.0] * len(wanted) + [people[need] for need in wanted] + list(room.values())
    return -linprog([0.0] * len(keys) + [-1.0], A_ub=rows, b_ub=limits, bounds=[(0, None)] * len(keys) + [(0, 1)]).fun


@settings(deadline=None, max_examples=40)
@given(needs_of(7), actors_of(5))
def test_fair_shares_raise_the_lowest_to_a_person_and_cost_no_place(needs, actors):
    pairs, people, room = eligible(needs, actors)
    fair, plain = match_needs(needs, actors, PLAIN._replace(fair=True)), match_needs(needs, actors, PLAIN)
    check_plan(fair, pairs, people, room)
    assert fair.totals.served == plain.totals.served
    share = lowest_share(pairs, people, room)
    for row in fair.needs.itertuples():
        if row.besoin and row.n_acteurs:
            assert row.servi >= np.floor(row.besoin * share + 1e-9)


def test_fair_shares_are_fair_beyond_the_worst_place_too():
    # One need has next to nothing; that must not let the two others be treated as it pleases.
    needs = frame([(0, 0, 100, "p"), (50_000, 0, 10, "q"), (52_000, 0, 10, "r")], "count", "key")
    actors = frame([(0, 0, "u", 1), (50_000, 0, "v", 8)], "id", "capacity")
    assert match_needs(needs, actors, PLAIN._replace(fair=True)).needs["servi"].tolist() == [1, 4, 4]
    assert match_needs(needs, actors, PLAIN).needs["servi"].tolist() == [1, 8, 0]


@settings(deadline=None, max_examples=60)
@given(needs_of(6), actors_of(5))
def test_the_causes_are_those_of_plain_loops(needs, actors):
    pairs, _, _ = eligible(needs, actors)
    for row in match_needs(needs, actors, PLAIN).needs.itertuples():
        near = [
            actor
            for actor in actors.itertuples()
            if row.theme in actor.themes.split("|")
            and needs.geometry[row.need].distance(actor.geometry) <= 10_000 + 1e-6
        ]
        mine = [key for key in pairs if key[:2] == (row.need, row.theme)]
        expected = "couvert" if not row.reste else "capacite" if mine else "public" if near else "hors_portee"
        assert (row.cause, row.n_acteurs) == (expected, len(mine))
        assert row.cause in CAUSES


def test_an_actor_has_its_places_once_for_all_its_themes():
    needs = frame([(0, 0, 5, "a"), (0, 0, 5, "b")], "count", "themes")
    actors = frame([(0, 0, "u", 6, "a|b")], "id", "capacity", "themes")
    assert match_needs(needs, actors, PLAIN).totals.served == 6


def test_a_need_asks_for_its_people_in_each_of_its_themes():
    needs = frame([(0, 0, 5, "a|b")], "count", "themes")
    actors = frame([(0, 0, "u", 9, "a|b")], "id", "capacity", "themes")
    found = match_needs(needs, actors, PLAIN)
    assert (found.totals.people, found.totals.served) == (10, 9)
    assert found.needs["theme"].tolist() == ["a", "b"]


def test_an_unknown_capacity_is_guessed_and_marked_or_left_out():
    needs = frame([(0, 0, 9, "a"), (0, 0, 9, "b")], "count", "themes")
    rows = [(0, 0, "u", None, "a"), (0, 0, "v", 3, "b"), (90_000, 0, "w", 5, "a"), (0, 0, "x", -4, "a|b")]
    actors = frame(rows, "id", "capacity", "themes")
    guessed = match_needs(needs, actors, PLAIN)
    assert guessed.actors["places"].tolist() == [5, 3, 5, 3]
    assert guessed.actors["capacite_imputee"].tolist() == [1, 0, 0, 1]
    assert (guessed.totals.served, guessed.totals.known) == (11, 3)
    known = match_needs(needs, actors, PLAIN._replace(guess=False))
    assert known.totals.served == 3
    assert known.needs["cause"].tolist() == ["capacite_inconnue", "capacite"]
    assert known.actors["places"].isna().tolist() == [True, False, False, True]
    assert known.actors["prix_ombre"].tolist() == [1, 1, 0, 1]


def test_where_no_capacity_is_known_nobody_is_sent_anywhere():
    needs, actors = frame([(0, 0, 9)], "count"), frame([(0, 0, "u")], "id")
    found = match_needs(needs, actors, PLAIN)
    assert (found.totals.served, found.needs["cause"].tolist()) == (0, ["capacite_inconnue"])
    assert found.notes.capacity_unknown


def test_counts_with_decimals_are_kept_to_the_hundredth():
    needs, actors = frame([(0, 0, 2.5), (0, 0, 0.25)], "count"), frame([(0, 0, "u", 2.6)], "id", "capacity")
    found = match_needs(needs, actors, PLAIN)
    assert (found.totals.people, found.totals.served) == (2.75, 2.6)


def test_a_place_at_exactly_the_reach_is_reached_and_zero_is_zero():
    needs = frame([(10_000, 0, 4), (0, 0, 0)], "count")
    found = match_needs(needs, frame([(0, 0, "u", 9)], "id", "capacity"), PLAIN)
    assert found.needs["cause"].tolist() == ["couvert", "couvert"]
    assert found.totals.served == 4
    nothing = match_needs(needs, frame([(0, 0, "u", 0)], "id", "capacity"), PLAIN)
    assert (nothing.totals.served, nothing.actors["prix_ombre"].tolist()) == (0, [1])
    assert np.isnan(nothing.actors["saturation"][0])


@pytest.mark.parametrize("kind", ["", "fair", "indivisible"])
def test_empty_sides_end_in_empty_results(kind):
    how = PLAIN._replace(**{kind: True} if kind else {})
    needs, actors = frame([(0, 0, 4)], "count"), frame([(0, 0, "u", 9)], "id", "capacity")
    assert match_needs(needs[:0], actors, how).totals.people == 0
    assert match_needs(needs, actors[:0], how).needs["cause"].tolist() == ["hors_portee"]
    assert len(match_needs(needs[:0], actors[:0], how).lines) == 0


def test_the_reason_says_why_not_the_nearest_and_who_else():
    needs = frame([(0, 0, 4, "jeunes", "k0"), (1000, 0, 4, "", "k1")], "count", "publics", "key")
    actors = frame(
        [
            (1000, 0, "u", "Près", 4, ""),
            (4000, 0, "v", "Loin", 4, "jeunes|familles"),
            (6000, 0, "w", "Ailleurs", 1, ""),
        ],
        "id",
        "name",
        "capacity",
        "publics",
    )
    lines = match_needs(needs, actors, PLAIN, {"jeunes": "Jeunes"}).lines.set_index("vers")
    assert lines.loc["v", "raison"] == "à 4 min ; public commun : Jeunes ; plus près : Près (1 min), complet"
    assert lines.loc["v", "alternative"] == "Ailleurs (+2 min, places libres)"
    assert lines.loc["v", "alternative_min"] == pytest.approx(2)
    assert lines.loc["u", "raison"] == "à 0 min ; pour tous ; l'acteur le plus proche"


def test_a_nearer_actor_with_places_is_passed_over_for_its_publics_or_because_a_need_goes_whole():
    needs = frame([(0, 0, 4, "jeunes")], "count", "publics")
    rows = [(1000, 0, "u", "Près", 3, "jeunes|familles|etudiants"), (2000, 0, "v", "Loin", 9, "jeunes")]
    actors = frame(rows, "id", "name", "capacity", "publics")
    assert match_needs(needs, actors, PLAIN).lines["raison"][0].endswith("Près (1 min), moins adapté à ce public")
    alike = actors.assign(publics="")
    whole = match_needs(needs, alike, PLAIN._replace(indivisible=True))
    assert whole.lines["raison"][0].endswith("Près (1 min), pas assez de places d'un seul tenant")


def test_a_need_too_large_for_any_actor_says_so_when_it_goes_whole():
    needs = frame([(0, 0, 9), (0, 0, 3)], "count")
    found = match_needs(needs, frame([(0, 0, "u", 5)], "id", "capacity"), PLAIN._replace(indivisible=True))
    assert found.needs["cause"].tolist() == ["trop_grand", "couvert"]
    assert (found.totals.served, found.totals.most) == (3, 5)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"most_pairs": 3}, "More than 3 pairs .* Lower the reach"),
        ({"reach": 0.0}, "REACH is 0"),
        ({"fair": True, "indivisible": True}, "do not go together"),
    ],
)
def test_what_cannot_be_planned_is_a_sentence_with_a_cure(how, sentence):
    needs, actors = frame([(0, 0, 1)] * 2, "count"), frame([(0, 0, "u", 1)] * 2, "id", "capacity")
    with pytest.raises(TisserandError, match=sentence):
        match_needs(needs, actors, PLAIN._replace(**how))


def test_more_people_than_can_be_counted_are_a_sentence_and_endless_places_are_none():
    room = frame([(0, 0, "u", 1e15)], "id", "capacity")
    assert match_needs(frame([(0, 0, 7)], "count"), room, PLAIN).totals.served == 7
    for many in (3e9, 1e300):
        with pytest.raises(TisserandError, match="more than can be planned at once"):
            match_needs(frame([(0, 0, many)], "count"), room, PLAIN)


def dense(size, seed=1):
    random = np.random.default_rng(seed)
    needs = frame(np.column_stack([random.uniform(0, 30_000, (size, 2)), random.integers(1, 40, size)]), "count")
    actors = frame(
        np.column_stack([random.uniform(0, 30_000, (size // 4, 2)), random.integers(0, 140, size // 4)]), "capacity"
    )
    return needs, actors.assign(id=[f"u{k}" for k in range(size // 4)])


@pytest.mark.parametrize("kind", ["", "fair", "indivisible"])
def test_what_is_told_of_the_progress_rises_and_any_call_may_stop_the_work(kind):
    needs, actors = dense(400)
    how, told = PLAIN._replace(**{kind: True} if kind else {}), []
    match_needs(needs, actors, how, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len({round(share, 1) for share in told}) >= 6
    for stop in range(0, len(told), 9):
        calls = itertools.count()

        def interrupt(share, stop=stop, calls=calls):
            if next(calls) == stop:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            match_needs(needs, actors, how, progress=interrupt)


def test_fair_shares_of_many_people_are_still_within_a_person():
    # Too many to count the fractions exactly.
    needs, actors = dense(300)
    needs["count"] *= 1000
    actors["capacity"] *= 997
    fair = match_needs(needs, actors, PLAIN._replace(fair=True))
    assert fair.totals.served == match_needs(needs, actors, PLAIN).totals.served
