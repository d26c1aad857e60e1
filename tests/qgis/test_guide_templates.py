"""Page templates: what a designer may change is taken, what could do harm is refused by name, and a page remains."""

import shutil

import pytest
from qgis.core import QgsLayoutItem, QgsLayoutItemPicture, QgsLayoutItemShape, QgsPrintLayout, QgsProject

from tisserand.guide.composing.book import Box
from tisserand.guide.composing.frames import FRAMES, OPTIONAL
from tisserand.guide.composing.settings import Colours
from tisserand.guide.drawing.templates import BUILT_IN, read_templates
from tisserand.layers.errors import TisserandError

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
EXPRESSION = (
    '<dataDefinedProperties><Option type="Map"><Option name="properties" type="Map"><Option name="dataDefinedWidth" '
    'type="Map"><Option name="active" type="bool" value="true"/><Option name="expression" type="QString" '
    'value="run()"/></Option></Option></Option></dataDefinedProperties>'
)


@pytest.fixture
def folder(qgis_app, tmp_path):
    folder = tmp_path / "gabarits"
    folder.mkdir()
    return folder


def read(folder, logo=""):
    return read_templates(folder, Colours(), logo)


def changed(folder, *changes, name="page"):
    """Put a built-in template into the folder, with texts of it replaced."""
    text = (BUILT_IN / f"{name}.qpt").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"{name}.qpt"
    path.write_text(text, encoding="utf-8")
    return path


def item_of(text, identifier):
    """Return the XML of an item of a built-in template."""
    end = "</LayoutItem>"
    found = (f"<LayoutItem{part.split(end)[0]}{end}" for part in text.split("<LayoutItem")[1:])
    return next(item for item in found if f'id="{identifier}"' in item)


def item_of_page(identifier):
    return item_of((BUILT_IN / "page.qpt").read_text(encoding="utf-8"), identifier)


def decoration(templates, name="page"):
    """Return the items of a page's decoration by their id, and what keeps them alive."""
    project = QgsProject()
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    templates.decorate(layout, name)
    return {item.id(): item for item in layout.items() if isinstance(item, QgsLayoutItem)}, (project, layout)


def test_the_templates_that_are_shipped_say_what_the_frames_say(qgis_app):
    templates = read(None)
    assert templates.frames == FRAMES
    assert (templates.faults, templates.own) == ((), frozenset())


def test_the_shipped_templates_draw_a_band_and_a_rule_and_the_cover_a_background(qgis_app):
    templates = read(None)
    for name in FRAMES:
        items, _kept = decoration(templates, name)
        wanted = {"guide:accent-fond", "guide:light-filet"} if name == "couverture" else None
        assert {*items} - {""} == (wanted or {"guide:accent-bandeau", "guide:rule-pied"}), name


def test_a_zone_that_was_moved_is_where_it_was_moved_to(folder):
    title = item_of_page("guide:titre")
    changed(
        folder,
        (title, title.replace('positionOnPage="15,14,mm"', "").replace('position="15,14,mm"', 'position="3,2,cm"')),
    )
    templates = read(folder)
    assert templates.faults == ()
    assert templates.frames["page"].zones["titre"].box == Box(30, 20, 180, 9)
    assert templates.frames["page"].zones["corps"] == FRAMES["page"].zones["corps"]
    assert templates.own == {"page"}


def test_the_style_of_a_zone_is_taken_and_a_colour_of_ours_keeps_its_name(folder):
    changed(folder, ('green="81" red="0"', 'green="81" red="250"'), name="page")
    titre = read(folder).frames["page"].zones["titre"]
    assert (titre.colour, titre.size, titre.bold, titre.align) == ("#fa517d", 21, True, "left")
    assert read(folder).frames["page"].zones["rubrique"].colour == "grey"


@pytest.mark.parametrize("zone", [zone for zone in OPTIONAL if zone in FRAMES["page"].zones])
def test_a_zone_that_is_not_needed_may_be_taken_out(folder, zone):
    changed(folder, (item_of_page(f"guide:{zone}"), ""))
    templates = read(folder)
    assert templates.faults == ()
    assert {*FRAMES["page"].zones} - {*templates.frames["page"].zones} == {zone}


def test_the_decoration_takes_the_colours_of_the_settings(qgis_app):
    items, _kept = decoration(read_templates(None, Colours(accent="#7a1f5c"), ""))
    band = items["guide:accent-bandeau"]
    assert isinstance(band, QgsLayoutItemShape)
    assert band.symbol().color().name() == "#7a1f5c"


