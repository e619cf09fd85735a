"""What goes wrong with the whole exchange, in virtual time: clock, connections, maintenance, weights."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.exchange.faults import Answer, LostRequest, Rule, Where
from surefoot.exchange.faults.clock import ExchangeClock
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.net.endings import Ending
from surefoot.spot.enums import SymbolStatus
from tests.exchange.faulty import LIMIT, Customer, play


class Wall:
    ms = 1_000_000.0

    def __call__(self) -> float:
        return self.ms


def test_a_clock_that_steps_back_never_takes_events_back() -> None:
    """AUTH-3: serverTime steps; the time of events waits at half its pace until it is overtaken."""
    wall = Wall()
    clock = ExchangeClock(wall)
    times = []
    for second in range(30):
        if second == 5:
            clock.step(-5_000)
        times.append((clock.shown_us() - int(wall.ms * 1000), clock.now_us()))
        wall.ms += 1_000
    assert [shown for shown, _ in times] == [0] * 5 + [-5_000_000] * 25
    assert all(earlier < later for (_, earlier), (_, later) in pairwise(times))
    behind = [now_us - (1_000_000_000 + second * 1_000_000) for second, (_, now_us) in enumerate(times)]
    assert behind[5:16:5] == [0, -2_500_000, -5_000_000]
    assert set(behind[15:]) == {-5_000_000}  # overtaken
    first = clock.now_us()
    clock.step(-1_000)
    for _ in range(10):
        wall.ms += 0.001
        clock.now_us()
    assert clock.now_us() == first + 5


def test_a_clock_that_steps_forward_takes_events_along() -> None:
    wall = Wall()
    clock = ExchangeClock(wall, 250)
    assert clock.skew_ms == 250
    clock.step(5_000)
    assert clock.now_us() == clock.shown_us() == 1_005_250_000
    clock.set(-60_000)
    assert clock.shown_us() == 940_000_000
    assert clock.now_us() >= 1_005_250_000


def test_a_clock_that_drifts() -> None:
    wall = Wall()
    clock = ExchangeClock(wall)
    clock.drift(200)
    wall.ms += 10_000_000
    assert clock.skew_ms == pytest.approx(2_000)
    clock.drift(-200)  # from where it is now
    wall.ms += 5_000_000
    assert clock.skew_ms == pytest.approx(1_000)
    clock.step(-1_000)
    assert clock.skew_ms == pytest.approx(0)
    wall.ms += 5_000_000
    assert clock.skew_ms == pytest.approx(-1_000)


@pytest.mark.parametrize(
    ("change", "given"), [("set", float("nan")), ("step", float("inf")), ("drift", 1e6), ("step", 1e12)]
)
def test_a_clock_refuses_what_is_no_time(change: str, given: float) -> None:
    with pytest.raises(Misuse, match="is not a number from"):
        getattr(ExchangeClock(Wall()), change)(given)


@pytest.mark.parametrize("step_ms", [-8_000, 8_000])
def test_a_step_of_the_clock_is_felt_by_timestamps_and_by_nobody_else(step_ms: int) -> None:
    """AUTH-3: what was signed by the old clock is refused, streams go on, order times never go back."""

    async def story(customer: Customer) -> None:
        clock = customer.server.clock
        streams = await customer.dial("/ws/btcusdt@depth@100ms")
        socket = await customer.dial("/ws-api/v3")
        first = (await customer.place()).json["transactTime"]
        text = customer.signed(**LIMIT)
        clock.step(step_ms)
        stale = await customer.send(
            f"POST /api/v3/order?{text} HTTP/1.1\r\nhost: x\r\n"
            f"x-mbx-apikey: {customer.alice.api_key}\r\ncontent-length: 0\r\n\r\n"
        )
        assert stale.json["code"] == -1021
        told = (await customer.get("/api/v3/time")).json["serverTime"]
        assert abs(told - clock.shown_us() // 1000) < 200
        assert abs(told - first - step_ms) < 500
        socket.wire.send(b'{"id":"t","method":"time"}')
        await asyncio.sleep(1)
        assert 0 <= socket.heard[-1]["result"]["serverTime"] - told < 1_000
        streams.heard.clear()
        later = (await customer.place()).json["transactTime"]
        assert later >= first
        await asyncio.sleep(3)
        times = [event["E"] for event in streams.events]
        assert len(times) > 1
        assert times == sorted(times)

    play(story, Liquidity.QUIET)


def test_every_websocket_is_cut_now() -> None:
    """TRACK-2: all of them, or those of one kind; whoever comes back is welcome."""

    async def story(customer: Customer) -> None:
        follower, streams = await customer.api(), await customer.dial("/ws/btcusdt@trade")
        assert customer.server.outages.cut("market") == 1
        await asyncio.sleep(1)
        assert streams.closed
        assert streams.closed.code == 1006
        assert follower.closed is None
        assert customer.server.outages.cut(how="close") == 1
        await asyncio.sleep(1)
        assert follower.closed
        assert follower.closed.code == 1001
        await customer.api()

    play(story)


def test_every_websocket_is_mute_now() -> None:
    async def story(customer: Customer) -> None:
        follower = await customer.api()
        assert customer.server.outages.mute() == 1
        number = customer.request(follower, "ping")
        await customer.place()
        await asyncio.sleep(200)
        assert follower.closed is None
        assert follower.heard == []
        assert follower.answer(number) is None
        assert customer.resting == 1

    play(story)


def test_a_server_leaves() -> None:
    """TRACK-2: serverShutdown, and the end so much later; the next connection is welcome at once."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        assert customer.server.outages.shut_down(5_000) == 1
        await asyncio.sleep(4)
        assert [event["e"] for event in follower.events] == ["serverShutdown"]
        assert follower.closed is None
        other = await customer.api()
        await asyncio.sleep(2)
        assert follower.closed
        assert follower.closed.code == 1001
        assert other.closed is None

    play(story)
    with pytest.raises(Misuse, match="lead_ms -1 is not between"):
        raise_in_play(lambda customer: customer.server.outages.shut_down(-1))


