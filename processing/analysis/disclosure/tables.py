"""The cells of a table of people by territory, theme, public…, with all its totals, and how they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .audit import Sums

WHOLE, MISSING = "Ensemble", "non renseigné"
ONE_WAY, ALL, NO_TOTALS = "one-way", "all", "none"
BETWEEN = " × "
MOST_CELLS = 1_000_000
# Contributions are added up in a table of so many places at most, else by sorting.
PLACES = 20_000_000
# The level of the finest pieces of territories, where no level is made of them.
PIECE = ""


class Cells(NamedTuple):
    """A table of all combinations; arrays have a row a cell, and the order is that of the values, not of the input.

    ``keys``: the cells' values by field, WHOLE where all are meant, of the published cells alone like ``level`` (the
    fields that make the cell) and ``territory`` (the value of its level of territories, None without one). ``value``:
    people known; ``unknown``: rows whose number is not known; ``units``, ``top``: contributors and what the greatest
    brings, None without any; ``published``: False for the pieces where two levels cut each other.
    """

    keys: pd.DataFrame
    level: np.ndarray
    territory: np.ndarray
    value: np.ndarray
    unknown: np.ndarray
    units: np.ndarray | None
    top: np.ndarray | None
    published: np.ndarray
    sums: Sums


class _Axis(NamedTuple):
    """One way to cut the rows: level -> number of each finest piece in it, level -> its values, in order."""

    codes: dict[str | None, np.ndarray]
    values: dict[str | None, list[str]]


def tabulate(
    frame: pd.DataFrame,
    nested: Sequence[str],
    others: Sequence[str],
    margins: str = ONE_WAY,
    tick: Callable[[], None] = lambda: None,
) -> Cells:
    """Return the table of ``frame``: columns ``nested`` and ``others``, ``count`` (NaN: unknown), ``unit`` if any.

    ``nested`` are levels of territories from fine to coarse, each of which is published; one need not lie within the
    other. ``margins``: totals by one field and of everything, of every choice of fields, or none. Raises
    TisserandError for too many cells, and for a value that is called like a total.
    """
    read = {field: _values(frame[field], field) for field in (*nested, *others)}
    axes, place = [], []
    if nested:
        axis, piece = _territories([read[level] for level in nested], nested)
        axes.append(axis)
        place.append(piece)
    for field in others:
        values, codes = read[field]
        axes.append(
            _Axis({field: np.arange(len(values)), None: np.zeros(len(values), int)}, {field: values, None: [WHOLE]})
        )
        place.append(codes)
    shape = tuple(len(axis.codes[None]) for axis in axes)
    choices = _choices(axes, margins)
    sizes = [_product(len(axis.values[level]) for axis, level in zip(axes, choice)) for choice in choices]
    if max(sum(sizes), _product(shape)) > MOST_CELLS:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "These groups make {count} cells, and {most} is the most: take out a group, or choose coarser ones.",
            ),
            count=max(sum(sizes), _product(shape)),
            most=MOST_CELLS,
        )
    count = frame["count"].to_numpy(float)
    base, total = np.ravel_multi_index(place, shape), _product(shape)
    people, unknown = np.bincount(base, np.nan_to_num(count), total), np.bincount(base, np.isnan(count), total)
    maps = [_cells_of(axes, shape, choice) for choice in choices]
    units = top = None
    if "unit" in frame:
        at, amount, unit = _contributions(base, np.nan_to_num(count), frame["unit"], total)
        pairs = []
        for cell, size in zip(maps, sizes):
            tick()
            pairs.append(_greatest(cell[at], amount, unit, size))
        units, top = (np.concatenate(part) for part in zip(*pairs))
    keys, level, territory = _keys(axes, choices, sizes, (*nested, *others), bool(nested))
    # A sum of decimals is told from a whole number only beyond what adding up blurs.
    value = np.concatenate([np.bincount(cell, people, size) for cell, size in zip(maps, sizes)]).round(9)
    lacking = np.concatenate([np.bincount(cell, unknown, size) for cell, size in zip(maps, sizes)]).astype(int)
    published = np.repeat([PIECE not in choice for choice in choices], sizes)
    return Cells(keys, level, territory, value, lacking, units, top, published, _sums(maps, sizes))


def _product(numbers: Iterable[int]) -> int:
    """Return the product, which numpy would let run over."""
    result = 1
    for number in numbers:
        result *= int(number)
    return result


def _values(column: pd.Series, field: str) -> tuple[list[str], np.ndarray]:
    """Return the values of a field as text, in order, and the number of that of each row."""
    codes, found = pd.factorize(np.array(column, object))
    words = [*(_word(value) or MISSING for value in found), MISSING]
    if WHOLE in words:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The field {field} has the value “{value}”, which is what a total is called: leave the totals out of "
                "the layer, they are made anew.",
            ),
            field=field,
            value=WHOLE,
        )
    values, number = np.unique(np.array(words if (codes < 0).any() else words[:-1], object), return_inverse=True)
    return values.tolist(), number[codes]


def _word(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _territories(read: list[tuple[list[str], np.ndarray]], nested: Sequence[str]) -> tuple[_Axis, np.ndarray]:
    """Return the axis of territories, and the piece of each row: rows that agree in all levels are of one piece."""
    piece = np.zeros(len(read[0][1]), int)
    for values, codes in read:
        _, piece = np.unique(piece * np.int64(len(values)) + codes, return_inverse=True)
    pieces, first = np.unique(piece, return_index=True)
    codes = {level: own[first] for level, (_, own) in zip(nested, read)}
    values = {level: own for level, (own, _) in zip(nested, read)}
    if len(values[nested[0]]) < len(pieces):
        codes, values = {PIECE: pieces, **codes}, {PIECE: [""] * len(pieces), **values}
    return _Axis({**codes, None: np.zeros(len(pieces), int)}, {**values, None: [WHOLE]}), piece


def _choices(axes: list[_Axis], margins: str) -> list[tuple[str | None, ...]]:
    """Return the combinations, a level or None (all) an axis, the finest first."""
    levels = [[level for level in axis.codes if level is not None] for axis in axes]
    finest = tuple(own[0] for own in levels)
    chosen = list(product(*levels))
    if margins == ALL:
        chosen += product(*([*own, None] for own in levels))
    elif margins == ONE_WAY:
        nothing = (None,) * len(axes)
        chosen += [(*nothing[:at], level, *nothing[at + 1 :]) for at, own in enumerate(levels) for level in own]
        chosen.append(nothing)
    return list(dict.fromkeys(choice for choice in chosen if PIECE not in choice or choice == finest))


def _cells_of(axes: list[_Axis], shape: tuple[int, ...], choice: tuple[str | None, ...]) -> np.ndarray:
    """Return for each place of the finest table its cell in a choice."""
    cell = np.zeros(shape, int)
    for at, (axis, level) in enumerate(zip(axes, choice)):
        along = [1] * len(shape)
        along[at] = -1
        cell = cell * len(axis.values[level]) + axis.codes[level].reshape(along)
    return cell.ravel()


def _contributions(base, count, unit, total) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who brings how much to which place; those who are not named are one contributor."""
    codes, names = pd.factorize(np.array(unit, object))
    codes = np.where(codes < 0, len(names), codes)
    many = len(names) + 1
    if total * many <= PLACES:
        amounts = np.bincount(base * many + codes, count, total * many)
        pair = np.flatnonzero(amounts)
        return pair // many, amounts[pair], pair % many
    pair, inverse = np.unique(base.astype(np.int64) * many + codes, return_inverse=True)
    return pair // many, np.bincount(inverse, count), pair % many


