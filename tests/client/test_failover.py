"""Two exchanges, or an exchange and a dead port: where requests go (ENV-3)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from surefoot import AsyncClient, Client, OrderType, Side
from surefoot.errors import CannotConnect, HeldBack, NoAnswer, OutcomeUnknown
from surefoot.net.listen import Listener, listen
from surefoot.net.websocket import TextSink, WebSocket
from surefoot.rules.retries import ONCE
from surefoot.spot.environments import Environment, local
from surefoot.wire import HttpRequest, HttpResponse
from tests.client.street import Place
from tests.client.test_call import Tape


def dead_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Host:
    """A host that counts what it is asked, and answers every request with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[str] = []
        self.hosts: list[str] = []

    def respond(self, request: HttpRequest, peer: str) -> HttpResponse:
        self.asked.append(f"{request.method} {request.target.partition('?')[0]}")
        self.hosts.append(request.headers["host"])
        if request.target.endswith("/time") and self.status == 200:
            return HttpResponse(200, {}, b'{"serverTime":1767225600000}')
        return HttpResponse(self.status, {}, b"{}" if self.status == 200 else b'{"code":-1000,"msg":"no"}')

    def accept(self, request: HttpRequest, peer: str) -> Callable[[WebSocket], TextSink]:
        raise NotImplementedError


@asynccontextmanager
async def two() -> AsyncIterator[tuple[Host, Host, Environment]]:
    first, second = Host(), Host()
    one: Listener = await listen(first)
    other: Listener = await listen(second)
    urls = tuple(f"http://127.0.0.1:{each.port}" for each in (one, other))
    try:
        yield first, second, local(urls[0], "ws://127.0.0.1:1", "ws://127.0.0.1:1").with_urls(rest=urls)
    finally:
        await one.close()
        await other.close()


async def test_the_next_request_goes_elsewhere_after_5xx_and_nothing_is_sent_twice() -> None:
    async with two() as (first, second, environment), AsyncClient(environment, retries=ONCE) as client:
        await client.ping()
        first.status = 503
        with pytest.raises(NoAnswer):
            await client.ping()
        assert (len(first.asked), len(second.asked)) == (2, 0)
        await client.ping()
        await client.ping()
        assert (len(first.asked), len(second.asked)) == (2, 2)
        assert second.hosts == [environment.urls("rest")[1].removeprefix("http://")] * 2


async def test_a_read_that_one_host_cannot_answer_is_answered_by_another() -> None:
    """ENV-3, RETRY-1: by itself."""
    async with two() as (first, second, environment), AsyncClient(environment) as client:
        first.status = 503
        await client.ping()
        assert (len(first.asked), len(second.asked)) == (1, 1)


async def test_a_dead_host_is_told_and_left(place: Place) -> None:
    """The order that could not be delivered was not sent; the next attempt gets through."""
    dead, tape = f"http://127.0.0.1:{dead_port()}", Tape()
    environment = place.environment.with_urls(rest=(place.environment.rest, dead))
    flipped = place.environment.with_urls(rest=(dead, place.environment.rest))
    async with AsyncClient(environment, place.hmac, sink=tape) as client:
        assert (await client.account()).balances
        assert not [seen for seen in tape.heard if type(seen).__name__ == "Noted"]
    async with AsyncClient(flipped, sink=tape, retries=ONCE) as client:
        with pytest.raises(CannotConnect, match="nothing was sent"):
            await client.ping()
        await client.ping()
    assert any("failed: other hosts are asked" in getattr(seen, "text", "") for seen in tape.heard)


async def test_an_order_whose_outcome_is_open_is_never_sent_elsewhere(street: tuple, place: Place) -> None:
    """RETRY-3: the query about it may go there."""
    between, there = street
    environment = there.environment.with_urls(rest=(there.environment.rest, place.server.rest_url))
    async with AsyncClient(environment, place.hmac) as client:
        between.swallow_answers = True
        sending = asyncio.ensure_future(
            client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force="GTC",
                quantity="0.001",
                price="50000",
                new_client_order_id="once",
            )
        )
        await asyncio.sleep(0.2)
        between.cut()
        with pytest.raises(OutcomeUnknown):
            await sending
        found = await client.order("BTCUSDT", orig_client_order_id="once")
        assert found.client_order_id == "once"
        assert len(await client.all_orders("BTCUSDT")) == 1


