"""A recorded market drives the books; customers keep their place in them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.errors import Misuse
from surefoot.exchange.core.commands import Report, TradeTick
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import units
from surefoot.exchange.liquidity.recording import RecordedDiff, Recording, read_recording
from surefoot.exchange.liquidity.replay import Replay
from surefoot.spot.enums import OrderStatus, Side
from surefoot.world import SeededEntropy
from tests.exchange.trading import Floor, filtered

REST = [
    'https://api.example/api/v3/depth?symbol=BTCUSDT&limit=1000 -> 1000.5: {"lastUpdateId":10,'
    '"bids":[["50000.00","1.0"],["49990.00","2.0"]],"asks":[["50010.00","1.0"],["50020.00","3.0"]]}',
    "",
]
STREAMS = [
    "wss://stream.example/stream?streams=btcusdt@depth@100ms <-> 999.9",
    '1000.0: {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT","U":9,"u":10,'
    '"b":[["50000.00","9.0"]],"a":[]}}',
    '1001.0: {"stream":"btcusdt@bookTicker","data":{"u":11,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}',
    '1002.0: {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT","U":11,"u":14,'
    '"b":[["50000.00","0"],["49990.00","5.0"]],"a":[["50010.00","0.4"]]}}',
    '1003.0: {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"49990.00","q":"0.3",'
    '"m":true}}',
    '1004.0: {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT","U":15,"u":20,'
    '"b":[["50100.00","1.0"]],"a":[["50010.00","0"],["50020.00","0"],["50110.00","2.0"]]}}',
]


@pytest.fixture
def small() -> Recording:
    return read_recording(REST, STREAMS)


def playing(recording: Recording, speed: float = 1.0) -> tuple[Floor, Replay]:
    floor = Floor()
    replay = Replay(floor.engine, recording, entropy=SeededEntropy(4), now_us=floor.now_us, speed=speed)
    replay.step(floor.now_us)
    return floor, replay


def play(floor: Floor, replay: Replay, seconds: float) -> None:
    until = floor.now_us + int(seconds * 1_000_000)
    while (due := replay.step(floor.now_us)) <= until:
        floor.now_us = due
    floor.now_us = until


def book(engine: Engine) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    depth = engine.depth("BTCUSDT", 10)
    bids, asks = ([(p / 1e8, q / 1e8) for p, q in side] for side in (depth.bids, depth.asks))
    return bids, asks


def test_the_snapshot_is_there_at_once_and_old_diffs_are_skipped(small: Recording) -> None:
    floor, replay = playing(small)
    play(floor, replay, 1)
    assert book(floor.engine) == ([(50000, 1), (49990, 2)], [(50010, 1), (50020, 3)])
    assert small.last_prices() == {"BTCUSDT": units("50000")}


def test_diffs_set_absolute_quantities_on_the_recordings_clock(small: Recording) -> None:
    floor, replay = playing(small)
    play(floor, replay, 2.5)
    assert book(floor.engine) == ([(49990, 5)], [(50010, 0.4), (50020, 3)])
    assert not replay.over
    play(floor, replay, 60)
    assert replay.over
    assert book(floor.engine) == ([(50100, 1), (49990, 5)], [(50110, 2)])


def test_twice_the_speed_is_half_the_time(small: Recording) -> None:
    floor, replay = playing(small, speed=2.0)
    play(floor, replay, 1.1)
    assert book(floor.engine)[0] == [(49990, 5)]
    with pytest.raises(Misuse, match="speed"):
        playing(small, speed=0)


def test_a_recorded_trade_is_a_trade_and_the_recorded_market_never_meets_itself(small: Recording) -> None:
    floor, replay = playing(small)
    play(floor, replay, 60)
    ticks = [effect for effect in floor.engine.outbox if isinstance(effect, TradeTick)]
    assert [(tick.price, tick.qty, tick.buyer_is_maker) for tick in ticks] == [
        (units("49990"), units("0.3"), True)
    ]


def test_a_customer_keeps_the_place_in_the_queue(small: Recording) -> None:
    """Behind the recorded quantity of its level; a recorded trade hits that first."""
    still = Recording(small.books, tuple(event for event in small.events if event[0] > 2_500_000)[:1])
    floor, _ = playing(still)
    floor.engine.open_account("cat", {"USDT": units("1000000")}, house=True)  # unnoticed by synthetic takers
    placed = floor.limit(Side.BUY, "1", "49990", by="cat")
    first = floor.limit(Side.SELL, "1.5", "49990", by="ben")
    assert first.order.status is OrderStatus.FILLED
    seat = floor.engine.open_order("cat", "BTCUSDT", placed.order.order_id)
    assert seat is not None
    assert seat.executed_qty == 0
    floor.limit(Side.SELL, "2", "49990", by="ben")
    assert seat.executed_qty == units("0.5")


def test_a_resting_order_is_matched_when_the_recorded_market_crosses_it(small: Recording) -> None:
    floor, replay = playing(small)
    far = floor.limit(Side.SELL, "0.5", "50090").order
    play(floor, replay, 3.5)
    assert floor.engine.order("ann", "BTCUSDT", order_id=far.order_id).status is OrderStatus.NEW
    play(floor, replay, 1)
    done = floor.engine.order("ann", "BTCUSDT", order_id=far.order_id)
    assert (done.status, done.executed_qty) == (OrderStatus.FILLED, units("0.5"))


def test_what_customers_eat_is_quoted_again(small: Recording) -> None:
    floor, replay = playing(small)
    floor.market(Side.BUY, "3")
    assert book(floor.engine)[1] == [(50020, 1)]
    play(floor, replay, 0.3)
    assert book(floor.engine)[1] == [(50010, 1), (50020, 3)]


def test_after_the_end_a_small_order_at_the_touch_is_still_filled_in_parts(small: Recording) -> None:
    floor, replay = playing(small)
    play(floor, replay, 10)
    floor.limit(Side.BUY, "0.002", "50100")
    floor.drained()
    play(floor, replay, 10)
    fills = [effect for effect in floor.drained() if isinstance(effect, Report) and effect.trade_id > 0]
    assert len(fills) >= 2
    assert fills[-1].order.status is OrderStatus.FILLED
    play(floor, replay, 1)
    assert book(floor.engine) == ([(50100, 1), (49990, 5)], [(50110, 2)])


def test_leftovers_off_the_grid_are_rounded_away_from_the_touch() -> None:
    coarse = filtered(
        {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": "20"},
        {"filterType": "LOT_SIZE", "minQty": "1", "maxQty": "100", "stepSize": "1"},
    )
    floor = Floor(coarse)
    recording = read_recording(REST, [])
    Replay(floor.engine, recording, entropy=SeededEntropy(1), now_us=floor.now_us).step(floor.now_us)
    assert book(floor.engine) == ([(50000, 1), (49980, 2)], [(50020, 4)])


def test_what_cannot_be_replayed_is_said() -> None:
    with pytest.raises(Misuse, match="no depth snapshot"):
        read_recording([], STREAMS)
    with pytest.raises(Misuse, match="line 2"):
        read_recording(REST, [STREAMS[0], "yesterday: {}"])
    with pytest.raises(Misuse, match="line 1"):
        read_recording(REST, ["1000.0: {"])
    with pytest.raises(Misuse, match="line 1 of the REST recording lacks 'symbol'"):
        read_recording(["https://x/depth?limit=5 -> 1: {}"], [])
    with pytest.raises(Misuse, match="line 1 of the stream recording lacks 'data'"):
        read_recording(REST, ["1000.0: {}"])
    with pytest.raises(Misuse, match="line 1 of the stream recording"):
        read_recording(REST, [STREAMS[1].replace("9.0", "nine")])
    strange = read_recording([REST[0].replace("BTCUSDT", "ODDUSDT")], [])
    with pytest.raises(Misuse, match="ODDUSDT"):
        Replay(Floor().engine, strange, entropy=SeededEntropy(1), now_us=0)


@pytest.mark.recordings
def test_the_real_recording_ends_where_its_diffs_say(recording: Callable[[str], Path]) -> None:
    """Every level of four odd symbols, against a plain fold of the recorded diffs."""
    import json

    from surefoot.exchange.core.listing import listing_from_exchange_info

    with gzip.open(recording("exchangeInfo-2021-10-12.json.gz"), "rt") as file:
        symbols = json.load(file)["symbols"]
    with (
        gzip.open(recording("rest-2021-10-12.log.gz"), "rt") as rest,
        gzip.open(recording("streams-2021-10-12.log.gz"), "rt") as streams,
    ):
        recorded = read_recording(rest, streams)
    chosen = [listing_from_exchange_info(symbol) for symbol in symbols if symbol["symbol"] in recorded.books]
    engine = Engine(chosen, entropy=SeededEntropy(1), now_us=0, last_prices=recorded.last_prices())
    replay = Replay(engine, recorded, entropy=SeededEntropy(2), now_us=0)
    now_us = 0
    while not replay.over:
        now_us = replay.step(now_us)
    for listing in chosen:
        depth = engine.depth(listing.symbol, 5_000)
        for name, levels in (("bids", depth.bids), ("asks", depth.asks)):
            shown = _folded(recorded, listing.symbol, name)
            placed: dict[int, int] = {}
            for price, quantity in shown.items():
                off = -price % listing.tick if name == "asks" else -(price % listing.tick)
                placed[price + off] = placed.get(price + off, 0) + quantity
            steps = {price: max(quantity // listing.step, 1) for price, quantity in placed.items()}
            assert dict(levels) == {price: count * listing.step for price, count in steps.items()}


def _folded(recorded: Recording, symbol: str, side: str) -> dict[int, int]:
    snapshot = recorded.books[symbol]
    levels = dict(getattr(snapshot, side))
    for _, event in recorded.events:
        if not isinstance(event, RecordedDiff) or event.symbol != symbol:
            continue
        if event.last_id > snapshot.last_update_id:
            levels |= dict(getattr(event, side))
    return {price: quantity for price, quantity in levels.items() if quantity}
