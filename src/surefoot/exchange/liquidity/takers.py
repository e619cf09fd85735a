"""Synthetic takers that notice customers: small orders near the touch are filled in parts within seconds."""

from surefoot.exchange.core.orders import OrderState
from surefoot.exchange.liquidity.house import House
from surefoot.spot.enums import Side
from surefoot.world import Entropy

_REACH = 4
_LARGEST = 400


class Takers:
    """Who trades with customers at one symbol. Sizes in steps, prices in ticks.

    `small` is roughly the least legal order, `grid` a basis point. While an order is favoured, the market
    maker does not quote at its price or better (`allows`), so that takers reach it.
    """

    def __init__(self, house: House, entropy: Entropy, *, small: int, grid: int) -> None:
        self._house = house
        self._entropy = entropy
        self._small = small
        self._grid = grid
        self._favoured: dict[Side, OrderState] = {}

    def pick(self) -> Side | None:
        """The side of a customer's order that a taker hits next; None when there is none near the touch."""
        first = Side.BUY if self.dice(2) else Side.SELL
        for side in (first, opposite(first)):
            order = self._nearest(side)
            if order is not None:
                self._favoured[side] = order
                return side
        self._favoured.clear()
        return None

    def allows(self, side: Side, ticks: int) -> bool:
        """Whether the market maker may quote there now."""
        order = self._favoured.get(side)
        if order is None:
            return True
        if order.level is None:
            del self._favoured[side]
            return True
        return ticks * self._house.side(side).sign < order.key

    def hit(self, now_us: int, side: Side) -> None:
        """Take a part of the favoured order: a fifth to nearly a half of it, or the little that is left."""
        order = self._favoured[side]
        whole = order.orig_qty // self._house.listing.step
        part = whole * (20 + self.dice(25)) // 100
        steps = order.left if order.left <= max(part, self._small // 4) else max(part, 1)
        ticks = order.key * self._house.side(side).sign
        self._house.take(now_us, opposite(side), ticks, min(steps, self._small * _LARGEST))

    def dice(self, sides: int) -> int:
        """0 … sides - 1."""
        return int(self._entropy.uniform() * sides)

    def _nearest(self, side: Side) -> OrderState | None:
        """The first customer's order within a few basis points of the best price of its side."""
        resting = self._house.side(side)
        for key in reversed(resting.keys):
            if key < resting.keys[-1] - _REACH * self._grid:
                return None
            entry = resting.levels[key].first
            while entry is not None:
                if isinstance(entry, OrderState) and not entry.seat.holder.house:
                    return entry
                entry = entry.after
        return None


def opposite(side: Side) -> Side:
    """Who trades with whom."""
    return Side.SELL if side is Side.BUY else Side.BUY
