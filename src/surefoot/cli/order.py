"""`surefoot order`: place an order, rehearse it without sending it, or look one up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import cyclopts
from cyclopts import Parameter

from surefoot.cli.edges import DONE
from surefoot.cli.order_words import read_order
from surefoot.cli.placing import find, place, rehearse
from surefoot.cli.venues import Where, admit
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.spot.trade import NewOrder

_KINDS = Literal[
    "LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"
]
_PREVENTIONS = Literal["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"]

order = cyclopts.App(name="order", help="Place an order, rehearse it, or look one up.")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class How:
    """What an order says beyond quantity and price, and whether it is sent."""

    type: _KINDS | None = None
    """Default: LIMIT with a price, MARKET without; with --stop-price or --trailing-delta STOP_LOSS_LIMIT and
    STOP_LOSS."""

    tif: Literal["GTC", "IOC", "FOK"] | None = None
    """Time in force. Default: GTC where the type takes one."""

    stop_price: Decimal | None = None
    """The price at which the order is set off."""

    quote: Decimal | None = None
    """Spend or receive about this much of the quote asset, instead of a quantity (market orders)."""

    iceberg_qty: Decimal | None = None
    """Show only so much of the quantity in the book."""

    trailing_delta: int | None = None
    """Follow the market at this distance, in hundredths of a percent (stop and take-profit orders)."""

    stp: _PREVENTIONS | None = None
    """What happens instead of a trade with yourself. Default: the symbol's."""

    client_order_id: str | None = None
    """Your name for the order. Default: one of its own."""

    exact: bool = False
    """Refuse what does not fit price tick and lot step, instead of rounding it towards less risk."""

    dry_run: bool = False
    """Send nothing: print the checked order, every rule it met, its weight, and the bytes without key and
    signature. Works without a key too; what belongs to the account is then not judged."""

    yes_real_money: bool = False
    """Needed to trade in production."""


@order.command
def buy(symbol: str, /, *terms: str, where: Where, how: How = How()) -> int:
    """Buy: `surefoot order buy BTCUSDT 0.001 @ 60000 --env testnet`.

    The order is checked by the exchange's own rules before it leaves; what is rounded is said.

    Parameters
    ----------
    symbol
        What to trade.
    terms
        QTY for a market order, QTY @ PRICE for a limit order, nothing with --quote.
    """
    return _trade(Side.BUY, symbol, terms, where, how)


@order.command
def sell(symbol: str, /, *terms: str, where: Where, how: How = How()) -> int:
    """Sell: `surefoot order sell BTCUSDT 0.001 @ 70000 --env testnet`.

    The order is checked by the exchange's own rules before it leaves; what is rounded is said.

    Parameters
    ----------
    symbol
        What to trade.
    terms
        QTY for a market order, QTY @ PRICE for a limit order, nothing with --quote.
    """
    return _trade(Side.SELL, symbol, terms, where, how)


@order.command
def show(symbol: str, order: str, /, *, where: Where) -> int:
    """Look an order up, open or done.

    Parameters
    ----------
    symbol
        What it trades.
    order
        The exchange's number of it, or its client order id.
    """
    find(symbol, order, where)
    return DONE


def _trade(side: Side, symbol: str, terms: tuple[str, ...], where: Where, how: How) -> int:
    asked = _asked(side, symbol, terms, how)
    if how.dry_run:
        rehearse(asked, where, rounding=not how.exact)
    else:
        admit(where, how.yes_real_money)
        place(asked, where, rounding=not how.exact, real_money=how.yes_real_money)
    return DONE


def _asked(side: Side, symbol: str, terms: tuple[str, ...], how: How) -> NewOrder:
    return read_order(
        symbol,
        side,
        terms,
        type=None if how.type is None else OrderType(how.type),
        tif=None if how.tif is None else TimeInForce(how.tif),
        stop=how.stop_price,
        quote=how.quote,
        iceberg=how.iceberg_qty,
        trailing=how.trailing_delta,
        prevention=None if how.stp is None else SelfTradePreventionMode(how.stp),
        client_order_id=how.client_order_id,
    )
