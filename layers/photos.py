"""Photos beside a store: taken in without what cameras write into them, named after their content."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from qgis.PyQt.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from .errors import QT_TRANSLATE_NOOP, TisserandError
from .geopackage import refusal

FOLDER = "photos"
LONGEST_SIDE = 2400
MOST_PIXELS = 50_000_000
QUALITY = 85
# What may come in, as Qt names it; an SVG is a program more than a picture.
READ = frozenset({"jpeg", "jpg", "png", "webp", "bmp", "tiff", "tif"})
MIMES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
FINGERPRINT = re.compile("[0-9a-f]{64}")


class Photo(NamedTuple):
    """What a row of ``media`` says of its file: the bare name, its fingerprint, type and size in bytes."""

    name: str
    sha256: str
    mime: str
    octets: int


class PhotoRefusedError(TisserandError):
    """A file that cannot be taken in as a photo; the file is left as it is."""


class PhotoNameError(TisserandError):
    """A name that would lead out of the folder of the photos."""

    def __init__(self, name: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "“{name}” is not the name of a photo of this workspace: choose the image again, it will be copied to "
                "the folder “photos”.",
            ),
            name=name,
        )


def photo_path(store: Path, name: str) -> Path:
    """Return where a photo of a store lies; raises PhotoNameError for anything but the bare name of an image."""
    if not NAME.fullmatch(name) or ".." in name or Path(name).suffix.lower().lstrip(".") not in MIMES:
        raise PhotoNameError(name)
    return store.parent / FOLDER / name


def take_in(source: Path, store: Path) -> Photo:
    """Copy an image to the photos of a store: upright, at most 2400 pixels long, without place, date or camera.

    The same image taken in twice is one file. Raises PhotoRefusedError when the file is no image that can be taken,
    FolderClosedError or DiskFullError when the folder refuses.
    """
    data, ending = encoded(fresh(read_upright(source)))
    sha256 = hashlib.sha256(data).hexdigest()
    target = photo_path(store, f"{sha256}.{ending}")
    draft = target.with_name(f".{sha256}-{os.getpid()}")
    try:
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            draft.write_bytes(data)
            draft.replace(target)
    except OSError as error:
        if draft.is_file():
            draft.unlink()
        raise refusal(target, error.strerror or str(error)) from error
    return Photo(target.name, sha256, MIMES[ending], len(data))


def facts_of(store: Path, name: str) -> dict[str, object]:
    """Return what a row of ``media`` should say of a photo that was taken in: of other files, what can be known."""
    try:
        path = photo_path(store, name)
    except PhotoNameError:
        return {}
    facts: dict[str, object] = {"mime": MIMES[path.suffix.lower().lstrip(".")]}
    if FINGERPRINT.fullmatch(path.stem):
        facts["sha256"] = path.stem
    if path.is_file():
        facts["octets"] = path.stat().st_size
    return facts


def read_upright(source: Path) -> QImage:
    """Return the pixels of a photo, at most 2400 on its longest side, the right way up; raises PhotoRefusedError."""
    reader = QImageReader(str(source))
    reader.setDecideFormatFromContent(True)
    kind = bytes(reader.format()).decode("ascii", "replace").lower()
    if kind not in READ:
        raise PhotoRefusedError(
            QT_TRANSLATE_NOOP("Tisserand", "{path} is not a photo that can be read: choose a JPEG, PNG or WebP file."),
            path=source,
        )
    size = reader.size()
    if size.width() * size.height() > MOST_PIXELS:
        raise PhotoRefusedError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} has {pixels} million pixels, more than {most}: save it smaller with a photo program first.",
            ),
            path=source,
            pixels=round(size.width() * size.height() / 1e6),
            most=MOST_PIXELS // 1_000_000,
        )
    if max(size.width(), size.height()) > LONGEST_SIDE:
        longest = QSize(LONGEST_SIDE, LONGEST_SIDE)
        reader.setScaledSize(size.scaled(longest, Qt.AspectRatioMode.KeepAspectRatio))
    # The side that is up stands in what will be taken away.
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise PhotoRefusedError(
            QT_TRANSLATE_NOOP("Tisserand", "{path} is damaged ({cause}): choose another file."),
            path=source,
            cause=reader.errorString(),
        )
    return image


def fresh(image: QImage) -> QImage:
    """Return the pixels alone, in sRGB: comments, profiles and resolutions stay with the old image."""
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    kind = QImage.Format.Format_ARGB32 if image.hasAlphaChannel() else QImage.Format.Format_RGB32
    fresh = QImage(image.size(), kind)
    fresh.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, image)
    painter.end()
    return fresh


def encoded(image: QImage) -> tuple[bytes, str]:
    """Return the bytes of an image and the ending of its name: PNG where something is transparent, JPEG elsewhere."""
    ending = "png" if image.hasAlphaChannel() else "jpg"
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png" if ending == "png" else b"jpeg"))
    if ending == "jpg":
        writer.setQuality(QUALITY)
    if not writer.write(image):
        raise PhotoRefusedError(
            QT_TRANSLATE_NOOP("Tisserand", "The photo could not be written ({cause}): choose another file."),
            cause=writer.errorString(),
        )
    return bytes(data), ending
