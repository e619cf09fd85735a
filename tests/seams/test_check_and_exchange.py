"""The client's check and the exchange say the same of the same order at the same moment (RULES-2 to RULES-5).

Neither knows the other: what they are compared on comes from the API alone (`surefoot.simulation.agreement`).
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from surefoot.exchange.core.listing import default_exchange_info
from surefoot.rules import admission, check, orders
from surefoot.simulation.agreement.compare import Tally, compare
from surefoot.simulation.agreement.symbols import Row

SINGLE = {
    *("PRICE_FILTER", "PERCENT_PRICE", "PERCENT_PRICE_BY_SIDE", "LOT_SIZE", "MARKET_LOT_SIZE"),
    *("MIN_NOTIONAL", "NOTIONAL", "ICEBERG_PARTS", "TRAILING_DELTA", "MAX_POSITION", "MAX_ASSET"),
    *("MAX_NUM_ORDERS", "MAX_NUM_ALGO_ORDERS", "MAX_NUM_ICEBERG_ORDERS", "EXCHANGE_MAX_NUM_ORDERS"),
    *("EXCHANGE_MAX_NUM_ALGO_ORDERS", "INSUFFICIENT_BALANCES", "WOULD_MATCH_IMMEDIATELY", "POSITIVE"),
    *("STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY", "OCO_BAD_PRICES", "DUPLICATE", "PRECISION", "accepted"),
}
"""What two thousand orders are refused for, among other things."""


def told(tally: Tally) -> str:
    return "\n".join(map(str, tally.differences))


def test_two_thousand_orders_on_default_and_made_symbols() -> None:
    tally = compare("seams", 2_000, default_exchange_info()["symbols"])
    assert not tally.differences, told(tally)
    assert set(tally.grounds) >= SINGLE
    assert tally.grounds["accepted"] > 400


@pytest.mark.recordings
@pytest.mark.parametrize("day", ["2021-10-12", "2024-09-08"])
def test_orders_on_recorded_symbols(recording: Callable[[str], Path], day: str) -> None:
    """Real grids: disabled bounds, 0 decimals, MAX_POSITION, symbols in BREAK."""
    rows = recorded(recording(f"exchangeInfo-{day}.json.gz"))
    tally = compare(f"recorded/{day}", 2_000, rows)
    assert not tally.differences, told(tally)


def recorded(path: Path) -> list[Row]:
    found: list[Row] = msgspec.json.decode(gzip.decompress(path.read_bytes()))["symbols"]
    return found


def nothing(*_: object, **__: object) -> None:
    """A rule that has been forgotten."""


@pytest.mark.parametrize(
    ("module", "rule"),
    [
        (orders, "worthless"),
        (orders, "too_far"),
        (orders, "badly_trailing"),
        (orders, "badly_hidden"),
        (orders, "not_allowed"),
        (orders, "shown_too_much"),
        (check, "too_many"),
        (check, "untimely"),
        (admission, "_unexpected"),
    ],
)
def test_a_forgotten_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, module: object, rule: str) -> None:
    """The comparison can fail: every rule that the client forgets shows within a few hundred orders."""
    monkeypatch.setattr(module, rule, nothing)
    assert compare("seams", 800).differences
