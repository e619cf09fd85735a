"""The official SDK's WebSocket API, pointed at a local exchange; arguments: "hmac" or "ed25519".

Its user data events are kept: `next_event` is the next one.
"""

import asyncio
import sys
from typing import Any

from binance_common.configuration import ConfigurationWebSocketAPI
from binance_sdk_spot.spot import Spot
from binance_sdk_spot.websocket_api.websocket_api import SpotWebSocketAPI
from puppet import Methods, functions, listen_in, serve_async, settings
from sdk_models import in_json, keys, unwrapped

OF_THE_CONNECTION = (
    *(
        "connect",
        "close_connection",
        "create_connection",
        "init_connection",
        "is_one_of_model",
        "off_connection",
    ),
    *("on", "ping_server", "ping_ws_api", "receive_loop", "reconnect", "schedule_reconnect", "send_"),
    *("session_re_log_on", "stream_messages", "subscribe_user_data", "unsubscribe"),
)


def answered(response: Any) -> Any:
    """The result of an answer, or of a subscription its first answer."""
    answer = unwrapped(getattr(response, "response", response))
    return answer.get("result", answer) if isinstance(answer, dict) else answer


async def main(kind: str) -> None:
    where = settings()
    configuration = ConfigurationWebSocketAPI(**keys(where, kind), stream_url=where["ws_api"])
    connection = await Spot(config_ws_api=configuration).websocket_api.create_connection()
    events: asyncio.Queue[Any] = asyncio.Queue()
    listen_in()

    def subscribe(name: str) -> Any:
        async def subscribed(**kwargs: Any) -> Any:
            response = await getattr(connection, name)(**kwargs)
            response.stream.on("message", events.put_nowait)
            return answered(response)

        return subscribed

    async def next_event() -> Any:
        return in_json(await events.get())

    names = ("user_data_stream_subscribe", "user_data_stream_subscribe_signature")
    more = {name: subscribe(name) for name in names} | {"next_event": next_event}
    calls = Methods(connection, more, then=answered)
    await serve_async(calls, functions(SpotWebSocketAPI, but=OF_THE_CONNECTION))


asyncio.run(main(*sys.argv[1:]))
