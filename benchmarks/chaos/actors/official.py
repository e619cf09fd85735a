"""The official SDK (binance-sdk-spot): REST in threads, its WebSocket clients on the loop."""

import asyncio
from collections.abc import Mapping
from typing import Any

from binance_common.configuration import (
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_sdk_spot.spot import Spot

from benchmarks.chaos.actors import stage
from benchmarks.chaos.actors.stage import SYMBOL, Ear, InBand

_LIMIT = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "time_in_force": "GTC"}
_WORRYING = ("close", "error", "reconnect")


class Part:
    """One client; its WebSockets are opened when they are listened to."""

    def __init__(self, where: Mapping[str, Any]) -> None:
        self._where = where
        configuration = ConfigurationRestAPI(
            api_key=where["api_key"], api_secret=where["secret"], base_path=where["rest"]
        )
        self._rest = Spot(config_rest_api=configuration).rest_api
        self._connections: list[Any] = []

    async def order(self, kind: str) -> object:
        """An order as its examples place one."""
        if kind == "MARKET":
            return await asyncio.to_thread(
                self._rest.new_order, symbol=SYMBOL, side="BUY", type="MARKET", quantity=0.001
            )
        return await asyncio.to_thread(self._rest.new_order, **_LIMIT, quantity=0.001, price=50000.0)

    async def order_ws(self, kind: str) -> object:
        """The same over the WebSocket API, signed with HMAC; what goes wrong comes back as a value."""
        connection = await self._connect(api_key=self._where["api_key"], api_secret=self._where["secret"])
        words = {} if kind == "MARKET" else {"time_in_force": "GTC", "price": 50000.0}
        answer = await connection.order_place(symbol=SYMBOL, side="BUY", type=kind, quantity=0.001, **words)
        data = answer.data()
        if isinstance(data, dict) and "error" in data:
            raise InBand(str(data))
        return data

    async def read(self) -> object:
        """A signed read."""
        return await asyncio.to_thread(self._rest.get_account)

    async def replace(self) -> object:
        """Replace an order that is not there any more."""
        return await asyncio.to_thread(
            self._rest.order_cancel_replace,
            **_LIMIT,
            quantity=0.001,
            price=50000.0,
            cancel_replace_mode="ALLOW_FAILURE",
            cancel_order_id=999,
        )

    async def number(self, quantity: float) -> object:
        """An order for a computed quantity: its parameter is declared a float."""
        return await asyncio.to_thread(self._rest.new_order, **_LIMIT, quantity=quantity, price=60000.0)

    async def listen(self, stream: str, ear: Ear) -> None:
        """As in its documentation; what its connection reports of itself counts as a warning."""
        if stream == "user":
            await self._user(ear)
        else:
            await self._market(ear)

    async def _connect(self, **keys: str) -> Any:
        configuration = ConfigurationWebSocketAPI(**keys, stream_url=self._where["ws_api"])
        connection = await Spot(config_ws_api=configuration).websocket_api.create_connection()
        self._connections.append(connection)
        return connection

    async def _user(self, ear: Ear) -> None:
        where = self._where
        connection = await self._connect(
            api_key=where["ed25519_api_key"], private_key=where["ed25519_private_key"]
        )
        await connection.session_logon()
        subscribed = await connection.user_data_stream_subscribe()

        def hear(event: Any) -> None:
            report = getattr(event, "actual_instance", event)
            if getattr(report, "x", None) == "TRADE":
                ear.trade(report.t)

        subscribed.stream.on("message", hear)
        self._watch(connection, ear)

    async def _market(self, ear: Ear) -> None:
        configuration = ConfigurationWebSocketStreams(stream_url=self._where["ws"] + "/stream")
        connection = await Spot(config_ws_streams=configuration).websocket_streams.create_connection()
        self._connections.append(connection)
        stream = await connection.trade(symbol=SYMBOL.lower())
        stream.on("message", lambda event: ear.trade(event.t))
        self._watch(connection, ear)

    def _watch(self, connection: Any, ear: Ear) -> None:
        for name in _WORRYING:
            connection.on_connection(
                name, lambda *said, name=name: ear.warned(f"{name} {said}", over=name == "close")
            )

    async def close(self) -> None:
        """End everything."""
        for connection in self._connections:
            await connection.close_connection(close_session=True)


async def opens(where: Mapping[str, Any]) -> Part:
    """A client pointed at the exchange; nothing is asked yet."""
    return Part(where)


def knows(error: BaseException) -> bool:
    """It has no class of error for that."""
    return False


if __name__ == "__main__":
    stage.run(opens, knows)
