"""Accounts as one would write them to be obviously right: totals change in trades, locks are counted anew."""

from decimal import Decimal

from tests.oracles.naive_book import NaiveBook, NaiveOrder, down


class NaiveExchange:
    """One symbol BASE/QUOTE. Every method says what the real engine must say, by the plainest reasoning."""

    def __init__(self, step: Decimal, rates: dict[str, tuple[Decimal, Decimal]]) -> None:
        self.book = NaiveBook()
        self.step = step
        self.rates = rates
        self.total = {name: {"BASE": Decimal(0), "QUOTE": Decimal(0)} for name in rates}
        self.fees = {"BASE": Decimal(0), "QUOTE": Decimal(0)}

    def locked(self, account: str, asset: str) -> Decimal:
        mine = [o for o in self.book.resting if o.account == account]
        if asset == "BASE":
            return sum((o.left for o in mine if o.side == "SELL"), Decimal(0))
        return sum((down(o.left * o.price) for o in mine if o.side == "BUY"), Decimal(0))

    def free(self, account: str, asset: str) -> Decimal:
        return self.total[account][asset] - self.locked(account, asset)

    def affords(self, order: NaiveOrder, budget: Decimal | None = None) -> bool:
        if order.side == "SELL":
            return order.left <= self.free(order.account, "BASE")
        cost = budget if budget is not None else down(self._cost(order))
        return cost <= self.free(order.account, "QUOTE")

    def sized(self, side: str, budget: Decimal) -> tuple[Decimal, bool]:
        """Quantity that a quoteOrderQty comes to, and whether the book was too thin for it."""
        quantity, rest, price = Decimal(0), budget, Decimal(0)
        for maker in self.book.queue("SELL" if side == "BUY" else "BUY"):
            price = maker.price
            took = min(maker.left, down(rest / price, self.step))
            quantity += took
            rest -= took * price
            if took < maker.left:
                return quantity, False
        return quantity, rest >= price * self.step

    def execute(self, order: NaiveOrder, life: str, *, starved: bool = False) -> str:
        """Match and rest; the final status."""
        room = sum((o.left for o in self.book.facing(order)), Decimal(0))
        if not (life == "FOK" and room < order.left):
            for maker, price, quantity in self.book.match(order):
                self._settle(order, maker, price, quantity)
        if not order.left:
            order.status = "EXPIRED" if starved else "FILLED"
        elif life != "GTC" or order.price is None:
            order.status = "EXPIRED"
        else:
            order.status = "PARTIALLY_FILLED" if order.executed else "NEW"
            self.book.resting.append(order)
        return order.status

    def _cost(self, order: NaiveOrder) -> Decimal:
        if order.price is not None:
            return order.left * order.price
        cost, left = Decimal(0), order.left
        for maker in self.book.facing(order):
            took = min(maker.left, left)
            cost += took * maker.price
            left -= took
        return cost

    def _settle(self, taker: NaiveOrder, maker: NaiveOrder, price: Decimal, quantity: Decimal) -> None:
        value = down(price * quantity)
        for order, role in ((taker, 1), (maker, 0)):
            order.executed += quantity
            order.quote += value
            order.status = "PARTIALLY_FILLED" if order.left else "FILLED"
            rate = self.rates[order.account][role]
            gained, paid = ("BASE", "QUOTE") if order.side == "BUY" else ("QUOTE", "BASE")
            amounts = {"BASE": quantity, "QUOTE": value}
            commission = down(amounts[gained] * rate)
            self.total[order.account][gained] += amounts[gained] - commission
            self.total[order.account][paid] -= amounts[paid]
            self.fees[gained] += commission
