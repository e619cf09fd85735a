"""ccxt's binance, pointed at a local exchange, Spot alone; arguments: "blocking", "async" or "pro".

The implicit API is called by its own names (`public_get_ticker_price`), the unified one by its.
"""

import asyncio
import importlib
import sys
from collections.abc import Mapping
from typing import Any

from puppet import Methods, listen_in, serve, serve_async, settings

ROOMS = {"blocking": "ccxt", "async": "ccxt.async_support", "pro": "ccxt.pro"}
"""Each imports a hundred exchanges: only one of them is needed."""


def pointed(kind: str, where: Mapping[str, str]) -> Any:
    """The client with the exchange's addresses; what it would ask of other products is left out."""
    keys = {"apiKey": where["api_key"], "secret": where["secret"], "enableRateLimit": False}
    client = importlib.import_module(ROOMS[kind]).binance(keys)
    client.options |= {
        "fetchMargins": False,
        "fetchCurrencies": False,
        "fetchMarkets": {"types": ["spot"]},
    }
    client.urls["api"] |= {"public": where["rest"] + "/api/v3", "private": where["rest"] + "/api/v3"}
    if kind == "pro":
        client.urls["api"]["ws"] = {"spot": where["ws"] + "/ws", "ws-api": {"spot": where["ws_api"]}}
    return client


def implicit(client: Any) -> list[str]:
    """The names of its implicit calls of Spot, which take one dictionary."""
    return [name for name in dir(client) if name.startswith(("public_", "private_"))]


def calls(client: Any) -> Methods:
    """All its methods, the implicit ones with keywords."""

    def with_keywords(method: Any) -> Any:
        return lambda **parameters: method(parameters)

    return Methods(client, {name: with_keywords(getattr(client, name)) for name in implicit(client)})


async def main_async(kind: str) -> None:
    client = pointed(kind, settings())
    listen_in()
    await client.load_markets()
    await serve_async(calls(client), implicit(client))
    await client.close()


def main(kind: str) -> None:
    if kind != "blocking":
        asyncio.run(main_async(kind))
        return
    client = pointed(kind, settings())
    listen_in()
    client.load_markets()
    serve(calls(client), implicit(client))


main(*sys.argv[1:])
