"""Faults of events and of the connections that carry them, in virtual time: user and market streams."""

import asyncio
from typing import Any

import pytest

from surefoot.exchange.faults import Cut, Duplicate, Mute, Reorder, Rule, Where, Withhold
from surefoot.exchange.liquidity.synthetic import Liquidity
from tests.exchange.faulty import Customer, Socket, play

TOLD = ["executionReport", "outboundAccountPosition"]


def kinds(socket: Socket) -> list[str]:
    return [event["e"] for event in socket.events]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Duplicate(), ["executionReport", *TOLD]),
        (Duplicate(times=3), ["executionReport"] * 3 + TOLD),
        (Withhold(), TOLD[1:]),
        (Withhold(1_500), ["outboundAccountPosition", "executionReport"]),
        (Reorder(), ["outboundAccountPosition", "executionReport"]),
    ],
)
def test_events_of_an_account(fault: Any, told: list[str]) -> None:
    """TRACK-3: what is told twice, late, in another order or never."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        customer.server.faults.add(Rule(fault, where="executionReport", times=1))
        assert (await customer.place()).status == 200
        await asyncio.sleep(3)
        assert kinds(follower) == told
        assert len({event["I"] for event in follower.events if "I" in event}) <= 1
        follower.heard.clear()
        await customer.place()  # it was for once
        await asyncio.sleep(1)
        assert kinds(follower) == TOLD

    play(story)


def test_an_event_that_waits_for_the_next_one_does_not_wait_for_ever() -> None:
    async def story(customer: Customer) -> None:
        follower = await customer.api()
        customer.server.faults.add(Rule(Reorder(within_ms=2_000), where="outboundAccountPosition"))
        await customer.place()
        await asyncio.sleep(1)
        assert kinds(follower) == TOLD[:1]
        await asyncio.sleep(2)
        assert kinds(follower) == TOLD

    play(story)


def test_an_answer_is_no_event() -> None:
    """Also where both go over the same connection: only what is told unasked is struck."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        customer.server.faults.add(Withhold())
        number = customer.request(follower, "openOrders.status", symbol="BTCUSDT")
        await customer.place()
        await asyncio.sleep(1)
        assert follower.answer(number)
        assert kinds(follower) == []
        streams = await customer.dial("/ws/btcusdt@trade")
        streams.wire.send(b'{"method":"LIST_SUBSCRIPTIONS","id":1}')
        await asyncio.sleep(1)
        assert streams.answer(1) == {"result": ["btcusdt@trade"], "id": 1}

    play(story)


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_stream_is_cut_at_an_event(how) -> None:
    """TRACK-2: what is told while the connection is lost is lost with it; the next one hears again."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        customer.server.faults.add(Rule(Cut(how), where=Where("executionReport", account="alice"), times=1))
        await customer.place()
        await asyncio.sleep(1)
        assert follower.closed is not None
        assert (follower.closed.code == 1001) == (how == "close")
        assert kinds(follower) == []
        assert customer.resting == 1
        follower = await customer.api()
        await customer.place()
        await asyncio.sleep(1)
        assert kinds(follower) == TOLD

    play(story)


def test_a_mute_stream_stays_open() -> None:
    """Neither events nor pings nor pongs, and no end: only who asks notices."""

    async def story(customer: Customer) -> None:
        deaf = await customer.dial("/ws/btcusdt@trade")
        well = await customer.dial("/ws/btcusdt@trade")
        await asyncio.sleep(5)
        customer.server.faults.add(Rule(Mute(), where=Where(on="market"), times=1))
        await asyncio.sleep(300)
        assert deaf.closed is None
        assert well.closed is None
        told = len(deaf.events)
        assert len(well.events) > told + 100
        deaf.wire.send(b'{"method":"LIST_SUBSCRIPTIONS","id":1}')
        await asyncio.sleep(60)
        assert deaf.answer(1) is None
        assert len(deaf.events) == told
        assert deaf.wire.pulse.heard_at < asyncio.get_running_loop().time() - 300

    play(story, Liquidity.QUIET)


def test_a_fill_that_is_never_told() -> None:
    """The fields of an event are its parameters, also inside of its wrapping."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        streams = await customer.dial("/stream?streams=btcusdt@trade")
        fill = Where("executionReport", params={"x": "TRADE", "s": "BTCUSDT"})
        customer.server.faults.add(Rule(Withhold(), where=fill))
        number = customer.server.faults.add(Rule(Duplicate(), where=Where("trade", params={"m": "true"})))
        await customer.place()
        customer.server.operations.trade_at("BTCUSDT", 49_000 * 10**8)
        await asyncio.sleep(1)
        assert kinds(follower) == [*TOLD, "outboundAccountPosition"]
        assert customer.resting == 0
        struck = customer.server.faults.struck[number]
        assert len(streams.heard) == struck + len({message["data"]["t"] for message in streams.heard})
        assert struck == 1

    play(story)


def test_market_events_by_the_name_of_their_stream() -> None:
    async def story(customer: Customer) -> None:
        streams = await customer.dial("/stream?streams=btcusdt@trade/btcusdt@depth@100ms")
        customer.server.faults.add(Rule(Withhold(), where=Where("*@depth*", on="market"), after_ms=10_000))
        await asyncio.sleep(9)
        before = {message["stream"] for message in streams.heard}
        await asyncio.sleep(2)
        streams.heard.clear()
        await asyncio.sleep(20)
        assert before == {"btcusdt@trade", "btcusdt@depth@100ms"}
        assert {message["stream"] for message in streams.heard} == {"btcusdt@trade"}

    play(story, Liquidity.QUIET)


def test_reordered_market_events_are_all_there() -> None:
    async def story(customer: Customer) -> None:
        streams = await customer.dial("/ws/btcusdt@trade")
        customer.server.faults.add(Rule(Reorder(), where="trade", probability=0.3, seed=5))
        await asyncio.sleep(120)
        ids = [event["t"] for event in streams.events]
        assert ids != sorted(ids)
        assert sorted(ids)[:-2] == list(range(min(ids), min(ids) + len(ids) - 2))

    play(story, Liquidity.QUIET)
