"""The tab of the templates: which are used, and QGIS's layout designer, in which they and single pages are opened."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ...guide.printing import profile_templates
from ...i18n import translate
from .rows import add, file_field

MOST_PAGES = 9999


class TemplatesPage(QWidget):
    """Buttons are for the window to connect."""

    def __init__(self):
        super().__init__()
        about = QLabel(
            translate(
                "Tisserand",
                "A template says where title, content, map and page number stand on a kind of page, in which style, "
                "and what adorns it. A graphic designer changes it in QGIS's layout designer: items named “guide:…” "
                "are the places, all others are drawn as they are.",
            )
        )
        about.setWordWrap(True)
        self.folder = file_field(
            translate("Tisserand", "Folder of page templates"), "", QgsFileWidget.StorageMode.GetDirectory
        )
        self.copy_button = QPushButton(translate("Tisserand", "&Copy the built-in templates to my profile"))
        self.template = QComboBox()
        self.template.setAccessibleName(translate("Tisserand", "Template to open in the layout designer"))
        self.template_button = QPushButton(translate("Tisserand", "Open this te&mplate in the layout designer"))
        self.page_number = QSpinBox()
        self.page_number.setRange(1, MOST_PAGES)
        self.page_number.setPrefix(translate("Tisserand", "page "))
        self.page_number.setAccessibleName(translate("Tisserand", "Page to open in the layout designer"))
        self.page_button = QPushButton(translate("Tisserand", "&Open this page in the layout designer"))
        form = QFormLayout()
        add(
            form,
            translate("Tisserand", "&Templates"),
            self.folder,
            translate("Tisserand", "Empty: those of your profile, else the built-in ones"),
        )
        self.folder.lineEdit().setPlaceholderText(
            translate("Tisserand", "Empty: those of your profile, else the built-in ones")
        )
        form.addRow("", self.copy_button)
        box = QGroupBox(translate("Tisserand", "Layout designer"))
        grid = QGridLayout(box)
        grid.addWidget(self.template, 0, 0)
        grid.addWidget(self.template_button, 0, 1)
        grid.addWidget(self.page_number, 1, 0)
        grid.addWidget(self.page_button, 1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(box)
        layout.addStretch(1)
        self.folder.fileChanged.connect(lambda _: self.refresh())

    @property
    def chosen(self) -> Path | None:
        """Return the template at hand, None while there is none to change."""
        path = self.template.currentData()
        return Path(path) if path else None

    def refresh(self) -> None:
        """List the templates of the folder that is used."""
        folder = Path(self.folder.filePath() or profile_templates())
        self.template.clear()
        for path in sorted(folder.glob("*.qpt")) if folder.is_dir() else ():
            self.template.addItem(path.name, str(path))
        if not self.template.count():
            self.template.addItem(translate("Tisserand", "(none of your own: copy the built-in ones)"), "")
