"""The check before printing: what a careful editor would ask, each with its remedy and the record to go to."""

from .check import check
from .kinds import KINDS, SEVERITIES, SUBJECTS, Finding, Severity

__all__ = ["KINDS", "SEVERITIES", "SUBJECTS", "Finding", "Severity", "check"]
