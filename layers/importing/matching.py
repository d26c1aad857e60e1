"""Which row of the store a row of a file is, for certain, and which it may be.

Certain are the uuid, the identifier at the same source, and for rows without one the same source, name and place. A
SIRET is not: places of one establishment share it, and sources repeat it. What is not certain is for a person to say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import QT_TRANSLATE_NOOP
from ..exchange.folding import fold
from ..exchange.records import Reject
from ..geopackage import GEOMETRY
from .candidates import Candidate
from .causes import TWICE, TWIN_BY_SIRET, TWIN_IN_COMMUNE, TWIN_NEARBY
from .ground import place_of
from .identity import content, name_key, near, resemble

KEYS = ("uuid", "source_ref", "place", "siret", "name")
SAME_SIRET = QT_TRANSLATE_NOOP("Tisserand", "same SIRET")
SAME_NAME_NEARBY = QT_TRANSLATE_NOOP("Tisserand", "same name, {metres} m away")
SAME_NAME_AND_COMMUNE = QT_TRANSLATE_NOOP("Tisserand", "same name in the same commune")
HELD_BACK = {SAME_SIRET: TWIN_BY_SIRET, SAME_NAME_NEARBY: TWIN_NEARBY, SAME_NAME_AND_COMMUNE: TWIN_IN_COMMUNE}


class Twin(NamedTuple):
    """A row of the store that a row of the file may be; ``nature`` is "siret" or "nom"; ``template`` says why."""

    candidate: Candidate
    stored: Mapping[str, object]
    nature: str
    template: str
    metres: float | None

    @property
    def said(self) -> dict[str, object]:
        """What fills the template."""
        return {} if self.metres is None else {"metres": round(self.metres)}

    def reject(self) -> Reject:
        """Return the reject of a row that is held back for it."""
        said = {"twin": self.stored.get("nom"), "source": self.stored.get("source") or "?", **self.said}
        return Reject(self.candidate.row, "", str(self.candidate.values["nom"]), HELD_BACK[self.template], said)


def without_repetitions(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Reject]]:
    """Return the candidates, one an identity, and the rejects of the others.

    Of several the one last updated at the source is kept, then the one that says most: not the first, so that the
    order of the rows changes nothing.
    """
    groups: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[_identity(candidate)].append(candidate)
    rejected = []
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=_merit, reverse=True)
            rejected += [repeated(other, group[0]) for other in group[1:]]
    kept = {id(group[0]) for group in groups.values()}
    return [candidate for candidate in candidates if id(candidate) in kept], rejected


def repeated(candidate: Candidate, taken: Candidate) -> Reject:
    """Return the reject of a row that is one with another row of the file."""
    return Reject(candidate.row, "", candidate.reference or candidate.uuid, TWICE, {"other": taken.row})


def _identity(candidate: Candidate) -> tuple[str, ...]:
    if candidate.brought or not candidate.reference:
        return (candidate.uuid,)
    return (candidate.source, candidate.reference)


def _merit(candidate: Candidate) -> tuple[str, int, str]:
    values = {name: value for name, value in candidate.values.items() if name != GEOMETRY}
    return str(values.get("source_le") or ""), len(candidate.values), content({**values, "place": candidate.place})


class Known:
    """The rows of a table of the store, found by what they may have in common with a row of a file."""

    def __init__(self, rows: Iterable[Mapping[str, object]], keys: frozenset[str] = frozenset(KEYS)):
        self.keys = keys
        self.by_uuid: dict[str, Mapping[str, object]] = {}
        self.by_reference: dict[tuple[str, str], Mapping[str, object]] = {}
        self.by_name: dict[tuple[str, str], list[Mapping[str, object]]] = defaultdict(list)
        self.by_siret: dict[str, list[Mapping[str, object]]] = defaultdict(list)
        self.by_words: dict[str, list[Mapping[str, object]]] = defaultdict(list)
        for row in rows:
            self.by_uuid[str(row["uuid"])] = row
            if row.get("source_ref"):
                self.by_reference[str(row.get("source") or ""), str(row["source_ref"])] = row
            if row.get("supprime_le") is not None:
                continue
            name = str(row.get("nom") or row.get("libelle") or "")
            self.by_name[str(row.get("source") or ""), fold(name)].append(row)
            if row.get("siret"):
                self.by_siret[str(row["siret"])].append(row)
            if "nom" in row:
                self.by_words[name_key(name)].append(row)

    def certain(self, candidates: Sequence[Candidate]) -> tuple[dict[int, Mapping[str, object]], list[Reject]]:
        """Return the stored row of each candidate that has one, by row of the file, and rows that are one twice."""
        found: dict[int, Mapping[str, object]] = {}
        taken: dict[str, Candidate] = {}
        rejected = []
        for exact in (True, False):
            left = [candidate for candidate in candidates if candidate.row not in found]
            same_names = Counter((candidate.source, _name(candidate)) for candidate in left)
            for candidate in left:
                if exact:
                    stored = self._exact(candidate)
                else:
                    alone = same_names[candidate.source, _name(candidate)] == 1
                    stored = self._at_the_same_place(candidate, taken) if alone else None
                if stored is None:
                    continue
                if str(stored["uuid"]) in taken:
                    rejected.append(repeated(candidate, taken[str(stored["uuid"])]))
                    continue
                found[candidate.row] = stored
                taken[str(stored["uuid"])] = candidate
        return found, rejected

    def _exact(self, candidate: Candidate) -> Mapping[str, object] | None:
        if "uuid" in self.keys and candidate.brought and candidate.uuid in self.by_uuid:
            return self.by_uuid[candidate.uuid]
        if "source_ref" in self.keys and candidate.reference:
            stored = self.by_reference.get((candidate.source, candidate.reference))
            if stored is not None:
                return stored
        # The uuid that an earlier import made of the same words.
        return self.by_uuid.get(candidate.uuid)

    def _at_the_same_place(self, candidate: Candidate, taken: Mapping[str, object]) -> Mapping[str, object] | None:
        if "place" not in self.keys:
            return None
        rows = [
            row
            for row in self.by_name.get((candidate.source, _name(candidate)), ())
            if str(row["uuid"]) not in taken
            and not (row.get("source_ref") and candidate.reference)
            and near(candidate.place, place_of(row[GEOMETRY])) is not None
        ]
        return rows[0] if len(rows) == 1 else None

    def twins(self, candidates: Sequence[Candidate], taken: frozenset[str]) -> dict[int, Twin]:
        """Return by row of the file the stored row that it may be; ``taken`` are uuids of rows matched for certain."""
        sirets = Counter(candidate.values.get("siret") for candidate in candidates)
        found = {}
        for candidate in candidates:
            twin = self._by_siret(candidate, sirets, taken) or self._by_name_and_place(candidate, taken)
            if twin is not None:
                found[candidate.row] = twin
        return found

    def _by_siret(self, candidate: Candidate, sirets: Counter, taken: frozenset[str]) -> Twin | None:
        siret = candidate.values.get("siret")
        rows = self.by_siret.get(str(siret), ()) if siret and "siret" in self.keys else ()
        if len(rows) != 1 or sirets[siret] != 1 or not _may_be(candidate, rows[0], taken):
            return None
        if not resemble(candidate.values.get("nom"), rows[0].get("nom")):
            return None
        return Twin(candidate, rows[0], "siret", SAME_SIRET, None)

    def _by_name_and_place(self, candidate: Candidate, taken: frozenset[str]) -> Twin | None:
        if "name" not in self.keys or "nom" not in candidate.values:
            return None
        code = candidate.values.get("code_insee") or candidate.derived.get("code_insee")
        for row in self.by_words.get(name_key(candidate.values["nom"]), ()):
            if not _may_be(candidate, row, taken):
                continue
            place = place_of(row[GEOMETRY])
            metres = near(candidate.place, place)
            if metres is not None:
                return Twin(candidate, row, "nom", SAME_NAME_NEARBY, metres)
            if (candidate.place is None or place is None) and code and code == row.get("code_insee"):
                return Twin(candidate, row, "nom", SAME_NAME_AND_COMMUNE, None)
        return None


def _name(candidate: Candidate) -> str:
    return fold(str(candidate.values.get("nom") or candidate.values.get("libelle") or ""))


def _may_be(candidate: Candidate, row: Mapping[str, object], taken: frozenset[str]) -> bool:
    """Say whether two rows may be one: a source that numbers its rows has itself said that two of them are two."""
    numbered = candidate.reference and row.get("source_ref") and candidate.source == row.get("source")
    return str(row["uuid"]) not in taken and not numbered
