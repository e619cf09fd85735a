"""What a trader can be asked about the account without asking the exchange: views of its journal."""

from collections.abc import Mapping
from decimal import Decimal

from surefoot.execution.aio.brackets import BracketHandle
from surefoot.execution.aio.handles import OrderHandle
from surefoot.execution.aio.works import Works
from surefoot.execution.brackets import BracketRecord
from surefoot.execution.lives import LIST_OVER
from surefoot.execution.positions import Pnl, Position
from surefoot.execution.records import ListRecord, OrderRecord
from surefoot.execution.views import Views
from surefoot.spot.account import Balance


class Readings:
    """Everything is as of the last entry of the journal."""

    views: Views
    _works: Works

    @property
    def open_orders(self) -> tuple[OrderRecord, ...]:
        """The account's orders that are open or on their way; `own` tells which are this trader's."""
        return tuple(order for order in self.views.orders.shelf.active.values() if not order.is_final)

    @property
    def open_lists(self) -> tuple[ListRecord, ...]:
        """The order lists that are executing or on their way."""
        lists = self.views.orders.shelf.lists.values()
        return tuple(list for list in lists if list.state not in LIST_OVER)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The client order ids of what was sent, and is not known to have happened or not."""
        return tuple(self.views.orders.submissions)

    @property
    def balances(self) -> Mapping[str, Balance]:
        """What the account has, by asset."""
        return self.views.books.ledger.balances

    @property
    def stopped(self) -> str | None:
        """Why trading is stopped, if it is: `arm` allows it again."""
        return self.views.tripped

    def order(self, id: str) -> OrderRecord | None:
        """The order of that client order id; None for one that ended long ago, or never was."""
        return self.views.orders.shelf.get(id)

    def handle(self, id: str) -> OrderHandle:
        """A handle of the order of that client order id, also of an earlier life."""
        return OrderHandle(id, self._works.port.pen)

    def position(self, symbol: str) -> Position:
        """What the executions of `symbol` add up to; raises `Misuse` for one that was never traded here."""
        return self.views.books.ledger.position(symbol)

    def pnl(self, symbol: str, prices: Mapping[str, Decimal]) -> Pnl:
        """Profit and loss of `symbol`, in its quote asset; `prices` is what a unit of each asset is worth in
        it. Raises `Misuse` for a symbol that was never traded here.
        """
        return self.position(symbol).pnl(prices)

    @property
    def brackets(self) -> tuple[BracketRecord, ...]:
        """The brackets that are not over, also of earlier lives."""
        return tuple(self.views.brackets.unfinished())

    def bracket(self, id: str) -> BracketHandle:
        """The bracket of that id, also of an earlier life."""
        return self._works.brackets.handle(id)
