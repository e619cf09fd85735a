"""Does it add up? What the trader heard, against `account` and `myTrades` as another client reads them."""

from collections.abc import Mapping
from decimal import Decimal

from surefoot.cli.demo.books import balance_differences, line_of, moved, totals, trade_differences
from surefoot.cli.demo.stage import Stage
from surefoot.cli.demo.voice import Step
from surefoot.errors import SurefootError
from surefoot.execution.fills import Fill
from surefoot.spot.account import Account, GetMyTrades, Trade
from surefoot.values import trimmed

_SCENE = "Verification"
_SETTLE_S = 5.0


class DoesNotAddUp(SurefootError):
    """What the trader knows and what the exchange's books say differ."""


async def verify(stage: Stage, before: Account) -> str:
    """Tell one life line per order and the comparison, and return the summary.

    Raises `DoesNotAddUp` naming what is off.
    """
    trades = await _trades(stage)
    wanted = {trade.id for trade in trades}
    await stage.ears.until(lambda: wanted <= {fill.trade_id for fill in stage.ears.fills}, _SETTLE_S)
    after = await stage.witness.account()
    for order in stage.placed:
        line = line_of(order.id, stage.ears.steps.get(order.id, []), stage.ears.fills_of(order.order_id))
        facts = {"steps": line.steps, "executed_qty": line.executed_qty, "average_price": line.average_price}
        stage.voice.tell(
            Step(step="Life lines", text=str(line), facts={"client_order_id": order.id, **facts})
        )
    wrong = [*_balances(stage, before, after), *_trade_lines(stage, trades), *await _known(stage, after)]
    wrong += stage.ears.odd
    if wrong:
        raise DoesNotAddUp("it does not add up: " + "; ".join(wrong))
    _tell_profit(stage)
    return f"{len(stage.placed)} orders, {len(trades)} fills: everything adds up, to the last digit"


async def _trades(stage: Stage) -> list[Trade]:
    """The exchange's own list of the story's trades, order by order."""
    found: list[Trade] = []
    for order_id in sorted(order.order_id for order in stage.placed if order.order_id is not None):
        found += await stage.witness.send(GetMyTrades(symbol=stage.market.info.symbol, order_id=order_id))
    return found


def _ours(stage: Stage) -> list[Fill]:
    return [fill for order in stage.placed for fill in stage.ears.fills_of(order.order_id)]


def _balances(stage: Stage, before: Account, after: Account) -> list[str]:
    change = moved(_ours(stage), stage.market.info.base_asset, stage.market.info.quote_asset)
    off = balance_differences(totals(before), change, totals(after))
    _tell(stage, not off, f"balances: before + fills - commission = after ({_shown(change)})", off)
    return [f"{asset} is off by {difference:f}" for asset, difference in off.items()]


def _trade_lines(stage: Stage, trades: list[Trade]) -> list[str]:
    off = trade_differences(_ours(stage), trades)
    _tell(stage, not off, f"trades: {len(trades)} in myTrades, and the trader knows the same", off)
    return off


async def _known(stage: Stage, after: Account) -> list[str]:
    """The trader's balances, against the account's."""
    listed = {balance.asset: (balance.free, balance.locked) for balance in after.balances}

    def off() -> list[str]:
        known = stage.trader.balances.values()
        return [each.asset for each in known if listed.get(each.asset) != (each.free, each.locked)]

    await stage.ears.until(lambda: not off(), _SETTLE_S)
    count = len(stage.trader.balances)
    _tell(stage, not off(), f"the trader's own balances: {count} assets, as in account", off())
    return [f"{a}: the trader knows {stage.trader.balances[a]}, account says {listed.get(a)}" for a in off()]


def _tell_profit(stage: Stage) -> None:
    info = stage.market.info
    position = stage.trader.position(info.symbol)
    pnl = stage.trader.pnl(info.symbol, {info.base_asset: stage.market.depth.bids[0].price})
    qty = f"{trimmed(position.bought)} bought, {trimmed(position.sold)} sold, {trimmed(position.qty)} left"
    realised = f"{trimmed(pnl.realised.quantize(Decimal('1E-8')))} {info.quote_asset}"
    text = f"ledger: {qty}; realised {realised}, commission included"
    facts = {"position": position.qty, "realised": pnl.realised, "commissions": position.commissions}
    stage.voice.tell(Step(step=_SCENE, text=text, facts=facts))


def _tell(stage: Stage, ok: bool, text: str, off: object) -> None:
    stage.voice.tell(Step(step=_SCENE, text=text, ok=ok, facts={"differences": off}))


def _shown(change: Mapping[str, Decimal]) -> str:
    signed = ((asset, "+" if amount > 0 else "", trimmed(amount)) for asset, amount in sorted(change.items()))
    return ", ".join(f"{sign}{text} {asset}" for asset, sign, text in signed)
