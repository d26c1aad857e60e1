"""The tabs of the window of the guide; each shows its part of what is chosen, and gives it back."""

from __future__ import annotations

from dataclasses import replace

from qgis.gui import QgsColorButton, QgsFileWidget
from qgis.PyQt.QtGui import QColor, QFontDatabase
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from ...guide.composing.metrics import FAMILIES, available_family
from ...guide.composing.settings import Settings
from ...guide.web.contrast import LEAST, contrast
from ...i18n import translate
from ...layers.audience import AUDIENCES
from ...layers.model.codes import code_list
from ...processing.algorithms.guide_parameters import LOGO_FILTER, audience_titles, section_titles
from .rows import add, file_field
from .sections_list import SectionsList

COLOURS = ("accent", "light", "paper")


class EditionPage(QWidget):
    """Which edition, for whom, of which territories and sections. ``keys`` are those that can be printed."""

    def __init__(self, keys: list[str], levels: list[str]):
        super().__init__()
        titles = section_titles()
        self.edition = QLineEdit()
        self.audience = QComboBox()
        for name, title in zip(AUDIENCES, audience_titles()):
            self.audience.addItem(title, name)
        self.level = QComboBox()
        self.level.addItem(translate("Tisserand", "That of the workspace"), "")
        words = code_list("niveaux")
        for level in levels:
            self.level.addItem(words.label(level), level)
        self.previous = file_field(
            translate("Tisserand", "Workspace of the previous edition"),
            translate("Tisserand", "Workspaces (*.gpkg)"),
            QgsFileWidget.StorageMode.GetFile,
        )
        self.sections = SectionsList({key: titles[key] for key in keys})
        form = QFormLayout(self)
        add(form, translate("Tisserand", "&Edition"), self.edition)
        add(
            form,
            translate("Tisserand", "&Readers"),
            self.audience,
            translate("Tisserand", "Who will hold the guide decides which pages and fields are printed"),
        )
        add(form, translate("Tisserand", "&Level of the sheets"), self.level)
        add(
            form,
            translate("Tisserand", "&Previous edition"),
            self.previous,
            translate("Tisserand", "Its workspace: the guide then says what is new, and keeps its secrets too"),
        )
        form.addRow(translate("Tisserand", "&Sections"), self.sections)
        form.labelForField(self.sections).setBuddy(self.sections.list)


class TextsPage(QWidget):
    """What the guide says besides its data."""

    def __init__(self):
        super().__init__()
        self.title = QLineEdit()
        self.foreword = QPlainTextEdit()
        self.legal = QPlainTextEdit()
        self.contact = QLineEdit()
        self.update_address = QLineEdit()
        self.foreword.setTabChangesFocus(True)
        self.legal.setTabChangesFocus(True)
        form = QFormLayout(self)
        add(form, translate("Tisserand", "&Title"), self.title)
        add(
            form,
            translate("Tisserand", "Fore&word"),
            self.foreword,
            translate("Tisserand", "An empty line begins a paragraph; without text there is no such page"),
        )
        add(form, translate("Tisserand", "&Legal notice"), self.legal)
        add(
            form,
            translate("Tisserand", "Co&ntact"),
            self.contact,
            translate("Tisserand", "Whom to write to, to correct or to object"),
        )
        add(
            form,
            translate("Tisserand", "Address for &updates"),
            self.update_address,
            translate("Tisserand", "A web address, printed as a QR code on the form to correct or add"),
        )

    def show_settings(self, settings: Settings) -> None:
        """Show the texts of settings."""
        self.title.setText(settings.title)
        self.foreword.setPlainText(settings.foreword)
        self.legal.setPlainText(settings.legal)
        self.contact.setText(settings.contact)
        self.update_address.setText(settings.update_address)

    def settings(self, settings: Settings) -> Settings:
        """Return settings with the texts as they stand here; an empty title is the built-in one."""
        return replace(
            settings,
            title=self.title.text().strip() or Settings.title,
            foreword=self.foreword.toPlainText().strip(),
            legal=self.legal.toPlainText().strip(),
            contact=self.contact.text().strip(),
            update_address=self.update_address.text().strip(),
        )


