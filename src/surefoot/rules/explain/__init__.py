"""What an error means, whoever printed it: cause, evidence, did it happen, the next step (OBS-2).

Here live the tables of causes (`causes`, and one file for each place they come from), how errors look in the
texts of many clients (`records`, `sight`, `signs`, `phrases`, `foreign`), which cause a text shows
(`diagnosis`), whether it shows several attempts (`attempts`), what the context tells apart (`refine`), and
the one place that decides (`verdict`). What may be a write is taken for one: no advice can double an order.
Here do not live: files, terminals, or a clock.
"""

from surefoot.rules.explain.answer import Explanation, Retry
from surefoot.rules.explain.asking import explain
from surefoot.rules.explain.context import Context, context_of, read_context

__all__ = ["Context", "Explanation", "Retry", "context_of", "explain", "read_context"]
