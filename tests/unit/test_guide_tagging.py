"""How the guide becomes a tagged PDF: runs of operations, the tree of the structure, the file."""

import io
from datetime import date

from pypdf import PdfReader

from tisserand.guide.composing.book import (
    ARTIFACT,
    Book,
    Bookmark,
    Box,
    Element,
    Link,
    MapFrame,
    Marker,
    Page,
    Rule,
    Text,
)
from tisserand.guide.pdf.marks import Run, runs
from tisserand.guide.pdf.metadata import Metadata, write_info, write_xmp
from tisserand.guide.pdf.navigation import Destinations, annotation, write_outline
from tisserand.guide.pdf.structure import write_structure
from tisserand.guide.pdf.tagging import Annotation, Node, Piece, tree, walk
from tisserand.guide.pdf.writing import PdfFile, array, dictionary, name, number, reference, string


def text(words, element=0, lines=(), link=None, y=20.0):
    return Text(Box(20, y, 50, 5), tuple(lines) or (words,), 9, words=words, element=element, link=link)


def book(*operations, elements=()):
    return Book("Essai", list(elements), [Page("Essai", operations=list(operations), anchors={"ici": 30.0})])


def kinds(node):
    return (node.kind, [kinds(kid) for kid in node.kids if isinstance(kid, Node)])


def pieces_of(made):
    """Return the pieces that the runs of a book's pages make, as the tagger numbers them."""
    found = {}
    for index, page in enumerate(made.pages):
        said = 0
        for run in runs(made, page):
            if run.element != ARTIFACT:
                link = page.operations[run.first].link if isinstance(page.operations[run.first], Text) else None
                areas = (said,) if link else ()
                found.setdefault(run.element, []).append(Piece(index, said, run.first, link=link, areas=areas))
                said += 1
    return found


def test_each_operation_is_in_one_run_and_texts_have_their_own():
    p, q = Element("P"), Element("P")
    page = [text("un"), text("deux"), Rule(0, 0, 1, 1), text("pied", ARTIFACT), Rule(0, 0, 1, 1), text("trois", 1)]
    made = book(*page, elements=[p, q])
    assert runs(made, made.pages[0]) == [
        Run(0, 0, 0),
        Run(1, 1, 0),
        Run(2, 2, ARTIFACT),
        Run(3, 3, ARTIFACT),
        Run(4, 4, ARTIFACT),
        Run(5, 5, 1),
    ]


def test_a_figure_is_one_run_with_the_letters_within_it():
    elements = [Element("Figure", alternative="Radar."), Element("P")]
    page = [Marker("need", 1, 1, element=0), text("axe", ARTIFACT), Marker("need", 2, 2, element=0), text("fin", 1)]
    made = book(*page, elements=elements)
    assert runs(made, made.pages[0]) == [Run(0, 2, 0), Run(3, 3, 1)]


def test_the_tree_has_the_elements_in_their_order_and_each_piece_once():
    elements = [Element("H1"), Element("L"), Element("LI", 1), Element("Lbl", 2), Element("LBody", 2), Element("P")]
    made = book(text("Titre", 0), text("1", 3), text("Un", 4), text("Fin", 5), elements=elements)
    document = tree(made, pieces_of(made))
    assert kinds(document) == (
        "Document",
        [("H1", []), ("L", [("LI", [("Lbl", []), ("LBody", [])])]), ("P", [])],
    )
    said = [kid.number for node in walk(document) for kid in node.kids if isinstance(kid, Piece)]
    assert sorted(said) == [0, 1, 2, 3]
    assert next(node for node in walk(document) if node.kind == "L").numbering == "Decimal"


def test_what_an_element_may_not_hold_itself_is_put_into_what_may():
    elements = [Element("L"), Element("LI", 0), Element("TOC"), Element("TOCI", 2), Element("Lbl", 1)]
    made = book(
        text("1", 4), text("Un", 1, link=Link("ici")), text("suite", 1), text("Titre", 3, link=Link("ici")),
        text("12", 3, link=Link("ici")), elements=elements,
    )  # fmt: skip
    assert kinds(tree(made, pieces_of(made))) == (
        "Document",
        [
            ("L", [("LI", [("Lbl", []), ("LBody", [("P", [("Link", [])]), ("P", [])])])]),
            ("TOC", [("TOCI", [("Reference", [("Link", [])])])]),
        ],
    )