class LookPage(QWidget):
    """How the guide looks: logo, colours, font."""

    def __init__(self):
        super().__init__()
        self.logo = file_field(translate("Tisserand", "Logo"), LOGO_FILTER, QgsFileWidget.StorageMode.GetFile)
        self.colours = {name: QgsColorButton() for name in COLOURS}
        self.font = QComboBox()
        built_in = translate("Tisserand", "Built-in: {font}").format(font=available_family())
        self.font.addItem(built_in, "")
        installed = QFontDatabase().families()
        for family in (*(name for name in FAMILIES if name in installed), *installed):
            if self.font.findData(family) < 0:
                self.font.addItem(family, family)
        self.north_arrow = QCheckBox(translate("Tisserand", "North &arrow on the maps"))
        self.said = QLabel()
        self.said.setWordWrap(True)
        form = QFormLayout(self)
        add(form, translate("Tisserand", "&Logo"), self.logo)
        names = (
            translate("Tisserand", "&Main colour"),
            translate("Tisserand", "&Second colour, on the cover"),
            translate("Tisserand", "&Background of figures"),
        )
        for button, name in zip(self.colours.values(), names):
            button.setColorDialogTitle(name.replace("&", ""))
            button.setAllowOpacity(False)
            add(form, name, button)
            button.colorChanged.connect(lambda _: self._update())
        form.addRow("", self.said)
        add(form, translate("Tisserand", "&Font"), self.font)
        form.addRow("", self.north_arrow)

    def show_settings(self, settings: Settings) -> None:
        """Show the look of settings; a font that is not installed stays in the list, and is named so."""
        self.logo.setFilePath(settings.logo)
        for name, button in self.colours.items():
            button.setColor(QColor(getattr(settings.colours, name)))
        if self.font.findData(settings.font) < 0:
            missing = translate("Tisserand", "{font} (not installed)").format(font=settings.font)
            self.font.addItem(missing, settings.font)
        self.font.setCurrentIndex(self.font.findData(settings.font))
        self.north_arrow.setChecked(settings.north_arrow)
        self._update()

    def settings(self, settings: Settings) -> Settings:
        """Return settings with the look as it stands here."""
        chosen = {name: button.color().name() for name, button in self.colours.items()}
        return replace(
            settings,
            logo=self.logo.filePath().strip(),
            colours=replace(settings.colours, **chosen),
            font=self.font.currentData(),
            north_arrow=self.north_arrow.isChecked(),
        )

    def _update(self) -> None:
        ratio = contrast(self.colours["accent"].color().name(), "#ffffff")
        text = translate(
            "Tisserand",
            "The main colour is too light to be read on white: its contrast is {ratio}, at least {least} are needed.",
        )
        unreadable = ratio < LEAST
        self.said.setText(text.format(ratio=f"{ratio:.1f}", least=LEAST) if unreadable else "")


class FilesPage(QWidget):
    """Where the guide is written."""

    def __init__(self):
        super().__init__()
        save, folder = QgsFileWidget.StorageMode.SaveFile, QgsFileWidget.StorageMode.GetDirectory
        self.pdf = file_field(translate("Tisserand", "Guide"), "PDF (*.pdf)", save)
        self.html = file_field(translate("Tisserand", "Folder for the web edition"), "", folder)
        self.book = file_field(translate("Tisserand", "What stands on which page"), "JSON (*.json)", save)
        self.record = QCheckBox(
            translate("Tisserand", "&Keep this edition and its matrix in the workspace (for the final print)")
        )
        self.save_settings = QPushButton(translate("Tisserand", "&Save the settings to a file…"))
        self.load_settings = QPushButton(translate("Tisserand", "L&oad settings from a file…"))
        settings = QHBoxLayout()
        settings.addWidget(self.save_settings)
        settings.addWidget(self.load_settings)
        settings.addStretch(1)
        form = QFormLayout(self)
        add(form, translate("Tisserand", "&PDF"), self.pdf)
        add(
            form,
            translate("Tisserand", "&Web edition"),
            self.html,
            translate("Tisserand", "A folder: accessible pages with their tables; empty: not made"),
        )
        add(
            form,
            translate("Tisserand", "What stands &where"),
            self.book,
            translate("Tisserand", "A JSON file that says what stands on which page; empty: not made"),
        )
        form.addRow("", self.record)
        form.addRow(translate("Tisserand", "Settings"), settings)
