"""What a trader of the story does, one by one, as plain data; and the requests that are meant by it (pure).

Every placement has a number of its own in the last digits of its quantity, which survive whatever a journal
forgets: so two orders of one intent would be seen in the exchange's own books.
"""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from surefoot.rules.quantise import ZERO
from surefoot.simulation.draws import below, pick, weighted
from surefoot.simulation.prices import MIDDLE
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_list_oto import NewOto, NewOtoco
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder
from surefoot.world import Entropy

PRICE_STEP = {"BTCUSDT": 10, "ETHUSDT": 1}
_DIGIT = {"BTCUSDT": Decimal("0.00001"), "ETHUSDT": Decimal("0.0001")}
_ROOM = 1_000
"""So many numbers fit into the last digits of a quantity."""

_CENT = Decimal("0.01")
_QUOTE_LOT = Decimal(_ROOM) * _CENT

Kind = Literal[
    "limit", "ioc", "fok", "maker", "market", "quote", "oco", "oto", "otoco",
    "cancel", "replace", "shrink", "cancel all", "close", "stop",
]  # fmt: skip
PLACING = frozenset({"limit", "ioc", "fok", "maker", "market", "quote", "oco", "oto", "otoco"})

_KINDS: dict[Kind, int] = {
    "limit": 30,
    "ioc": 5,
    "fok": 3,
    "maker": 6,
    "market": 8,
    "quote": 3,
    "oco": 7,
    "oto": 6,
    "otoco": 6,
    "cancel": 14,
    "replace": 7,
    "shrink": 4,
    "cancel all": 2,
    "close": 2,
    "stop": 3,
}


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """After `pause_s`, do `kind`. `number` tells a trader's placements apart; `ticks` are steps of price from
    the middle; `which` in [0, 1) picks one of the open orders. With a `crumb` half a step more is asked for,
    which cannot be had; a `selfish` order may trade with the trader's own. `again` as `Trader.place` has it;
    `beside`: the next action does not wait for it; after `patience_s` its caller gives up waiting.
    """

    kind: Kind
    number: int
    pause_s: float = 0.0
    symbol: str = "BTCUSDT"
    side: Side = Side.BUY
    ticks: int = 0
    lots: int = 1
    crumb: bool = False
    selfish: bool = False
    which: float = 0.0
    again: int = 0
    beside: bool = False
    patience_s: float | None = None

    @property
    def places(self) -> bool:
        """Whether it places something that was not there."""
        return self.kind in PLACING

    @property
    def price(self) -> Decimal:
        """The price that is meant."""
        return Decimal(MIDDLE[self.symbol] + self.ticks * PRICE_STEP[self.symbol])

    @property
    def quantity(self) -> Decimal:
        """The quantity, with the number in its last digits."""
        return _DIGIT[self.symbol] * (_ROOM * self.lots + self.number)

    @property
    def asked(self) -> Decimal:
        """The quantity that is asked for."""
        return self.quantity + (_DIGIT[self.symbol] / 2 if self.crumb else ZERO)

    @property
    def amount(self) -> Decimal:
        """The same as an amount of the quote asset."""
        return _QUOTE_LOT * 10 * self.lots + _CENT * self.number

    @property
    def size(self) -> tuple[str, Decimal, Decimal]:
        """Symbol, quantity, and amount of the quote asset: no other placement has the same."""
        by_quote = self.kind == "quote"
        return self.symbol, ZERO if by_quote else self.quantity, self.amount if by_quote else ZERO


def request_of(action: Action) -> Request[Any]:
    """What a placing action asks for."""
    match action.kind:
        case "oco":
            return _oco(action)
        case "oto":
            return _oto(action)
        case "otoco":
            return _otoco(action)
    return _order(action)


