"""Client order ids: every order has one before it is sent (ORDER-4)."""

from functools import cache, lru_cache
from typing import Any, TypeVar

import msgspec

from surefoot.errors import Misuse
from surefoot.spot.request import Request
from surefoot.values import CLIENT_ORDER_ID, UNSET
from surefoot.world import Entropy

R = TypeVar("R", bound=Request[Any])

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_HIGH_DIGITS, _TAIL = 7, 10  # with two low ones: 36^9 ms reach beyond the year 5000; 36^10 tails
_LOW_DIGITS = tuple(high + low for high in _DIGITS for low in _DIGITS)
PREFIX = "sf-"


def new_client_order_id(now_ms: int, entropy: Entropy, prefix: str = PREFIX) -> str:
    """A fresh id, `prefix` and 19 characters: sorts by time, and its random tail makes it unique for ever."""
    high, low = divmod(now_ms, len(_LOW_DIGITS))
    return f"{_beginning(high, prefix)}{_LOW_DIGITS[low]}{entropy.token(_TAIL)}"


@lru_cache(maxsize=8)
def _beginning(high: int, prefix: str) -> str:
    """What all ids of the same 1,296 ms share."""
    text, rest = "", high
    for _ in range(_HIGH_DIGITS):
        rest, digit = divmod(rest, len(_DIGITS))
        text = _DIGITS[digit] + text
    return prefix + text


def identified(request: R, now_ms: int, entropy: Entropy, prefix: str = PREFIX) -> R:
    """`request` itself, or the orders it places with ids of ours where they have none; raises `Misuse` on
    an illegal id.
    """
    fresh = {}
    for name, filled in _id_fields(type(request)):
        given = getattr(request, name)
        if given is not UNSET:
            if not CLIENT_ORDER_ID.fullmatch(given):
                raise Misuse(f"client order id {given!r}: 1 to 36 characters of letters, digits, - and _")
        elif filled:
            fresh[name] = new_client_order_id(now_ms, entropy, prefix)
    return msgspec.structs.replace(request, **fresh) if fresh else request


@cache
def _id_fields(kind: type[Request[Any]]) -> tuple[tuple[str, bool], ...]:
    """The fields that give new ids, whose spelling is checked, and whether they are filled when empty.

    An order list is known by its own id and each order in it by another one.
    """
    places = kind.endpoint.order_count > 0
    names = [name for name in kind.__struct_fields__ if name.endswith("client_order_id")]
    new = [name for name in names if name == "new_client_order_id" or (places and "orig_" not in name)]
    return tuple((name, places and not name.startswith("cancel_")) for name in new)
