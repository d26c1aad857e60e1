"""Remake layers/decoupage/*.csv from npm's @etalab/decoupage-administratif.

    python scripts/extract_decoupage.py [TARBALL]

Without a TARBALL the release named below is fetched with ``npm pack``. The files are committed: run this
only for a new vintage of the Code officiel géographique, and change layers/decoupage/README.md with it. The former
communes are another script's, extract_former_communes.py.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@etalab/decoupage-administratif"
RELEASE = f"{PACKAGE}@6.0.0"
TARGET = Path(__file__).resolve().parents[1] / "layers" / "decoupage"


def fetch(folder: str, release: str = RELEASE) -> Path:
    """Let npm put the release's tarball into ``folder``."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", release], cwd=folder, check=True, capture_output=True, text=True
    )
    return Path(folder) / packed.stdout.split()[-1]


def read(tarball: Path, name: str) -> list[dict]:
    """Return the records of ``data/<name>.json``."""
    with tarfile.open(tarball) as archive:
        return json.load(archive.extractfile(f"package/data/{name}.json"))


def write(name: str, header: tuple[str, ...], rows: list[tuple]) -> None:
    """Write one CSV, sorted by its first column so that vintages can be compared line by line."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))
    print(f"{name}: {len(rows)}")


def extract(tarball: Path) -> None:
    """Write communes.csv, groupements.csv and departements.csv.

    A population the source does not give stays empty. Associated and delegated communes and municipal
    arrondissements are left out; Paris, Lyon and Marseille are in as communes.
    """
    epcis, epts = read(tarball, "epci"), read(tarball, "ept")
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    ept_of = {member["code"]: ept["code"] for ept in epts for member in ept["membres"]}
    communes = [
        (
            commune["code"],
            commune["nom"],
            commune["departement"],
            commune.get("population", ""),
            " ".join(commune.get("codesPostaux", ())),
            epci_of.get(commune["code"], ""),
            ept_of.get(commune["code"], ""),
        )
        for commune in read(tarball, "communes")
        if commune["type"] == "commune-actuelle"
    ]
    write("communes.csv", ("code", "nom", "departement", "population", "codes_postaux", "epci", "ept"), communes)
    write("groupements.csv", ("code", "nom", "nature"), [(g["code"], g["nom"], g["type"]) for g in epcis + epts])
    departements = [(d["code"], d["nom"], d["zone"]) for d in read(tarball, "departements")]
    write("departements.csv", ("code", "nom", "zone"), departements)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        extract(Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(folder))
