"""An order as people type it: ``0.001 @ 60000``, and what the options add."""

from collections.abc import Sequence
from decimal import Decimal

from surefoot.errors import Misuse
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET, UnsetType, money

_PRICED = frozenset(
    {OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
)
_TIMED = _PRICED - {OrderType.LIMIT_MAKER}
_GRAMMAR = "say QTY for a market order, QTY @ PRICE for a limit order, or --quote AMOUNT"


def read_terms(words: Sequence[str]) -> tuple[Decimal | None, Decimal | None]:
    """Quantity and price of ``QTY``, ``QTY @ PRICE`` or ``@ PRICE``; raises `Misuse`."""
    text = " ".join(words)
    quantity, at, price = text.partition("@")
    if at and not price.strip():
        raise Misuse(f"no price follows the @ in {text!r}; {_GRAMMAR}")
    if " " in quantity.strip() or " " in price.strip():
        raise Misuse(f"cannot read {text!r}; {_GRAMMAR}")
    return _amount("quantity", quantity), _amount("price", price)


def read_order(
    symbol: str,
    side: Side,
    words: Sequence[str],
    *,
    type: OrderType | None,
    tif: TimeInForce | None,
    stop: Decimal | None,
    quote: Decimal | None,
    iceberg: Decimal | None,
    trailing: int | None,
    prevention: SelfTradePreventionMode | None,
    client_order_id: str | None,
) -> NewOrder:
    """The order that was typed. Raises `Misuse` where its parts do not make one."""
    quantity, price = read_terms(words)
    kind = type or _kind(price, triggered=stop is not None or trailing is not None)
    if (quantity is None) == (quote is None):
        raise Misuse(f"give a quantity or --quote, not both and not neither; {_GRAMMAR}")
    if (price is None) == (kind in _PRICED):
        wanted = "needs a price" if price is None else "takes no price"
        raise Misuse(f"a {kind.value} order {wanted}; {_GRAMMAR}")
    return NewOrder(
        symbol=symbol,
        side=side,
        type=kind,
        time_in_force=tif or (TimeInForce.GTC if kind in _TIMED else UNSET),
        quantity=_given(quantity),
        quote_order_qty=_given(quote),
        price=_given(price),
        stop_price=_given(stop),
        iceberg_qty=_given(iceberg),
        trailing_delta=UNSET if trailing is None else trailing,
        self_trade_prevention_mode=UNSET if prevention is None else prevention,
        new_client_order_id=UNSET if client_order_id is None else client_order_id,
    )


def _kind(price: Decimal | None, *, triggered: bool) -> OrderType:
    if not triggered:
        return OrderType.MARKET if price is None else OrderType.LIMIT
    return OrderType.STOP_LOSS if price is None else OrderType.STOP_LOSS_LIMIT


def _amount(what: str, text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return money(what, text.strip())
    except Misuse:
        raise Misuse(f"{what}: {text.strip()!r} is not a decimal number such as 0.001; {_GRAMMAR}") from None


def _given(value: Decimal | None) -> Decimal | UnsetType:
    return UNSET if value is None else value
