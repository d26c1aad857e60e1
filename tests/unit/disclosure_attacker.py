"""A reader who wants to know what was masked: works from the published rows alone, in their own way.

Knows how the table was made, what the reasons mean, in which territories each commune lies, and that counts are whole
numbers of people. Shares no code with what makes the table.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

ALL = "Ensemble"
MANY = 100_000


class Attacker:
    """``rows``: field -> value, ``personnes`` and ``masque``; ``inside``: commune -> level -> territory."""

    def __init__(self, rows, fields, k, inside=None, believed=()):
        self.rows, self.k = rows, k
        self.inside = inside or {}
        self.commune = fields[0] if inside else None
        others = [field for field in fields if field == self.commune or field not in self._levels()]
        self.pieces = [row for row in rows if all(row[field] != ALL for field in others)]
        self.matrix = np.array([[self._holds(row, piece, fields) for piece in self.pieces] for row in rows], float)
        few = [row for row in rows if row["masque"] == "seuil"]
        low, high = [], []
        for row in rows:
            if row["masque"] == "none":
                low.append(row["personnes"])
                high.append(row["personnes"])
            elif row["masque"] == "seuil":
                inner = any(other is not row and self._within(row, other) for other in few)
                low.append(0 if inner else 1)
                high.append(k - 1)
            else:
                low.append(k)
                high.append(np.inf)
        self.low, self.high = np.array(low, float), np.array(high, float)
        for number, figure in believed:
            self.low[number] = self.high[number] = figure

    def _levels(self):
        return {level for levels in self.inside.values() for level in levels}

    def _holds(self, row, piece, fields):
        return all(
            row[field] in (ALL, self.inside[piece[self.commune]][field] if field in self._levels() else piece[field])
            for field in fields
        )

    def _within(self, row, other):
        own, its = self.matrix_row(row), self.matrix_row(other)
        return bool(np.all(own <= its) and np.any(own < its))

    def matrix_row(self, row):
        number = next(at for at, other in enumerate(self.rows) if other is row)
        return self.matrix[number]

    def hidden(self):
        """Return the numbers of the rows that are masked, and not given away by a figure that is believed."""
        return [at for at, row in enumerate(self.rows) if row["masque"] != "none" and self.low[at] < self.high[at]]

    def find(self, number, whole=False):
        """Return the least and the greatest that a row can be; ``whole``: over tables of whole numbers only."""
        ends = []
        for sign in (1, -1):
            cost = sign * self.matrix[number]
            if whole:
                found = milp(
                    cost,
                    constraints=LinearConstraint(self.matrix, self.low, self.high),
                    integrality=np.ones(len(cost)),
                    bounds=Bounds(0, MANY),
                )
            else:
                known = self.low == self.high
                open_above = ~known & np.isfinite(self.high)
                found = linprog(
                    cost,
                    A_eq=self.matrix[known] if known.any() else None,
                    b_eq=self.low[known] if known.any() else None,
                    A_ub=np.vstack([-self.matrix[~known], self.matrix[open_above]]),
                    b_ub=np.concatenate([-self.low[~known], self.high[open_above]]),
                    bounds=(0, MANY),
                )
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends

    def determined(self):
        """Return the masked rows that a combination of the published ones gives exactly: a matter of rank."""
        known = self.matrix[self.low == self.high]
        rank = np.linalg.matrix_rank(known) if len(known) else 0
        return [at for at in self.hidden() if np.linalg.matrix_rank(np.vstack([known, self.matrix[at]])) == rank]
