"""Names of files made from what people wrote: they must open on every system, and never lead out of their folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 80
"""Letters of a name: a folder of a council's network may itself take most of Windows' 260."""
RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{digit}" for device in ("com", "lpt") for digit in range(10))}
"""Names that Windows keeps for devices, whatever their extension."""


def file_names(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return code -> file name without extension, for (code, name); no two are the same, whatever their case.

    Namesakes carry their code; who comes first does not matter.
    """
    stems = {code: stem(name) or stem(code) or "territoire" for code, name in wanted}
    sharing: dict[str, list[str]] = {}
    for code, name in stems.items():
        sharing.setdefault(name.casefold(), []).append(code)
    names: dict[str, str] = {}
    taken: set[str] = {name for name, codes in sharing.items() if len(codes) == 1}
    for _, codes in sorted(sharing.items()):
        for code in sorted(codes):
            chosen = stems[code]
            if len(codes) > 1:
                base = chosen = "-".join(filter(None, (chosen, stem(code))))
                number = 2
                while chosen.casefold() in taken:
                    chosen, number = f"{base}-{number}", number + 1
                taken.add(chosen.casefold())
            names[code] = chosen
    return names


def stem(text: str) -> str:
    """Return a text as a file may be called: plain letters, digits and hyphens; "" when nothing of it can be kept."""
    spelled = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    return f"{name}-" if name.casefold() in RESERVED else name
