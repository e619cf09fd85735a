"""Accounts as the operator's limits see them, made for tests, and orders of few words."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import PolicyRefusal
from surefoot.execution.entries import Submitted
from surefoot.execution.guard import Guard, Top
from surefoot.execution.policy import Policy
from surefoot.spot.enums import CancelReplaceMode, OrderType, Side
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOpo, NewOto, NewOtoco
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, plain

D = Decimal
NOON_MS = 1_790_000_000_000 // 86_400_000 * 86_400_000 + 43_200_000


class Account(msgspec.Struct):
    """A `Standing` that says what it is told to say."""

    count: int = 0
    buying: Decimal = D(0)
    selling: Decimal = D(0)
    holds: Decimal = D(0)
    lost: Decimal = D(0)
    book: Top | None = Top(D(100), D(101), NOON_MS)

    def open_count(self) -> int:
        return self.count

    def unfilled(self, symbol: str, side: Side) -> Decimal:
        return self.buying if side == Side.BUY else self.selling

    def held(self, symbol: str) -> Decimal:
        return self.holds

    def lost_today(self, quote: str, now_ms: int) -> Decimal:
        return self.lost

    def top(self, symbol: str) -> Top | None:
        return self.book

    def pair(self, symbol: str) -> tuple[str, str]:
        return symbol[:3], symbol[3:]


def order(side: str, type: str, quantity: Any = "1", price: Any = None, **more: Any) -> NewOrder:
    """An order on BTCUSDT."""
    return NewOrder(**_fields(side, type, quantity, price, more))


def replacement(side: str, type: str, quantity: Any = "1", price: Any = None, **more: Any) -> CancelReplace:
    mode = CancelReplaceMode.STOP_ON_FAILURE
    fields = _fields(side, type, quantity, price, more)
    return CancelReplace(**fields, cancel_replace_mode=mode, cancel_order_id=7)


_NUMBERS = {"quantity", "price", "stop_price", "quote_order_qty", "iceberg_qty"}


def _fields(side: str, type: str, quantity: Any, price: Any, more: dict[str, Any]) -> dict[str, Any]:
    given = {"symbol": "BTCUSDT", "quantity": quantity, "price": price} | more
    exact = {
        name: D(value) if name in _NUMBERS and isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }
    return {"side": Side(side), "type": OrderType(type), **exact}


def oco(side: str, quantity: str, above: str, below: str) -> NewOco:
    """SELL: take profit above, stop below; BUY: stop above, limit below."""
    stop, maker = OrderType.STOP_LOSS, OrderType.LIMIT_MAKER
    sells = side == "SELL"
    return NewOco(
        symbol="BTCUSDT",
        side=Side(side),
        quantity=D(quantity),
        above_type=maker if sells else stop,
        above_price=D(above) if sells else UNSET,
        above_stop_price=UNSET if sells else D(above),
        below_type=stop if sells else maker,
        below_stop_price=D(below) if sells else UNSET,
        below_price=UNSET if sells else D(below),
    )


def _working(side: str, quantity: str, price: str) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT",
        "working_type": OrderType.LIMIT,
        "working_side": Side(side),
        "working_price": D(price),
        "working_quantity": D(quantity),
    }


def oto(first: tuple[str, str, str], then: tuple[str, str, str]) -> NewOto:
    """Two LIMIT orders: side, quantity, price."""
    return NewOto(
        **_working(*first),
        pending_type=OrderType.LIMIT,
        pending_side=Side(then[0]),
        pending_quantity=D(then[1]),
        pending_price=D(then[2]),
    )


def opo(quantity: str, price: str, then: str) -> NewOpo:
    """BUY, then sell what was bought."""
    pending = {"pending_type": OrderType.LIMIT, "pending_side": Side.SELL, "pending_price": D(then)}
    return NewOpo(**_working("BUY", quantity, price), **pending)


def otoco(quantity: str, price: str, above: str, below: str) -> NewOtoco:
    """A bracket: BUY, then a take profit above and a stop below."""
    return NewOtoco(
        **_working("BUY", quantity, price),
        pending_side=Side.SELL,
        pending_quantity=D(quantity),
        pending_above_type=OrderType.LIMIT_MAKER,
        pending_above_price=D(above),
        pending_below_type=OrderType.STOP_LOSS_LIMIT,
        pending_below_stop_price=D(below),
        pending_below_price=D(below),
    )


def policy(**limits: Any) -> Policy:
    """One that trades BTCUSDT, with these limits."""
    return Policy(**{"symbols": {"BTCUSDT"}} | limits)


def admit(given: Policy, request: Request[Any], account: Account | None = None, **more: Any) -> Decimal:
    """What a fresh guard says at noon."""
    return Guard(given).admit(request, NOON_MS, account or Account(), **more)


def words(given: Policy, request: Request[Any], account: Account | None = None, **more: Any) -> str:
    """What it says in refusing."""
    with pytest.raises(PolicyRefusal) as refused:
        admit(given, request, account, **more)
    return str(refused.value)


OLD = Top(D(100), D(101), NOON_MS - 5_001)
"""A book that is a moment too old at noon."""

AMEND = AmendOrder(symbol="BTCUSDT", order_id=1, new_qty=D("0.5"))
TIGHT = policy(
    notional_per_order={"USDT": "200"},
    notional_per_minute={"USDT": "300"},
    notional_per_day={"USDT": "1000"},
)


def submitted(
    id: str, at_ms: int, notional: Decimal | None, request: Request[Any] | None = None
) -> Submitted:
    """The entry with which an admitted request is written down."""
    symbol = "BTCUSDT" if request is None else request.symbol  # type: ignore[attr-defined]
    return Submitted(
        at_ms=at_ms,
        id=id,
        name="NewOrder",
        symbol=symbol,
        request=msgspec.Raw(b"{}"),
        sign_before_ms=at_ms + 1_000,
        recv_window_ms=1_000,
        notional=None if notional is None else plain(notional),
    )
