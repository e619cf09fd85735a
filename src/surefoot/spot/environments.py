"""Environments: one object holds all URLs of a venue, so that nothing points elsewhere (ENV-1)."""

import msgspec

from surefoot.errors import Misuse


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """A venue and its URLs. `rest` is the base before ``/api/v3``; `ws_api` the whole WebSocket API URL;
    `streams` the base before ``/ws`` and ``/stream``. `production` is True where real money moves."""

    name: str
    rest: str
    ws_api: str
    streams: str
    production: bool = False


PRODUCTION = Environment(
    name="production",
    rest="https://api.binance.com",
    ws_api="wss://ws-api.binance.com:443/ws-api/v3",
    streams="wss://stream.binance.com:9443",
    production=True,
)
TESTNET = Environment(
    name="testnet",
    rest="https://testnet.binance.vision",
    ws_api="wss://ws-api.testnet.binance.vision/ws-api/v3",
    streams="wss://stream.testnet.binance.vision",
)
ENVIRONMENTS = {environment.name: environment for environment in (PRODUCTION, TESTNET)}


def local(rest: str, ws_api: str, streams: str) -> Environment:
    """The embedded exchange at the given URLs."""
    return Environment(name="local", rest=rest, ws_api=ws_api, streams=streams)


def named(name: str) -> Environment:
    """The environment called `name`; raises `Misuse` listing the names there are."""
    try:
        return ENVIRONMENTS[name]
    except KeyError:
        known = ", ".join(sorted(ENVIRONMENTS))
        raise Misuse(f"environment {name!r} is unknown; choose one of: {known}") from None