def test_a_logo_on_ordinary_pages_is_drawn_when_there_is_one(folder, tmp_path):
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO, encoding="utf-8")
    cover = (BUILT_IN / "couverture.qpt").read_text(encoding="utf-8")
    changed(folder, (item_of_page("guide:folio"), item_of_page("guide:folio") + item_of(cover, "guide:logo")))
    items, _kept = decoration(read(folder, str(logo)))
    assert isinstance(items["guide:logo"], QgsLayoutItemPicture)
    assert items["guide:logo"].picturePath() == str(logo)
    without, _kept = decoration(read(folder))
    assert "guide:logo" not in without


def test_a_picture_of_the_designer_is_found_beside_the_template(folder):
    (folder / "fond.svg").write_text(LOGO, encoding="utf-8")
    cover = (BUILT_IN / "couverture.qpt").read_text(encoding="utf-8")
    picture = item_of(cover, "guide:logo").replace('id="guide:logo"', 'id="fond"')
    picture = picture.replace('file=""', r'file="C:\Users\graphiste\fond.svg"')
    changed(folder, (item_of_page("guide:folio"), item_of_page("guide:folio") + picture))
    templates = read(folder)
    assert templates.faults == ()
    items, _kept = decoration(templates)
    assert items["fond"].picturePath() == str(folder / "fond.svg")


def cover_picture(source):
    cover = (BUILT_IN / "couverture.qpt").read_text(encoding="utf-8")
    return item_of(cover, "guide:logo").replace('id="guide:logo"', 'id="fond"').replace('file=""', f'file="{source}"')


BAND = item_of_page("guide:accent-bandeau")
FOLIO = item_of_page("guide:folio")
REFUSED = {
    "without a zone": ([(item_of_page("guide:corps"), "")], "guide:corps"),
    "with a zone beyond the page": ([('position="15,16,mm"', 'position="150,16,mm"')], "guide:corps"),
    "with a zone too small for anything": ([('size="180,264,mm"', 'size="4,264,mm"')], "guide:corps"),
    "of another size": ([('size="210,297,mm"', 'size="297,420,mm"')], "210 × 297"),
    "that is no template": ([("<Layout ", "<Autre "), ("</Layout>", "</Autre>")], "Autre"),
    "that is no XML": ([("</Layout>", "")], "page.qpt"),
    "with an entity": ([("<Layout ", '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><Layout ')], "ENTITY"),
    "with an expression in a label": ([("RUBRIQUE", "[% env('HOME') %]")], "guide:rubrique"),
    "with HTML in a label": ([('htmlState="0"', 'htmlState="1"')], "guide:"),
    "with a data-defined override": (
        [(BAND, BAND.replace("<LayoutObject>", f"<LayoutObject>{EXPRESSION}"))],
        "bandeau",
    ),
    "with a picture from the network": ([(FOLIO, FOLIO + cover_picture("https://example.org/a.png"))], "example.org"),
    "with a picture that is missing": (
        [(FOLIO, FOLIO + cover_picture("/nulle/part/fond.png"))],
        "/nulle/part/fond.png",
    ),
    "with a map": ([(BAND, BAND.replace('type="65643"', 'type="65639"').replace("guide:accent-bandeau", "x"))], "“x”"),
    "with an HTML frame": ([("</Layout>", '<LayoutMultiFrame id="page web"/></Layout>')], "page web"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_template_is_refused_by_its_name_and_the_built_in_page_is_used(folder, kind):
    changes, named = REFUSED[kind]
    path = changed(folder, *changes)
    templates = read(folder)
    sentences = [str(fault) for fault in templates.faults]
    assert len(sentences) == 1
    assert str(path) in sentences[0]
    assert named in sentences[0]
    assert "built-in page" in sentences[0]
    assert templates.frames == FRAMES
    assert templates.own == frozenset()


def test_a_file_that_is_no_text_at_all_and_one_that_is_too_big_are_refused(folder):
    (folder / "page.qpt").write_bytes(bytes(range(256)) * 10)
    (folder / "carte.qpt").write_bytes(b"<Layout>" + b" " * 5_000_001)
    assert len(read(folder).faults) == 2


def test_one_bad_template_leaves_the_good_ones(folder):
    changed(folder, ("RUBRIQUE", "[% 1 %]"))
    shutil.copy(BUILT_IN / "fiche.qpt", folder)
    templates = read(folder)
    assert templates.own == {"fiche"}
    assert len(templates.faults) == 1


def test_a_template_for_no_page_is_named_and_a_folder_that_is_missing_is_none(folder):
    shutil.copy(BUILT_IN / "fiche.qpt", folder / "fiches.qpt")
    (fault,) = read(folder).faults
    assert isinstance(fault, TisserandError)
    assert "fiches.qpt" in str(fault)
    assert "fiche.qpt" in str(fault)
    assert read(folder / "absent").frames == FRAMES
