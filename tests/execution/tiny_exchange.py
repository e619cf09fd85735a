"""An exchange so small that it is obviously right: it moves whole units of 1E-8, and says what it did."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from surefoot.execution.audit import Audit
from surefoot.execution.fills import Fill
from surefoot.spot.enums import Side
from tests.execution.deals import ASSETS, D

UNIT = 10**8
START = 1000 * UNIT
START_MS = 1_000


class Event(NamedTuple):
    """Something an audit is told: a method of it, what it is given, and when it happened."""

    name: str
    given: tuple[Any, ...]
    time_ms: int

    def tell(self, audit: Audit) -> None:
        if self.name == "executed":
            *given, final = self.given
            audit.executed(*given, self.time_ms, final=final)
        elif self.name == "filled":
            audit.filled(*self.given)
        else:
            getattr(audit, self.name)(*self.given, self.time_ms)


def money(units: int) -> Any:
    return D(units).scaleb(-8)


class TinyExchange:
    """One account. `events` is what happened, in order."""

    def __init__(self) -> None:
        self.now_ms = START_MS
        self.units = dict.fromkeys(("BTC", "ETH", "BNB", "USDT"), START)
        self.executed: dict[tuple[str, int], int] = {}
        self.trade_id = 0
        self.events: list[Event] = []
        self._position(*self.units)

    def wait(self, wait_ms: int) -> None:
        self.now_ms += wait_ms

    def deposit(self, asset: str, units: int) -> None:
        self.units[asset] += units
        self._say("moved", asset, money(units))
        self._position(asset)

    def trade(
        self, symbol: str, order_id: int, *, buy: bool, price: int, lots: int, fee: tuple[str, int]
    ) -> None:
        """`price` in cents, `lots` of 1E-5: their product is exact."""
        base, quote = ASSETS[symbol]
        self.trade_id += 7
        sign = 1 if buy else -1
        self.units[base] += sign * lots * 1000
        self.units[quote] -= sign * price * lots * 10
        self.units[fee[0]] -= fee[1]
        done = self.executed[symbol, order_id] = self.executed.get((symbol, order_id), 0) + lots
        qty, side = D(lots).scaleb(-5), Side.BUY if buy else Side.SELL
        fill = Fill(
            symbol,
            self.trade_id,
            order_id,
            side,
            D(price).scaleb(-2),
            qty,
            money(fee[1]),
            fee[0],
            self.now_ms,
        )
        self._say("executed", symbol, order_id, D(done).scaleb(-5), False)
        self._say("filled", fill)
        self._position(*sorted({base, quote, fee[0]}))

    def _position(self, *assets: str) -> None:
        for asset in assets:
            locked = self.units[asset] // 3
            self._say("told", asset, money(self.units[asset] - locked), money(locked))

    def _say(self, name: str, *given: Any) -> None:
        self.events.append(Event(name, given, self.now_ms))


@st.composite
def days(draw: st.DrawFn, most: int = 25) -> TinyExchange:
    """An exchange on which something happened."""
    exchange = TinyExchange()
    for _ in range(draw(st.integers(1, most))):
        exchange.wait(draw(st.sampled_from((0, 1, 3, 40))))
        if draw(st.integers(0, 4)) == 0:
            exchange.deposit(draw(st.sampled_from(("BTC", "USDT"))), draw(st.integers(-99, 99)) * UNIT or 1)
        else:
            symbol = draw(st.sampled_from(sorted(ASSETS)))
            fee = draw(st.sampled_from((*ASSETS[symbol], "BNB"))), draw(st.integers(-9, 99))
            price, lots = draw(st.integers(1, 10**6)), draw(st.integers(1, 10**6))
            buy, order_id = draw(st.booleans()), draw(st.integers(1, 3))
            exchange.trade(symbol, order_id, buy=buy, price=price, lots=lots, fee=fee)
    return exchange


def listening() -> Audit:
    """An audit that knows the symbols."""
    audit = Audit()
    for symbol, (base, quote) in ASSETS.items():
        audit.listed(symbol, base, quote)
    return audit


Arrivals = list[tuple[int, Event]]


def delayed(events: list[Event], draw: Callable[[Any], Any], most_ms: int) -> Arrivals:
    """When each is heard: up to `most_ms` late; balances among themselves in order, as in one stream."""
    heard: Arrivals = []
    last_ms = 0
    for event in events:
        at_ms = event.time_ms + draw(st.integers(0, most_ms))
        if event.name == "told":
            at_ms = last_ms = max(last_ms, at_ms)
        heard.append((at_ms, event))
    return sorted(heard, key=lambda each: each[0])
