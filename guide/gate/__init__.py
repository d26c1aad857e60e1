"""The gate: every figure that comes from needs enters the book through ``disclose``, and no other way.

Takes what was counted and gives what may be printed; whoever calls it lets go of the counts. The figures of a whole
book, of all levels of territories that the store has, go through together: figures of two books of one store, whatever
their level, sections or readers, tell no more than those of one.
"""

from .counts import Before, Counts, Gap, Rules
from .passing import disclose
from .verdict import CLOSED, Verdict

__all__ = ["CLOSED", "Before", "Counts", "Gap", "Rules", "Verdict", "disclose"]
