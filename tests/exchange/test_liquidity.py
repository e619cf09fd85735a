"""Synthetic markets keep their promises (SIM-4)."""

from surefoot.exchange.core.commands import DepthChange, Effect, Report, TradeTick
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.ledger import MARKET_MAKER
from surefoot.exchange.core.listing import Listing, units
from surefoot.exchange.liquidity.synthetic import IDLE_US, Liquidity, SyntheticMarket, starting_prices
from surefoot.spot.enums import OrderStatus, Side, SymbolStatus
from surefoot.world import SeededEntropy
from tests.exchange.trading import NOW_US, Floor, filtered, listings

SECOND = 1_000_000


def market(floor: Floor, liquidity: Liquidity = Liquidity.QUIET, seed: int = 3) -> SyntheticMarket:
    return SyntheticMarket(floor.engine, liquidity, entropy=SeededEntropy(seed), symbols=["BTCUSDT"])


def run(floor: Floor, synthetic: SyntheticMarket, seconds: float) -> list[Effect]:
    """Let it act as it asks to be let; what was said meanwhile."""
    said: list[Effect] = []
    until = floor.now_us + int(seconds * SECOND)
    while (due := synthetic.step(floor.now_us)) <= until:
        assert due > floor.now_us
        floor.now_us = due
        said += floor.drained()
    floor.now_us = until
    return said + floor.drained()


def mid(engine: Engine) -> float:
    top = engine.book_ticker("BTCUSDT")
    assert 0 < top.bid < top.ask
    return (top.bid + top.ask) / 2


def test_a_quiet_hour() -> None:
    """The mid moves less than 1 %, there are always 20 levels a side, a trade every second or so."""
    floor = Floor()
    synthetic = market(floor)
    mids, trades, last_trade_us, longest_us = [], 0, NOW_US, 0
    while floor.now_us < NOW_US + 3_600 * SECOND:
        floor.now_us = synthetic.step(floor.now_us)
        for effect in floor.drained():
            if isinstance(effect, TradeTick):
                trades += 1
                longest_us = max(longest_us, effect.time_us - last_trade_us)
                last_trade_us = effect.time_us
        depth = floor.engine.depth("BTCUSDT", 20)
        assert len(depth.bids) == len(depth.asks) == 20
        mids.append(mid(floor.engine))
    assert max(mids) / min(mids) < 1.01
    assert len(set(mids)) > 10
    assert 2_400 < trades < 5_400
    assert longest_us < 3 * SECOND


def test_lively_is_livelier() -> None:
    calm, wild = (
        run(floor, market(floor, style), 60)
        for floor, style in ((Floor(), Liquidity.QUIET), (Floor(), Liquidity.LIVELY))
    )
    trades = [sum(isinstance(effect, TradeTick) for effect in said) for said in (calm, wild)]
    changes = [sum(isinstance(effect, DepthChange) for effect in said) for said in (calm, wild)]
    assert trades[1] > 3 * trades[0]
    assert changes[1] > 3 * changes[0]


def test_a_storm_moves_wide_and_never_rests() -> None:
    """SIM-3: dozens of trades a second, a book that changes with each look, percents within a minute."""
    floor = Floor()
    said = run(floor, market(floor, Liquidity.STORM), 60)
    prices = [effect.price for effect in said if isinstance(effect, TradeTick)]
    assert len(prices) > 60 * 50
    assert max(prices) > 1.02 * min(prices)
    assert sum(isinstance(effect, DepthChange) for effect in said) > 60 * 500


def test_none_is_nobody() -> None:
    floor = Floor()
    assert run(floor, market(floor, Liquidity.NONE), 60) == []
    assert market(floor, Liquidity.NONE).step(NOW_US) == NOW_US + IDLE_US


def test_the_same_seed_gives_the_same_market() -> None:
    first, again, other = (
        run(floor, market(floor, seed=seed), 30) for floor, seed in ((Floor(), 1), (Floor(), 1), (Floor(), 2))
    )
    assert first == again
    assert first != other


