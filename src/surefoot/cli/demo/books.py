"""The demo's own books: what the fills alone say, against what the exchange says (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

import msgspec

from surefoot.execution.fills import Fill
from surefoot.spot.account import Account, Trade
from surefoot.spot.enums import Side
from surefoot.values import trimmed

Amounts = Mapping[str, Decimal]
_EIGHT = Decimal("1E-8")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One order's life in a line: where it was, in order, and what it came to."""

    client_order_id: str
    steps: tuple[str, ...]
    executed_qty: Decimal
    quote_qty: Decimal
    commissions: Amounts

    @property
    def average_price(self) -> Decimal | None:
        """Average price, or None when nothing was filled."""
        return self.quote_qty / self.executed_qty if self.executed_qty else None

    def __str__(self) -> str:
        text = f"{self.client_order_id}  {' → '.join(self.steps)}"
        if self.average_price is None:
            return text
        fees = " + ".join(f"{trimmed(amount)} {asset}" for asset, amount in sorted(self.commissions.items()))
        price = trimmed(self.average_price.quantize(_EIGHT))
        return f"{text}, {trimmed(self.executed_qty)} at {price} on average, commission {fees}"


def totals(account: Account) -> dict[str, Decimal]:
    """Free plus locked of every asset."""
    return {balance.asset: balance.free + balance.locked for balance in account.balances}


def moved(fills: Iterable[Fill], base: str, quote: str) -> dict[str, Decimal]:
    """What the fills alone moved: bought minus sold, paid and received, less commission."""
    change: defaultdict[str, Decimal] = defaultdict(Decimal)
    for fill in fills:
        sign = 1 if fill.side is Side.BUY else -1
        change[base] += sign * fill.qty
        change[quote] -= sign * _worth(fill)
        change[fill.commission_asset] -= fill.commission
    return dict(change)


def balance_differences(before: Amounts, change: Amounts, after: Amounts) -> dict[str, Decimal]:
    """Assets for which before + moved is not after, with the difference. Empty when it adds up."""
    assets = before.keys() | change.keys() | after.keys()
    zero = Decimal()
    off = {a: after.get(a, zero) - before.get(a, zero) - change.get(a, zero) for a in assets}
    return {asset: difference for asset, difference in sorted(off.items()) if difference}


def trade_differences(fills: Iterable[Fill], trades: Iterable[Trade]) -> list[str]:
    """Trade ids that the trader and myTrades do not tell alike. Empty when they agree in every digit."""
    heard = {fill.trade_id: _fill_facts(fill) for fill in fills}
    listed = {trade.id: _trade_facts(trade) for trade in trades}
    return [
        f"trade {id}: trader {heard.get(id)}, myTrades {listed.get(id)}"
        for id in sorted(heard.keys() | listed.keys())
        if heard.get(id) != listed.get(id)
    ]


def _worth(fill: Fill) -> Decimal:
    """Price × quantity as the exchange counts it, which keeps eight decimals."""
    return fill.quote_qty.quantize(_EIGHT, ROUND_DOWN)


def _fill_facts(fill: Fill) -> tuple[object, ...]:
    commission = (fill.commission, fill.commission_asset)
    return (fill.order_id, fill.price, fill.qty, _worth(fill), *commission, fill.side is Side.BUY)


def _trade_facts(trade: Trade) -> tuple[object, ...]:
    commission = (trade.commission, trade.commission_asset)
    return (trade.order_id, trade.price, trade.qty, trade.quote_qty, *commission, trade.is_buyer)


def line_of(client_order_id: str, steps: Sequence[str], fills: Iterable[Fill]) -> Line:
    """The life line of one order, from where it was and from its fills."""
    commissions: defaultdict[str, Decimal] = defaultdict(Decimal)
    executed = quote = Decimal()
    for fill in fills:
        executed, quote = executed + fill.qty, quote + _worth(fill)
        commissions[fill.commission_asset] += fill.commission
    return Line(
        client_order_id=client_order_id,
        steps=tuple(_folded(steps)),
        executed_qty=executed,
        quote_qty=quote,
        commissions=dict(commissions),
    )


def _folded(steps: Iterable[str]) -> list[str]:
    """The same step many times in a row, counted."""
    runs: list[tuple[str, int]] = []
    for step in steps:
        if runs and runs[-1][0] == step:
            runs[-1] = (step, runs[-1][1] + 1)
        else:
            runs.append((step, 1))
    return [step if count == 1 else f"{step} ×{count}" for step, count in runs]
