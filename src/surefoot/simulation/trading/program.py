"""What runs on a trader's host: a list of actions, done one after the other, by whichever life is alive.

A program that was killed goes on after the action that it had begun: whether that one happened is the
journal's business. What its callers were told is remembered here, for the judges.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum

import msgspec

from surefoot.errors import Happened, NotPlaced, OutcomeUnknown, SurefootError
from surefoot.execution.aio.trader import Trader
from surefoot.execution.records import OrderRecord
from surefoot.simulation.trading.actions import PRICE_STEP, Action, request_of
from surefoot.simulation.trading.options import Role
from surefoot.spot.enums import OrderType

_PRICED = frozenset({OrderType.LIMIT, OrderType.LIMIT_MAKER})


DRILL = "a drill"
"""Why trading is stopped by a program."""


class Answer(StrEnum):
    """What a caller was told of a placement."""

    PLACED = "placed"
    NO = "no"
    PART = "part"


class Told(msgspec.Struct, frozen=True):
    """The placement `number` was answered: with an id where there is one, and in words."""

    number: int
    answer: Answer
    id: str | None
    text: str


class Program:
    """Of one role. `begun` actions were begun so far; `told` are the answers; `unknown` is what should never
    be raised.
    """

    def __init__(self, role: Role) -> None:
        self.role = role
        self.begun = 0
        self.told: list[Told] = []
        self.unknown: list[str] = []
        self.closed: set[str] = set()
        self.counts: Counter[str] = Counter()

    @property
    def done(self) -> bool:
        """Whether nothing is left to begin."""
        return self.begun >= len(self.role.actions)

    async def run(self, trader: Trader) -> None:
        """Do what is left to do; returns when the last action has an answer."""
        async with asyncio.TaskGroup() as beside:
            while not self.done:
                action = self.role.actions[self.begun]
                await asyncio.sleep(action.pause_s)
                self.begun += 1
                if action.beside:
                    beside.create_task(self._act(trader, action), name=f"{action.kind} {action.number}")
                else:
                    await self._act(trader, action)

    async def _act(self, trader: Trader, action: Action) -> None:
        with suppress(TimeoutError):  # its caller gave up; what was begun goes on
            async with asyncio.timeout(action.patience_s):
                try:
                    await self._do(trader, action)
                except OutcomeUnknown as error:
                    self.unknown.append(f"{action.kind} {action.number}: {error}")
                except SurefootError as error:
                    self.counts[f"{action.kind}: {type(error).__name__}"] += 1

    async def _do(self, trader: Trader, action: Action) -> None:
        if action.places:
            await self._place(trader, action)
        elif action.kind == "cancel all":
            await trader.cancel_all(action.symbol)
        elif action.kind == "close":
            self.closed.add(action.symbol)
            await trader.close_position(action.symbol)
        elif action.kind == "stop":
            await trader.kill(DRILL)
            trader.arm("the drill is over")
        elif (order := _chosen(trader, action)) is not None:
            if action.kind == "cancel":
                await trader.cancel(order.id)
            else:
                await _replace(trader, action, order)

    async def _place(self, trader: Trader, action: Action) -> None:
        try:
            handle = await trader.place(request_of(action), again=action.again)
        except SurefootError as error:
            answer = Answer.NO if error.happened is Happened.NO else Answer.PART
            self.told.append(Told(action.number, answer, error.client_order_id, _words(error)))
            raise
        self.counts[f"{action.kind}: placed"] += 1
        self.told.append(Told(action.number, Answer.PLACED, handle.id, ""))


def _words(error: SurefootError) -> str:
    name = "not placed" if isinstance(error, NotPlaced) else type(error).__name__
    return f"{name}: {error}"


def _chosen(trader: Trader, action: Action) -> OrderRecord | None:
    """One of the open orders, or of those in flight."""
    orders = [
        order for order in trader.views.orders.shelf.active.values() if order.own and not order.is_final
    ]
    return orders[int(action.which * len(orders)) % len(orders)] if orders else None


async def _replace(trader: Trader, action: Action, order: OrderRecord) -> None:
    if action.kind == "shrink":
        await trader.replace(order.id, quantity=order.qty * Decimal("0.5"))
    elif order.type in _PRICED:
        price = action.price if order.symbol == action.symbol else order.price + PRICE_STEP[order.symbol]
        await trader.replace(order.id, price=price)
