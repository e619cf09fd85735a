"""Rules of a symbol, and the book of all of them."""

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import pytest

from surefoot.errors import Misuse
from surefoot.rules import symbols
from surefoot.rules.check import Checked, Snapshot, judge
from surefoot.rules.filters import LotSize, PercentPrice
from surefoot.rules.symbols import Rulebook, SymbolRules
from surefoot.spot.enums import OrderType, Side, SymbolStatus, TimeInForce
from surefoot.spot.filters import Filter
from surefoot.spot.general import ExchangeInfo, SymbolInfo
from surefoot.spot.trade import NewOrder
from tests.rules.made import BY_SIDE, COUNTS, LOT, MARKET_LOT, NOTIONAL, PRICE, USUAL, info_of, rules_of
from tests.rules.naive_filters import complaints


def exchange_info(*infos: SymbolInfo) -> ExchangeInfo:
    limit = Filter(filter_type="EXCHANGE_MAX_NUM_ORDERS", max_num_orders=1000)
    return ExchangeInfo(
        timezone="UTC", server_time=0, rate_limits=(), exchange_filters=(limit,), symbols=infos
    )


def test_filters_become_types_and_windows() -> None:
    """RULES-2: normalised bounds, and what they leave together."""
    rules = rules_of(*USUAL)
    assert rules.quantity.ranges[0] == LotSize(Decimal("0.00001"), Decimal(9000), Decimal("0.00001"))
    assert str(rules.price.ranges[0].step) == "0.01"
    assert rules.market_quantity.window.high == Decimal("129.84957")
    assert [each.min_notional for each in rules.notionals] == [Decimal(5)]
    assert rules.market_quantity.names == ("LOT_SIZE", "MARKET_LOT_SIZE")
    assert [each.filter_type for each in rules.counts] == ["MAX_NUM_ORDERS"]
    assert rules.unjudged == ()


def test_filters_with_missing_fields_are_read_the_careful_way() -> None:
    """RULES-2: a bound that is not there binds nothing, a flag that is not there is set."""
    bare = rules_of({"filterType": "NOTIONAL", "minNotional": "5"}, {"filterType": "LOT_SIZE"})
    assert bare.notionals[0].bounds(market=True) == (Decimal(5), Decimal(0))
    assert bare.quantity.window.low == Decimal("0.00000001")
    old = rules_of({"filterType": "PERCENT_PRICE", "multiplierUp": "2", "avgPriceMins": 5})
    assert isinstance(old.percents[0], PercentPrice)
    assert old.percents[0].broken(Side.SELL, Decimal("0.01"), Decimal(100)) is None
    assert old.percents[0].broken(Side.SELL, Decimal(201), Decimal(100)) == ("multiplierUp", Decimal(200))
    open_end = rules_of({"filterType": "PERCENT_PRICE", "multiplierDown": "0.5", "avgPriceMins": 5})
    assert open_end.percents[0].broken(Side.BUY, Decimal(900), Decimal(100)) is None


def test_a_filter_that_comes_twice_binds_twice() -> None:
    rules = rules_of(
        LOT | {"minQty": "2"}, LOT | {"minQty": "3"}, PRICE, NOTIONAL, BY_SIDE, MARKET_LOT, COUNTS
    )
    assert rules.quantity.window.low == Decimal(3)


def test_a_book_makes_its_pages_when_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """RULES-4: thousands of symbols cost nothing until one is asked for, and then once."""
    made: list[str] = []

    def counted(info: SymbolInfo, others: tuple[Filter, ...]) -> SymbolRules:
        made.append(info.symbol)
        return original(info, others)

    original = symbols.symbol_rules
    monkeypatch.setattr(symbols, "symbol_rules", counted)
    book = Rulebook(exchange_info(info_of(*USUAL), info_of(*USUAL, symbol="ETHUSDT")))
    assert made == []
    assert len(book) == 2
    assert list(book) == ["BTCUSDT", "ETHUSDT"]
    assert "ETHUSDT" in book
    assert "ethusdt" not in book
    assert book["ETHUSDT"] is book["ETHUSDT"]
    assert made == ["ETHUSDT"]
    counts = [(each.filter_type, each.everywhere, each.limit) for each in book["ETHUSDT"].counts]
    assert counts == [("MAX_NUM_ORDERS", False, 200), ("EXCHANGE_MAX_NUM_ORDERS", True, 1000)]


@pytest.mark.parametrize(
    ("asked", "said"), [("btcusdt", "BTCUSDT"), ("BTCUSD", "BTCUSDT"), ("???", "exchangeInfo")]
)
def test_an_unknown_symbol_names_what_was_meant(asked: str, said: str) -> None:
    """RULES-5: a misspelt symbol fails here, with advice."""
    book = Rulebook(exchange_info(info_of(*USUAL), info_of(*USUAL, symbol="DOGEEUR")))
    with pytest.raises(Misuse, match=said) as caught:
        book[asked]
    assert repr(asked) in str(caught.value)
    assert "DOGEEUR" not in str(caught.value)


def random_order(info: SymbolInfo, dice: Random) -> NewOrder:
    """A price anywhere between the bounds, a quantity around what NOTIONAL asks, neither on a grid."""
    price_filter = next(each for each in info.filters if each.filter_type == "PRICE_FILTER")
    low, high = float(price_filter.min_price), float(price_filter.max_price)
    price = Decimal(repr(low * (high / low) ** dice.random()))
    quantity = Decimal(repr(20 / float(price) * 10 ** dice.uniform(-1, 3)))
    return NewOrder(
        symbol=info.symbol,
        side=dice.choice([Side.BUY, Side.SELL]),
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        price=price,
        quantity=quantity,
    )


@pytest.mark.recordings
@pytest.mark.parametrize("name", ["exchangeInfo-2021-10-12.json.gz", "exchangeInfo-2024-09-08.json.gz"])
def test_every_recorded_symbol_takes_what_was_corrected_for_it(
    name: str, recording: Callable[[str], Path]
) -> None:
    """RULES-1, RULES-2, RULES-3: real filters; what passes is legal, and passes again untouched."""
    info = msgspec.json.decode(gzip.decompress(recording(name).read_bytes()), type=ExchangeInfo)
    book, dice, passed = Rulebook(info), Random(2024), 0
    trading = [each for each in info.symbols if each.status is SymbolStatus.TRADING]
    for each in trading:
        for _ in range(3):
            order = random_order(each, dice)
            prices = Snapshot(average=order.price * Decimal("1.05"))
            verdict = judge(order, book[each.symbol], prices)
            if isinstance(verdict, Checked):
                passed += 1
                assert complaints(each, verdict.order, prices) == set(), each.symbol
                again = judge(verdict.order, book[each.symbol], prices, rounding=False)
                assert isinstance(again, Checked)
                assert again.order is verdict.order
            else:
                assert complaints(each, order, prices), each.symbol
    assert len(trading) > 1000
    assert passed > len(trading)
