"""Texts that a spreadsheet would take for a formula (OWASP ASVS 1.2.10, CSV injection)."""

from __future__ import annotations

import re

# Harmless as a formula: an international telephone number, as the standards ask for it, or a degree west of Greenwich.
_NUMBER = re.compile(r"[+-]\d[\d .]*", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def disarmed(text: str) -> str:
    """Return a text before which an apostrophe stands when it begins as a formula does; ``+33…`` and ``-0.57`` stay.

    One apostrophe more also goes before those that already stand before such a beginning, so that taking away one
    apostrophe before ``'*[=+-@ TAB CR]`` always gives the text back.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
