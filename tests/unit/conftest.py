"""What the tests of the guide share: letters of one width, and the book of a store."""

from datetime import date

import pytest


class MonospaceMetrics:
    """Every letter half as wide as high: enough to compose pages without fonts."""

    def width(self, text, size, *, bold=False):
        return len(text) * size * 0.5 * 25.4 / 72

    def line_height(self, size, *, bold=False):
        return size * 1.3 * 25.4 / 72

    def wrap(self, text, size, width, *, bold=False):
        most = max(1, int(width / self.width("x", size)))
        lines = [""]
        for word in text.split(" "):
            if len(f"{lines[-1]} {word}".strip()) > most and lines[-1]:
                lines.append("")
            while len(word) > most:
                lines[-1], word = word[:most], word[most:]
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return lines


@pytest.fixture
def monospace():
    return MonospaceMetrics()


@pytest.fixture
def make_book(monospace):
    """Return a composer of a store's book: sections (all by default), settings, and what ``read_content`` takes."""
    from tisserand.guide.composing.compose import SECTIONS, compose
    from tisserand.guide.reading import read_content

    def make(store, sections=None, settings=None, **asked):
        asked = {"edition": "2026", "audience": "public", "level": "", "printed_on": date(2026, 11, 1), **asked}
        return compose(read_content(store, **asked), monospace, sections or list(SECTIONS), settings)

    return make
