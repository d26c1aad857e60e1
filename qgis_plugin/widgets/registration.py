"""Making the widgets known to QGIS, and taking them back as far as QGIS lets us.

QGIS (3.22 to 3.44) cannot forget a widget, and refuses a second one of the same name. So what it gets is a door that
stays for as long as QGIS runs: loading the plugin opens it, unloading closes it, and a closed door gives plain text.
"""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.gui import QgsEditorConfigWidget, QgsEditorWidgetFactory, QgsEditorWidgetWrapper, QgsGui
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ...i18n import translate
from ...layers.forms.widgets import CHOICES, PHOTO
from .choices_field import ChoicesField, ChoicesFormatter
from .photo_field import PhotoField


class Door(QgsEditorWidgetFactory):
    """What QGIS asks for a widget. It imports nothing when called: its own plugin may be gone by then."""

    def __init__(self, title: str):
        super().__init__(title)
        self.make: Callable[..., QgsEditorWidgetWrapper] | None = None
        self.says = ""

    def create(self, layer, field, editor, parent):
        if self.make is None:
            return QgsGui.editorWidgetRegistry().create("TextEdit", layer, field, {}, editor, parent)
        return self.make(layer, field, editor, parent)

    def configWidget(self, layer, field, parent):  # noqa: N802
        return FromModel(layer, field, parent, self.says)

    def fieldScore(self, layer, field):  # noqa: N802
        # Never chosen by QGIS for a field of some other layer.
        return 0


class FromModel(QgsEditorConfigWidget):
    """The page of this widget in the properties of a layer: nothing to set, and what is set stays."""

    def __init__(self, layer, field, parent, says: str):
        super().__init__(layer, field, parent)
        self.kept = {}
        layout = QVBoxLayout(self)
        text = QLabel(says, self)
        text.setWordWrap(True)
        layout.addWidget(text)

    def config(self):
        return self.kept

    def setConfig(self, config):  # noqa: N802
        self.kept = config


def register() -> None:
    """Open the doors, and show codes by their labels in tables."""
    says = translate("Tisserand", "This list comes with Tisserand; there is nothing to set here.")
    _door(CHOICES, translate("Tisserand", "Tisserand: several choices"), ChoicesField, says)
    says = translate("Tisserand", "Photos are kept in the folder “photos” beside the workspace.")
    _door(PHOTO, translate("Tisserand", "Tisserand: photo"), PhotoField, says)
    QgsApplication.fieldFormatterRegistry().addFieldFormatter(ChoicesFormatter())


def unregister() -> None:
    """Close the doors and take the formatter out."""
    factories = QgsGui.editorWidgetRegistry().factories()
    for name in (CHOICES, PHOTO):
        if name in factories:
            factories[name].make = None
    QgsApplication.fieldFormatterRegistry().removeFieldFormatter(CHOICES)


def _door(name: str, title: str, make: Callable[[object, int, QWidget, QWidget], QgsEditorWidgetWrapper], says: str):
    registry = QgsGui.editorWidgetRegistry()
    if name not in registry.factories():
        registry.registerWidget(name, Door(title))
    door = registry.factories()[name]
    door.make, door.says = make, says
