"""How much of a quantity a MARKET order can sell, and what stays behind (RULES-2; pure)."""

from decimal import Decimal

import msgspec

from surefoot.rules.closing import sellable as sellable_window
from surefoot.rules.quantise import EXACT, ZERO, down
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.trade import NewOrder


class Sellable(msgspec.Struct, frozen=True):
    """`qty` is the most that one MARKET SELL may have, 0 where there is none; `rest` what needs further ones
    after it; `dust` what stays then. The three are all there is.
    """

    qty: Decimal
    dust: Decimal
    rest: Decimal = ZERO


def sellable(qty: Decimal, rules: SymbolRules, price: Decimal) -> Sellable:
    """What of `qty` passes the filters at `price` (average and last price alike); raises `Misuse` for a
    price that is not positive.
    """
    order = NewOrder(symbol=rules.symbol, side=Side.SELL, type=OrderType.MARKET)
    left = sellable_window(order, rules, Snapshot(last=price, average=price))
    if left is None or left.low > left.high or qty < left.low:
        return Sellable(ZERO, qty)
    most = down(min(qty, left.high), left.step)
    beyond = EXACT.subtract(qty, most)
    rest = down(beyond, left.step)
    if rest < left.low:
        return Sellable(most, beyond)
    return Sellable(most, EXACT.subtract(beyond, rest), rest)
