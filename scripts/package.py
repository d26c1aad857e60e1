"""Build dist/tisserand.zip, for QGIS's "Install from ZIP", from the committed files and what is made from them.

Added to the commit: the compiled translation, the national file of communes, and vendor/ with the pure-Python
libraries of scripts/requirements/vendor.txt. The same commit gives the same bytes.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "build" / "package" / "tisserand"
DOWNLOADS = ROOT / "build" / "downloads" / "vendor"
TARGET = ROOT / "dist" / "tisserand.zip"
REFERENCE = "communes.gpkg"


def git(*arguments: str) -> bytes:
    """Return what git says in the checkout."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def lay_out() -> None:
    """Put everything the zip holds into TREE."""
    shutil.rmtree(TREE, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(git("archive", "HEAD"))) as archive:
        archive.extractall(TREE)
    translation = ["lrelease", "-silent", "i18n/tisserand_fr.ts", "-qm", str(TREE / "i18n" / "tisserand_fr.qm")]
    subprocess.run(translation, cwd=ROOT, check=True)
    shutil.copy(ROOT / "build" / "reference" / REFERENCE, TREE / "layers" / "decoupage" / REFERENCE)
    vendor(TREE / "vendor")


def vendor(folder: Path) -> None:
    """Unpack the pinned wheels; pip checks their hashes."""
    shutil.rmtree(DOWNLOADS, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    requirement = ROOT / "scripts" / "requirements" / "vendor.txt"
    options = ["--require-hashes", "--dest", str(DOWNLOADS), "--requirement", str(requirement)]
    subprocess.run([*command, *options], check=True)
    for wheel in sorted(DOWNLOADS.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def pack() -> None:
    """Zip TREE, dated as the commit, beside its place, and move it there once whole."""
    date = time.gmtime(int(git("log", "-1", "--format=%ct")))[:6]
    unfinished = TREE.parent / TARGET.name
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in TREE.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(TREE.parent).as_posix(), date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    TARGET.parent.mkdir(exist_ok=True)
    unfinished.replace(TARGET)


def main() -> None:
    """Build the zip and say how big it is; changes not yet committed are not in it, and are named."""
    lay_out()
    pack()
    for line in git("status", "--porcelain").decode().splitlines():
        print(f"pas dans le zip, car pas dans un commit : {line}")
    print(f"{TARGET.relative_to(ROOT)} : {TARGET.stat().st_size / 1e6:.1f} Mo")


if __name__ == "__main__":
    main()
