"""Client order ids that carry a strategy, the time and a random tail: sortable, unique for ever (ORDER-4)."""

import re
from typing import Any, TypeVar

import msgspec

from surefoot.client.ids import identified, new_client_order_id
from surefoot.errors import Misuse
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.request import Request
from surefoot.values import UNSET
from surefoot.world import Entropy

R = TypeVar("R", bound=Request[Any])

_CANCELLED = "_c"
_ROOM = 36 - len(_CANCELLED)
_STRATEGY = re.compile(r"[a-zA-Z0-9_]{1,14}")


def cancel_id_of(id: str) -> str:
    """What the cancel of an order is called: a cancel renames the order, and it is to be found all the same,
    by whoever knows its first name only. So do those who forgot its number with the last entries, which were
    not committed.
    """
    return f"{id[:_ROOM]}{_CANCELLED}"


def cancelled_by(id: str) -> str | None:
    """The order that a cancel of ours renamed so; None for any other id."""
    return id.removesuffix(_CANCELLED) if id.endswith(_CANCELLED) else None


class Namer:
    """Gives ids in the name of one strategy."""

    def __init__(self, strategy: str, entropy: Entropy) -> None:
        if not _STRATEGY.fullmatch(strategy):
            raise Misuse(f"strategy {strategy!r}: 1 to 14 characters of letters, digits and _")
        self._prefix, self._entropy = f"{strategy}-", entropy

    def fresh(self, now_ms: int) -> str:
        """An id that nobody ever used."""
        return new_client_order_id(now_ms, self._entropy, self._prefix)

    def named(self, request: R, now_ms: int) -> R:
        """`request` with fresh ids wherever it has none: for the list, for every order that it places, for
        the order that an amendment leaves. Raises `Misuse` on an illegal id.
        """
        if isinstance(request, AmendOrder) and request.new_client_order_id is UNSET:
            request = msgspec.structs.replace(request, new_client_order_id=self.fresh(now_ms))
        return identified(request, now_ms, self._entropy, self._prefix)

    def is_ours(self, id: str) -> bool:
        """Whether the strategy gave that id."""
        return id.startswith(self._prefix)
