"""The arrows between the rooms, read from the imports of the sources."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("qgis_plugin", "processing", "layers", "guide", "styles", "i18n")
PATHS = [ROOT / "__init__.py", *sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]

LAYERS = ("layers", "layers.errors", "layers.model")
# Who may import whom; a module belongs to the longest name that begins its own.
ARROWS = {
    "": {"qgis_plugin"},
    "qgis_plugin": {"processing", "processing.algorithms", "guide", *LAYERS, "styles", "i18n"},
    "guide": {"processing.analysis", *LAYERS, "layers.exchange.formulas", "styles", "i18n"},
    "processing": {"processing.algorithms", "styles", "i18n"},
    "processing.algorithms": {"processing.analysis", *LAYERS, "styles", "i18n"},
    "processing.analysis": {"layers.errors"},
    "layers": {"layers.errors", "layers.exchange", "layers.model", "styles", "i18n"},
    "layers.errors": set(),
    "layers.exchange": {"layers.errors", "layers.exchange.formulas", "layers.model"},
    "layers.exchange.formulas": set(),
    "layers.model": set(),
    "styles": set(),
    "i18n": set(),
}
MAY_PRINT = {
    "processing.algorithms.guide",
    "processing.algorithms.guide_check",
    "processing.algorithms.guide_parameters",
    "processing.algorithms.round_sheet",
    "processing.algorithms.booklets",
    "processing.algorithms.territory_map",
}
WITHOUT_QGIS = (
    "guide.facts.",
    "guide.gate.",
    "processing.analysis.",
    "layers.ddl.",
    "layers.errors.",
    "layers.exchange.",
    "layers.geocoding.",
    "layers.geopackage.",
    "layers.importing.",
    "layers.migrations.",
    "layers.model.",
)
HEAVY = {"fiona", "geopandas", "pandas", "pyogrio", "pypdf", "scipy", "segno", "shapely"}


def module_name(path: Path) -> str:
    """``layers/model/__init__.py`` -> ``layers.model``; the root is ``""``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PATHS}


def statements(tree: ast.AST, deep: bool) -> list[ast.stmt]:
    """Return import statements: all of them, or only those that run when the module is imported."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif deep or not runs_later(node):
            found += statements(node, deep)
    return found


def runs_later(node: ast.AST) -> bool:
    """Say whether a statement's body is not run by the import: a function, or ``if TYPE_CHECKING``."""
    for_types = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return for_types or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def imports(name: str, deep: bool = True) -> set[str]:
    """Return what a module imports: its own package's modules by name ("" is the root), others as ``/numpy``."""
    path = MODULES[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    package = [part for part in package if part]
    found = set()
    for node in statements(ast.parse(path.read_text(encoding="utf-8")), deep):
        if isinstance(node, ast.Import):
            found |= {"/" + alias.name for alias in node.names}
        elif node.level == 0:
            found.add("/" + node.module)
        else:
            base = package[: len(package) - node.level + 1] + (node.module or "").split(".")
            base = ".".join(part for part in base if part)
            submodules = {f"{base}.{alias.name}".lstrip(".") for alias in node.names}
            found |= {target if target in MODULES else base for target in submodules}
    return found


def own(found: set[str]) -> set[str]:
    return {name for name in found if not name.startswith("/")}


def others(found: set[str]) -> set[str]:
    """Top-level names of packages that are not ours."""
    return {name[1:].split(".")[0] for name in found if name.startswith("/")}


def room(name: str) -> str:
    return max((key for key in ARROWS if key == "" or f"{name}.".startswith(f"{key}.")), key=len)


def reachable(start: set[str], deep: bool) -> set[str]:
    """Return every module of ours that importing ``start`` imports, packages on the way included."""
    seen, waiting = set(), set(start)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        parents = {".".join(name.split(".")[:end]) for end in range(1, name.count(".") + 1)}
        waiting |= (own(imports(name, deep)) | parents) - seen
    return seen


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name or "root")
def test_no_arrow_between_rooms_runs_the_wrong_way(name):
    allowed = ARROWS[room(name)] | {room(name)}
    if name in MAY_PRINT:
        allowed = allowed | {"guide"}
    assert {target for target in own(imports(name)) if room(target) not in allowed} == set()


@pytest.mark.parametrize("name", [name for name in MODULES if f"{name}.".startswith(WITHOUT_QGIS)])
def test_the_thinking_rooms_know_nothing_of_qgis_even_indirectly(name):
    users_of_qgis = {other for other in reachable({name}, deep=True) if "qgis" in others(imports(other))}
    assert users_of_qgis == set()


def test_starting_the_plugin_imports_nothing_heavy():
    started = reachable({"", "qgis_plugin.plugin", "processing.provider"}, deep=False)
    assert {name: heavy for name in started if (heavy := others(imports(name, deep=False)) & HEAVY)} == {}


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name or "root")
def test_no_module_names_its_own_package_or_qgis_processing_from_outside(name):
    # `import processing` finds our folder instead of QGIS's when the checkout is on the path.
    assert others(imports(name)) & {"tisserand", "processing", "layers", "guide", "PyQt5", "PyQt6"} == set()


def test_no_modules_need_each_other_in_a_circle():
    # What is imported for the types alone, or by a function, may look back: it waits for no one.
    graph = {name: own(imports(name, deep=False)) & set(MODULES) - {name, ""} for name in MODULES}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_every_folder_with_code_is_a_package():
    # QGIS forgets to unload the modules of a folder without __init__.py.
    folders = {path.parent for path in PATHS}
    assert {folder for folder in folders if not (folder / "__init__.py").is_file()} == set()


@pytest.mark.parametrize("path", [path for path in PATHS[1:] if path.name == "__init__.py"], ids=module_name)
def test_a_package_does_no_work_when_imported(path):
    kinds = {type(node) for node in ast.parse(path.read_text(encoding="utf-8")).body[1:]}
    assert kinds <= {ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Assign}


def test_a_wrong_arrow_would_be_seen(tmp_path, monkeypatch):
    (tmp_path / "layers").mkdir()
    path = tmp_path / "layers" / "bad.py"
    path.write_text("def late():\n    from ..guide.book import Page\n    from . import crs\n    import qgis.core\n")
    monkeypatch.setitem(MODULES, "layers.bad", path)
    assert imports("layers.bad") == {"guide.book", "layers.crs", "/qgis.core"}
    assert imports("layers.bad", deep=False) == set()
    assert room("guide.book") not in ARROWS[room("layers.bad")]
