"""The engine's integers as Binance spells them: decimals at the asset's precision, times in the asked unit.

Field names and their order are those of the official sample answers. `unit` is how many microseconds one tick
of the answer's times has: 1000 (milliseconds, the default) or 1.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from surefoot.exchange.core.commands import Depth, TopChange
from surefoot.exchange.core.listing import Digits

SCALE = 100_000_000
MILLISECONDS, MICROSECONDS = 1000, 1
PERMISSIONS = ("SPOT",)
"""What every account may trade."""

Json = dict[str, Any]


def format8(value: int) -> str:
    """An amount at 1e-8 with its 8 decimals: 150000000 is ``1.50000000``."""
    return f"{value // SCALE}.{value % SCALE:08d}"


def decimal(value: int, places: int) -> str:
    """An amount at 1e-8 with as many decimals as its asset has."""
    text = format8(value) if value >= 0 else "-" + format8(-value)
    return text if places == 8 else text[: places - 8].removesuffix(".")  # noqa: PLR2004


class Spelling(msgspec.Struct, frozen=True, gc=False):
    """How a symbol's market data is spelled for who asks: the decimals of its assets, the unit of times."""

    digits: Digits
    unit: int

    def price(self, value: int) -> str:
        """A price, or any other amount of the quote asset."""
        return decimal(value, self.digits.quote)

    def qty(self, value: int) -> str:
        """An amount of the base asset."""
        return decimal(value, self.digits.base)

    def levels(self, side: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
        """Price levels as pairs of decimal strings."""
        return [(self.price(price), self.qty(quantity)) for price, quantity in side]


def depth(book: Depth, form: Spelling) -> Json:
    """A book snapshot."""
    return {
        "lastUpdateId": book.last_update_id,
        "bids": form.levels(book.bids),
        "asks": form.levels(book.asks),
    }


def book_ticker(top: TopChange, form: Spelling) -> Json:
    """The best prices of one symbol; an empty side is zero."""
    return {
        "symbol": top.symbol,
        "bidPrice": form.price(top.bid),
        "bidQty": form.qty(top.bid_qty),
        "askPrice": form.price(top.ask),
        "askQty": form.qty(top.ask_qty),
    }
