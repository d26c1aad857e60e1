"""Codes of the model's lists, read from codes or from French words."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import groupby

from ...model.codes import code_list
from ...model.schema import Field
from ..folding import fold
from .causes import NO_CODE, Cleaned, Fault
from .texts import as_text, shown

_BETWEEN = re.compile(r"[|;\n]")


@cache
def words_of(name: str) -> dict[str, str]:
    """Return folded code and folded label -> code of a list; a label that two codes share means neither."""
    labels = code_list(name).labels
    pairs = sorted((fold(label), code) for code, label in labels.items())
    shared = {label: [code for _, code in group] for label, group in groupby(pairs, key=lambda pair: pair[0])}
    by_label = {label: found[0] for label, found in shared.items() if len(found) == 1}
    return by_label | {fold(code): code for code in labels}


def parts_of(value: object, mark: str = "") -> list[str]:
    """Return the values in a cell: a list, a JSON array, ``{a,b}``, or texts parted by ``mark``, else ``|``, ``;``."""
    if isinstance(value, (list, tuple)):
        return [text for part in value if (text := as_text(part).strip())]
    text = as_text(value).strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            return parts_of([part for part in json.loads(text) if not isinstance(part, (dict, list))])
        except (ValueError, RecursionError):
            text = text[1:-1]
    elif text.startswith("{") and text.endswith("}"):
        return [part for piece in text[1:-1].split(",") if (part := piece.strip().strip('"'))]
    pieces = text.split(mark) if mark else _BETWEEN.split(text)
    return [part for piece in pieces if (part := piece.strip())]


def coded(field: Field, value: object, mark: str, meanings: dict[str, str | None], lenient: bool) -> Cleaned:
    """Return the code or codes that a cell means, ``|`` between them; unknown ones are a fault.

    ``meanings`` are those of the mapping by folded words: a code, several with ``|`` between, or None for nothing.
    """
    known = words_of(field.codes)
    found: list[str] = []
    unknown: list[str] = []
    pieces = parts_of(value, mark) if field.multiple else [as_text(value).strip()]
    for piece in pieces:
        meant = _meant(piece, known, meanings)
        if meant is None and field.multiple and not mark and "," in piece:
            meant, rest = _between_commas(piece, known, meanings)
            unknown += rest
        elif meant is None:
            unknown.append(piece)
        found += meant or []
    codes = list(dict.fromkeys(found))
    fault = Fault(NO_CODE, shown(unknown), grave=not lenient) if unknown else None
    return Cleaned("|".join(codes if field.multiple else codes[:1]) or None, fault)


def _meant(piece: str, known: dict[str, str], meanings: dict[str, str | None]) -> list[str] | None:
    words = fold(piece)
    if words in meanings:
        meant = meanings[words]
        return meant.split("|") if meant else []
    return [known[words]] if words in known else None


def _between_commas(text: str, known: dict[str, str], meanings: dict[str, str | None]) -> tuple[list[str], list[str]]:
    """Return the codes in a text with commas between and, as in « Troc, échange », within; and what is unknown."""
    pieces = [piece.strip() for piece in text.split(",")]
    found: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(pieces):
        for end in range(min(at + 4, len(pieces)), at, -1):
            meant = _meant(", ".join(pieces[at:end]), known, meanings)
            if meant is not None:
                found += meant
                at = end
                break
        else:
            if pieces[at]:
                unknown.append(pieces[at])
            at += 1
    return found, unknown
