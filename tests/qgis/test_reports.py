"""Reports: one HTML file that says everything, whose charts are also there in words."""

import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from qgis.core import QgsProcessingOutputHtml
from qgis.PyQt.QtCore import QLocale

from tisserand.processing.algorithms import charts
from tisserand.processing.algorithms.charts import bars, curve, histogram, picture
from tisserand.processing.algorithms.reports import Report, Table, said, write_report

HOSTILE = "$\\frac{$ <script>alert('[% 1+1 %]')</script> & “Épicerie” مرحبا"
CHARTS = [
    bars("Par thème", ["Se nourrir", "Se loger"], {"couverts": [10, 2], "non couverts": [3, 0]}, "personnes"),
    curve("Gain", [1, 2, 3], {"gain": [100, 140, 150]}, "lieux", "personnes"),
    histogram("Minutes", [0, 5, 10], [4, 7], "minutes", "besoins"),
]


class Page(HTMLParser):
    """The pictures of a page, and its elements."""

    def __init__(self, text):
        super().__init__()
        self.images, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attributes))


def report(**changes):
    given = {
        "title": "Essai",
        "method": "On compte.",
        "formula": "a = b",
        "source": "Personne 2000.",
        "about": {"REACH": ("Portée", "20")},
        "tables": [Table("Sommes", ("Thème", "Personnes"), [("Se nourrir", 13)])],
        "warnings": ["Attention."],
        "charts": CHARTS,
    }
    return Report(**{**given, **changes})


@pytest.fixture
def written(tmp_path):
    def write(**changes):
        path = tmp_path / "rapport.html"
        write_report(str(path), report(**changes))
        return path.read_text(encoding="utf-8")

    return write


def test_each_chart_is_a_picture_with_its_figures_in_words(written):
    page = Page(written())
    assert len(page.images) == len(CHARTS)
    words = [image["alt"] for image in page.images]
    assert "Se nourrir : couverts 10, non couverts 3" in words[0]
    assert "2 → 140" in words[1]
    assert "5 – 10 : 7" in words[2]
    for image in page.images:
        kind, drawn = image["src"].split(",", 1)
        assert kind == "data:image/svg+xml;base64"
        assert ElementTree.fromstring(base64.b64decode(drawn)).tag.endswith("svg")


def test_the_same_data_give_the_same_bytes_and_other_data_other_ones(written):
    assert written() == written()
    assert picture(CHARTS[2]) != picture(histogram("Minutes", [0, 5, 10], [4, 8], "minutes", "besoins"))


def test_hostile_words_are_printed_as_they_are(written):
    text = written(title=HOSTILE, warnings=[HOSTILE], charts=[bars(HOSTILE, [HOSTILE], {"n": [1]}, "x")])
    assert "script" not in Page(text).tags
    assert text.count("&lt;script&gt;") >= 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2607, "2\u202f607"),
        (286.0, "286"),
        (10.34, "10,3"),
        (0.02214, "0,022"),
        (0.5, "0,5"),
        (-3, "-3"),
        (0, "0"),
        (float("nan"), ""),
        (None, ""),
        (True, "True"),
        ("12 rue", "12 rue"),
    ],
)
def test_figures_are_written_as_french_writes_them(value, text):
    before = QLocale()
    QLocale.setDefault(QLocale("fr_FR"))
    try:
        assert said(value).replace("\u00a0", "\u202f") == text
    finally:
        QLocale.setDefault(before)


def test_figures_stand_to_the_right_also_those_already_written_as_text(written):
    table = Table("T", ("a",), [(3,), ("1\u202f853",), ("79 %",), ("12 rue",), ("mot " * 30,)])
    text = written(tables=[table])
    assert re.findall(r'<td class="(\w*)">', text)[:5] == ["number", "number", "number", "", "long"]


def test_nothing_is_fetched_from_elsewhere(written):
    assert re.findall(r"""(?:src|href)=["'](?!data:)""", written()) == []


def test_without_matplotlib_the_report_is_whole_but_for_the_charts_and_says_so(written, monkeypatch):
    monkeypatch.setattr(charts, "PACKAGES", {"matplotlib-absente": (3, 3)})
    text = written()
    assert Page(text).images == []
    assert "matplotlib-absente" in text
    assert "Sommes" in text


def test_empty_charts_are_drawn(written):
    empty = [bars("B", [], {"n": []}, "x"), curve("C", [], {"n": []}, "x", "y"), histogram("H", [0, 1], [0], "x", "y")]
    assert len(Page(written(charts=empty)).images) == 3


def test_every_report_opens_from_the_results_viewer(provider):
    reports = [
        output
        for algorithm in provider.algorithms()
        for output in algorithm.outputDefinitions()
        if output.name() == "REPORT"
    ]
    assert reports
    assert all(isinstance(output, QgsProcessingOutputHtml) for output in reports)


def test_every_analysis_writes_a_report_and_says_its_source(provider):
    for algorithm in provider.algorithms():
        if algorithm.groupId() == "analysis":
            assert algorithm.parameterDefinition("REPORT") is not None, algorithm.name()
            assert re.search(r"\b(19|20)\d\d\b", algorithm.shortHelpString()), algorithm.name()
            assert algorithm.helpUrl(), algorithm.name()
