"""Limits, bans and keys over the admin endpoint's own HTTP."""

import asyncio
import http.client
import json
from typing import Any

from surefoot.exchange.server import ExchangeServer
from tests.exchange.test_bans_everywhere import ANN, get
from tests.exchange.test_server_sockets import make


async def admin(server: ExchangeServer, name: str, **body: Any) -> Any:
    def send() -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        kind = {"Content-Type": "application/json"}
        connection.request("POST" if body else "GET", f"/admin/{name}", json.dumps(body), kind)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
        return answer.status, told

    return await asyncio.to_thread(send)


async def test_a_swarm_is_given_room_and_one_address_a_ban() -> None:
    """Raised, counted, banned and lifted while it runs; the admin's own requests count nowhere."""
    async with make() as server:
        rows = [{"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 7}]
        status, told = await admin(server, "limits/change", profile="generous", rateLimits=rows)
        assert (status, told["rateLimits"][0]["limit"]) == (200, 7)
        await get(server, "/api/v3/ping", ANN)
        _, counts = await admin(server, "limits/counts")
        assert {name: used[0]["count"] for name, used in counts["addresses"].items()} == {ANN: 1}
        assert (await admin(server, "bans/add", address=ANN, seconds=60))[0] == 200
        assert (await get(server, "/api/v3/ping", ANN))[0] == 418
        assert (await admin(server, "bans"))[1][0]["requestsDuringBans"] == 1
        assert (await admin(server, "bans/lift", address=ANN)) == (200, {})
        assert (await get(server, "/api/v3/ping", ANN))[0] == 200


async def test_a_key_is_made_and_deleted() -> None:
    async with make() as server:
        status, key = await admin(server, "keys/open", account="alice", kind="HMAC")
        assert (status, set(key)) == (200, {"apiKey", "secret"})
        assert (await admin(server, "keys/revoke", apiKey=key["apiKey"])) == (200, {})
        _, shown = await admin(server, "keys")
        assert [row["revoked"] for row in shown if row["apiKey"] == key["apiKey"]] == [True]
        assert (await admin(server, "keys/open", account="nobody"))[0] == 400
