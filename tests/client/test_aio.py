"""The asynchronous client against the embedded exchange, on real sockets, with its faults."""

import asyncio
import re
from decimal import Decimal
from typing import Any

import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient, EventStream
from surefoot.client.aio.client import Transport
from surefoot.client.aio.inbox import Inbox
from surefoot.client.streams import Gap, State
from surefoot.credentials import Credentials
from surefoot.rules.retries import ONCE
from surefoot.spot.account import GetOrder
from surefoot.spot.enums import ExecutionType, OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.events import (
    ExecutionReport,
)
from surefoot.spot.trade import CancelOrder, NewOrder
from surefoot.telemetry.observations import ClockMeasured, Observation
from surefoot.values import Secret
from tests.client.street import Place, Street, running


class Tape:
    def __init__(self) -> None:
        self.heard: list[Observation] = []

    def hears(self, kind: type[Observation]) -> bool:
        return True

    def tell(self, observation: Observation) -> None:
        self.heard.append(observation)


def resting(quantity: str = "0.001") -> NewOrder:
    """A BUY far below the market, but inside the price filter: it rests until it is cancelled."""
    return NewOrder(
        symbol="BTCUSDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=Decimal(quantity),
        price=Decimal(60_000),
    )


async def arrived(place: Place) -> None:
    """Wait until the exchange has an open order."""
    async with asyncio.timeout(10):
        while not place.server.engine.open_orders(place.server.accounts[0].name, "BTCUSDT"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until(events: EventStream, true: Any) -> Any:
    async with asyncio.timeout(10):
        async for event in events:
            if true(event):
                return event
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("kind", ["hmac", "ed25519"])
async def test_an_order_lives_its_whole_life(place: Place, kind: str) -> None:
    """AUTH-1, TRACK-2: subscribed before the first order; every event in order."""
    async with (
        AsyncClient(place.environment, getattr(place, kind)) as client,
        client.user_data() as events,
    ):
        assert events.state is State.LIVE
        placed = await client.send(resting())
        assert placed.status is OrderStatus.NEW
        first = await until(events, lambda event: isinstance(event, ExecutionReport))
        assert (first.execution_type, first.client_order_id) == (ExecutionType.NEW, placed.client_order_id)
        assert [order.order_id for order in await client.open_orders(symbol="BTCUSDT")] == [placed.order_id]
        canceled = await client.cancel_order("BTCUSDT", orig_client_order_id=placed.client_order_id)
        assert canceled.status is OrderStatus.CANCELED
        last = await until(events, lambda e: isinstance(e, ExecutionReport))
        assert last.placed_as == placed.client_order_id
        assert last.client_order_id == canceled.client_order_id != placed.client_order_id


@pytest.mark.parametrize(
    ("kind", "sign_each", "logged_on"),
    [("hmac", False, False), ("ed25519", False, True), ("ed25519", True, False)],
)
async def test_a_session_logs_on_or_signs_each(
    place: Place, kind: str, sign_each: bool, logged_on: bool
) -> None:
    async with (
        AsyncClient(place.environment, getattr(place, kind)) as client,
        client.session(sign_each=sign_each) as session,
    ):
        assert session.logged_on is logged_on
        placed = await session.send(resting())
        assert (await session.send(GetOrder(symbol="BTCUSDT", order_id=placed.order_id))).is_working
        await session.send(CancelOrder(symbol="BTCUSDT", order_id=placed.order_id))
        with pytest.raises(errors.UnknownOrder):
            await session.send(CancelOrder(symbol="BTCUSDT", order_id=placed.order_id))


async def test_a_session_finds_the_time_by_itself() -> None:
    """AUTH-3: over the WebSocket API, without any REST."""
    async with running(clock_skew_ms=60_000) as place:
        client = AsyncClient(place.environment, place.ed25519)
        async with client.session() as session:
            placed = await session.send(resting())
            assert placed.status is OrderStatus.NEW
            assert client.desk.offset_ms() == pytest.approx(60_000, abs=500)


@pytest.mark.parametrize("skew_ms", [-5_000, 5_000, 3_600_000])
async def test_a_clock_that_is_off_costs_the_caller_nothing(skew_ms: float) -> None:
    """AUTH-3."""
    async with running(clock_skew_ms=skew_ms) as place, AsyncClient(place.environment, place.hmac) as client:
        assert client.desk.offset_ms() == pytest.approx(skew_ms, abs=500)
        assert (await client.send(resting())).status is OrderStatus.NEW


async def test_a_hundred_stale_callers_share_one_resync(place: Place) -> None:
    """AUTH-3: the exchange's clock steps in mid-session; one coalesced resync, one re-signed retry each."""
    tape = Tape()
    async with AsyncClient(place.environment, place.hmac, sink=tape) as client:
        before = sum(isinstance(seen, ClockMeasured) for seen in tape.heard)
        place.server.clock.set(60_000)
        answers = await asyncio.gather(*(client.account(omit_zero_balances=True) for _ in range(100)))
        assert len(answers) == 100
        assert sum(isinstance(seen, ClockMeasured) for seen in tape.heard) == before + 1


async def test_after_a_cut_the_stream_comes_back_and_tells_its_gap_first(
    street: tuple[Street, Place],
) -> None:
    """TRACK-2, TRACK-3."""
    proxy, place = street
    async with (
        AsyncClient(place.environment, place.ed25519) as client,
        client.user_data() as events,
    ):
        before_ms = client.desk.now_ms()
        proxy.cut()
        gap = await until(events, lambda event: True)
        assert isinstance(gap, Gap)
        assert gap.since_ms <= gap.until_ms
        assert gap.until_ms >= before_ms
        assert events.state is State.LIVE
        placed = await client.send(resting())
        report = await until(events, lambda event: isinstance(event, ExecutionReport))
        assert report.client_order_id == placed.client_order_id


async def test_a_street_that_stays_closed_is_tried_again_without_end(street: tuple[Street, Place]) -> None:
    proxy, place = street
    async with AsyncClient(place.environment, place.hmac) as client, client.user_data() as events:
        proxy.closed = True
        proxy.cut()
        async with asyncio.timeout(10):
            await proxy.refused_thrice.wait()
        proxy.closed = False
        assert isinstance(await until(events, lambda event: True), Gap)


async def test_an_answer_that_never_comes_is_unknown_and_the_order_exists_once(
    street: tuple[Street, Place],
) -> None:
    """RETRY-3: the exchange is reached, its answer is not; nothing is sent twice, and its id finds it."""
    proxy, place = street
    async with AsyncClient(place.environment, place.hmac) as client:
        proxy.swallow_answers = True
        waiting = asyncio.ensure_future(client.send(resting()))
        await arrived(place)
        proxy.cut()
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await waiting
        proxy.swallow_answers = False
        id = caught.value.client_order_id
        assert id is not None
        found = await client.order("BTCUSDT", orig_client_order_id=id)
        assert found.status is OrderStatus.NEW
        assert len(await client.open_orders(symbol="BTCUSDT")) == 1


async def test_a_session_that_loses_its_wire_in_mid_order(street: tuple[Street, Place]) -> None:
    """RETRY-3: on the WebSocket API a lost answer is unknown as well; the next request connects afresh."""
    proxy, place = street
    async with AsyncClient(place.environment, place.ed25519) as client, client.session() as session:
        proxy.swallow_answers = True
        waiting = asyncio.ensure_future(session.send(resting()))
        await arrived(place)
        proxy.cut()
        with pytest.raises(errors.OutcomeUnknown) as caught:
            await waiting
        proxy.swallow_answers = False
        order = GetOrder(symbol="BTCUSDT", orig_client_order_id=caught.value.client_order_id or "")
        assert (await session.send(order)).status is OrderStatus.NEW
        assert session.logged_on


@pytest.mark.parametrize("over", ["rest", "ws_api"])
async def test_who_cancels_a_write_is_told_what_to_ask_for(
    street: tuple[Street, Place], over: Transport
) -> None:
    """RETRY-3: it was cancelled here, not there; and nobody else hears its answer."""
    proxy, place = street
    async with AsyncClient(place.environment, place.ed25519, transport=over) as client:
        proxy.swallow_answers = True
        waiting = asyncio.ensure_future(client.send(resting()))
        await arrived(place)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await waiting
        proxy.swallow_answers = False
        (note,) = caught.value.__notes__
        id = re.findall(r"became of (sf-\w+): ask", note)[0]
        assert (await client.order("BTCUSDT", orig_client_order_id=id)).status is OrderStatus.NEW
        reading = asyncio.ensure_future(client.account())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError) as harmless:
            await reading
        assert not hasattr(harmless.value, "__notes__")


