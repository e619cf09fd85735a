"""The account's books: balances as told, positions as filled, profit by day (TRACK-5; pure).

A fold of the journal: made from nothing by giving it everything again, or from a state and what came since.
What it keeps grows with the symbols and assets in use, not with what happened. Balances and positions are
kept apart on purpose: balances are the exchange's word, positions are our sums; `audit` compares.

A position is of one symbol: coins that came by other symbols, or as deposits, are "from elsewhere" to it, and
BNB that went as commission on BTCUSDT does not make the position of BNBUSDT smaller.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.balances import Balances, Change, Holding
from surefoot.execution.days import Days, Result
from surefoot.execution.dust import Sellable, sellable
from surefoot.execution.fills import Fill
from surefoot.execution.positions import Position, valued
from surefoot.execution.trails import Trail, Trails, begun, step
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.rules.symbols import SymbolRules
from surefoot.spot.account import Balance


class LedgerState(msgspec.Struct, frozen=True):
    """Everything a ledger knows, for a checkpoint: positions by symbol, balances by asset, results by day."""

    trails: Mapping[str, Trail] = {}
    holdings: Mapping[str, Holding] = {}
    days: Mapping[int, Mapping[str, Result]] = {}


class Ledger:
    """Hears of symbols, executions and balances; tells what is had, what it cost and what it made.

    Every execution is given once; one that comes late is taken in its place (`trails`). Balances come in any
    order: older news never replaces newer. Times are the exchange's, in milliseconds since 1970. `days` is
    what was realised; iterating gives the symbols that were listed.
    """

    def __init__(self) -> None:
        self._trails = Trails()
        self._balances = Balances({})
        self.days = Days({})

    def __iter__(self) -> Iterator[str]:
        return iter(self._trails)

    @classmethod
    def restored(cls, state: LedgerState) -> "Ledger":
        """The ledger that had this state."""
        ledger = cls()
        ledger._trails, ledger._balances = Trails(state.trails), Balances(state.holdings)
        ledger.days = Days(state.days)
        return ledger

    def state(self) -> LedgerState:
        """All that `restored` needs; JSON takes it."""
        return LedgerState(dict(self._trails), self._balances.state(), self.days.state())

    def listed(self, symbol: str, base: str, quote: str) -> None:
        """What `symbol` trades; raises `Misuse` where that was said otherwise before."""
        trail = self._trails.setdefault(symbol, begun(symbol, base, quote))
        if (trail.now.base, trail.now.quote) != (base, quote):
            raise Misuse(f"{symbol} trades {trail.now.base} for {trail.now.quote}, not {base} for {quote}")

    def filled(self, fill: Fill) -> None:
        """An execution; raises `Misuse` where its symbol was not listed."""
        taken = step(self._trails[fill.symbol], fill)
        self._trails[fill.symbol] = taken.trail
        for gain in taken.undone:
            self.days.take_back(gain)
        for gain in taken.done:
            self.days.add(gain)

    def told(self, asset: str, free: Decimal, locked: Decimal, as_of_ms: int) -> None:
        """What the account has of an asset, absolute, as of `last_update` or `update_time`."""
        self._balances.told(asset, free, locked, as_of_ms)

    def moved(self, asset: str, delta: Decimal, time_ms: int) -> None:
        """A deposit, a withdrawal, a transfer: a difference of what is free. Given once."""
        self._balances.changed(asset, Change(time_ms, delta, ZERO))

    def locked(self, asset: str, delta: Decimal, time_ms: int) -> None:
        """Something outside locked so much of what was free, or freed it where negative. Given once."""
        self._balances.changed(asset, Change(time_ms, EXACT.minus(delta), delta))

    @property
    def balances(self) -> dict[str, Balance]:
        """By asset, what was told, with the moves and locks that came after it."""
        return self._balances.shown()

    def position(self, symbol: str) -> Position:
        """Of one symbol; raises `Misuse` where it was not listed."""
        return self._trails[symbol].now

    def unrealised(self, symbol: str, price: Decimal) -> Decimal:
        """What selling the position of `symbol` at `price`, free of commission, would make."""
        return self.position(symbol).unrealised(price)

    def sellable(self, symbol: str, rules: SymbolRules, price: Decimal) -> Sellable:
        """What MARKET orders can sell of what was bought here at `price`, and what stays behind as dust.

        Not more than the balance that is free, where that was told after the symbol's newest execution.
        """
        position = self.position(symbol)
        holding = self._balances.holding(position.base)
        qty = position.qty
        if holding.as_of_ms is not None and holding.as_of_ms >= position.time_ms:
            qty = max(ZERO, min(qty, holding.balance(position.base).free))
        return sellable(qty, rules, price)

    def lost_today(self, quote: str, now_ms: int, prices: Mapping[str, Decimal]) -> Decimal:
        """What the UTC day of `now_ms` has lost in `quote`, 0 where it gained; for the operator's limit.

        Lost is what was realised (positive or negative), less the day's commissions in third assets, less
        what each open position is under water now. The last is counted in full, whenever it was bought, and a
        position above water does not make up for it. `prices`: what a unit of each asset is worth in
        `quote`; what has no price is not counted.
        """
        today = self.days.of(now_ms, quote)
        made = EXACT.subtract(today.realised, valued(today.commissions, prices)[0])
        for trail in self._trails.values():
            if trail.now.quote == quote and (price := prices.get(trail.now.base)) is not None:
                made = EXACT.add(made, min(ZERO, trail.now.unrealised(price)))
        return max(ZERO, EXACT.minus(made))
