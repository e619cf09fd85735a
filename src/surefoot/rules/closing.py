"""Whether what an order buys could be sold again once the commission is taken out of it.

A buyer pays in what is bought, unless a discount asset pays: 1 BTC at 0.1 % leaves 0.999 BTC, and what of
that does not fit a lot, or is worth too little, stays behind (rest-api, Commission FAQ).
"""

from decimal import Decimal

from surefoot.rules.legs import Ticket
from surefoot.rules.quantise import EXACT, ONE, ZERO, Window, down
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Closing, Skipped, short
from surefoot.spot.enums import Side
from surefoot.values import UNSET

_NAME = "closing"


def closing(order: Ticket, rules: SymbolRules, known: Snapshot) -> Closing | Skipped | None:
    """Whether a BUY could be closed by a MARKET order; `None` for a SELL, and what is missing to say so."""
    if order.side != Side.BUY:
        return None
    if known.buy_commission is None:
        return Skipped(_NAME, "needs the account's commission rates")
    if order.quantity is UNSET:
        return Skipped(_NAME, "the book decides how much a quoteOrderQty buys")
    left = sellable(order, rules, known)
    if left is None:
        return Skipped(_NAME, "needs a price to weigh what is left by")
    share = EXACT.subtract(ONE, known.buy_commission)
    kept = _kept(order.quantity, share, rules)
    most = down(min(kept, left.high), left.step)
    smallest = _smallest(left, share, rules)
    possible = left.low <= left.high and most >= left.low
    return Closing(
        possible=possible,
        kept=kept,
        sellable=most if possible else ZERO,
        smallest=smallest,
        why=_words(possible, kept, most, left, smallest),
    )


def _kept(quantity: Decimal, share: Decimal, rules: SymbolRules) -> Decimal:
    """What is left of a bought quantity, down to what the asset can carry."""
    return down(EXACT.multiply(quantity, share), rules.quantity.finest)


def sellable(order: Ticket, rules: SymbolRules, known: Snapshot) -> Window | None:
    """Every quantity that a MARKET SELL may have at the price of the order, or at known prices."""
    left = rules.market_quantity.window
    for each in rules.notionals:
        bounds = each.bounds(market=True)
        if not any(bounds):
            continue
        unit = order.price if order.price is not UNSET else known.by(each.avg_price_mins)
        if unit is None:
            return None
        left = left.narrowed(*bounds, unit)
    return left


def _smallest(left: Window, share: Decimal, rules: SymbolRules) -> Decimal | None:
    """The smallest legal quantity to buy of which the smallest sellable one remains."""
    bought = rules.quantity.window
    if left.low > left.high or share <= ZERO:
        return None
    unit = rules.quantity.finest
    needed = bought.narrowed(left.low, ZERO, share).low
    while _kept(needed, share, rules) < left.low and needed <= bought.high:
        needed = EXACT.add(needed, max(bought.step, unit))
    return needed if needed <= bought.high else None


def _words(possible: bool, kept: Decimal, most: Decimal, left: Window, smallest: Decimal | None) -> str:
    if possible:
        rest = EXACT.subtract(kept, most)
        dust = f"; {short(rest)} stays behind" if rest else ""
        return f"of {short(kept)} that is kept {short(most)} can be sold{dust}"
    if left.low > left.high:
        return "no MARKET order can sell it at this price"
    advice = f"buy at least {short(smallest)}" if smallest is not None else "no quantity would do"
    return f"{short(kept)} is kept, and nothing below {short(left.low)} can be sold: {advice}"
