"""The whole chain on real public data of the Gironde, where that folder lies beside the checkout."""

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import geopandas
import pandas as pd
import pytest
from pypdf import PdfReader
from qgis.core import QgsVectorLayer

DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of the Gironde are not beside the checkout")
EPSG = 2154
SURVEYED_ON = date(2024, 8, 1)


class Chain(NamedTuple):
    """What the chain left: its files, the rows that went in or were refused, the results of coverage and guide."""

    folder: Path
    store: Path
    actors: list
    refused: list
    coverage: dict
    guide: dict


def points(frame, lon, lat):
    """Return WKB points in Lambert-93, None where a coordinate is missing."""
    located = geopandas.GeoSeries(geopandas.points_from_xy(frame[lon], frame[lat]), crs=4326).to_crs(EPSG)
    return [None if point.is_empty or pd.isna(point.x) else point.wkb for point in located]


def actor(source, order, name, geometry, **fields):
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"{source}:{order}")),
        "nom": str(name).strip()[:150],
        "source": source,
        "diffusion": "public",
        "theme_principal": "connect",
        "themes_vie": "connect",
        "geom": geometry,
        **fields,
    }


@pytest.fixture(scope="module")
def files():
    """Return the rows of three files as they stand there, by source."""
    texts = {"dtype": str, "keep_default_na": False}
    mednum = pd.read_csv(DATA / "actors/mediation_numerique_33.csv", **texts)
    services = pd.read_csv(DATA / "actors/france_services_33.csv", **texts)
    places = pd.read_csv(DATA / "actors/tiers_lieux_cget2019_33.csv", **texts)
    # In this file X holds the latitude and Y the longitude.
    mednum["geom"] = points(mednum.apply(pd.to_numeric, errors="coerce"), "Coord. Y", "Coord. X")
    services["geom"] = points(services.apply(pd.to_numeric, errors="coerce"), "longitude", "latitude")
    places["geom"] = points(places.apply(pd.to_numeric, errors="coerce"), "LONG", "LAT")
    return {
        "mednum": [
            actor(
                "mednum",
                i,
                row["Lieu"],
                row["geom"],
                type_initiative="mediation-numerique",
                description=row["Description"],
            )
            for i, row in mednum.iterrows()
        ],
        "france-services": [
            actor(
                "france-services",
                i,
                row["lib_fs"],
                row["geom"],
                type_initiative="france-services",
                code_insee=row["insee_com"],
            )
            for i, row in services.iterrows()
        ],
        "tiers-lieux": [
            actor("tiers-lieux", i, row["NOM_TL"], row["geom"], type_initiative="coworking", themes_vie="work|connect")
            | {"theme_principal": "work"}
            for i, row in places.iterrows()
        ],
    }


@pytest.fixture(scope="module")
def poverty():
    """Return code -> people below the poverty line, None where Insee keeps the rate secret."""
    table = pd.read_csv(DATA / "needs/filosofi2021_communes_33.csv", sep=";", dtype=str)
    rate = pd.to_numeric(table["TP6021"].str.replace(",", "."), errors="coerce")
    people = (pd.to_numeric(table["NBPERSMENFISC21"], errors="coerce") * rate / 100).round()
    return {code: None if pd.isna(n) else int(n) for code, n in zip(table["CODGEO"], people)}


