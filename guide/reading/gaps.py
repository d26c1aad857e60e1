"""What the analysis of coverage found for each territory."""

from __future__ import annotations

from collections import defaultdict
from math import fsum

from ..content import Content, Gap

CONFIDENCES = ("faible", "moyenne", "forte")


def read_gaps(content: Content, rows: list[dict]) -> None:
    """Fill ``gaps`` from rows of the table by territory of the analysis."""
    if not rows:
        content.warnings.append(
            "La couverture des besoins n'a pas été calculée : les pages correspondantes sont absentes du guide."
        )
    by_territory: dict[str, list[Gap]] = defaultdict(list)
    for row in rows:
        gap = _gap(row)
        code = "" if row["niveau"] == "departement" else row["code"]
        content.gaps[code, row["theme"] or ""] = gap
        by_territory[code].append(gap)
    for code, gaps in by_territory.items():
        content.gaps[code, ""] = _of_all_themes(gaps)


def _gap(row: dict) -> Gap:
    # A table made by an earlier version has no bounds: what is known is then all there is.
    unmet = row["non_couvert"] or 0.0
    least, most = row.get("non_couvert_min"), row.get("non_couvert_max")
    return Gap(
        row["besoin"] or 0.0,
        unmet,
        row["principale_cause"] or "",
        unmet if least is None else least,
        unmet if most is None else most,
        row.get("confiance") or "",
        row.get("etat_offre") or "",
    )


def _of_all_themes(gaps: list[Gap]) -> Gap:
    worst = max(gaps, key=lambda gap: (gap.unmet, gap.cause))
    known = [gap.confidence for gap in gaps if gap.situations and gap.confidence in CONFIDENCES]
    return Gap(
        fsum(gap.situations for gap in gaps),
        fsum(gap.unmet for gap in gaps),
        worst.cause,
        fsum(gap.least for gap in gaps),
        fsum(gap.most for gap in gaps),
        min(known, key=CONFIDENCES.index, default=""),
    )
