"""The model's own conditions, tried before the store does: one bad row would have it refuse all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime

from ...model.schema import Check, Field, Table


class Conditions:
    """The conditions of a table, as SQLite judges them; made of the model alone, values are bound.

    ``required`` are the fields without which the store takes no row, and that nothing else fills.
    """

    def __init__(self, table: Table):
        self.table = table
        self.required = [
            field
            for field in table.fields
            if field.required and not (field.default or field.sql_default or field.references)
        ]
        self.judged: list[Field | Check] = [field for field in table.fields if field.check]
        self.judged += list(table.checks)
        texts = [item.check if isinstance(item, Field) else item.condition for item in self.judged]
        self.names = [name for name in table.names if any(re.search(rf"\b{name}\b", text) for text in texts)]
        columns = ", ".join(f'? AS "{name}"' for name in self.names)
        conditions = ", ".join(f"({text})" for text in texts) or "1"
        self.sql = f"SELECT {conditions} FROM (SELECT {columns or '1'})"  # nosec B608
        self.memory = sqlite3.connect(":memory:", check_same_thread=False)

    def broken(self, values: dict[str, object]) -> Iterator[Field | Check]:
        """Yield the fields and checks whose condition a row breaks; NULL passes."""
        row = [_bound(values.get(name)) for name in self.names]
        (verdicts,) = self.memory.execute(self.sql, row)
        return (item for item, verdict in zip(self.judged, verdicts) if verdict == 0)


def _bound(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
