"""A page of the guide, or one of its templates, opened in QGIS's layout designer."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
)

from ...guide.composing.book import Book
from ...guide.composing.frames import FRAMES
from ...guide.drawing.template_dangers import CONTENT, open_template
from ...guide.drawing.templates import BUILT_IN, PREFIX, add_zones
from ...guide.facts.content import Content
from ...guide.printing import Press
from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import refusal


def add_page(project: QgsProject, press: Press, content: Content, book: Book, number: int) -> QgsPrintLayout:
    """Add a page of a book, the first being 1, as a layout to a project; its map layers come along, out of the tree.

    What the page holds has an id of its own, so that it is left out when the layout is saved as a template.
    """
    if not 1 <= number <= len(book.pages):
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The guide has {count} pages: choose one from 1 to {count}."),
            count=len(book.pages),
        )
    page = book.pages[number - 1]
    before = {*project.mapLayers()}
    layout = press.page(book, number, press.look(content, project))
    used = set()
    for order, item in enumerate(_items(layout)):
        if isinstance(item, QgsLayoutItemMap):
            used |= {layer.id() for layer in item.layers()}
        if not item.id().startswith(PREFIX) and not isinstance(item, QgsLayoutItemPage):
            item.setId(f"{CONTENT}{order} {_words(item)}".strip())
    project.removeMapLayers([*({*project.mapLayers()} - before - used)])
    for identifier in used:
        # They are made anew each time: QGIS need not ask whether to keep them.
        project.mapLayer(identifier).setCustomProperty("skipMemoryLayersCheck", 1)
    template = press.templates.by_name.get(page.frame)
    if template is not None:
        add_zones(layout, template)
    _add(project, layout, translate("Tisserand", "Guide, page {number}").format(number=number))
    return layout


def add_template(project: QgsProject, path: Path) -> QgsPrintLayout:
    """Add a template as a layout to a project."""
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.loadFromTemplate(open_template(path, PREFIX), QgsReadWriteContext())
    _add(project, layout, translate("Tisserand", "Template “{name}”").format(name=path.stem))
    return layout


def copy_templates(folder: Path) -> list[Path]:
    """Copy the built-in templates to a folder and return the copies; those that are already there stay as they are."""
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FRAMES:
            target = folder / f"{name}.qpt"
            if not target.exists():
                shutil.copyfile(BUILT_IN / target.name, target)
                copied.append(target)
    except OSError as error:
        raise refusal(folder, error.strerror or str(error)) from error
    return copied


def _items(layout: QgsPrintLayout) -> list[QgsLayoutItem]:
    return sorted((i for i in layout.items() if isinstance(i, QgsLayoutItem)), key=lambda item: item.zValue())


def _words(item: QgsLayoutItem) -> str:
    return item.text().split("\n")[0][:40] if isinstance(item, QgsLayoutItemLabel) else ""


def _add(project: QgsProject, layout: QgsPrintLayout, name: str) -> None:
    manager = project.layoutManager()
    layout.setName(name if manager.layoutByName(name) is None else manager.generateUniqueTitle())
    layout.undoStack().blockCommands(False)
    if not manager.addLayout(layout):
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The project does not take the layout “{name}”: rename the one it has."),
            name=layout.name(),
        )
