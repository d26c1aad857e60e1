"""The page of the manual on the tables says what the model says."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_on_the_tables_is_that_of_the_model():
    script = runpy.run_path(str(ROOT / "scripts" / "model_page.py"))
    assert (ROOT / "docs" / "modele.md").read_text(encoding="utf-8") == script["page"](), (
        "docs/modele.md is not up to date: run scripts/model_page.py"
    )
