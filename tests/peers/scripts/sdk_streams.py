"""The official SDK's streams, pointed at a local exchange: each stream on a connection of its own.

`open(name, stream, ...)` subscribes, `next(name)` is the next message.
"""

import asyncio
from typing import Any

from binance_common.configuration import ConfigurationWebSocketStreams
from binance_sdk_spot.spot import Spot
from binance_sdk_spot.websocket_streams.websocket_streams import SpotWebSocketStreams
from puppet import functions, listen_in, serve_async, settings
from sdk_models import in_json

OF_THE_CONNECTION = (
    *("close_connection", "connect", "create_connection", "init_connection", "off_connection", "on"),
    *(
        "parse_signed_stream_message",
        "ping",
        "receive_loop",
        "reconnect",
        "schedule_reconnect",
        "send_message",
    ),
    *("session_re_log_on", "sign_stream_url", "stream_messages", "subscribe"),
)


class Streams:
    """Streams under way, by name."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: dict[str, tuple[Any, Any, asyncio.Queue[Any]]] = {}

    async def open(self, name: str, stream: str, **kwargs: Any) -> None:
        configuration = ConfigurationWebSocketStreams(stream_url=self._url)
        connection = await Spot(config_ws_streams=configuration).websocket_streams.create_connection()
        handle = await getattr(connection, stream)(**kwargs)
        messages: asyncio.Queue[Any] = asyncio.Queue()
        handle.on("message", messages.put_nowait)
        self._open[name] = connection, handle, messages
        await self.listed(name)  # so that the subscription is known to be there

    async def next(self, name: str) -> Any:
        return in_json(await self._open[name][2].get())

    async def listed(self, name: str) -> Any:
        return (await self._open[name][0].list_subscribe())["result"]

    async def close(self, name: str) -> None:
        await self._open[name][1].unsubscribe()


async def main() -> None:
    streams = Streams(settings()["ws"] + "/stream")
    listen_in()
    calls = {
        "open": streams.open,
        "next": streams.next,
        "list_subscribe": streams.listed,
        "unsubscribe": streams.close,
    }
    await serve_async(calls, functions(SpotWebSocketStreams, but=OF_THE_CONNECTION))


asyncio.run(main())
