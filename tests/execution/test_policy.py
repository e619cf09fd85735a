"""What an operator may write down as limits, and what is not taken for one (ORDER-6)."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from surefoot.errors import Misuse
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.spot.enums import OrderType
from surefoot.values import UNSET


def test_nothing_spelled_out_is_read_only() -> None:
    """ORDER-6: read-only first."""
    assert Policy() == READ_ONLY
    assert READ_ONLY.read_only is True


def test_named_symbols_trade_and_amounts_become_exact() -> None:
    policy = Policy(
        symbols=["BTCUSDT"],
        order_types=["LIMIT"],
        notional_per_order={"USDT": "0.10"},
        notional_per_day={"USDT": 7, "BTC": Decimal(2)},
        price_band="0.01",
    )
    assert policy.read_only is False
    assert policy.symbols == {"BTCUSDT"}
    assert policy.order_types == {OrderType.LIMIT}
    assert policy.notional_per_order == {"USDT": Decimal("0.1")}
    assert policy.notional_per_day == {"BTC": Decimal(2), "USDT": Decimal(7)}
    assert policy.band == Decimal("0.01")
    assert (policy.notional_per_minute, policy.open_orders) == (UNSET, UNSET)


def test_caps_without_symbols_are_read_only() -> None:
    assert Policy(notional_per_order={"USDT": 10}).read_only is True


def test_symbols_may_be_named_and_only_read() -> None:
    policy = Policy(symbols={"BTCUSDT"}, read_only=True)
    assert policy.read_only is True
    assert structs.replace(policy, read_only=False).read_only is False


def test_zero_is_a_limit() -> None:
    policy = Policy(symbols={"BTCUSDT"}, open_orders=0, notional_per_day={"USDT": 0}, price_band=0)
    assert (policy.open_orders, policy.notional_per_day, policy.band) == (0, {"USDT": 0}, 0)


def test_limits_cannot_be_changed_behind_its_back() -> None:
    caps, symbols = {"USDT": "10"}, {"BTCUSDT"}
    policy = Policy(symbols=symbols, notional_per_order=caps)
    caps["USDT"] = "10000"
    symbols.add("ETHUSDT")
    assert policy.notional_per_order == {"USDT": 10}
    assert policy.symbols == {"BTCUSDT"}
    with pytest.raises(TypeError):
        policy.notional_per_order["USDT"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        policy.open_orders = 7  # type: ignore[misc]


_CAPS_EXAMPLE = "names no caps; leave it out, or give them as in {'USDT': '1000'}"
_SEVERAL = "names none; leave it out, or give several, as in {'A', 'B'}"
_NO_NAME = "is not a name of the exchange's"
_TYPES = "LIMIT, MARKET, STOP_LOSS, STOP_LOSS_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT, LIMIT_MAKER"
_MONEY = 'is not exact money; pass a Decimal, an int or a string such as "0.001"'
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"symbols": set()}, f"symbols: set() {_SEVERAL}"),
    ({"symbols": "BTCUSDT"}, f"symbols: 'BTCUSDT' {_SEVERAL}"),
    ({"symbols": None}, f"symbols: None {_SEVERAL}"),
    ({"symbols": ["btcusdt"]}, f"symbols: 'btcusdt' {_NO_NAME}; did you mean 'BTCUSDT'?"),
    ({"symbols": ["BTCUSDT "]}, f"symbols: 'BTCUSDT ' {_NO_NAME}; did you mean 'BTCUSDT'?"),
    ({"symbols": [""]}, f"symbols: '' {_NO_NAME}"),
    ({"symbols": [7]}, f"symbols: 7 {_NO_NAME}"),
    ({"order_types": ["LIMT"]}, f"order_types: 'LIMT' is none; there are {_TYPES}"),
    ({"order_types": ["limit"]}, f"order_types: 'limit' {_NO_NAME}; did you mean 'LIMIT'?"),
    ({"order_types": []}, f"order_types: [] {_SEVERAL}"),
    ({"notional_per_order": {"USDT": 0.1}}, f"notional_per_order['USDT']: float 0.1 {_MONEY}"),
    ({"notional_per_order": {"usdt": 1}}, f"notional_per_order: 'usdt' {_NO_NAME}; did you mean 'USDT'?"),
    ({"notional_per_order": None}, f"notional_per_order: None {_CAPS_EXAMPLE}"),
    ({"notional_per_order": {"USDT": None}}, f"notional_per_order['USDT']: NoneType None {_MONEY}"),
    ({"notional_per_order": 1000}, f"notional_per_order: 1000 {_CAPS_EXAMPLE}"),
    ({"notional_per_minute": {}}, f"notional_per_minute: {{}} {_CAPS_EXAMPLE}"),
    ({"notional_per_day": {"USDT": -1}}, "notional_per_day['USDT']: -1 is negative; 0 lets nothing through"),
    ({"notional_per_day": {"USDT": "NaN"}}, "notional_per_day['USDT']: 'NaN' is not a finite number"),
    ({"position": {"BTCUSDT": "-0.1"}}, "position['BTCUSDT']: '-0.1' is negative; 0 lets nothing through"),
    ({"loss_per_day": {"USDT": True}}, f"loss_per_day['USDT']: bool True {_MONEY}"),
    ({"price_band": 0.01}, f"price_band: float 0.01 {_MONEY}"),
    ({"price_band": 1}, "price_band: 1 is not a fraction below 1; one per cent is '0.01'"),
    ({"price_band": None}, f"price_band: NoneType None {_MONEY}"),
    ({"price_band": "-0.1"}, "price_band: '-0.1' is negative; 0 lets nothing through"),
    ({"open_orders": -1}, "open_orders: -1 is not a whole number of at least 0; leave it out, or give one"),
    (
        {"open_orders": True},
        "open_orders: True is not a whole number of at least 0; leave it out, or give one",
    ),
    (
        {"open_orders": None},
        "open_orders: None is not a whole number of at least 0; leave it out, or give one",
    ),
    (
        {"stale_after_ms": 1.5},
        "stale_after_ms: 1.5 is not a whole number of at least 0; leave it out, or give one",
    ),
    ({"read_only": None}, "read_only: None is neither True nor False"),
    (
        {"read_only": False},
        "read_only: trading needs at least symbols=: name those that may be traded, "
        "as in Policy(symbols={'BTCUSDT'})",
    ),
]


@pytest.mark.parametrize(("given", "text"), REFUSED)
def test_what_cannot_be_meant_is_refused_by_field(given: dict[str, Any], text: str) -> None:
    with pytest.raises(Misuse) as refused:
        Policy(**({"symbols": {"BTCUSDT"}} if "read_only" not in given else {}) | given)
    assert str(refused.value) == text
