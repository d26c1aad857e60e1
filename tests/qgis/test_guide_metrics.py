"""Where lines break in the fonts of this machine."""

from tisserand.guide.composing.metrics import Metrics, available_family


def test_a_word_too_long_for_its_line_breaks_behind_a_hyphen(qgis_app):
    metrics = Metrics(available_family())
    width = metrics.width("Ayguemorte-les-Gr", 9)
    assert metrics.wrap("Ayguemorte-les-Graves", 9, width) == ["Ayguemorte-les-", "Graves"]
    pieces = metrics.wrap("x" * 200, 9, width)
    assert "".join(pieces) == "x" * 200
    assert all(metrics.width(piece, 9) <= width for piece in pieces)
