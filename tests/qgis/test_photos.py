"""Photos: what comes in loses its place and keeps its face; what is no photo, or leads elsewhere, stays out."""

import hashlib
import re
import struct

import pytest
from qgis.core import QgsFeature
from qgis.PyQt.QtCore import QBuffer, QByteArray, QEvent, QIODevice
from qgis.PyQt.QtGui import QColor, QImage, QImageReader
from qgis.PyQt.QtWidgets import QApplication

from tisserand.layers import photos
from tisserand.layers.photos import PhotoNameError, PhotoRefusedError, facts_of, photo_path, take_in

RED, BLUE = QColor("#d01010"), QColor("#1010d0")
SECRET = b"48.8566N 2.3522E"


@pytest.fixture
def store(qgis_app, tmp_path):
    return tmp_path / "espace" / "essai.gpkg"


@pytest.fixture(autouse=True)
def folder(store):
    store.parent.mkdir()


def picture(width=60, height=40, colour=RED, transparent=False):
    """Return an image whose left half has a colour and whose right half is blue, or nothing."""
    kind = QImage.Format.Format_ARGB32 if transparent else QImage.Format.Format_RGB32
    image = QImage(width, height, kind)
    image.fill(QColor(0, 0, 0, 0) if transparent else BLUE)
    for x in range(width // 2):
        for y in range(height):
            image.setPixelColor(x, y, colour)
    return image


def jpeg(image, *, orientation=1):
    """Return the bytes of a JPEG that a telephone could have made: with its place, and which side is up."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPEG", 95)
    plain = bytes(data)
    entries = struct.pack("<HHHI4s", 2, 0x0112, 3, 1, struct.pack("<HH", orientation, 0))
    entries += struct.pack("<HHII", 0x010E, 2, len(SECRET), 38) + struct.pack("<I", 0)
    exif = b"Exif\0\0" + b"II*\0" + struct.pack("<I", 8) + entries + SECRET
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


def written(tmp_path, name, data):
    file = tmp_path / name
    file.write_bytes(data)
    return file


def test_a_photo_is_named_after_its_content_and_the_original_is_left(store, tmp_path):
    data = jpeg(picture())
    source = written(tmp_path, "IMG 0001.JPG", data)
    photo = take_in(source, store)
    copy = store.parent / "photos" / photo.name
    assert re.fullmatch(r"[0-9a-f]{64}\.jpg", photo.name)
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == photo.sha256 == copy.stem
    assert (photo.mime, photo.octets) == ("image/jpeg", copy.stat().st_size)
    assert source.read_bytes() == data
    assert [path.name for path in copy.parent.iterdir()] == [photo.name]


def test_place_camera_and_comments_are_gone(store, tmp_path):
    data = jpeg(picture())
    assert SECRET in data
    assert b"Exif" in data
    photo = take_in(written(tmp_path, "a.jpg", data), store)
    kept = (store.parent / "photos" / photo.name).read_bytes()
    assert SECRET not in kept
    assert b"Exif" not in kept


def test_the_comments_of_a_png_are_gone_too(store, tmp_path):
    image = picture(transparent=True)
    image.setText("Comment", SECRET.decode())
    source = tmp_path / "a.png"
    assert image.save(str(source))
    assert SECRET in source.read_bytes()
    photo = take_in(source, store)
    copy = store.parent / "photos" / photo.name
    assert SECRET not in copy.read_bytes()
    assert QImage(str(copy)).pixelColor(50, 10).alpha() == 0
    assert photo.mime == "image/png"


def test_the_side_that_is_up_comes_up(store, tmp_path):
    # 6: the camera was turned, the left of what it wrote is the top.
    photo = take_in(written(tmp_path, "a.jpg", jpeg(picture(), orientation=6)), store)
    image = QImage(str(store.parent / "photos" / photo.name))
    assert (image.width(), image.height()) == (40, 60)
    top, bottom = image.pixelColor(20, 10), image.pixelColor(20, 50)
    assert top.red() > 150 > top.blue()
    assert bottom.blue() > 150 > bottom.red()


def test_a_large_photo_is_made_2400_pixels_long_and_a_small_one_stays(store, tmp_path):
    long = QImage(4000, 1000, QImage.Format.Format_RGB32)
    long.fill(RED)
    assert long.save(str(tmp_path / "l.png"))
    image = QImage(str(store.parent / "photos" / take_in(tmp_path / "l.png", store).name))
    assert (image.width(), image.height()) == (2400, 600)
    small = take_in(written(tmp_path, "s.jpg", jpeg(picture())), store)
    assert QImage(str(store.parent / "photos" / small.name)).width() == 60


def test_the_same_photo_twice_is_one_file(store, tmp_path):
    first, second = (take_in(written(tmp_path, name, jpeg(picture())), store) for name in ("a.jpg", "b.jpg"))
    assert first == second
    assert len(list((store.parent / "photos").iterdir())) == 1


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_read(store, tmp_path, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 2000)
    with pytest.raises(PhotoRefusedError, match="million pixels"):
        take_in(written(tmp_path, "a.jpg", jpeg(picture())), store)
    assert not (store.parent / "photos").exists()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.svg", SVG), ("a.jpg", SVG), ("a.jpg", b"%PDF-1.7"), ("a.jpg", b""), ("a.png", b"GIF89a" + bytes(40))],
)
def test_what_is_no_photo_is_refused_whatever_its_name(store, tmp_path, name, data):
    with pytest.raises(PhotoRefusedError, match=r"not a photo"):
        take_in(written(tmp_path, name, data), store)
    assert not (store.parent / "photos").exists()


def test_half_a_photo_is_refused_or_read_but_never_raises_anything_else(store, tmp_path):
    whole = jpeg(picture(300, 300))
    for share in (0.02, 0.1, 0.3):
        source = written(tmp_path, "a.jpg", whole[: int(len(whole) * share)])
        if QImageReader(str(source)).read().isNull():
            with pytest.raises(PhotoRefusedError):
                take_in(source, store)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jpg",
        "..\\secret.jpg",
        "a/b.jpg",
        "a\\b.jpg",
        "/etc/passwd.jpg",
        "C:\\a.jpg",
        "C:a.jpg",
        "\\\\serveur\\partage\\a.jpg",
        "//serveur/partage/a.jpg",
        "a..jpg",
        ".jpg",
        "a.svg",
        "a.jpg.exe",
        "a.jpg\0.png",
        "a.jpg\n",
        "",
    ],
)
def test_a_name_that_leads_elsewhere_is_no_photo(store, name):
    with pytest.raises(PhotoNameError):
        photo_path(store, name)
    assert facts_of(store, name) == {}


def test_the_folder_is_that_of_the_store(store):
    assert photo_path(store, "a" * 64 + ".jpg") == store.parent / "photos" / ("a" * 64 + ".jpg")


def test_a_folder_that_cannot_be_made_is_said(store, tmp_path):
    from tisserand.layers.errors import TisserandError

    (store.parent / "photos").write_text("un fichier", encoding="utf-8")
    with pytest.raises(TisserandError):
        take_in(written(tmp_path, "a.jpg", jpeg(picture())), store)


@pytest.fixture
def form(store, tmp_path, make_store):
    """Return the form of a new row of ``media``, its layer, and its store."""
    from qgis.core import QgsProject, QgsVectorLayerUtils
    from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm, QgsGui

    from tisserand.layers.model.tables import table
    from tisserand.layers.project import layers_of, make_project
    from tisserand.qgis_plugin.widgets import registration

    QgsGui.editorWidgetRegistry().initEditors()
    registration.register()
    made = make_store([{"at": (0, 0), "nom": "Cantine"}])
    make_project(made, made.with_suffix(".qgz")).clear()
    # The lists of rows of other tables look for these in the project of the window.
    project = QgsProject.instance()
    assert project.read(str(made.with_suffix(".qgz")))
    photo, actor = (layers_of(project, name)[0] for name in (table("media").name, "acteur"))
    photo.startEditing()
    owner = photo.fields().lookupField("acteur_uuid")
    feature = QgsVectorLayerUtils.createFeature(photo, attributes={owner: next(actor.getFeatures())["uuid"]})
    opened = QgsAttributeForm(photo, QgsFeature(feature))
    opened.setMode(QgsAttributeEditorContext.Mode.AddFeatureMode)
    yield opened, photo, made
    # Before its layers, as QGIS closes them; the test itself still holds the Python half.
    opened.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    project.clear()
    registration.unregister()


def test_a_photo_chosen_in_the_form_is_saved_with_its_facts(form, tmp_path):
    from tisserand.layers import geopackage
    from tisserand.qgis_plugin.widgets.photo_field import PhotoFrame

    opened, layer, store = form
    (frame,) = opened.findChildren(PhotoFrame)
    frame.take(written(tmp_path, "a.svg", SVG))
    assert "a.svg" in frame.trouble.text()
    assert frame.name is None
    frame.take(written(tmp_path, "a.jpg", jpeg(picture())))
    assert not frame.picture.pixmap().isNull()
    assert opened.save()
    assert layer.commitChanges(), layer.commitErrors()
    (row,) = geopackage.read_rows(store, "media")
    file = store.parent / "photos" / row["chemin"]
    assert file.is_file()
    assert (row["sha256"], row["mime"], row["octets"]) == (file.stem, "image/jpeg", file.stat().st_size)
