"""What every analysis makes of bad input: an answer, or one sentence that names the thing; never an error of Python.

``Run`` lets any error but a ``QgsProcessingException`` through, which then fails the test by itself.
"""

from __future__ import annotations

import base64
import re
import runpy
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

analyses = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("analyses.py"))))
CALLS, checked, layers_of, village = analyses.CALLS, analyses.checked, analyses.layers_of, analyses.village

pytestmark = pytest.mark.usefixtures("provider")
FIRST = {call.algorithm: call for call in reversed(CALLS.values())}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
every_analysis = pytest.mark.parametrize("call", FIRST.values(), ids=FIRST.keys())
every_layer = pytest.mark.parametrize(
    ("call", "parameter"),
    [(call, parameter) for call in CALLS.values() for parameter in call.layers],
    ids=[f"{name}-{parameter}" for name, call in CALLS.items() for parameter in call.layers],
)
each_layer = pytest.mark.parametrize(
    ("call", "parameter"),
    [(call, parameter) for call in FIRST.values() for parameter in call.layers],
    ids=[f"{name}-{parameter}" for name, call in FIRST.items() for parameter in call.layers],
)
NUMBERS = {
    "nothing": (0.0,),
    "negative": (-5.0,),
    "missing": (None,),
    "absurd": (float("nan"), float("inf"), 1e300, 7.0),
}
TEXTS = (
    "<b>&amp;</b> \"'`\\ ${x} {y} %s [% 1/0 %] $\\frac{ -- ]]>",
    "مرحبا \u202eabc\u202c 👩\u200d🌾 \ufeffa\u0301 ﷽",
    'a\x00b\x01c\x1b\x85\n\t|;,[" \uffff',
    "très " * 400,
)


def village_with(call, parameter, rows):
    """Return the layers of a call in which ``rows`` (a function of a row) stand in one layer instead of its own."""
    tables = village()
    table = tables[call.layers[parameter]]
    changed = tables | {call.layers[parameter]: table._replace(rows=[rows(row) for row in table.rows])}
    # A table that two parameters share is changed for one of them only.
    return {**layers_of(call, tables), parameter: analyses.layer(changed[call.layers[parameter]], parameter)}


def _with(table, row, **values):
    """Return a row with other values in some fields."""
    return (row[0], *(values.get(name, own) for name, own in zip(table.fields, row[1:])))


@every_layer
def test_an_empty_layer_is_told_by_name_and_an_empty_first_one_gives_empty_outputs(call, parameter, tmp_path):
    layers = village_with(call, parameter, lambda row: row)
    table = village()[call.layers[parameter]]._replace(rows=[])
    layers[parameter] = analyses.layer(table, parameter)
    path = tmp_path / "rapport.html"
    run = checked(call, layers, REPORT=str(path))
    assert not isinstance(run, str), run
    assert path.is_file()
    if parameter == next(iter(call.layers)):
        for name, made in run.layers.items():
            kept = call.outputs[name][0]
            assert made.featureCount() == 0 or kept != parameter, name
    if table.geometry != "NoGeometry":
        assert parameter in run.log or "There is no row to count" in run.log


@every_call
def test_all_layers_empty_give_empty_outputs(call, tmp_path):
    tables = {name: table._replace(rows=[]) for name, table in village().items()}
    run = checked(call, layers_of(call, tables), REPORT=str(tmp_path / "rapport.html"))
    assert [made.featureCount() for made in run.layers.values()] == [0] * len(call.outputs)
    assert all(
        run.layers[name].fields().lookupField(field) >= 0 for name in call.outputs for field in call.outputs[name][1]
    )


@each_layer
def test_one_feature_is_enough_to_end_well(call, parameter, tmp_path):
    layers = layers_of(call)
    table = village()[call.layers[parameter]]
    layers[parameter] = analyses.layer(table._replace(rows=table.rows[:1]), parameter)
    run = checked(call, layers, REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str) or "neighbours" in run, run


@every_call
def test_one_feature_in_each_layer_ends_well(call, tmp_path):
    tables = {name: table._replace(rows=table.rows[:1]) for name, table in village().items()}
    run = checked(call, layers_of(call, tables), REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str) or "neighbours" in run, run


