"""What stands between a file and the store: the rows of a sheet, and the records made of them by a mapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A row as the file has it.

    ``number`` is the one the user counts: line of a CSV (its header is line 1), row of a sheet, rank of a feature or
    object from 1. ``x`` and ``y`` are in the CRS of the sheet, None without a geometry. ``children`` are the services
    of a structure (data·inclusion, HSDS).
    """

    number: int
    values: dict[str, object]
    x: float | None = None
    y: float | None = None
    children: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class Reject:
    """Why a row, or one value of it, was not taken.

    ``template`` is an English text marked with ``QT_TRANSLATE_NOOP("Tisserand", …)``, filled by ``values``. ``field``
    is the column of the file, ``""`` when the whole row is meant.
    """

    row: int
    field: str
    value: str
    template: str
    values: dict[str, object] = field(default_factory=dict)

    def sentence(self, translate: Callable[[str, str], str]) -> str:
        """Return the cause in the language of ``translate(context, text)``."""
        text = translate("Tisserand", self.template)
        return text.format(**self.values) if self.values else text

    def __str__(self) -> str:
        return self.sentence(lambda context, text: text)


@dataclass(frozen=True)
class Sheet:
    """What a file holds, before anything is understood of it.

    ``format`` is one of ``reading.FORMATS`` but "auto". ``epsg`` is that of ``x`` and ``y`` of the rows, None when
    they have none. ``about`` says how the file was read: encoding, delimiter, decimal, layer… ``rejects`` are rows that
    could not be read; they are not among ``rows``.
    """

    format: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    epsg: int | None = None
    about: dict[str, str] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()


PROPOSALS = ("swapped", "projected", "merged_commune", "lost_zero", "arrondissement")


@dataclass(frozen=True)
class Proposal:
    """A mending that only the user may agree to; ``kind`` is one of ``PROPOSALS``."""

    kind: str
    row: int
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Record:
    """A row understood: ``values`` by the names of the model's fields, typed as the store takes them.

    ``values`` also has ``lon`` and ``lat`` (degrees, EPSG:4326), both None without a position. ``services`` are rows of
    the table ``service`` without their actor. ``extra`` is what the model has no field for, by column of the file.
    ``proposals`` are those that the user agreed to, applied.
    """

    row: int
    values: dict[str, object]
    services: tuple[dict[str, object], ...] = ()
    extra: dict[str, object] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Records:
    """All rows of a file: ``read == len(accepted) + len({reject.row for reject in rejected})``.

    ``remarks`` are values that were not taken although their row was; they stand in ``extra`` as they were.
    """

    read: int
    accepted: tuple[Record, ...]
    rejected: tuple[Reject, ...]
    remarks: tuple[Reject, ...] = ()
