"""The tables of a book as rows of text: each table it prints, its directory and its indexes; as CSV and as ODS."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from osgeo import gdal, ogr

from ...layers.confidentiality import Disclosure
from ...layers.exchange.formulas import disarmed
from ...layers.geopackage import quietly, refusal
from ...layers.model.codes import code_list
from ..composing.book import Book
from ..facts.content import Actor, Content
from ..facts.words import hours_in_words, labels
from .outline import Node, outline

# Characters of a cell, and of a sheet's name, that every spreadsheet takes.
LONGEST, LONGEST_NAME = 32_767, 31
THOUSANDS = re.compile(r"\d{1,3}(?:[\u00a0\u202f]\d{3})+")
WHOLE = re.compile(r"0|[1-9]\d{0,8}")
DIRECTORY, TOWN_HALLS, INDEX, MATRIX = "annuaire", "mairies", "index", "matrice"
# GDAL takes a text that begins so for a formula of OpenDocument.
FORMULA = "of:="
EPOCH = (1980, 1, 1, 0, 0, 0)


class Table(NamedTuple):
    """A table under a name; ``place`` is that of its element in the book, -1 for what is no table there."""

    title: str
    file: str
    header: list[str]
    rows: list[list[str]]
    place: int = -1


def tables(book: Book, content: Content) -> list[Table]:
    """Return the tables of the book in its order, then the directory, the town halls and the indexes."""
    found = _printed(book)
    numbers = book.page_numbers()
    if MATRIX in numbers:
        found.append(("Initiatives et besoins, une ligne par territoire et par thème", *_matrix(content), -1))
    if DIRECTORY in numbers:
        found.append(("Annuaire des acteurs", *_directory(content, numbers), -1))
    if TOWN_HALLS in numbers:
        found.append(("Mairies", *_town_halls(content), -1))
    indexes = _indexes(book)
    if indexes:
        found.append(("Index", ["Index", "Rubrique", "Entrée", "Pages"], indexes, -1))
    return _named(found)


def _named(found: list[tuple]) -> list[Table]:
    from .parts import slug

    taken: set[str] = set()
    named = []
    for title, header, rows, place in found:
        name, count = slug(title), 2
        while name in taken:
            name, count = f"{slug(title)}-{count}", count + 1
        taken.add(name)
        named.append(Table(title, f"{name}.csv", header, rows, place))
    return named


def _printed(book: Book) -> list[tuple]:
    found: list[tuple] = []
    headings: list[tuple[int, str]] = []
    chapter, heading, place = "", book.title, -1
    for node in (node for root in outline(book) for node in root.within()):
        if node.kind in ("H1", "H2", "H3"):
            heading, place = node.words, node.place
            chapter = node.words if node.kind == "H1" else chapter
        if node.kind != "Table":
            continue
        header, rows = _cells(node)
        title = table_name(node, heading)
        # A table that goes on over the page is one; the same below another heading is another.
        if found and found[-1][:2] == (title, header) and headings[-1][0] == place:
            found[-1][2].extend(rows)
        elif rows:
            found.append((title, header, rows, node.place))
            headings.append((place, heading if heading != title else chapter))
    titles = Counter(title for title, *_ in found)
    return [
        (f"{title} : {heading}" if titles[title] > 1 and heading not in ("", title) else title, *rest)
        for (title, *rest), (_, heading) in zip(found, headings)
    ]


def table_name(node: Node, otherwise: str) -> str:
    """Return what a table is called: its caption, else its alternative, else ``otherwise``."""
    caption = next((child.words for child in node.children if child.kind == "Caption"), "")
    return caption or node.alternative or otherwise


def _cells(table: Node) -> tuple[list[str], list[list[str]]]:
    rows = [[cell for cell in one.children if cell.kind in ("TH", "TD")] for one in table.within() if one.kind == "TR"]
    heads = 0
    while heads < len(rows) and all(cell.kind == "TH" and cell.scope != "Row" for cell in rows[heads] if cell.said):
        heads += 1
    width = max((len(row) for row in rows), default=0)
    header = [" ".join(_text(row[column]) for row in rows[:heads] if column < len(row)) for column in range(width)]
    header = [name.strip() or f"Colonne {order}" for order, name in enumerate(header, 1)]
    return header, [[_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows[heads:]]


def _text(cell: Node) -> str:
    words = cell.said
    return re.sub("[\u00a0\u202f]", "", words) if THOUSANDS.fullmatch(words) else words


def _matrix(content: Content) -> tuple[list[str], list[list[str]]]:
    """Return the matrix as a spreadsheet can sort it: what is masked, absent or not surveyed is said in words."""
    territories = [("", content.outline), *((one.code, one) for one in (*content.groups, *content.communes))]
    themes = {"": "Tous", **content.themes}
    rows = []
    for code, territory in territories:
        surveyed, total = content.survey_state(territory)
        actors = content.actors_in(territory)
        level = code_list("niveaux").label(territory.level)
        for theme, label in themes.items():
            count = sum(theme in actor.themes for actor in actors) if theme else len(actors)
            need = content.need(code, theme)
            said = {Disclosure.HIDDEN: "masqué", Disclosure.NONE: "aucun besoin exprimé"}
            needs = said.get(need.state) or f"{need.value:.0f}"
            offer = "non recensé" if surveyed == 0 and count == 0 else str(count)
            rows.append([territory.code, territory.name, level, label, offer, needs, str(surveyed), str(total)])
    header = ["Code", "Territoire", "Niveau", "Thème", "Initiatives", "Situations de besoin"]
    return [*header, "Communes recensées", "Communes"], rows


def _directory(content: Content, numbers: dict[str, int]) -> tuple[list[str], list[list[str]]]:
    names = {commune.code: commune.name for commune in content.communes}
    header = (
        "Numéro|Nom|Type|Thèmes|Description|Publics|Horaires|Frais|Adresse|Code postal|Commune|Code Insee|Téléphone"
    )
    header += f"|Courriel|Site|À partager|Recherche|Position (EPSG:{content.epsg})|Page"
    return header.split("|"), [_actor(actor, names, numbers) for actor in content.actors]


def _actor(actor: Actor, names: dict[str, str], numbers: dict[str, int]) -> list[str]:
    return [
        str(actor.number),
        actor.name,
        actor.kind_label,
        labels(actor.themes, "themes_vie"),
        actor.description,
        labels(actor.audiences, "publics"),
        hours_in_words(actor.hours),
        code_list("frais").label(actor.fee) if actor.fee else "",
        actor.address,
        actor.postcode,
        names.get(actor.commune, ""),
        actor.commune,
        actor.phone,
        actor.mail,
        actor.site,
        actor.resources,
        actor.wanted,
        f"{actor.x:.0f} {actor.y:.0f}",
        str(numbers.get(actor.anchor, "")),
    ]


def _town_halls(content: Content) -> tuple[list[str], list[list[str]]]:
    names = {commune.code: commune.name for commune in content.communes}
    rows = [[names.get(a.commune, ""), a.commune, a.address, a.postcode, a.phone] for a in content.town_halls]
    return ["Commune", "Code Insee", "Adresse", "Code postal", "Téléphone"], sorted(rows)


def _indexes(book: Book) -> list[list[str]]:
    """Return index, heading, entry and pages of every entry of the sections whose anchor begins with ``index``."""
    places = {place for anchor, place in book.anchored.items() if anchor.split("-")[0] == INDEX}
    rows, title, heading, inside = [], "", "", False
    for root in outline(book):
        if root.kind == "H1":
            inside, title, heading = root.place in places, root.words, ""
        elif root.kind in ("H2", "H3"):
            heading = root.words
        elif inside:
            entries = [node for node in root.within() if node.kind == "LI"]
            rows += [[title, heading, entry.words, _pages(entry)] for entry in entries if entry.words]
    return rows


def _pages(entry: Node) -> str:
    return ", ".join(run.words for node in entry.within() for run in node.runs if run.page)


def write_csv(table: Table, path: Path) -> None:
    """Write a table as French Excel opens it: UTF-8 with a byte order mark, semicolons, no formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([disarmed(text) for text in row] for row in (table.header, *table.rows))