def test_an_element_that_holds_others_holds_nothing_bare():
    made = book(text("avant"), text("lien", link=Link("ici")), text("après"), elements=[Element("P")])
    assert kinds(tree(made, pieces_of(made))) == ("Document", [("P", [("Span", []), ("Link", []), ("Span", [])])])


def test_words_stand_for_a_cell_once_whatever_is_drawn_in_it():
    elements = [Element("Table", alternative="Matrice"), Element("TR", 0), Element("TD", 1, "Trois, besoins masqués")]
    made = book(text("3", 2), Marker("need", 1, 1, element=2), elements=elements)
    document = tree(made, pieces_of(made))
    span = next(node for node in walk(document) if node.kind == "Span")
    assert span.words == "Trois, besoins masqués"
    assert len(span.kids) == 1
    table = next(node for node in walk(document) if node.kind == "Table")
    assert (table.title, table.words) == ("Matrice", "")


def test_cells_know_the_headers_of_their_column_and_row():
    elements = [Element("Table"), Element("TR", 0), Element("TR", 0)]
    elements += [Element("TH", 1, scope="Column"), Element("TH", 1, scope="Column")]
    elements += [Element("TH", 2, scope="Row"), Element("TD", 2)]
    made = book(*(text(str(place), place) for place in (3, 4, 5, 6)), elements=elements)
    found = {node.element: node for node in walk(tree(made, pieces_of(made)))}
    assert found[6].headers == (found[4].identity, found[5].identity)
    assert len({found[place].identity for place in (3, 4, 5)}) == 3


def test_an_empty_cell_is_kept_so_that_rows_stay_even():
    elements = [Element("Table"), Element("TR", 0), Element("TD", 1), Element("TD", 1), Element("P")]
    made = book(text("1", 2), elements=elements)
    assert kinds(tree(made, pieces_of(made))) == ("Document", [("Table", [("TR", [("TD", []), ("TD", [])])])])


def test_an_element_goes_on_from_page_to_page():
    made = book(text("début"), elements=[Element("P")])
    made.pages.append(Page("Essai", operations=[text("fin")]))
    document = tree(made, pieces_of(made))
    assert [(kid.kids[0].page, kid.kids[0].number) for kid in document.kids[0].kids] == [(0, 0), (1, 0)]


def test_values_are_written_as_pdf_wants_them():
    assert name("A b#é") == b"/A#20b#23#C3#A9"
    assert string("Pâté (2)") == b"<FEFF005000E2007400E90020002800320029>"
    assert string("a (b) \\") == rb"(a \(b\) \\)"
    assert string("😀") == b"<FEFFD83DDE00>"
    assert [number(value) for value in (3, 2.5, -0.1234, 595.0)] == [b"3", b"2.5", b"-0.123", b"595"]
    assert dictionary({"A": b"1", "B": b""}) == b"<</A 1>>"


def written(made, pieces, links=()):
    """Return a reader of a file that has the structure of a book, on pages without content."""
    out = io.BytesIO()
    file = PdfFile(out)
    catalog, root = file.new(), file.new()
    pages = [file.new() for _ in made.pages]
    destinations = Destinations(made, pages)
    first = len(pages)
    areas = [file.put(annotation(made.pages[0], link, destinations, first + key)) for key, link in enumerate(links)]
    for place in pages:
        file.put(dictionary({"Type": b"/Page", "Parent": reference(root), "MediaBox": b"[0 0 595 842]"}), place)
    file.put(dictionary({"Type": b"/Pages", "Count": b"%d" % len(pages), "Kids": array(map(reference, pages))}), root)
    structure = write_structure(file, tree(made, pieces), pages, areas, {})
    outline = write_outline(file, made, destinations)
    metadata = Metadata("Essai & <suite>", "Département", "Qt", date(2026, 11, 1))
    entries = {
        "Type": b"/Catalog",
        "Pages": reference(root),
        "StructTreeRoot": reference(structure),
        "Outlines": reference(outline) if outline else b"",
        "Metadata": reference(write_xmp(file, metadata)),
    }
    file.put(dictionary(entries), catalog)
    file.close(catalog, write_info(file, metadata))
    return PdfReader(io.BytesIO(out.getvalue()), strict=True), out.getvalue()


