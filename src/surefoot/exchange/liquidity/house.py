"""The exchange's own trader: the account through which synthetic and replayed markets act on the engine."""

from surefoot.exchange.core.book import BookSide
from surefoot.exchange.core.commands import Cancel, Place, Placed
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.ledger import MARKET_MAKER
from surefoot.exchange.core.listing import SCALE, Listing
from surefoot.exchange.core.orders import OrderState
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce

_BOTTOMLESS = 10**12 * SCALE


class House:
    """Speaks for the market maker at one symbol, in ticks and steps.

    Its money is deposited like anyone's, only more than could ever be needed.
    """

    def __init__(self, engine: Engine, symbol: str) -> None:
        self._engine = engine
        self._market = engine.markets[symbol]
        self.listing: Listing = engine.listings[symbol]
        if not engine.has_account(MARKET_MAKER):
            assets = {
                asset for listing in engine.listings.values() for asset in (listing.base, listing.quote)
            }
            balances = dict.fromkeys(sorted(assets), _BOTTOMLESS)
            engine.open_account(MARKET_MAKER, balances, maker_rate=0, taker_rate=0, house=True)

    def quote(self, now_us: int, side: Side, ticks: int, steps: int) -> int | None:
        """Put up an order; its id while it rests, None when customers took it all at once."""
        placed = self._send(now_us, side, ticks, steps, TimeInForce.GTC)
        return placed.order.order_id if self.resting(placed.order.order_id) else None

    def take(self, now_us: int, side: Side, ticks: int, steps: int) -> int:
        """Trade at once up to `steps` at `ticks` or better; returns the steps traded."""
        placed = self._send(now_us, side, ticks, steps, TimeInForce.IOC)
        return placed.order.executed_qty // self.listing.step

    def cancel(self, now_us: int, order_id: int) -> None:
        """Take an order of the house out of the book, if it is still there."""
        cancel = Cancel(account=MARKET_MAKER, symbol=self.listing.symbol, order_id=order_id)
        self._engine.cancel(now_us, cancel)

    def resting(self, order_id: int) -> OrderState | None:
        """The order of the house, while it is in the book."""
        return self._engine.open_order(MARKET_MAKER, self.listing.symbol, order_id)

    def side(self, side: Side) -> BookSide[OrderState]:
        """Where orders of `side` rest."""
        return self._market.book.own(side)

    def _send(self, now_us: int, side: Side, ticks: int, steps: int, life: TimeInForce) -> Placed:
        answer = self._engine.place(
            now_us,
            Place(
                account=MARKET_MAKER,
                symbol=self.listing.symbol,
                side=side,
                type=OrderType.LIMIT,
                time_in_force=life,
                quantity=steps * self.listing.step,
                price=ticks * self.listing.tick,
                prevention=SelfTradePreventionMode.NONE,
            ),
        )
        if not isinstance(answer, Placed):
            raise AssertionError(f"the house was refused: {answer.message}")
        return answer
