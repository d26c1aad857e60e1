"""Stores that another version of the plugin made."""

from __future__ import annotations

from .errors import QT_TRANSLATE_NOOP, TisserandError


class StoreOlderError(TisserandError):
    """The store was made by an earlier version and has to be upgraded."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} was made by an earlier version of Tisserand: run “Upgrade a workspace” on it first (a copy of "
                "it is kept).",
            ),
            path=path,
        )


class StoreNewerError(TisserandError):
    """The store was made by a later version: it can be read, not written."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} was made by a later version of Tisserand and is opened for reading only: update the plugin to "
                "change it.",
            ),
            path=path,
        )