def _greatest(cell, amount, unit, size) -> tuple[np.ndarray, np.ndarray]:
    """Return for each cell the number of its contributors and what the greatest brings."""
    keep = amount > 0
    cell, amount, unit = cell[keep], amount[keep], unit[keep]
    many = int(unit.max(initial=0)) + 1
    if size * many <= PLACES:
        table = np.bincount(cell * many + unit, amount, size * many).reshape(size, many)
        return (table > 0).sum(1), table.max(1, initial=0.0)
    pair, inverse = np.unique(cell.astype(np.int64) * many + unit, return_inverse=True)
    each = np.bincount(inverse, amount)
    top = np.zeros(size)
    np.maximum.at(top, pair // many, each)
    return np.bincount(pair // many, minlength=size), top


def _keys(axes, choices, sizes, fields, nested: bool) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the values by field, the level in words, and the territory, of all cells."""
    columns = {field: [] for field in fields}
    level, territory = [], []
    for choice, size in zip(choices, sizes):
        words = [np.array(axis.values[own], object) for axis, own in zip(axes, choice)]
        given = {own: values.ravel() for own, values in zip(choice, np.meshgrid(*words, indexing="ij")) if own}
        for field, parts in columns.items():
            parts.append(given.get(field, np.full(size, WHOLE, object)))
        level += [BETWEEN.join(filter(None, choice)) or WHOLE] * size
        territory.append(given[choice[0]] if nested and choice[0] else np.full(size, None, object))
    joined = {field: np.concatenate(parts) for field, parts in columns.items()}
    return pd.DataFrame(joined), np.array(level, object), np.concatenate(territory)


def _sums(maps: list[np.ndarray], sizes: list[int]) -> Sums:
    """Return how each choice adds up to the next coarser ones: together these say all there is to add up."""
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    every = range(len(maps))
    wholes = {(one, two): _whole_of(maps[one], maps[two], sizes[one]) for one in every for two in every if one != two}
    # Of two choices that cut alike the earlier one counts as the finer.
    finer = {
        (one, two)
        for (one, two), whole in wholes.items()
        if whole is not None and (one < two or wholes[two, one] is None)
    }
    cells, parents, rows = [], [], []
    count = 0
    for one, two in sorted(finer):
        if any((one, mid) in finer and (mid, two) in finer for mid in every):
            continue
        used, row = np.unique(wholes[one, two], return_inverse=True)
        rows.append(row + count)
        cells.append(np.arange(sizes[one]) + offsets[one])
        parents.append(used + offsets[two])
        count += len(used)
    if not rows:
        return Sums(sparse.csr_matrix((0, int(offsets[-1]))), np.zeros(0, int))
    row, cell = np.concatenate(rows), np.concatenate(cells)
    children = sparse.csr_matrix((np.ones(len(row)), (row, cell)), (count, int(offsets[-1])))
    return Sums(children, np.concatenate(parents))


def _whole_of(part: np.ndarray, whole: np.ndarray, size: int) -> np.ndarray | None:
    """Return for each cell of one choice the cell of a coarser one that holds it, None where one cuts the other."""
    found = np.zeros(size, int)
    found[part] = whole
    return found if (found[part] == whole).all() else None
