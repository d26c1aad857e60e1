"""What a template must not hold: it is a file from anywhere, and QGIS would run or fetch what stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from qgis.core import QgsLayoutItemRegistry, QgsPathResolver, QgsSymbolLayerUtils
from qgis.PyQt.QtXml import QDomDocument, QDomElement

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError

LARGEST = 5_000_000
TYPES = QgsLayoutItemRegistry.ItemType
DECORATION = {
    int(kind)
    for kind in (
        TYPES.LayoutLabel,
        TYPES.LayoutShape,
        TYPES.LayoutPolygon,
        TYPES.LayoutPolyline,
        TYPES.LayoutPicture,
        TYPES.LayoutMarker,
        TYPES.LayoutGroup,
    )
}
ZONES = DECORATION | {int(TYPES.LayoutMap)}
CONTENT = "contenu:"
"""How the ids of a page's own content begin in the layout designer."""
# Attributes and options in which QGIS keeps an expression.
EXPRESSIONS = ("expression", "geometryModifier", "filter")
NETWORK = ("http:", "https:", "ftp:", "//", "\\\\")
UNREADABLE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} cannot be read ({cause}) and the built-in page is used: save it again from the layout "
    "designer, “Save as template”.",
)
REFUSED_KIND = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} is not used, but the built-in page: its item “{item}” is neither label, shape, line, "
    "picture nor marker. Take it out.",
)
REFUSED_EXPRESSION = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} is not used, but the built-in page: its item “{item}” holds an expression or HTML. Write "
    "plain text, and take out data-defined overrides.",
)
REFUSED_PICTURE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} is not used, but the built-in page: the picture “{picture}” of its item “{item}” is not "
    "there. Put it beside the template and choose it again.",
)


def open_template(path: Path, prefix: str) -> QDomDocument:
    """Return a template's XML once nothing dangerous was found in it; ids that begin with ``prefix`` mark zones.

    What a page of the guide held, opened in the layout designer and saved as a template, is left out of it.
    Raises TisserandError, which names the file and the item.
    """
    document = _parsed(path)
    root = document.documentElement()
    if root.tagName() != "Layout" or root.firstChildElement("PageCollection").isNull():
        raise TisserandError(UNREADABLE, path=path, cause=f"<{root.tagName()}>")
    frames = root.firstChildElement("LayoutMultiFrame")
    if not frames.isNull():
        raise TisserandError(REFUSED_KIND, path=path, item=frames.attribute("id") or "LayoutMultiFrame")
    resolver = QgsPathResolver(str(path))
    item = root.firstChildElement("LayoutItem")
    while not item.isNull():
        following = item.nextSiblingElement("LayoutItem")
        name = item.attribute("id") or item.attribute("uuid")
        if name.startswith(CONTENT):
            root.removeChild(item)
        else:
            _check_item(item, path, name, resolver, ZONES if name.startswith(prefix) else DECORATION)
        item = following
    return document


def _parsed(path: Path) -> QDomDocument:
    try:
        if path.stat().st_size > LARGEST:
            raise TisserandError(UNREADABLE, path=path, cause=f"> {LARGEST // 1_000_000} MB")
        text = path.read_bytes()
    except OSError as error:
        raise TisserandError(UNREADABLE, path=path, cause=error.strerror or error) from error
    # An entity may grow beyond all bounds, or stand for another file.
    if b"<!ENTITY" in text.replace(b"\0", b"").upper():
        raise TisserandError(UNREADABLE, path=path, cause="<!ENTITY>")
    document = QDomDocument()
    answer = document.setContent(text)
    parsed, message = (answer[0], answer[1]) if isinstance(answer, tuple) else (bool(answer), "XML")
    if not parsed:
        raise TisserandError(UNREADABLE, path=path, cause=message)
    return document


def _check_item(item: QDomElement, path: Path, name: str, resolver: QgsPathResolver, kinds: set[int]) -> None:
    kind = item.attribute("type")
    if not kind.isdigit() or int(kind) not in kinds:
        raise TisserandError(REFUSED_KIND, path=path, item=name)
    if "[%" in item.attribute("labelText") or item.attribute("htmlState", "0") != "0":
        raise TisserandError(REFUSED_EXPRESSION, path=path, item=name)
    for element in _elements(item):
        if _holds_expression(element):
            raise TisserandError(REFUSED_EXPRESSION, path=path, item=name)
        for attribute in _pictures(element):
            given = element.attribute(attribute)
            found = _found(given, path, resolver)
            if not found:
                raise TisserandError(REFUSED_PICTURE, path=path, item=name, picture=given[:200])
            element.setAttribute(attribute, found)


def _elements(top: QDomElement) -> Iterator[QDomElement]:
    yield top
    child = top.firstChildElement()
    while not child.isNull():
        yield from _elements(child)
        child = child.nextSiblingElement()


def _holds_expression(element: QDomElement) -> bool:
    if element.tagName() == "Option":
        return element.attribute("name") in EXPRESSIONS and bool(element.attribute("value"))
    if element.tagName() == "prop":
        return element.attribute("k") in EXPRESSIONS and bool(element.attribute("v"))
    return any(element.attribute(name) for name in EXPRESSIONS)


def _pictures(element: QDomElement) -> Iterator[str]:
    """Yield the attributes in which an element of an item, or of its symbols, names a picture."""
    if element.tagName() == "LayoutItem" and int(element.attribute("type")) == int(TYPES.LayoutPicture):
        yield "file"
    names = {"Option": ("name", "value"), "prop": ("k", "v")}.get(element.tagName())
    if names and element.attribute(names[0]) in ("svgFile", "imageFile"):
        yield names[1]


def _found(picture: str, template: Path, resolver: QgsPathResolver) -> str:
    """Return where a picture is: as it is named, among QGIS's own, or beside the template; "" when nowhere."""
    if not picture or picture.startswith("base64:"):
        return picture or "base64:"
    if picture.lower().startswith(NETWORK):
        return ""
    beside = template.with_name(PureWindowsPath(picture).name)
    places = (resolver.readPath(picture), QgsSymbolLayerUtils.svgSymbolNameToPath(picture, resolver), str(beside))
    return next((place for place in places if place and Path(place).is_file()), "")
