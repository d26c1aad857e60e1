"""What the import of territories tells its user: method, warnings, the table of what was refused, report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qgis.core import QgsFeature, QgsProcessingFeedback, QgsVectorLayer

from ....i18n import translate
from ....layers.fields import INTEGER, TEXT
from ..frames import fields_of, some
from ..reports import Report, Table

if TYPE_CHECKING:
    from ....layers.territories.planning import Plan

REJECT_FIELDS = {"ligne": INTEGER, "champ": TEXT, "valeur": TEXT, "cause": TEXT}
REJECT_ALIASES = {"ligne": "Ligne", "champ": "Champ", "valeur": "Valeur", "cause": "Cause"}
FORMULA = "clé : niveau + code + millésime ; commune membre : plus de la moitié de sa surface"
SOURCE = "Code officiel géographique 2026 (Insee) ; communes disparues depuis 1943 (Insee, Etalab)."
# Square kilometres: less is the play between two outlines of the same border.
WORTH_SAYING = 0.1


def method() -> str:
    """Return what is taken, refused and changed, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Takes territories of a level into the workspace, from a layer in any CRS, the national file or a Web "
            "Feature Service. A territory is known by its level, code and vintage: taking the same file twice changes "
            "nothing.",
        ),
        translate(
            "Tisserand",
            "Refused, with the row and the cause: no code, no name, no polygon, a code used twice, a code that lost "
            "its zero, a code that is no commune, ground outside the Département. Invalid polygons are mended.",
        ),
        translate(
            "Tisserand",
            "Communes that have merged since tell the vintage of the layer when none is given. What a newer vintage "
            "replaces stays in the workspace with the date it was replaced.",
        ),
    )
    return "\n".join(sentences)


def warn(made: Plan, partial: Sequence[str], feedback: QgsProcessingFeedback) -> None:
    """Tell what was mended, what is of another vintage, what does not fit the communes, and what was refused."""
    labels = [f"{reject.value or '–'} ({reject.row})" for reject in made.rejected]
    cut = [f"{name} : {some(codes)}" for name, codes in made.cut.items()]
    for items, text in (
        (labels, translate("Tisserand", "Rows refused, with their number: {count} ({items}).")),
        (made.mended, translate("Tisserand", "Invalid polygons, mended: {count} ({items}).")),
        (made.zeros, translate("Tisserand", "Codes given their zero back: {count} ({items}).")),
        (made.replaced, translate("Tisserand", "Territories that a newer vintage replaces: {count} ({items}).")),
        (cut, translate("Tisserand", "Territories that cut communes: {count} ({items}).")),
        (partial, translate("Tisserand", "Drawn in part, their other communes were not asked for: {count} ({items}).")),
    ):
        if items:
            feedback.pushWarning(text.format(count=len(items), items=some(items)))
    if made.merged:
        feedback.pushWarning(
            translate(
                "Tisserand", "Communes merged since: {count} ({items}). The layer is taken as of the vintage {year}."
            ).format(count=len(made.merged), items=some(made.merged), year=made.vintage)
        )
    for remark in made.remarks:
        feedback.pushWarning(f"{remark.row}, {remark.value} : {remark.sentence(translate)}")
    for surface, text in (
        (made.fit.overlap, translate("Tisserand", "Territories overlap each other by {surface} km².")),
        (made.fit.gap, translate("Tisserand", "{surface} km² of the Département are in none of these territories.")),
        (made.fit.beyond, translate("Tisserand", "{surface} km² of these territories lie outside the Département.")),
    ):
        if surface >= WORTH_SAYING:
            feedback.pushWarning(text.format(surface=f"{surface:.1f}"))


def counts(made: Plan) -> dict[str, int]:
    """Return the numbers of an import by the name of their output; accepted and rejected add up to the rows read."""
    replaced = len(made.replaced)
    return {
        "ACCEPTED": made.accepted,
        "REJECTED": len(made.rejected),
        "CREATED": len(made.creates),
        "UPDATED": len(made.updates) - replaced,
        "UNCHANGED": made.unchanged,
        "REPLACED": replaced,
    }


def reject_features(made: Plan) -> list[QgsFeature]:
    """Return one feature without geometry for each row refused, and for each value left out."""
    fields = fields_of(REJECT_FIELDS)
    features = []
    for reject in sorted([*made.rejected, *made.remarks], key=lambda one: one.row):
        feature = QgsFeature(fields)
        feature.setAttributes([reject.row, reject.field, reject.value, reject.sentence(translate)])
        features.append(feature)
    return features


def name_rejects(layer: QgsVectorLayer) -> None:
    """Give the table of what was refused its French names."""
    for name, alias in REJECT_ALIASES.items():
        layer.setFieldAlias(layer.fields().lookupField(name), alias)


def report(title: str, about: dict[str, tuple[str, str]], made: Plan, warnings: list[str]) -> Report:
    """Return the report: the numbers, how the territories lie, then each row refused."""
    labels = {
        "ACCEPTED": translate("Tisserand", "Territories taken"),
        "REJECTED": translate("Tisserand", "Rows refused"),
        "CREATED": translate("Tisserand", "New"),
        "UPDATED": translate("Tisserand", "Changed"),
        "UNCHANGED": translate("Tisserand", "Unchanged"),
        "REPLACED": translate("Tisserand", "Replaced by a newer vintage"),
    }
    surfaces = (
        (translate("Tisserand", "Overlap (km²)"), round(made.fit.overlap, 2)),
        (translate("Tisserand", "Of the Département, in no territory (km²)"), round(made.fit.gap, 2)),
        (translate("Tisserand", "Outside the Département (km²)"), round(made.fit.beyond, 2)),
    )
    numbers = [(labels[name], number) for name, number in counts(made).items()]
    rows = [(one.row, one.field, one.value, one.sentence(translate)) for one in [*made.rejected, *made.remarks]]
    cut = [(name, ", ".join(codes)) for name, codes in made.cut.items()]
    headings = (
        translate("Tisserand", "Row"),
        translate("Tisserand", "Field"),
        translate("Tisserand", "Value"),
        translate("Tisserand", "Cause"),
    )
    tables = [
        Table(translate("Tisserand", "Result"), ("", ""), [*numbers, *surfaces]),
        Table(translate("Tisserand", "Rows refused"), headings, rows),
        Table(
            translate("Tisserand", "Territories that cut communes"),
            (translate("Tisserand", "Territory"), translate("Tisserand", "Communes")),
            cut,
        ),
    ]
    return Report(title, method(), FORMULA, SOURCE, about, [table for table in tables if table.rows], warnings)
