"""An exchange put together from what people hand over, and what is said of what cannot be one."""

from typing import Any

import pytest

from surefoot.errors import Misuse
from surefoot.exchange.assembly import MOST_QUOTED, assemble
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.world import SeededEntropy, World, system_world

WORLD = World(system_world().clock, SeededEntropy(1), system_world().storage)
ROW = default_exchange_info()["symbols"][0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"info": {"symbols": [1]}}, "needs `symbols`, a list of objects"),
        ({"info": {}}, "needs `symbols`, a list of objects"),
        ({"info": {"symbols": []}}, "without a symbol"),
        ({"info": {"symbols": [{"symbol": "A"}]}}, "of A cannot be read: 'filters' is missing"),
        ({"symbols": ("NONE",)}, "unknown symbol NONE; the exchange information has BTCUSDT, .*, ETHBTC$"),
        ({"clock_skew_ms": float("nan")}, "clock_skew_ms nan is not a number"),
        ({"clock_skew_ms": float("inf")}, "clock_skew_ms inf is not a number"),
    ],
)
def test_what_cannot_be_an_exchange_is_said(options: dict[str, Any], said: str) -> None:
    with pytest.raises(Misuse, match=said):
        assemble(WORLD, **options)


async def test_the_best_known_symbols_are_given_a_market_first() -> None:
    others = [{**ROW, "symbol": f"OTHER{number}"} for number in range(MOST_QUOTED)]
    server = assemble(WORLD, info={**default_exchange_info(), "symbols": [*others, ROW]})
    async with server:
        quoted = [name for name in server.engine.listings if server.engine.book_ticker(name).bid]
    assert len(quoted) == MOST_QUOTED
    assert "BTCUSDT" in quoted
