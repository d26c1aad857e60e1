"""The booklets of a run, one after the other, from one content and one set of map layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from ..layers.errors import (
    QT_TRANSLATE_NOOP,
    CancelledError,
    DiskFullError,
    FolderClosedError,
    FolderMissingError,
    TisserandError,
)
from .facts.booklet import narrowed
from .facts.content import Content, Territory
from .filenames import file_names
from .printing import Asked, Press, can_print

CANCELLED = QT_TRANSLATE_NOOP(
    "Tisserand", "Cancelled: {done} of {count} booklets were written to {folder}, the others are as they were."
)


class Printed(NamedTuple):
    """What became of the booklets: the files written, their pages, who failed and why, what an editor should know."""

    files: list[Path]
    pages: int
    failed: list[tuple[Territory, TisserandError]]
    notes: list[TisserandError]


def print_booklets(
    asked: Asked,
    content: Content,
    territories: list[Territory],
    sections: Iterable[str],
    folder: Path,
    progress: Callable[[float], bool],
) -> Printed:
    """Write a PDF for each territory, named after it; one that fails leaves the others, and its last good file.

    ``progress`` takes the share done, 0 to 1, at each page, and answers whether to go on. Raises TisserandError when
    it does not, and when the folder refuses: it would refuse the next ones too.
    """
    press = Press(asked)
    look = press.look(content)
    names = file_names((group.code, group.name) for group in content.groups)
    done = Printed([], 0, [], press.notes)
    count = len(territories)
    for index, territory in enumerate(territories):
        target = folder / f"{names[territory.code]}.pdf"

        def told(share: float, index: int = index) -> bool:
            return progress((index + share) / count)

        try:
            can_print(target)
            known = len(press.notes)
            booklet = narrowed(content, territory)
            book = press.compose(booklet, sections, _stop_unless(told))
            if len(press.notes) > known:
                # The templates were too small for it, and the press has taken others.
                look = press.look(content)
            total = len(book.pages)
            press.print(book, booklet, look, target, lambda page, told=told, total=total: told(page / total))
        except CancelledError as error:
            raise TisserandError(CANCELLED, done=len(done.files), count=count, folder=folder) from error
        except (DiskFullError, FolderClosedError, FolderMissingError):
            raise
        except TisserandError as error:
            done.failed.append((territory, error))
        else:
            done.files.append(target)
            done = done._replace(pages=done.pages + total)
    return done


def _stop_unless(told: Callable[[float], bool]) -> Callable[[], None]:
    def tick() -> None:
        if not told(0.0):
            raise CancelledError

    return tick
