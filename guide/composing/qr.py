"""An address as a QR code."""

from __future__ import annotations

from ..vendored import vendored

LONGEST = 300
"""Characters; a longer address makes a code too dense for a telephone, printed 32 mm wide."""
QUIET = 4
"""Modules of white that a reader needs around the code (ISO/IEC 18004)."""


def qr_svg(address: str) -> str:
    """Return the code as an SVG, with its white border; one rectangle for each run of dark modules in a row.

    Raises TisserandError when the library that makes it is missing.
    """
    code = vendored("segno").make_qr(address, error="m", boost_error=False)
    rows = [list(row) for row in code.matrix_iter(border=QUIET)]
    side = len(rows)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}mm" height="{side}mm">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
    )


def _runs(row: list[int]):
    """Yield start and length of each run of dark modules."""
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
