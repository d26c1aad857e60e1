"""What the building of sectors tells its user: method, warnings, report."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.territories.sectors import Sectors
from ..frames import some
from ..reports import Report, Table

FORMULA = "secteur = réunion des contours de ses communes"
SOURCE = "Code officiel géographique 2026 (Insee) ; communes disparues depuis 1943 (Insee, Etalab)."
MOST = 10


def method() -> str:
    """Return what is built and what is reported, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Makes the sectors of social action by dissolving communes, after a table that gives the sector of each "
            "commune, and writes them to the workspace. A sector is known by its code: running twice changes nothing.",
        ),
        translate(
            "Tisserand",
            "A commune that merged, or an arrondissement, is followed to the commune of today. A commune in two "
            "sectors stops everything. Communes without a sector, unknown codes and sectors in several pieces are "
            "reported by name.",
        ),
    )
    return "\n".join(sentences)


def findings(made: Sectors) -> list[tuple[str, list]]:
    """Return what has to be looked at: a sentence to fill with ``count`` and ``items``, and the items."""
    return [
        (text, items)
        for text, items in (
            (translate("Tisserand", "Communes without a sector: {count} ({items})."), made.orphans),
            (translate("Tisserand", "Codes of the table that no commune has: {count} ({items})."), made.unknown),
            (
                translate("Tisserand", "Communes of the table that the communes given lack: {count} ({items})."),
                made.elsewhere,
            ),
            (translate("Tisserand", "Rows without a commune or a sector: {count} ({items})."), made.unsaid),
            (
                translate("Tisserand", "Sectors in several pieces, with what lies apart: {count} ({items})."),
                made.scattered,
            ),
            (translate("Tisserand", "Merged communes, followed: {count} ({items})."), made.followed),
            (
                translate("Tisserand", "Arrondissements and parts of communes, followed: {count} ({items})."),
                made.arrondissements,
            ),
            (translate("Tisserand", "Codes given their zero back: {count} ({items})."), made.zeros),
            (
                translate("Tisserand", "Communes said more than once, each time alike: {count} ({items})."),
                made.repeated,
            ),
            (
                translate("Tisserand", "Sectors with several names, the first one kept: {count} ({items})."),
                made.renamed,
            ),
            (translate("Tisserand", "Communes without an outline: {count} ({items})."), made.without_outline),
            (translate("Tisserand", "Invalid polygons, mended: {count} ({items})."), made.mended),
            (
                translate("Tisserand", "Sectors of the workspace that the table lacks, left: {count} ({items})."),
                made.kept,
            ),
        )
        if items
    ]


def warn(made: Sectors, feedback: QgsProcessingFeedback) -> None:
    """Tell everything that does not go without saying, by name."""
    for text, items in findings(made):
        feedback.pushWarning(text.format(count=len(items), items=some(items, MOST)))


def counts(made: Sectors) -> dict[str, int]:
    """Return the numbers of a run by the name of their output."""
    return {
        "SECTORS": len(made.sectors),
        "CREATED": len(made.creates),
        "UPDATED": len(made.updates),
        "UNCHANGED": made.unchanged,
        "ORPHANS": len(made.orphans),
        "UNKNOWN": len(made.unknown) + len(made.elsewhere),
        "SCATTERED": len(made.scattered),
    }


def report(title: str, about: dict[str, tuple[str, str]], made: Sectors, warnings: list[str]) -> Report:
    """Return the report: each sector, then everything found, in full."""
    sectors = Table(
        translate("Tisserand", "Sectors"),
        (
            translate("Tisserand", "Code"),
            translate("Tisserand", "Name"),
            translate("Tisserand", "Communes"),
            translate("Tisserand", "Pieces"),
        ),
        [(one.code, one.nom, len(one.communes), one.pieces) for one in made.sectors],
    )
    rows = [(text.format(count=len(items), items="…"), item) for text, items in findings(made) for item in items]
    headings = (translate("Tisserand", "Finding"), translate("Tisserand", "Name"))
    tables = [sectors, *([Table(translate("Tisserand", "To check"), headings, rows)] if rows else [])]
    return Report(title, method(), FORMULA, SOURCE, about, tables, warnings)
