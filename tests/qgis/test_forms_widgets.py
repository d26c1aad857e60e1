"""The widgets of the plugin in real forms: what they read, show, keep and write."""

import gc

import pytest
from qgis.core import (
    NULL,
    QgsApplication,
    QgsEditorWidgetSetup,
    QgsFeature,
    QgsVectorLayer,
)
from qgis.gui import (
    QgsAttributeEditorContext,
    QgsAttributeForm,
    QgsDualView,
    QgsGui,
    QgsMapCanvas,
)
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QTableView

from tisserand.layers.forms.widgets import CHOICES, PHOTO, choices_config
from tisserand.layers.model.codes import code_list

VERBS = code_list("themes_vie")


@pytest.fixture(scope="module")
def registered(qgis_app):
    """Make the widgets known as the plugin does when it is loaded."""
    from tisserand.qgis_plugin.widgets import registration

    QgsGui.editorWidgetRegistry().initEditors()
    registration.register()
    yield registration
    registration.unregister()


@pytest.fixture
def coded(registered, memory_layer):
    """Return a layer whose first field holds everyday verbs and whose second holds thématiques."""
    layer = memory_layer("None?field=themes:string&field=thematiques:string&field=note:string", [])
    layer.setEditorWidgetSetup(0, QgsEditorWidgetSetup(CHOICES, choices_config("themes_vie")))
    layer.setEditorWidgetSetup(1, QgsEditorWidgetSetup(CHOICES, choices_config("thematiques")))
    layer.startEditing()
    return layer


def with_row(layer, *values):
    feature = QgsFeature(layer.fields())
    feature.setAttributes([*values, *[NULL] * (3 - len(values))])
    assert layer.addFeature(feature)
    return next(row for row in layer.getFeatures() if row.attributes() == feature.attributes())


def lists(form):
    from tisserand.qgis_plugin.widgets.choice_list import ChoiceList

    return sorted(form.findChildren(ChoiceList), key=lambda found: len(found.choices))


def opened(layer, feature, mode=None):
    form = QgsAttributeForm(layer, feature)
    if mode is not None:
        form.setMode(mode)
    form.resize(500, 500)
    form.show()
    gc.collect()
    QApplication.processEvents()
    return form


def click(choices, code):
    """Click on the words of a choice, as a person does."""
    item = choices.items[code]
    if item.parent():
        item.parent().setExpanded(True)
    choices.tree.scrollToItem(item)
    QApplication.processEvents()
    rectangle = choices.tree.visualItemRect(item)
    QTest.mouseClick(
        choices.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rectangle.center()
    )


def saved(form, layer):
    assert form.save()
    (feature,) = layer.getFeatures()
    return feature.attributes()


@pytest.mark.parametrize("written", ["feed|move", "feed;move", "{feed,move}", '["feed", "move"]', "move|feed"])
def test_a_form_shows_the_codes_however_they_were_written_and_changes_nothing_by_itself(coded, written):
    feature = with_row(coded, written)
    form = opened(coded, feature)
    shown = lists(form)[0]
    assert shown.codes() == ["feed", "move"]
    assert [shown.items[code].text(0) for code in shown.codes()] == [VERBS.label("feed"), VERBS.label("move")]


def test_what_is_clicked_is_written_in_the_order_of_the_list(coded):
    form = opened(coded, with_row(coded, "move"))
    click(lists(form)[0], "feed")
    assert saved(form, coded)[0] == "feed|move"


