"""Say which names of Qt in the sources PyQt6 does not have: scripts/qt6_names.py CHECKOUT.

QGIS 4 runs on Qt 6 and no Debian ships it, so names are looked up in PyQt6 itself, without QGIS: what is
imported from ``qgis.PyQt.*``, and each chain of attributes that starts there (``Qt.AlignmentFlag.AlignLeft``).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

FOLDERS = ("qgis_plugin", "processing", "layers", "guide", "i18n", "tests/gui")
# qgis.PyQt keeps these where Qt 5 had them.
MOVED = {"QAction": "QtGui", "QActionGroup": "QtGui", "QShortcut": "QtGui"}
# qgis.PyQt puts QVariant's types back, which PyQt6 has dropped.
RESTORED = {"QVariant"}


def imported(tree: ast.Module) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, module of PyQt6, name, name in the file) of each name taken from qgis.PyQt."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis.PyQt."):
            for alias in node.names:
                module = MOVED.get(alias.name, node.module.split(".")[2])
                yield node.lineno, module, alias.name, alias.asname or alias.name


def chain(node: ast.Attribute) -> list[str]:
    """Return ``["Qt", "AlignmentFlag", "AlignLeft"]``; nothing when the chain does not start with a name."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def unknown(source: str) -> list[tuple[int, str]]:
    """Return (line, name) of what PyQt6 does not have, in the order of the lines."""
    tree = ast.parse(source)
    found, known = set(), {}
    for line, module, name, local in imported(tree):
        owner = getattr(import_module(f"PyQt6.{module}"), name, None)
        if owner is None:
            found.add((line, name))
        elif name not in RESTORED:
            known[local] = owner
    for node in ast.walk(tree):
        names = chain(node) if isinstance(node, ast.Attribute) else []
        value = known.get(names[0]) if names else None
        for depth, name in enumerate(names[1:], start=2):
            # Past a class stands an instance or a result, whose attributes are not known here.
            if not isinstance(value, type):
                break
            if not hasattr(value, name):
                found.add((node.lineno, ".".join(names[:depth])))
                break
            value = getattr(value, name)
    return sorted(found)


def main(checkout: Path) -> int:
    """Print what is unknown; return how many names that is."""
    count = 0
    for path in sorted(path for folder in FOLDERS for path in (checkout / folder).rglob("*.py")):
        for line, name in unknown(path.read_text(encoding="utf-8")):
            print(f"{path}:{line}: {name} is not in PyQt6")
            count += 1
    return count


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]))))
