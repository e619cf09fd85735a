"""What whoever runs an exchange can do to its markets while it runs."""

from collections.abc import Callable
from decimal import Decimal

from surefoot.errors import Misuse
from surefoot.exchange.core.listing import units
from surefoot.exchange.core.market import Market
from surefoot.exchange.core.tape import ReferencePrice
from surefoot.exchange.data.besides import Besides
from surefoot.exchange.door.front import Front
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.liquidity.synthetic import order_sizes
from surefoot.exchange.liquidity.takers import opposite
from surefoot.spot.enums import Side, SymbolStatus

Exact = Decimal | int | str
"""A number as a decimal with at most 8 digits after the point; never a float."""

_EVERYTHING = 10**18
_DEAREST = 10**17  # a billion: beyond that the house could not pay


class MarketOperations:
    """Moves prices, halts markets, tells of trades besides the book; raises `Misuse` as `Operations` does."""

    def __init__(self, front: Front, now_us: Callable[[], int]) -> None:
        self._front = front
        self._now_us = now_us

    def trade_at(self, symbol: str, price: int) -> None:
        """Move the last price to `price` (at 1e-8), as a market that trades through: whatever rests on the
        way is taken at its own price, and then the exchange's house trades with itself. Raises `Misuse`.
        """
        market = self._market(symbol)
        listing = market.listing
        if not 0 < price <= _DEAREST or price % listing.tick:
            raise Misuse(f"{symbol} has no price {_text(price)}: its tick is {_text(listing.tick)}")
        if market.status is not SymbolStatus.TRADING:
            raise Misuse(f"{symbol} does not trade now: its status is {market.status}")
        now_us, ticks = self._now_us(), price // listing.tick
        house = House(self._front.desk.engine, symbol)
        while _cleared(house, now_us, ticks):  # what is taken may set off orders that are in the way again
            pass
        steps, _ = order_sizes(listing, price)
        house.quote(now_us, Side.SELL, ticks, steps)
        house.take(now_us, Side.BUY, ticks, steps)
        self._front.settle(now_us)

    def turn(self, symbol: str, status: SymbolStatus) -> None:
        """Put a market into another state, such as HALT or back into TRADING; raises `Misuse`."""
        self._market(symbol).turn(status)
        self._front.desk.info.turn(symbol, status.value)

    def block_trade(
        self, symbol: str, price: Exact, quantity: Exact, *, buyer_is_maker: bool = False
    ) -> None:
        """Others traded besides the book: told to everybody, while no account of this exchange changes."""
        besides, now_us = self._besides(symbol), self._now_us()
        block = besides.block(
            symbol, _positive(price), _positive(quantity), now_us, buyer_is_maker=buyer_is_maker
        )
        self._front.desk.engine.outbox.append(block)
        self._front.settle(now_us)

    def set_reference_price(self, symbol: str, price: Exact | None) -> None:
        """Set a symbol's reference price, which filters measure by, or take it back with None."""
        given = None if price is None else _positive(price)
        self._market(symbol).tape.reference = ReferencePrice(given, self._now_us())

    def _market(self, symbol: str) -> Market:
        markets = self._front.desk.engine.markets
        if symbol not in markets:
            raise Misuse(f"symbol {symbol!r} is not listed here; there are {', '.join(markets)}")
        return markets[symbol]

    def _besides(self, symbol: str) -> Besides:
        try:
            return self._front.desk.data[symbol].besides
        except KeyError:
            raise Misuse(f"{symbol!r} is not listed on this exchange") from None


def exact(number: Exact) -> int:
    """The number at 1e-8; raises `Misuse` for one that is not exact."""
    if isinstance(number, float | bool):
        raise Misuse(f"{number!r} is not exact; give a Decimal, an int or a text")
    return units(str(number))


def _positive(number: Exact) -> int:
    scaled = exact(number)
    if scaled <= 0:
        raise Misuse(f"{number} is not above zero")
    return scaled


def _cleared(house: House, now_us: int, ticks: int) -> int:
    """Take what stands between the market and a price; returns the steps taken."""
    taken = 0
    for side, worst in ((Side.SELL, ticks), (Side.BUY, -ticks)):
        steps = house.side(opposite(side)).available(worst, _EVERYTHING)
        taken += house.take(now_us, side, ticks, steps) if steps else 0
    return taken


def _text(amount: int) -> str:
    return format(Decimal(amount).scaleb(-8).normalize(), "f")
