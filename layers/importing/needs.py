"""Needs before they come near the store: no row about a person, no point at an address, no secret taken for zero."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from osgeo import osr

from ..errors import QT_TRANSLATE_NOOP
from ..exchange.cleaning.causes import NO_NUMBER
from ..exchange.folding import fold, fold_column
from ..exchange.mapping import Mapping
from ..exchange.records import Proposal, Record, Records, Reject, Sheet
from ..model.codes import code_list
from .candidates import WIDE
from .causes import MOVED_TO_UNIT, NO_UNIT, NOWHERE, OLD_COMMUNE, PERSON, PERSON_WITHIN
from .ground import Area, Ground, centre, system, which

SECRET = QT_TRANSLATE_NOOP(
    "Tisserand", "“{field}” is secret or unknown in the file ({value}): it was left empty, which is not 0."
)
SECRETS = frozenset(("s", "ns", "n s", "nd", "n d", "nc", "n c", "c", "secret", "confidentiel"))
# Columns that only a person has; folded words.
OF_A_PERSON = frozenset(
    (
        *("prenom", "prenoms", "nom prenom", "nom et prenom", "prenom nom", "civilite", "first name", "last name"),
        *("nom de famille", "nom de naissance", "nom d usage", "nom usage", "nom patronymique", "surname"),
        *("date de naissance", "date naissance", "naissance", "ne le", "nee le", "ne e le", "lieu de naissance"),
        *("birth date", "date of birth", "nir", "numero de securite sociale", "no securite sociale", "n allocataire"),
        *("numero allocataire", "matricule caf", "telephone", "tel", "portable", "mobile", "phone", "courriel"),
        *("mail", "email", "e mail", "adresse mail", "adresse", "adresse postale", "adresse complete", "address"),
        *("rue", "voie", "numero et rue", "numero de rue", "nom beneficiaire", "nom du beneficiaire"),
    )
)
NAME = "nom"
# What within a text tells of a person: « Mme Essai », a telephone number, a mail address, a social security number, a
# number in a street.
WITHIN = re.compile(
    r"\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+[A-ZÀ-ÖØ-Þ][\w'’-]+"
    r"|(?<!\d)(?:\+33|0)[\s.]?[1-9](?:[\s.-]?\d\d){4}(?!\d)"
    r"|[^\s@|;,]+@[^\s@|;,]+\.[A-Za-z]{2,}"
    r"|(?<!\d)[12]\s?\d\d\s?(?:0[1-9]|1[0-2])\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d\d)?(?!\d)"
    r"|\b\d{1,4}\s?(?:bis|ter)?,?\s(?i:rue|avenue|boulevard|chemin|impasse|allée|place|route|quai)\s"
)
# Units whose code begins with that of their commune.
WITHIN_A_COMMUNE = ("iris",)


def without_persons(sheet: Sheet, mapping: Mapping, *, chosen: bool) -> Sheet:
    """Return the sheet without the rows that tell of a person; their rejects never repeat what they tell.

    ``chosen`` says that a person gave the mapping: then a column « nom » that it reads is the name of the need.
    """
    suspect = _suspect_columns(sheet, mapping, chosen)
    rows, rejects = [], list(sheet.rejects)
    for row in sheet.rows:
        column = next((name for name in suspect if row.values.get(name) not in (None, "", [])), None)
        within = next((name for name, value in row.values.items() if WITHIN.search(_text(value))), None)
        if column is None and within is None:
            rows.append(row)
            continue
        told, template = (column, PERSON) if column is not None else (within, PERSON_WITHIN)
        rejects.append(Reject(row.number, str(told), "", template, {"column": told}))
    return replace(sheet, rows=tuple(rows), rejects=tuple(rejects))


def _suspect_columns(sheet: Sheet, mapping: Mapping, chosen: bool) -> list[str]:
    words = {name: fold_column(name) for name in sheet.columns}
    suspect = [name for name, folded in words.items() if folded in OF_A_PERSON]
    named = [name for name, folded in words.items() if folded == NAME]
    read_as_need = chosen and set(named) & mapping.read_columns and not suspect
    return suspect if read_as_need else suspect + named


def with_secrets_told(records: Records) -> Records:
    """Return the records with a secret of statistics remarked as such, not as a number that was mistyped."""
    remarks = [
        replace(remark, template=SECRET)
        if remark.template == NO_NUMBER and fold(str(remark.value)) in SECRETS
        else remark
        for remark in records.remarks
    ]
    return replace(records, remarks=tuple(remarks))


def at_units(records: Records, ground: Ground, accept: frozenset[str]) -> Records:
    """Return the needs at a point within their unit: that of ``niveau_geo`` and ``code_geo``, else their commune.

    A need whose unit is named and unknown is rejected. One without unit or position stays without a place.
    """
    placer = _Placer(records.accepted, ground, accept)
    kept = [placed for record in records.accepted if (placed := placer.place(record)) is not None]
    return replace(
        records,
        accepted=tuple(kept),
        rejected=(*records.rejected, *placer.rejected),
        remarks=(*records.remarks, *placer.remarks),
    )


class _Placer:
    def __init__(self, records: Sequence[Record], ground: Ground, accept: frozenset[str]):
        self.ground, self.accept = ground, accept
        self.rejected: list[Reject] = []
        self.remarks: list[Reject] = []
        self.units = {(niveau, area.code): area for niveau, areas in ground.areas.items() for area in areas}
        self.centres: dict[str, tuple[float, float]] = {}
        self.to_degrees = osr.CoordinateTransformation(system(ground.epsg), system(4326))
        located = [record for record in records if record.values.get("lon") is not None]
        found = which(
            ground.areas.get("commune", []),
            ground.projected([(record.values["lon"], record.values["lat"]) for record in located]),
        )
        self.here = {
            record.row: ground.areas["commune"][number] for record, number in zip(located, found) if number >= 0
        }

    def place(self, record: Record) -> Record | None:
        """Return a need at the centre of its unit, None when it is rejected."""
        values = dict(record.values)
        niveau, code = self._said(values)
        proposals = record.proposals
        if niveau == "commune" and code not in self.ground.communes.names:
            code, mended = self._current(record, code)
            if mended:
                if "merged_commune" not in self.accept:
                    self._reject(record, OLD_COMMUNE, {"before": mended.before, "after": mended.after})
                    return None
                proposals = (*proposals, mended)
        unit = self._unit(record, niveau, code)
        if unit is None and code:
            level = code_list("niveaux_geo").labels.get(niveau, niveau)
            self._reject(record, NO_UNIT, {"code": code, "level": level})
            return None
        if unit is None:
            values.update(lon=None, lat=None)
            self.remarks.append(Reject(record.row, "code_geo", "", NOWHERE, {}))
            return replace(record, values=values)
        if not code:
            niveau, code = "commune", unit.code
        values.update(niveau_geo=niveau, code_geo=code)
        if unit.niveau == "commune":
            values["code_insee"] = unit.code
        if record.values.get("lon") is not None:
            said = {"unit": f"{unit.nom} ({unit.code})"}
            self.remarks.append(Reject(record.row, "geometry", "", MOVED_TO_UNIT, said))
        values["lon"], values["lat"] = self._centre(unit)
        return replace(record, values=values, proposals=proposals)

    def _said(self, values: dict[str, object]) -> tuple[object, str]:
        """Return the level and the code of the unit that a row names, ``""`` for none."""
        niveau, code = values.get("niveau_geo"), str(values.get("code_geo") or "")
        if not code and values.get("code_insee"):
            return "commune", str(values["code_insee"])
        if code and not niveau:
            niveau = next((level for level in ("commune", *WIDE) if (level, code) in self.units), "commune")
        return niveau, code

    def _current(self, record: Record, code: str) -> tuple[str, Proposal | None]:
        """Return the commune of today that holds a former one of this workspace, with the proposal to write it."""
        after = self.ground.communes.successors.get(code, "")
        if after not in self.ground.communes.names:
            return code, None
        return after, Proposal("merged_commune", record.row, "code_geo", code, after)

    def _unit(self, record: Record, niveau: object, code: str) -> Area | None:
        if not code:
            return self.here.get(record.row)
        found = self.units.get((str(niveau), code))
        if found is None and niveau in WITHIN_A_COMMUNE:
            found = self.units.get(("commune", code[:5]))
        # The outlines of a grid, and of the districts that the workspace lacks, are not known: their commune is.
        return found or (self.here.get(record.row) if niveau in ("carreau", "qpv") else None)

    def _centre(self, unit: Area) -> tuple[float, float]:
        if unit.uuid not in self.centres:
            x, y = centre(unit)
            lon, lat, _ = self.to_degrees.TransformPoint(x, y)
            self.centres[unit.uuid] = (lon, lat)
        return self.centres[unit.uuid]

    def _reject(self, record: Record, template: str, said: dict[str, object]) -> None:
        code = str(record.values.get("code_geo") or record.values.get("code_insee") or "")
        self.rejected.append(Reject(record.row, "code_geo", code, template, said))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
