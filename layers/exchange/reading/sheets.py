"""XLSX and ODS through GDAL: titles above the header, merged cells, empty rows and columns; every cell as text."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP
from ..records import Row, Sheet
from .faults import MOST_COLUMNS, MOST_ROWS, TOO_LONG, TOO_WIDE, FileUnreadableError, too_large, without_rows
from .grid import Cells, Grid, grid
from .opening import AS_TEXT, SPREADSHEETS, opened

ACTORS, SERVICES = "acteur", "service"
# Cells of a merged block; a column of 300 000 merged rows is no table.
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_TAG = re.compile(r"<((?:sheet|Relationship) [^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_DATE = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?: 00:00:00)?")


def read_sheet(path: Path, layer: str | None = None) -> Sheet:
    """Return the rows of one sheet: ``layer``, else the one of actors, else the first that has any.

    The services on the second sheet of our own exports come as children of their actor.
    """
    with opened(path, SPREADSHEETS, AS_TEXT) as book:
        names = [book.GetLayer(order).GetName() for order in range(book.GetLayerCount())]
        if layer is not None and layer not in names:
            raise _no_such_sheet(path, layer, names)
        for name in [layer] if layer else sorted(names, key=lambda name: name != ACTORS):
            found = _grid(path, book, name)
            if found.rows:
                break
        else:
            raise without_rows(path)
        services = _grid(path, book, SERVICES) if name == ACTORS and SERVICES in names else None
    about = {"layer": name, "layers": " | ".join(names)}
    if found.above:
        about["titles"] = str(found.above)
    rows = _with_services(found, services) if services else tuple(found.rows)
    return Sheet("xlsx", found.columns, rows, None, about, tuple(found.rejects))


def _grid(path: Path, book, name: str) -> Grid:
    sheet = book.GetLayerByName(name)
    width = sheet.GetLayerDefn().GetFieldCount()
    if width > MOST_COLUMNS:
        raise too_large(path, MOST_COLUMNS, TOO_WIDE)
    if sheet.GetFeatureCount() > MOST_ROWS:
        raise too_large(path, MOST_ROWS, TOO_LONG)
    return grid(_filled(_cells(sheet, width), _merged(path, name)), even=False)


def _cells(sheet, width: int) -> Iterator[Cells]:
    for feature in sheet:
        yield Cells(feature.GetFID(), [_text(feature.GetField(place)) for place in range(width)])


def _text(value: object) -> str:
    if value is None:
        return ""
    date = _DATE.fullmatch(str(value))
    return "-".join(date.groups()) if date else str(value).replace("\r\n", "\n")


def _merged(path: Path, name: str) -> dict[tuple[int, int], int]:
    """Return (row, column) -> row whose value it shares, for cells merged downwards; XLSX only, rows from 1.

    GDAL gives the value of the first cell alone. Cells merged sideways stay empty: they are titles.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sheet = archive.read(_part_of(archive, name))
    # An ODS, or a book whose parts GDAL found otherwise: then nothing is known of merged cells.
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return {}
    shared: dict[tuple[int, int], int] = {}
    for left, top, right, bottom in _MERGED.findall(sheet):
        if left == right and int(bottom) - int(top) <= MOST_ROWS and len(shared) <= MOST_ROWS:
            column = _column(left.decode("ascii"))
            shared.update({(row, column): int(top) for row in range(int(top) + 1, int(bottom) + 1)})
    return shared


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Return the file within a book that holds the sheet of this name; KeyError when the book does not say."""
    places = {
        part["Id"]: part["Target"]
        for tag in _TAG.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
        if (part := dict(_ATTRIBUTE.findall(tag))).keys() >= {"Id", "Target"}
    }
    for tag in _TAG.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        said = dict(_ATTRIBUTE.findall(tag))
        if tag.startswith("sheet ") and html.unescape(said.get("name", "")) == name:
            target = places[said["r:id"]]
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise KeyError(name)


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _filled(lines: Iterator[Cells], shared: dict[tuple[int, int], int]) -> Iterator[Cells]:
    if not shared:
        yield from lines
        return
    values: dict[tuple[int, int], str] = {}
    tops = {(top, column) for (_, column), top in shared.items()}
    for cells in lines:
        texts = list(cells.texts)
        for column, text in enumerate(texts):
            here = (cells.number, column)
            if here in tops:
                values[here] = text
            elif here in shared and not text:
                texts[column] = values.get((shared[here], column), "")
        yield Cells(cells.number, texts)


def _with_services(actors: Grid, services: Grid) -> tuple[Row, ...]:
    owned: dict[str, list[dict[str, object]]] = {}
    for row in services.rows:
        owned.setdefault(str(row.values.get("acteur_uuid", "")), []).append(dict(row.values))
    known = {row.values.get("uuid") for row in actors.rows}
    if not owned.keys() <= known or "acteur_uuid" not in services.columns:
        return tuple(actors.rows)
    return tuple(
        Row(row.number, row.values, children=tuple(owned.get(str(row.values["uuid"]), ()))) for row in actors.rows
    )


def _no_such_sheet(path: Path, layer: str, names: list[str]) -> FileUnreadableError:
    return FileUnreadableError(
        QT_TRANSLATE_NOOP("Tisserand", "{path} has no sheet or layer “{layer}”: choose one of {names}."),
        path=path,
        layer=layer,
        names=", ".join(names),
    )
