"""The relations that the tabs of a form show, in the file of a project.

QGIS (3.22 to 3.44) looks a form's relations up in the project of its window. In any other project it finds none, and
writes the form without them; what stays is the name of the form's element, which is that of the relation.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

ELEMENT = re.compile(r"<attributeEditorRelation [^>]*>")
NAME = re.compile(r'\bname="([^"]+)"')
LOST = re.compile(r'\brelation=""')


def name_relations(path: Path) -> None:
    """Give the forms of a project file (.qgz or .qgs) the relations that QGIS left out."""
    if path.suffix.lower() == ".qgs":
        path.write_text(_named(path.read_text(encoding="utf-8")), encoding="utf-8")
        return
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name.endswith(".qgs"):
                content = _named(content.decode("utf-8")).encode("utf-8")
            archive.writestr(name, content)


def _named(xml: str) -> str:
    return ELEMENT.sub(lambda element: _with_relation(element[0]), xml)


def _with_relation(element: str) -> str:
    name = NAME.search(element)
    return LOST.sub(f'relation="{name[1]}"', element) if name else element
