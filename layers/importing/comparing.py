"""What a row of a file would change in a row of the store, and what was changed there by hand since."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from ..geopackage import GEOMETRY
from ..geopackage.opening import open_store
from .ground import place_of

EXTRA = "extra"
# Metres: a smaller move is the rounding of some program.
MOVED = 0.05
# How an import signs what it writes. The time is part of it, so that the journal tells each import's own changes from
# those of a program that signs nothing.
IMPORTED = "import "
# What an update never takes from a file: who a row is, and what the store stamps.
STAMPED = frozenset(("uuid", "cree_le", "date_maj", "cree_par", "maj_par", "version", "version_lue", "supprime_le"))


def signature(source: str, now: datetime) -> str:
    """Return the author of what an import writes."""
    return f"{IMPORTED}{source} {now.isoformat(timespec='milliseconds')}"


class LocalEdits:
    """Which fields of a table were last written by a person or another program; the journal is read when first asked.

    ``tick`` is called now and then and may raise, to stop.
    """

    def __init__(self, store: Path, table: str, tick: Callable[[], None] = lambda: None):
        self.store, self.table, self.tick = store, table, tick
        self._writers: dict[tuple[str, str], bool] | None = None

    def is_local(self, stored: Mapping[str, object], field: str) -> bool:
        """Say whether the value of a field of a stored row is not an import's."""
        if self._writers is None:
            self._writers = self._read()
        by_hand = self._writers.get((str(stored["uuid"]), field))
        if by_hand is not None:
            return by_hand
        author = stored.get("cree_par")
        return bool(author) and not str(author).startswith(IMPORTED) and stored.get(field) is not None

    def _read(self) -> dict[tuple[str, str], bool]:
        owner = open_store(self.store)
        layer = owner.GetLayerByName("journal")
        layer.SetAttributeFilter(f"nom_table = '{self.table}' AND operation <> 'creation'")
        writers: dict[tuple[str, str], bool] = {}
        for number, entry in enumerate(layer):
            if number % 1000 == 0:
                self.tick()
            became = json.loads(entry.GetField("apres") or "{}")
            by_hand = not str(became.get("maj_par") or "").startswith(IMPORTED)
            uuid = entry.GetField("objet_uuid")
            writers.update({(uuid, field): by_hand for field in became})
        return writers


def differences(
    stored: Mapping[str, object], values: Mapping[str, object], erased: Iterable[str] = ()
) -> dict[str, object]:
    """Return the fields that a row changes, with what they become; ``erased`` are fields that it empties."""
    found = {
        name: value
        for name, value in values.items()
        if name not in STAMPED and value is not None and not same(name, stored.get(name), value)
    }
    if EXTRA in found:
        found[EXTRA] = merged_extra(stored.get(EXTRA), str(values[EXTRA]))
        if found[EXTRA] == stored.get(EXTRA):
            del found[EXTRA]
    found.update({name: None for name in erased if stored.get(name) is not None})
    return found


def same(name: str, old: object, new: object) -> bool:
    """Say whether two values of a field are one."""
    if old is None:
        return new is None or new == ""
    if name == GEOMETRY:
        one, other = place_of(old), place_of(new)
        return one is not None and other is not None and math.dist(one, other) < MOVED
    if isinstance(old, float) or isinstance(new, float):
        return math.isclose(float(old), float(new), rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(new, (date, datetime)):
        return str(old)[:10].replace("/", "-") == new.isoformat()[:10]
    return old == new


def extra_text(extra: Mapping[str, object]) -> str | None:
    """Return the JSON of what the model has no field for, the same whatever the order of the columns."""
    return json.dumps(extra, ensure_ascii=False, sort_keys=True, default=str) if extra else None


def merged_extra(old: object, new: str) -> str | None:
    """Return both, the new where they differ: a file knows nothing of the columns of another one."""
    try:
        before = json.loads(str(old or "{}"))
    except ValueError:
        before = {EXTRA: str(old)}
    after = before if isinstance(before, dict) else {EXTRA: before}
    return extra_text({**after, **json.loads(new)})
