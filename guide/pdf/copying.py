"""Takes over, from the PDF that Qt wrote, what pages need: fonts, pictures, patterns; in the order of the pages."""

from __future__ import annotations

from .letters import Letters
from .writing import PdfFile, array, dictionary, name, reference

LEFT_BEHIND = {"/Length", "/CIDSet"}
"""Written anew, or of no use: a CIDSet is asked for by one old standard only."""


class Copier:
    """Copies objects once each. The letters of fonts may still be learned until ``write_letters``."""

    def __init__(self, file: PdfFile, generic):
        self._file = file
        self._generic = generic
        self._numbers: dict[int, int] = {}
        self._letters: dict[int, tuple[Letters, int, int]] = {}
        self._subset = ""

    def resources(self, page) -> bytes:
        """Return a page's resources, copied."""
        return self._body(page["/Resources"].get_object())

    def letters(self, page) -> dict[str, Letters]:
        """Return the letters of the fonts of a page, by the names of the fonts on it."""
        fonts = page["/Resources"].get_object().get("/Font", {})
        return {font[1:]: self._letters_of(fonts.raw_get(font))[0] for font in sorted(fonts)}

    def write_letters(self) -> None:
        """Write what is known of the letters of each font."""
        for letters, glyphs, place in self._letters.values():
            self._file.put_stream(letters.cmap(glyphs), {}, place, packed=False)

    def _letters_of(self, font) -> tuple[Letters, int, int]:
        if font.idnum not in self._letters:
            found = font.get_object()
            cmap = found["/ToUnicode"].get_data() if "/ToUnicode" in found else b""
            self._letters[font.idnum] = (Letters(cmap), _glyphs(found), self._file.new())
        return self._letters[font.idnum]

    def _number(self, indirect) -> int:
        if indirect.idnum not in self._numbers:
            place = self._numbers[indirect.idnum] = self._file.new()
            found = indirect.get_object()
            if isinstance(found, self._generic.StreamObject):
                # pypdf keeps a stream as the file has it until it is asked for its data.
                packed = "/Filter" in found
                self._file.put_stream(found._data, self._entries(found), place, packed=packed)
            elif isinstance(found, self._generic.DictionaryObject) and found.get("/Subtype") == "/Type0":
                letters = self._letters_of(indirect)[2]
                # Qt takes the mark of a subset from an address in memory, and leaves it out of the font's own name.
                self._subset = _subset_mark(list(self._letters).index(indirect.idnum))
                entries = self._entries(found) | {"ToUnicode": reference(letters)}
                self._subset = ""
                self._file.put(dictionary(entries), place)
            else:
                self._file.put(self._body(found), place)
        return self._numbers[indirect.idnum]

    def _entries(self, found) -> dict[str, bytes]:
        entries = {key[1:]: self._body(found.raw_get(key)) for key in sorted(found) if key not in LEFT_BEHIND}
        for key in ("BaseFont", "FontName"):
            if key in entries and self._subset:
                entries[key] = name(f"{self._subset}+{found['/' + key][1:].split('+')[-1]}")
        return entries

    def _body(self, found) -> bytes:
        generic = self._generic
        if isinstance(found, generic.IndirectObject):
            target = found.get_object()
            if isinstance(target, (generic.NumberObject, generic.NullObject, type(None))):
                return self._body(target)
            return reference(self._number(found))
        if isinstance(found, generic.DictionaryObject):
            return dictionary(self._entries(found))
        if isinstance(found, generic.ArrayObject):
            # Not by iterating, which would look references up.
            return array(self._body(list.__getitem__(found, place)) for place in range(len(found)))
        if isinstance(found, generic.NameObject):
            return name(found[1:])
        if isinstance(found, generic.BooleanObject):
            return b"true" if found.value else b"false"
        if isinstance(found, generic.NumberObject):
            return b"%d" % int(found)
        if isinstance(found, generic.FloatObject):
            return f"{float(found):.6f}".rstrip("0").rstrip(".").encode("ascii")
        if isinstance(found, (generic.TextStringObject, generic.ByteStringObject)):
            return b"<" + found.original_bytes.hex().upper().encode("ascii") + b">"
        return b"null"


def _subset_mark(order: int) -> str:
    """Return the six capital letters that mark a subset: AAAAAA is the first."""
    letters = ""
    for _ in range(6):
        order, letter = divmod(order, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _glyphs(font) -> int:
    """Return how many glyphs a font has, from the list of their widths."""
    most = 0
    for below in font.get("/DescendantFonts", ()):
        widths = below.get_object().get("/W", ())
        first = 0
        for entry in widths:
            entry = entry.get_object()
            if isinstance(entry, list):
                most = max(most, first + len(entry))
            else:
                first = int(entry)
    return most