@every_call
def test_all_points_at_one_place_end_well(call, tmp_path):
    tables = village()
    for name in ("needs", "actors", "sites"):
        rows = [(tables["needs"].rows[0][0], *row[1:]) for row in tables[name].rows]
        tables[name] = tables[name]._replace(rows=rows)
    run = checked(call, layers_of(call, tables), REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str), run


@each_layer
@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_is_none_or_makes_no_sense_is_no_error(call, parameter, numbers, tmp_path):
    table = village()[call.layers[parameter]]
    fields = [name for name, kind in table.fields.items() if kind == "double"]
    if not fields:
        pytest.skip("no number in this layer")
    turn = cycle(numbers)
    layers = village_with(call, parameter, lambda row: _with(table, row, **dict.fromkeys(fields, next(turn))))
    report = {"REPORT": str(tmp_path / "rapport.html")} if len(numbers) > 1 else {}
    checked(call, layers, **report)


@each_layer
@pytest.mark.parametrize("shape", [None, "{kind} EMPTY"])
def test_features_without_a_geometry_are_told_by_their_number(call, parameter, shape):
    table = village()[call.layers[parameter]]
    if table.geometry == "NoGeometry":
        pytest.skip("a table")
    wkt = shape and shape.format(kind=table.geometry.upper())
    count = 0

    def every_second(row):
        nonlocal count
        count += 1
        return (wkt, *row[1:]) if count % 2 else row

    run = checked(call, village_with(call, parameter, every_second))
    assert not isinstance(run, str), run
    if (call.algorithm, parameter) != ("publish", "INPUT"):
        told = re.search(rf"{parameter}: (\d+) without a geometry, left out \(features 1, 3", run.log)
        assert int(told[1]) == (len(table.rows) + 1) // 2
    run = checked(call, village_with(call, parameter, lambda row: (wkt, *row[1:])))
    assert not isinstance(run, str), run


@each_layer
def test_whatever_people_write_goes_through_to_the_report(call, parameter, tmp_path):
    table = village()[call.layers[parameter]]
    fields = [name for name, kind in table.fields.items() if kind == "string(0)"]
    turn = cycle(TEXTS)
    layers = village_with(call, parameter, lambda row: _with(table, row, **dict.fromkeys(fields, next(turn))))
    run = checked(call, layers, REPORT=str(tmp_path / "rapport.html"))
    assert not isinstance(run, str), run
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert "<b>&amp;</b>" not in page
    for picture in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page):
        ElementTree.fromstring(base64.b64decode(picture))


@each_layer
@pytest.mark.parametrize("nothing", [None, "  |  ; ,"])
def test_texts_that_are_missing_are_no_error(call, parameter, nothing, tmp_path):
    table = village()[call.layers[parameter]]
    fields = [name for name, kind in table.fields.items() if kind == "string(0)"]
    layers = village_with(call, parameter, lambda row: _with(table, row, **dict.fromkeys(fields, nothing)))
    checked(call, layers, REPORT=str(tmp_path / "rapport.html"))


@every_analysis
def test_ten_thousand_themes_end_in_time(call):
    tables = village()
    needs, actors = tables["needs"], tables["actors"]
    asked = [_with(needs, needs.rows[n % 20], theme_vie=f"t{n}", code_insee="92000") for n in range(10_000)]
    offered = ["|".join(f"t{n}" for n in range(first, 10_000, len(actors.rows))) for first in range(len(actors.rows))]
    tables["needs"] = needs._replace(rows=asked)
    tables["actors"] = actors._replace(
        rows=[_with(actors, row, themes_vie=themes) for row, themes in zip(actors.rows, offered)]
    )
    # Draws at random are a matter of how many places there are, not of themes.
    how = {"PERMUTATIONS": 0} if call.algorithm == "hotspots" else {}
    run = checked(call, layers_of(call, tables), **how)
    assert not isinstance(run, str), run


@every_analysis
@pytest.mark.parametrize("value", [0, 2**31 - 1])
def test_a_parameter_of_nothing_or_too_much_is_no_error(provider, call, value):
    draws = ("PERMUTATIONS", "REWIRINGS", "SENSITIVITY", "STABILITY")
    for definition in provider.algorithm(call.algorithm).parameterDefinitions():
        # What QGIS itself refuses does not come to the algorithm.
        taken = definition.type() == "number" and definition.checkValueIsAcceptable(value)
        if taken and not (value and definition.name() in draws):
            checked(call, layers_of(call), **{definition.name(): value})
