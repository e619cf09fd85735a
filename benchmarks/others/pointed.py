"""Other people's clients, pointed at a local server: the least that makes them ask nobody else."""

import importlib
from typing import Any

KEY, SECRET = "surefootBenchmark".ljust(64, "0"), "benchmark".ljust(64, "1")
ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT"}
MARKET = "BTC/USDT"


def python_binance(port: int) -> Any:
    """Its `AsyncClient`, for all three ways."""
    from binance import BinanceSocketManager
    from binance.async_client import AsyncClient

    at = f"127.0.0.1:{port}"
    AsyncClient.API_URL, AsyncClient.WS_API_URL = f"http://{at}/api", f"ws://{at}/ws-api/v3"
    BinanceSocketManager.STREAM_URL = f"ws://{at}/"
    return AsyncClient(KEY, SECRET)


def python_binance_sockets(client: Any) -> Any:
    """Its socket manager, with room: by default it gives up once a hundred messages wait."""
    from binance import BinanceSocketManager

    return BinanceSocketManager(client, max_queue_size=1_000_000)


async def ccxt(kind: str, port: int) -> Any:
    """Its binance of "async_support" or "pro", Spot alone, its markets loaded."""
    at = f"127.0.0.1:{port}"
    client = importlib.import_module(f"ccxt.{kind}").binance(
        {"apiKey": KEY, "secret": SECRET, "enableRateLimit": False}
    )
    client.options |= {"fetchMargins": False, "fetchCurrencies": False, "fetchMarkets": {"types": ["spot"]}}
    client.urls["api"] |= dict.fromkeys(("public", "private"), f"http://{at}/api/v3")
    client.urls["api"]["ws"] = {"spot": f"ws://{at}/ws", "ws-api": {"spot": f"ws://{at}/ws-api/v3"}}
    await client.load_markets()
    return client
