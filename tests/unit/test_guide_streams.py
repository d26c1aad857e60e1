"""The content streams that Qt 5.15 and Qt 6.11 write: cut at their marks, their letters read back and put right."""

import pytest

from tisserand.guide.composing.book import Box, Text
from tisserand.guide.pdf.letters import UNKNOWN, Letters
from tisserand.guide.pdf.marks import mark_colour
from tisserand.guide.pdf.speech import not_drawn, spoken
from tisserand.guide.pdf.streams import DisagreementError, cut, lines, tidy, with_spaces

# What Qt 5.15.8 and Qt 6.11.2 wrote for a page with two labels and a line, shortened.
QT5 = b"""/GSa gs /CSp cs /CSp CS
0.240000000 0 0 -0.240000000 0 842 cm
q q
Q
Q q
q
11.8047619 0 0 11.8047619 236.095238 236.095238 cm
0 0 0 SCN
1 w 2 J 2 j []0  d
Q
q
/CSp cs 0.003921568 0.352941176 0.090196078 scn
/GSa gs
236.095238 236.095238 m
1416.57142 236.095238 l
1416.57142 377.752380 l
236.095238 377.752380 l
236.095238 236.095238 l
h
f*
Q
q
1.18047619 0 0 1.18047619 236.095238 236.095238 cm
0 0 0 SCN
1 w 2 J 2 j []0  d
q
/CSp cs 0.117647058 0.145098039 0.188235294 scn
/GSa gs
BT
/F7 35 Tf 1 0 0 -1 0 0 Tm
0 -33 Td <0001> Tj
24 0 Td <0002> Tj
ET
Q
q
/CSp cs 0.117647058 0.145098039 0.188235294 scn
/GSa gs
BT
/F7 35 Tf 1 0 0 -1 0 0 Tm
0 -74 Td <0003> Tj
ET
Q
Q
q
/CSp cs 0.003921568 0.352941176 0.094117647 scn
/GSa gs
236.095238 826.333333 m
1180.47619 826.333333 l
1180.47619 826.333333 l
236.095238 826.333333 l
236.095238 826.333333 l
h
f*
Q
q
0.999469841 0 0 0.999469841 236.095238 826.333333 cm
0 0 0 SCN
3.54330708 w 2 J 2 j []0  d
0 0 m
944.881889 0 l
S
Q
Q
"""
QT6 = b"""/GSa gs /CSp cs /CSp CS
0.240000000 0 0 -0.240000000 0 842 cm
q q
Q
Q q
q
Q
q
/CSp cs
0.003921568 0.352941176 0.090196078 scn
/GSa gs
236 236 m
1416 236 l
1416 377.600000 l
236 377.600000 l
236 236 l
h
f*
Q
q
11.8000000 0 0 11.8000000 236 236 cm
/CSp CS
0 0 0 SCN
1 w 2 J 2 j []0  d
Q
q
1 0 0 1 236 236 cm
/CSp CS
0.117647059 0.145098045 0.188235297 SCN
1 w 2 J 2 j []0  d
q
/CSp cs
0.117647059 0.145098045 0.188235297 scn
/GSa gs
BT
/F7 38 Tf 1 0 0 -1 0 0 Tm
0 -33 Td <0001> Tj
26.1093750 0 Td <0002> Tj
ET
Q
q
/CSp cs
0.117647059 0.145098045 0.188235297 scn
/GSa gs
BT
/F7 38 Tf 1 0 0 -1 0 0 Tm
0 -74 Td <0003> Tj
ET
Q
Q
q
/CSp cs
0.003921568 0.352941176 0.094117647 scn
/GSa gs
236 708 m
1416 708 l
1416 708 l
236 708 l
236 708 l
h
f*
Q
q
1 0 0 1 236 708 cm
/CSp CS
1 0 0 SCN
3 w 2 J 2 j []0  d
0 0 m
500 0 l
S
Q
Q
"""
CMAP = b"""1 begincodespacerange
<0000> <FFFF>
endcodespacerange
2 beginbfrange
<0000> <0000> <0000>
<0001> <0006> [<0041> <0042> <0043> <0009> <FEE3> <FB01> ]
endbfrange
1 beginbfrange
<0008> <000A> <0061>
endbfrange
endcmap
"""


def text(words, lines=()):
    return Text(Box(20, 20, 50, 5), tuple(lines) or (words,), 9, words=words, element=0)


@pytest.mark.parametrize("stream", [QT5, QT6])
def test_a_stream_is_cut_at_its_marks_and_they_are_gone(stream):
    before, words, line = cut(stream, 2)
    assert b"BT" not in before
    assert [shown.glyphs for shown in lines(words)] == [[1, 2], [3]]
    assert b" l\nS\n" in line
    assert b"0.0039215" not in before + words + line
    assert (before + words + line).count(b"q") == (before + words + line).count(b"Q")


@pytest.mark.parametrize("stream", [QT5, QT6])
@pytest.mark.parametrize("planned", [0, 1, 3, 30])
def test_a_stream_that_is_not_as_planned_is_refused(stream, planned):
    with pytest.raises(DisagreementError):
        cut(stream, planned)


def test_a_mark_that_comes_twice_is_refused():
    mark = QT5[QT5.index(b"q\n/CSp cs 0.003921568") : QT5.index(b"q\n1.18047619")]
    with pytest.raises(DisagreementError):
        cut(QT5 + mark, 2)