def _order(action: Action) -> NewOrder:
    symbol, side = action.symbol, action.side
    match action.kind:
        case "quote":
            return NewOrder(symbol=symbol, side=side, type=OrderType.MARKET, quote_order_qty=action.amount)
        case "market":
            return NewOrder(symbol=symbol, side=side, type=OrderType.MARKET, quantity=action.asked)
        case "maker":
            kind, life = OrderType.LIMIT_MAKER, None
        case "ioc" | "fok":
            kind, life = OrderType.LIMIT, TimeInForce(action.kind.upper())
        case _:
            kind, life = OrderType.LIMIT, TimeInForce.GTC
    order = NewOrder(symbol=symbol, side=side, type=kind, quantity=action.asked, price=action.price)
    if action.selfish:
        order = msgspec.structs.replace(order, self_trade_prevention_mode=SelfTradePreventionMode.NONE)
    return order if life is None else msgspec.structs.replace(order, time_in_force=life)


def _oco(action: Action) -> NewOco:
    away = (3 + abs(action.ticks)) * PRICE_STEP[action.symbol]
    middle = MIDDLE[action.symbol]
    sells = action.side is Side.SELL
    stop = {"type": OrderType.STOP_LOSS_LIMIT, "time_in_force": TimeInForce.GTC}
    maker = {"type": OrderType.LIMIT_MAKER}
    above: dict[str, Any] = maker if sells else stop | {"stop_price": Decimal(middle + away)}
    below_: dict[str, Any] = stop | {"stop_price": Decimal(middle - away)} if sells else maker
    legs = {f"above_{name}": value for name, value in above.items()}
    legs |= {f"below_{name}": value for name, value in below_.items()}
    return NewOco(
        symbol=action.symbol,
        side=action.side,
        quantity=action.asked,
        above_price=Decimal(middle + away),
        below_price=Decimal(middle - away),
        **legs,
    )


def _oto(action: Action) -> NewOto:
    back = 4 * PRICE_STEP[action.symbol] * (1 if action.side is Side.BUY else -1)
    return NewOto(
        symbol=action.symbol,
        working_type=OrderType.LIMIT,
        working_side=action.side,
        working_price=action.price,
        working_quantity=action.asked,
        working_time_in_force=TimeInForce.GTC,
        pending_type=OrderType.LIMIT,
        pending_side=opposite(action.side),
        pending_price=action.price + back,
        pending_quantity=action.asked,
        pending_time_in_force=TimeInForce.GTC,
    )


def _otoco(action: Action) -> NewOtoco:
    away = 5 * PRICE_STEP[action.symbol]
    buys = action.side is Side.BUY
    above, below_ = OrderType.LIMIT_MAKER, OrderType.STOP_LOSS
    far, near = {"price": action.price + away}, {"stop_price": action.price - away}
    if not buys:
        above, below_ = OrderType.STOP_LOSS, OrderType.LIMIT_MAKER
        far, near = {"stop_price": action.price + away}, {"price": action.price - away}
    legs = {f"pending_above_{name}": value for name, value in far.items()}
    legs |= {f"pending_below_{name}": value for name, value in near.items()}
    more: dict[str, Any] = legs
    return NewOtoco(
        symbol=action.symbol,
        working_type=OrderType.LIMIT,
        working_side=action.side,
        working_price=action.price,
        working_quantity=action.asked,
        working_time_in_force=TimeInForce.GTC,
        pending_side=opposite(action.side),
        pending_above_type=above,
        pending_below_type=below_,
        pending_quantity=action.asked,
        **more,
    )


def opposite(side: Side) -> Side:
    """The other one."""
    return Side.SELL if side is Side.BUY else Side.BUY


def draw_action(dice: Entropy, number: int, symbols: tuple[str, ...], pause_s: float) -> Action:
    """Something to do."""
    kind = weighted(dice, _KINDS)
    return Action(
        kind=kind,
        number=number,
        pause_s=round(dice.uniform() * 2 * pause_s, 3),
        symbol=pick(dice, *symbols),
        side=pick(dice, Side.BUY, Side.SELL),
        ticks=below(dice, 11) - 5,
        lots=1 + below(dice, 5),
        crumb=pick(dice, False, False, False, True),
        selfish=pick(dice, False, False, False, True),
        which=round(dice.uniform(), 3),
        again=pick(dice, 0, 0, 0, 1, 2) if kind in PLACING else 0,
        beside=pick(dice, False, False, True),
        patience_s=pick(dice, None, None, None, None, 0.02, 1.0, 20.0),
    )
