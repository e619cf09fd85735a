"""What the budget costs a request: admitted and settled, alone and with a thousand callers waiting."""

import asyncio
from time import perf_counter_ns

from benchmarks import desk
from benchmarks.chunks import Chunks, together
from benchmarks.figures import Row, Table, Worked, times_us
from benchmarks.processes import Run
from surefoot.budget.address import Permit
from surefoot.budget.ledger import spending
from surefoot.client.admission import room_for
from surefoot.client.allowance import Allowance, AllowanceView
from surefoot.client.desk import Desk
from surefoot.rules.outcomes import Done, Said
from surefoot.spot.enums import RateLimitInterval, RateLimitType
from surefoot.spot.general import RateLimit
from surefoot.spot.market import GetDepth
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOrder
from surefoot.wire import Headers

_BATCH = 500
_COST_GOAL_US, _CANCEL_GOAL_US = 5, 1_000
_WAITING = 1_000
_READ, _ORDER, _SOCKET = "limiter.read", "limiter.order", "limiter.order_by_socket"
_CANCEL, _CROWD = "limiter.cancel_past_a_crowd", "limiter.cancel_while_a_crowd_wakes"
_NOW_MS = 1_767_225_630_000
_PLENTY = 100_000_000
_CANCELLED = CancelOrder(symbol="BTCUSDT", order_id=1)
_HEADERS = {
    b"content-type": b"application/json;charset=UTF-8",
    b"x-mbx-used-weight": b"1",
    b"x-mbx-used-weight-1m": b"1",
    b"x-mbx-order-count-10s": b"1",
    b"x-mbx-order-count-1d": b"1",
}


def _rows(weight: int, interval: RateLimitInterval = RateLimitInterval.MINUTE) -> tuple[RateLimit, ...]:
    kinds, seconds = RateLimitType, RateLimitInterval.SECOND
    return (
        RateLimit(rate_limit_type=kinds.REQUEST_WEIGHT, interval=interval, interval_num=1, limit=weight),
        RateLimit(rate_limit_type=kinds.ORDERS, interval=seconds, interval_num=10, limit=_PLENTY),
        RateLimit(
            rate_limit_type=kinds.ORDERS, interval=RateLimitInterval.DAY, interval_num=1, limit=_PLENTY
        ),
    )


def _allowance(port: int, weight: int = _PLENTY) -> Allowance:
    allowance = desk.desk(desk.HMAC, port).allowance
    allowance.learn(_rows(weight), _NOW_MS)
    return allowance


def _asked(request: Request[object], said: Said, seconds: float, port: int) -> Worked:
    allowance, outcome = _allowance(port), Done(said)

    def many() -> int:
        for _ in range(_BATCH):
            permit = allowance.admit(request, _NOW_MS)
            assert isinstance(permit, Permit)
            allowance.settle(permit, outcome, _NOW_MS, 1.0)
        return _BATCH

    return together(many, seconds)


def read(seconds: float, port: int) -> Worked:
    """A read over REST."""
    return _asked(GetDepth(symbol="BTCUSDT"), Said(status=200, headers=Headers(_HEADERS)), seconds, port)


def order(seconds: float, port: int) -> Worked:
    """An order over REST, with two order counts."""
    return _asked(desk.order(), Said(status=200, headers=Headers(_HEADERS)), seconds, port)


def order_by_socket(seconds: float, port: int) -> Worked:
    """An order over the WebSocket API, whose answer tells the limits."""
    rows = tuple(
        RateLimit(
            rate_limit_type=row.rate_limit_type,
            interval=row.interval,
            interval_num=row.interval_num,
            limit=row.limit,
            count=1,
        )
        for row in _rows(_PLENTY)
    )
    return _asked(desk.order(), Said(status=200, limits=rows), seconds, port)


def cancel_past_a_crowd(seconds: float, port: int) -> Worked:
    """A cancel with a thousand places in the line."""
    allowance = _allowance(port, 100)
    for _ in range(_WAITING + 20):
        allowance.admit(GetDepth(symbol="BTCUSDT"), _NOW_MS)
    assert AllowanceView(allowance).waiting >= _WAITING
    outcome = Done(Said(status=200, headers=Headers(_HEADERS)))

    def many() -> int:
        for _ in range(_BATCH):
            permit = allowance.admit(_CANCELLED, _NOW_MS)
            assert isinstance(permit, Permit)
            allowance.settle(permit, outcome, _NOW_MS, 1.0)
        return _BATCH

    return together(many, seconds)


class _Nowhere:
    """A wire that only waits."""

    def __init__(self, here: Desk) -> None:
        self._desk = here

    async def sleep_until(self, moment_ms: float) -> None:
        await asyncio.sleep(max(0.0, moment_ms - self._desk.now_ms()) / 1000)


async def _admitted(wire: _Nowhere, here: Desk, request: Request[object]) -> Permit:
    said = here.allowance.admit(request, here.now_ms())
    if isinstance(said, Permit):
        return said
    return await room_for(wire, here, request, here.now_ms() + 60_000, said)  # type: ignore[arg-type]


def cancel_while_a_crowd_wakes(seconds: float, port: int) -> Worked:
    """From the turn of the loop in which a cancel is asked for until it is admitted, while a thousand readers
    come back in every second; the slowest of each window counts.
    """
    return asyncio.run(_crowded(max(seconds, 3.0), port))


async def _crowded(seconds: float, port: int) -> Worked:
    here = desk.desk(desk.HMAC, port)
    here.allowance.learn(_rows(2 * 5 * _WAITING, RateLimitInterval.SECOND), here.now_ms())
    wire, chunks = _Nowhere(here), Chunks(seconds)
    outcome = Done(Said(status=200))

    async def reader() -> None:
        with spending(patience_ms=60_000):
            while True:
                permit = await _admitted(wire, here, GetDepth(symbol="BTCUSDT"))
                here.allowance.settle(permit, outcome, here.now_ms(), 1.0)

    readers = [asyncio.ensure_future(reader()) for _ in range(_WAITING)]
    while chunks.wanted():
        slowest_ns = 0
        for _ in range(200):
            await asyncio.sleep(0.005)
            began = perf_counter_ns()
            await asyncio.sleep(0)
            permit = await _admitted(wire, here, _CANCELLED)
            slowest_ns = max(slowest_ns, perf_counter_ns() - began)
            here.allowance.settle(permit, outcome, here.now_ms(), 1.0)
        chunks.took(slowest_ns, 200)
    for one in readers:
        one.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return chunks.worked()


def measure(run: Run) -> list[Table]:
    """Microseconds a request; and a cancel among a thousand callers who wait."""
    rounds = run.rounds((_READ, _ORDER, _SOCKET, _CANCEL), 5, 0.4)
    crowds = run.rounds((_CROWD,), 3, 4.0)
    goal = _COST_GOAL_US
    return [
        Table(
            title="limiter: a request admitted and settled",
            rows=(
                Row(name="read over REST", figures=times_us(rounds, _READ), unit="µs", goal=goal),
                Row(name="order over REST", figures=times_us(rounds, _ORDER), unit="µs", goal=goal),
                Row(name="order over WebSocket", figures=times_us(rounds, _SOCKET), unit="µs", goal=goal),
                Row(name="cancel, 1,000 waiting", figures=times_us(rounds, _CANCEL), unit="µs", goal=goal),
                Row(
                    name="cancel, 1,000 waking",
                    figures=times_us(crowds, _CROWD),
                    unit="µs",
                    goal=_CANCEL_GOAL_US,
                ),
            ),
            notes=("the last row is the slowest of 200 cancels, loop included",),
        )
    ]
