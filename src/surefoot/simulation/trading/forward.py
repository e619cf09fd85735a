"""Whether what a trader knows only ever moves forward: news that are older than what is known change nothing,
even where a later look would mend it.
"""

from decimal import Decimal

from surefoot.execution import entries
from surefoot.execution.lives import FINAL, OrderState
from surefoot.execution.orders import News
from surefoot.execution.views import Views


class Forward:
    """Looks at the views after each entry; `broken` are sentences."""

    def __init__(self, name: str) -> None:
        self.looked = 0
        self.broken: list[str] = []
        self._name = name
        self._orders: dict[str, tuple[OrderState, Decimal]] = {}
        self._as_of_ms: dict[str, int] = {}

    def look(self, entry: entries.AnyEntry, news: News, views: Views) -> None:
        """This entry was folded, and changed that."""
        for id in news.changed:
            order = views.orders.shelf.get(id)
            if order is not None:
                self._moved(id, order.state, order.executed_qty)
        if isinstance(entry, entries.AccountRead | entries.Positioned):
            self._told(views)

    def _moved(self, id: str, state: OrderState, executed: Decimal) -> None:
        self.looked += 1
        before = self._orders.get(id)
        self._orders[id] = (state, executed)
        if before is not None and before[0] in FINAL and state is not before[0]:
            self.broken.append(f"{self._name}'s {id} was {before[0]}, and is {state}")
        if before is not None and executed < before[1]:
            self.broken.append(f"{self._name}'s {id} had {before[1]} executed, and has {executed}")

    def _told(self, views: Views) -> None:
        for asset, holding in views.books.ledger.state().holdings.items():
            self.looked += 1
            before_ms, as_of_ms = self._as_of_ms.get(asset, 0), holding.as_of_ms or 0
            self._as_of_ms[asset] = as_of_ms
            if as_of_ms < before_ms:
                self.broken.append(
                    f"{self._name} knew {asset} as of {before_ms}, and knows it as of {as_of_ms}"
                )
