"""What a trader can be asked by who blocks, without asking the exchange."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from surefoot.execution.blocking.handles import BlockingBracketHandle, BlockingOrderHandle
from surefoot.execution.blocking.lodging import Lodging
from surefoot.execution.brackets import BracketRecord
from surefoot.execution.positions import Pnl, Position
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.execution.views import Views
from surefoot.spot.account import Balance

R = TypeVar("R")


class BlockingReadings:
    """See `Readings`; each is of one moment."""

    _lodging: Lodging

    def read(self, look: Callable[[Views], R]) -> R:
        """What `look` returns of the views; all that it reads is of one moment."""
        return self._lodging.read(lambda trader: look(trader.views))

    @property
    def open_orders(self) -> tuple[OrderRecord, ...]:
        """The account's orders that are open or on their way; `own` tells which are this trader's."""
        return self._lodging.read(lambda trader: trader.open_orders)

    @property
    def open_lists(self) -> tuple[ListRecord, ...]:
        """The order lists that are executing or on their way."""
        return self._lodging.read(lambda trader: trader.open_lists)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The client order ids of what was sent, and is not known to have happened or not."""
        return self._lodging.read(lambda trader: trader.doubts)

    @property
    def balances(self) -> Mapping[str, Balance]:
        """What the account has, by asset."""
        return self._lodging.read(lambda trader: trader.balances)

    @property
    def stopped(self) -> str | None:
        """Why trading is stopped, if it is: `arm` allows it again."""
        return self._lodging.read(lambda trader: trader.stopped)

    def order(self, id: str) -> OrderRecord | None:
        """The order of that client order id; None for one that ended long ago, or never was."""
        return self._lodging.read(lambda trader: trader.order(id))

    def handle(self, id: str) -> BlockingOrderHandle:
        """A handle of the order of that client order id, also of an earlier life."""
        return BlockingOrderHandle(self._lodging.read(lambda trader: trader.handle(id)), self._lodging)

    def position(self, symbol: str) -> Position:
        """What the executions of `symbol` add up to; raises `Misuse` for one that was never traded here."""
        return self._lodging.read(lambda trader: trader.position(symbol))

    def pnl(self, symbol: str, prices: Mapping[str, Decimal]) -> Pnl:
        """Profit and loss of `symbol`, in its quote asset; see `Trader.pnl`."""
        return self._lodging.read(lambda trader: trader.pnl(symbol, prices))

    @property
    def brackets(self) -> tuple[BracketRecord, ...]:
        """The brackets that are not over, also of earlier lives."""
        return self._lodging.read(lambda trader: trader.brackets)

    def bracket(self, id: str) -> BlockingBracketHandle:
        """The bracket of that id, also of an earlier life."""
        return BlockingBracketHandle(self._lodging.read(lambda trader: trader.bracket(id)), self._lodging)
