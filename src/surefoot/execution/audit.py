"""The continuity audit: do the executions add up, and do the balances follow from them (TRACK-5; pure)?

What is heard is given as it comes, in any order. `check` judges only what is `quiet_ms` old on the exchange's
clock, so that what belongs together has arrived. While a gap is being read it must not be called: what is old
may still be on its way then. So: after every resync with 0, and now and then with the usual patience.
Nothing is put right here: a finding is to be told, and then looked into.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.continuity import Difference, Flow, Mark, Thread, Untold, judged
from surefoot.execution.fills import Fill
from surefoot.execution.positions import added
from surefoot.execution.shortfalls import OrderBooks, Orders, Shortfall
from surefoot.rules.quantise import EXACT, ZERO, down
from surefoot.spot.enums import Side

QUIET_MS = 10_000
FINEST = Decimal("1E-8")
"""What the exchange keeps of price × quantity: it drops the rest of an execution's worth."""

Finding = Shortfall | Difference | Untold
"""What `check` finds. Each has a `text` for people; a `settled` one says that all is well (again)."""


class AuditState(msgspec.Struct, frozen=True):
    """Everything an audit knows, for a checkpoint."""

    symbols: Mapping[str, tuple[str, str]] = {}
    orders: OrderBooks = OrderBooks()
    threads: Mapping[str, Thread] = {}


class Audit:
    """Hears what the ledger hears, and what the exchange says of its sums.

    Every execution and every move is given once. An asset is audited from its first balance on: what was
    before that is in it. Locks from outside do not change a total, and are of no interest here.
    """

    def __init__(self) -> None:
        self._symbols: dict[str, tuple[str, str]] = {}
        self._orders = Orders(OrderBooks())
        self._threads: dict[str, Thread] = {}

    @classmethod
    def restored(cls, state: AuditState) -> "Audit":
        """The audit that had this state."""
        audit = cls()
        audit._symbols, audit._threads = dict(state.symbols), dict(state.threads)
        audit._orders = Orders(state.orders)
        return audit

    def state(self) -> AuditState:
        """All that `restored` needs; JSON takes it."""
        return AuditState(dict(self._symbols), self._orders.state(), dict(self._threads))

    def listed(self, symbol: str, base: str, quote: str) -> None:
        """What `symbol` trades."""
        self._symbols[symbol] = base, quote

    def executed(self, symbol: str, order_id: int, qty: Decimal, as_of_ms: int, *, final: bool) -> None:
        """The exchange's `executedQty` of an order, and whether it is the last word on it."""
        self._orders.executed(symbol, order_id, qty, as_of_ms, final=final)

    def filled(self, fill: Fill) -> None:
        """An execution; raises `Misuse` where its symbol was not listed."""
        if fill.symbol not in self._symbols:
            raise Misuse(f"{fill.symbol} was never listed: say what it trades before its first execution")
        base, quote = self._symbols[fill.symbol]
        self._orders.filled(fill)
        worth = fill.quote_qty
        rounding = ZERO if down(worth, FINEST) == worth else FINEST
        for asset, delta in deltas(fill, base, quote).items():
            source = f"{fill.symbol} trade {fill.trade_id}"
            flow = Flow(fill.time_ms, delta, source, rounding if asset == quote else ZERO)
            self._flowed(asset, flow)

    def moved(self, asset: str, delta: Decimal, time_ms: int) -> None:
        """A deposit, a withdrawal, a transfer."""
        self._flowed(asset, Flow(time_ms, delta, f"a transfer at {time_ms}"))

    def told(self, asset: str, free: Decimal, locked: Decimal, as_of_ms: int) -> None:
        """What the account has of an asset, absolute, as of `last_update` or `update_time`."""
        thread = self._threads.get(asset, Thread())
        self._threads[asset] = thread.told(Mark(as_of_ms, EXACT.add(free, locked)))

    def check(self, now_ms: int, quiet_ms: int = QUIET_MS) -> list[Finding]:
        """What is found since the last check, in what was heard up to `quiet_ms` before `now_ms`."""
        until_ms = now_ms - quiet_ms
        found: list[Finding] = [*self._orders.check(until_ms)]
        for asset in sorted(self._threads):
            self._threads[asset], more = judged(asset, self._threads[asset], until_ms)
            found += more
        return found

    def _flowed(self, asset: str, flow: Flow) -> None:
        self._threads[asset] = self._threads.get(asset, Thread()).flowed(flow)


def deltas(fill: Fill, base: str, quote: str) -> dict[str, Decimal]:
    """What an execution changes of each asset's total, commission included; assets that stay are left out."""
    came, went = (base, fill.qty), (quote, fill.quote_qty)
    if fill.side is Side.SELL:
        came, went = went, came
    changes = added({}, *came)
    for asset, amount in (went, (fill.commission_asset, fill.commission)):
        changes = added(changes, asset, EXACT.minus(amount))
    return changes
