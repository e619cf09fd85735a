"""Executions in few words, and hypothesis's way to think them up."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from surefoot.execution.fills import Fill
from surefoot.rules.quantise import EXACT
from surefoot.spot.enums import Side
from tests.oracles.naive_average import Deal

D = Decimal
DAY_MS = 86_400_000
ASSETS = {"BTCUSDT": ("BTC", "USDT"), "ETHBTC": ("ETH", "BTC"), "BNBUSDT": ("BNB", "USDT")}
RATES = ("0", "0.001", "0.00075", "0.1", "-0.0001")


def fill(side: Side, qty: str, price: str, fee: str = "0", asset: str = "USDT", **facts: Any) -> Fill:
    """An execution on BTCUSDT, trade 1 of order 1 on the first day, unless said otherwise."""
    usual = {"symbol": "BTCUSDT", "trade_id": 1, "order_id": 1, "time_ms": 0}
    return Fill(
        side=side, price=D(price), qty=D(qty), commission=D(fee), commission_asset=asset, **(usual | facts)
    )


def buy(qty: str, price: str, fee: str = "0", asset: str = "USDT", **facts: Any) -> Fill:
    return fill(Side.BUY, qty, price, fee, asset, **facts)


def sell(qty: str, price: str, fee: str = "0", asset: str = "USDT", **facts: Any) -> Fill:
    return fill(Side.SELL, qty, price, fee, asset, **facts)


@st.composite
def fills(draw: st.DrawFn, symbol: str = "BTCUSDT", most: int = 20) -> list[Fill]:
    """Up to `most` executions of a symbol, in the order of their trade ids, over a few days."""
    base, quote = ASSETS[symbol]
    made: list[Fill] = []
    for trade_id in range(draw(st.integers(0, most))):
        side = draw(st.sampled_from(Side))
        qty = D(draw(st.integers(1, 10**6))).scaleb(-5)
        price = D(draw(st.integers(1, 10**7))).scaleb(-2)
        asset = draw(st.sampled_from((base, quote, "XRP")))
        of = EXACT.multiply(qty, price) if asset == quote else qty
        fee = EXACT.multiply(of, D(draw(st.sampled_from(RATES))))
        made.append(
            Fill(
                symbol, trade_id, draw(st.integers(1, 5)), side, price, qty, fee, asset, trade_id * 20_000_000
            )
        )
    return made


def deal_of(one: Fill) -> Deal:
    """As the naive oracle takes it."""
    base, quote = ASSETS[one.symbol]
    paid_in = {base: "base", quote: "quote"}.get(one.commission_asset, "third")
    numbers = (Fraction(one.price), Fraction(one.qty), Fraction(one.commission))
    return Deal(one.side is Side.BUY, *numbers, paid_in)