def test_what_a_customer_eats_is_quoted_again_within_some_100_ms() -> None:
    floor = Floor()
    synthetic = market(floor)
    run(floor, synthetic, 1)
    before = floor.engine.depth("BTCUSDT", 25)
    floor.market(Side.BUY, "2")
    assert len(floor.engine.depth("BTCUSDT", 25).asks) < 25
    run(floor, synthetic, 0.2)
    after = floor.engine.depth("BTCUSDT", 25)
    assert len(after.asks) == 25
    assert abs(after.asks[0][0] - before.asks[0][0]) < before.asks[0][0] // 1_000


def test_a_small_order_at_the_touch_is_filled_in_parts_within_seconds() -> None:
    for side in Side:
        floor = Floor()
        synthetic = market(floor)
        run(floor, synthetic, 5)
        top = floor.engine.book_ticker("BTCUSDT")
        price = top.bid if side is Side.BUY else top.ask
        order = floor.limit(side, "0.002", f"{price / 10**8:.2f}").order
        assert order.status is OrderStatus.NEW
        reports = [effect for effect in run(floor, synthetic, 12) if isinstance(effect, Report)]
        fills = [report for report in reports if report.trade_id > 0]
        assert len(fills) >= 2
        assert fills[0].order.status is OrderStatus.PARTIALLY_FILLED
        assert fills[-1].order.status is OrderStatus.FILLED
        assert all(fill.is_maker and fill.order.order_id == order.order_id for fill in fills)


def test_an_order_far_away_is_left_alone() -> None:
    floor = Floor()
    synthetic = market(floor)
    run(floor, synthetic, 1)
    order = floor.limit(Side.BUY, "0.002", "58000").order
    run(floor, synthetic, 30)
    assert floor.engine.order("ann", "BTCUSDT", order_id=order.order_id).status is OrderStatus.NEW


def test_the_market_maker_conjures_no_money() -> None:
    floor = Floor()
    run(floor, market(floor, Liquidity.LIVELY), 20)
    floor.market(Side.BUY, "5")
    ledger = floor.engine.ledger
    for asset in ("BTC", "USDT"):
        assert ledger.total(asset) == ledger.deposited[asset]
        assert ledger.wallet(MARKET_MAKER, asset).free > 0


def test_every_symbol_is_quoted_unless_chosen_and_only_when_trading() -> None:
    closed = listings(status="BREAK")[0]
    floor = Floor([closed, *listings()[1:]])
    SyntheticMarket(floor.engine, Liquidity.QUIET, entropy=SeededEntropy(1)).step(NOW_US)
    quoted = [symbol for symbol in floor.engine.listings if floor.engine.depth(symbol, 1).bids]
    assert quoted == ["ETHUSDT", "BNBUSDT", "ETHBTC"]


def test_a_starting_price_is_legal_under_its_filter() -> None:
    bounds = {"filterType": "PRICE_FILTER", "minPrice": "0.001", "maxPrice": "5", "tickSize": "0.001"}

    def price(listing: Listing) -> int:
        return starting_prices([listing])[listing.symbol]

    assert price(listings()[0]) == units("67000")
    assert price(listings()[3]) == units("0.05074")
    assert price(filtered(bounds)[0]) == units("2.5")
    unknown = filtered(bounds | {"maxPrice": "100"})[0]
    assert price(listings(baseAsset="ODD", filters=list(unknown.filters))[0]) == units("20")


def test_a_halted_market_is_left_alone() -> None:
    floor = Floor()
    synthetic = market(floor, Liquidity.LIVELY)
    assert run(floor, synthetic, 5)
    floor.engine.markets["BTCUSDT"].turn(SymbolStatus.HALT)
    assert run(floor, synthetic, 5) == []
    floor.engine.markets["BTCUSDT"].turn(SymbolStatus.TRADING)
    assert run(floor, synthetic, 5)
