"""On import, make the checkout importable as ``tisserand``, the name QGIS gives it, whatever its folder is called.

The root stays off ``sys.path``: there, our ``processing`` folder would hide the ``processing`` package of QGIS.
"""

import importlib.util
import sys
from pathlib import Path

PACKAGE = "tisserand"
ROOT = Path(__file__).resolve().parents[1]

sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
_spec = importlib.util.spec_from_file_location(PACKAGE, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
sys.modules[PACKAGE] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sys.modules[PACKAGE])
