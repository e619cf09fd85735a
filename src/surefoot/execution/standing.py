"""What the operator's limits need to know of an account and of the market (pure)."""

from decimal import Decimal
from typing import Protocol

import msgspec

from surefoot.spot.enums import Side


class Top(msgspec.Struct, frozen=True, gc=False):
    """The best prices of a book, as they were at `at_ms` on the exchange's clock; 0 where a side is empty."""

    bid: Decimal
    ask: Decimal
    at_ms: int


class Standing(Protocol):
    """Where the account stands, as the limits need it. An order counts from its `Submitted` entry on, until
    it is known to be gone.
    """

    def open_count(self) -> int:
        """The own orders that are open, pending or in flight; each leg of a list is one."""
        ...

    def unfilled(self, symbol: str, side: Side) -> Decimal:
        """What they may still buy or sell of the base asset; of legs that cancel each other, the largest."""
        ...

    def held(self, symbol: str) -> Decimal:
        """The position, in the base asset."""
        ...

    def lost_today(self, quote: str, now_ms: int) -> Decimal:
        """The day's loss in `quote`, realised and unrealised, above zero; a profit is below."""
        ...

    def top(self, symbol: str) -> Top | None:
        """The best prices, where they are known."""
        ...

    def pair(self, symbol: str) -> tuple[str, str]:
        """Its base and quote assets."""
        ...
