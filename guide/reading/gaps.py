"""What the analysis of coverage found for each territory."""

from __future__ import annotations

from collections import defaultdict

from ..content import Content, Gap


def read_gaps(content: Content, rows: list[dict]) -> None:
    """Fill ``gaps`` from rows of the table by territory of the analysis."""
    if not rows:
        content.warnings.append(
            "La couverture des besoins n'a pas été calculée : les pages correspondantes sont absentes du guide."
        )
    by_territory: dict[str, list[Gap]] = defaultdict(list)
    for row in rows:
        gap = Gap(row["besoin"] or 0.0, row["non_couvert"] or 0.0, row["principale_cause"] or "")
        code = "" if row["niveau"] == "departement" else row["code"]
        content.gaps[code, row["theme"] or ""] = gap
        by_territory[code].append(gap)
    for code, gaps in by_territory.items():
        worst = max(gaps, key=lambda gap: gap.unmet)
        content.gaps[code, ""] = Gap(sum(g.situations for g in gaps), sum(g.unmet for g in gaps), worst.cause)