async def test_writes_do_not_try_a_host_that_nobody_heard_of_since_it_failed() -> None:
    async with two() as (first, second, environment):
        from surefoot.client.aio.rest import RestWire
        from surefoot.client.desk import Desk
        from surefoot.codec.rest import SignedRequest
        from surefoot.world import SeededEntropy, World
        from tests.client.test_call import Clock, Nowhere

        clock = Clock()
        wire = RestWire(Desk(environment, None, world=World(clock, SeededEntropy(1), Nowhere())), clock, None)
        read = SignedRequest(method="GET", target="/r", body=b"", payload="")
        write = SignedRequest(method="POST", target="/w", body=b"", payload="")
        first.status = 500
        await wire.exchange(read, 5_000)
        first.status = 200
        clock.monotonic += 2_500  # the rest is over
        await wire.exchange(write, 5_000)
        assert second.asked == ["POST /w"]
        await wire.exchange(read, 5_000)
        await wire.exchange(write, 5_000)
        assert first.asked == ["GET /r", "GET /r", "POST /w"]
        await wire.close()


def test_blocking_goes_elsewhere_too(exchange) -> None:
    dead = f"http://127.0.0.1:{dead_port()}"
    environment = exchange.environment.with_urls(rest=(dead, exchange.environment.rest))
    with Client(environment, retries=ONCE) as client:
        with pytest.raises(CannotConnect, match="nothing was sent"):
            client.ping()
        client.ping()
        assert client.depth("BTCUSDT").last_update_id > 0
    with pytest.raises(Exception, match="not open"):
        client.ping()


@pytest.mark.parametrize("way", ["ws_api", "streams"])
async def test_a_websocket_is_dialled_in_turn(place: Place, way: str) -> None:
    """Ports 443 and 9443 lead to the same place: the other one is tried where one takes nobody."""
    alive = getattr(place.environment, way)
    dead = alive.replace(f":{place.server.port}", f":{dead_port()}")
    tape = Tape()
    environment = place.environment.with_urls(**{way: (dead, alive)})
    async with AsyncClient(environment, place.ed25519, sink=tape) as client:
        if way == "ws_api":
            async with client.session() as session:
                await session.ping()
        else:
            async with client.stream("btcusdt@trade"):
                pass
    assert [seen for seen in tape.heard if "another way is tried" in getattr(seen, "text", "")]


async def test_a_handshake_that_is_refused_is_not_asked_for_elsewhere() -> None:
    """A 4xx is an answer: it would be the same at the other port, and every attempt counts."""
    from tests.client.venue import opened

    async with opened() as (venue, environment), opened() as (other, elsewhere):

        def refuse(request: HttpRequest, peer: str) -> HttpResponse:
            venue.targets.append(request.target)
            return HttpResponse(403, {}, b"")

        venue.accept = refuse  # type: ignore[assignment]
        both = environment.with_urls(ws_api=(environment.ws_api, elsewhere.ws_api))
        async with AsyncClient(both) as client:
            with pytest.raises(CannotConnect) as caught:
                async with client.session():
                    raise AssertionError("it was entered")
        assert caught.value.facts.status == 403
        assert (len(venue.targets), len(other.targets)) == (1, 0)


async def test_a_ban_that_meets_a_handshake_says_until_when() -> None:
    """LIMIT-5: and until then nobody here knocks again."""
    from tests.client.venue import opened

    async with opened() as (venue, environment):
        headers = {"retry-after": "120"}
        venue.accept = lambda request, peer: HttpResponse(418, headers, b"")  # type: ignore[assignment]
        async with AsyncClient(environment) as client:
            for kind in (CannotConnect, HeldBack):
                before_ms = client.desk.now_ms()
                with pytest.raises(kind) as caught:
                    async with client.session():
                        raise AssertionError("it was entered")
                until_ms = caught.value.facts.retry_at_ms
                assert until_ms is not None
                assert 60_000 < until_ms - before_ms <= 121_000
