"""A session's connection is replaced before the exchange ends it, and nobody notices (TRACK-2)."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from surefoot import errors, spending
from surefoot.client.aio import AsyncClient
from surefoot.credentials import Credentials
from surefoot.exchange.faults import Answer, Latency, Rule
from surefoot.exchange.server import ExchangeServer
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.environments import local
from surefoot.values import Secret
from surefoot.world import World
from tests.client.virtual import played

HOUR_MS = 3_600_000


def play(story: Callable[[Any, ExchangeServer], Awaitable[None]]) -> None:
    async def use(world: World, server: ExchangeServer) -> None:
        environment = local(server.rest_url, server.ws_api_url, server.ws_url)
        account = server.accounts[0]
        key = Credentials(
            environment="local",
            api_key=Secret(account.ed25519_api_key),
            private_key=account.ed25519_private_key,
        )
        async with AsyncClient(environment, key, world=world) as client, client.session() as session:
            await story(session, server)

    played(use)


def connections(server: ExchangeServer) -> int:
    return len(server.attendance.present)


def test_a_request_after_the_announcement_goes_over_another_connection() -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        first = session._wire.socket
        leaving = asyncio.ensure_future(server.shut_down(lead_ms=5_000))
        await asyncio.sleep(0.1)
        assert first.retiring
        assert (await session.account()).can_trade
        assert session._wire.socket is not first
        assert session.logged_on
        await asyncio.sleep(0.1)
        assert first.socket.closed is not None
        assert connections(server) == 1
        await leaving

    play(story)


def test_what_waits_for_an_answer_gets_it_over_the_old_one() -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        first = session._wire.socket
        server.faults.add(Rule(Latency(ms=2_000), where="order.place", times=1))
        slow = asyncio.ensure_future(
            session.new_order("BTCUSDT", "BUY", "LIMIT", quantity="0.001", price="20000", time_in_force="GTC")
        )
        await asyncio.sleep(0.5)
        leaving = asyncio.ensure_future(server.shut_down(lead_ms=10_000))
        await asyncio.sleep(0.5)
        await session.ping()
        assert session._wire.socket is not first
        assert first.socket.closed is None
        assert (await slow).order_id
        await asyncio.sleep(0.1)
        assert first.socket.closed is not None
        await leaving

    play(story)


def test_before_a_day_is_over_the_next_request_opens_another() -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        first = session._wire.socket
        session._wire._since_ms -= 23 * HOUR_MS  # as if it were so old: the exchange's beat makes days long
        await session.ping()
        assert session._wire.socket is first
        session._wire._since_ms -= 0.51 * HOUR_MS
        await session.ping()
        assert session._wire.socket is not first

    play(story)


def test_where_there_is_no_other_the_old_one_goes_on() -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        leaving = asyncio.ensure_future(server.shut_down(lead_ms=60_000))
        await asyncio.sleep(0.1)
        server.refuse_connections(20_000)
        assert (await session.account()).can_trade
        await leaving

    play(story)


def test_a_key_that_is_revoked_is_told_at_once() -> None:
    """Not when the request would have timed out."""

    async def story(session: Any, server: ExchangeServer) -> None:
        key = session.desk.key.api_key.reveal()
        server.operations.keys.revoke(key)
        began_ms = session.desk.now_ms()
        with pytest.raises(errors.OutcomeUnknown):
            await session.cancel_order("BTCUSDT", order_id=1)
        with pytest.raises(errors.NotAuthorized):
            await session.account()
        assert session.desk.now_ms() - began_ms < 5_000

    play(story)


@pytest.mark.parametrize("status", [429, 418])
def test_who_goes_away_before_a_429_or_a_ban_comes_does_not_hide_it_from_the_others(status: int) -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        server.faults.add(Rule(Answer(status, retry_after_s=30), "account.status", times=1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.account(), 0.0001)
        await asyncio.sleep(0.1)
        assert 29_000 < session.desk.allowance.pool.address.gate.left_ms(session._wire.now_ms()) <= 30_000
        with pytest.raises(errors.HeldBack, match=str(status)):
            await session.time()

    play(story)


def test_who_is_cancelled_while_the_ban_is_read_does_not_hide_it() -> None:
    """Between the cancelling and the end of who asked there is one turn of the loop."""

    async def story(session: Any, server: ExchangeServer) -> None:
        server.faults.add(Rule(Answer(418, retry_after_s=30), "account.status", times=1))
        asking = asyncio.ensure_future(session.account())
        socket = session._wire.socket
        hear = socket.on_text

        def cancelled_first(data: bytes) -> None:
            asking.cancel()
            hear(data)

        socket.on_text = cancelled_first
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert session.desk.allowance.pool.address.gate.banned

    play(story)


def test_a_late_1015_is_a_matter_of_its_account_alone() -> None:
    async def story(session: Any, server: ExchangeServer) -> None:
        refusal = Answer(429, code=-1015, retry_after_s=30)
        server.faults.add(Rule(refusal, "account.status", times=1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.account(), 0.0001)
        await asyncio.sleep(0.1)
        await session.time()
        with pytest.raises(errors.HeldBack, match="-1015"):
            await session.new_order("BTCUSDT", Side.BUY, OrderType.MARKET, quantity=Decimal("0.001"))

    play(story)


def test_where_there_is_no_room_to_log_on_nobody_dials_again_and_again() -> None:
    """LIMIT-2: connection attempts are limited, too; a new one is made once the log-on has room."""

    async def story(session: Any, server: ExchangeServer) -> None:
        made: list[object] = []
        wire, make = session._wire, session._wire._make
        wire._make = lambda: made.append(one := make()) or one
        await asyncio.sleep(1)  # well within a minute
        meter = session.desk.allowance.pool.address.limits.weight[0]
        await session.account()
        meter.heard = meter.most + 1
        wire.socket.socket.abort()
        with spending(patience_ms=0):
            for _ in range(20):
                with pytest.raises(errors.HeldBack, match="used up") as caught:
                    await session.account()
                await asyncio.sleep(0.1)
        assert len(made) == 1
        left_ms = caught.value.facts.retry_at_ms - session.desk.now_ms()
        assert 0 < left_ms <= 60_000
        await asyncio.sleep(left_ms / 1000 + 0.1)
        assert (await session.account()).can_trade
        assert len(made) == 2

    play(story)
