"""What the file says of itself: title, author, language, date; in the old form and in XMP."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import NamedTuple

from .writing import PdfFile, dictionary, string

LANGUAGE = "fr-FR"
CREATOR = "Tisserand"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{day}</xmp:CreateDate>
<xmp:ModifyDate>{day}</xmp:ModifyDate>
<xmp:MetadataDate>{day}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


class Metadata(NamedTuple):
    """``producer`` wrote the pages; ``day`` stands for the clock, which would make each run another file."""

    title: str
    author: str
    producer: str
    day: date


def write_info(file: PdfFile, metadata: Metadata) -> int:
    """Write the document information dictionary."""
    day = f"D:{metadata.day:%Y%m%d}000000Z"
    entries = {
        "Title": metadata.title,
        "Author": metadata.author,
        "Creator": CREATOR,
        "Producer": metadata.producer,
        "CreationDate": day,
        "ModDate": day,
    }
    return file.put(dictionary({key: string(value) for key, value in entries.items() if value}))


def write_xmp(file: PdfFile, metadata: Metadata) -> int:
    """Write the XMP packet, readable as it stands. It claims no conformity: none was proven."""
    words = {
        "title": metadata.title,
        "author": metadata.author,
        "producer": metadata.producer,
        "creator": CREATOR,
        "language": LANGUAGE,
        "day": f"{metadata.day:%Y-%m-%d}T00:00:00Z",
    }
    packet = _XMP.format(**{key: escape(value, quote=False) for key, value in words.items()}).encode("utf-8")
    return file.put_stream(packet, {"Type": b"/Metadata", "Subtype": b"/XML"})
