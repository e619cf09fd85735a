"""What looks at what the account has: MAX_POSITION, MAX_ASSET, its free balance (RULES-2)."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from surefoot.rules.grounds import NO_FUNDS
from surefoot.rules.legs import Ticket
from surefoot.rules.quantise import EXACT, ONE, ZERO, down
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.enums import OrderType, Side
from surefoot.values import UNSET

MAX_POSITION, MAX_ASSET = "MAX_POSITION", "MAX_ASSET"


class Load(msgspec.Struct, frozen=True, gc=False):
    """What an order weighs on one limit of the account: `already` + `size` × `unit` must not pass `limit`.

    `size` is the order's quantity or amount, by `field`; `None` when only the engine will know it. Money is
    taken in whole units of `grain`, rounded down.
    """

    filter: str
    field: str
    already: Decimal
    size: Decimal | None
    unit: Decimal
    limit: Decimal
    grain: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """What is compared with the limit."""
        if self.size is None:
            return self.already
        total = EXACT.add(self.already, EXACT.multiply(self.size, self.unit))
        return total if self.grain is None else down(total, self.grain)

    @property
    def room(self) -> Decimal:
        """What is left of the limit, in what `unit` counts."""
        return EXACT.subtract(self.limit, self.already)


def loads(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Load]:
    """Every limit of the account that is known and that the order counts against."""
    if known.balances is None and not known.asset_limits:
        return
    if order.side == Side.BUY:
        yield from positions(order, rules, known)
    yield from _assets(order, rules, known)
    if (purse := funds(order, rules, known)) is not None:
        yield purse


def _size(order: Ticket) -> Decimal | None:
    return None if order.quantity is UNSET else order.quantity


def positions(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Load]:
    """MAX_POSITION: what the account has of the base asset, its open BUY orders, and this one."""
    held = known.held(rules.base)
    if not rules.positions or held is None or known.open_orders is None:
        return
    for each in known.open_orders:
        if each.symbol == rules.symbol and each.side == Side.BUY:
            held = EXACT.add(held, EXACT.subtract(each.orig_qty, each.executed_qty))
    for limit in rules.positions:
        yield Load(MAX_POSITION, "quantity", held, _size(order), ONE, limit)


def _assets(order: Ticket, rules: SymbolRules, known: Snapshot) -> Iterator[Load]:
    limits = known.asset_limits or {}
    if (limit := limits.get(rules.base)) is not None and order.quantity is not UNSET:
        yield Load(MAX_ASSET, "quantity", ZERO, order.quantity, ONE, limit)
    if (limit := limits.get(rules.quote)) is None:
        return
    if order.quote_order_qty is not UNSET:
        yield Load(MAX_ASSET, "quote_order_qty", ZERO, order.quote_order_qty, ONE, limit)
    elif (unit := unit_price(order, known)) is not None:
        yield Load(MAX_ASSET, "quantity", ZERO, _size(order), unit, limit)


def unit_price(order: Ticket, known: Snapshot) -> Decimal | None:
    """What one unit is taken to cost: its price, else the stop price, else the last price."""
    if order.price is not UNSET:
        return order.price
    return order.stop_price if order.stop_price is not UNSET else known.last


def funds(order: Ticket, rules: SymbolRules, known: Snapshot) -> Load | None:
    """What the order takes from the free balance; `None` where that is unknown before it trades."""
    buy = order.side == Side.BUY
    free = known.free(rules.quote if buy else rules.base)
    if free is None:
        return None
    if not buy:
        if order.quantity is UNSET:
            return None  # a SELL by quoteOrderQty: the book decides how much leaves
        return Load(NO_FUNDS, "quantity", ZERO, order.quantity, ONE, free)
    if order.quote_order_qty is not UNSET:
        return Load(NO_FUNDS, "quote_order_qty", ZERO, order.quote_order_qty, ONE, free)
    unit = None if order.type == OrderType.MARKET else unit_price(order, known)
    if unit is None or order.peg_price_type is not UNSET:
        return None  # the book decides the price
    return Load(NO_FUNDS, "quantity", ZERO, _size(order), unit, free, rules.amount.finest)


def unjudged_positions(order: Ticket, rules: SymbolRules, known: Snapshot) -> str | None:
    """What would have to be known for MAX_POSITION; `None` when it can be judged or does not apply."""
    if not rules.positions or order.side != Side.BUY:
        return None
    if known.balances is None or known.open_orders is None:
        return "needs the account's balances and open orders"
    return "the book decides how much a quoteOrderQty buys" if order.quantity is UNSET else None
