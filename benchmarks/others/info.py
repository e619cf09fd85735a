"""A large exchangeInfo, by other people's clients: from the bytes to what they keep."""

import json

from benchmarks.figures import Worked
from benchmarks.load import body, loaded


def python_binance(seconds: float, port: int) -> Worked:
    """python-binance leaves exchangeInfo as it comes out of the standard library's parser."""
    import binance.async_client  # noqa: F401 - what it weighs itself is not counted

    answer = body(port)
    return loaded(lambda: json.loads(answer), seconds)


def ccxt(seconds: float, port: int) -> Worked:
    """ccxt parses every market into its own shape."""
    from ccxt import binance

    client, answer = binance(), body(port)
    client.options |= {"crossMarginPairsData": [], "isolatedMarginPairsData": []}  # asked elsewhere

    def once() -> object:
        return client.parse_markets(json.loads(answer)["symbols"])

    return loaded(once, seconds)


def official(seconds: float, port: int) -> Worked:
    """The official SDK validates every field."""
    from binance_sdk_spot.rest_api.models import ExchangeInfoResponse

    answer = body(port)
    return loaded(lambda: ExchangeInfoResponse.from_dict(json.loads(answer)), seconds)
