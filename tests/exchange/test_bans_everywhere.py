"""Bans over real sockets: whose they are, what they end, and the firewall beside them."""

import asyncio
import http.client
import json
from typing import Any

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.exchange.door.addresses import address_of
from surefoot.exchange.door.firewall import suspicious
from surefoot.exchange.server import ExchangeServer
from surefoot.net.websocket import dial_websocket
from surefoot.wire import HttpRequest, parse_url
from tests.exchange.test_server_sockets import Messages, ask, make

ANN, BEN = "192.0.2.1", "2001:db8::2"
WEIGHT = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 60}


async def get(
    server: ExchangeServer, target: str, address: str | None = None, source: str = "127.0.0.1"
) -> Any:
    """One GET: status, headers, body. `source` is where it is sent from, `address` what it claims."""

    def send() -> tuple[int, dict[str, str], bytes]:
        to = ("127.0.0.1", server.port, 5)
        connection = http.client.HTTPConnection(*to, source_address=(source, 0))
        connection.request("GET", target, headers={"X-Surefoot-Address": address} if address else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    return await asyncio.to_thread(send)


async def open_socket(server: ExchangeServer, path: str, address: str) -> tuple[Messages, Any]:
    origin, _ = parse_url(server.ws_url)
    heard = Messages()
    headers = {"X-Surefoot-Address": address}
    return heard, await dial_websocket(origin, path, heard, headers=headers)


async def test_a_ban_ends_every_connection_of_its_address_only() -> None:
    """*IP limits* of the WebSocket API: "automated IP ban and you will be disconnected"."""
    async with make(limits=[WEIGHT]) as server:
        paths = ("/ws-api/v3", "/ws-api/v3", "/ws/btcusdt@trade")
        of_ann = [await open_socket(server, path, ANN) for path in paths]
        heard_of_ben, of_ben = await open_socket(server, "/ws-api/v3", BEN)
        server.front.limiter.charge(ANN, 100, server.now_us())
        status, headers, _ = await get(server, "/api/v3/ping", ANN)
        assert (status, 0 < int(headers["retry-after"]) <= 60) == (429, True)
        assert (await get(server, "/api/v3/ping", BEN))[0] == 200
        until_ms = server.operations.limits.ban(ANN)
        async with asyncio.timeout(5):
            closed = [(await heard.closed).code for heard, _ in of_ann]
        assert closed == [1008] * 3
        status, headers, body = await get(server, "/api/v3/ping", ANN)
        assert (status, 118 <= int(headers["retry-after"]) <= 120) == (418, True)
        assert f"IP banned until {until_ms}." in json.loads(body)["msg"]
        for path in paths:
            with pytest.raises(CannotConnect) as caught:
                await open_socket(server, path, ANN)
            assert caught.value.facts.status == 418
        assert (await ask(of_ben, heard_of_ben, "ping"))["status"] == 200
        server.operations.limits.lift(ANN)
        assert (await get(server, "/api/v3/time", ANN))[0] == 429  # the minute's weight is still used


async def test_who_goes_on_over_the_websocket_api_is_answered_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last answer is the 418 with `retryAfter`; the address's other connection ends with it."""
    monkeypatch.setattr("surefoot.exchange.limits.bans._GRACE_US", -1)
    async with make(limits=[WEIGHT]) as server:
        (heard, socket), (other, _) = [await open_socket(server, "/ws-api/v3", ANN) for _ in range(2)]
        server.front.limiter.charge(ANN, 100, server.now_us())
        for number in range(11):
            socket.send(json.dumps({"id": number, "method": "ping"}).encode())
        answers = [await heard.next() for _ in range(11)]
        assert [answer["status"] for answer in answers] == [429] * 10 + [418]
        assert answers[-1]["error"]["data"]["retryAfter"] > server.now_us() // 1000 + 110_000
        async with asyncio.timeout(5):
            assert [(await one.closed).code for one in (heard, other)] == [1008, 1008]


async def test_addresses_are_told_apart_by_where_they_come_from() -> None:
    """Without the header: two addresses of loopback."""
    async with make(limits=[WEIGHT]) as server:
        await get(server, "/api/v3/exchangeInfo", source="127.0.0.2")
        _, headers, _ = await get(server, "/api/v3/ping", source="127.0.0.2")
        assert headers["x-mbx-used-weight-1m"] == "21"
        _, headers, _ = await get(server, "/api/v3/ping", source="127.0.0.3")
        assert headers["x-mbx-used-weight-1m"] == "1"
        assert set(server.operations.limits.addresses()) == {"127.0.0.2", "127.0.0.3"}


async def test_a_claim_that_is_no_address() -> None:
    async with make() as server:
        status, _, body = await get(server, "/api/v3/ping", "somewhere")
        assert (status, b"'somewhere' is no IP address" in body) == (400, True)
        with pytest.raises(CannotConnect) as caught:
            await open_socket(server, "/ws-api/v3", "somewhere")
        assert caught.value.facts.status == 400


@pytest.mark.parametrize("peer", ["198.51.100.7", "unknown"])
def test_claims_are_believed_from_loopback_only(peer: str) -> None:
    request = HttpRequest("GET", "/api/v3/ping", {"x-surefoot-address": ANN}, b"")
    assert address_of(request, peer) == peer
    assert address_of(request, "127.0.0.9") == address_of(request, "::1") == ANN
    wrong = HttpRequest("GET", "/api/v3/ping", {"x-surefoot-address": "x"}, b"")
    assert address_of(wrong, peer) == peer
    with pytest.raises(Misuse):
        address_of(wrong, "127.0.0.1")


async def test_sql_words_meet_the_firewall() -> None:
    """HTTP 403 of *HTTP return codes*: a page instead of JSON; nothing is counted."""
    async with make() as server:
        status, headers, body = await get(server, "/api/v3/depth?symbol=SELECT%20*%20FROM%20users", ANN)
        assert (status, headers["content-type"]) == (403, "text/html")
        assert body.startswith(b"<html>")
        assert not [name for name in headers if name.startswith("x-mbx")]
        with pytest.raises(CannotConnect) as caught:
            await open_socket(server, "/ws/btcusdt@trade?x=union+select+1", ANN)
        assert caught.value.facts.status == 403
        assert server.operations.limits.addresses() == {}


@pytest.mark.parametrize(
    ("query", "body", "minded"),
    [
        ("symbol=BTCUSDT", b"", False),
        ("newClientOrderId=drop-1", b"", False),
        ("newClientOrderId=UPDATES", b"", False),
        ("", b"newClientOrderId=delete-me", True),
        ("a=drop+table+orders", b"", True),
        ("a=%75pdate", b"", True),
        ("", b"\xff", False),
    ],
)
def test_what_the_firewall_minds(query: str, body: bytes, minded: bool) -> None:
    assert suspicious(HttpRequest("POST", f"/api/v3/select?{query}", {}, body)) is minded


async def test_floods_of_messages_end_in_a_ban(monkeypatch: pytest.MonkeyPatch) -> None:
    """*WebSocket limits*: "IPs that are repeatedly disconnected may be banned": here the twelfth time."""
    monkeypatch.setattr("surefoot.exchange.limits.bans._GRACE_US", -1)
    async with make(limits={"messagesPerSecond": 0}) as server:
        for _ in range(11):
            heard, socket = await open_socket(server, "/ws", ANN)
            socket.send(b'{"method":"LIST_SUBSCRIPTIONS","id":1}')
            async with asyncio.timeout(5):
                assert (await heard.closed).code == 1008
        with pytest.raises(CannotConnect) as caught:
            await open_socket(server, "/ws", ANN)
        assert caught.value.facts.status == 418
        assert server.operations.limits.bans()[0].bans == 1
