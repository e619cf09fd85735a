"""Who goes before whom, and what is kept free for them (LIMIT-4)."""

from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

from surefoot.spot.request import Request
from surefoot.spot.session import Logon, SubscribeUserData, SubscribeUserDataSigned


class Lane(IntEnum):
    """What a request is for. Lower numbers go first."""

    CANCEL = 0
    ORDER = 1
    ACCOUNT = 2
    MARKET = 3


SHARES = {Lane.CANCEL: 0.10, Lane.ORDER: 0.20, Lane.ACCOUNT: 0.20}
"""Parts of every window that lower lanes leave alone; the rest is anybody's."""

LEAST_KEPT = 0.04
"""So much of the reserved shares is kept to the end of a window; the rest is given away as time goes by."""

KEPT = tuple(sum(share for lane, share in SHARES.items() if lane < mine) for mine in Lane)
"""By lane: the part of a window that it must leave to the lanes before it."""


_FIRST = frozenset({Logon, SubscribeUserData, SubscribeUserDataSigned})
"""Without these a connection carries no order and tells no fill; they are as rare as connections."""


class Kind(NamedTuple):
    """What the budget knows of a kind of request. `shaped`: it may be made to wait (cancels and orders never,
    LIMIT-2).
    """

    name: str
    lane: Lane
    shaped: bool
    kept: float


@cache
def kind_of(request: type[Request[Any]]) -> Kind:
    """The lane of a kind of request, and what follows from it."""
    endpoint, name = request.endpoint, request.__name__
    if request in _FIRST:
        lane = Lane.ORDER
    elif endpoint.mutates:
        cancels = name.startswith("Cancel") and "Replace" not in name
        lane = Lane.CANCEL if cancels else Lane.ORDER
    else:
        lane = Lane.ACCOUNT if endpoint.signed else Lane.MARKET
    return Kind(name, lane, lane >= Lane.ACCOUNT, KEPT[lane])
