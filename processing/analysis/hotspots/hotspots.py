"""Where high values stand together, and where low ones do, more than chance explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..networks.chance import draws_needed
from .gi import gi_star, smoothed_rates
from .neighbourhoods import Neighbourhoods, nearest, touching

HOT, COLD, NEITHER, NONE = CLASSES = (
    "concentration significative",
    "absence significative",
    "non significatif",
    "non calculé",
)
LEAST_UNITS = 30
"""With fewer, a neighbourhood is a large part of the whole, and nothing can be told from chance."""
UNKNOWN, NEGATIVE, NO_PEOPLE = "Valeur inconnue", "Valeur négative", "Population inconnue ou nulle"
FEW, EVEN = "Moins de 30 unités à comparer", "Même valeur partout"
ISLAND, EVERYONE = "Aucune voisine", "Toutes les unités sont ses voisines"
ORDER = ("group", "x", "y", "value", "people", "minx", "miny", "maxx", "maxy")
FIGURES = ("valeur", "z", "p", "q", "high", "mean", "all", "neighbours")


class Settings(NamedTuple):
    """``neighbours``: knn (the ``k`` nearest) or queen (borders); without ``permutations`` p is of the normal law."""

    neighbours: str = "knn"
    k: int = 8
    permutations: int = 999
    fdr: float = 0.05
    seed: int = 1

    def checked(self) -> Settings:
        """Return the settings; raise when they mean nothing."""
        if not 0 < self.fdr < 1:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "FDR is {fdr}: give a share of false finds between 0 and 1, as 0.05."),
                fdr=self.fdr,
            )
        if self.k < 1 or self.permutations < 0:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "{k} neighbours and {draws} draws: give 1 neighbour or more, and 0 draws or more."
                ),
                k=self.k,
                draws=self.permutations,
            )
        return self


class Group(NamedTuple):
    """A map of its own: its name, the units compared on it, the draws made, whether these could find a single unit."""

    name: str
    units: int
    draws: int
    fine: bool


class HotSpots(NamedTuple):
    """``rows``: index of the input, columns below; ``groups``: what was compared with what.

    Columns: ``group``, ``valeur`` (what was compared), ``gi_z, p, q, classe, n_voisins``, ``lisse`` (the smoothed rate,
    NaN without people), ``raison`` (French), ``cause`` (why it could not be told, None where it could) and ``excess``
    (more events than people).
    """

    rows: pd.DataFrame
    groups: list[Group]


def hot_spots(
    units: geopandas.GeoDataFrame,
    settings: Settings = Settings(),  # noqa: B008 - a tuple cannot change
    progress: Callable[[float], None] = lambda share: None,
) -> HotSpots:
    """Find concentrations of high values and of low ones by Gi*.

    ``units`` is in metres, with a column ``value`` (0 or more; otherwise the unit takes no part), and where known
    ``people`` (then ``value`` counts some of them, and smoothed rates are compared) and ``group`` (texts; each is a map
    of its own). Nothing depends on the order of the rows. ``progress`` takes a share from 0 to 1; what it raises stops
    the work. Raises ``TisserandError`` for settings that mean nothing, for ``k`` neighbours among too few units and for
    borders of what has none.
    """
    settings = settings.checked()
    table = _read(units)
    if settings.neighbours == "queen":
        _refuse_without_borders(units[table["cause"].isna()])
    # One order for all, which the values alone decide: draws and sums are the same whatever that of the rows.
    ordered = table[table["cause"].isna()].sort_values(list(ORDER), kind="stable")
    starts = np.flatnonzero(~ordered["group"].duplicated())
    bounds = [*starts, len(ordered)]
    filled = {name: np.full(len(ordered), np.nan) for name in FIGURES}
    whys = np.full(len(ordered), None, dtype=object)
    groups = []
    for number, (start, stop) in enumerate(zip(bounds[:-1], bounds[1:])):

        def within(share, number=number):
            progress((number + share) / len(starts))

        within(0.0)
        of, whys[start:stop], draws = _told_of(ordered.iloc[start:stop], units, settings, within)
        for name, column in of.items():
            filled[name][start:stop] = column
        count = int(stop - start)
        groups.append(
            Group(ordered["group"].iloc[start], count, draws, not draws or 2 / (draws + 1) <= settings.fdr / count)
        )
    table = table.join(pd.DataFrame(filled, index=ordered.index))
    table.loc[ordered.index, "cause"] = whys
    return HotSpots(_result(table, settings.fdr, "people" in units), groups)


def _refuse_without_borders(units: geopandas.GeoDataFrame) -> None:
    if not units.geom_type.isin(("Polygon", "MultiPolygon")).all():
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "Only surfaces have neighbours by their borders: choose the nearest ones (NEIGHBOURS)."
            )
        )


def _read(units: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return what decides of each unit; ``cause``: why it takes no part, None where it does."""
    points = units.geometry.representative_point()
    values = _numbers(units["value"])
    people = _numbers(units["people"]) if "people" in units else pd.Series(np.nan, index=units.index)
    causes = [values.isna(), values < 0, ("people" in units) & ~(people > 0)]
    columns = {
        "x": points.x,
        "y": points.y,
        "group": units.get("group", ""),
        "value": values,
        "people": people,
        "cause": np.select(causes, [UNKNOWN, NEGATIVE, NO_PEOPLE], default=None),
        "excess": values > people,
    }
    return pd.DataFrame(columns, index=units.index).join(units.bounds)


