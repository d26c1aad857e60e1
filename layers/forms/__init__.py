"""What a person sees of a table of the model when filling it in: words, widgets, rules, defaults, tabs, help.

The words are French, as the data are: they travel in the project file, whatever language QGIS runs in.
"""

from .form import set_form, set_tabs
from .plans import Plan, long_plan, short_plan
from .words import display_expression, labels_of

__all__ = [
    "Plan",
    "display_expression",
    "labels_of",
    "long_plan",
    "set_form",
    "set_tabs",
    "short_plan",
]
