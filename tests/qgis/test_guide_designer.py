"""Pages and templates in the layout designer: what comes with them, and what a page saved as a template keeps."""

from datetime import date

import pytest
from qgis.core import QgsLayoutItem, QgsLayoutItemMap, QgsProject, QgsReadWriteContext

from tisserand.guide.composing.frames import FRAMES
from tisserand.guide.composing.settings import Colours
from tisserand.guide.drawing.templates import BUILT_IN, read_templates
from tisserand.guide.printing import Asked, Press, read
from tisserand.layers.errors import TisserandError
from tisserand.qgis_plugin.guide_dialog import designer


@pytest.fixture
def guide(provider, make_store):
    """Return the press, the content and the book of a store whose texts are hostile."""
    store = make_store([{"at": (i % 3, i % 2), "nom": f"Acteur {i} [% 1+1 %]"} for i in range(9)])
    asked = Asked(store, "2026", "public", date(2026, 11, 1))
    content = read(asked)
    press = Press(asked)
    return press, content, press.compose(content)


def items(layout):
    return [item for item in layout.items() if isinstance(item, QgsLayoutItem)]


def page_in(book, frame):
    return next(number for number, page in enumerate(book.pages, 1) if page.frame == frame)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_page_saved_as_a_template_keeps_its_zones_and_none_of_its_content(guide, tmp_path, frame):
    press, content, book = guide
    if frame not in {page.frame for page in book.pages}:
        pytest.skip("no such page in this guide")
    project = QgsProject()
    layout = designer.add_page(project, press, content, book, page_in(book, frame))
    assert layout.saveAsTemplate(str(tmp_path / f"{frame}.qpt"), QgsReadWriteContext())
    templates = read_templates(tmp_path, Colours(), "")
    assert templates.faults == ()
    assert templates.own == {frame}
    assert templates.frames == FRAMES
    document = templates.by_name[frame].decoration
    assert document.toString().count("<LayoutItem ") == 2


def test_the_maps_of_a_page_come_with_their_layers_and_no_others(guide):
    press, content, book = guide
    project = QgsProject()
    number = next(n for n, page in enumerate(book.pages, 1) if page.frame == "carte")
    layout = designer.add_page(project, press, content, book, number)
    maps = [item for item in items(layout) if isinstance(item, QgsLayoutItemMap)]
    assert maps
    shown = {layer.id() for item in maps for layer in item.layers()}
    assert shown == {*project.mapLayers()}
    assert project.layerTreeRoot().findLayerIds() == []


def test_zones_are_hidden_and_content_is_seen(guide):
    press, content, book = guide
    project = QgsProject()
    layout = designer.add_page(project, press, content, book, 2)
    zones = [item for item in items(layout) if item.id().startswith("guide:") and item.id()[6:] in FRAMES["page"].zones]
    assert {item.id()[6:] for item in zones} == {*FRAMES["page"].zones}
    assert not any(item.isVisible() for item in zones)
    assert any(item.isVisible() for item in items(layout) if item.id().startswith("contenu:"))


def test_the_same_page_may_be_opened_again(guide):
    press, content, book = guide
    project = QgsProject()
    first = designer.add_page(project, press, content, book, 2)
    second = designer.add_page(project, press, content, book, 2)
    assert first.name() != second.name()
    assert len(project.layoutManager().printLayouts()) == 2


@pytest.mark.parametrize("number", [0, 10_000])
def test_a_page_that_is_not_there_is_refused(guide, number):
    press, content, book = guide
    project = QgsProject()
    with pytest.raises(TisserandError, match=f"from 1 to {len(book.pages)}"):
        designer.add_page(project, press, content, book, number)
    assert project.layoutManager().printLayouts() == []
    assert project.mapLayers() == {}


def test_templates_are_copied_once_and_those_of_the_user_stay(qgis_app, tmp_path):
    folder = tmp_path / "profil" / "guide"
    folder.mkdir(parents=True)
    (folder / "page.qpt").write_text("le mien")
    assert {path.name for path in designer.copy_templates(folder)} == {f"{name}.qpt" for name in FRAMES} - {"page.qpt"}
    assert (folder / "page.qpt").read_text() == "le mien"
    assert designer.copy_templates(folder) == []


def test_a_folder_that_cannot_be_made_is_named(qgis_app, tmp_path):
    (tmp_path / "profil").write_text("un fichier")
    with pytest.raises(TisserandError, match="profil"):
        designer.copy_templates(tmp_path / "profil" / "guide")


def test_a_template_opens_with_its_zones_and_a_bad_one_is_refused(qgis_app, tmp_path):
    project = QgsProject()
    layout = designer.add_template(project, BUILT_IN / "fiche.qpt")
    assert {item.id()[6:] for item in items(layout) if item.id().startswith("guide:")} >= {*FRAMES["fiche"].zones}
    (tmp_path / "fiche.qpt").write_text("bonjour")
    with pytest.raises(TisserandError, match=r"fiche\.qpt"):
        designer.add_template(project, tmp_path / "fiche.qpt")
