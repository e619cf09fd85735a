"""Does it add up? The stream's fills alone, against `account` and `myTrades`, to the last digit."""

from collections.abc import Mapping
from decimal import Decimal

from surefoot.cli.demo.books import balance_differences, life, moved, totals, trade_differences
from surefoot.cli.demo.story import Stage
from surefoot.cli.demo.voice import Step
from surefoot.errors import SurefootError
from surefoot.spot.account import Account, GetAccount, GetMyTrades, Trade
from surefoot.values import trimmed

_SCENE = "Verification"
_SETTLE_S = 5.0


class DoesNotAddUp(SurefootError):
    """What the stream said and what the exchange's books say differ."""


async def verify(stage: Stage, before: Account) -> str:
    """Tell one life line per order and the comparison, and return the summary.

    Raises `DoesNotAddUp` naming what is off.
    """
    trades = await _trades(stage)
    wanted = {trade.id for trade in trades}
    await stage.ears.until(lambda: wanted <= {r.trade_id for r in stage.ears.reports}, _SETTLE_S)
    after = await stage.client.send(GetAccount())
    for id in stage.placed:
        line = life(id, stage.ears.reports)
        facts = {"steps": line.steps, "executed_qty": line.executed_qty, "average_price": line.average_price}
        stage.voice.tell(Step(step="Life lines", text=str(line), facts={"client_order_id": id, **facts}))
    wrong = [*_balances(stage, before, after), *_trade_lines(stage, trades), *_pushed(stage, after)]
    if wrong:
        raise DoesNotAddUp("it does not add up: " + "; ".join(wrong))
    return f"{len(stage.placed)} orders, {len(trades)} fills: everything adds up, to the last digit"


async def _trades(stage: Stage) -> list[Trade]:
    """The exchange's own list of the story's trades, order by order."""
    ids = {report.order_id for report in stage.ears.reports if report.placed_as in stage.placed}
    found: list[Trade] = []
    for order_id in sorted(ids):
        found += await stage.client.send(GetMyTrades(symbol=stage.info.symbol, order_id=order_id))
    return found


def _balances(stage: Stage, before: Account, after: Account) -> list[str]:
    ours = [report for report in stage.ears.reports if report.placed_as in stage.placed]
    change = moved(ours, stage.info.base_asset, stage.info.quote_asset)
    off = balance_differences(totals(before), change, totals(after))
    _tell(stage, not off, f"balances: before + fills - commission = after ({_shown(change)})", off)
    return [f"{asset} is off by {difference:f}" for asset, difference in off.items()]


def _trade_lines(stage: Stage, trades: list[Trade]) -> list[str]:
    ours = [report for report in stage.ears.reports if report.placed_as in stage.placed]
    off = trade_differences(ours, trades)
    _tell(stage, not off, f"trades: {len(trades)} in myTrades, the same on the stream", off)
    return off


def _pushed(stage: Stage, after: Account) -> list[str]:
    """The balances that the stream pushed last, against the account."""
    listed = {balance.asset: (balance.free, balance.locked) for balance in after.balances}
    off = [asset for asset, pushed in stage.ears.balances.items() if listed.get(asset) != pushed]
    count = len(stage.ears.balances)
    _tell(stage, not off, f"balances pushed by the stream: {count} assets, as in account", off)
    return [f"{a}: the stream pushed {stage.ears.balances[a]}, account says {listed.get(a)}" for a in off]


def _tell(stage: Stage, ok: bool, text: str, off: object) -> None:
    stage.voice.tell(Step(step=_SCENE, text=text, ok=ok, facts={"differences": off}))


def _shown(change: Mapping[str, Decimal]) -> str:
    signed = ((asset, "+" if amount > 0 else "", trimmed(amount)) for asset, amount in sorted(change.items()))
    return ", ".join(f"{sign}{text} {asset}" for asset, sign, text in signed)
