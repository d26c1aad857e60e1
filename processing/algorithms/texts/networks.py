"""What the networks of actors tell their user: method, warnings, report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.result_looks.networks import SOLIDITIES, TYPES
from ..charts import Chart, bars
from ..frames import Reading, some
from ..reports import Report, Table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from ...analysis.networks.networks import ActorNetworks

FORMULA = (
    "k(i,j) = |(T(i) Δ T(j)) ∩ N| / |N| + 0,3 [public commun] + 1,5 [l'un recherche ce que l'autre partage]\n"
    "N = N(i) ∪ N(j) : thèmes demandés à moins de D de i ou de j\n"
    "s(i,j) = 0,45 (1 − min(d / D, 1)) + 0,30 Jaccard(thèmes) + 0,25 cos(tf-idf)\n"
    "z = (Q − moyenne Q(hasard)) / écart-type Q(hasard)"
)
SOURCE = (
    "Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008 ; Brandes 2001, doi:10.1080/0022250X.2001.9990249 ; "
    "Kruskal 1956, doi:10.1090/S0002-9939-1956-0078686-7 ; Maslov & Sneppen 2002, doi:10.1126/science.1065103 ; "
    "Guimerà et al. 2004, doi:10.1103/PhysRevE.70.025101."
)
LISTED = 200
"""Networks that a report names."""


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Complementarity links actors that bring each other what is missing: k is the share of the themes needed "
            "around them that exactly one of the two has, plus 0.3 when they serve the same public, plus 1.5 when one "
            "looks for what the other has to share, which outweighs the rest: it is what they say themselves. "
            "Similarity links those that are near, share themes and describe themselves in the same words.",
        ),
        translate(
            "Tisserand",
            "Needed are the themes of the needs within the distance; without needs, those of the actors within it. "
            "Each theme counts alike, however many people need it. Whoever names no theme complements nobody by them. "
            "A public is shared when both name it, or one is open to everyone; where no field of publics is given, "
            "nothing is added.",
        ),
        translate(
            "Tisserand",
            "Words of what is looked for and shared are compared without accents and endings: the first word of each "
            "thing listed, or two words of one thing. A link quotes both, as words alone may mislead.",
        ),
        translate(
            "Tisserand",
            "Kept are the pairs of which each is among the strongest partners of the other (mutuel), the nearest first "
            "among equals, and the spanning tree of the strongest links (passage), so that whoever has somebody within "
            "the distance is linked, be it by nearness alone. No link is longer than the distance.",
        ),
        translate(
            "Tisserand",
            "Networks are communities of links (Louvain); one that is too large gives those within it, or its "
            "strongest parts; one that is too small joins the neighbour it is most linked to, where there is room. The "
            "possible pilot is the member on most of the shortest ways between the others (a strong link is a short "
            "way), among equals the most strongly linked.",
        ),
        translate(
            "Tisserand",
            "The same links are drawn anew by chance, each actor keeping the number of its links and no link longer "
            "than the distance, and divided in the same way. modularite_z says how far the whole is from that chance "
            "(from 2 on, more than chance); p_hasard how many groups made by chance, of about that size, hold together "
            "as well. A network is called firmer than chance from z 2 on and up to p 0.05.",
        ),
        translate(
            "Tisserand",
            "A network is a proposal: nobody was asked. It does not say who already works together, and an actor that "
            "nobody surveyed is missing from it.",
        ),
    )
    return "\n".join(sentences)


def warn(
    frame: GeoDataFrame,
    found: ActorNetworks,
    actors: Reading,
    needs: Reading | None,
    feedback: QgsProcessingFeedback,
) -> None:
    """Tell what is not known of actors and needs, with their ids, and what stood in for it."""
    notes = found.notes
    for rows, reading, text in (
        (
            notes.without_theme,
            actors,
            translate("Tisserand", "Actors without a theme, linked by the rest: {count} (features {ids})."),
        ),
        (
            notes.needs_without_theme,
            needs,
            translate("Tisserand", "Needs without a theme, asking for none: {count} (features {ids})."),
        ),
        (
            notes.needs_without_count,
            needs,
            translate("Tisserand", "Needs without a known count, counted as one person: {count} (features {ids})."),
        ),
    ):
        if rows:
            feedback.pushWarning(text.format(count=len(rows), ids=some([reading.ids[row] for row in rows])))
    if not notes.from_needs:
        feedback.pushInfo(
            translate("Tisserand", "No themes of needs: the themes of the actors around stand for what is needed.")
        )
        if needs is not None:
            feedback.pushWarning(
                translate(
                    "Tisserand",
                    "The needs name no theme, so they were not used: the themes of the actors around stand for what is "
                    "needed.",
                )
            )
    if len(frame) > 1 and not notes.links:
        feedback.pushWarning(
            translate("Tisserand", "No two actors lie within the distance: no link. Take a longer distance.")
        )
    if 0 < notes.runs < notes.asked:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "Many links: chance was drawn {runs} times instead of {asked}, so that modularite_z and p_hasard are "
                "rougher.",
            ).format(runs=notes.runs, asked=notes.asked)
        )
    if notes.z == notes.z and notes.z < 2:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "In the largest connected part, the links form no groups beyond what chance makes (z = {z}): take the "
                "networks as neighbours who might meet, not as structures.",
            ).format(z=round(notes.z, 1))
        )


def report(
    title: str, about: dict[str, tuple[str, str]], found: ActorNetworks, labels: dict[str, str], warnings: list[str]
) -> Report:
    """Return the report: how firm the whole is, the networks, and what is missing most often."""
    notes, networks = found.notes, found.networks
    actors, inside = len(found.members), int(found.members["reseau"].notna().sum())
    clear = int((networks["solidite"] == "nette").sum())
    needed = (
        translate("Tisserand", "the needs within the distance")
        if notes.from_needs
        else translate("Tisserand", "the actors within the distance")
    )
    whole = Table(
        translate("Tisserand", "Result"),
        (translate("Tisserand", "Figure"), translate("Tisserand", "Value")),
        [
            (translate("Tisserand", "Actors"), actors),
            (translate("Tisserand", "In networks"), inside),
            (translate("Tisserand", "In none"), actors - inside),
            (translate("Tisserand", "Links"), notes.links),
            (translate("Tisserand", "Density of links (0 to 1)"), _rounded(notes.density, 4)),
            (translate("Tisserand", "Networks"), len(networks)),
            (translate("Tisserand", "of which firmer than chance"), clear),
            (translate("Tisserand", "Modularity of the largest part"), _rounded(notes.modularity, 3)),
            (translate("Tisserand", "its distance from chance (z)"), _rounded(notes.z, 1)),
            (translate("Tisserand", "Drawings by chance"), notes.runs),
            (translate("Tisserand", "Needed themes are those of"), needed),
        ],
    )
    headings = (
        translate("Tisserand", "Network"),
        translate("Tisserand", "Members"),
        translate("Tisserand", "Possible pilot"),
        translate("Tisserand", "Themes together"),
        translate("Tisserand", "Missing"),
        translate("Tisserand", "Solidity"),
        "p",
    )
    rows = [
        (
            network.reseau,
            network.membres,
            network.pilote,
            _themes(network.themes, labels),
            _themes(network.manque, labels),
            SOLIDITIES[network.solidite],
            _rounded(network.p_hasard, 2),
        )
        for network in networks.head(LISTED).itertuples()
    ]
    listed = translate("Tisserand", "Networks, the largest first (at most {most})").format(most=LISTED)
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[whole, Table(listed, headings, rows)],
        warnings=warnings,
        charts=_charts(found, labels),
    )


def _charts(found: ActorNetworks, labels: dict[str, str]) -> list[Chart]:
    networks = found.networks
    charts = []
    lacking = Counter(code for codes in networks["manque"].dropna() for code in codes.split("|") if code)
    if lacking:
        order = sorted(lacking, key=lambda code: (-lacking[code], code))[:12]
        charts.append(
            bars(
                translate("Tisserand", "Themes that networks lack"),
                [labels.get(code, code) for code in order],
                {translate("Tisserand", "Networks"): [lacking[code] for code in order]},
                translate("Tisserand", "Networks without the theme, needed around them"),
            )
        )
    if len(networks):
        sizes = sorted(set(networks["n"]))
        charts.append(
            bars(
                translate("Tisserand", "Size and solidity of the networks"),
                [translate("Tisserand", "{n} members").format(n=size) for size in sizes],
                {
                    label: [int(((networks["n"] == size) & (networks["solidite"] == code)).sum()) for size in sizes]
                    for code, label in SOLIDITIES.items()
                    if (networks["solidite"] == code).any()
                },
                translate("Tisserand", "Networks"),
            )
        )
    types = found.notes.types
    if types:
        charts.append(
            bars(
                translate("Tisserand", "What links the actors"),
                [label for code, label in TYPES.items() if code in types],
                {translate("Tisserand", "Links"): [types[code] for code in TYPES if code in types]},
                translate("Tisserand", "Links"),
            )
        )
    return charts


def _themes(codes: str, labels: dict[str, str]) -> str:
    return " · ".join(labels.get(code, code) for code in filter(None, codes.split("|")))


def _rounded(value: float, digits: int) -> float | str:
    return "–" if np.isnan(value) else round(value, digits)
