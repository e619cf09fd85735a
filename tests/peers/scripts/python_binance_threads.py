"""python-binance's threads, one of them a process: `ThreadedWebsocketManager` or `ThreadedDepthCacheManager`.

`open(name, start, ...)` starts one of its sockets; `heard(name)` is the next message, or None when there was
none for a while: the threads do not say when they are connected.
"""

import sys
from queue import Empty, Queue
from typing import Any

from binance import ThreadedDepthCacheManager, ThreadedWebsocketManager
from binance.async_client import AsyncClient
from puppet import functions, listen_in, serve, settings
from python_binance_calls import point

PATIENCE_S = 0.2
OTHER_PRODUCTS = ("start_futures", "start_options", "start_coin_futures", "start_isolated", "start_margin")
MANAGERS = {"sockets": ThreadedWebsocketManager, "books": ThreadedDepthCacheManager}


def main(kind: str) -> None:
    where = settings()
    point(AsyncClient, where)
    manager = MANAGERS[kind](where["api_key"], where["secret"])
    messages: dict[str, Queue[Any]] = {}
    listen_in()

    def open_one(name: str, method: str, **kwargs: Any) -> None:
        messages[name] = Queue()
        getattr(manager, method)(callback=messages[name].put, **kwargs)

    def heard(name: str) -> Any:
        try:
            message = messages[name].get(timeout=PATIENCE_S)
        except Empty:
            return None
        if hasattr(message, "get_bids"):
            return {"bids": message.get_bids(), "asks": message.get_asks()}
        return message

    calls = {"start": manager.start, "stop": manager.stop, "open": open_one, "heard": heard}
    serve(
        calls, [name for name in functions(MANAGERS[kind], but=OTHER_PRODUCTS) if name.startswith("start_")]
    )


main(*sys.argv[1:])
