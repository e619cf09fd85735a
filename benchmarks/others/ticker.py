"""Book tickers from a stream to the user's hands, by other people's clients."""

import asyncio
from threading import Event
from typing import Any

from benchmarks.chunks import Flow, flow_of
from benchmarks.figures import Worked
from benchmarks.market import SYMBOL
from benchmarks.others import pointed
from benchmarks.others.pointed import MARKET


async def _python_binance(seconds: float, port: int) -> Worked:
    client, flow = pointed.python_binance(port), Flow(seconds, lambda: None)
    async with pointed.python_binance_sockets(client).symbol_book_ticker_socket(SYMBOL) as stream:
        while not flow.over:
            event = await stream.recv()
            if "B" not in event:
                raise AssertionError(event)
            flow.hear(event)
    await client.close_connection()
    return flow.worked()


async def _ccxt(seconds: float, port: int) -> Worked:
    client = await pointed.ccxt("pro", port)
    flow, over = flow_of(seconds)
    parsed = client.handle_bids_asks

    def handle_bids_asks(connection: Any, message: Any) -> None:
        parsed(connection, message)
        flow.hear()

    client.handle_bids_asks = handle_bids_asks  # what is watched skips what came meanwhile

    while not over.done():
        await client.watch_bids_asks([MARKET])
    await client.close()
    return flow.worked()


async def _official(seconds: float, port: int) -> Worked:
    from binance_common.configuration import ConfigurationWebSocketStreams
    from binance_sdk_spot.spot import Spot

    configuration = ConfigurationWebSocketStreams(stream_url=f"ws://127.0.0.1:{port}/stream")
    connection = await Spot(config_ws_streams=configuration).websocket_streams.create_connection()
    flow, over = flow_of(seconds)
    stream = await connection.book_ticker(symbol=SYMBOL.lower())
    stream.on("message", flow.hear)
    await over
    await connection.close_connection(close_session=True)
    return flow.worked()


def python_binance(seconds: float, port: int) -> Worked:
    """python-binance's `BinanceSocketManager`: dictionaries from `recv()`."""
    return asyncio.run(_python_binance(seconds, port))


def ccxt(seconds: float, port: int) -> Worked:
    """ccxt.pro's `watch_bids_asks`: every event that it has made a ticker of, though it tells only some."""
    return asyncio.run(_ccxt(seconds, port))


def official(seconds: float, port: int) -> Worked:
    """The official SDK's `book_ticker`: models to a callback."""
    return asyncio.run(_official(seconds, port))


def unicorn(seconds: float, port: int) -> Worked:
    """unicorn-binance-websocket-api: dictionaries to `process_stream_data`, in its thread."""
    from unicorn_binance_websocket_api import BinanceWebSocketApiManager

    over = Event()
    flow = Flow(seconds, over.set)
    at = f"127.0.0.1:{port}"
    manager = BinanceWebSocketApiManager(
        exchange="binance.com",
        output_default="dict",
        warn_on_update=False,
        restful_base_uri=f"http://{at}",
        websocket_base_uri=f"ws://{at}/",
    )
    manager.create_stream(["bookTicker"], [SYMBOL.lower()], process_stream_data=flow.hear)
    over.wait()
    worked = flow.worked()
    manager.stop_manager()
    return worked
