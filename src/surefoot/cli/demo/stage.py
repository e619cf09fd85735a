"""What the demo's scenes need: who trades, who watches, what is traded and within which limits."""

from decimal import Decimal

import msgspec

from surefoot.cli.demo.ears import Ears
from surefoot.cli.demo.voice import Step, Voice
from surefoot.cli.sheets import shown
from surefoot.cli.symbols import nearest
from surefoot.client.aio import AsyncClient
from surefoot.errors import Misuse, SurefootError
from surefoot.execution.aio import OrderHandle, Trader
from surefoot.execution.policy import Policy
from surefoot.execution.records import OrderRecord
from surefoot.rules.symbols import Rulebook, SymbolRules
from surefoot.spot.general import SymbolInfo
from surefoot.spot.market import Depth, Level
from surefoot.values import UNSET, trimmed

_SHOWN = 5
_HEARD_S = 1.0


class Market(msgspec.Struct, kw_only=True):
    """A symbol, its rules, and its book as it was when the demo looked."""

    info: SymbolInfo
    rulebook: Rulebook
    depth: Depth

    @property
    def rules(self) -> SymbolRules:
        """The symbol's own."""
        return self.rulebook[self.info.symbol]

    def bound(self, name: str, default: str = "0") -> Decimal:
        """The first filter's value of this name: ``tick_size``, ``step_size``, ``min_notional``…"""
        values = (getattr(rule, name) for rule in self.info.filters)
        found: Decimal = next((value for value in values if value is not UNSET and value), Decimal(default))
        return found

    @property
    def first_qty(self) -> Decimal:
        """More than stands at the best ask, and off the step."""
        ask, least = self.depth.asks[0], self.bound("min_notional", "10")
        return shown(
            max(ask.quantity * Decimal("1.5"), 3 * least / ask.price) + self.bound("step_size") * 6 / 10
        )

    @property
    def cap(self) -> Decimal:
        """The most that an order of the demo may be worth: the operator's limit."""
        largest = max(self._above(ask) * ask.price for ask in self.depth.asks[:_SHOWN])
        worth = max(largest, 6 * self.bound("min_notional", "10")) * Decimal("1.25")
        return worth.quantize(Decimal("0.01") if worth > 1 else Decimal("1E-8"))

    def _above(self, level: Level) -> Decimal:
        """More than stands there, and enough for an order."""
        return max(level.quantity * Decimal("1.5"), 3 * self.bound("min_notional", "10") / level.price)

    def policy(self) -> Policy:
        """This symbol, orders of that worth, three at a time."""
        return Policy(
            symbols={self.info.symbol},
            notional_per_order={self.info.quote_asset: self.cap},
            open_orders=3,
        )


class Stage(msgspec.Struct, kw_only=True):
    """Everything a scene needs. The `witness` is another client, which only looks."""

    trader: Trader
    witness: AsyncClient
    ears: Ears
    voice: Voice
    market: Market
    cap: Decimal
    placed: list[OrderHandle] = []

    def tell(self, step: str, text: str, **facts: object) -> None:
        """Tell one step."""
        self.voice.tell(Step(step=step, text=text, facts=facts))

    async def ended(self, order: OrderHandle) -> OrderRecord:
        """The end of an order, once that has been told."""
        record = await order.done()
        await self.ears.until(lambda: self.ears.steps.get(order.id, [""])[-1] == record.state, _HEARD_S)
        return record

    def remember(self, order: OrderHandle) -> OrderHandle:
        """It will be verified."""
        self.placed.append(order)
        return order


async def look_at(client: AsyncClient, voice: Voice, symbol: str) -> Market:
    """Measure the clock, load the rules, read the book."""
    await _tell_clock(client, voice)
    info = await client.exchange_info(symbol=symbol)
    market = Market(info=info.symbols[0], rulebook=Rulebook(info), depth=await _book(client, symbol))
    _tell_rules(market, voice)
    return market


async def look_again(stage: Stage) -> None:
    """Read the book as it is now, and show its best levels."""
    depth = await _book(stage.witness, stage.market.info.symbol)
    stage.market = msgspec.structs.replace(stage.market, depth=depth)
    _tell_book(stage.market, stage.voice)


async def _book(client: AsyncClient, symbol: str) -> Depth:
    depth = await client.depth(symbol, limit=20)
    if not depth.bids or not depth.asks:
        raise SurefootError(f"{symbol}: the book has an empty side, so there is nothing to trade against")
    return depth


async def _tell_clock(client: AsyncClient, voice: Voice) -> None:
    measured = await client.sync()
    offset_ms, window_ms = client.desk.offset_ms(), client.desk.clock.recv_window_ms
    text = f"the exchange's clock is {offset_ms:+.1f} ms from this machine's"
    text += f" (best round trip {measured.round_trip_ms:.2f} ms), so recvWindow is {window_ms} ms"
    voice.tell(Step(step="Clock", text=text, facts={"offset_ms": offset_ms, "recv_window_ms": window_ms}))


def _tell_rules(market: Market, voice: Voice) -> None:
    names = [rule.filter_type for rule in market.info.filters]
    tick, step, least = map(market.bound, ("tick_size", "step_size", "min_notional"))
    quote = market.info.quote_asset
    text = (
        f"{market.info.symbol}: tick {trimmed(tick)}, step {trimmed(step)}, at least {trimmed(least)} {quote}"
    )
    facts = {"tick_size": tick, "step_size": step, "min_notional": least}
    voice.tell(Step(step="Rules", text=text, facts=facts))
    voice.tell(Step(step="Rules", text=f"filters: {', '.join(names)}", facts={"filters": names}))


def _tell_book(market: Market, voice: Voice) -> None:
    depth = market.depth
    rows = [["bid quantity", "bid", "ask", "ask quantity"]]
    rows += [
        [trimmed(amount) for amount in (bid.quantity, bid.price, ask.price, ask.quantity)]
        for bid, ask in zip(depth.bids[:_SHOWN], depth.asks[:_SHOWN], strict=False)
    ]
    spread = depth.asks[0].price - depth.bids[0].price
    text = (
        f"{market.info.symbol}: {len(depth.bids)} bids and {len(depth.asks)} asks, spread {trimmed(spread)}"
    )
    facts = {"bid": depth.bids[0].price, "ask": depth.asks[0].price, "update_id": depth.last_update_id}
    voice.tell(Step(step="Book", text=text, facts=facts, table=rows))


async def chosen(client: AsyncClient, symbol: str | None) -> str:
    """`symbol` if it can be traded; without one BTCUSDT, else the first symbol that has a market."""
    tickers = await client.book_tickers()
    traded = [ticker.symbol for ticker in tickers if ticker.bid_price and ticker.ask_price]
    if not traded:
        raise SurefootError("no symbol here has a book with two sides; record or switch on a market")
    if symbol is None:
        return "BTCUSDT" if "BTCUSDT" in traded else traded[0]
    if symbol in traded:
        return symbol
    if any(ticker.symbol == symbol for ticker in tickers):
        raise Misuse(f"{symbol} has no market here (is it in the recording?); try {nearest('', traded)}")
    raise Misuse(f"symbol {symbol!r} is not listed here; did you mean {nearest(symbol, traded)}?")
