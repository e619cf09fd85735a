"""Reads of all lanes in the name of one trader: some in a hurry, some patient, sometimes far too many.

Each must end in time, in an answer or in an error of the client's (`SurefootError`); anything else ends the
run.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from surefoot.budget.ledger import DEFAULT_PATIENCE_MS, spending
from surefoot.errors import SurefootError
from surefoot.simulation.draws import pick, weighted
from surefoot.simulation.runner import Simulation
from surefoot.spot.account import GetAccount, GetMyTrades, GetOpenOrders
from surefoot.spot.account_history import GetAllOrders
from surefoot.spot.account_rates import GetOrderRateLimits
from surefoot.spot.enums import KlineInterval
from surefoot.spot.market import GetBookTicker, GetDepth
from surefoot.spot.market_klines import GetKlines
from surefoot.spot.market_prices import GetAvgPrice
from surefoot.spot.market_tickers import GetTicker24hr
from surefoot.spot.market_trades import GetAggTrades, GetTrades
from surefoot.spot.request import Request
from surefoot.world import Entropy

_T = TypeVar("_T")
ATTEMPT_S = 15.0
"""How long one attempt at a read may take (ENV-3)."""

SHELL_S = 30.0
"""What connecting, logging on and comparing clocks may add: each has bounds of its own (3, 15 and 10 s)."""

_OVERLOAD = 3
_ABREAST = 8
_WEIGHT_EACH = 16  # on average, of the readings below
_A_MINUTE_S = 60

READINGS: dict[Callable[[str], Request[Any]], int] = {
    lambda symbol: GetBookTicker(symbol=symbol): 3,
    lambda symbol: GetDepth(symbol=symbol, limit=100): 4,
    lambda symbol: GetDepth(symbol=symbol, limit=1_000): 2,
    lambda symbol: GetTrades(symbol=symbol, limit=10): 2,
    lambda symbol: GetAggTrades(symbol=symbol, limit=10): 2,
    lambda symbol: GetKlines(symbol=symbol, interval=KlineInterval("1m"), limit=5): 3,
    lambda symbol: GetAvgPrice(symbol=symbol): 1,
    lambda symbol: GetTicker24hr(symbol=symbol): 1,
    lambda symbol: GetAccount(): 2,
    lambda symbol: GetOpenOrders(symbol=symbol): 4,
    lambda symbol: GetAllOrders(symbol=symbol, limit=10): 2,
    lambda symbol: GetMyTrades(symbol=symbol, limit=10): 2,
    lambda symbol: GetOrderRateLimits(): 1,
}
"""What is read, and how often each."""


class Door(Protocol):
    """Where requests go in: REST or a session."""

    async def send(self, request: Request[_T]) -> _T: ...


class Errands:
    """Those of one trader."""

    def __init__(self, sim: Simulation, name: str, symbols: tuple[str, ...]) -> None:
        self._sim, self._name, self._symbols = sim, name, symbols
        self._dice = sim.dice(f"errands/{name}")
        self.longest_s = 0.0

    async def one(self, door: Door) -> None:
        """Read something, with some patience."""
        await self._read(door, self._dice, pick(self._dice, 0.0, 2_000.0, DEFAULT_PATIENCE_MS, 60_000.0))

    async def overload(self, door: Door, for_s: float, weight: int) -> None:
        """Ask for three times `weight` a minute, for so long."""
        end_s = self._now_s() + for_s
        pause_s = _ABREAST * _A_MINUTE_S * _WEIGHT_EACH / (_OVERLOAD * weight)
        async with asyncio.TaskGroup() as group:
            for number in range(_ABREAST):
                dice = self._sim.dice(f"errands/{self._name}/{number}")
                group.create_task(self._ask_often(door, dice, end_s, pause_s), name=f"overload {number}")

    async def _ask_often(self, door: Door, dice: Entropy, end_s: float, pause_s: float) -> None:
        while self._now_s() < end_s:
            await asyncio.sleep(2 * pause_s * dice.uniform())
            await self._read(door, dice, pick(dice, 0.0, 1_000.0, 20_000.0))

    async def _read(self, door: Door, dice: Entropy, patience_ms: float) -> None:
        request = weighted(dice, READINGS)(pick(dice, *self._symbols))
        began_s, end = self._now_s(), "answers"
        try:
            with spending("errands", patience_ms=patience_ms):
                await door.send(request)
        except SurefootError as error:
            end = type(error).__name__
        self._sim.count(f"reads {end}")
        took_s = self._now_s() - began_s
        self.longest_s = max(self.longest_s, took_s - patience_ms / 1000)
        in_time = took_s <= patience_ms / 1000 + ATTEMPT_S + SHELL_S
        what = f"{self._name}'s {type(request).__name__} with a patience of {patience_ms / 1000:g} s"
        self._sim.require(in_time, f"{what} took {took_s:.3f} s and ended in {end}")

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()
