"""Where a command asks: the environment that was spelled out, and the client that goes there."""

import os
from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter

from surefoot.client.blocking import Client
from surefoot.credentials import Credentials, env
from surefoot.errors import Forbidden, Misuse
from surefoot.rules.retries import Retries
from surefoot.spot.environments import Environment, local, moves_money, named

_URLS = {
    "rest": "SUREFOOT_REST_URL",
    "ws_api": "SUREFOOT_WS_API_URL",
    "streams": "SUREFOOT_STREAMS_URL",
}
_LOCAL = local("http://127.0.0.1:9000", "ws://127.0.0.1:9000/ws-api/v3", "ws://127.0.0.1:9000")

Name = Literal["local", "testnet", "demo", "data-only", "production", "binance-us"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """Where to ask, and for whom to print."""

    env: Annotated[Name, Parameter(show_default=False)]
    """Which exchange; there is no default. `local` is `surefoot exchange` on port 9000, or what
    SUREFOOT_REST_URL, SUREFOOT_WS_API_URL and SUREFOOT_STREAMS_URL say; `data-only` is production's market
    data; `production` and `binance-us` are real money."""

    proxy: str | None = None
    """Go through this proxy: http://host:port, socks5://host:port, or "environment" for what HTTPS_PROXY and
    ALL_PROXY say."""

    json: bool = False
    """Print JSON, in Binance's own words, for programs."""

    @property
    def environment(self) -> Environment:
        """The environment that was named; raises `Misuse` and `Forbidden` for URLs that cannot be its."""
        environment = _LOCAL if self.env == "local" else named(self.env)
        return environment if environment.production else redirected(environment)

    def client(self, *, real_money: bool = False) -> Client:
        """A client with the key from the environment variables; raises `Misuse` when there is none."""
        environment = self.environment
        if not environment.offer.takes:
            raise Misuse(f"{self.env} has no accounts: name another --env")
        key = env.load(self.env)
        return Client(environment, key, production_trading=real_money, proxy=self.proxy, retries=FEW)

    def public_client(self) -> Client:
        """A client without a key, for what everybody may ask."""
        return Client(self.environment, proxy=self.proxy, retries=FEW)

    def key_if_any(self) -> Credentials | None:
        """The key from the environment variables, or None where they name none."""
        return env.load(self.env) if os.environ.get(env.API_KEY) else None


FEW = Retries(count=2, first_ms=200, longest_ms=800)
"""Somebody sits there and waits."""


def admit(where: Where, real_money: bool) -> None:
    """Raises `Misuse` for trading with real money that was not asked for in so many words."""
    if where.environment.production and not real_money:
        raise Misuse(
            f"on {where.env} this would trade with real money; if that is what you want, add --yes-real-money"
        )


def redirected(environment: Environment) -> Environment:
    """`environment` at the URLs that SUREFOOT_REST_URL and its like name; refuses those of production."""
    given = {field: os.environ.get(name) for field, name in _URLS.items()}
    for field, url in given.items():
        try:
            real = bool(url) and moves_money(url or "")
        except Misuse as error:
            raise Misuse(f"{_URLS[field]}: {error}") from None
        if real:
            raise Forbidden(f"{url} is production, and --env {environment.name} is not; unset {_URLS[field]}")
    return environment.with_urls(rest=given["rest"], ws_api=given["ws_api"], streams=given["streams"])
