"""What rules see: one account at one market at one moment."""

from surefoot.exchange.core.count_filters import Crowd
from surefoot.exchange.core.orders import Seat
from surefoot.exchange.core.tape import Tape
from surefoot.spot.enums import Side


class View:
    """Changes nothing."""

    __slots__ = ("_now_us", "_tape", "seat")

    def __init__(self, tape: Tape, seat: Seat, now_us: int) -> None:
        self._tape = tape
        self.seat = seat
        self._now_us = now_us

    def reference(self, minutes: int) -> int | None:
        """The symbol's reference price where it has one, else the average of so many minutes."""
        tape = self._tape
        if tape.reference is not None and tape.reference.price is not None:
            return tape.reference.price
        return tape.average(self._now_us, minutes)

    @property
    def last_price(self) -> int | None:
        return self._tape.last_price

    def position(self) -> int:
        """What the account has of the base asset, and what its open BUY orders may still add."""
        buys = (order for order in self.seat.open.values() if order.side is Side.BUY)
        held = self.seat.base.free + self.seat.base.locked
        return held + sum(order.orig_qty - order.executed_qty for order in buys)

    def here(self) -> Crowd:
        """What the account has open at this symbol."""
        seat = self.seat
        return Crowd(len(seat.open), seat.algo_count, seat.iceberg_count, seat.list_count)

    def everywhere(self) -> Crowd:
        """What the account has open at all symbols."""
        holder = self.seat.holder
        return Crowd(holder.open_count, holder.algo_count, holder.iceberg_count, holder.list_count)
