"""Why a store cannot be upgraded."""

from __future__ import annotations

from ..errors import QT_TRANSLATE_NOOP, TisserandError


class NoRoomError(TisserandError):
    """The disk has no room for the copy and the work; nothing was begun."""

    def __init__(self, path: object, needed: int, free: int):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} was left as it is: this takes {needed} MB on its disk, and {free} MB are free. Make room, then "
                "try again.",
            ),
            path=path,
            needed=-(-needed // 1_000_000),
            free=free // 1_000_000,
        )


class UpgradeRefusedError(TisserandError):
    """Something in the store does not fit the schema of today; it is as it was."""

    def __init__(self, path: object, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} could not be upgraded and is as it was ({cause}): correct what is named, then try again.",
            ),
            path=path,
            cause=cause,
        )


class NameTakenError(TisserandError):
    """A table of the user has the name of a new table of the model; the store is as it was."""

    def __init__(self, path: object, name: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} was left as it is: it has a table of yours called {name}, which the new version needs for its "
                "own. Rename yours, then try again.",
            ),
            path=path,
            name=name,
        )
