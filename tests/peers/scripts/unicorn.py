"""unicorn-binance-websocket-api, pointed at a local exchange: its WebSocket API, and streams into buffers.

`open(name, channels, markets)` opens a stream, `next(name)` is its next message. With channels "arr" and
markets "!userData" it is the user's.
"""

import itertools
import os
import time
from collections.abc import Callable
from typing import Any

from puppet import functions, listen_in, serve, settings
from unicorn_binance_websocket_api import BinanceWebSocketApiManager
from unicorn_binance_websocket_api.api.spot import BinanceWebSocketApiApiSpot

POLL_S = 0.005
PATIENCE_S = 10
ANSWERS = "answers"
AMOUNTS = {"quantity", "price", "stop_price", "quote_order_qty", "iceberg_qty"}
_ids = itertools.count(1)


class Refused(Exception):
    """An answer with an error in it."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["msg"])
        self.code = error["code"]


class Unicorn:
    """Its manager, and the keys."""

    def __init__(self, where: dict[str, str]) -> None:
        self.manager = BinanceWebSocketApiManager(
            exchange="binance.com",
            output_default="dict",
            warn_on_update=False,
            enable_stream_signal_buffer=True,
            restful_base_uri=where["rest"],
            websocket_base_uri=where["ws"] + "/",
            websocket_api_base_uri=where["ws_api"],
        )
        self._keys = {"api_key": where["api_key"], "api_secret": where["secret"]}
        self._api = self.manager.create_stream(api=True, stream_buffer_name=ANSWERS, **self._keys)

    def open(self, name: str, channels: Any, markets: Any) -> None:
        keys = self._keys if markets == "!userData" else {}
        stream = self.manager.create_stream(channels, markets, stream_buffer_name=name, **keys)
        self.manager.wait_till_stream_has_started(stream)

    def next(self, name: str) -> Any:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if (message := self.manager.pop_stream_data_from_stream_buffer(name)) is not None:
                return message
            time.sleep(POLL_S)
        raise TimeoutError(f"{name}: nothing came")

    def asking(self, method: str) -> Callable[..., Any]:
        """One of its calls of the WebSocket API: the result of the answer.

        Its own `return_response` looks for the answer only after it has sent the request, and so misses a
        fast one for ever; the stream's buffer misses none.
        """

        def ask(**kwargs: Any) -> Any:
            given = {name: float(value) if name in AMOUNTS else value for name, value in kwargs.items()}
            getattr(self.manager.api.spot, method)(stream_id=self._api, request_id=f"{next(_ids)}", **given)
            answer = self.next(ANSWERS)
            if "error" in answer:
                raise Refused(answer["error"])
            return answer["result"]

        return ask


def main() -> None:
    unicorn = Unicorn(settings())
    listen_in(ignored="High CPU usage")  # that is about this machine
    offers = functions(BinanceWebSocketApiApiSpot)
    serve(
        {name: unicorn.asking(name) for name in offers} | {"open": unicorn.open, "next": unicorn.next}, offers
    )
    os._exit(0)  # its threads would go on


main()
