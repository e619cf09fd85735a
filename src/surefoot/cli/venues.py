"""Where a command asks: the environment that was spelled out, and the client that goes there."""

import os
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from cyclopts import Parameter

from surefoot.client.blocking import Client
from surefoot.credentials import Credentials, env
from surefoot.errors import Forbidden, Misuse
from surefoot.spot.environments import Environment, local, named

_URLS = {
    "rest": "SUREFOOT_REST_URL",
    "ws_api": "SUREFOOT_WS_API_URL",
    "streams": "SUREFOOT_STREAMS_URL",
}
_LOCAL = local("http://127.0.0.1:9000", "ws://127.0.0.1:9000/ws-api/v3", "ws://127.0.0.1:9000")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Where:
    """Where to ask, and for whom to print."""

    env: Annotated[Literal["local", "testnet", "production"], Parameter(show_default=False)]
    """Which exchange; there is no default. `local` is `surefoot exchange` on port 9000, or what
    SUREFOOT_REST_URL, SUREFOOT_WS_API_URL and SUREFOOT_STREAMS_URL say."""

    proxy: str | None = None
    """Go through this proxy: http://host:port, socks5://host:port, or "environment" for what HTTPS_PROXY and
    ALL_PROXY say."""

    json: bool = False
    """Print JSON, in Binance's own words, for programs."""

    @property
    def environment(self) -> Environment:
        """The environment that was named; raises `Misuse` and `Forbidden` for URLs that cannot be its."""
        if self.env == "production":
            return named(self.env)
        return redirected(_LOCAL if self.env == "local" else named(self.env))

    def client(self, *, real_money: bool = False) -> Client:
        """A client with the key from the environment variables; raises `Misuse` when there is none."""
        key = env.load(self.env)
        return Client(self.environment, key, production_trading=real_money, proxy=self.proxy)

    def public_client(self) -> Client:
        """A client without a key, for what everybody may ask."""
        return Client(self.environment, proxy=self.proxy)

    def key_if_any(self) -> Credentials | None:
        """The key from the environment variables, or None where they name none."""
        return env.load(self.env) if os.environ.get(env.API_KEY) else None


def admit(where: Where, real_money: bool) -> None:
    """Raises `Misuse` for trading in production that was not asked for in so many words."""
    if where.env == "production" and not real_money:
        raise Misuse("this would trade with real money; if that is what you want, add --yes-real-money")


def redirected(environment: Environment) -> Environment:
    """`environment` at the URLs that SUREFOOT_REST_URL and its like name; refuses those of production."""
    given = {field: os.environ.get(name) for field, name in _URLS.items()}
    changed = {field: url for field, url in given.items() if url}
    for field, url in changed.items():
        _refuse_production(_URLS[field], url)
    return msgspec.structs.replace(environment, **changed)


def _refuse_production(name: str, url: str) -> None:
    """Any host of Binance's counts as production that does not say it is the testnet."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise Misuse(f"{name}: {url!r} is not a URL ({error})") from None
    labels = host.lower().rstrip(".").split(".")
    if "binance" in labels and "testnet" not in labels:
        raise Forbidden(f"{url} is production, and this is not --env production; name a testnet URL")
