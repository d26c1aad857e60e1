"""The words of help of a form.

QGIS shows the description of a column when the mouse rests on its name, but only where GDAL 3.7 or later reads it from
the store. The last tab of each form says the same to everybody.
"""

from __future__ import annotations

from html import escape

from ..model.schema import Table
from .plans import Plan
from .widgets import CHOICES, PHOTO, widget

TITLE = "Aide"
PLAIN = (
    "Sans l'extension Tisserand, les listes où l'on coche plusieurs réponses et les photos ne sont que du texte : "
    "y écrire les codes séparés par |, sans espace."
)


def help_page(declared: Table, plans: tuple[Plan, ...]) -> str:
    """Return the HTML that says, tab by tab, how each field with a word of help is filled; '' when none has one."""
    chapters = []
    for plan in plans:
        fields = [declared[name] for name in plan.names if declared[name].help]
        if fields:
            lines = "".join(f"<p><b>{escape(field.alias)}</b> : {escape(field.help)}</p>" for field in fields)
            chapters.append(f"<h4>{escape(plan.title)}</h4>{lines}")
    if any(widget(declared[name]).type() in (CHOICES, PHOTO) for plan in plans for name in plan.names):
        chapters.append(f"<p><i>{escape(PLAIN)}</i></p>")
    # Sizes and margins are those of a form; without them a web page's own are twice as large.
    style = "font-family:sans-serif;font-size:9pt;margin:4px"
    return f'<div style="{style}">{"".join(chapters)}</div>' if chapters else ""
