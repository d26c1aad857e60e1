"""Why a site is proposed and how sure that is, in French sentences made from the figures."""

from __future__ import annotations

from collections.abc import Sequence

PLACES_TOLD = 4
SOLID, LIKELY = 0.8, 0.5
SOLIDITY = ("solide", "assez sûr", "incertain")


def solidity(frequency: float | None) -> str | None:
    """Return a word for how often a site stays chosen; None when that was not tried."""
    if frequency is None or frequency != frequency:
        return None
    return SOLIDITY[0] if frequency >= SOLID else SOLIDITY[1] if frequency >= LIKELY else SOLIDITY[2]


def number(value: float) -> str:
    """Return a number as it is written in French: whole from ten on, else with one decimal where it has one."""
    text = f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:,.1f}"
    return text.replace(",", " ").replace(".", ",")


def people(value: float) -> str:
    """Return so many people in words."""
    return f"{number(value)} personne" + ("" if value < 2 else "s")


def listed(names: Sequence[str], counts: Sequence[float]) -> str:
    """Return places with their people, those with most first, the others counted."""
    order = sorted(range(len(names)), key=lambda k: (-counts[k], names[k]))
    told = ", ".join(f"{names[k]} ({number(counts[k])})" for k in order[:PLACES_TOLD])
    more = len(names) - PLACES_TOLD
    return told + (f" et {more} autre{'' if more == 1 else 's'} lieu{'' if more == 1 else 'x'}" if more > 0 else "")


def gained(model: str, first: bool, gain: float, served: float, names: Sequence[str], counts: Sequence[float]) -> str:
    """Return what a site brings."""
    where = f" : {listed(names, counts)}" if len(names) else ""
    if model == "pmedian":
        whose = f"Le plus proche pour {people(served)}{where}"
        if gain != gain:
            return whose
        return f"{whose} ; épargne {number(gain)} minutes de trajet, toutes personnes comptées"
    verb = "Met à portée" if first else "Met à portée en plus"
    return f"{verb} {people(gain)}{where}"


def kept(frequency: float, itself: float, runs: int) -> str:
    """Return how often the site, or one close to it, stays chosen when the figures are shaken."""
    word = solidity(frequency)
    if word is None or not runs:
        return ""
    of_them = f", ce lieu même dans {itself * 100:.0f} %" if itself < frequency else ""
    return f"{word} : ce lieu ou un voisin revient dans {frequency * 100:.0f} % de {runs} essais{of_them}"


def instead(model: str, name: str | None, loss: float, gain: float) -> str:
    """Return what the next best candidate would lose."""
    if loss != loss:
        return ""
    unit = "minutes de trajet" if model == "pmedian" else "personnes"
    if name is None:
        what = f"{number(loss)} {unit} de plus" if model == "pmedian" else f"{number(loss)} {unit} perdues"
        return f"aucun autre candidat ne le remplace ({what} sans lui)"
    if loss <= 0.05:
        return f"à défaut « {name} » ferait aussi bien"
    share = f" ({loss / gain * 100:.0f} % de son apport)" if gain == gain and gain > 0 and model != "pmedian" else ""
    verb = "coûterait" if model == "pmedian" else "perdrait"
    return f"à défaut « {name} » {verb} {number(loss)} {unit}{share}"


def neighbour(name: str | None, minutes: float | None) -> str:
    """Return the existing actor nearest to a site."""
    if name is None or minutes is None or minutes != minutes:
        return ""
    return f"acteur existant le plus proche : « {name} », à {number(minutes)} min"
