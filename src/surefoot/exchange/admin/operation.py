"""One operation of the admin endpoint, as a row of a table."""

from collections.abc import Callable
from typing import Any

import msgspec


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No body, or an empty object."""


class Operation(msgspec.Struct, frozen=True):
    """What may be asked: the shape of its JSON body, and what it does with the exchange.

    `act` is given the running exchange (its `operations`, `front`, clock) and the body; what it returns is
    the JSON answer. It raises `Misuse` for what cannot be done.
    """

    body: type[msgspec.Struct]
    act: Callable[[Any, Any], Any]
