"""The book as one would write it to be obviously right: a list, sorted anew each time, in Decimals."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

GRAIN = Decimal("0.00000001")


def down(value: Decimal, grain: Decimal = GRAIN) -> Decimal:
    """Rounded down to a multiple of `grain`."""
    return (value / grain).to_integral_value(rounding=ROUND_DOWN) * grain


@dataclass
class NaiveOrder:
    id: int
    account: str
    side: str
    price: Decimal | None
    left: Decimal
    executed: Decimal = Decimal(0)
    quote: Decimal = Decimal(0)
    status: str = "NEW"


class NaiveBook:
    def __init__(self) -> None:
        self.resting: list[NaiveOrder] = []

    def queue(self, side: str) -> list[NaiveOrder]:
        """Resting orders of a side: best price first, then oldest first (ids grow)."""
        sign = -1 if side == "BUY" else 1
        return sorted((o for o in self.resting if o.side == side), key=lambda o: (sign * o.price, o.id))

    def facing(self, order: NaiveOrder) -> list[NaiveOrder]:
        """What `order` could trade with, in the order it would."""
        others = self.queue("SELL" if order.side == "BUY" else "BUY")
        if order.price is None:
            return others
        if order.side == "BUY":
            return [o for o in others if o.price <= order.price]
        return [o for o in others if o.price >= order.price]

    def match(self, order: NaiveOrder) -> list[tuple[NaiveOrder, Decimal, Decimal]]:
        """Trade as much as possible; the (maker, price, quantity) of each fill."""
        fills = []
        for maker in self.facing(order):
            if not order.left:
                break
            quantity = min(maker.left, order.left)
            maker.left -= quantity
            order.left -= quantity
            fills.append((maker, maker.price, quantity))
        self.resting = [o for o in self.resting if o.left]
        return fills

    def levels(self, side: str) -> list[tuple[Decimal, Decimal]]:
        """(price, quantity) of each level, best first."""
        found: dict[Decimal, Decimal] = {}
        for order in self.queue(side):
            found[order.price] = found.get(order.price, Decimal(0)) + order.left
        return list(found.items())
