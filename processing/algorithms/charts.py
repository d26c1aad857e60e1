"""Charts for the reports, drawn by matplotlib as pictures that read in black and white, with their figures in words."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...i18n import translate
from ...styles import palette
from .packages import missing_package

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PACKAGES = {"matplotlib": (3, 3)}
WIDTH = 7.5
# What neither HTML nor SVG may hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Names of the ids in the SVG and no date: the same data give the same bytes.
SETTINGS = {"svg.hashsalt": "tisserand", "font.family": "sans-serif", "font.size": 9}


class Chart(NamedTuple):
    """A chart: its title, what it shows in words for those who cannot see it, how it is drawn; height in inches."""

    title: str
    words: str
    draw: Callable[[Axes], None]
    height: float = 3.0


def bars(title: str, labels: Sequence[str], series: dict[str, Sequence[float]], axis: str) -> Chart:
    """Return horizontal bars, one a label from top to bottom, the series stacked; ``axis`` names the quantity."""
    # Told apart by their lightness too.
    colours = [palette()["accent"], *palette()["gaps"][1:3], palette()["ink"], palette()["rule"]]

    def draw(axes: Axes) -> None:
        left = [0.0] * len(labels)
        for number, (name, values) in enumerate(series.items()):
            axes.barh(
                range(len(labels)),
                values,
                left=left,
                label=_literal(name),
                color=colours[number % len(colours)],
                edgecolor=palette()["ink"],
                linewidth=0.5,
            )
            left = [start + value for start, value in zip(left, values)]
        axes.set_yticks(range(len(labels)), [_literal(label) for label in labels])
        axes.invert_yaxis()
        axes.set_xlabel(_literal(axis))
        if len(series) > 1:
            _legend(axes)

    rows = (
        f"{label} : " + ", ".join(f"{name} {_number(values[row])}" for name, values in series.items())
        for row, label in enumerate(labels)
    )
    return Chart(
        title, f"{title}. {axis}. " + " ; ".join(rows) + ".", draw, 1.0 + 0.3 * len(labels) + 0.15 * len(series)
    )


def curve(title: str, x: Sequence[float], series: dict[str, Sequence[float]], x_axis: str, y_axis: str) -> Chart:
    """Return lines through points, each with a marker and a dash of its own."""
    markers, dashes = "osD^", ("-", "--", ":", "-.")

    def draw(axes: Axes) -> None:
        for number, (name, values) in enumerate(series.items()):
            look = {"marker": markers[number % 4], "linestyle": dashes[number % 4], "label": _literal(name)}
            axes.plot(x, values, color=palette()["accent"] if not number else palette()["ink"], **look)
        axes.set_xlabel(_literal(x_axis))
        axes.set_ylabel(_literal(y_axis))
        axes.set_ylim(bottom=min(0.0, *(min(values, default=0.0) for values in series.values())))
        if all(value == round(value) for value in x):
            axes.xaxis.get_major_locator().set_params(integer=True)
        if len(series) > 1:
            _legend(axes)

    lines = (
        f"{name} : " + ", ".join(f"{_number(at)} → {_number(value)}" for at, value in zip(x, values))
        for name, values in series.items()
    )
    return Chart(title, f"{title}. {x_axis}, {y_axis}. " + " ; ".join(lines) + ".", draw)


def histogram(title: str, edges: Sequence[float], counts: Sequence[float], x_axis: str, y_axis: str) -> Chart:
    """Return columns over classes given by their ``edges``, one more than ``counts``."""

    def draw(axes: Axes) -> None:
        widths = [upper - lower for lower, upper in zip(edges, edges[1:])]
        axes.bar(edges[:-1], counts, widths, align="edge", color=palette()["accent"], edgecolor="white")
        axes.set_xlabel(_literal(x_axis))
        axes.set_ylabel(_literal(y_axis))

    classes = (
        f"{_number(lower)} – {_number(upper)} : {_number(count)}"
        for lower, upper, count in zip(edges, edges[1:], counts)
    )
    return Chart(title, f"{title}. {x_axis}, {y_axis}. " + " ; ".join(classes) + ".", draw)


def picture(chart: Chart) -> str:
    """Return the chart as a ``data:`` address of an SVG picture, the same bytes for the same data."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, chart.height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        chart.draw(axes)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode("ascii")


def pictures(charts: Sequence[Chart]) -> tuple[list[tuple[Chart, str]], str]:
    """Return each chart with its picture, and a sentence ("" when all is well) where they cannot be drawn."""
    missing = missing_package(PACKAGES) if charts else ""
    if missing:
        return [], translate("Tisserand", "The charts are missing from this report.") + " " + missing
    return [(chart, picture(chart)) for chart in charts], ""


def _legend(axes: Axes) -> None:
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncol=2)


def _literal(text: str) -> str:
    """Return a text that matplotlib does not take for mathematics, and that can be drawn."""
    return UNPRINTABLE.sub("\ufffd", text.replace("$", r"\$"))


def _number(value: float) -> str:
    return f"{value:,.3g}".replace(",", " ") if abs(value) < 1000 else f"{value:,.0f}".replace(",", " ")
