"""What an account made of a symbol by trading it: quantity, cost, profit, at average cost (TRACK-5; pure).

The method, exactly. Of a symbol, `qty` of the base asset is known to have been bought here, for `cost` of the
quote asset; the average price is cost ÷ qty. Fills are taken in the order of their trade ids.

A BUY of q at p adds q to `qty` and p × q to `cost`. Its commission c
  in the base asset leaves less at the same cost: a unit costs more;
  in the quote asset adds c to the cost;
  in a third asset is kept apart, and worth something only where a price is given (`Position.pnl`).

A SELL of q at p takes first what was bought here: k = min(q, qty). It releases cost × k ÷ qty, rounded down
to `GRAIN` (all of the cost when k = qty: what rounding left behind comes out then). p × k less what was
released is realised. What is beyond k are coins that the account had from elsewhere, whose cost nobody knows:
it adds to `foreign_qty`, and its proceeds to `foreign_proceeds`, and nothing of it is profit or loss.
The commission c
  in the quote asset is subtracted: k ÷ q of it (down to `GRAIN`) from what is realised, the rest from
  `foreign_proceeds`;
  in the base asset leaves the account on top of q: of `qty` first, and its share of the cost is realised as
  a loss; what `qty` does not hold adds to `foreign_qty`;
  in a third asset is kept apart.

A rebate is a negative commission: the same sums. A rebate in the base asset adds quantity at no cost.
Nothing held costs nothing: a BUY whose commission took all that was held realises its cost as a loss.

So always, and without any rounding:
  received less paid less commission in quote = realised + foreign_proceeds less cost;
  bought less sold less commission in base + foreign_qty = qty, which is never negative.
"""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal

import msgspec
from msgspec.structs import replace

from surefoot.execution.fills import Fill
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.enums import Side

GRAIN = Decimal("1E-18")
"""How finely costs and commissions are divided, in the quote asset."""

_SHOWN = Context(prec=28)


