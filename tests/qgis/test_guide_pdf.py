"""The PDF of the guide, printed for real and judged by others: structure, accessibility, the same bytes each time."""

import json
import re
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, NumberObject

CHECKERS = Path(__file__).resolve().parents[2] / "build" / "checkers" / "bin"
# Neither is a fault: the file does not claim what was not proven by a full validator.
NO_CLAIM = {"UA-28-004", "DOC-012"}
PAINTS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"Tj", b"TJ", b"'", b'"'}
HOSTILE = "Essai [% @project_path %] <b>gras</b> مرحبا بكم 😀 =1+1"
ENDLESS = HOSTILE + " " + "x" * 200


def actors(count=24):
    themes = ("feed", "house", "connect")
    return [
        {
            "at": (i % 3, i % 2),
            "theme_principal": themes[i % 3],
            "themes_vie": themes[i % 3],
            "description": "Un lieu où l'on vient manger, parler et se faire aider, sans rendez-vous et sans papiers. "
            * 2,
            "date_visite": date(2026, 5, 1),
        }
        for i in range(count)
    ]


@pytest.fixture
def store(make_store):
    return make_store(actors(), [{"at": (0, 0)}] * 3)


@pytest.fixture
def print_guide(provider, tmp_path):
    """Return a function that prints a store's guide and gives a reader of it and what BOOK says."""
    from qgis import processing

    def run(store, name="guide", **parameters):
        output, plan = tmp_path / f"{name}.pdf", tmp_path / f"{name}.json"
        asked = {"STORE": str(store), "EDITION": "2026", "DATE": "2026-11-01", **parameters}
        processing.run("tisserand:guide", {**asked, "OUTPUT": str(output), "BOOK": str(plan)})
        return output, json.loads(plan.read_text(encoding="utf-8"))

    return run


PRINTED = {}


@pytest.fixture
def printed(print_guide, store, tmp_path_factory):
    """Return the whole guide of the store, printed once for all tests that only read it, and what BOOK says."""
    if not PRINTED:
        path, book = print_guide(store)
        kept = tmp_path_factory.mktemp("printed") / path.name
        PRINTED["guide"] = path.replace(kept), book
    return PRINTED["guide"]


def elements(reader):
    """Return the elements of the structure with their depths, in reading order."""
    found, waiting = [], [(reader.root_object["/StructTreeRoot"]["/K"][0].get_object(), 0)]
    while waiting:
        element, depth = waiting.pop()
        found.append((element, depth))
        kids = [kid.get_object() for kid in element.get("/K", ())]
        waiting += [(kid, depth + 1) for kid in reversed(kids) if isinstance(kid, DictionaryObject) and "/S" in kid]
    return found


def contents(element):
    """Return (page, number) of the marked content that an element holds itself."""
    for kid in element.get("/K", ()):
        kid = kid.get_object()
        if isinstance(kid, NumberObject):
            yield element.raw_get("/Pg").idnum, int(kid)
        elif "/MCID" in kid:
            yield kid.raw_get("/Pg").idnum, int(kid["/MCID"])


def said_by_poppler(path):
    """Return the words of the structure as poppler reads them, without spaces and without those within figures."""
    rest = subprocess.run(["pdfinfo", "-struct-text", str(path)], check=True, capture_output=True).stdout
    told, figure = [], None
    while begin := re.match(rb' *(")?', rest):
        depth = begin.end() - bool(begin[1])
        rest = rest[begin.end() :]
        # A string is in UTF-8 or, where the structure gives the words, in UTF-16 as it stands there.
        step = 2 if rest.startswith(b"\xfe\xff") else 1
        ends = b'"\n' if begin[1] else b"\n"
        end = next((at for at in range(0, len(rest), step) if rest.startswith(ends, at)), len(rest))
        words, rest = rest[:end], rest[end + len(ends) :]
        if figure is not None and depth <= figure:
            figure = None
        if begin[1] and figure is None:
            told.append(words.decode("utf-16" if step == 2 else "utf-8"))
        elif words.startswith(b"Figure"):
            figure = depth
        if not rest:
            break
    return "".join("".join(told).split())


def test_qpdf_finds_no_fault_in_the_file(printed):
    path, _ = printed
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No syntax or stream encoding errors found" in done.stdout