def test_a_click_on_the_box_and_a_click_on_the_words_do_the_same(coded):
    form = opened(coded, with_row(coded, "move"))
    shown = lists(form)[0]
    box = shown.tree.visualItemRect(shown.items["feed"]).topLeft()
    box += shown.tree.visualItemRect(shown.items["feed"]).center() - box
    box.setX(shown.tree.visualItemRect(shown.items["feed"]).left() + 8)
    QTest.mouseClick(shown.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert shown.codes() == ["feed", "move"]
    click(shown, "feed")
    assert shown.codes() == ["move"]


def test_unticking_the_last_one_writes_null(coded):
    form = opened(coded, with_row(coded, "move"))
    click(lists(form)[0], "move")
    assert saved(form, coded)[0] == NULL


def test_an_unknown_code_is_shown_and_kept_until_it_is_unticked(coded):
    form = opened(coded, with_row(coded, "ancien-code|feed"))
    shown = lists(form)[0]
    assert "ancien-code" in shown.items["ancien-code"].text(0)
    click(shown, "move")
    assert saved(form, coded)[0] == "feed|move|ancien-code"
    click(shown, "ancien-code")
    assert saved(form, coded)[0] == "feed|move"


def test_an_unknown_code_of_one_row_is_not_offered_in_the_next(coded):
    form = opened(coded, with_row(coded, "ancien-code"))
    other = with_row(coded, "feed")
    form.setFeature(other)
    assert set(lists(form)[0].items) == set(VERBS.labels)


def test_a_long_list_is_grouped_and_searched_without_accents(coded):
    form = opened(coded, with_row(coded, "feed"))
    short, long = lists(form)
    assert not short.search.isVisible()
    assert long.search.isVisible()
    QTest.keyClicks(long.search, "ELECTROMENAGER")
    QApplication.processEvents()
    left = [item.text(0) for item in long.items.values() if not item.isHidden()]
    assert left
    assert all("lectrom" in text for text in left)
    assert {item.parent().text(0) for item in long.items.values()} <= set(VERBS.labels.values())


def test_a_form_that_is_only_read_shows_what_is_ticked_and_lets_nothing_change(coded):
    feature = with_row(coded, "feed|move")
    coded.commitChanges()
    (feature,) = coded.getFeatures()
    form = opened(coded, feature)
    shown = lists(form)[0]
    click(shown, "feed")
    assert shown.codes() == ["feed", "move"]
    assert [code for code, item in shown.items.items() if not item.isHidden()] == ["feed", "move"]


def test_rows_changed_together_keep_what_differs_until_something_is_ticked(coded):
    for codes in ("feed", "move"):
        with_row(coded, codes)
    coded.selectAll()
    context = QgsAttributeEditorContext()
    form = QgsAttributeForm(coded, QgsFeature(), context)
    form.setMode(QgsAttributeEditorContext.Mode.MultiEditMode)
    form.setMultiEditFeatureIds(coded.selectedFeatureIds())
    form.show()
    QApplication.processEvents()
    shown = lists(form)[0]
    assert shown.codes() == []
    assert {item.checkState(0) for item in shown.items.values()} == {Qt.CheckState.PartiallyChecked}
    click(shown, "house")
    assert shown.codes() == ["house"]


def test_a_cell_of_a_table_has_a_button_with_the_same_list(coded):
    from tisserand.qgis_plugin.widgets.choice_list import ChoiceButton

    with_row(coded, "move|feed")
    canvas, view = QgsMapCanvas(), QgsDualView()
    view.init(coded, canvas)
    view.setView(QgsDualView.ViewMode.AttributeTable)
    view.show()
    QApplication.processEvents()
    table = view.findChild(QTableView, "mTableView")
    table.edit(table.model().index(0, 0))
    QApplication.processEvents()
    (button,) = table.findChildren(ChoiceButton)
    assert button.text() == f"{VERBS.label('feed')}, {VERBS.label('move')}"
    button.list.items["house"].setCheckState(0, Qt.CheckState.Checked)
    assert button.text().count(",") == 2
    QTest.keyClick(button, Qt.Key.Key_Tab)
    QApplication.processEvents()
    (feature,) = coded.getFeatures()
    assert feature["themes"] == "feed|house|move"
    view.close()


def test_tables_show_the_labels(coded):
    feature = with_row(coded, "feed|ancien")
    formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(CHOICES)
    config = coded.editorWidgetSetup(0).config()
    shown = formatter.representValue(coded, 0, config, None, feature["themes"])
    assert shown == f"{VERBS.label('feed')}, ancien"
    assert formatter.representValue(coded, 0, config, None, NULL) == QgsApplication.nullRepresentation()


def test_the_settings_of_a_field_survive_its_page_in_the_properties(coded, registered):
    door = QgsGui.editorWidgetRegistry().factories()[CHOICES]
    page = door.configWidget(coded, 0, None)
    page.setConfig(coded.editorWidgetSetup(0).config())
    assert page.config() == coded.editorWidgetSetup(0).config()


def test_loading_the_plugin_twice_and_unloading_it_leaves_forms_that_open(coded, registered):
    for _ in range(2):
        registered.register()
    feature = with_row(coded, "feed|move")
    assert len(lists(opened(coded, feature))) == 2
    registered.unregister()
    gc.collect()
    form = opened(coded, feature)
    assert lists(form) == []
    assert "feed|move" in [line.text() for line in form.findChildren(QLineEdit)]
    registered.register()
    assert len(lists(opened(coded, feature))) == 2


def test_neither_widget_is_offered_for_a_field_of_its_own_accord(registered):
    layer = QgsVectorLayer("None?field=a:string", "a", "memory")
    assert QgsGui.editorWidgetRegistry().findBest(layer, "a").type() not in (CHOICES, PHOTO)


def test_forms_that_close_leave_nothing_that_crashes_later(coded):
    feature = with_row(coded, "feed")
    for _ in range(5):
        form = opened(coded, feature)
        click(lists(form)[0], "move")
        form.close()
        form.deleteLater()
        del form
        gc.collect()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
