"""A reader of the guide who wants to know what was masked: works from the printed pages alone, in their own way.

Reads the tables as they are read out, and the colours and words on the maps. Knows which communes make up which
territory, that what is printed adds up, and the classes of the legend. Shares no code with the gate.
"""

import re
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog

NUMBER = re.compile(r"(\d[\d ]*) situations? de besoin")
CLASSES = {"moins de 25 %": 0, "25 à 50 %": 1, "50 à 75 %": 2, "75 % et plus": 3}
BOUNDS = (0.0, 0.25, 0.5, 0.75, 1.0)
HIDDEN, NONE = "hidden", "none"
MANY = 1e6


class Statements:
    """What is said of each (code of a territory, theme): a number or a word, and of the unmet share a class."""

    def __init__(self):
        self.needs, self.classes = {}, {}

    def need(self, key, said):
        assert self.needs.setdefault(key, said) == said, f"the book says two things of {key}"

    def share(self, key, said):
        assert self.classes.setdefault(key, said) == said, f"the book says two classes of {key}"


def read_tables(book, statements, territories, themes):
    """Read every cell that speaks of needs, by the names at the head of its row and of its column."""
    children = defaultdict(list)
    for place, element in enumerate(book.elements):
        children[element.parent].append(place)
    words = defaultdict(str)
    for page in book.pages:
        for operation in page.operations:
            if getattr(operation, "words", ""):
                words[operation.element] += operation.words.replace("\u00a0", " ")
    for place, element in enumerate(book.elements):
        if element.kind != "Table":
            continue
        head, *rows = ([own for own in children[row]] for row in children[place] if book.elements[row].kind == "TR")
        columns = [words[own] for own in head]
        for row in rows:
            for column, own in list(zip(columns, row))[1:]:
                said = book.elements[own].alternative.replace("\u00a0", " ") or words[own]
                _read_cell(statements, said, (words[row[0]], column), territories, themes)


def _read_cell(statements, said, names, territories, themes):
    code = next((territories[name] for name in names if name in territories), None)
    theme = next((themes[name] for name in names if name in themes), None)
    if code is None or theme is None:
        return
    if NUMBER.search(said):
        statements.need((code, theme), int(NUMBER.search(said).group(1).replace(" ", "")))
    elif "masqué" in said:
        statements.need((code, theme), HIDDEN)
    elif "aucun besoin exprimé" in said:
        statements.need((code, theme), NONE)


def read_maps(book, statements):
    """Read what the maps show of needs and of their share without an answer."""
    for page in book.pages:
        for frame in page.operations:
            for area in getattr(frame, "areas", ()):
                last = area.label.replace("\u00a0", " ").split("\n")[-1].replace(" ", "")
                if area.look.startswith("need:") and last.isdigit():
                    statements.need((area.code, frame.theme), int(last))
                elif area.look.startswith("gap:"):
                    statements.share((area.code, frame.theme), int(area.look[4:]))


class Reader:
    """``members``: code of a territory -> its communes; ``themes``; ``k`` for what is known to be few.

    Of a masked number nothing is known but what ``few`` says: those keys are known to hold fewer than ``k``, and the
    other masked ones ``k`` at least. A reader of the pages has no such knowledge; who knows the author may.
    """

    def __init__(self, statements, members, themes, k, few=None):
        self.members, self.themes, self.knows_reasons = members, themes, few is not None
        self.communes = sorted({commune for own in members.values() for commune in own})
        self.place = {
            (commune, theme): at for at, (commune, theme) in enumerate((c, t) for c in self.communes for t in themes)
        }
        self.count = len(self.place)
        rows, low, high = [], [], []
        for key, said in statements.needs.items():
            row = self.needs(key)
            exact = {HIDDEN: None, NONE: 0}.get(said, said)
            if exact is not None:
                least = most = exact
            elif few is None:
                least, most = 0, MANY
            else:
                least, most = (few[key][0], k - 1) if key in few else (k, MANY)
            rows.append(row)
            low.append(least)
            high.append(most)
        for key, each in statements.classes.items():
            said = statements.needs.get(key)
            if isinstance(said, int):
                rows.append(self.unmet(key))
                low.append(BOUNDS[each] * said)
                high.append(BOUNDS[each + 1] * said)
        for place in range(self.count):
            # Those without an answer are some of all.
            row = np.zeros(2 * self.count)
            row[place], row[self.count + place] = 1.0, -1.0
            rows.append(row)
            low.append(0.0)
            high.append(MANY)
        self.matrix, self.low, self.high = np.array(rows), np.array(low, float), np.array(high, float)

    def _sum(self, key, first):
        code, theme = key
        row = np.zeros(2 * self.count)
        for commune in self.members[code]:
            for each in self.themes if theme == "" else [theme]:
                row[first + self.place[commune, each]] = 1.0
        return row

    def needs(self, key):
        return self._sum(key, 0)

    def unmet(self, key):
        return self._sum(key, self.count)

    def range_of(self, row):
        """Return the least and the greatest that a sum can be."""
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * row,
                A_ub=np.vstack([self.matrix, -self.matrix]),
                b_ub=np.concatenate([self.high, -self.low]) + 1e-7,
                bounds=(0, MANY),
                method="highs",
            )
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends
