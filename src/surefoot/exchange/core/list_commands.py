"""Order lists in and out of the engine (OCO, OTO, OTOCO), amends, and cancels of many, as frozen structs."""

import msgspec

from surefoot.exchange.core.commands import Canceled, ListSnapshot, OrderSnapshot, Place, Placed, Refusal


class PlaceList(msgspec.Struct, frozen=True, kw_only=True):
    """A new list. `working` goes first, `pending` follow when it is filled whole; an OCO is two `pending`
    without a `working`. Of a pair the stop-loss leg comes first. Every leg is the list's account's.
    """

    account: str
    symbol: str
    pending: tuple[Place, ...]
    working: Place | None = None
    list_client_order_id: str | None = None

    @property
    def legs(self) -> tuple[Place, ...]:
        """All of its orders, in the order in which they are numbered."""
        return self.pending if self.working is None else (self.working, *self.pending)

    @property
    def is_pair(self) -> bool:
        """Whether two of its orders exclude each other."""
        return len(self.pending) > 1


class ListPlaced(msgspec.Struct, frozen=True):
    """An accepted list, and each leg as its placement left it."""

    order_list: ListSnapshot
    legs: tuple[Placed, ...]


class ListCanceled(msgspec.Struct, frozen=True):
    """Cancelled orders, and the list they were the legs of (None: a single order)."""

    order_list: ListSnapshot | None
    legs: tuple[Canceled, ...]


class Replaced(msgspec.Struct, frozen=True):
    """What became of both halves of a cancelReplace; `placed` is None when it was not attempted."""

    canceled: Canceled | Refusal
    placed: Placed | Refusal | None


class CancelList(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel every leg of a list, named by either id."""

    account: str
    symbol: str
    order_list_id: int | None = None
    list_client_order_id: str | None = None
    new_client_order_id: str | None = None


class CancelAll(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel everything that an account has open at a symbol."""

    account: str
    symbol: str


class Amend(msgspec.Struct, frozen=True, kw_only=True):
    """Make an open order smaller where it stands in its queue."""

    account: str
    symbol: str
    new_qty: int
    order_id: int | None = None
    orig_client_order_id: str | None = None
    new_client_order_id: str | None = None


class Amended(msgspec.Struct, frozen=True):
    """An amended order, the execution that did it, and the list it belongs to, if any."""

    order: OrderSnapshot
    execution_id: int
    orig_client_order_id: str
    time_us: int
    order_list: ListSnapshot | None = None


class Amendment(msgspec.Struct, frozen=True, gc=False):
    """One line of an order's history of amends."""

    order_id: int
    execution_id: int
    orig_client_order_id: str
    new_client_order_id: str
    orig_qty: int
    new_qty: int
    time_us: int
