"""The maps of the guide, drawn for real: nothing blank, nothing alike that is not, nothing left behind."""

from datetime import date
from itertools import combinations

import pytest
from qgis.core import QgsLayoutExporter, QgsLayoutItemMap, QgsLayoutItemScaleBar
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QImage

NO_CLASS = ("not_surveyed", "hidden", "no_need", "no_offer", "survey_stale")
LOOKS = {kind: (*NO_CLASS, *(f"{kind}:{i}" for i in range(count))) for kind, count in (("gap", 4), ("need", 3))}
"""The looks that may stand on one map."""


@pytest.fixture
def drawn(provider, make_store, tmp_path):
    """Return a function that composes sections of a store and gives the book and what it is drawn with."""
    from tisserand.guide.composing.compose import compose
    from tisserand.guide.composing.metrics import Metrics, available_family
    from tisserand.guide.composing.settings import Settings
    from tisserand.guide.drawing.draw import Look
    from tisserand.guide.maps.layers import MapLayers
    from tisserand.guide.reading import read_content

    def make(actors, needs=(), sections=("synthese",), **settings):
        store = make_store(actors, needs)
        content = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
        family = available_family()
        chosen = Settings(**settings)
        book = compose(content, Metrics(family), sections, chosen)
        return book, Look(MapLayers(content, family), family, chosen.colours)

    return make


def frames(book, subject):
    from tisserand.guide.composing.book import MapFrame

    for page in book.pages:
        for operation in page.operations:
            if isinstance(operation, MapFrame) and operation.subject == subject:
                yield page, operation


def image_of(page, look, dpi=60):
    from tisserand.guide.drawing.draw import page_layout

    layout = page_layout(page, look)
    settings = QgsLayoutExporter.ImageExportSettings()
    image = QgsLayoutExporter(layout).renderPageToImage(0, QSize(), dpi)
    del settings
    return image, layout


def colours_in(image, box, dpi=60):
    scale = dpi / 25.4
    x, y, w, h = (int(value * scale) for value in box)
    return len({image.pixel(x + i, y + j) for i in range(2, w - 2) for j in range(2, h - 2)})


def crowd(count=40):
    from osgeo import ogr

    def point(i):
        wkt = f"POINT ({642_000 + 40 * (i % 7)} {6_862_000 + 40 * (i // 7)})"
        return bytes(ogr.CreateGeometryFromWkt(wkt).ExportToIsoWkb())

    themes = ("feed", "house", "move")
    return [
        {"at": (0, 0), "geom": point(i), "theme_principal": themes[i % 3], "themes_vie": themes[i % 3]}
        for i in range(count)
    ]


def test_every_map_of_every_subject_is_drawn(drawn):
    book, look = drawn(crowd(), [{"at": (0, 0), "nb_situations": 40}], ("synthese", "recensement", "themes"))
    for subject in ("cover", "synthesis", "effort", "theme"):
        found = list(frames(book, subject))
        assert found, subject
        for page, frame in found:
            image, _ = image_of(page, look)
            assert colours_in(image, frame.box) > (20 if subject in ("synthesis", "theme") else 5), subject
            look.layers.forget()


def test_the_inset_of_a_dense_centre_is_drawn_enlarged(drawn):
    book, look = drawn([*crowd(), {"at": (2, 0)}, {"at": (2, 1)}, {"at": (0, 1)}])
    (page, whole), (_, inset) = frames(book, "synthesis")
    image, layout = image_of(page, look)
    assert colours_in(image, inset.box) > 30
    maps = {round(item.rect().width()): item.scale() for item in layout.items() if isinstance(item, QgsLayoutItemMap)}
    assert maps[round(inset.box.w)] * 1.9 < maps[round(whole.box.w)]


def test_the_map_drawn_shows_the_ground_that_the_plan_reckoned_with(drawn):
    book, look = drawn(crowd(6))
    ((page, frame),) = frames(book, "synthesis")
    _, layout = image_of(page, look)
    (item,) = (item for item in layout.items() if isinstance(item, QgsLayoutItemMap))
    extent = item.extent()
    ground = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    assert ground == pytest.approx(frame.ground)


