"""Photos on their way to the page: looked at before the book is composed, made small when it is drawn."""

from __future__ import annotations

import base64
from pathlib import Path

from qgis.PyQt.QtCore import QSize, Qt

from ..i18n import translate
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.photos import FOLDER, encoded, fresh, photo_path, read_upright

DPI = 300
INCH = 25.4


class PhotoSaidError(TisserandError):
    """Why a photo is not printed, in the language of the reader."""


def checked(store: Path, name: str) -> tuple[Path, int, int]:
    """Return path, width and height in pixels of a photo that can be printed; raises PhotoSaidError, which says why."""
    try:
        path = photo_path(store, name or "")
        if not path.is_file():
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{name} is missing from the folder “{folder}”: choose the image again."),
                name=name,
                folder=FOLDER,
            )
        if path.resolve().parent != path.parent.resolve():
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "{name} is a link to a file elsewhere: copy the image itself to the folder “{folder}”."
                ),
                name=name,
                folder=FOLDER,
            )
        image = read_upright(path)
    except TisserandError as error:
        raise PhotoSaidError(error.sentence(translate)) from error
    return path, image.width(), image.height()


def embedded(path: Path, width: float, height: float) -> str:
    """Return a photo as the text a layout holds pictures by: pixels alone, at most 300 an inch of a box in mm."""
    image = fresh(read_upright(path))
    most = QSize(round(width / INCH * DPI), round(height / INCH * DPI))
    if image.width() > most.width() or image.height() > most.height():
        image = image.scaled(most, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    data, _ = encoded(image)
    return "base64:" + base64.b64encode(data).decode("ascii")
