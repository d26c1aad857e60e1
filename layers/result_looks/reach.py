"""How the results of the analysis of reach look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsLineSymbol, QgsVectorLayer

from ...styles import palette
from .parts import by_rules, name_fields

REACHED_ALIASES = {
    "minutes": "Temps au bout du tronçon (min)",
    "acteur": "Acteur le plus proche (identifiant)",
    "acteur_nom": "Acteur le plus proche",
    "minutes_debut": "Temps au début du tronçon (min)",
    "classe": "Classe de temps : jusqu'à (min)",
    "longueur_m": "Longueur (m)",
}
UNREACHED_ALIASES = {
    "minutes": "Temps au bout du tronçon (min)",
    "minutes_debut": "Temps au début du tronçon (min)",
    "cause": "Cause",
    "longueur_m": "Longueur (m)",
}
CAUSES = {"trop_loin": "Au-delà de la portée", "sans_acces": "Sans route vers un acteur"}
# Near roads are dark and wide, far ones light and narrow: a grey print keeps the order.
NEAR, FAR = (0x00, 0x2B, 0x49), (0x8F, 0xB8, 0xD2)
WIDEST, NARROWEST = 1.1, 0.45


def class_label(lower: float, upper: float) -> str:
    """Return the name of a class of time between two numbers of minutes."""
    return f"{lower:g} à {upper:g} min".replace(".", ",")


def style_reached(layer: QgsVectorLayer) -> None:
    """Show each class of time that the layer has by width and lightness, the nearest first."""
    position = layer.fields().lookupField("classe")
    bounds = sorted(layer.uniqueValues(position)) if position >= 0 else []
    rules = []
    for number, (lower, upper) in enumerate(zip([0.0, *bounds], bounds)):
        share = number / max(1, len(bounds) - 1)
        rules.append((class_label(lower, upper), f'"classe" = {upper!r}', _line(share)))
    if rules:
        layer.setRenderer(by_rules(rules))
    name_fields(layer, REACHED_ALIASES)


def style_unreached(layer: QgsVectorLayer) -> None:
    """Show what is too far by a dashed line, what no road leads to by a dotted one."""
    rules = [
        (CAUSES[cause], f"\"cause\" = '{cause}'", _dashed(dash, colour))
        for cause, dash, colour in (
            ("trop_loin", "1;0.8", palette()["gaps"][2]),
            ("sans_acces", "0.3;1", palette()["gaps"][3]),
        )
    ]
    layer.setRenderer(by_rules(rules))
    name_fields(layer, UNREACHED_ALIASES)


def _line(share: float) -> QgsLineSymbol:
    colour = "#" + "".join(f"{round(near + share * (far - near)):02x}" for near, far in zip(NEAR, FAR))
    width = WIDEST + share * (NARROWEST - WIDEST)
    return QgsLineSymbol.createSimple({"line_color": colour, "line_width": f"{width:.2f}", "capstyle": "round"})


def _dashed(dash: str, colour: str) -> QgsLineSymbol:
    return QgsLineSymbol.createSimple(
        {"line_color": colour, "line_width": "0.3", "use_custom_dash": "1", "customdash": dash, "capstyle": "flat"}
    )