def test_words_of_a_map_keep_off_an_inset_that_lies_on_it_and_off_its_scale_bar(drawn):
    from tisserand.guide.composing.book import Box, MapFrame, Page

    _, look = drawn(crowd(4))
    ground = (640_000, 6_860_000, 652_000, 6_868_000)
    whole = MapFrame(Box(20, 40, 150, 150), "synthesis", ground)
    inset = MapFrame(Box(22, 42, 50, 40), "synthesis", ground, over=True, bar="below")
    _, layout = image_of(Page("Essai", operations=[whole, inset]), look)
    items = layout.items()
    below, above = sorted((i for i in items if isinstance(i, QgsLayoutItemMap)), key=lambda item: -item.rect().width())
    bars = [item for item in items if isinstance(item, QgsLayoutItemScaleBar)]
    assert all(below.isLabelBlockingItem(item) for item in (above, *bars))
    assert not above.isLabelBlockingItem(below)


def test_the_layers_of_one_page_are_let_go_once_it_is_drawn(drawn):
    book, look = drawn(crowd(), [{"at": (0, 0), "nb_situations": 40}], ("synthese", "themes"))
    before = set(look.layers.project.mapLayers())
    for page, _ in frames(book, "theme"):
        image_of(page, look)
        assert set(look.layers.project.mapLayers()) > before
        look.layers.forget()
        assert set(look.layers.project.mapLayers()) == before


def test_no_map_asks_for_more_labels_than_can_be_placed_in_time(drawn):
    from tisserand.guide.maps.labels import MOST

    book, look = drawn(crowd())
    for _, frame in frames(book, "synthesis"):
        for layer in look.layers.of(frame):
            if layer.labelsEnabled():
                settings = layer.labeling().settings()
                assert settings.limitNumLabels
                assert settings.maxNumLabels <= MOST <= 300


def test_actors_of_another_audience_are_in_no_layer(drawn):
    book, look = drawn([{"at": (0, 0)}, {"at": (0, 0), "diffusion": "interne"}], sections=("synthese", "themes"))
    for subject in ("synthesis", "theme"):
        for _, frame in frames(book, subject):
            points = [layer for layer in look.layers.of(frame) if layer.name() == "acteurs"]
            signs = [f["signe"] for layer in points for f in layer.getFeatures()]
            assert sum(sign.startswith("theme:") for sign in signs) == 1


@pytest.mark.parametrize("kind", LOOKS)
def test_all_looks_of_a_map_differ_in_black_and_white(provider, kind):
    from tisserand.guide.maps.looks import look

    grey = {name: grey_image(look(name)) for name in LOOKS[kind]}
    for first, second in combinations(LOOKS[kind], 2):
        assert differing(grey[first], grey[second]) > 0.02, (first, second)


def grey_image(symbol):
    return symbol.asImage(QSize(90, 90)).convertToFormat(QImage.Format.Format_Grayscale8)


def differing(first, second):
    """Return the part of the pixels that a printer would set apart."""
    pairs = [(first.pixelColor(x, y), second.pixelColor(x, y)) for x in range(5, 85) for y in range(5, 85)]
    return sum(abs(a.red() - b.red()) > 12 or a.alpha() != b.alpha() for a, b in pairs) / len(pairs)


def test_classes_grow_darker_one_by_one(provider):
    from tisserand.guide.maps.looks import ground_of

    for kind, count in (("gap", 4), ("need", 3)):
        shades = [sum(int(ground_of(f"{kind}:{i}")[p : p + 2], 16) for p in (1, 3, 5)) for i in range(count)]
        assert all(lighter - darker > 60 for lighter, darker in zip(shades, shades[1:])), kind


@pytest.mark.parametrize("theme", [None, "feed", "house", "equip", "clothe", "move", "work", "fund", "enjoy", "care"])
def test_each_theme_is_told_from_the_next_by_its_shape_alone(provider, theme):
    from tisserand.layers import symbols
    from tisserand.styles import palette

    def silhouette(name):
        image = symbols.theme_marker(name, 8).asImage(QSize(60, 60))
        return {(x, y) for x in range(60) for y in range(60) if image.pixelColor(x, y).alpha() > 60}

    mine = silhouette(theme or "connect")
    for other in palette()["themes"]:
        if other != (theme or "connect"):
            apart = len(mine ^ silhouette(other)) / len(mine | silhouette(other))
            assert apart > 0.04, (theme, other)
