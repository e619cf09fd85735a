"""The embedded exchange as tests and notebooks hold it."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import TracebackType
from typing import Any, Literal, Self, get_args

from surefoot.budget.local import forget
from surefoot.credentials import Credentials
from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.listing import asset_places, units
from surefoot.exchange.key_operations import Given as PermissionsGiven
from surefoot.exchange.keys import permissions_of
from surefoot.exchange.limits.profile import Given as LimitsGiven
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import ExchangeServer
from surefoot.serve.venues import VenueName
from surefoot.spot.enums import SymbolStatus
from surefoot.spot.environments import Environment, local
from surefoot.testing.faults import EmbeddedClock, EmbeddedFaults, EmbeddedOutages
from surefoot.testing.staff import EmbeddedKeys, EmbeddedLimits
from surefoot.testing.thread import ServerThread
from surefoot.values import Money, Secret, money, plain
from surefoot.world import SeededEntropy, World, system_world

KeyKind = Literal["Ed25519", "HMAC"]
Market = Literal["none", "quiet", "lively", "storm"]
_STATES = (SymbolStatus.TRADING, SymbolStatus.HALT, SymbolStatus.BREAK, SymbolStatus.CANCEL_ONLY)


class EmbeddedExchange:
    """A running exchange on loopback. `environment` is where clients find it; `limits` and `keys` are what
    can be done to limits, bans and API keys.

    How it fails: `faults` by rule, `outages` at once, `clock` by the wrong time.

    Its methods may be called from any thread and from coroutines; each takes effect before it returns.
    """

    def __init__(self, server: ExchangeServer) -> None:
        self._server = server
        self._thread = ServerThread(server)
        self._opened = 0
        self.limits = EmbeddedLimits(self._thread, server.operations.limits)
        self.keys = EmbeddedKeys(self._thread, server.operations.keys, self._owner)
        self._thread.start()
        forget(server.rest_url)  # the system may give a port away twice
        self.faults = EmbeddedFaults(server, self._thread.call)
        self.outages = EmbeddedOutages(server, self._thread.call)
        self.clock = EmbeddedClock(server, self._thread.call)
        self.environment: Environment = local(server.rest_url, server.ws_api_url, server.ws_url)

    def __repr__(self) -> str:
        return f"EmbeddedExchange({self.environment.rest})"

    def open_account(
        self, *, key: KeyKind | None = None, permissions: PermissionsGiven = None, **balances: Money
    ) -> Credentials:
        """Open an account with these balances (``USDT=10_000``) and return its key, which may trade unless
        `permissions` say otherwise (``{"trading": False}``; others of its keys: `keys.open`).

        Raises `Misuse` for amounts that are negative or finer than 1e-8, for an asset that no symbol here
        trades, and another kind of key.
        """
        key = key or ("HMAC" if self._server.front.venue.hmac_only else "Ed25519")
        if key not in get_args(KeyKind):
            raise Misuse(f"key={key!r}: {' or '.join(get_args(KeyKind))}; of another kind: `register_key`")
        amounts = {_listed(self._server, asset): _units(asset, given) for asset, given in balances.items()}
        self._opened += 1
        name = f"account-{self._opened}"
        account = self._thread.call(
            lambda: self._server.operations.open_account(name, amounts, permissions_of(permissions))
        )
        return _credentials(account, key)

    def deposit(self, credentials: Credentials, **amounts: Money) -> None:
        """Give the owner of `credentials` more (``USDT=500``); their user data stream is told."""
        self._move(credentials, amounts, self._server.operations.deposit)

    def withdraw(self, credentials: Credentials, **amounts: Money) -> None:
        """Take free money away from the owner of `credentials`; raises `Misuse` when there is not so much."""
        self._move(credentials, amounts, self._server.operations.withdraw)

    def trade_at(self, symbol: str, price: Money) -> None:
        """Move the last price to `price`, as a market that trades through it.

        What rests on the way is filled, each order at its own price; then one smallest trade prints at
        `price`. Stop orders that it reaches are set off. Raises `Misuse` for a price off the tick, an unknown
        symbol and a market that is halted.
        """
        amount = _units(f"price of {symbol}", price)
        self._thread.call(lambda: self._server.operations.trade_at(symbol, amount))

    def halt(self, symbol: str) -> None:
        """Take no orders there any more; cancels still work. Raises `Misuse` for an unknown symbol."""
        self.turn(symbol, SymbolStatus.HALT)

    def resume(self, symbol: str) -> None:
        """Take orders again."""
        self.turn(symbol, SymbolStatus.TRADING)

    def turn(self, symbol: str, status: SymbolStatus | str) -> None:
        """Put a market into another state: TRADING, HALT, BREAK or CANCEL_ONLY. Raises `Misuse`."""
        turned = SymbolStatus(status)
        if turned not in _STATES:
            raise Misuse(f"status {status!r}: {', '.join(_STATES)}")
        self._thread.call(lambda: self._server.operations.turn(symbol, turned))

    def register_key(self, credentials: Credentials, public_pem: bytes) -> str:
        """Give the owner of `credentials` another key: a public one that they made (PEM; RSA or Ed25519).

        Returns its API key; raises `Misuse` for other kinds of key and for unknown credentials.
        """
        return self._thread.call(
            lambda: self._server.operations.register_key(self._owner(credentials), public_pem)
        )

    def _move(
        self, credentials: Credentials, amounts: Mapping[str, Money], act: Callable[[str, str, Money], None]
    ) -> None:
        def move() -> None:
            owner = self._owner(credentials)
            for asset, amount in amounts.items():
                act(owner, _listed(self._server, asset), money(asset, amount))

        self._thread.call(move)

    def _owner(self, credentials: Credentials) -> str:
        known = self._server.front.keys.find(credentials.api_key.reveal())
        if known is None:
            raise Misuse("these credentials belong to no account of this exchange")
        return known.account.name

    def close(self) -> None:
        """End every connection and stop; does nothing the second time."""
        self._thread.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _listed(server: ExchangeServer, asset: str) -> str:
    """`asset`, if some symbol trades it: others are slips of the pen."""
    known = asset_places(server.front.desk.engine.listings.values())
    if asset not in known:
        likely = get_close_matches(asset, known, 3, 0)
        raise Misuse(f"{asset}: no symbol here trades it; what about {', '.join(likely)}?")
    return asset


def exchange(
    *symbols: str,
    seed: int | None = None,
    liquidity: Market = "none",
    exchange_info: Mapping[str, Any] | None = None,
    clock_skew_ms: float = 0,
    limits: LimitsGiven = "generous",
    profile: VenueName = "binance",
) -> EmbeddedExchange:
    """Start an exchange and return it: a context manager, or to be closed with `close()`.

    `symbols` narrows what is listed (default: BTCUSDT, ETHUSDT, BNBUSDT, ETHBTC; or what `exchange_info`
    lists, in the shape of GET exchangeInfo). With a `seed` its keys, ids and synthetic market are the same
    every time. `clock_skew_ms` is how far its clock is ahead. `limits` are ``generous`` (few tests are about
    them), ``production``, or what differs from that, such as ``[{"rateLimitType": "REQUEST_WEIGHT",
    "interval": "MINUTE", "intervalNum": 1, "limit": 100}]``. `profile` is the venue that it is like:
    ``binance``, ``testnet``, ``demo`` or ``binance-us``. Raises `Misuse` for what it cannot be.
    """
    if liquidity not in get_args(Market):
        raise Misuse(f"liquidity={liquidity!r}: {', '.join(get_args(Market))}")
    system = system_world()
    world = system if seed is None else World(system.clock, SeededEntropy(f"{seed}/keys"), system.storage)
    server = assemble(
        world,
        info=exchange_info,
        symbols=symbols,
        liquidity=Liquidity(liquidity),
        market=None if seed is None else SeededEntropy(f"{seed}/market"),
        clock_skew_ms=clock_skew_ms,
        limits=limits,
        profile=profile,
    )
    return EmbeddedExchange(server)


def _units(what: str, given: Money) -> int:
    amount = money(what, given)
    if amount < 0:
        raise Misuse(f"{what}: {plain(amount)} is less than nothing")
    return units(plain(amount))


def _credentials(account: Account, kind: KeyKind) -> Credentials:
    if kind == "HMAC":
        return Credentials(environment="local", api_key=Secret(account.api_key), secret=account.secret)
    return Credentials(
        environment="local",
        api_key=Secret(account.ed25519_api_key),
        private_key=account.ed25519_private_key,
    )
