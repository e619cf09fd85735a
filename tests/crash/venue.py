"""The exchange of crash tests: accounts, somebody to trade with, and the truth."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from surefoot.exchange.accounts import Account
from surefoot.exchange.core.commands import Fill, OrderSnapshot
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.server import ExchangeServer
from surefoot.spot.enums import Side
from tests.crash.trading import SYMBOL

R = TypeVar("R")
Call = Callable[[Callable[[], Any]], Any]
_LAST, _ASK = 60_000, 60_010
_OFFERED, _NIBBLE = 5 * SCALE, SCALE // 5_000


class Truth(NamedTuple):
    """Everything of one account."""

    orders: tuple[OrderSnapshot, ...]
    fills: tuple[Fill, ...]


class Venue:
    """One exchange; `call` does things where its loop is."""

    def __init__(self, server: ExchangeServer, call: Call) -> None:
        self.server, self.call = server, call
        self._house: House = call(lambda: House(server.engine, SYMBOL))
        call(lambda: server.operations.trade_at(SYMBOL, _LAST * SCALE))
        self._do(lambda now_us: self._house.quote(now_us, Side.SELL, *self._size(_ASK * SCALE, _OFFERED)))

    def open(self, name: str) -> Account:
        """Another account, with money for everything."""
        amounts = {"USDT": 100_000 * SCALE, "BTC": 10 * SCALE}
        account: Account = self.call(lambda: self.server.operations.open_account(name, amounts))
        return account

    def fail(self, rules: list[Any]) -> None:
        """Put these faults in force."""
        for rule in rules:
            self.call(lambda rule=rule: self.server.faults.add(rule))

    def nibble(self, name: str) -> None:
        """Fill a little of what the account bids for."""
        for order in self.truth(name).orders:
            if order.side is Side.BUY and order.status in {"NEW", "PARTIALLY_FILLED"}:
                size = self._size(order.price, _NIBBLE)
                self._do(lambda now_us, size=size: self._house.take(now_us, Side.SELL, *size))

    def truth(self, name: str) -> Truth:
        """All its orders and fills."""
        engine = self.server.engine
        truth: Truth = self.call(lambda: Truth(engine.all_orders(name, SYMBOL), engine.trades(name, SYMBOL)))
        return truth

    def _size(self, price: int, quantity: int) -> tuple[int, int]:
        return price // self._house.listing.tick, quantity // self._house.listing.step

    def _do(self, act: Callable[[int], object]) -> None:
        def done() -> None:
            act(self.server.now_us())
            self.server.front.settle(self.server.now_us())

        self.call(done)


def amount(units: int) -> Decimal:
    """Units of 1e-8 as a number."""
    return Decimal(units) / SCALE
