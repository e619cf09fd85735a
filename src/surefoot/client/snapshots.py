"""What the exchange knows of a symbol and of the account at this moment, gathered for a judgement."""

from typing import TypeVar

from msgspec import structs

from surefoot import errors
from surefoot.client.call import Wire, call
from surefoot.client.desk import Desk
from surefoot.rules.snapshot import Snapshot, asset_limits
from surefoot.spot.account import GetAccount, GetOpenOrders
from surefoot.spot.account_rates import GetMyFilters
from surefoot.spot.market import GetBookTicker, GetPriceTicker
from surefoot.spot.market_prices import GetAvgPrice, GetReferencePrice
from surefoot.spot.request import Request
from surefoot.values import UNSET

A = TypeVar("A")


async def gathered(wire: Wire, desk: Desk, symbol: str, *, everywhere: bool) -> Snapshot:
    """Prices of a symbol, and with a key the account's balances, rates and open orders.

    Weight 8, with a key 34. With `everywhere` also the open orders of all symbols and the account's own
    filters: 148 then. What this venue does not serve stays unknown.
    """
    last = await _if_served(wire, desk, GetPriceTicker(symbol=symbol))
    average = await _if_served(wire, desk, GetAvgPrice(symbol=symbol))
    reference = await _if_served(wire, desk, GetReferencePrice(symbol=symbol))
    top = await _if_served(wire, desk, GetBookTicker(symbol=symbol))
    seen = Snapshot(
        last=last.price if last else None,
        average=average.price if average else None,
        reference=reference.reference_price if reference else None,
        bid=top.bid_price if top else None,
        ask=top.ask_price if top else None,
    )
    return seen if desk.key is None else await _with_account(wire, desk, seen, symbol, everywhere)


async def _with_account(wire: Wire, desk: Desk, seen: Snapshot, symbol: str, everywhere: bool) -> Snapshot:
    seen = seen.with_account(await call(wire, desk, GetAccount()))
    wanted = GetOpenOrders(symbol=UNSET if everywhere else symbol)
    open_orders = await call(wire, desk, wanted)
    filters = await _if_served(wire, desk, GetMyFilters(symbol=symbol)) if everywhere else None
    limits = asset_limits(filters) if filters else None
    return structs.replace(seen, open_orders=open_orders, all_symbols=everywhere, asset_limits=limits)


async def _if_served(wire: Wire, desk: Desk, request: Request[A]) -> A | None:
    """The answer; `None` where the exchange has none (a symbol without a reference price, another venue)."""
    try:
        return await call(wire, desk, request)
    except (errors.RateLimited, errors.Banned):
        raise
    except errors.Refused:
        return None