@pytest.fixture(scope="module")
def chain(tmp_path_factory, provider, files, poverty):
    """Return folder, store and results of the whole chain."""
    import shapely
    from qgis import processing

    from tisserand.layers import geopackage, workspace

    folder = tmp_path_factory.mktemp("gironde")
    store = folder / "gironde.gpkg"
    workspace.build("33", store)
    communes = {
        row["code"]: shapely.from_wkb(row["geom"])
        for row in geopackage.read_rows(store, "territoire")
        if row["niveau"] == "commune"
    }
    needs = [
        {
            "uuid": str(uuid5(NAMESPACE_URL, f"filosofi:{code}")),
            "libelle": "Personnes sous le seuil de pauvreté",
            "theme_vie": "connect",
            "origine": "statistique",
            "nature": "compare",
            "niveau_geo": "commune",
            "nb_situations": people,
            "code_insee": code,
            "diffusion": "interne",
            "geom": communes[code].representative_point().wkb,
        }
        for code, people in poverty.items()
        if code in communes
    ]
    outline = shapely.buffer(shapely.union_all(list(communes.values())), geopackage.OUTSIDE_TOLERANCE - 1)
    actors, refused = [], []
    for row in (row for rows in files.values() for row in rows):
        usable = row["geom"] is not None and len(row["nom"]) > 2 and outline.intersects(shapely.from_wkb(row["geom"]))
        (actors if usable else refused).append(row)
    geopackage.write_rows(store, {"acteur": actors, "besoin": needs})
    surveyed = QgsVectorLayer(f"{store}|layername=territoire", "territoire", "ogr")
    column = surveyed.fields().indexOf("recense_le")
    assert surveyed.dataProvider().changeAttributeValues(
        {feature.id(): {column: SURVEYED_ON.isoformat()} for feature in surveyed.getFeatures()}
    )
    del surveyed

    def table(name):
        return f'ogr:dbname="{store}" table="{name}" (geom)'

    initiatives = f"{store}|layername=acteur|subset=\"source\" <> 'mairies'"
    coverage = processing.run(
        "tisserand:coveragegaps",
        {
            "NEEDS": f"{store}|layername=besoin",
            "ACTORS": initiatives,
            "TERRITORIES": f"{store}|layername=territoire",
            "OUTPUT": table("analyse_couverture"),
            "BY_TERRITORY": table("analyse_couverture_territoire"),
        },
    )
    processing.run(
        "tisserand:similarinitiatives",
        {
            "ACTORS": initiatives,
            "OUTPUT": table("analyse_initiatives"),
            "GROUPS": table("analyse_groupes"),
            "LINKS": table("analyse_liens"),
        },
    )
    guide = processing.run(
        "tisserand:guide",
        {
            "STORE": str(store),
            "OUTPUT": str(folder / "guide.pdf"),
            "BOOK": str(folder / "book.json"),
            "EDITION": "2026",
        },
    )
    return Chain(folder, store, actors, refused, coverage, guide)


def test_the_files_have_the_rows_their_notice_says(files, poverty):
    assert {source: len(rows) for source, rows in files.items()} == {
        "mednum": 347,
        "france-services": 44,
        "tiers-lieux": 87,
    }
    assert sum(people is not None for people in poverty.values()) == 117


def test_every_actor_of_the_files_is_in_the_store_once_or_was_refused(chain):
    from tisserand.layers import geopackage

    written = Counter(row["source"] for row in geopackage.read_rows(chain.store, "acteur"))
    assert written.pop("mairies") == 534
    assert written == Counter(row["source"] for row in chain.actors)
    assert len(chain.actors) + len(chain.refused) == 347 + 44 + 87
    assert len(chain.refused) < 10
    assert written["france-services"] == 44


def test_people_in_need_are_those_of_the_file(chain, poverty):
    from tisserand.layers import geopackage

    counts = [row["nb_situations"] for row in geopackage.read_rows(chain.store, "besoin")]
    # One commune of the file has merged since and has no outline of 2026; a secret number counts as one person.
    assert len(counts) == len(poverty) - 1
    assert chain.coverage["PEOPLE"] == sum(1 if count is None else count for count in counts)
    assert 0 < chain.coverage["UNMET"] < chain.coverage["PEOPLE"]


def test_every_actor_in_the_departement_has_its_entry_in_the_directory(chain):
    from tisserand.layers import geopackage

    book = json.loads((chain.folder / "book.json").read_text(encoding="utf-8"))
    entries = sum(anchor.startswith("acteur-") for page in book["pages"] for anchor in page["ancres"])
    outside = sum(int(text.split()[0]) for text in book["avertissements"] if "hors du Département" in text)
    assert entries + outside == len(chain.actors)
    assert len(PdfReader(chain.folder / "guide.pdf").pages) == chain.guide["PAGES_COUNT"] == len(book["pages"])
    sheets = {anchor for page in book["pages"] for anchor in page["ancres"] if anchor.startswith("territoire-2")}
    levels = Counter(row["niveau"] for row in geopackage.read_rows(chain.store, "territoire"))
    assert len(sheets) == levels["epci"] == 28
    assert levels["commune"] == 534


def test_no_secret_rate_is_printed_as_an_absence_of_need(chain, poverty):
    from tisserand.guide.reading import read_content
    from tisserand.layers.confidentiality import Disclosure

    content = read_content(chain.store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
    secret = [code for code, people in poverty.items() if people is None and code != "33409"]
    assert len(secret) > 400
    assert {content.need(code).state for code in secret} == {Disclosure.HIDDEN}
