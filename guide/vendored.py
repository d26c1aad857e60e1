"""The pure-Python libraries that the plugin's zip carries, where the system has none of its own."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError

VENDOR = Path(__file__).resolve().parents[1] / "vendor"


def vendored(name: str) -> ModuleType:
    """Return a library: the system's, or the one that the zip carries; raises TisserandError where there is none."""
    if VENDOR.is_dir() and str(VENDOR) not in sys.path:
        sys.path.append(str(VENDOR))
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The Python package {name} is missing: install the plugin from its zip, which carries it, "
                "or pip install {name}.",
            ),
            name=name,
        ) from error
