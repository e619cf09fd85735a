"""Random orders, most of them on or right beside a bound of the symbol's filters (pure)."""

from decimal import Decimal
from typing import Any

from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.simulation.draws import below, pick, weighted
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.spot.trade import NewOrder
from surefoot.world import Entropy

_FINEST = Decimal("0.00000001")
_MOST = Decimal(10) ** 9
_TYPES = {
    OrderType.LIMIT: 6,
    OrderType.LIMIT_MAKER: 3,
    OrderType.MARKET: 4,
    OrderType.STOP_LOSS: 2,
    OrderType.STOP_LOSS_LIMIT: 3,
    OrderType.TAKE_PROFIT: 2,
    OrderType.TAKE_PROFIT_LIMIT: 3,
}
_STOPS = (
    *(OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT),
    *(OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT),
)
_PRICED = (
    *(OrderType.LIMIT, OrderType.LIMIT_MAKER),
    *(OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT),
)
_BESIDE = (-1, 0, 0, 1)


class Wishes:
    """Draws orders for one symbol at one moment."""

    def __init__(self, dice: Entropy, rules: SymbolRules, known: Snapshot) -> None:
        self._dice = dice
        self._rules = rules
        self._known = known
        self._tick = rules.price.window.step
        self._step = rules.quantity.window.step
        self._calm = False

    def order(self) -> NewOrder:
        """One order; about one in ten is malformed on purpose, and has no other fault then."""
        dice = self._dice
        spoiled = not below(dice, 12)
        self._calm = spoiled
        kind, side = weighted(dice, _TYPES), pick(dice, Side.BUY, Side.SELL)
        fields: dict[str, Any] = {}
        if kind in _PRICED:
            if kind is not OrderType.LIMIT_MAKER:
                fields["time_in_force"] = pick(dice, *TimeInForce, *(TimeInForce.GTC,) * 3)
                self._calm = self._calm or fields["time_in_force"] is not TimeInForce.GTC
            fields["price"] = self._price(side)
        if kind in _STOPS:
            fields |= self._trigger(side)
        if kind is OrderType.MARKET and not below(dice, 3):
            fields["quote_order_qty"] = self._amount()
        else:
            fields["quantity"] = self._quantity(fields.get("price"))
            if kind in _PRICED and not below(dice, 4 if self._lasts(fields) else 12):
                fields["iceberg_qty"] = self._visible(fields["quantity"])
        fields |= self._extras()
        if spoiled:
            self._spoil(fields)
        return NewOrder(symbol=self._rules.symbol, side=side, type=kind, **fields)

    def sound(self, kind: OrderType, side: Side, *, stopped: bool = False) -> NewOrder:
        """An order without faults of form, for a list; with `stopped` it has a stop price if it may."""
        self._calm = True
        fields: dict[str, Any] = {}
        if kind in _PRICED:
            fields["price"] = self._price(side)
            if kind is not OrderType.LIMIT_MAKER:
                fields["time_in_force"] = pick(self._dice, *TimeInForce, *(TimeInForce.GTC,) * 3)
        if kind in _STOPS:
            fields |= {"stop_price": self._price(side)} if stopped else self._trigger(side)
        fields["quantity"] = self._quantity(fields.get("price"))
        if kind in _PRICED and not below(self._dice, 6):
            fields["iceberg_qty"] = self._visible(fields["quantity"])
        return NewOrder(symbol=self._rules.symbol, side=side, type=kind, **fields)

    def _lasts(self, fields: dict[str, Any]) -> bool:
        return fields.get("time_in_force", TimeInForce.GTC) is TimeInForce.GTC

    def _trigger(self, side: Side) -> dict[str, Any]:
        dice = self._dice
        fields: dict[str, Any] = {}
        what = below(dice, 4)
        if what != 1:
            fields["stop_price"] = self._price(side)
        if what in (1, 2):
            bounds = [bound for rule in self._rules.trailing for bound in (*rule.above, *rule.below) if bound]
            fields["trailing_delta"] = max(1, pick(dice, *bounds, 100) + pick(dice, *_BESIDE))
        return fields

    def _extras(self) -> dict[str, Any]:
        dice = self._dice
        fields: dict[str, Any] = {}
        if not below(dice, 12):
            fields["self_trade_prevention_mode"] = pick(dice, *SelfTradePreventionMode)
        used = [each.client_order_id for each in self._known.open_orders or ()]
        if used and not below(dice, 10):
            fields["new_client_order_id"] = pick(dice, *used)
        return fields

    def _spoil(self, fields: dict[str, Any]) -> None:
        """Leave something out that may be needed, or say something that may not be said."""
        dice = self._dice
        if below(dice, 2) and fields:
            del fields[pick(dice, *fields)]
            return
        extra = {
            "time_in_force": TimeInForce.IOC,
            "price": self._tick * 100,
            "quantity": self._step * 10,
            "quote_order_qty": self._rules.amount.window.step * 1_000,
            "stop_price": self._tick * 100,
            "trailing_delta": 100,
            "iceberg_qty": self._step * 5,
            "strategy_type": 999_999,
        }
        name = pick(dice, *extra)
        fields[name] = extra[name]

    def _price(self, side: Side) -> Decimal:
        dice, known = self._dice, self._known
        last = known.last or self._tick
        points = [last + self._tick * (below(dice, 21) - 10), last + self._tick * (below(dice, 201) - 100)]
        points += [price for price in (known.bid, known.ask) if price]
        points += [bound for each in self._rules.price.ranges for bound in (each.low, each.high) if bound]
        for rule in self._rules.percents:
            if (reference := known.by(rule.avg_price_mins)) is not None:
                points += rule.bounds(side, reference)
        point = points[0] if below(dice, 4) else pick(dice, *points)
        return self._placed(point, self._tick)

    def _quantity(self, price: Decimal | None) -> Decimal:
        dice, rules, known = self._dice, self._rules, self._known
        unit = price or known.last or self._tick
        points = [self._step * (1 + below(dice, 100)), self._step * (1 + below(dice, 1_000))]
        for each in (*rules.quantity.ranges, *rules.market_quantity.ranges):
            points += [bound for bound in (each.low, each.high) if bound]
        for rule in rules.notionals:
            points += [bound / unit for bound in (rule.min_notional, rule.max_notional) if bound]
        free = [known.free(asset) or Decimal(0) for asset in (rules.quote, rules.base)]
        points += [free[0] / unit, free[1]]
        points += [limit - (known.held(rules.base) or 0) for limit in rules.positions]
        point = points[0] if below(dice, 4) else pick(dice, *points)
        return self._placed(point, self._step)

    def _amount(self) -> Decimal:
        rules, known = self._rules, self._known
        last = known.last or self._tick
        points = [last * self._step * (1 + below(self._dice, 300)), known.free(rules.quote) or self._tick]
        for rule in rules.notionals:
            points += [bound for bound in (rule.min_notional, rule.max_notional) if bound]
        return self._placed(pick(self._dice, *points), rules.amount.window.step)

    def _visible(self, quantity: Decimal) -> Decimal:
        limits = self._rules.iceberg_parts or (10,)
        points = [quantity / limit for limit in limits] + [quantity, quantity / 2, quantity * 2]
        return max(self._placed(pick(self._dice, *points), self._step), self._step)

    def _placed(self, point: Decimal, grid: Decimal) -> Decimal:
        """On the grid beside `point`; now and then off it, finer than anything, or nothing."""
        dice = self._dice
        point = min(max(point, Decimal(0)), _MOST)
        value = max((point // grid + pick(dice, *_BESIDE)) * grid, Decimal(0))
        match below(dice, 60) if not self._calm else None:
            case 0:
                return value + grid / 2 if grid > _FINEST else value + _FINEST
            case 1:
                return value + _FINEST / 10
            case 2:
                return Decimal(0)
        return max(value, grid)
