"""What every analysis promises, whichever it is; an analysis without a call in ``analyses.py`` fails here."""

from __future__ import annotations

import base64
import random
import re
import runpy
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
)

analyses = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("analyses.py"))))
CALLS, Run, layers_of, village = analyses.CALLS, analyses.Run, analyses.layers_of, analyses.village

pytestmark = pytest.mark.usefixtures("provider")
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
FIRST = {call.algorithm: call for call in reversed(CALLS.values())}
every_analysis = pytest.mark.parametrize("call", FIRST.values(), ids=FIRST.keys())

REACHING = {"SPEED_FIELD": None, "SPEED": 50, "MAX_SNAP": 1000, "REACH": 20}
MEETING = {
    "NEEDS_COUNT": "nb_situations",
    "NEEDS_THEME": "theme_vie",
    "NEEDS_PUBLIC": "publics",
    "ACTORS_CAPACITY": "capacite",
    "ACTORS_THEME": "themes_vie",
    "ACTORS_PUBLIC": "publics",
    "ROADS": None,
    "DETOUR": 1.3,
    **REACHING,
}
# Parameter: default, as the contract has them; how many choices an enumeration has at least.
CONTRACT = {
    "coveragegaps": {**MEETING, "REACH_BY_THEME": None, "DECAY": 0, "TARGET": 1, "ROBUSTNESS": False},
    "hotspots": {"POPULATION_FIELD": None, "NEIGHBOURS": 0, "K": 8, "PERMUTATIONS": 999, "FDR": 0.05, "FIELD": ...},
    "similarinitiatives": {
        "THEME_FIELD": "themes_vie",
        "TEXT_FIELD": "description",
        "DISTANCE": 10000,
        "WEIGHT_SPACE": 0.45,
        "WEIGHT_THEME": 0.30,
        "WEIGHT_TEXT": 0.25,
        "THRESHOLD": 0.45,
        "MIN_SIZE": 3,
        "STABILITY": 20,
    },
    "similarneeds": {
        "COUNT_FIELD": "nb_situations",
        "THEME_FIELD": "theme_vie",
        "TERRITORY_FIELD": "code_insee",
        "VOLUNTEERS_FIELD": "nb_volontaires",
        "DISTANCE": 10000,
        "MIN_PEOPLE": 30,
        "MIN_TERRITORIES": 2,
    },
    "matchneeds": {**MEETING, "PRIORITY_FIELD": None, "INDIVISIBLE": False, "FAIR": False},
    "networks": {
        "THEME_FIELD": "themes_vie",
        "PUBLIC_FIELD": "publics",
        "NEIGHBOURS": 5,
        "DISTANCE": 15000,
        "MODE": 0,
    },
    "newlocations": {
        "WEIGHT_FIELD": ...,
        "COUNT": 3,
        "ROADS": None,
        "DETOUR": 1.3,
        **REACHING,
        "MODEL": 0,
        "CAPACITY": 0,
        "TIME_LIMIT": 30,
        "SENSITIVITY": 50,
    },
    "reach": REACHING,
    "surveyeffort": {},
    "publish": {"COUNT_FIELD": "nb_situations", "K": 11, "DOMINANCE": 0.85, "GROUP": ..., "UNIT_FIELD": ...},
}
CHOICES = {
    ("coveragegaps", "DECAY"): ["gaussian", "by steps", "linear", "none (2SFCA)"],
    ("hotspots", "NEIGHBOURS"): ["the nearest", "by their borders (queen)"],
    ("networks", "MODE"): ["complementarity", "similarity"],
    ("newlocations", "MODEL"): ["most people within reach", "fewest minutes in all", "everybody within reach"],
}
CANCELLED = r"^Cancelled: nothing was written\.$"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source"}


