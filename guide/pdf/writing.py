"""A PDF 1.7 file written from its objects: small ones packed in object streams, the same bytes for the same objects."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import BinaryIO

PACKED_TOGETHER = 100
COMPRESSION = 6

_OUTSIDE_NAMES = re.compile(r"[^!-~]|[#()<>\[\]{}/%]")


@lru_cache(maxsize=1000)
def name(text: str) -> bytes:
    """Return a name, its odd characters escaped."""
    return b"/" + _OUTSIDE_NAMES.sub(lambda m: "".join(f"#{b:02X}" for b in m[0].encode()), text).encode("ascii")


def string(text: str) -> bytes:
    """Return a text string: plain letters as they are, anything else in UTF-16."""
    if text.isascii() and text.isprintable():
        return b"(" + re.sub(r"([\\()])", r"\\\1", text).encode("ascii") + b")"
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().upper().encode("ascii") + b">"


def number(value: float) -> bytes:
    """Return a number with at most three decimals, which is finer than any printer."""
    return f"{value:.3f}".rstrip("0").rstrip(".").encode("ascii") if value % 1 else b"%d" % value


def reference(target: int) -> bytes:
    """Return a reference to the object of that number."""
    return b"%d 0 R" % target


def array(items: Iterable[bytes]) -> bytes:
    """Return an array of what is written already."""
    return b"[" + b" ".join(items) + b"]"


def dictionary(entries: dict[str, bytes]) -> bytes:
    """Return a dictionary; entries without a value are left out."""
    return b"<<" + b"".join(name(key) + b" " + value for key, value in entries.items() if value) + b">>"


class PdfFile:
    """Objects are numbered as they are asked for, and written as they come; ``close`` must come last."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._places: list[tuple[int, int, int]] = [(0, 0, 65535)]
        self._packed: list[tuple[int, bytes]] = []
        self._digest = hashlib.sha256()
        self._written = 0
        # Four bytes above 127 tell programs that the file is not text.
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def new(self) -> int:
        """Return the number of an object that is to come."""
        self._places.append((0, 0, 65535))
        return len(self._places) - 1

    def put(self, body: bytes, at: int = 0) -> int:
        """Write an object that is no stream and return its number."""
        at = at or self.new()
        self._packed.append((at, body))
        if len(self._packed) == PACKED_TOGETHER:
            self._flush()
        return at

    def put_stream(self, data: bytes, entries: dict[str, bytes], at: int = 0, *, packed: bool = True) -> int:
        """Write a stream and return its number; it is compressed, unless it is ``packed`` already or may not be."""
        at = at or self.new()
        if not packed:
            data, entries = zlib.compress(data, COMPRESSION), {**entries, "Filter": b"/FlateDecode"}
        self._places[at] = (1, self._written, 0)
        head = dictionary({**entries, "Length": b"%d" % len(data)})
        self._write(b"%d 0 obj\n%s\nstream\n" % (at, head))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return at

    def close(self, root: int, info: int) -> None:
        """Write what is left, the table of objects and the trailer."""
        self._flush()
        at = self.new()
        start = self._written
        self._places[at] = (1, start, 0)
        table = b"".join(
            kind.to_bytes(1, "big") + first.to_bytes(5, "big") + second.to_bytes(2, "big")
            for kind, first, second in self._places
        )
        identity = b"<" + self._digest.hexdigest()[:32].encode("ascii") + b">"
        entries = {
            "Type": b"/XRef",
            "Size": b"%d" % len(self._places),
            "W": b"[1 5 2]",
            "Root": reference(root),
            "Info": reference(info),
            "ID": array([identity, identity]),
        }
        self.put_stream(table, entries, at, packed=False)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _flush(self) -> None:
        if not self._packed:
            return
        at = self.new()
        offsets, bodies, position = [], [], 0
        for order, (numbered, body) in enumerate(self._packed):
            self._places[numbered] = (2, at, order)
            offsets.append(b"%d %d" % (numbered, position))
            bodies.append(body)
            position += len(body) + 1
        index = b" ".join(offsets) + b"\n"
        entries = {"Type": b"/ObjStm", "N": b"%d" % len(bodies), "First": b"%d" % len(index)}
        self._packed = []
        self.put_stream(index + b"\n".join(bodies), entries, at, packed=False)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._written += len(data)
