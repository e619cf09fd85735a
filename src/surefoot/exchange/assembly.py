"""An exchange put together: symbols, accounts, a market that moves, and the server in front of it."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account, ample_balances, default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import Listing, default_exchange_info, listing_from_exchange_info
from surefoot.exchange.core.listing_us import us_exchange_info
from surefoot.exchange.limits.profile import Given, limits_of
from surefoot.exchange.limits.profile import profile as limit_profile
from surefoot.exchange.liquidity.recording import Recording
from surefoot.exchange.liquidity.replay import Replay
from surefoot.exchange.liquidity.synthetic import Liquidity, SyntheticMarket, starting_prices
from surefoot.exchange.server import Binding, ExchangeServer, Stepper
from surefoot.serve.venues import BINANCE_US, VenueName, venue_named
from surefoot.world import Entropy, World

MOST_QUOTED = 20
"""So many symbols are given a synthetic market: the best known first, then in the order of the listing."""

_SHOWN = 5
_BEST_KNOWN = ("BTCUSDT", "ETHUSDT", "BNBUSDT", "ETHBTC")


def assemble(
    world: World,
    *,
    info: Mapping[str, Any] | None = None,
    symbols: Sequence[str] = (),
    liquidity: Liquidity = Liquidity.QUIET,
    recording: Recording | None = None,
    market: Entropy | None = None,
    binding: Binding = Binding(),  # noqa: B008 - frozen
    clock_skew_ms: float = 0,
    limits: Given | None = None,
    profile: VenueName = "binance",
) -> ExchangeServer:
    """An exchange with two accounts and ample balances, ready to be entered with ``async with``.

    `info` has the shape of GET exchangeInfo (default: four symbols), `symbols` narrows it. A `recording`
    drives the books of its symbols, `liquidity` those of the others. Keys and ids come from the world's
    entropy, the market's dice from `market` (default: the same). `limits` is ``production``, ``generous``, or
    what differs from those of `info`, in JSON's shape. `profile` is the venue that it is like.

    Raises `Misuse` for an unknown symbol or venue, for `info` or `limits` of another shape, and for a skew
    that is not a number.
    """
    if not isfinite(clock_skew_ms):
        raise Misuse(f"clock_skew_ms {clock_skew_ms} is not a number of milliseconds")
    venue = venue_named(profile)
    info = default_info(profile) if info is None else info
    listings = [_listing(row) for row in _listed(info, symbols)]
    now_us = int((world.clock.wall_ms() + clock_skew_ms) * 1000)
    recorded = {} if recording is None else recording.last_prices()
    engine = Engine(
        listings,
        entropy=world.entropy,
        now_us=now_us,
        exchange_filters=info.get("exchangeFilters", ()),
        asset_filters=info.get("assetFilters", ()),
        last_prices=starting_prices(listings) | recorded,
    )
    accounts = default_accounts(world.entropy)
    open_accounts(engine, accounts, listings)
    dice = market or world.entropy
    steppers: list[Stepper] = []
    if recording is not None:
        steppers.append(Replay(engine, recording, entropy=dice, now_us=now_us))
    quoted = _quoted(listing.symbol for listing in listings if listing.symbol not in recorded)
    steppers.append(SyntheticMarket(engine, liquidity, entropy=dice, symbols=quoted))
    return ExchangeServer(
        engine,
        accounts,
        world,
        info=info,
        limits=limit_profile(limits, limits_of(info)),
        venue=venue,
        binding=binding,
        clock_skew_ms=clock_skew_ms,
        steppers=steppers,
    )


def default_info(profile: VenueName = "binance") -> dict[str, Any]:
    """What a venue lists when no other exchange information is given."""
    return us_exchange_info() if profile == BINANCE_US.name else default_exchange_info()


def open_accounts(engine: Engine, accounts: Iterable[Account], listings: Iterable[Listing]) -> None:
    """Open every account with ample balances."""
    balances = ample_balances(listings)
    for account in accounts:
        engine.open_account(
            account.name, balances, maker_rate=account.maker_rate, taker_rate=account.taker_rate
        )


def _listing(row: Mapping[str, Any]) -> Listing:
    try:
        return listing_from_exchange_info(row)
    except (KeyError, TypeError, ValueError) as error:
        fault = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise Misuse(f"exchange information of {row['symbol']} cannot be read: {fault}") from None


def _listed(info: Mapping[str, Any], symbols: Sequence[str]) -> list[Mapping[str, Any]]:
    try:
        rows = {str(row["symbol"]): row for row in info["symbols"]}
    except (KeyError, TypeError):
        raise Misuse("exchange information needs `symbols`, a list of objects that name a `symbol`") from None
    if not rows:
        raise Misuse("exchange information without a symbol: there would be nothing to trade")
    unknown = sorted(set(symbols) - set(rows))
    if unknown:
        some = ", ".join(list(rows)[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")
        raise Misuse(f"unknown symbol {', '.join(unknown)}; the exchange information has {some}")
    return [rows[symbol] for symbol in dict.fromkeys(symbols)] if symbols else list(rows.values())


def _quoted(symbols: Iterable[str]) -> list[str]:
    names = list(symbols)
    known = [name for name in _BEST_KNOWN if name in names]
    return list(dict.fromkeys([*known, *names]))[:MOST_QUOTED]