def test_every_analysis_has_a_call_that_gives_all_its_layers(provider):
    for algorithm in provider.algorithms():
        if algorithm.groupId() == "analysis":
            assert algorithm.name() in FIRST, f"{algorithm.name()} has no call in analyses.py"
    for name in FIRST:
        algorithm = provider.algorithm(name)
        kinds = {kind: set() for kind in ("source", "sink")}
        for definition in algorithm.parameterDefinitions():
            kinds.setdefault(definition.type(), set()).add(definition.name())
        calls = [call for call in CALLS.values() if call.algorithm == name]
        assert {parameter for call in calls for parameter in call.layers} == kinds["source"], name
        assert {output for call in calls for output in call.outputs} == kinds["sink"], name


@every_analysis
def test_parameters_choices_and_defaults_are_those_of_the_contract(provider, call):
    algorithm = provider.algorithm(call.algorithm)
    assert algorithm.shortHelpString()
    assert algorithm.helpUrl().startswith("https://")
    for name, default in CONTRACT[call.algorithm].items():
        definition = algorithm.parameterDefinition(name)
        assert definition is not None, name
        if default is not ...:
            assert definition.defaultValue() == default, name
    for (owner, name), choices in CHOICES.items():
        if owner == call.algorithm:
            options = algorithm.parameterDefinition(name).options()
            assert len(options) == len(choices)
            assert all(option.startswith(choice) for option, choice in zip(options, choices))
    assert set(call.numbers) <= {output.name() for output in algorithm.outputDefinitions()}


@every_call
def test_outputs_have_the_fields_of_the_contract_after_those_of_the_input(call):
    layers = layers_of(call)
    run = Run(call, layers)
    assert run.layers.keys() == call.outputs.keys()
    for name, (kept, wanted) in call.outputs.items():
        fields = run.layers[name].fields().names()
        assert set(wanted) <= set(fields), name
        # A name of the input that the result needs is changed, none is lost.
        assert len(fields) >= (layers[kept].fields().count() if kept else 0) + len(wanted), name
        assert run.layers[name].featureCount() or name == "LINKS", name
    assert set(call.numbers) <= run.numbers().keys()


def shuffled(seed):
    tables = village()
    for number, table in enumerate(tables.values()):
        random.Random(seed + number).shuffle(table.rows)
    return tables


@every_call
def test_shuffled_rows_and_a_second_run_change_nothing(call, tmp_path):
    first = Run(call, layers_of(call), REPORT=str(tmp_path / "un.html"))
    second = Run(call, layers_of(call), REPORT=str(tmp_path / "deux.html"))
    assert second.rows() == first.rows()
    assert second.numbers() == first.numbers()
    assert (tmp_path / "un.html").read_bytes() == (tmp_path / "deux.html").read_bytes()
    for seed in (1, 2):
        other = Run(call, layers_of(call, shuffled(seed)))
        assert other.numbers() == first.numbers()
        for name, rows in first.rows().items():
            assert sorted(other.rows()[name], key=repr) == sorted(rows, key=repr), name


class Watched(QgsProcessingFeedback):
    """Notes every progress, and cancels at the n-th."""

    def __init__(self, last=None):
        super().__init__(False)
        self.shares = []
        self.progressChanged.connect(self.shares.append)
        self.progressChanged.connect(lambda _: self.cancel() if len(self.shares) == last else None)


@every_call
def test_progress_never_goes_back_nor_beyond_the_end(call):
    feedback = Watched()
    Run(call, layers_of(call, village(14)), feedback)
    assert feedback.shares == sorted(feedback.shares)
    assert len({round(share) for share in feedback.shares}) > 1
    assert min(feedback.shares) >= 0
    assert max(feedback.shares) <= 100


def to_files(call, folder):
    names = {name: str(folder / f"{name}.gpkg") for name in call.outputs}
    return {**names, "REPORT": str(folder / "rapport.html")}


