"""What an error means, whoever printed it: cause, evidence, whether it happened, whether a retry is safe, the next step (OBS-2).

Here live the tables of causes (`causes_of_codes`, `causes_of_orders`, `causes_of_wire`), how errors look in the texts of many
clients (`records`, `sight`, `signs`, `phrases`, `foreign`), which cause a text shows (`diagnosis`), what the context tells apart
(`refine`), and the one place that decides (`verdict`). A text is read in this order: HTTP, code, filters and time. What may be a
write is taken for one: no advice can double an order. Here do not live: files, terminals, or a clock.
"""

from surefoot.rules.explain.answer import Explanation, Retry
from surefoot.rules.explain.asking import explain
from surefoot.rules.explain.context import Context, context_of, read_context

__all__ = ["Context", "Explanation", "Retry", "context_of", "explain", "read_context"]