@pytest.mark.skipif(not (CHECKERS / "pdfua").exists(), reason="build/checkers is missing: make build/checkers/ready")
def test_two_checkers_of_pdf_ua_find_no_error(printed, tmp_path):
    path, _ = printed
    told = subprocess.run(
        [CHECKERS / "pdfua", "check", "--format", "json", path], capture_output=True, text=True, check=False
    ).stdout
    found = json.loads(told)
    assert not [f for f in _findings(found) if f["severity"].lower() == "error" and f["rule"] not in NO_CLAIM]
    report = tmp_path / "outloud.json"
    subprocess.run([CHECKERS / "outloud", "--quiet", "--json", report, path], capture_output=True, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert not [f for f in _findings(found) if f["severity"].lower() == "error" and f["rule"] not in NO_CLAIM]


def _findings(report):
    if isinstance(report, dict):
        rule = report.get("rule", report.get("rule_id"))
        if isinstance(rule, str) and isinstance(report.get("severity"), str):
            yield {**report, "rule": rule}
        for value in report.values():
            yield from _findings(value)
    elif isinstance(report, list):
        for value in report:
            yield from _findings(value)


def test_each_marked_content_is_in_the_tree_once_and_nothing_is_painted_outside(printed):
    path, _ = printed
    reader = PdfReader(path, strict=True)
    assert reader.root_object["/MarkInfo"]["/Marked"].value
    in_tree = Counter(content for element, _ in elements(reader) for content in contents(element))
    assert set(in_tree.values()) == {1}
    drawn = set()
    for page in reader.pages:
        inside = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"BDC":
                inside.append(operands)
                if "/MCID" in operands[1]:
                    content = (page.indirect_reference.idnum, int(operands[1]["/MCID"]))
                    assert content not in drawn
                    drawn.add(content)
            elif operator == b"EMC":
                inside.pop()
            assert len(inside) < 2
            assert inside or operator not in PAINTS, operator
    assert drawn == set(in_tree)


def test_the_way_back_from_content_and_links_leads_to_their_elements(printed):
    path, _ = printed
    reader = PdfReader(path, strict=True)
    root = reader.root_object["/StructTreeRoot"]
    back = {}
    for leaf in root["/ParentTree"]["/Kids"]:
        nums = leaf.get_object()["/Nums"]
        back |= {int(nums[place]): list.__getitem__(nums, place + 1) for place in range(0, len(nums), 2)}
    assert len(back) == root["/ParentTreeNextKey"]
    owners = {}
    for element, _ in elements(reader):
        for content in contents(element):
            owners[content] = element.indirect_reference.idnum
    links = 0
    for page in reader.pages:
        row = back[page["/StructParents"]].get_object()
        found = {
            (page.indirect_reference.idnum, number): owner.idnum for number, owner in enumerate(list.__iter__(row))
        }
        assert found == {
            content: owner for content, owner in owners.items() if content[0] == page.indirect_reference.idnum
        }
        assert page["/Tabs"] == "/S"
        for area in page.get("/Annots", ()):
            link = back[area.get_object()["/StructParent"]].get_object()
            assert link["/S"] == "/Link"
            held = [kid.get_object() for kid in link["/K"]]
            held = [kid.raw_get("/Obj").idnum for kid in held if isinstance(kid, DictionaryObject) and "/Obj" in kid]
            assert area.idnum in held
            assert area.get_object()["/Contents"]
            links += 1
    assert links > 60


def test_the_words_of_the_tree_are_those_of_the_book_in_their_order(printed):
    path, book = printed
    told = said_by_poppler(path)
    for page in book["pages"]:
        for words, place in zip(page["textes"], page["places"]):
            if place["element"] < 0 or book["structure"][place["element"]]["type"] == "Figure":
                continue
            bare = "".join(words.split())
            assert told.startswith(bare), (words, told[:80])
            told = told[len(bare) :]
    assert told == ""


def test_what_marks_show_is_said_in_words(printed):
    path, book = printed
    described = [e["description"] for e in book["structure"] if "description" in e]
    said = [element.get("/Alt") or element.get("/ActualText") for element, _ in elements(PdfReader(path))]
    titles = [element.get("/T") for element, _ in elements(PdfReader(path))]
    assert Counter(filter(None, said + titles)) == Counter(described)
    assert len(described) > 20


def test_headings_lists_tables_and_figures_are_said_as_such(printed):
    path, _ = printed
    reader = PdfReader(path)
    found = [element for element, _ in elements(reader)]
    kinds = Counter(element["/S"] for element in found)
    assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI", "/LBody", "/TOC", "/TOCI", "/Link", "/Figure"} <= set(kinds)
    for element in found:
        kids = [
            kid["/S"] for kid in map(_plain, element.get("/K", ())) if isinstance(kid, DictionaryObject) and "/S" in kid
        ]
        if element["/S"] == "/Figure":
            assert len(element["/Alt"]) > 10
            left, bottom, right, top = element["/A"]["/BBox"]
            assert 0 <= left < right <= 596
            assert 0 <= bottom < top <= 843
        elif element["/S"] == "/L":
            assert set(kids) <= {"/LI", "/Caption"}
        elif element["/S"] == "/LI":
            assert kids.count("/LBody") <= 1
            assert set(kids) <= {"/Lbl", "/LBody"}
        elif element["/S"] == "/TH":
            assert element["/A"]["/Scope"] in ("/Column", "/Row")
        elif element["/S"] == "/Table":
            rows = [kid for kid in map(_plain, element["/K"]) if kid["/S"] == "/TR"]
            assert len({len(row["/K"]) for row in rows}) == 1


def _plain(kid):
    return kid.get_object()


def test_hostile_text_is_said_as_it_was_written(print_guide, make_store):
    path, _ = print_guide(make_store([{"at": (0, 0), "nom": HOSTILE, "description": ENDLESS}]))
    reader = PdfReader(path)
    said = [element.get("/ActualText") for element, _ in elements(reader)]
    assert {HOSTILE, ENDLESS} <= set(said)
    # Programs that copy text find the words that lines broke in one piece; poppler turns Arabic round by itself.
    told = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert {"x" * 200, "[%", "@project_path", "%]", "<b>gras</b>", "😀"} <= set(told.split())
    assert not {"\ufffd", "\t", "\x00"} & set(told)


def test_fonts_are_embedded_and_each_of_their_glyphs_says_something(printed):
    path, _ = printed
    rows = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert rows
    for row in rows:
        embedded, subset, unicode_map = row.split()[-5:-2]
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), row
        assert re.match("[A-Z]{6}\\+", row)
