"""A plan done: all of it in one transaction and read back, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import DiskFullError
from ..geopackage import write_changes
from .plan import Plan

# Rows between two looks at whether the user wants to stop.
STEP = 200
# Bytes. A disk that fills up in a transaction has SQLite end it, and GDAL go on writing its counts and extents outside
# of it: so there must be room for the rows, their journal and what SQLite keeps aside to undo them.
ROOM = 20_000_000
ROOM_FOR_A_TEXT = 4


class Watched(list):
    """Rows that tell how far the store has come with them; only the first time they are gone through.

    The store goes through its rows inside its transaction, so that stopping there leaves nothing written. Afterwards
    it goes through them again to read back, when there is nothing left to stop.
    """

    def __init__(self, rows: list[dict], tick: Callable[[int], None]):
        super().__init__(rows)
        self.tick = tick
        self.seen = False

    def __iter__(self) -> Iterator[dict]:
        if self.seen:
            return super().__iter__()
        self.seen = True
        return self._told()

    def _told(self) -> Iterator[dict]:
        for number, row in enumerate(super().__iter__()):
            if number % STEP == 0:
                self.tick(STEP if number else 0)
            yield row


def write_plan(store: Path, plan: Plan, progress: Callable[[float], None] = lambda share: None) -> None:
    """Write a plan; ``progress`` is told the share done of 1 and may raise, to stop: then nothing is written.

    Raises what ``geopackage.write_changes`` raises. A plan without changes leaves the file untouched.
    """
    if plan.is_empty:
        return
    _check_room(store, plan)
    services = plan.services
    total = len(plan.creates) + len(plan.updates) + len(services.creates) + len(services.updates)
    done = 0

    def tick(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done / total)

    creates = {plan.table: plan.creates, "service": services.creates}
    updates = {plan.table: plan.updates, "service": services.updates}
    write_changes(
        store,
        {name: Watched(rows, tick) for name, rows in creates.items() if rows},
        {name: Watched(rows, tick) for name, rows in updates.items() if rows},
    )


def _check_room(store: Path, plan: Plan) -> None:
    rows = [*plan.creates, *plan.updates, *plan.services.creates, *plan.services.updates]
    letters = sum(len(value) for row in rows for value in row.values() if isinstance(value, (str, bytes)))
    wanted = ROOM + ROOM_FOR_A_TEXT * letters + store.stat().st_size
    if shutil.disk_usage(store.parent).free < wanted:
        raise DiskFullError(store.parent)
