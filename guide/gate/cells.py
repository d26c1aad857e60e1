"""The cells of the book: territories by theme, and how they add up."""

from __future__ import annotations

from collections.abc import Iterable

from ..facts.leads import Extra
from .counts import Counts, Key

ALL = ""
# As whole needs are counted; shares of needs are not, and differ by rounding.
SAME = 1e-6


class Grid:
    """Numbers the cells; two territories made of the same pieces are one.

    ``sums`` are (whole, parts): all there is to add up. ``published`` is False for what is only there to add up.
    """

    def __init__(self, counts: Counts):
        self.themes = [ALL, *counts.themes]
        pieces = {piece for piece, _ in (*counts.situations, *counts.unknown)}
        pieces |= {piece for members in counts.territories.values() for piece in members}
        printed = set(counts.territories.values())
        sets = printed | {frozenset([piece]) for piece in pieces}
        sets.discard(frozenset())
        self.sets = sorted(sets, key=lambda members: (len(members), sorted(members)))
        self._rank = {members: rank for rank, members in enumerate(self.sets)}
        self._territories = counts.territories
        self.published = [members in printed for members in self.sets for _ in self.themes]
        self.value = self._add_up(counts.situations)
        self.unknown = self._add_up(counts.unknown)
        self.sums = [*self._of_territories(counts), *self._of_themes()]
        self.extras: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.value)

    def cell(self, code: str, theme: str = ALL) -> int | None:
        """Return the number of a cell; None for a territory made of no piece, or an unknown theme."""
        members = self._territories.get(code, frozenset([code]))
        if members not in self._rank or theme not in self.themes:
            return None
        return self.at(members, theme)

    def at(self, members: frozenset[str], theme: str) -> int:
        return self._rank[members] * len(self.themes) + self.themes.index(theme)

    def cells(self) -> range:
        """Return the cells of territories by theme, without those of extras."""
        return range(len(self.sets) * len(self.themes))

    def is_wide(self, cell: int) -> bool:
        """Return whether a cell is of a territory of several pieces."""
        return len(self.sets[cell // len(self.themes)]) > 1

    def printed(self) -> Iterable[tuple[Key, int]]:
        """Return the printed cells by code and theme."""
        for code in self._territories:
            for theme in self.themes:
                cell = self.cell(code, theme)
                if cell is not None:
                    yield (code, theme), cell

    def _add_up(self, amounts: dict[Key, float]) -> list[float]:
        by_piece: dict[str, list[float]] = {}
        for (piece, theme), amount in sorted(amounts.items()):
            row = by_piece.setdefault(piece, [0.0] * len(self.themes))
            row[self.themes.index(theme)] += amount
            row[0] += amount
        nothing = [0.0] * len(self.themes)
        return [
            total
            for members in self.sets
            for total in map(sum, zip(nothing, *(by_piece[piece] for piece in sorted(members) if piece in by_piece)))
        ]

    def _of_territories(self, counts: Counts) -> Iterable[tuple[int, list[int]]]:
        levels = [sorted({counts.territories[code] for code in level}, key=sorted) for level in counts.levels]
        for members in self.sets:
            if len(members) < 2:
                continue
            for parts in self._cuts(members, levels):
                for theme in self.themes:
                    yield self.at(members, theme), [self.at(part, theme) for part in parts]

    def _cuts(self, members: frozenset[str], levels) -> list[list[frozenset[str]]]:
        """Return the ways in which territories of one level make up ``members``; by pieces, if by nothing else."""
        found = []
        for level in levels:
            inside = [part for part in level if part < members]
            if len(inside) > 1 and sum(map(len, inside)) == len(members) == len(frozenset().union(*inside)):
                found.append(inside)
        coarse = [parts for parts in found if any(len(part) > 1 for part in parts)]
        return coarse or [[frozenset([piece]) for piece in sorted(members)]]

    def _of_themes(self) -> Iterable[tuple[int, list[int]]]:
        for rank in range(len(self.sets)):
            first = rank * len(self.themes)
            yield first, list(range(first + 1, first + len(self.themes)))

    def add(self, extras: Iterable[Extra], k: int) -> None:
        """Add figures made of parts of cells; of what a cell holds, a part and the rest must not be read either.

        Figures of one family, the word before the hyphen of their names, share what is in a cell.
        """
        taken: dict[tuple[str, int], list[tuple[str, float]]] = {}
        wholes: dict[str, list[int]] = {}
        for extra in sorted(extras, key=lambda extra: extra.name):
            wholes[extra.name] = []
            for key, amount in sorted(extra.parts.items()):
                cell = self.cell(*key)
                if cell is not None and amount == amount:
                    taken.setdefault((extra.name.partition("-")[0], cell), []).append((extra.name, amount))
        for (_, cell), shares in taken.items():
            rest = self.value[cell] - sum(amount for _, amount in shares)
            if len(shares) == 1 and abs(rest) <= SAME:
                wholes[shares[0][0]].append(cell)
                continue
            parts = [self._part(amount, k) for _, amount in shares]
            for (name, _), part in zip(shares, parts):
                wholes[name].append(part)
            # More than there is: the needs have changed since, or figures overlap; a reader cannot add them up.
            if rest > -SAME:
                self.sums.append((cell, parts + ([self._part(rest, k)] if rest > SAME else [])))
        for name, parts in wholes.items():
            self.extras[name] = self._append(sum(self.value[part] for part in parts), True)
            if parts:
                self.sums.append((self.extras[name], parts))

    def _part(self, amount: float, k: int) -> int:
        # Nobody prints a part; a small one must not be worked out either, as if it were masked.
        return self._append(amount, 0 < amount < k)

    def _append(self, amount: float, published: bool) -> int:
        self.value.append(amount)
        self.unknown.append(0.0)
        self.published.append(published)
        return len(self.value) - 1
