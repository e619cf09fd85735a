"""The engine's integers as Binance spells them: decimals at the asset's 8 digits, times in the asked unit.

Field names and their order are those of the official sample answers. `unit` is how many microseconds one tick
of the answer's times has: 1000 (milliseconds, the default) or 1.
"""

from collections.abc import Iterable
from typing import Any

from surefoot.exchange.commands import Depth, TopChange

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


def levels(side: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    """Price levels as pairs of decimal strings."""
    return [(format8(price), format8(quantity)) for price, quantity in side]


def depth(book: Depth) -> Json:
    """A book snapshot."""
    return {
        "lastUpdateId": book.last_update_id,
        "bids": levels(book.bids),
        "asks": levels(book.asks),
    }


def book_ticker(top: TopChange) -> Json:
    """The best prices of one symbol; an empty side is zero."""
    return {
        "symbol": top.symbol,
        "bidPrice": format8(top.bid),
        "bidQty": format8(top.bid_qty),
        "askPrice": format8(top.ask),
        "askQty": format8(top.ask_qty),
    }
