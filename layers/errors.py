"""The errors a user can do something about."""

from __future__ import annotations

from collections.abc import Callable


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name pylupdate looks for
    """Mark ``text`` for translation where QGIS is not at hand; it is translated when it is shown."""
    return text


class TisserandError(Exception):
    """One sentence that names the thing and the cure.

    ``template`` is an English text marked with ``QT_TRANSLATE_NOOP("Tisserand", …)`` and ``values`` fill it
    after translation; ``str(error)`` is the English sentence.
    """

    def __init__(self, template: str, **values: object):
        super().__init__(template.format(**values) if values else template)
        self.template = template
        self.values = values

    def sentence(self, translate: Callable[[str, str], str]) -> str:
        """Return the sentence in the language of ``translate(context, text)``."""
        text = translate("Tisserand", self.template)
        return text.format(**self.values) if self.values else text


class CancelledError(TisserandError):
    """The user stopped the work; nothing was written."""

    def __init__(self):
        super().__init__(QT_TRANSLATE_NOOP("Tisserand", "Cancelled: nothing was written."))


class StoreExistsError(TisserandError):
    """A store already stands where a new one was to be made."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand", "{path} already exists and was left as it is: choose another name, or remove it first."
            ),
            path=path,
        )


class StoreUnreadableError(TisserandError):
    """The file is missing, or no store of ours."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} is not a Tisserand workspace that can be read: choose a .gpkg made by “New workspace”.",
            ),
            path=path,
        )


class StoreRefusedError(TisserandError):
    """The folder, the disk or a rule of the model refused; nothing was written."""

    def __init__(self, path: object, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "Nothing was written to {path} ({cause}): check that the folder can be written, that the disk is not "
                "full, and the value that is named.",
            ),
            path=path,
            cause=cause,
        )


class OutsideDepartementError(TisserandError):
    """A point that was to enter a store lies outside its Département; nothing was written."""

    def __init__(self, what: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{what} is outside the Département, so nothing was written: check its coordinates (swapped?) and the "
                "CRS.",
            ),
            what=what,
        )


class FolderMissingError(TisserandError):
    """The folder for a new file does not exist."""

    def __init__(self, folder: object):
        super().__init__(
            QT_TRANSLATE_NOOP("Tisserand", "The folder {folder} does not exist: make it first, or choose another."),
            folder=folder,
        )


class FolderClosedError(TisserandError):
    """The folder for a new file cannot be written."""

    def __init__(self, folder: object):
        super().__init__(
            QT_TRANSLATE_NOOP("Tisserand", "The folder {folder} cannot be written: choose a folder of your own."),
            folder=folder,
        )


class DiskFullError(TisserandError):
    """There was no room for a new file; what was begun is gone again."""

    def __init__(self, folder: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The disk of {folder} is full, so nothing was written: make room, then try again."
            ),
            folder=folder,
        )


class StoreBusyError(TisserandError):
    """Another program holds the store for writing; nothing was written."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand", "Another program is writing to {path}: close it or leave its editing mode, then try again."
            ),
            path=path,
        )
