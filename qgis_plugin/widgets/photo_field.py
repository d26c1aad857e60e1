"""The widget ``TisserandPhoto``: a photo that lies in the folder ``photos`` beside the store."""

from __future__ import annotations

from pathlib import Path

from qgis.core import NULL
from qgis.gui import QgsEditorWidgetWrapper
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QImageReader, QPixmap
from qgis.PyQt.QtWidgets import QAbstractItemView, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...i18n import translate
from ...layers.errors import TisserandError
from ...layers.photos import facts_of, photo_path, take_in
from ...layers.project import store_of

THUMBNAIL = QSize(240, 180)
FACTS = ("sha256", "mime", "octets")


class PhotoFrame(QWidget):
    """A small picture with two buttons. ``changed`` tells that the user chose a photo, or took it away."""

    changed = pyqtSignal()

    def __init__(self, store: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.store = store
        self.name: str | None = None
        self.picture = QLabel(self)
        self.picture.setFixedSize(THUMBNAIL)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFrameShape(QLabel.Shape.StyledPanel)
        self.picture.setWordWrap(True)
        self.picture.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = QPushButton(translate("Tisserand", "Choose a photo…"), self)
        self.choose.clicked.connect(self._ask)
        self.remove = QPushButton(translate("Tisserand", "Take it away"), self)
        self.remove.clicked.connect(self._remove)
        self.trouble = QLabel(self)
        self.trouble.setWordWrap(True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.hide()
        buttons = QVBoxLayout()
        for part in (self.choose, self.remove, self.trouble):
            buttons.addWidget(part)
        buttons.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addLayout(buttons, 1)
        self.show_name(None)

    def show_name(self, name: str | None) -> None:
        """Show the photo of this name, or why it cannot be shown."""
        self.name = name
        self.trouble.hide()
        self._draw()

    def take(self, source: Path) -> None:
        """Take a file in as the photo; what is wrong with it is said beside the picture, and nothing changes."""
        try:
            taken = take_in(source, self.store)
        except TisserandError as error:
            self.trouble.setText(error.sentence(translate))
            self.trouble.show()
            return
        self.show_name(taken.name)
        self.changed.emit()

    def set_read_only(self, read_only: bool) -> None:
        """Show the photo only."""
        self.choose.setVisible(not read_only)
        self.remove.setVisible(not read_only)

    def _ask(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            translate("Tisserand", "Choose a photo"),
            "",
            translate("Tisserand", "Photos") + " (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff)",
        )
        if chosen:
            self.take(Path(chosen))

    def _remove(self) -> None:
        # The file stays: other records, and the history of this one, may name it.
        self.show_name(None)
        self.changed.emit()

    def _draw(self) -> None:
        self.remove.setEnabled(self.name is not None)
        self.picture.setPixmap(QPixmap())
        if self.name is None:
            self.picture.setText(translate("Tisserand", "No photo yet"))
            return
        try:
            path = photo_path(self.store, self.name)
        except TisserandError as error:
            self.picture.setText(error.sentence(translate))
            return
        reader = QImageReader(str(path))
        reader.setScaledSize(reader.size().scaled(THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            self.picture.setText(
                translate("Tisserand", "{name} is not in the folder “photos” beside the workspace.").format(
                    name=self.name
                )
            )
        else:
            self.picture.setPixmap(QPixmap.fromImage(image))


class PhotoField(QgsEditorWidgetWrapper):
    """What QGIS shows for such a field; it also fills in what the row says of the file."""

    def createWidget(self, parent):  # noqa: N802
        # Kept here too: from QGIS 3.40 it comes back as a bare QWidget otherwise.
        self.made = PhotoFrame(store_of(self.layer()), parent)
        if parent is not None and isinstance(parent.parentWidget(), QAbstractItemView):
            self.made.picture.hide()
            self.made.setAutoFillBackground(True)
        return self.made

    def initWidget(self, editor):  # noqa: N802
        self.editor = getattr(self, "made", editor)
        self.editor.changed.connect(self._changed)

    def valid(self):
        return isinstance(getattr(self, "editor", None), PhotoFrame)

    def value(self):
        return NULL if self.editor.name is None else self.editor.name

    def additionalFields(self):  # noqa: N802
        return [name for name in FACTS if self.layer().fields().lookupField(name) >= 0]

    def additionalFieldValues(self):  # noqa: N802
        if self.editor.name is None:
            return [NULL for _ in self.additionalFields()]
        facts = facts_of(self.editor.store, self.editor.name)
        # What cannot be known is None here, and QGIS then leaves it as it is in the row.
        return [facts.get(name) for name in self.additionalFields()]

    def updateValues(self, value, additional=None):  # noqa: N802
        self.widget()  # makes the editor where QGIS gives the value first
        self.editor.show_name(None if value == NULL or value == "" else str(value))

    def setValue(self, value):  # noqa: N802 - by this name QGIS reaches Python
        self.updateValues(value)

    def setEnabled(self, enabled):  # noqa: N802
        self.editor.set_read_only(not enabled)

    def showIndeterminateState(self):  # noqa: N802
        self.editor.show_name(None)

    def _changed(self) -> None:
        self.emitValueChanged()