async def test_nobody_there() -> None:
    async with running() as place:
        pass
    with pytest.raises(errors.CannotConnect, match="cannot connect"):
        async with AsyncClient(place.environment, place.hmac):
            raise AssertionError
    client = AsyncClient(place.environment, place.hmac)
    with pytest.raises(errors.CannotConnect):
        async with client.user_data():
            raise AssertionError
    with pytest.raises(errors.CannotConnect):
        async with client.session():
            raise AssertionError


async def test_an_order_to_an_exchange_that_has_gone_did_not_happen(place: Place) -> None:
    async with running() as gone, AsyncClient(gone.environment, gone.hmac, retries=ONCE) as client:
        await gone.server._listener.close()  # type: ignore[union-attr]
        with pytest.raises((errors.NotDelivered, errors.OutcomeUnknown)) as caught:
            await client.send(resting())
        assert caught.value.client_order_id is not None
        with pytest.raises(errors.NotDelivered):
            await client.send(resting())


async def test_a_wrong_key_is_named(place: Place) -> None:
    """AUTH-7: the cause and the next step, in the exchange's code."""
    secret = Credentials(environment="local", api_key=place.hmac.api_key, secret=Secret("wrong"))
    async with AsyncClient(place.environment, secret) as client:
        with pytest.raises(errors.NotAuthorized, match="-1022"):
            await client.account()
        with pytest.raises(errors.NotAuthorized):
            async with client.user_data():
                raise AssertionError
    unknown = Credentials(environment="local", api_key=Secret("x" * 64), secret=Secret("wrong"))
    async with AsyncClient(place.environment, unknown) as client:
        with pytest.raises(errors.NotAuthorized, match="-2015"):
            await client.account()


