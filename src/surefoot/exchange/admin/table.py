"""All operations of the admin endpoint: a module more is a line more."""

from collections.abc import Mapping

from surefoot.exchange.admin import faults, world
from surefoot.exchange.admin.operation import Operation

OPERATIONS: Mapping[str, Operation] = {
    **faults.OPERATIONS,
    **world.OPERATIONS,
}
"""By the path below ``/admin/``, with a method before it where the same path does more than one thing."""