@pytest.mark.parametrize("blue", [b"0.109803921", b"0.2", b"0.003921568"])
def test_a_drawing_in_the_colour_of_a_mark_that_is_not_due_stays(blue):
    drawing = QT5[QT5.index(b"q\n/CSp cs 0.003921568") : QT5.index(b"q\n1.18047619")].replace(b"0.090196078", blue)
    before, _, line = cut(drawing + QT5 + drawing, 2)
    assert before.startswith(drawing)
    assert line.endswith(drawing)


def test_marks_in_another_order_are_refused():
    swapped = QT5.replace(b"0.090196078 scn", b"0.1 scn").replace(b"0.094117647 scn", b"0.090196078 scn")
    with pytest.raises(DisagreementError):
        cut(swapped, 2)


@pytest.mark.parametrize("line", [b"/CSp cs %s scn", b"/CSp cs\n%s scn"])
def test_each_run_of_a_crowded_page_has_a_colour_that_is_read_back(line):
    stream = b""
    for run in range(700):
        colour = b" ".join(f"{byte / 255:.9f}".rstrip("0").rstrip(".").encode() for byte in _rgb(run))
        stream += b"q\n" + line % colour + b"\n/GSa gs\n0 0 m\n1 0 l\n0 0 l\nh\nf*\nQ\n%d w\n" % run
    assert cut(stream, 700)[1:] == [b"%d w\n" % run for run in range(700)]


def _rgb(run):
    return bytes.fromhex(mark_colour(run)[1:])


def test_what_paints_nothing_is_left_out_and_what_paints_stays():
    assert b"0 0 0 SCN\n1 w 2 J 2 j []0  d\nQ" not in tidy(QT5)
    for painted in (b"BT\n", b"<0001> Tj", b" l\nS\n", b"3.54330708 w"):
        assert QT5.count(painted) == tidy(QT5).count(painted)
    assert tidy(tidy(QT5)) == tidy(QT5)


def test_lines_get_a_space_at_their_end():
    _, words, _ = cut(QT5, 2)
    first, _ = lines(words)
    spaced = with_spaces(words, [(first, 4)])
    assert [line.glyphs for line in lines(spaced)] == [[1, 2, 4], [3]]
    assert len(spaced) == len(words) + 4


def test_letters_are_read_and_put_right():
    letters = Letters(CMAP)
    assert letters.text([1, 2, 3, 4, 5, 6, 8, 10, 99]) == ["A", "B", "C", " ", "م", "fi", "a", "c", ""]
    assert letters.space == 4
    again = Letters(letters.cmap(12))
    assert again.text([1, 4, 5, 6, 9]) == ["A", " ", "م", "fi", "b"]
    assert b"<0009>" not in letters.cmap(4).replace(b"<0009> <", b"")
    assert again.text([7]) == [UNKNOWN]


def test_a_font_of_many_letters_is_mapped_in_blocks_of_a_hundred():
    cmap = Letters(CMAP).cmap(250)
    assert cmap.count(b"100 beginbfchar") == 2
    assert cmap.count(b"50 beginbfchar") == 1


def test_letters_beyond_the_first_plane_are_learned_from_the_text():
    letters = Letters(CMAP)
    stream = b"BT\n/F7 35 Tf 1 0 0 -1 0 0 Tm\n0 -33 Td <0001> Tj\n3 0 Td <0007> Tj\n3 0 Td <0002> Tj\nET\n"
    assert spoken(stream, lines(stream), text("A😀B"), {"F7": letters}) == (stream, "")
    assert letters.text([7]) == ["😀"]
    assert b"<0007> <D83DDE00>" in letters.cmap(8)


def test_wrapped_lines_keep_their_words_apart():
    _, words, _ = cut(QT5, 2)
    piece, said = spoken(words, lines(words), text("AB C", lines=("AB", "C")), {"F7": Letters(CMAP)})
    assert said == ""
    assert [line.glyphs for line in lines(piece)] == [[1, 2, 4], [3]]
    piece, _ = spoken(words, lines(words), text("AB C", lines=("AB", "C")), {"F7": Letters(CMAP)}, more=True)
    assert [line.glyphs for line in lines(piece)] == [[1, 2, 4], [3, 4]]


@pytest.mark.parametrize(
    ("written", "broken"),
    [
        ("ABC", ("AB", "C")),  # a word broken inside
        ("AB C et la suite", ("AB", "C")),  # cut short
        ("AB D", ("AB", "D")),  # other letters than those drawn
    ],
)
def test_words_stand_for_letters_that_do_not_say_them(written, broken):
    _, words, _ = cut(QT5, 2)
    assert spoken(words, lines(words), text(written, lines=broken), {"F7": Letters(CMAP)}) == (words, written)


def test_a_font_without_a_space_leaves_the_words_to_the_structure():
    _, words, _ = cut(QT5, 2)
    cmap = CMAP.replace(b"<0009>", b"<0044>")
    assert spoken(words, lines(words), text("AB C", lines=("AB", "C")), {"F7": Letters(cmap)}) == (words, "AB C")


def test_a_box_in_place_of_a_letter_is_noticed():
    assert not_drawn(lines(b"BT\n/F7 35 Tf\n0 0 Td <0001> Tj\n1 0 Td <0000> Tj\nET\n"))
    assert not not_drawn(lines(b"BT\n/F7 35 Tf\n0 0 Td <0001> Tj\nET\n"))
