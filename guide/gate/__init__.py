"""The gate: every figure that comes from needs enters the book through ``disclose``, and no other way.

Takes what was counted and gives what may be printed; whoever calls it lets go of the counts. The figures of a whole
book go through together, with those of all levels of territories that nest with its own or were printed before: those
of two books of one store, whatever their sections or readers, tell no more than those of one.
"""

from .counts import Before, Counts, Gap, Rules
from .passing import disclose
from .verdict import CLOSED, Verdict

__all__ = ["CLOSED", "Before", "Counts", "Gap", "Rules", "Verdict", "disclose"]