def raise_in_play(act: Any) -> None:
    """What an act raises on a running exchange."""
    raised: list[BaseException] = []

    async def story(customer: Customer) -> None:
        try:
            act(customer)
        except Misuse as error:
            raised.append(error)

    play(story)
    raise raised[0]


def test_maintenance() -> None:
    """Everything is answered 503, handshakes too, and streams end; afterwards all is as it was."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        await customer.place()
        customer.server.outages.maintenance(for_ms=60_000)
        await asyncio.sleep(1)
        assert follower.closed
        assert follower.closed.code == 1001
        for heard in (await customer.place(), await customer.get("/api/v3/time")):
            assert (heard.status, heard.json["code"]) == (503, -1016)
        with pytest.raises(CannotConnect) as refused:
            await customer.dial("/ws/btcusdt@trade")
        assert refused.value.facts.status == 503
        assert customer.resting == 1
        await asyncio.sleep(60)
        assert (await customer.place()).status == 200
        await customer.api()
        customer.server.outages.maintenance()
        assert (await customer.get("/api/v3/ping")).status == 503
        customer.server.outages.reopen()
        assert (await customer.get("/api/v3/ping")).status == 200
        assert customer.resting == 2

    play(story)


def test_connections_are_refused_for_a_while() -> None:
    """LIMIT-6: who is connected stays, who comes is refused, and later welcome again."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        customer.server.refuse_connections(30_000)
        with pytest.raises(ConnectionRefusedError):
            await customer.get("/api/v3/ping")
        with pytest.raises(CannotConnect):
            await customer.dial("/ws/btcusdt@trade")
        number = customer.request(follower, "openOrders.status", symbol="BTCUSDT")
        await asyncio.sleep(29)
        answer = follower.answer(number)
        assert answer
        assert answer["result"] == []
        await asyncio.sleep(2)
        assert (await customer.get("/api/v3/ping")).status == 200
        with pytest.raises(Misuse, match="for_ms 0 is not above 0"):
            customer.server.refuse_connections(0)

    play(story)


@pytest.mark.parametrize("how", Ending)
def test_a_handshake_that_comes_to_nothing(how: Ending) -> None:
    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(LostRequest(how), where=Where("ws_api", on="connect"), times=1))
        with pytest.raises(CannotConnect):
            await customer.dial("/ws-api/v3")
        await customer.dial("/ws/btcusdt@trade")
        await customer.dial("/ws-api/v3")

    play(story)


@pytest.mark.parametrize("status", [403, 429, 451, 503])
def test_a_handshake_that_is_refused(status: int) -> None:
    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(Answer(status), where=Where("streams", on="connect")))
        await customer.dial("/ws-api/v3")
        with pytest.raises(CannotConnect) as refused:
            await customer.dial("/ws/btcusdt@trade")
        assert refused.value.facts.status == status
        assert ("retry-after" in refused.value.facts.headers) == (status == 429)

    play(story)


@pytest.mark.parametrize("status", [SymbolStatus.HALT, SymbolStatus.BREAK, SymbolStatus.CANCEL_ONLY])
def test_a_symbol_that_takes_no_orders(status: SymbolStatus) -> None:
    """RULES-5: orders are refused, cancels work, and so it is on both APIs until it trades again."""

    async def story(customer: Customer) -> None:
        order = (await customer.place()).json
        socket = await customer.dial("/ws-api/v3")
        customer.server.operations.turn("BTCUSDT", status)
        assert (await customer.place()).json["code"] == -1013
        number = customer.request(socket, "order.place", **LIMIT)
        await asyncio.sleep(1)
        answer = socket.answer(number)
        assert answer
        assert answer["error"]["code"] == -1013
        info = (await customer.get("/api/v3/exchangeInfo?symbol=BTCUSDT")).json
        assert info["symbols"][0]["status"] == status
        canceled = await customer.ask(
            "DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=str(order["orderId"])
        )
        assert (canceled.status, customer.resting) == (200, 0)
        customer.server.operations.turn("BTCUSDT", SymbolStatus.TRADING)
        assert (await customer.place()).status == 200

    play(story)


def test_weights_that_change() -> None:
    """LIMIT-1: what a route costs is read from the headers, not remembered."""

    async def story(customer: Customer) -> None:
        async def cost(path: str) -> int:
            before = int((await customer.get("/api/v3/ping")).headers["x-mbx-used-weight-1m"])
            return int((await customer.get(path)).headers["x-mbx-used-weight-1m"]) - before

        depth = "/api/v3/depth?symbol=BTCUSDT&limit=500"
        assert await cost(depth) == 25
        customer.server.front.weights.change("depth", times=4)
        assert await cost(depth) == 100
        customer.server.front.weights.change("depth", cost=7)
        assert await cost(depth) == 7
        assert customer.server.front.weights.changed == {"depth": "7"}
        customer.server.front.weights.reset()
        assert await cost(depth) == 25
        for operation, change in (
            ("depht", {"times": 2.0}),
            ("depth", {"times": -1.0}),
            ("depth", {"cost": -1}),
        ):
            with pytest.raises(Misuse):
                customer.server.front.weights.change(operation, **change)  # type: ignore[arg-type]

    play(story)
