"""What the streams say, compared with all trades counted anew and with the book itself, over half an hour."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

import pytest

from surefoot.exchange.feeds.stream_names import due
from tests.oracles.naive_market import NaiveTrade, aggregates, candles, window

MINUTE_US = 60_000_000
DAY_US = 1440 * MINUTE_US
PLACES = Decimal("0.00000001")


class Afternoon:
    """A bench whose customers trade at random while its periods end on the clock, as the shell makes them."""

    def __init__(self, bench, seed: int) -> None:
        self.bench, self.dice = bench, Random(seed)

    def pass_time(self, seconds: float) -> Iterator[None]:
        """One yield after every beat."""
        bench, until_us = self.bench, self.bench.now_us + int(seconds * 1_000_000)
        while bench.now_us < until_us:
            before_us = bench.now_us
            bench.now_us = (before_us // 100_000 + 1) * 100_000
            for period_ms in due(before_us, bench.now_us):
                bench.front.hub.tick(period_ms, bench.now_us)
            yield

    def trade(self) -> None:
        """Somebody rests one or two orders, another takes them, sometimes not all; both sides in turn."""
        resting, taking = ("SELL", "BUY") if self.dice.random() < 0.5 else ("BUY", "SELL")
        price = 60_000 + self.dice.randrange(-20, 20)
        quantities = [
            Decimal(self.dice.randrange(100, 900)) / 100_000 for _ in range(self.dice.choice((1, 2)))
        ]
        for quantity in quantities:
            self.bench.limit(resting, str(price), str(quantity))
        self.bench.limit(taking, str(price), str(sum(quantities)), self.bench.bob)

    def play(self, seconds: float) -> Iterator[None]:
        """Trades now and then, with quiet minutes between."""
        for _ in range(int(seconds // 30)):
            for _ in range(self.dice.choice((0, 0, 1, 3))):
                self.bench.now_us += self.dice.randrange(1, 99_000) % (100_000 - self.bench.now_us % 100_000)
                self.trade()
            yield from self.pass_time(30)

    def trades(self) -> list[NaiveTrade]:
        """All of BTCUSDT."""
        return [
            NaiveTrade(
                tick.trade_id,
                Decimal(tick.price) * PLACES,
                Decimal(tick.qty) * PLACES,
                tick.time_us,
                tick.seller_order_id if tick.buyer_is_maker else tick.buyer_order_id,
                tick.buyer_is_maker,
            )
            for tick in self.bench.front.desk.data["BTCUSDT"].history.recent(10_000)
        ]


@pytest.fixture(params=[1, 2])
def afternoon(bench, request: pytest.FixtureRequest) -> Afternoon:
    return Afternoon(bench, request.param)


def spelled(row: dict[str, Any]) -> dict[str, Any]:
    """A naive candle as the fields of a kline event."""
    letters = {
        "t": row["open_us"] // 1000,
        "T": row["close_us"] // 1000,
        "f": row["first_id"],
        "L": row["last_id"],
        "n": row["count"],
    }
    decimals = {"o": "open", "c": "close", "h": "high", "l": "low", "v": "volume", "q": "quote_volume"}
    decimals |= {"V": "taker_base", "Q": "taker_quote"}
    return letters | {letter: f"{row[name]:.8f}" for letter, name in decimals.items()}


def plain(event: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in event["k"].items() if field not in {"s", "i", "x", "B"}}


@pytest.mark.parametrize("interval", ["1s", "1m", "3m", "1h", "1d", "1w", "1M"])
@pytest.mark.parametrize("zone", ["", "@+08:00"])
def test_klines(afternoon, listen, interval: str, zone: str) -> None:
    """Every candle is told as it closes, once and in order; what was told last of the open one is true."""
    one = listen(f"/ws/btcusdt@kline_{interval}{zone}")
    afternoon.trade()
    for _ in afternoon.play(600):
        pass
    told, offset_us = one.wire.take(), 8 * 60 * MINUTE_US if zone else 0
    naive = candles(afternoon.trades(), interval, afternoon.bench.now_us, offset_us)
    closed = [plain(event) for event in told if event["k"]["x"]]
    assert closed == [spelled(row) for row in naive if row["close_us"] < afternoon.bench.now_us]
    rows = {row["open_us"] // 1000: spelled(row) for row in naive}
    final = {event["k"]["t"]: plain(event) for event in told}
    assert final == {open_ms: rows[open_ms] for open_ms in final}
    assert all((event["k"]["T"] < event["E"]) == event["k"]["x"] for event in told)
    assert {(event["k"]["s"], event["k"]["i"]) for event in told} == {("BTCUSDT", interval)}


@pytest.mark.parametrize(
    ("stream", "length_us", "whole_minute"),
    [
        ("miniTicker", DAY_US, False),
        ("ticker", DAY_US, False),
        ("ticker_1h", 60 * MINUTE_US, True),
        ("ticker_1d", DAY_US, True),
    ],
)
def test_tickers(afternoon, listen, stream: str, length_us: int, whole_minute: bool) -> None:
    """Each is true when it is told, and silent only while nothing changed."""
    one = listen(f"/ws/btcusdt@{stream}")
    last: dict[str, Any] = {}
    for _ in afternoon.play(150):
        now_us = afternoon.bench.now_us
        events = one.wire.take()
        if now_us % 1_000_000:
            assert events == []
            continue
        naive = window(afternoon.trades(), now_us - length_us, Decimal(60_000))
        last = events[-1] if events else last
        assert len(events) <= 1
        assert {name: Decimal(last[letter]) for name, letter in LETTERS.items() if letter in last} == {
            name: naive[name] for name, letter in LETTERS.items() if letter in last
        }
        if events and "O" in last:
            opened_us = now_us - length_us
            assert last["O"] * 1000 == (opened_us // MINUTE_US * MINUTE_US if whole_minute else opened_us)
            assert last["C"] * 1000 == now_us


LETTERS = {
    "priceChange": "p",
    "priceChangePercent": "P",
    "weightedAvgPrice": "w",
    "prevClosePrice": "x",
    "lastPrice": "c",
    "lastQty": "Q",
    "openPrice": "o",
    "highPrice": "h",
    "lowPrice": "l",
    "volume": "v",
    "quoteVolume": "q",
    "firstId": "F",
    "lastId": "L",
}


def test_average_prices(afternoon, listen) -> None:
    """Of this minute and the four before it; the last price where nothing was traded in them."""
    one = listen("/ws/btcusdt@avgPrice")
    last: dict[str, Any] = {}
    for number, _ in enumerate(afternoon.play(900)):
        now_us = afternoon.bench.now_us
        last = (one.wire.take() or [last])[-1]
        if now_us % 1_000_000 or number % 50:
            continue
        trades = afternoon.trades()
        recent = [trade for trade in trades if trade.time_us // MINUTE_US > now_us // MINUTE_US - 5]
        value = sum(trade.price * trade.qty for trade in recent)
        quantity = sum(trade.qty for trade in recent)
        price = trades[-1].price if trades else Decimal(60_000)
        average = (value / quantity).quantize(PLACES, ROUND_DOWN) if recent else price
        assert (last["w"], last["i"]) == (f"{average:.8f}", "5m")
        assert last["T"] == (trades[-1].time_us // 1000 if trades else 0)


def test_trades_and_their_aggregates(afternoon, listen) -> None:
    """One aggregate for each taker and price, told right after its last trade."""
    one = listen("/stream", "streams=btcusdt@trade/btcusdt@aggTrade")
    for _ in afternoon.play(900):
        pass
    told = one.wire.take()
    trades = [message["data"] for message in told if message["stream"] == "btcusdt@trade"]
    summed = [message["data"] for message in told if message["stream"] == "btcusdt@aggTrade"]
    naive = afternoon.trades()
    assert [(event["t"], event["p"], event["q"]) for event in trades] == [
        (trade.id, f"{trade.price:.8f}", f"{trade.qty:.8f}") for trade in naive
    ]
    assert [(event["a"], event["p"], event["q"], event["f"], event["l"], event["m"]) for event in summed] == [
        (
            row["id"],
            f"{row['price']:.8f}",
            f"{row['qty']:.8f}",
            row["first_id"],
            row["last_id"],
            row["buyer_is_maker"],
        )
        for row in aggregates(naive)
    ]
    assert len(trades) > len(summed) > 10
    order = [message["data"].get("t", message["data"].get("l")) for message in told]
    assert order == sorted(order)


@pytest.mark.parametrize("speed", ["", "@100ms"])
def test_changes_keep_a_copy_of_the_book_true(afternoon, listen, speed: str) -> None:
    """DATA-2: the official recipe, from a snapshot on."""
    bench = afternoon.bench
    one = listen(f"/ws/btcusdt@depth{speed}")
    snapshot = bench.get("depth", symbol="BTCUSDT", limit=5000)
    last_id, sides = snapshot["lastUpdateId"], {"b": {}, "a": {}}
    for price in range(59_900, 59_999, 9):
        bench.limit("BUY", str(price), "0.001")
    for _ in afternoon.play(300):
        for event in one.wire.take():
            assert event["U"] == last_id + 1
            last_id = event["u"]
            for side, levels in sides.items():
                levels.update(event[side])
    now = bench.get("depth", symbol="BTCUSDT", limit=5000)
    assert last_id == now["lastUpdateId"]
    for side, name in (("b", "bids"), ("a", "asks")):
        assert sorted(now[name]) == sorted(
            [price, quantity] for price, quantity in sides[side].items() if float(quantity)
        )
