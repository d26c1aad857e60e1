"""The QR code of the form, read back from the printed page by a reader of another make."""

import subprocess
from datetime import date

import numpy as np
import pytest
from qgis.PyQt.QtGui import QImage

from tisserand.guide.composing.qr import LONGEST
from tisserand.guide.composing.settings import Settings
from tisserand.guide.printing import Asked, Press, read

zxingcpp = pytest.importorskip("zxingcpp")


@pytest.fixture
def codes_on_paper(provider, make_store, tmp_path):
    """Return a function that prints the form with an address and gives what a reader finds on its page."""

    def run(address, dpi):
        store = make_store([{"at": (0, 0)}])
        settings = Settings(update_address=address)
        asked = Asked(store, "2026", "public", date(2026, 11, 1), sections=("correction",), settings=settings)
        content, press = read(asked), Press(asked)
        book = press.compose(content)
        target = tmp_path / "guide.pdf"
        press.print(book, content, press.look(content), target, lambda done: True)
        page = book.page_numbers()["correction"]
        command = ["pdftoppm", "-r", str(dpi), "-png", "-gray", "-f", str(page), "-l", str(page), "-singlefile"]
        subprocess.run([*command, str(target), str(tmp_path / "page")], check=True)
        image = QImage(str(tmp_path / "page.png")).convertToFormat(QImage.Format.Format_Grayscale8)
        bits = image.constBits()
        bits.setsize(image.sizeInBytes())
        grey = np.frombuffer(bits, np.uint8).reshape(image.height(), image.bytesPerLine())[:, : image.width()]
        return [(code.format, code.text) for code in zxingcpp.read_barcodes(np.ascontiguousarray(grey))]

    return run


@pytest.mark.parametrize(
    "address",
    [
        "https://departement.example/guide/mise-a-jour?edition=2026",
        "https://departement.example/é%20à/" + "x" * (LONGEST - 40),
        "mailto:guide@departement.example",
    ],
)
def test_the_printed_code_is_read_back_as_the_address(codes_on_paper, address):
    ((kind, text),) = codes_on_paper(address, 200)
    assert "QR" in str(kind)
    assert text == address
