"""Client order ids: every order has one before it is sent (ORDER-4)."""

from typing import Any, TypeVar

import msgspec

from surefoot.errors import Misuse
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder
from surefoot.values import CLIENT_ORDER_ID, UNSET
from surefoot.world import Entropy

R = TypeVar("R", bound=Request[Any])

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TIME_DIGITS, _TAIL = 9, 10  # 36^9 ms reach beyond the year 5000; 36^10 tails
PREFIX = "sf-"


def new_client_order_id(now_ms: int, entropy: Entropy) -> str:
    """A fresh id, 22 characters: sorts by time, and its random tail makes it unique for ever."""
    text, rest = "", now_ms
    for _ in range(_TIME_DIGITS):
        rest, digit = divmod(rest, 36)
        text = _DIGITS[digit] + text
    return f"{PREFIX}{text}{entropy.token(_TAIL)}"


def identified(request: R, now_ms: int, entropy: Entropy) -> R:
    """`request` itself, or the order with an id of ours when it has none; raises `Misuse` on an
    illegal id.
    """
    given = getattr(request, "new_client_order_id", UNSET)
    if given is UNSET:
        if not isinstance(request, NewOrder):
            return request
        return msgspec.structs.replace(request, new_client_order_id=new_client_order_id(now_ms, entropy))
    if not CLIENT_ORDER_ID.fullmatch(given):
        raise Misuse(f"client order id {given!r}: 1 to 36 characters of letters, digits, - and _")
    return request