def test_the_file_gives_back_its_structure_and_the_way_from_content_to_element():
    elements = [Element("H1"), Element("P"), Element("Figure", alternative="Carte de l'été."), Element("Note")]
    map_frame = MapFrame(Box(20, 60, 80, 80), "gaps", (0, 0, 1, 1), element=2)
    linked = text("Voir", 1, link=Link(uri="https://exemple.fr/é?a=b c"))
    made = book(text("Titre", 0), linked, map_frame, text("note", 3), elements=elements)
    reader, _ = written(made, pieces_of(made) | {1: [Piece(0, 1, 1, link=linked.link, areas=(0,))]}, [linked])
    root = reader.root_object["/StructTreeRoot"]
    kids = root["/K"][0]["/K"]
    assert [kid.get_object()["/S"] for kid in kids] == ["/H1", "/P", "/Figure", "/Note"]
    assert kids[2].get_object()["/Alt"] == "Carte de l'été."
    nums = root["/ParentTree"]["/Kids"][0]["/Nums"]
    owners = [owner.get_object()["/S"] for owner in nums[1].get_object()]
    assert owners == ["/H1", "/Link", "/Figure", "/Note"]
    link = nums[3].get_object()
    area = link["/K"][1]["/Obj"]
    assert area["/StructParent"] == nums[2] == 1
    assert area["/A"]["/URI"] == "https://exemple.fr/%C3%A9?a=b%20c"
    assert root["/IDTree"]["/Kids"][0]["/Names"][0] == "n3"


def test_bookmarks_are_nested_by_their_levels():
    made = book(text("Titre"), elements=[Element("P")])
    made.bookmarks = [Bookmark(level, f"{order}", "ici") for order, level in enumerate((1, 2, 3, 2, 1, 3, 1))]
    reader, _ = written(made, pieces_of(made))

    def shape(items):
        return [shape(item) if isinstance(item, list) else item.title for item in items]

    assert shape(reader.outline) == ["0", ["1", ["2"], "3"], "4", ["5"], "6"]


def test_metadata_say_title_language_and_the_date_that_was_asked_for_and_claim_nothing():
    made = book(text("Titre"), elements=[Element("P")])
    reader, _ = written(made, pieces_of(made))
    assert reader.metadata.title == "Essai & <suite>"
    assert reader.metadata["/CreationDate"] == "D:20261101000000Z"
    xmp = reader.root_object["/Metadata"].get_data().decode()
    assert '<rdf:li xml:lang="x-default">Essai &amp; &lt;suite&gt;</rdf:li>' in xmp
    assert "<rdf:li>fr-FR</rdf:li>" in xmp
    assert "pdfuaid" not in xmp


def test_the_same_objects_give_the_same_bytes():
    made = book(text("Titre"), elements=[Element("P")])
    assert written(made, pieces_of(made))[1] == written(made, pieces_of(made))[1]


def test_many_objects_are_all_found_again():
    out = io.BytesIO()
    file = PdfFile(out)
    places = [file.put(dictionary({"Rang": b"%d" % order})) for order in range(1234)]
    stream = file.put_stream(b"bonjour" * 100, {}, packed=False)
    file.close(file.put(dictionary({"Type": b"/Catalog"})), file.put(dictionary({})))
    reader = PdfReader(io.BytesIO(out.getvalue()), strict=True)
    assert [reader.get_object(place)["/Rang"] for place in places] == list(range(1234))
    assert reader.get_object(stream).get_data() == b"bonjour" * 100


def test_an_annotation_is_the_child_of_its_link():
    made = book(text("Voir", link=Link("ici")), elements=[Element("P")])
    link = next(node for node in walk(tree(made, pieces_of(made))) if node.kind == "Link")
    assert [type(kid) for kid in link.kids] == [Piece, Annotation]
