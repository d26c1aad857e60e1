"""One map on one sheet, A4 to A0."""

from .layout import find_territory, poster
from .maps import ACTORS, EFFORT, GAPS, NEEDS, SIMILAR, SUBJECTS
from .papers import PAPERS, Paper

__all__ = ["ACTORS", "EFFORT", "GAPS", "NEEDS", "PAPERS", "SIMILAR", "SUBJECTS", "Paper", "find_territory", "poster"]
