"""Photos of the monographs on the printed page: small, without what cameras add, and never what is none."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest
from pypdf import PdfReader
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from tisserand.guide.photos import PhotoSaidError, checked
from tisserand.guide.printing import Asked, Press, read
from tisserand.layers import geopackage
from tisserand.layers.photos import FOLDER, take_in

CAMERA = b"Appareil d'essai"
# An Exif block of one directory: the maker of the camera, and a place.
EXIF = (
    b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\x00\x00\x00\x11\x00\x00\x00\x1a\x00\x00\x00\x00"
    + CAMERA
    + b"\x00"
)


def uuid(word):
    return str(uuid5(NAMESPACE_URL, word))


def picture(path, width=1200, height=800, kind="JPG"):
    """Write a picture of two halves, so that what is printed can be recognised."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#c0392b"))
    painter = QPainter(image)
    painter.fillRect(0, 0, width // 2, height, QColor("#2980b9"))
    painter.end()
    assert image.save(str(path), kind)
    return path


def with_exif(path):
    data = path.read_bytes()
    segment = b"\xff\xe1" + (len(EXIF) + 2).to_bytes(2, "big") + EXIF
    path.write_bytes(data[:2] + segment + data[2:])
    return path


@pytest.fixture
def printed(provider, make_store, tmp_path):
    """Return a printer of the monograph of a store whose folder holds a photo of a name: its pages, its warnings."""

    def run(place, name="photo.jpg", **media):
        store = make_store([{"at": (0, 0), "nom": "La Remise"}])
        (store.parent / FOLDER).mkdir(exist_ok=True)
        name = place(store, store.parent / FOLDER / name) or name
        actor = geopackage.read_rows(store, "acteur")[0]["uuid"]
        row = {"uuid": uuid("p"), "chemin": name, "monographie_uuid": uuid("m"), "ordre": 1, "legende": "L'atelier"}
        monograph = {"uuid": uuid("m"), "titre": "Réparer", "acteur_uuid": actor, "diffusion": "public"}
        rights = {"droit_image": "licence-libre", "credit": "Essai"}
        geopackage.write_rows(store, {"monographie": [monograph], "media": [row | rights | media]})
        asked = Asked(store, "2026", "public", date(2026, 11, 1), sections=("monographies", "sources"))
        content = read(asked)
        press = Press(asked)
        book = press.compose(content)
        target = tmp_path / "guide.pdf"
        press.print(book, content, press.look(content), target, lambda done: True)
        return PdfReader(target), content.warnings

    return run


def pixels(reader):
    """Return the pictures of a PDF as (width, height)."""
    return [image.image.size for page in reader.pages for image in page.images]


def test_a_photo_is_printed_with_its_legend_and_credit_which_the_notice_repeats(printed):
    reader, warnings = printed(lambda store, path: picture(path) and None)
    assert len(pixels(reader)) == 1
    everything = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "L'atelier. Photo : Essai." in everything
    assert "Réparer : Essai." in everything
    assert not any("hoto" in warning for warning in warnings)


def test_a_huge_photo_is_printed_at_three_hundred_dots_an_inch_at_most(printed):
    reader, _ = printed(lambda store, path: picture(path, 6000, 4000) and None)
    ((width, height),) = pixels(reader)
    assert width <= round(112 / 25.4 * 300) + 1
    assert height <= round(74 / 25.4 * 300) + 1
    assert width > 600


def test_what_the_camera_wrote_is_not_in_the_pdf(printed, tmp_path):
    def place(store, path):
        assert CAMERA in with_exif(picture(path)).read_bytes()

    reader, _ = printed(place)
    (image,) = [image for page in reader.pages for image in page.images]
    data = (tmp_path / "guide.pdf").read_bytes()
    for held in (data, image.data, *(page.get_contents().get_data() for page in reader.pages)):
        assert CAMERA not in held
        assert b"Exif" not in held


def test_a_photo_taken_in_by_the_plugin_is_found_by_its_name(printed, tmp_path):
    source = picture(tmp_path / "source.png", kind="PNG")
    reader, warnings = printed(lambda store, path: take_in(source, store).name)
    assert len(pixels(reader)) == 1
    assert not any("hoto" in warning for warning in warnings)


def nothing(store, path):
    return None


def text(store, path):
    path.write_text("ceci n'est pas une photo")


def drawing(store, path):
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>'
    )


def cut_short(store, path):
    picture(path)
    path.write_bytes(path.read_bytes()[:300])


def too_many_pixels(store, path):
    """Write a header of 60000 x 60000 pixels without any."""
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def a_link_out(store, path):
    outside = store.parent / "ailleurs.jpg"
    path.symlink_to(picture(outside))


def a_folder(store, path):
    path.mkdir()


@pytest.mark.parametrize("place", [nothing, text, drawing, cut_short, too_many_pixels, a_link_out, a_folder])
def test_what_is_no_photo_is_named_and_the_page_is_laid_out_without_it(printed, place):
    reader, warnings = printed(place)
    assert pixels(reader) == []
    (warning,) = [warning for warning in warnings if "photo.jpg" in warning]
    assert "Réparer" in warning
    assert "Réparer" in " ".join(page.extract_text() for page in reader.pages)
    assert "n'a pas de photo" in " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "/etc/hostname", "..\\secret.jpg", "C:\\secret.jpg", "a/b.jpg", "", None]
)
def test_a_path_that_leads_out_of_the_folder_of_the_photos_is_not_followed(tmp_path, name):
    # The store refuses most of these; another program may have written it.
    picture(tmp_path / "secret.jpg")
    with pytest.raises(PhotoSaidError):
        checked(tmp_path / "essai.gpkg", name)


def test_an_animated_picture_is_not_a_photo(printed, tmp_path):
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    gif += b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    reader, warnings = printed(lambda store, path: path.write_bytes(gif) and None)
    assert pixels(reader) == []
    assert any("photo.jpg" in warning for warning in warnings)


def test_the_photo_stands_upright_and_whole(printed, tmp_path):
    reader, _ = printed(lambda store, path: picture(path, 600, 900) and None)
    (image,) = [image.image.convert("RGB") for page in reader.pages for image in page.images]
    assert image.height > image.width
    left, right = image.getpixel((5, 5)), image.getpixel((image.width - 5, 5))
    assert left[2] > left[0]
    assert right[0] > right[2]


def test_a_transparent_png_is_printed(printed):
    def place(store, path):
        image = QImage(400, 300, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.fillRect(50, 50, 100, 100, QColor("#2980b9"))
        painter.end()
        assert image.save(str(path), "PNG")

    reader, warnings = printed(place, name="photo.png")
    assert pixels(reader)
    assert not any("photo.png" in warning for warning in warnings)
