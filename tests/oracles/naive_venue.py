"""One symbol's whole life as one would write it to be obviously right: every order in one list, in Decimals.

Stops, icebergs, self-trade prevention and order lists. What is locked is counted anew each time it is asked
for; who is next in the queue is found by sorting.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

GRAIN = Decimal("0.00000001")
OPEN = {"NEW", "PENDING_NEW", "PARTIALLY_FILLED"}
WAITS = {"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}
POOR = "Account has insufficient balance for requested action."


def down(value: Decimal) -> Decimal:
    return value.quantize(GRAIN, rounding=ROUND_DOWN)


@dataclass(eq=False)
class Plan:
    """An order as it is asked for."""

    account: str
    side: str
    type: str
    quantity: Decimal
    price: Decimal | None = None
    stop: Decimal | None = None
    life: str = "GTC"
    iceberg: Decimal | None = None
    mode: str = "NONE"


@dataclass(eq=False)
class NaiveOrder:
    plan: Plan
    id: int
    left: Decimal
    status: str = "NEW"
    place: int = 0  # in the queue; 0: it does not rest
    shown: Decimal = Decimal(0)
    executed: Decimal = Decimal(0)
    quote: Decimal = Decimal(0)
    prevented: Decimal = Decimal(0)
    waits: bool = False
    of: "NaiveList | None" = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(eq=False)
class NaiveList:
    working: NaiveOrder | None
    pending: list[NaiveOrder]
    chosen: NaiveOrder | None = None
    done: bool = False

    @property
    def legs(self) -> list[NaiveOrder]:
        return [*([self.working] if self.working else []), *self.pending]

    def rival(self, order: NaiveOrder) -> NaiveOrder | None:
        others = [leg for leg in self.pending if leg is not order and order is not self.working]
        return others[0] if others and others[0].is_open else None


class Refused(Exception):
    """The venue's no, in its words."""


