"""JSON documents: read whole, their objects laid out as rows whose columns are the dotted names of what is nested."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP
from ..records import Reject, Row, Sheet
from .faults import (
    MOST_BYTES_OF_JSON,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LONG,
    TOO_WIDE,
    FileUnreadableError,
    broken,
    check_size,
    closed,
    too_large,
    without_rows,
)

NO_OBJECT = QT_TRANSLATE_NOOP(
    "Tisserand", "In the place of an object stands “{value}”: take it out, or ask the source for whole data."
)


def load(path: Path) -> object:
    """Return what a JSON file holds; FileUnreadableError when it is none, too large or too deep."""
    check_size(path, MOST_BYTES_OF_JSON)
    try:
        raw = path.read_bytes()
        text = raw.decode(json.detect_encoding(raw))
        return json.loads(text[1:] if text.startswith("\ufeff") else text)
    except OSError as error:
        raise closed(path, error) from None
    except UnicodeDecodeError as error:
        raise broken(path, f"UTF-8, {raw[: error.start].count(10) + 1}") from None
    except RecursionError:
        raise broken(path, "> 1000 {[") from None
    except ValueError as error:
        raise broken(path, error) from None


def objects(content: object, *names: str) -> list | None:
    """Return the list that a document is, or has under the first of ``names`` that it has; None when there is none."""
    if isinstance(content, list):
        return content
    if isinstance(content, dict):
        return next((content[name] for name in names if isinstance(content.get(name), list)), None)
    return None


def flat(given: dict, prefix: str = "") -> dict[str, object]:
    """Return the values of an object by dotted names; lists of plain values stay lists, all others become JSON."""
    values: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, dict) and value:
            values.update(flat(value, f"{prefix}{name}."))
        else:
            values[f"{prefix}{name}"] = plain(value)
    return values


def plain(value: object) -> object:
    """Return a value that a row may hold: lists only of plain values, everything nested as JSON."""
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, (dict, list)) for part in value)):
        return json.dumps(value, ensure_ascii=False)
    return value


def sheet(path: Path, format: str, rows: list[Row], rejects: Iterable[Reject], about: dict[str, str]) -> Sheet:
    """Return the sheet of a document; FileUnreadableError when it has no rows or too many."""
    if not rows and not rejects:
        raise without_rows(path)
    if len(rows) > MOST_ROWS:
        raise too_large(path, MOST_ROWS, TOO_LONG)
    columns = tuple(dict.fromkeys(name for row in rows for name in row.values))
    if len(columns) > MOST_COLUMNS:
        raise too_large(path, MOST_COLUMNS, TOO_WIDE)
    return Sheet(format, columns, tuple(rows), None, {"encoding": "utf-8", **about}, tuple(rejects))


def no_object(number: int, value: object) -> Reject:
    """Return the reject of something that is no object where one should be."""
    text = json.dumps(value, ensure_ascii=False, default=str)[:80]
    return Reject(number, "", text, NO_OBJECT, {"value": text})


def not_of_format(path: Path, format: str) -> FileUnreadableError:
    """Return the error of a file that is not what the user said it is."""
    return FileUnreadableError(
        QT_TRANSLATE_NOOP(
            "Tisserand", "{path} does not look like {format}: choose another format, or let it be recognised."
        ),
        path=path,
        format=format,
    )


def texts_of(values: dict[str, object]) -> dict[str, object]:
    """Return the values without those that say nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