def _numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)


def _told_of(members, units, settings, progress) -> tuple[dict[str, np.ndarray], np.ndarray, int]:
    """Return the ``FIGURES`` of the members of a group, why some cannot be told from chance, and the draws made."""
    n = len(members)
    enough = n >= LEAST_UNITS
    values = members["value"].to_numpy()
    if "people" in units:
        values = smoothed_rates(values, members["people"].to_numpy())
    neighbourhoods = _neighbourhoods(members, units, settings)
    counts = neighbourhoods.counts()
    draws = draws_needed(counts, settings.fdr, settings.permutations) if enough else 0
    of = gi_star(values, neighbourhoods, draws, settings.seed, progress)
    causes = [np.full(n, not enough), np.isnan(of.z) & (counts < n - 1), counts == 0, np.isnan(of.z)]
    whys = np.select(causes, [FEW, EVEN, ISLAND, EVERYONE], default=None)
    p, q = (of.p, of.q) if enough else (np.nan, np.nan)
    figures = (values, of.z, p, q, of.high, of.mean, values.mean(), counts)
    return dict(zip(FIGURES, figures)), whys, draws


def _neighbourhoods(members: pd.DataFrame, units: geopandas.GeoDataFrame, settings: Settings) -> Neighbourhoods:
    if settings.neighbours == "queen":
        return touching(units.geometry.loc[members.index])
    if len(members) >= LEAST_UNITS and settings.k >= len(members) - 1:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "K is {k} for {count} units to compare: give fewer neighbours than there are others."
            ),
            k=settings.k,
            count=len(members),
        )
    return nearest(members[["x", "y"]].to_numpy(), settings.k)


def _result(table: pd.DataFrame, fdr: float, rates: bool) -> pd.DataFrame:
    """Return the rows of the result: figures, class and reason."""
    high = table["high"] > 0
    # A unit may be high among low neighbours: then its own value makes z, and its neighbours make p.
    found = (table["q"] <= fdr) & (high == (table["z"] > 0))
    classes = np.select([table["cause"].notna(), found & high, found], [NONE, HOT, COLD], default=NEITHER)
    return pd.DataFrame(
        {
            "group": table["group"],
            "valeur": table["valeur"].fillna(table["value"]),
            "gi_z": table["z"],
            "p": table["p"],
            "q": table["q"],
            "classe": classes,
            "n_voisins": table["neighbours"],
            "lisse": table["valeur"] if rates else np.nan,
            "raison": [_reason(row, classe, fdr) for row, classe in zip(table.itertuples(), classes)],
            "cause": table["cause"],
            "excess": table["excess"],
        }
    )


def _reason(row, classe: str, fdr: float) -> str:
    if row.cause:
        return row.cause
    count = int(row.neighbours)
    fellows = "sa voisine" if count == 1 else f"ses {count} voisines"
    means = f"Avec {fellows} : {figure(row.mean)} en moyenne, contre {figure(row.all)} sur l'ensemble"
    if classe in (HOT, COLD):
        return f"{means} ; le hasard seul en ferait autant au plus {_once(row.p)}"
    if row.q <= fdr:
        return f"{means} ; sa propre valeur va à l'inverse de ses voisines"
    return f"{means} ; le hasard seul suffit à l'expliquer (q = {figure(row.q)})"


def _once(p: float) -> str:
    times = 1 / max(p, 1e-9)
    digits = 10 ** max(int(np.log10(times)) - 1, 0)
    return f"1 fois sur {int(times / digits) * digits:,}".replace(",", "\u202f")


def figure(value: float) -> str:
    """Return a number as it is read in French, with three digits that count."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if "e" in text:
        text = f"{value:.2g}" if "e" not in f"{value:.2g}" else f"{value:.1e}"
    return text.replace(",", "\u202f").replace(".", ",")