def write_ods(found: list[Table], path: Path) -> None:
    """Write the tables as one workbook, a sheet each; TisserandError when GDAL or the disk refuses.

    The same tables give the same bytes: GDAL dates what it packs, so it is packed anew.
    """
    unpacked = path.with_name(f".{path.stem}-brut.ods")
    book = quietly(lambda: ogr.GetDriverByName("ODS").CreateDataSource(str(unpacked)))
    if book is None:
        raise refusal(path, gdal.GetLastErrorMsg())
    taken: set[str] = set()
    for table in found:
        _sheet(book, _sheet_name(table.title, taken), table)
    del book
    try:
        _pack(unpacked, path)
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise refusal(path, gdal.GetLastErrorMsg() or str(error)) from error
    finally:
        unpacked.unlink(missing_ok=True)


def _sheet(book, name: str, table: Table) -> None:
    sheet = book.CreateLayer(name)
    columns = list(zip(*table.rows)) if table.rows else [()] * len(table.header)
    whole = [any(column) and all(WHOLE.fullmatch(text) for text in column if text) for column in columns]
    for title, numeric in zip(table.header, whole):
        sheet.CreateField(ogr.FieldDefn(title, ogr.OFTInteger if numeric else ogr.OFTString))
    for row in table.rows:
        feature = ogr.Feature(sheet.GetLayerDefn())
        for position, (text, numeric) in enumerate(zip(row, whole)):
            if text:
                feature.SetField(position, int(text) if numeric else _harmless(text)[:LONGEST])
        sheet.CreateFeature(feature)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]*?:/\\']", " ", title).strip()[:LONGEST_NAME] or "Tableau"
    name, count = plain, 2
    while name.casefold() in taken:
        name, count = f"{plain[: LONGEST_NAME - 4]} {count}", count + 1
    taken.add(name.casefold())
    return name


def _pack(unpacked: Path, path: Path) -> None:
    with zipfile.ZipFile(unpacked) as source, zipfile.ZipFile(path, "w") as target:
        # The format wants its type first and stored.
        for name in sorted(source.namelist(), key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
