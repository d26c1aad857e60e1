"""Save pictures of the web edition on a desktop and on a telephone: web_pictures.py EDITION OUTPUT_FOLDER.

Needs Chromium and its driver (make servers).
"""

import runpy
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

BROWSER = Path(__file__).resolve().parents[1] / "tests" / "qgis" / "browser.py"
# Name -> page of the edition, width and height of the screen.
PICTURES = {
    "guide-web-bureau": ("matrice.html", 1200, 800),
    "guide-web-telephone": ("monographies.html", 390, 800),
}


def main(edition: Path, folder: Path) -> None:
    """Take the pictures."""
    browser = SimpleNamespace(**runpy.run_path(str(BROWSER)))
    if reason := browser.missing():
        raise SystemExit(reason)
    with tempfile.TemporaryDirectory() as profile, browser.chromium(profile) as window:
        for name, (page, width, height) in PICTURES.items():
            window.emulate(width, height)
            window.open(edition / page)
            window.picture(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
