"""What the analysis of coverage found for each territory."""

from __future__ import annotations

from ..facts.content import Content
from ..facts.remarks import Remark
from ..gate import Gap


def read_gaps(content: Content, rows: list[dict]) -> dict[tuple[str, str], Gap]:
    """Return, for the gate, the rows of the table by territory and theme; ``content`` gets the states of the offer."""
    if not rows:
        content.warnings.append(
            Remark(
                "La couverture des besoins n'a pas été calculée : les pages correspondantes sont absentes du guide.",
                "analysis",
            )
        )
    keys = [("" if row["niveau"] == content.outline.level else row["code"], row["theme"] or "") for row in rows]
    content.offers = {key: row.get("etat_offre") or "" for key, row in zip(keys, rows)}
    return {key: _gap(row) for key, row in zip(keys, rows)}


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
    )