@every_call
def test_a_run_cancelled_at_any_question_leaves_nothing_behind(call, tmp_path, monkeypatch):
    """Whoever asks whether to go on is told no at the n-th question, from the first to the last."""
    from tisserand.processing.algorithms.reports import RememberingFeedback

    asked, last = 0, None
    honest = RememberingFeedback.isCanceled

    def counting(self):
        nonlocal asked
        asked += 1
        if asked == last:
            self.cancel()
        return honest(self)

    monkeypatch.setattr(RememberingFeedback, "isCanceled", counting)
    Run(call, layers_of(call), REPORT=str(tmp_path / "rapport.html"))
    (tmp_path / "rapport.html").unlink()
    questions = asked
    assert questions > 2
    for last in sorted({1, 2, questions // 3, questions // 2, questions - 1, questions}):
        asked = 0
        with pytest.raises(QgsProcessingException, match=CANCELLED):
            Run(call, layers_of(call), **to_files(call, tmp_path))
        assert list(tmp_path.iterdir()) == [], f"question {last} of {questions}"


@every_call
@pytest.mark.parametrize("when", [0, 1, 2])
def test_a_run_cancelled_from_outside_leaves_nothing_behind(call, tmp_path, when):
    feedback = Watched(when)
    if when == 0:
        feedback.cancel()
    with pytest.raises(QgsProcessingException, match=CANCELLED):
        Run(call, layers_of(call), feedback, **to_files(call, tmp_path))
    assert list(tmp_path.iterdir()) == []


@every_call
def test_every_result_is_styled_named_in_french_and_knows_its_parameters(call):
    from tisserand.processing.algorithms.results import parameters_of

    layers = layers_of(call)
    shown = {name: QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance()) for name in call.outputs}
    run = Run(call, layers, **shown)
    for name, (_, wanted) in call.outputs.items():
        layer = run.layers[name]
        plain = layer.renderer() and layer.renderer().dump()
        details = run.context.layerToLoadOnCompletionDetails(run.results[name])
        details.postProcessor().postProcessLayer(layer, run.context, QgsProcessingFeedback(False))
        if layer.isSpatial():
            assert layer.renderer().dump() != plain, name
        # Fields of the user keep what the user calls them, also where they had to give way to one of ours.
        own = {field for given in layers.values() for field in given.fields().names()}
        own |= {f"{field}_2" for field in own}
        unnamed = {field.name() for field in layer.fields() if not field.alias()}
        assert unnamed <= own - set(wanted), name
        about = parameters_of(layer)
        described = {p.name() for p in run.algorithm.parameterDefinitions() if not p.isDestination()}
        assert described <= about.keys()


class Page(HTMLParser):
    """Reads a report: its pictures, its addresses, its text by tag; what is opened and not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.pictures, self.addresses, self.text = [], [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "img":
            self.pictures.append((given["src"], given.get("alt", "")))
        self.addresses += [given[name] for name in ("src", "href", "data", "action") if name in given]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data.strip())


@every_call
def test_the_report_has_all_its_parts_and_opens_nothing_elsewhere(call, tmp_path):
    path = tmp_path / "rapport.html"
    run = Run(call, layers_of(call), REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    page = Page(text)
    assert page.open == []
    assert page.text["title"] == page.text["h1"] == [run.algorithm.displayName()]
    (formula,) = page.text["code"]
    (source,) = (item.partition(":")[2] for item in page.text["p"] if item.startswith("Source :"))
    assert min(len(formula), len(source)) > 10
    told = {line for texts in page.text.values() for each in texts for line in each.split("\n")} | {source.strip()}
    assert set(filter(None, run.algorithm.shortHelpString().split("\n"))) <= told
    for definition in run.algorithm.parameterDefinitions():
        assert definition.isDestination() or definition.description() in told
    assert page.pictures
    assert all(address.startswith("data:image/") for address in page.addresses)
    for address, words in page.pictures:
        assert len(words) > 20
        drawn = ElementTree.fromstring(base64.b64decode(address.split(",", 1)[1]))
        links = [value for part in drawn.iter() for name, value in part.attrib.items() if name.endswith("href")]
        assert all(link.startswith("#") for link in links)
    assert not re.search(r"<script|<iframe|@import|url\(", text)