async def test_floats_and_unknown_symbols(place: Place) -> None:
    """RULES-1."""
    async with AsyncClient(place.environment, place.hmac) as client:
        with pytest.raises(errors.Misuse, match="float"):
            await client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity=0.1)  # type: ignore[arg-type]
        with pytest.raises(errors.Misuse, match="not a decimal number"):
            await client.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity="0,1")
        with pytest.raises(errors.InvalidRequest, match="-1121"):
            await client.depth("NOPE")


async def test_a_client_that_is_not_open_says_so(place: Place) -> None:
    client = AsyncClient(place.environment, place.hmac)
    with pytest.raises(errors.Misuse, match="async with"):
        await client.ping()
    with pytest.raises(errors.Misuse, match="without credentials"):
        AsyncClient(place.environment).user_data()
    with pytest.raises(errors.Misuse, match="enter the stream first"):
        await anext(client.user_data())
    with pytest.raises(errors.Misuse, match="at least one"):
        client.stream()


async def test_a_full_inbox_stops_the_source_and_drops_nothing() -> None:
    """Law 5: a full queue stops reading; it never grows and never drops."""
    told: list[str] = []
    inbox: Inbox[int] = Inbox(
        4, on_full=lambda: told.append("full"), on_drained=lambda: told.append("drained")
    )
    for number in range(5):
        inbox.put(number)
    assert told == ["full"]
    assert [await inbox.get() for _ in range(5)] == [0, 1, 2, 3, 4]
    assert told == ["full", "drained"]
    inbox.put(5)
    inbox.finish(StopAsyncIteration())
    assert await inbox.get() == 5
    with pytest.raises(StopAsyncIteration):
        await inbox.get()


async def test_readers_of_one_inbox_share_what_comes() -> None:
    inbox: Inbox[int] = Inbox(10, on_full=lambda: None, on_drained=lambda: None)
    readers = [asyncio.ensure_future(inbox.get()) for _ in range(3)]
    await asyncio.sleep(0)
    impatient = readers.pop()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    inbox.put(1)
    await asyncio.sleep(0)
    inbox.put(2)
    async with asyncio.timeout(5):
        assert sorted(await asyncio.gather(*readers)) == [1, 2]
        waiting = [asyncio.ensure_future(inbox.get()) for _ in range(2)]
        await asyncio.sleep(0)
        inbox.finish(StopAsyncIteration())
        ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in ended] == [StopAsyncIteration, StopAsyncIteration]


async def test_no_secret_is_in_any_observation(place: Place) -> None:
    """OBS-5: not in parameters, not in bodies (session.logon says the key back), not in errors."""
    for credentials in (place.hmac, place.ed25519):
        tape = Tape()
        async with (
            AsyncClient(place.environment, credentials, sink=tape) as client,
            client.user_data(),
            client.session() as session,
            client.session(sign_each=True) as signing,
        ):
            placed = await session.send(resting())
            await signing.send(CancelOrder(symbol="BTCUSDT", order_id=placed.order_id))
            with pytest.raises(errors.UnknownOrder) as caught:
                await client.send(CancelOrder(symbol="BTCUSDT", order_id=placed.order_id))
        told = repr(tape.heard) + repr(caught.value) + repr(caught.value.facts) + repr(credentials)
        assert credentials.api_key.reveal() not in told
        assert "signature=" not in told
        assert credentials.key_tail in told
        for secret in (credentials.secret, credentials.private_key):
            assert secret is None or secret.reveal() not in told


async def test_nothing_is_left_behind(place: Place) -> None:
    before = asyncio.all_tasks()
    async with (
        AsyncClient(place.environment, place.ed25519) as client,
        client.user_data() as events,
        client.session() as session,
    ):
        await session.send(resting())
        await until(events, lambda event: isinstance(event, ExecutionReport))
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() <= before
