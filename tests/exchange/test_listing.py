"""What is listed, by default and from a recorded exchangeInfo."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.errors import Misuse
from surefoot.exchange.core.listing import default_exchange_info, listing_from_exchange_info, units
from surefoot.spot.enums import OrderType, SymbolStatus
from tests.exchange.trading import listings


def test_units_are_exact() -> None:
    assert units("0.00000001") == 1
    assert units("922327.00000000") == 92_232_700_000_000


@pytest.mark.parametrize("text", ["0.000000001", "NaN", "Infinity", "one", ""])
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(Misuse):
        units(text)


def test_the_four_default_symbols() -> None:
    found = {listing.symbol: listing for listing in listings()}
    assert list(found) == ["BTCUSDT", "ETHUSDT", "BNBUSDT", "ETHBTC"]
    bitcoin = found["BTCUSDT"]
    assert (bitcoin.tick, bitcoin.step) == (units("0.01"), units("0.00001"))
    assert bitcoin.order_types == set(OrderType)


def test_each_call_makes_a_fresh_exchange_info() -> None:
    default_exchange_info()["symbols"].clear()
    assert len(default_exchange_info()["symbols"]) == 4


def test_a_missing_or_disabled_grid_is_the_finest() -> None:
    bare = listings(filters=[])[0]
    assert (bare.tick, bare.step) == (1, 1)
    price = {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": "0"}
    assert listings(filters=[price])[0].tick == 1


def test_a_whole_recorded_exchange_info_can_be_listed(recording: Callable[[str], Path]) -> None:
    with gzip.open(recording("exchangeInfo-2021-10-12.json.gz"), "rt") as file:
        symbols = json.load(file)["symbols"]
    found = [listing_from_exchange_info(symbol) for symbol in symbols]
    assert len(found) == 1_695
    assert {listing.status for listing in found} == {SymbolStatus.TRADING, SymbolStatus.BREAK}
    assert all(listing.tick >= 1 and listing.step >= 1 for listing in found)