@dataclass
class NaiveVenue:
    rates: dict[str, tuple[Decimal, Decimal]]
    total: dict[str, dict[str, Decimal]]
    last: Decimal
    fees: dict[str, Decimal] = field(default_factory=lambda: {"BASE": Decimal(0), "QUOTE": Decimal(0)})
    orders: list[NaiveOrder] = field(default_factory=list)
    agenda: deque[NaiveOrder] = field(default_factory=deque)
    fired: list[NaiveOrder] = field(default_factory=list)
    places: int = 0

    # what there is

    def queue(self, side: str) -> list[NaiveOrder]:
        sign = -1 if side == "BUY" else 1
        resting = [o for o in self.orders if o.place and o.is_open and o.plan.side == side]
        return sorted(resting, key=lambda o: (sign * (o.plan.price or 0), o.place))

    def levels(self, side: str) -> list[tuple[Decimal, Decimal]]:
        found: dict[Decimal, Decimal] = {}
        for order in self.queue(side):
            assert order.plan.price is not None
            found[order.plan.price] = found.get(order.plan.price, Decimal(0)) + order.shown
        return list(found.items())

    def need(self, order: NaiveOrder) -> Decimal:
        if order.plan.side == "SELL":
            return order.left
        if order.plan.price is not None:
            return down(order.left * order.plan.price)
        return down(order.left * (order.plan.stop or 0)) if order.waits else Decimal(0)

    def locked(self, account: str, asset: str) -> Decimal:
        side = "SELL" if asset == "BASE" else "BUY"
        mine = [
            o for o in self.orders if o.is_open and o.plan.account == account and o.status != "PENDING_NEW"
        ]
        mine = [o for o in mine if o.plan.side == side]
        held = Decimal(0)
        for order in mine:
            rival = order.of.rival(order) if order.of else None
            if rival is None or (order.of and order.of.chosen):
                held += self.need(order)
            elif order is order.of.pending[0]:  # type: ignore[union-attr]
                held += max(self.need(order), self.need(rival))
        return held

    def free(self, account: str, asset: str) -> Decimal:
        return self.total[account][asset] - self.locked(account, asset)

    # what is asked

    def place(self, plan: Plan) -> NaiveOrder:
        self._timely(plan)
        self._afford(plan.account, plan.side, self._cost(plan))
        order = self._made(plan)
        self._start(order)
        self._follow()
        return order

    def oco(self, plans: list[Plan]) -> NaiveList:
        stop, profit = plans
        wanted = profit.stop if profit.stop is not None else profit.price
        assert wanted is not None
        assert stop.stop is not None
        between = wanted < self.last < stop.stop if stop.side == "BUY" else wanted > self.last > stop.stop
        if not between:
            raise Refused("The relationship of the prices for the orders is not correct.")
        for plan in plans:
            self._timely(plan)
            self._afford(plan.account, plan.side, self._cost(plan))
        made = NaiveList(None, [self._made(plan) for plan in plans])
        self._begin(made)
        self._follow()
        return made

    def oto(self, working: Plan, pending: list[Plan]) -> NaiveList:
        self._timely(working)
        self._afford(working.account, working.side, self._cost(working))
        first = self._made(working)
        made = NaiveList(first, [self._made(plan, status="PENDING_NEW") for plan in pending])
        for leg in made.legs:
            leg.of = made
        self._start(first)
        self._follow()
        return made

    def cancel(self, order: NaiveOrder) -> None:
        for leg in order.of.legs if order.of else [order]:
            if leg.is_open:
                self._end(leg, "CANCELED")
        if order.of:
            order.of.done = True

    # how it goes on

    def _timely(self, plan: Plan) -> None:
        if plan.type == "LIMIT_MAKER" and self._facing(plan):
            raise Refused("Order would immediately match and take.")
        if plan.stop is not None and self._is_reached(plan, self.last):
            raise Refused("Order would trigger immediately.")

    def _is_reached(self, plan: Plan, price: Decimal) -> bool:
        assert plan.stop is not None
        above = plan.type.startswith("STOP_LOSS") == (plan.side == "BUY")
        return price >= plan.stop if above else price <= plan.stop

    def _afford(self, account: str, side: str, cost: Decimal) -> None:
        if cost > self.free(account, "QUOTE" if side == "BUY" else "BASE"):
            raise Refused(POOR)

    def _cost(self, plan: Plan) -> Decimal:
        if plan.side == "SELL":
            return plan.quantity
        price = plan.price if plan.price is not None else plan.stop
        return down(plan.quantity * price) if price is not None else self._market_cost(plan, plan.quantity)

    def _market_cost(self, plan: Plan, quantity: Decimal) -> Decimal:
        cost = Decimal(0)
        for maker in self.queue("SELL"):
            if maker.plan.account == plan.account and plan.mode != "NONE":
                continue
            took = min(quantity, maker.left)
            cost += took * (maker.plan.price or 0)
            quantity -= took
        return down(cost)

    def _facing(self, plan: Plan) -> list[NaiveOrder]:
        others = self.queue("SELL" if plan.side == "BUY" else "BUY")
        price = plan.price
        if price is None:
            return others
        return [
            o
            for o in others
            if (o.plan.price or 0) == price or ((o.plan.price or 0) < price) == (plan.side == "BUY")
        ]

    def _made(self, plan: Plan, status: str = "NEW") -> NaiveOrder:
        order = NaiveOrder(plan, len(self.orders), plan.quantity, status)
        self.orders.append(order)
        return order

    def _start(self, order: NaiveOrder) -> None:
        if order.plan.type in WAITS:
            order.waits = True
        else:
            self._work(order)

    def _begin(self, made: NaiveList) -> None:
        for leg in made.pending:
            leg.of, leg.status = made, "NEW"
            leg.waits = leg.plan.type in WAITS
        for leg in made.pending:
            if leg.is_open and not leg.waits:
                self._work(leg)

    def _work(self, order: NaiveOrder) -> None:
        plan = order.plan
        own = plan.mode != "NONE"
        facing = self._facing(plan)
        room = sum((o.left for o in facing if not (own and o.plan.account == plan.account)), Decimal(0))
        if plan.life != "FOK" or room >= order.left:
            self._match(order)
        if order.is_open:
            if plan.price is None or plan.life != "GTC":
                self._expire(order)
            else:
                order.place = self._next_place()
                order.shown = min(order.left, plan.iceberg or order.left)
        elif order.of:
            self.agenda.append(order)

    def _match(self, order: NaiveOrder) -> None:
        while order.is_open and order.left and (facing := self._facing(order.plan)):
            maker = facing[0]
            if maker.plan.account == order.plan.account and order.plan.mode != "NONE":
                self._prevent(order, maker)
            else:
                self._trade(order, maker, min(order.left, maker.shown))

    def _prevent(self, taker: NaiveOrder, maker: NaiveOrder) -> None:
        mode, match = taker.plan.mode, min(taker.left, maker.left)
        from_maker = {"EXPIRE_MAKER": maker.left, "EXPIRE_BOTH": maker.left, "EXPIRE_TAKER": Decimal(0)}
        from_taker = {"EXPIRE_TAKER": taker.left, "EXPIRE_BOTH": taker.left, "EXPIRE_MAKER": Decimal(0)}
        for order, took in ((maker, from_maker.get(mode, match)), (taker, from_taker.get(mode, match))):
            hidden = order.left - order.shown
            order.left -= took
            order.prevented += took
            order.shown -= max(took - hidden, Decimal(0))
            if took and not order.left:
                self._end(order, "EXPIRED_IN_MATCH")
                if order is maker and order.of:
                    self.agenda.append(order)

    def _trade(self, taker: NaiveOrder, maker: NaiveOrder, quantity: Decimal) -> None:
        price = maker.plan.price
        assert price is not None
        value = down(price * quantity)
        if maker.of and maker.of.rival(maker):
            maker.of.chosen = maker.of.chosen or maker
        self.last = price
        for order, role in ((taker, 1), (maker, 0)):
            order.left -= quantity
            order.executed += quantity
            order.quote += value
            order.status = "PARTIALLY_FILLED" if order.left else "FILLED"
            rate = self.rates[order.plan.account][role]
            gained, paid = ("BASE", "QUOTE") if order.plan.side == "BUY" else ("QUOTE", "BASE")
            amounts = {"BASE": quantity, "QUOTE": value}
            commission = down(amounts[gained] * rate)
            self.total[order.plan.account][gained] += amounts[gained] - commission
            self.total[order.plan.account][paid] -= amounts[paid]
            self.fees[gained] += commission
        maker.shown -= quantity
        if maker.left and not maker.shown:
            maker.shown, maker.place = min(maker.left, maker.plan.iceberg or maker.left), self._next_place()
        if maker.of:
            self.agenda.append(maker)
        self._hear(price)

    def _hear(self, price: Decimal) -> None:
        waiting = [o for o in self.orders if o.waits and o.is_open and o not in self.fired]
        due = [o for o in waiting if self._is_reached(o.plan, price)]
        above = [o for o in due if o.plan.type.startswith("STOP_LOSS") == (o.plan.side == "BUY")]
        below = [o for o in due if o not in above]
        self.fired += sorted(above, key=lambda o: (o.plan.stop, o.id))
        self.fired += sorted(below, key=lambda o: (-(o.plan.stop or 0), o.id))

    def _follow(self) -> None:
        while self.agenda or self.fired:
            if self.agenda:
                self._of_list(self.agenda.popleft())
            else:
                order = self.fired.pop(0)
                if order.is_open:
                    self._fire(order)

    def _of_list(self, order: NaiveOrder) -> None:
        made = order.of
        assert made is not None
        if made.done:
            return
        if order is made.working:
            if order.status == "FILLED" and made.pending[0].status == "PENDING_NEW":
                self._awaken(made)
            elif not order.is_open and order.status != "FILLED":
                self._expire_all(made.pending)
        elif made.chosen in {None, order} and (rival := made.rival(order)):
            self._expire(rival)
        if not any(leg.is_open for leg in made.legs):
            made.done = True

    def _awaken(self, made: NaiveList) -> None:
        try:
            for leg in made.pending:
                self._timely(leg.plan)
            costs = [self._cost(leg.plan) for leg in made.pending]
            self._afford(made.pending[0].plan.account, made.pending[0].plan.side, max(costs))
        except Refused:
            self._expire_all(made.pending)
        else:
            self._begin(made)

    def _fire(self, order: NaiveOrder) -> None:
        if order.of and (rival := order.of.rival(order)):
            order.of.chosen = order
            self._expire(rival)
        plan = order.plan
        if plan.side == "BUY" and plan.price is None:
            missing = self._market_cost(plan, order.left) - self.need(order)
            if missing > self.free(plan.account, "QUOTE"):
                self._expire(order)
                return
        order.waits = False
        self._work(order)

    def _expire_all(self, orders: Iterable[NaiveOrder]) -> None:
        for order in orders:
            if order.is_open:
                self._expire(order)

    def _expire(self, order: NaiveOrder) -> None:
        self._end(order, "EXPIRED")
        if order.of:
            self.agenda.append(order)

    def _end(self, order: NaiveOrder, status: str) -> None:
        order.status, order.place, order.waits = status, 0, False

    def _next_place(self) -> int:
        self.places += 1
        return self.places
