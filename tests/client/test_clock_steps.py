"""Clocks that step and drift in the middle of a session, in virtual time: no call fails over it (AUTH-3)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import Any

import pytest

from surefoot import AsyncClient, Client, Credentials, OrderType, Secret, Side
from surefoot.client.doubts import REFRESH_MS
from surefoot.exchange.assembly import assemble
from surefoot.exchange.server import Binding
from surefoot.simulation.runner import Report, Simulation
from surefoot.simulation.world import Host
from surefoot.spot.environments import local
from surefoot.telemetry.observations import ClockMeasured, Noted, Retried, Warned
from surefoot.testing import EmbeddedExchange
from surefoot.world import SeededEntropy, SystemClock, World, system_world
from tests.client.test_call import Tape

DOORS = pytest.mark.parametrize("door", ["rest", "logged on", "signed each"])


class Scene:
    """An exchange on one host, a client on the other; `calls` reads and writes over the `door`."""

    def __init__(self, sim: Simulation, door: str) -> None:
        self.exchange, self.client = sim.host("exchange"), sim.host("client")
        self.tape = Tape()
        self._door = door
        self.spot: Any = None
        self.asked = 0

    async def open(self, stack: AsyncExitStack, credentials: Credentials) -> None:
        at = f"{self.exchange.address}:9000"
        environment = local(f"http://{at}", f"ws://{at}/ws-api/v3", f"ws://{at}")
        client = AsyncClient(environment, credentials, world=self.client.world, sink=self.tape)
        self.spot = await stack.enter_async_context(client)
        if self._door != "rest":
            session = self.spot.session(sign_each=self._door == "signed each")
            self.spot = await stack.enter_async_context(session)

    async def calls(self, times: int, pause_s: float = 0.5) -> None:
        """A read and two writes, so many times."""
        for _ in range(times):
            placed = await self.spot.new_order(
                "BTCUSDT", Side.BUY, OrderType.LIMIT, time_in_force="GTC", quantity="0.001", price="50000"
            )
            found = await self.spot.order("BTCUSDT", order_id=placed.order_id)
            gone = await self.spot.cancel_order("BTCUSDT", order_id=placed.order_id)
            assert found.client_order_id == placed.client_order_id == gone.orig_client_order_id
            self.asked += 3
            await asyncio.sleep(pause_s)

    def told(self, kind: type) -> list[Any]:
        return [seen for seen in self.tape.heard if isinstance(seen, kind)]


def play(door: str, story: Callable[[Scene], Awaitable[None]]) -> Report:
    async def venue(host: Host, ready: asyncio.Future[Credentials], stop: asyncio.Event) -> None:
        async with assemble(host.world, symbols=("BTCUSDT",), binding=Binding(host.address, 9000)) as server:
            account = server.accounts[0]
            ready.set_result(
                Credentials(
                    environment="local",
                    api_key=Secret(account.ed25519_api_key),
                    private_key=account.ed25519_private_key,
                )
            )
            await stop.wait()

    async def trade(scene: Scene, credentials: Credentials) -> None:
        async with AsyncExitStack() as stack:
            await scene.open(stack, credentials)
            await story(scene)

    async def whole(sim: Simulation) -> None:
        scene, stop = Scene(sim, door), asyncio.Event()
        ready: asyncio.Future[Credentials] = asyncio.get_running_loop().create_future()
        running = scene.exchange.start(venue(scene.exchange, ready, stop))
        await scene.client.start(trade(scene, await ready))
        stop.set()
        await running

    return Simulation(3).run(whole)


@DOORS
@pytest.mark.parametrize("by_ms", [5_000, -5_000])
@pytest.mark.parametrize("whose", ["client", "exchange"])
def test_a_step_costs_no_failed_call(door: str, whose: str, by_ms: int) -> None:
    """AUTH-3: of the local wall clock and of the exchange's; reads and writes."""

    async def story(scene: Scene) -> None:
        await scene.calls(3)
        getattr(scene, whose).clock.step(by_ms)
        await scene.calls(30)
        assert scene.asked == 99
        assert len(scene.told(ClockMeasured)) >= 2
        if whose == "client":
            assert not scene.told(Retried)  # it is seen before anything is signed
        else:
            assert scene.told(Retried)
            assert any("drifted" in seen.text for seen in scene.told(Warned))

    play(door, story)


@DOORS
def test_a_suspended_machine_measures_before_it_signs(door: str) -> None:
    """AUTH-3: its monotonic clock stood still; without a measurement everything would be a minute late."""

    async def story(scene: Scene) -> None:
        await scene.calls(2)
        await asyncio.sleep(60)
        scene.client.clock.suspended(60_000)
        measured = len(scene.told(ClockMeasured))
        await scene.calls(2)
        assert len(scene.told(ClockMeasured)) == measured + 1
        assert not scene.told(Retried)

    play(door, story)


