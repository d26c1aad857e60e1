"""Remake layers/decoupage/anciennes.csv: the codes that are no longer communes, and the commune each lies in today.

    python scripts/extract_former_communes.py [FOLDER]

Reads the releases of npm's @etalab/decoupage-administratif named below, one for each vintage of the Code officiel
géographique, from FOLDER, where ``npm pack`` puts those that are missing (without a FOLDER: a temporary one). The file
is committed: run this only for a new vintage, together with extract_decoupage.py.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from extract_decoupage import PACKAGE, fetch, read, write

# Vintage -> release. No release holds the vintage 2020. The one of 2019 also tells the history since 1943.
RELEASES = {
    2019: "0.7.0",
    2021: "1.1.1",
    2022: "2.3.1",
    2023: "3.1.1",
    2024: "4.1.0",
    2025: "5.3.0",
    2026: "6.0.0",
}
# Merged between 2019 and 2021: these before the vintage 2020, the others after it (Insee, mouvements de communes).
MERGED_DURING_2019 = ("21213", "21507", "45287")
# Communes of Guadeloupe until 15 July 2007, now collectivities with codes of their own.
MADE_COLLECTIVITIES = {"97123": "97701", "97127": "97801"}
# Merged since 2019 without becoming a delegated or associated commune: no release links them to another commune
# (Insee, table des mouvements de communes, 2026).
WITHOUT_TRACE = {
    "02311": "02589",
    "08300": "08439",
    "16238": "16023",
    "18131": "18173",
    "19092": "19143",
    "25134": "25185",
    "25297": "25364",
    "25628": "25375",
    "26371": "26289",
    "27058": "27676",
    "42072": "42217",
    "45287": "45307",
    "71131": "71566",
    "72287": "72155",
    "95282": "95169",
}
ARRONDISSEMENT = "arrondissement-municipal"


class Former:
    """What the vintages read so far say of the codes that are no communes."""

    def __init__(self):
        self.names: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.last_years: dict[str, int] = {}
        self.current: set[str] = set()

    def add_history(self, events: Iterable[dict]) -> None:
        """Follow mergers and changes of code since 1943; an event has code, nom, type and perhaps pole or successeur.

        ``pole`` and ``successeur`` look like ``COM-60057@1943-02-19``.
        """
        for event in sorted(events, key=lambda event: event.get("dateDebut", "")):
            code, end = event["code"], event.get("dateFin", "")
            self.names[code] = event["nom"]
            if event["type"] == "COM" and end:
                # Whoever ends on 1 January is missing from the vintage of that very year.
                self.last_years[code] = int(end[:4]) - end.endswith("-01-01")
            target = event.get("pole") or event.get("successeur") or ""
            self._link(code, target.partition("-")[2].partition("@")[0])

    def add_vintage(self, year: int, communes: Iterable[dict]) -> None:
        """Read the communes of a vintage, with those that are associated, delegated or municipal arrondissements."""
        before, self.current = self.current, set()
        for commune in communes:
            code = commune["code"]
            self.names[code] = commune["nom"]
            if commune["type"] == "commune-actuelle":
                self.current.add(code)
                self.last_years[code] = year
            else:
                self._link(code, commune.get("chefLieu") or commune["commune"])
        for code in before - self.current:
            self.last_years[code] = 2019 if code in MERGED_DURING_2019 else year - 1

    def _link(self, code: str, target: str) -> None:
        if target not in ("", code):
            self.links[code] = target

    def rows(self, arrondissements: set[str]) -> list[tuple]:
        """Return (code, name, commune of the last vintage, last vintage in which it was a commune or ``""``)."""
        self.links.update(WITHOUT_TRACE)
        for code, target in MADE_COLLECTIVITIES.items():
            self.names[code], self.links[code], self.last_years[code] = self.names[target], target, 2007
        rows, lost = [], []
        for code in sorted(set(self.names) - self.current):
            target = self._today(code)
            if target is None:
                lost.append(f"{code} {self.names[code]}")
                continue
            year = "" if code in arrondissements else self.last_years.get(code, "")
            rows.append((code, self.names[code], target, year))
        print(f"in no commune of today: {len(lost)} ({', '.join(lost)})")
        return rows

    def _today(self, code: str) -> str | None:
        seen = set()
        while code not in self.current:
            if code in seen or code not in self.links:
                return None
            seen.add(code)
            code = self.links[code]
        return code


def tarball(folder: Path, release: str) -> Path:
    """Return the tarball of a release in ``folder``, fetched where it is not there yet."""
    path = folder / f"etalab-decoupage-administratif-{release}.tgz"
    return path if path.is_file() else fetch(str(folder), f"{PACKAGE}@{release}")


def extract(folder: Path) -> None:
    """Write anciennes.csv from the vintages in order, the history first."""
    former = Former()
    arrondissements: set[str] = set()
    for year, release in RELEASES.items():
        path = tarball(folder, release)
        if year == min(RELEASES):
            former.add_history(read(path, "historique-communes"))
        communes = read(path, "communes")
        former.add_vintage(year, communes)
        arrondissements |= {commune["code"] for commune in communes if commune["type"] == ARRONDISSEMENT}
    write("anciennes.csv", ("code", "nom", "actuelle", "dernier_cog"), former.rows(arrondissements))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        extract(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            extract(Path(temporary))
