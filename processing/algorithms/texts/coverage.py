"""What the coverage analysis tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.model.codes import code_list
from ....layers.result_looks.coverage import CAUSES
from ..frames import Reading
from ..reports import Report, Table
from .meeting import ids

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FORMULA = "R(j) = S(j) / Σ P(i) w(i,j)\nA(i) = Σ R(j) w(i,j)\nG(i) = P(i) max(0, 1 − A(i) / T)"
SOURCE = (
    "Luo & Wang 2003, doi:10.1068/b29120 (2SFCA) ; Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002 (E2SFCA) ; "
    "Dai 2010, doi:10.1016/j.healthplace.2010.06.012 ; DREES, accessibilité potentielle localisée (APL)."
)


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "For each need and each of its themes: the places that the actors in reach have per person in need, "
            "shared with everyone else who reaches them (local potential accessibility, E2SFCA method), and the "
            "people left without.",
        ),
        translate(
            "Tisserand",
            "P: people of a need; S: capacity of an actor; w: weight, falling with the time between them; T: target. "
            "Minutes = crow-fly metres × detour / speed; a need at exactly the reach is reached.",
        ),
        translate(
            "Tisserand",
            "Causes: hors_portee, no actor of the theme in reach; public, actors in reach but none for this public; "
            "capacite, not enough places; couvert, nobody left without.",
        ),
        translate(
            "Tisserand",
            "A need with several themes counts whole in each; an actor with several themes offers each its whole "
            "capacity, which overstates what it can do. An unknown capacity is taken as the median of the theme; when "
            "no capacity is known, whoever reaches an eligible actor counts as covered. An unknown count is one "
            "person. A public meets an actor that names it, or that names none, or “tous-publics”.",
        ),
        translate(
            "Tisserand",
            "Near the border of the territories, actors beyond it are missing: see effet_bord. Robustness is the "
            "share of six other settings (reach × 0.75, 1, 1.25, two decays) in which a need stays in the worst fifth.",
        ),
    )
    return " ".join(sentences)


def warn_outside(outside: list, needs: Reading, feedback: QgsProcessingFeedback) -> None:
    """Tell which needs lie in no territory."""
    if outside:
        feedback.pushWarning(
            translate(
                "Tisserand", "Needs outside all territories, in no total of theirs: {count} (features {ids})."
            ).format(count=len(outside), ids=ids(outside, needs))
        )


def report(title: str, about: dict[str, tuple[str, str]], rows: GeoDataFrame, warnings: list[str]) -> Report:
    """Return the report: people and gap by theme, and by cause, under their French names."""
    themes = code_list("themes_vie").labels
    causes = {cause: label for cause, (label, *_) in CAUSES.items()}
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[
            _sums(rows, "theme", translate("Tisserand", "By theme"), translate("Tisserand", "Theme"), themes),
            _sums(rows, "cause", translate("Tisserand", "By cause"), translate("Tisserand", "Cause"), causes),
        ],
        warnings=warnings,
    )


def _sums(rows: GeoDataFrame, column: str, title: str, heading: str, labels: dict[str, str]) -> Table:
    sums = rows.groupby(column)[["besoin", "non_couvert"]].sum()
    headings = (heading, translate("Tisserand", "People concerned"), translate("Tisserand", "People not covered"))
    lines = [(labels.get(code, code), round(people), round(unmet)) for code, people, unmet in sums.itertuples()]
    return Table(title, headings, lines)
