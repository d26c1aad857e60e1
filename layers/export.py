"""From a store to a file that others read: only what its readers may see, and whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from osgeo import ogr, osr

from .audience import contacts_are_public, may_read
from .errors import QT_TRANSLATE_NOOP, FolderMissingError, StoreExistsError, StoreRefusedError
from .exchange.catalogue import Catalogue, Remark, Written
from .exchange.formats import FORMATS
from .geopackage import GEOMETRY, read_rows, read_settings, refusal

EXTRA = "extra"
CONTACTS = ("telephone", "courriel", "contact_nom")
# How the survey stands, and who does it: for colleagues alone.
WORKING = (
    "statut_recensement",
    "date_visite",
    "correspondant_uuid",
    "secteur_uuid",
    "diffusion",
    "contact_publiable",
    "consentement_le",
    "opposition_le",
    "conservation_jusqu_a",
    "statut",
    "statut_motif",
    "revoir_avant",
    "score_geocodage",
    "cree_par",
    "maj_par",
    # What other files said, whatever it was: nobody has looked at it for the public.
    EXTRA,
)
# Within what other files said: a telephone number or a mail address.
CONTACT_WITHIN = re.compile(r"(?<!\d)(?:\+33|0)[\s.]?[1-9](?:[\s.-]?\d\d){4}(?!\d)|[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
# How the store keeps its rows: for nobody.
INNER = ("version", "version_lue", "supprime_le")
COLLEAGUES = "interne"
NOT_FOR_THEM = QT_TRANSLATE_NOOP(
    "Tisserand", "Actors not meant for these readers, or that refused, closed or were archived, left out: {count}."
)
WITHHELD = QT_TRANSLATE_NOOP(
    "Tisserand", "Contacts withheld, for want of a recorded consent: {count} ({names}). Record it in the form."
)

ILLEGIBLE = QT_TRANSLATE_NOOP(
    "Tisserand", "Texts with broken letters, each written as “�”: {count} ({names}). Type them again in the form."
)


def export_actors(store: Path, name: str, audience: str, output: Path, today: date) -> Written:
    """Write the actors that an audience may read to ``output``, in a format of ``FORMATS``; replaces a former file.

    The file is written under another name, counted again, and only then put in its place. Raises StoreUnreadableError,
    StoreExistsError when the file is the store itself, FolderMissingError, FolderClosedError, DiskFullError or
    StoreRefusedError; then ``output`` is as it was.
    """
    catalogue, remarks = read_catalogue(store, audience, today)
    if output.exists() and output.samefile(store):
        raise StoreExistsError(path=output)
    if not output.parent.is_dir():
        raise FolderMissingError(output.parent)
    format_ = FORMATS[name]
    # GDAL wants the suffix of a spreadsheet, and only once in a path.
    draft = output.with_name(f".tisserand-{os.getpid()}{format_.suffix}")
    try:
        written = format_.write(catalogue, draft)
        found = format_.count(draft)
        if found != written.actors:
            raise StoreRefusedError(path=output, cause=f"{found} / {written.actors}")
        draft.replace(output)
    except OSError as error:
        raise refusal(output, error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    return Written(found, remarks + written.remarks)


def read_catalogue(store: Path, audience: str, today: date) -> tuple[Catalogue, list[Remark]]:
    """Return what an audience may read of the actors and services, by name, and what it may not."""
    settings = read_settings(store)
    rows = read_rows(store, "acteur")
    readable = [row for row in rows if may_read(row, audience)]
    remarks = [Remark(NOT_FOR_THEM, "")] * (len(rows) - len(readable))
    degrees = _to_degrees(int(settings["epsg"]))
    services: dict[str, list[dict]] = defaultdict(list)
    hidden = (GEOMETRY, *INNER, "cree_par", "maj_par", *(() if audience == COLLEAGUES else (EXTRA,)))
    for row in sorted(read_rows(store, "service"), key=_order):
        services[row["acteur_uuid"]].append(_without(row, hidden))
    actors = [_legible(_published(row, audience, degrees), remarks) for row in sorted(readable, key=_order)]
    withheld = {row["uuid"] for row in readable if _withholds(row)}
    remarks += [Remark(WITHHELD, actor["nom"]) for actor in actors if actor["uuid"] in withheld]
    offered = {
        actor["uuid"]: [_legible(service, remarks) for service in services[actor["uuid"]]]
        for actor in actors
        if actor["uuid"] in services
    }
    return Catalogue(actors, offered, settings.get("departement_nom", ""), today), remarks


def _order(row: dict) -> tuple[str, str]:
    return row["nom"], row["uuid"]


def _withholds(row: dict) -> bool:
    return not contacts_are_public(row) and any(row[field] for field in CONTACTS)


def _published(row: dict, audience: str, degrees: osr.CoordinateTransformation) -> dict:
    longitude = latitude = None
    if row[GEOMETRY] is not None:
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY])
        point.Transform(degrees)
        longitude, latitude = point.GetX(), point.GetY()
    contacts = {} if contacts_are_public(row) else {**dict.fromkeys(CONTACTS), EXTRA: _without_contacts(row[EXTRA])}
    hidden = (GEOMETRY, *INNER) if audience == COLLEAGUES else (GEOMETRY, *INNER, *WORKING)
    return _without({**row, **contacts}, hidden) | {"longitude": longitude, "latitude": latitude}


def _without_contacts(extra: str | None) -> str | None:
    """Return what other files said without the values that hold a telephone number or a mail address."""
    if not extra or not CONTACT_WITHIN.search(extra):
        return extra
    try:
        kept = {name: value for name, value in json.loads(extra).items() if not CONTACT_WITHIN.search(str(value))}
    except (ValueError, AttributeError):
        return None
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def _without(row: dict, hidden: tuple[str, ...]) -> dict:
    return {name: value for name, value in row.items() if name not in hidden}


def _legible(row: dict, remarks: list[Remark]) -> dict:
    """Return a row with a mark for each byte that GDAL could not read as UTF-8 and passed on as a lone surrogate."""
    mended = {
        name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value
        for name, value in row.items()
    }
    remarks += [Remark(ILLEGIBLE, f"{mended['nom']} : {name}") for name, value in row.items() if mended[name] != value]
    return mended


def _to_degrees(epsg: int) -> osr.CoordinateTransformation:
    here, degrees = osr.SpatialReference(), osr.SpatialReference()
    here.ImportFromEPSG(epsg)
    degrees.ImportFromEPSG(4326)
    for system in (here, degrees):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(here, degrees)
