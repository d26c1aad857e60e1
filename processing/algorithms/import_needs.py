"""Needs of a file into a workspace, none of them about a person: the adapter of ``layers.importing``."""

from __future__ import annotations

from ...i18n import translate
from .importing import ImportRows


class ImportNeeds(ImportRows):
    """Creates and updates needs, each at the centre of its unit."""

    TABLE = "besoin"

    def name(self):
        return "importneeds"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Import needs")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join(
            (
                translate(
                    "Tisserand",
                    "Brings the needs of a file into a workspace: what correspondents noted, surveys, or figures of "
                    "statistics. One row is one need of a territory with its number of situations, never a person.",
                ),
                translate(
                    "Tisserand",
                    "A row with a name, a date of birth, an address, a telephone number or a mail address is refused, "
                    "and what it says is not repeated. The point of a need is put at the centre of its unit: IRIS, "
                    "commune, sector, EPCI, else the commune in which it lies.",
                ),
                translate(
                    "Tisserand",
                    "A figure that is secret in the file (s, ns) or missing stays empty, which is not 0. The same file "
                    "imported twice changes nothing.",
                ),
            )
        )
