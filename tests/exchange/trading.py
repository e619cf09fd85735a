"""Shorthand of the engine's tests: an exchange with two accounts, and orders in decimal texts."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.core.commands import Cancel, Canceled, Effect, Place, Placed, Refusal
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import Listing, default_exchange_info, listing_from_exchange_info, units
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.world import SeededEntropy

NOW_US = 1_767_268_800_000_000
RICH = {"BTC": "1000", "ETH": "10000", "BNB": "10000", "USDT": "100000000"}


def listings(**changes: Any) -> list[Listing]:
    """The default symbols; `changes` replaces fields of each one's exchangeInfo entry.

    Accounts may trade with themselves unless a test says otherwise.
    """
    free = {"defaultSelfTradePreventionMode": "NONE"}
    symbols = default_exchange_info()["symbols"]
    return [listing_from_exchange_info(symbol | free | changes) for symbol in symbols]


def filtered(*filters: Mapping[str, Any]) -> list[Listing]:
    """The default symbols with these filters only."""
    return listings(filters=list(filters))


class Floor:
    """An engine at a standing time, with accounts ann and ben."""

    def __init__(
        self,
        symbols: list[Listing] | None = None,
        balances: Mapping[str, str] = RICH,
        last_price: str | None = "60000",
        exchange_filters: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        last_prices = {} if last_price is None else {"BTCUSDT": units(last_price)}
        self.engine = Engine(
            symbols or listings(),
            entropy=SeededEntropy(7),
            now_us=NOW_US,
            last_prices=last_prices,
            exchange_filters=exchange_filters,
        )
        self.now_us = NOW_US
        for name in ("ann", "ben"):
            self.engine.open_account(name, {asset: units(text) for asset, text in balances.items()})

    def send(
        self,
        side: Side,
        kind: OrderType,
        *,
        quantity: str | None = None,
        price: str | None = None,
        quote: str | None = None,
        life: TimeInForce | None = None,
        by: str = "ann",
        name: str | None = None,
        symbol: str = "BTCUSDT",
        stop: str | None = None,
        trailing: int | None = None,
        iceberg: str | None = None,
        mode: SelfTradePreventionMode | None = None,
    ) -> Placed | Refusal:
        order = place(
            side=side,
            kind=kind,
            quantity=quantity,
            price=price,
            quote=quote,
            life=life,
            by=by,
            name=name,
            symbol=symbol,
            stop=stop,
            trailing=trailing,
            iceberg=iceberg,
            mode=mode,
        )
        return self.engine.place(self.now_us, order)

    def cancel(self, *, by: str = "ann", **more: Any) -> Canceled | Refusal:
        return self.engine.cancel(self.now_us, Cancel(account=by, symbol="BTCUSDT", **more))

    def limit(self, side: Side, quantity: str, price: str, **more: Any) -> Placed | Refusal:
        more.setdefault("life", TimeInForce.GTC)
        return self.send(side, OrderType.LIMIT, quantity=quantity, price=price, **more)

    def market(self, side: Side, quantity: str | None = None, **more: Any) -> Placed | Refusal:
        return self.send(side, OrderType.MARKET, quantity=quantity, **more)

    def held(self, account: str, asset: str) -> tuple[int, int]:
        """Free and locked."""
        found = next(item for item in self.engine.balances(account) if item.asset == asset)
        return found.free, found.locked

    def drained(self) -> list[Effect]:
        """What was said since it was last asked."""
        effects = list(self.engine.outbox)
        self.engine.outbox.clear()
        return effects


def place(
    *,
    side: Side,
    kind: OrderType,
    quantity: str | None = None,
    price: str | None = None,
    quote: str | None = None,
    life: TimeInForce | None = None,
    by: str = "ann",
    name: str | None = None,
    symbol: str = "BTCUSDT",
    stop: str | None = None,
    trailing: int | None = None,
    iceberg: str | None = None,
    mode: SelfTradePreventionMode | None = None,
) -> Place:
    return Place(
        account=by,
        symbol=symbol,
        side=side,
        type=kind,
        time_in_force=life,
        quantity=None if quantity is None else units(quantity),
        quote_order_qty=None if quote is None else units(quote),
        price=None if price is None else units(price),
        client_order_id=name,
        stop_price=None if stop is None else units(stop),
        trailing_delta=trailing,
        iceberg_qty=None if iceberg is None else units(iceberg),
        prevention=mode,
    )
