"""nautilus_trader's WebSocket, which is written in Rust: messages as they come, to a callback, undecoded."""

import asyncio

from nautilus_trader.core.nautilus_pyo3 import WebSocketClient, WebSocketConfig

from benchmarks.chunks import Flow
from benchmarks.figures import Worked
from benchmarks.market import TICKER_STREAM


async def _undecoded(seconds: float, port: int) -> Worked:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    flow = Flow(seconds, lambda: loop.call_soon_threadsafe(over.set))  # it calls back in a thread of its own
    url = f"ws://127.0.0.1:{port}/stream?streams={TICKER_STREAM}"
    client = await WebSocketClient.connect(WebSocketConfig(url=url, handler=flow.hear, headers=[]))
    await over.wait()
    await client.disconnect()
    return flow.worked()


def undecoded(seconds: float, port: int) -> Worked:
    """`WebSocketClient` with a handler of bytes."""
    return asyncio.run(_undecoded(seconds, port))