class Pnl(msgspec.Struct, frozen=True, kw_only=True):
    """Profit (positive) and loss, in the quote asset. `unrealised` is None where the base asset has no price.

    `commission` is what was paid in third assets, at the given prices; `unvalued` what was paid of assets
    that have no price, in no sum. Commission in base and quote is in `realised` and `unrealised` already.
    """

    realised: Decimal
    unrealised: Decimal | None
    commission: Decimal
    unvalued: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal | None:
        """All that is valued; None where the base asset has no price."""
        if self.unrealised is None:
            return None
        return EXACT.subtract(EXACT.add(self.realised, self.unrealised), self.commission)


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol as its fills made it; the module says how.

    `qty`, `bought`, `sold`, `foreign_qty` are in the base asset; `cost` (of `qty`), `realised`, `paid`,
    `received`, `foreign_proceeds` in the quote asset; `paid` and `received` without commission. `commissions`
    is all that was ever paid, by asset; rebates are negative. `trade_id`, `time_ms`: the newest execution.
    """

    symbol: str
    base: str
    quote: str
    qty: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO
    bought: Decimal = ZERO
    sold: Decimal = ZERO
    paid: Decimal = ZERO
    received: Decimal = ZERO
    foreign_qty: Decimal = ZERO
    foreign_proceeds: Decimal = ZERO
    commissions: Mapping[str, Decimal] = {}
    trade_id: int = -1
    time_ms: int = 0

    @property
    def average_price(self) -> Decimal | None:
        """What a unit cost, to 28 digits, for reading only; None where nothing is held."""
        return _SHOWN.divide(self.cost, self.qty) if self.qty else None

    def unrealised(self, price: Decimal) -> Decimal:
        """What selling all at `price`, free of commission, would make."""
        return EXACT.subtract(EXACT.multiply(price, self.qty), self.cost)

    def pnl(self, prices: Mapping[str, Decimal]) -> Pnl:
        """Profit and loss so far; `prices` is what a unit of each asset is worth in the quote asset."""
        price = prices.get(self.base)
        unrealised = ZERO if not self.qty else None if price is None else self.unrealised(price)
        commission, unvalued = valued(self.apart, prices)
        return Pnl(realised=self.realised, unrealised=unrealised, commission=commission, unvalued=unvalued)

    @property
    def apart(self) -> Mapping[str, Decimal]:
        """The commissions that are in neither cost nor profit: those in third assets."""
        inside = self.base, self.quote
        return {asset: paid for asset, paid in self.commissions.items() if asset not in inside}


def valued(
    amounts: Mapping[str, Decimal], prices: Mapping[str, Decimal]
) -> tuple[Decimal, Mapping[str, Decimal]]:
    """What amounts of several assets are worth, and the amounts that have no price."""
    worth = ZERO
    for asset, amount in amounts.items():
        if asset in prices:
            worth = EXACT.add(worth, EXACT.multiply(amount, prices[asset]))
    return worth, {asset: amount for asset, amount in amounts.items() if asset not in prices}


def added(amounts: Mapping[str, Decimal], asset: str, amount: Decimal) -> dict[str, Decimal]:
    """`amounts` with `amount` more of `asset`; zeros are left out."""
    total = EXACT.add(amounts.get(asset, ZERO), amount)
    others = {each: had for each, had in amounts.items() if each != asset}
    return {**others, asset: total} if total else others


def folded(position: Position, fills: Iterable[Fill]) -> Position:
    """`position` after `fills`, in their order."""
    for fill in fills:
        position = after(position, fill)
    return position


def after(position: Position, fill: Fill) -> Position:
    """`position` after one more execution of its symbol."""
    traded = _bought(position, fill) if fill.side is Side.BUY else _sold(position, fill)
    return replace(
        traded,
        commissions=added(position.commissions, fill.commission_asset, fill.commission),
        trade_id=max(position.trade_id, fill.trade_id),
        time_ms=max(position.time_ms, fill.time_ms),
    )


def _bought(had: Position, fill: Fill) -> Position:
    cost = EXACT.add(had.cost, fill.quote_qty)
    if fill.commission_asset == had.quote:
        cost = EXACT.add(cost, fill.commission)
    now = replace(
        had,
        qty=EXACT.add(had.qty, fill.qty),
        cost=cost,
        bought=EXACT.add(had.bought, fill.qty),
        paid=EXACT.add(had.paid, fill.quote_qty),
    )
    if fill.commission_asset != had.base:
        return now
    now = _without(now, fill.commission, ZERO)
    return now if now.qty else replace(now, cost=ZERO, realised=EXACT.subtract(now.realised, now.cost))


def _sold(had: Position, fill: Fill) -> Position:
    own = min(fill.qty, had.qty)
    fee = fill.commission if fill.commission_asset == had.quote else ZERO
    own_fee = _share(fee, own, fill.qty)
    own_worth = EXACT.subtract(EXACT.multiply(fill.price, own), own_fee)
    worth = EXACT.subtract(fill.quote_qty, fee)
    now = _without(had, fill.qty, _share(had.cost, own, had.qty))
    now = replace(
        now,
        realised=EXACT.add(now.realised, own_worth),
        sold=EXACT.add(had.sold, fill.qty),
        received=EXACT.add(had.received, fill.quote_qty),
        foreign_proceeds=EXACT.add(had.foreign_proceeds, EXACT.subtract(worth, own_worth)),
    )
    if fill.commission_asset != had.base:
        return now
    taken = max(ZERO, min(fill.commission, now.qty))
    return _without(now, fill.commission, _share(now.cost, taken, now.qty))


def _without(had: Position, qty: Decimal, cost: Decimal) -> Position:
    """`qty` leaves (or comes, if negative), and `cost` with it; what is not there was from elsewhere."""
    left = EXACT.subtract(had.qty, qty)
    return replace(
        had,
        qty=max(left, ZERO),
        cost=EXACT.subtract(had.cost, cost),
        realised=EXACT.subtract(had.realised, cost),
        foreign_qty=EXACT.subtract(had.foreign_qty, min(left, ZERO)),
    )


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount` × part ÷ whole down to `GRAIN`, towards zero; all of it where the part is the whole."""
    if part == whole:
        return amount
    units = EXACT.divide_int(EXACT.multiply(amount, part), EXACT.multiply(whole, GRAIN))
    return EXACT.multiply(units, GRAIN)
