"""The tabs of the window of the guide: all that is chosen, as settings, and as parameters of the algorithm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QTabWidget

from ...guide.composing.compose import SECTIONS
from ...guide.composing.settings import Settings
from ...guide.printing import Asked
from ...i18n import translate
from .levels import levels_of
from .pages import EditionPage, FilesPage, LookPage, TextsPage
from .templates_page import TemplatesPage


class Tabs(QTabWidget):
    """``kept`` are the settings of the project; what the tabs do not show of them stays as it is."""

    def __init__(self, store: Path):
        super().__init__()
        self.store = store
        self.kept = Settings()
        self.edition_page = EditionPage(list(SECTIONS), levels_of(store))
        self.texts_page, self.look_page = TextsPage(), LookPage()
        self.templates_page, self.files_page = TemplatesPage(), FilesPage()
        for page, title in (
            (self.edition_page, translate("Tisserand", "Edition and sections")),
            (self.texts_page, translate("Tisserand", "Texts")),
            (self.look_page, translate("Tisserand", "Look")),
            (self.templates_page, translate("Tisserand", "Templates")),
            (self.files_page, translate("Tisserand", "Files")),
        ):
            self.addTab(page, title)

    def show_settings(self, settings: Settings) -> None:
        """Show settings on all tabs."""
        self.texts_page.show_settings(settings)
        self.look_page.show_settings(settings)
        self.edition_page.sections.show_chosen(settings.sections)

    def show_choices(self, choices: dict[str, str]) -> None:
        """Show choices by name: edition, audience, level, previous, templates, pdf, html, book."""
        page = self.edition_page
        page.edition.setText(choices.get("edition", ""))
        for combo, name in ((page.audience, "audience"), (page.level, "level")):
            combo.setCurrentIndex(max(0, combo.findData(choices.get(name, ""))))
        for field, name in self._paths().items():
            field.setFilePath(choices.get(name, ""))
        self.templates_page.refresh()

    def show_parameters(self, parameters: dict) -> None:
        """Show the choices that parameters of the algorithm make; sections and settings stay."""
        names = {"EDITION": "edition", "LEVEL": "level", "PREVIOUS": "previous", "TEMPLATES": "templates"}
        names |= {"OUTPUT": "pdf", "HTML": "html", "BOOK": "book"}
        given = {choice: str(parameters[name]) for name, choice in names.items() if parameters.get(name)}
        if isinstance(parameters.get("AUDIENCE"), int):
            given["audience"] = self.edition_page.audience.itemData(parameters["AUDIENCE"])
        self.show_choices({**self.choices(), **given})

    def _paths(self) -> dict[QgsFileWidget, str]:
        files = self.files_page
        return {
            self.edition_page.previous: "previous",
            self.templates_page.folder: "templates",
            files.pdf: "pdf",
            files.html: "html",
            files.book: "book",
        }

    def choices(self) -> dict[str, str]:
        """Return what is chosen besides the settings, by name."""
        page = self.edition_page
        return {
            "edition": page.edition.text().strip(),
            "audience": page.audience.currentData(),
            "level": page.level.currentData(),
            **{name: field.filePath().strip() for field, name in self._paths().items()},
        }

    def settings(self) -> Settings:
        """Return the settings as the window has them."""
        settings = self.look_page.settings(self.texts_page.settings(self.kept))
        return replace(settings, sections=self.edition_page.sections.chosen)

    def asked(self) -> Asked:
        """Return what is asked of the edition."""
        choices = self.choices()
        return Asked(
            store=self.store,
            edition=choices["edition"] or str(date.today().year),
            audience=choices["audience"],
            printed_on=date.today(),
            level=choices["level"],
            settings=self.settings(),
            templates=Path(choices["templates"]) if choices["templates"] else None,
            previous=Path(choices["previous"]) if choices["previous"] else None,
        )

    def parameters(self) -> dict:
        """Return the parameters of the algorithm."""
        choices = self.choices()
        asked = {
            "STORE": str(self.store),
            "EDITION": choices["edition"],
            "AUDIENCE": self.edition_page.audience.currentIndex(),
            "LEVEL": choices["level"],
            "PREVIOUS": choices["previous"],
            "TEMPLATES": choices["templates"],
            "SETTINGS": self.settings().to_json(),
            "OUTPUT": choices["pdf"],
            "HTML": choices["html"],
            "BOOK": choices["book"],
            "RECORD": self.files_page.record.isChecked(),
        }
        return {name: value for name, value in asked.items() if value != ""}
