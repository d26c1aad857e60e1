"""A batch of addresses as a table for ``/search/csv/``, one address for ``/search/``, and the reading of both answers.

The table holds nothing but our own columns, and an answer is taken by the number we gave, never by its rank: services
reorder and drop rows, and name their columns like those of the user.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ..errors import QT_TRANSLATE_NOOP
from .addresses import Attempt
from .answers import Candidate
from .faults import UnreadableAnswerError

COLUMNS = ("id", "adresse", "postcode", "citycode")
# Asked for by name where a service lets one choose; read by name in any case.
RESULT_COLUMNS = (
    "latitude",
    "longitude",
    "result_label",
    "result_score",
    "result_score_next",
    "result_type",
    "result_citycode",
    "result_city",
    "result_oldcity",
)
_NEEDED = ("id", "latitude", "longitude", "result_label", "result_score", "result_type")
BOUNDARY = "tisserand-adresses-a-situer"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def batch_body(attempts: Sequence[Attempt]) -> bytes:
    """Return the form to post (``FORM``): the table of the attempts, numbered, and which columns mean what."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, attempt in enumerate(attempts):
        writer.writerow((number, attempt.text, attempt.postcode, attempt.citycode))
    wishes = [
        ("columns", "adresse"),
        ("citycode", "citycode"),
        ("postcode", "postcode"),
        ("encoding", "utf-8"),
        ("delimiter", ","),
        *(("result_columns", name) for name in RESULT_COLUMNS),
    ]
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in wishes]
    parts.append(
        'Content-Disposition: form-data; name="data"; filename="adresses.csv"\r\n'
        f"Content-Type: text/csv; charset=utf-8\r\n\r\n{table.getvalue()}"
    )
    whole = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts)
    return f"{whole}--{BOUNDARY}--\r\n".encode()


def read_batch(body: bytes, attempts: Sequence[Attempt]) -> list[Candidate | None]:
    """Return the answer to each attempt, in their order; None where the service found nothing.

    Raises UnreadableAnswerError unless every attempt is answered exactly once, in words that are still ours.
    """
    reader = csv.DictReader(io.StringIO(_decoded(body), newline=""))
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableAnswerError(
            QT_TRANSLATE_NOOP("Tisserand", "columns missing: {names}"), names=", ".join(missing)
        )
    answers: dict[int, Candidate | None] = {}
    for row in reader:
        if None in row or None in row.values():
            raise UnreadableAnswerError(QT_TRANSLATE_NOOP("Tisserand", "a row is cut short"))
        number = int(row["id"]) if row["id"].isdecimal() else -1
        if not 0 <= number < len(attempts) or number in answers:
            raise UnreadableAnswerError(QT_TRANSLATE_NOOP("Tisserand", "a row that nobody asked for, or twice"))
        if " ".join(row.get("adresse", attempts[number].text).split()) != attempts[number].text:
            raise UnreadableAnswerError(
                QT_TRANSLATE_NOOP("Tisserand", "addresses come back changed: encoding or order lost")
            )
        answers[number] = _from_row(row) if row["latitude"] or row["longitude"] else None
    if len(answers) != len(attempts):
        raise UnreadableAnswerError(
            QT_TRANSLATE_NOOP("Tisserand", "{rows} rows for {addresses} addresses"),
            rows=len(answers),
            addresses=len(attempts),
        )
    return [answers[number] for number in range(len(attempts))]


def single_query(attempt: Attempt) -> str:
    """Return what follows ``/search/`` to ask one address."""
    asked = {"q": attempt.text, "limit": 2, "autocomplete": 0}
    asked.update(
        (name, value) for name, value in (("citycode", attempt.citycode), ("postcode", attempt.postcode)) if value
    )
    return "?" + urlencode(asked)


def read_single(body: bytes) -> Candidate | None:
    """Return the answer to one address, None where the service found nothing; raises UnreadableAnswerError."""
    try:
        features = json.loads(_decoded(body))["features"]
        if not features:
            return None
        said = features[0]["properties"]
        longitude, latitude = features[0]["geometry"]["coordinates"][:2]
        second = features[1]["properties"].get("score") if len(features) > 1 else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise UnreadableAnswerError(QT_TRANSLATE_NOOP("Tisserand", "no GeoJSON of addresses")) from error
    values = {"latitude": latitude, "longitude": longitude, "result_score_next": second}
    return _from_row({**{f"result_{name}": value for name, value in said.items()}, **values})


def _from_row(row: Mapping[str, object]) -> Candidate:
    longitude, latitude = _number(row["longitude"], 180), _number(row["latitude"], 90)
    second = row.get("result_score_next")
    return Candidate(
        label=_text(row.get("result_label")),
        # Some versions of addok rate a perfect answer a little above 1.
        score=min(1.0, max(0.0, _number(row.get("result_score"), 2))),
        runner_up=None if second in (None, "") else _number(second, 2),
        kind=_text(row.get("result_type")),
        citycode=_text(row.get("result_citycode")),
        city=_text(row.get("result_city")),
        former_city=_text(row.get("result_oldcity")),
        longitude=longitude,
        latitude=latitude,
    )


def _number(value: object, most: float) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not -most <= number <= most:
        raise UnreadableAnswerError(
            QT_TRANSLATE_NOOP("Tisserand", "{value} instead of a number"), value=repr(str(value)[:20])
        )
    return number


def _text(value: object) -> str:
    """Return a value as text; the BAN gives several names and codes as a list, the most precise first."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def _decoded(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableAnswerError(QT_TRANSLATE_NOOP("Tisserand", "another encoding than UTF-8")) from error
    if text.lstrip()[:1] == "<":
        raise UnreadableAnswerError(QT_TRANSLATE_NOOP("Tisserand", "a web page"))
    return text
