"""Codes, numbers and names said in plain French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ...layers.model.codes import code_list

WORDS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
    "PH": "jours fériés",
    "SH": "vacances scolaires",
    "off": "fermé",
    "closed": "fermé",
    "24/7": "jour et nuit, tous les jours",
    "Jan": "janvier",
    "Feb": "février",
    "Mar": "mars",
    "Apr": "avril",
    "May": "mai",
    "Jun": "juin",
    "Jul": "juillet",
    "Aug": "août",
    "Sep": "septembre",
    "Oct": "octobre",
    "Nov": "novembre",
    "Dec": "décembre",
}
NTH = {"1": "1er", "-1": "dernier"}
_NTH = re.compile(r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\[(-?\d)\]")
_RANGE = re.compile(r"-(?=\d|Mo|Tu|We|Th|Fr|Sa|Su)")
_TOKEN = re.compile(r"24/7|\b(?:" + "|".join(word for word in WORDS if word != "24/7") + r")\b")


def hours_in_words(hours: str) -> str:
    """Return OpenStreetMap opening hours with French days and hours; what it does not know stays as it stands.

    ``Mo-Fr 09:00-12:00; PH off`` becomes ``Lundi-vendredi 9 h-12 h ; jours fériés fermé``.
    """
    text = _NTH.sub(lambda match: f"{NTH.get(match.group(2), match.group(2) + 'e')} {match.group(1)} du mois", hours)
    text = _RANGE.sub("–", text)
    text = _TOKEN.sub(lambda match: WORDS[match.group()], text)
    text = re.sub(r"\b0?(\d{1,2}):00\b", "\\1\u00a0h", text)
    text = re.sub(r"\b0?(\d{1,2}):(\d{2})\b", "\\1\u00a0h\u00a0\\2", text)
    text = re.sub(r"\s*;\s*", "\u00a0; ", text)
    text = re.sub(r"\s*,\s*", ", ", text)
    return text[:1].upper() + text[1:]


def glued(text: str) -> str:
    """Return a French text whose signs and quotation marks never stand alone at the beginning or end of a line."""
    return re.sub(r" (?=[;:!?»])|(?<=«) ", "\u00a0", text)


def decimal(value: float) -> str:
    """Return a number as short as it is true, with a comma."""
    return f"{value:g}".replace(".", ",")


def reach_in_words(minutes: float, speed: float, detour: float) -> str:
    """Return what counts as within reach, as a planner would say it; ``speed`` in km/h."""
    mode = "à pied" if speed <= 6 else "à vélo" if speed <= 20 else "en voiture"
    kilometres = minutes * speed / 60 / detour
    return (
        f"à moins de {decimal(minutes)} minutes {mode} ({decimal(speed)} km/h, trajet {decimal(detour)} fois plus long "
        f"que le vol d'oiseau, soit {decimal(round(kilometres, 1))} km à vol d'oiseau)"
    )


def listed(names: list[str], most: int) -> str:
    """Return names joined by commas, and how many more there are than ``most``."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" et {more} autres" if more > 1 else f", {names[-1]}" if more == 1 else "")


def in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence; what is written in capitals stays so."""
    return label[:1].lower() + label[1:]


def on_map(name: str, longest: int = 11) -> str:
    """Return a name in short lines, broken after a hyphen or at a space, as it stands within a territory."""
    lines = [""]
    for word in re.findall(r"[^\s-]+-?|-|\s", name):
        if len(lines[-1] + word) > longest and lines[-1].strip():
            lines[-1] = lines[-1].strip()
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return "\n".join(line for line in (line.strip() for line in lines) if line)


_ARTICLE = re.compile(r"^(l['’]|les |le |la |un |une )\s*", re.IGNORECASE)


def without_article(name: str) -> str:
    """Return a name as an index lists it, its article behind: ``Bobine (La)``."""
    article = _ARTICLE.match(name)
    if not article:
        return name
    rest = name[article.end() :]
    return f"{rest[:1].upper()}{rest[1:]} ({article.group(1).strip()})" if rest else name


def sort_key(text: str) -> str:
    """Return a key by which French names sort as in a directory: article, accents and case do not count."""
    bare = _ARTICLE.sub("", text.strip("\"'«“ \u00a0"))
    folded = unicodedata.normalize("NFKD", bare.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae"))
    return "".join(c for c in folded if not unicodedata.combining(c)).casefold().strip()


@lru_cache(20_000)
def printable(text: str) -> str:
    """Return a person's text as one paragraph, without characters that cannot be printed; hard spaces stay."""
    hard = text.replace("\u202f", "\u00a0")
    visible = "".join(c if c.isprintable() or c == "\u00a0" else " " for c in hard)
    return re.sub(" +", " ", visible).strip()


def number(value: float) -> str:
    """Return a whole number the French way: thousands apart by a narrow space that does not break."""
    return f"{value:,.0f}".replace(",", "\u00a0")


def labels(codes: Iterable[str], list_name: str) -> str:
    """Return the words for codes of a list, joined by commas."""
    words = code_list(list_name)
    return ", ".join(words.label(code) for code in codes)


def plural(count: int, singular: str, several: str = "") -> str:
    """Return a count with its noun, in the plural from 2 on as French wants."""
    return f"{number(count)} {singular if count < 2 else several or singular + 's'}"
