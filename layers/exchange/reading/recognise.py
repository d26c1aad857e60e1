"""Which format a file has, from what it holds; a suffix proves nothing."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP
from .documents import load, objects
from .faults import FileUnreadableError, broken, check_size, closed
from .gogocarto import looks_like_gogocarto
from .hsds import looks_like_hsds
from .inclusion import looks_like_inclusion

MEDNUM = frozenset({"id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj"})
INCLUSION = frozenset({"id", "source", "nom", "date_maj"})
# How files begin that are none of ours, and what a person calls them.
OTHERS = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS / DOC (97-2003)",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7Z",
}
VECTORS = (b"SQLite format 3\0", b"\0\0\x27\x0a", b"fgb\x03")


def recognise(path: Path) -> str:
    """Return one of "csv", "xlsx", "geojson", "datainclusion", "mednum-json", "hsds", "gogocarto".

    FileUnreadableError for another kind of file, named where it can be.
    """
    check_size(path)
    try:
        with path.open("rb") as file:
            begin = file.read(512)
    except OSError as error:
        raise closed(path, error) from None
    if begin.startswith(b"PK\x03\x04"):
        return _archive(path)
    if begin.startswith(VECTORS):
        return "geojson"
    for mark, name in OTHERS.items():
        if begin.startswith(mark):
            raise FileUnreadableError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "{path} is a {kind} file, which is not read: save it as CSV, XLSX or GeoJSON first."
                ),
                path=path,
                kind=name,
            )
    text = re.sub(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)", b"", begin).replace(b"\0", b"").lstrip()
    if text.startswith(b"<") and re.match(rb"<(\?xml|kml|gpx)\b", text):
        return "geojson"
    if text.startswith((b"{", b"[")):
        return of_document(path, load(path))
    return "csv"


def of_document(path: Path, content: object) -> str:
    """Return the format of a JSON document."""
    features = content.get("features") if isinstance(content, dict) else None
    items = objects(content, "structures", "data", "features", "elements") or []
    first = items[:20]
    if any(looks_like_gogocarto(item) for item in first):
        return "gogocarto"
    if isinstance(features, list) or (isinstance(content, dict) and content.get("type") in ("Feature", "Topology")):
        return "geojson"
    if any(isinstance(item, dict) and item.keys() >= MEDNUM for item in first):
        return "mednum-json"
    if any(looks_like_inclusion(item) for item in first):
        return "datainclusion"
    if looks_like_hsds(content):
        return "hsds"
    if items and all(isinstance(item, dict) for item in first):
        return "json"
    raise FileUnreadableError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "{path} is JSON, but of no kind that is known here: ask for CSV, GeoJSON or data·inclusion at the source.",
        ),
        path=path,
    )


def of_columns(columns: tuple[str, ...]) -> str:
    """Return the format of a CSV, by its columns."""
    if set(columns) >= MEDNUM:
        return "mednum"
    return "datainclusion" if set(columns) >= INCLUSION and "structure_id" not in columns else "csv"


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise broken(path, error) from None
    if "xl/workbook.xml" in names or b"opendocument.spreadsheet" in kind:
        return "xlsx"
    raise FileUnreadableError(
        QT_TRANSLATE_NOOP("Tisserand", "{path} is an archive: unpack it, and choose the file that it holds."),
        path=path,
    )
