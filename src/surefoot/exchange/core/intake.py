"""How an admitted order begins: numbered, named, its money locked, told of, and set to work or to wait."""

from surefoot.exchange.core.commands import Fill, Place
from surefoot.exchange.core.matching import Matching
from surefoot.exchange.core.order_lists import OrderList
from surefoot.exchange.core.orders import ALGO_TYPES, OrderState, Seat
from surefoot.exchange.core.parts import Parts
from surefoot.exchange.core.sizing import Size
from surefoot.spot.enums import ExecutionType, OrderStatus
from surefoot.world import Entropy

_FIRST_ORDER, _ORDERS_SPREAD = 10_000_000_000, 10_000_000_000


class Intake:
    """Takes orders in at one symbol. Order ids begin at a number as large as production's."""

    def __init__(self, parts: Parts, matching: Matching, entropy: Entropy) -> None:
        self._listing = parts.listing
        self._book = parts.book
        self._tape = parts.tape
        self._settlement = parts.settlement
        self._publication = parts.publication
        self._triggers = parts.triggers
        self._names = parts.names
        self._matching = matching
        self._last_order_id = _FIRST_ORDER + int(entropy.uniform() * _ORDERS_SPREAD)

    def accept(
        self, now_us: int, order: Place, size: Size, seat: Seat, *, owner: OrderList | None = None
    ) -> OrderState:
        """An order that begins at once (of a list, the first): its money is locked, and it is told of."""
        state = self._made(now_us, order, size.steps, seat)
        state.starved = size.starved
        state.order_list = owner
        self._begin(now_us, state, size.lock)
        return state

    def accept_leg(self, now_us: int, order: Place, steps: int, seat: Seat, owner: OrderList) -> OrderState:
        """An order of a list that waits for its time (PENDING_NEW): it holds no money yet."""
        state = self._made(now_us, order, steps, seat)
        state.order_list = owner
        state.status = OrderStatus.PENDING_NEW
        return state

    def announce(self, now_us: int, leg: OrderState) -> None:
        """Tell of an order that is accepted and pending."""
        leg.seat.add(leg)
        self._publication.report(now_us, leg, ExecutionType.NEW)

    def awaken(self, now_us: int, leg: OrderState, lock: int) -> None:
        """A pending order begins: its money is locked, and it is told of."""
        leg.status = OrderStatus.NEW
        leg.update_us = now_us
        self._begin(now_us, leg, lock)

    def start(self, now_us: int, order: OrderState) -> tuple[Fill, ...]:
        """Set it to wait for its price, or to work; what it took at once."""
        if order.type in ALGO_TYPES and not order.working_us:
            self._triggers.add(order, now_us, self._tape.last_price or 0)
            return ()
        return self._matching.work(now_us, order)

    def fire(self, now_us: int, order: OrderState, lock: int) -> tuple[Fill, ...]:
        """A waiting order's price has come: it works from now on, as LIMIT or as MARKET."""
        self._settlement.lock(order, lock)
        order.working_us = order.update_us = now_us
        self._publication.report(now_us, order, ExecutionType.NEW)
        return self._matching.work(now_us, order)

    def rejected(self, now_us: int, order: Place, seat: Seat) -> OrderState:
        """An order that was numbered and then refused: nobody keeps it."""
        return self._made(now_us, order, (order.quantity or 0) // self._listing.step, seat)

    def _begin(self, now_us: int, order: OrderState, lock: int) -> None:
        seat, special = order.seat, order.special
        if special is not None and not special.lock_price:
            special.lock_price = self._tape.last_price or 0
        if special is not None and special.trailing_delta is not None and special.stop_price is None:
            special.trailing_us = now_us  # it follows prices at once, and its first report says so
        self._settlement.lock(order, lock)
        if order.type not in ALGO_TYPES:
            order.working_us = now_us
        if order.order_id not in seat.open:
            seat.add(order)
        self._publication.report(now_us, order, ExecutionType.NEW)

    def _made(self, now_us: int, order: Place, steps: int, seat: Seat) -> OrderState:
        listing = self._listing
        self._last_order_id += 1
        return OrderState(
            seat,
            order,
            order_id=self._last_order_id,
            client_order_id=self._names.given_or_made(order.client_order_id, seat.holder),
            key=(order.price or 0) // listing.tick * self._book.own(order.side).sign,
            steps=steps,
            qty=steps * listing.step,
            prevention=order.prevention or listing.default_prevention,
            now_us=now_us,
        )
