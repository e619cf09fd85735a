"""What trades and endings set off: stops that fire, legs of lists that begin or end, lists that are over."""

import msgspec

from surefoot.exchange.core.commands import Place, Refusal
from surefoot.exchange.core.intake import Intake
from surefoot.exchange.core.matching import Matching
from surefoot.exchange.core.order_lists import OrderList
from surefoot.exchange.core.orders import OrderState
from surefoot.exchange.core.parts import Parts
from surefoot.exchange.core.view import View
from surefoot.spot.enums import ExpiryReason, ListOrderStatus, ListStatusType, OrderStatus


class Aftermath:
    """Follows every consequence at one symbol until nothing more happens."""

    def __init__(self, parts: Parts, intake: Intake, matching: Matching) -> None:
        self._admission = parts.admission
        self._triggers = parts.triggers
        self._settlement = parts.settlement
        self._publication = parts.publication
        self._lists = parts.lists
        self._tape = parts.tape
        self._intake = intake
        self._matching = matching

    def follow(self, now_us: int) -> None:
        """First what concerns lists, then the oldest stop that fired, and so on."""
        agenda, fired = self._matching.agenda, self._triggers.fired
        while agenda or fired:
            if agenda:
                self._of_list(now_us, agenda.popleft())
            else:
                self._fire(now_us, fired.popleft())

    def progress(self, now_us: int, order_list: OrderList, kind: ListStatusType) -> None:
        """Tell of a list that began, went on, changed, or is over."""
        if not order_list.open_legs and order_list.order_status is ListOrderStatus.EXECUTING:
            order_list.order_status = ListOrderStatus.ALL_DONE
            self._lists.finish(order_list)
            kind = ListStatusType.ALL_DONE
        order_list.status_type = kind
        order_list.time_us = now_us
        self._publication.report_list(now_us, order_list.snapshot())

    def _of_list(self, now_us: int, order: OrderState) -> None:
        """An order of a list traded or ended."""
        order_list = order.order_list
        assert order_list is not None, "only orders of lists are on the agenda"
        if order_list.order_status is not ListOrderStatus.EXECUTING:
            return
        if order is order_list.working:
            self._after_working(now_us, order_list, order)
        elif order_list.chosen in {None, order} and (rival := order_list.rival(order)) is not None:
            self._matching.expire(now_us, rival, ExpiryReason.OCO_TRIGGER)
        if not order_list.open_legs:
            self.progress(now_us, order_list, ListStatusType.ALL_DONE)

    def _after_working(self, now_us: int, order_list: OrderList, working: OrderState) -> None:
        if working.status is OrderStatus.FILLED:
            if order_list.pending[0].status is OrderStatus.PENDING_NEW:
                self._awaken(now_us, order_list)
        elif working.order_id not in working.seat.open:
            for leg in order_list.pending:
                self._matching.expire(now_us, leg, ExpiryReason.OTO_PHASE_ONE_EXPIRED)

    def _awaken(self, now_us: int, order_list: OrderList) -> None:
        """The pending orders go live; one that may not takes its rival with it."""
        legs = order_list.pending
        locks = [self._lock_of(now_us, order_list.plans[leg.order_id], leg) for leg in legs]
        held = [lock for lock in locks if not isinstance(lock, Refusal)]
        if len(held) < len(legs) or max(held) > legs[0].seat.purse(legs[0].side).free:
            for leg, lock in zip(legs, locks, strict=True):
                refused = isinstance(lock, Refusal) or len(held) == len(legs)
                reason = ExpiryReason.REJECTED if refused else ExpiryReason.OCO_TRIGGER
                self._matching.expire(now_us, leg, reason)
            return
        self.begin(now_us, order_list, max(held))

    def begin(self, now_us: int, order_list: OrderList, lock: int) -> None:
        """Pending orders begin: the first one holds the money of all, since only one of them can use it."""
        for leg in order_list.pending:
            self._intake.awaken(now_us, leg, lock if leg is order_list.pending[0] else 0)
        self.progress(now_us, order_list, ListStatusType.EXEC_STARTED)
        for leg in order_list.pending:
            if leg.order_id in leg.seat.open:
                self._intake.start(now_us, leg)

    def _lock_of(self, now_us: int, plan: Place, leg: OrderState) -> int | Refusal:
        """By the plan, but for the quantity, which may have been amended since."""
        wanted = msgspec.structs.replace(plan, quantity=leg.orig_qty)
        size = self._admission.going_live(wanted, View(self._tape, leg.seat, now_us))
        return size if isinstance(size, Refusal) else size.lock

    def _fire(self, now_us: int, order: OrderState) -> None:
        order_list = order.order_list
        if order_list is not None:
            rival = order_list.rival(order)
            self._settlement.claim(order)
            if rival is not None:
                self._matching.expire(now_us, rival, ExpiryReason.OCO_TRIGGER)
        lock = self._admission.at_trigger(order, View(self._tape, order.seat, now_us))
        if isinstance(lock, Refusal):
            self._matching.expire(now_us, order, ExpiryReason.REJECTED)
        else:
            self._intake.fire(now_us, order, lock)
