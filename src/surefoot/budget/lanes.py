"""Who goes before whom, and what is kept free for them (LIMIT-4)."""

from enum import IntEnum
from functools import cache
from typing import Any

from surefoot.spot.request import Request


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

_CANCELS = ("Cancel",)


@cache
def lane_of(kind: type[Request[Any]]) -> Lane:
    """The lane of a kind of request."""
    endpoint = kind.endpoint
    if endpoint.mutates:
        replaces = "Replace" in kind.__name__
        return Lane.CANCEL if kind.__name__.startswith(_CANCELS) and not replaces else Lane.ORDER
    return Lane.ACCOUNT if endpoint.signed else Lane.MARKET


def is_shaped(lane: Lane) -> bool:
    """Whether requests of the lane may be made to wait: cancels and orders never (LIMIT-2)."""
    return lane >= Lane.ACCOUNT
