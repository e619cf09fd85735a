"""When a stream speaks: at its period, when there is something new, and for whoever has just joined."""

import pytest

from surefoot.exchange.feeds.stream_names import due

MINUTE_US = 60_000_000


def trade(bench, symbol: str = "BTCUSDT", price: str = "60000") -> None:
    order = {"symbol": symbol, "type": "LIMIT", "timeInForce": "GTC", "price": price, "quantity": "0.01"}
    bench.ok("POST", "order", side="SELL", **order)
    bench.ok("POST", "order", bench.bob, side="BUY", **order)


@pytest.mark.parametrize(
    ("before_us", "now_us", "periods"),
    [
        (0, 99_999, ()),
        (99_999, 100_000, (100,)),
        (100_000, 100_001, ()),
        (999_999, 1_000_003, (100, 1000)),
        (1_900_000, 2_000_000, (100, 1000, 2000)),
        (0, 3_600_000_000, (100, 1000, 2000)),
    ],
)
def test_periods_end_on_the_clock(before_us: int, now_us: int, periods: tuple[int, ...]) -> None:
    """However long the shell slept, a period ends once."""
    assert due(before_us, now_us) == periods


@pytest.mark.parametrize("name", ["miniTicker", "ticker", "ticker_1h", "avgPrice"])
def test_an_individual_stream_begins_with_what_is_there(bench, listen, name: str) -> None:
    """Then it is silent until something changes."""
    one = listen(f"/ws/btcusdt@{name}")
    assert one.tick(100) == one.tick(2000) == []
    assert len(one.tick(1000)) == 1
    assert one.tick(1000) == []
    trade(bench)
    assert len(one.tick(1000)) == 1
    assert one.tick(1000) == []
    one.say(method="UNSUBSCRIBE", params=[f"btcusdt@{name}"], id=1)
    one.say(method="SUBSCRIBE", params=[f"btcusdt@{name}"], id=2)
    assert len(one.tick(1000)) == 1


@pytest.mark.parametrize("name", ["miniTicker", "ticker", "ticker_1h"])
def test_a_trade_that_leaves_the_window_is_news(bench, listen, name: str) -> None:
    one = listen(f"/ws/btcusdt@{name}")
    trade(bench)
    [before] = one.tick(1000)
    bench.now_us += (60 if name == "ticker_1h" else 1440) * MINUTE_US
    assert one.tick(1000) == []
    bench.now_us += MINUTE_US
    [after] = one.tick(1000)
    assert (before["v"], after["v"]) == ("0.01000000", "0.00000000")


def test_the_best_price_is_part_of_the_full_ticker_only(bench, listen) -> None:
    one = listen("/stream", "streams=btcusdt@ticker/btcusdt@miniTicker/btcusdt@ticker_1h")
    one.tick(1000)
    bench.limit("BUY", "59000", "0.01")
    [message] = one.tick(1000)
    assert (message["stream"], message["data"]["b"]) == ("btcusdt@ticker", "59000.00000000")


@pytest.mark.parametrize("name", ["!miniTicker@arr", "!ticker_1h@arr", "!ticker_4h@arr", "!ticker_1d@arr"])
def test_an_array_holds_only_what_changed(bench, listen, name: str) -> None:
    trade(bench, "ETHUSDT", "3000")
    one = listen(f"/ws/{name}")
    assert one.tick(1000) == []
    trade(bench)
    [changed] = one.tick(1000)
    assert [event["s"] for event in changed] == ["BTCUSDT"]
    trade(bench, "ETHUSDT", "3001")
    trade(bench)
    [changed] = one.tick(1000)
    assert sorted(event["s"] for event in changed) == ["BTCUSDT", "ETHUSDT"]
    assert one.tick(1000) == []
    bench.now_us += 1441 * MINUTE_US
    [changed] = one.tick(1000)
    assert {event["v"] for event in changed} == {"0.00000000"}


def test_an_array_that_begins_in_the_middle_of_things(bench, listen) -> None:
    """A symbol that trades before the first period ends is in the first array."""
    one = listen("/ws/!miniTicker@arr")
    trade(bench)
    [changed] = one.tick(1000)
    assert [event["s"] for event in changed] == ["BTCUSDT"]


def test_a_candle_closes_without_a_trade(bench, listen) -> None:
    """Its open state is told while it grows, and the closed one even after a quiet minute."""
    trade(bench)
    one = listen("/ws/btcusdt@kline_1m")
    [first] = one.tick(2000)
    assert (first["k"]["x"], first["k"]["n"]) == (False, 1)
    assert one.tick(2000) == []
    bench.now_us += MINUTE_US
    [closed] = one.tick(2000)
    assert (closed["k"]["x"], closed["k"]["n"], closed["k"]["T"]) == (True, 1, first["k"]["T"])
    bench.now_us += MINUTE_US
    [quiet] = one.tick(2000)
    assert (quiet["k"]["x"], quiet["k"]["n"], quiet["k"]["f"]) == (True, 0, -1)
    assert quiet["k"]["t"] == closed["k"]["T"] + 1


def test_a_trade_and_the_turn_of_the_minute_in_one_period(bench, listen) -> None:
    """The candle that just closed, with its last trade, and then the new one."""
    trade(bench)
    one = listen("/ws/btcusdt@kline_1m")
    one.tick(2000)
    bench.now_us += MINUTE_US - 1
    trade(bench)
    bench.now_us += 1
    trade(bench)
    told = [(event["k"]["x"], event["k"]["n"]) for event in one.tick(2000)]
    assert told == [(True, 2), (False, 1)]


def test_a_symbol_that_never_traded_has_no_candle(bench, listen) -> None:
    one = listen("/ws/btcusdt@kline_1s/btcusdt@kline_1m")
    bench.now_us += MINUTE_US
    assert one.ticks() == []


def test_two_connections_with_units_of_their_own(bench, listen) -> None:
    """They share the stream, not its spelling."""
    plain, fine = (
        listen("/ws/btcusdt@aggTrade"),
        listen("/stream", "streams=btcusdt@aggTrade&timeUnit=microsecond"),
    )
    trade(bench)
    [one], [other] = plain.wire.take(), fine.wire.take()
    assert other["data"]["E"] == one["E"] * 1000 == bench.now_us
    fine.session.over()
    trade(bench)
    assert len(plain.wire.take()) == 1
    assert fine.wire.take() == []


def test_a_stream_is_forgotten_with_its_last_listener(bench, listen) -> None:
    names = ("!miniTicker@arr", "btcusdt@depth", "btcusdt@kline_1M")
    one, two = listen(f"/ws/{'/'.join(names)}"), listen(f"/ws/{names[0]}")
    assert bench.front.hub.streams == names
    one.session.over()
    assert bench.front.hub.streams == names[:1]
    two.session.over()
    assert bench.front.hub.streams == ()
    trade(bench)
    assert one.ticks() + two.ticks() == []