@pytest.mark.parametrize(
    ("door", "ppm"), [("rest", 200), ("rest", -200), ("logged on", 200), ("signed each", 200)]
)
def test_drift_costs_nothing_and_is_told(door: str, ppm: int) -> None:
    """AUTH-3, AUTH-4: measured every three minutes, it never matters, and its rate is an observation."""

    async def story(scene: Scene) -> None:
        scene.client.clock.drift(ppm)
        await scene.calls(20, pause_s=30)
        assert not scene.told(Retried)
        measured = scene.told(ClockMeasured)
        assert 4 <= len(measured) <= 6
        rates = [seen.drift_ppm for seen in measured if seen.drift_ppm is not None]
        assert len(rates) >= 3
        assert sum(rates) / len(rates) == pytest.approx(-ppm, abs=20)
        assert max(abs(seen.drift_ms) for seen in measured) < 50

    play(door, story)


def test_the_exchanges_clock_may_drift_as_well() -> None:
    async def story(scene: Scene) -> None:
        scene.exchange.clock.drift(-200)
        await scene.calls(20, pause_s=20)
        assert not scene.told(Retried)

    play("rest", story)


def test_nobody_waits_for_the_timer() -> None:
    """AUTH-3: measured every few minutes also while nobody asks anything, by a task that ends with the
    client.
    """

    async def story(scene: Scene) -> None:
        await asyncio.sleep(REFRESH_MS / 1000 * 2)
        times = [seen.time_ms for seen in scene.told(ClockMeasured)]
        assert len(times) == 3
        assert all(later - earlier < REFRESH_MS for earlier, later in pairwise(times))

    play("rest", story)


@DOORS
def test_a_mere_suspicion_holds_nobody_up(door: str) -> None:
    """Somebody else measures meanwhile: an order does not wait for a question about the time."""

    async def story(scene: Scene) -> None:
        await asyncio.sleep(20)
        scene.spot.desk.clock.doubts.suspect("a request failed")
        now, measured = asyncio.get_running_loop().time, len(scene.told(ClockMeasured))
        began = now()
        await scene.spot.account()
        took_s = now() - began
        await asyncio.sleep(1)
        assert len(scene.told(ClockMeasured)) == measured + 1
        began = now()
        await scene.spot.account()
        assert took_s < 1.5 * (now() - began)
        await asyncio.sleep(20)
        assert len(scene.told(ClockMeasured)) == measured + 1

    play(door, story)


@DOORS
def test_a_hundred_callers_share_one_measurement(door: str) -> None:
    """AUTH-3: after -1021, and before signing after a step of the local clock."""

    async def story(scene: Scene) -> None:
        await scene.calls(1)
        for whose, stale in (("exchange", True), ("client", False)):
            before, told = len(scene.told(ClockMeasured)), len(scene.told(Retried))
            getattr(scene, whose).clock.step(30_000)
            await asyncio.gather(*(scene.spot.account() for _ in range(100)))
            assert len(scene.told(ClockMeasured)) == before + 1
            assert (len(scene.told(Retried)) > told) is stale  # who waited for room was signed later
            await asyncio.sleep(20)

    play(door, story)


def test_a_clock_that_is_astray_is_told_once_measured() -> None:
    """AUTH-4: an alert at 500 ms, though the offset is applied and nothing fails."""

    async def story(scene: Scene) -> None:
        assert not scene.told(Warned)
        scene.client.clock.step(-700)
        await scene.calls(1)
        (warned,) = scene.told(Warned)
        assert "this machine's clock is 700 ms behind the exchange's" in warned.text
        assert not scene.told(Noted)

    play("rest", story)


class SteppedClock(SystemClock):
    """The machine's clocks, the wall's set by so much."""

    by_ms = 0.0

    def wall_ms(self) -> float:
        return super().wall_ms() + self.by_ms


def test_a_blocking_client_measures_before_it_signs(exchange: EmbeddedExchange) -> None:
    """AUTH-3: it has no task; it looks when it signs."""
    clock, tape = SteppedClock(), Tape()
    world = World(clock, SeededEntropy(1), system_world().storage)
    with Client(exchange.environment, exchange.open_account(USDT=10), world=world, sink=tape) as client:
        client.account()
        for by_ms, measured in ((0, 1), (5_000, 2), (5_000, 2), (-5_000, 3)):
            clock.by_ms = by_ms
            client.account()
            assert len([seen for seen in tape.heard if isinstance(seen, ClockMeasured)]) == measured
    assert not [seen for seen in tape.heard if isinstance(seen, Retried)]
