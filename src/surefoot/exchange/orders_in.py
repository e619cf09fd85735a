"""Order parameters as commands for the engine: exact integers; what is not built is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from surefoot.exchange.commands import Cancel, Place
from surefoot.exchange.list_commands import Amend, CancelList, PlaceList
from surefoot.exchange.listing import SCALE, Listing
from surefoot.serve.denial import Denial, bad_symbol, too_precise
from surefoot.serve.order_combinations import of_leg
from surefoot.spot.enums import CancelRestrictions, OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.world import Entropy

Values = Mapping[str, Any]
_GENERATED = 22


class OrdersIn:
    """Reads the parameters of one request of one account; ids that were not given are made."""

    def __init__(
        self, listings: Mapping[str, Listing], account: str, values: Values, entropy: Entropy
    ) -> None:
        self._listings = listings
        self._account = account
        self._values = values
        self._entropy = entropy

    def place(self) -> Place:
        """POST order; raises `Denial` for what this exchange does not do or cannot represent."""
        values = self._values
        kind = OrderType(values["type"])
        name = "newClientOrderId"
        return self._order("", Side(values["side"]), kind, ("quantity", name), "quoteOrderQty")

    def cancel(self, prefix: str = "") -> Cancel:
        """DELETE order; with the prefix ``cancel`` the first half of a cancelReplace."""
        values = self._values
        restrictions = values.get("cancelRestrictions")
        new_name = "cancelNewClientOrderId" if prefix else "newClientOrderId"
        return Cancel(
            account=self._account,
            symbol=values["symbol"],
            order_id=values.get(of_leg(prefix, "orderId")),
            orig_client_order_id=values.get(of_leg(prefix, "origClientOrderId")),
            new_client_order_id=self._name(new_name),
            restrictions=CancelRestrictions(restrictions) if restrictions else None,
        )

    def amend(self) -> Amend:
        """PUT order/amend/keepPriority."""
        listing, values = self._listing(), self._values
        return Amend(
            account=self._account,
            symbol=listing.symbol,
            new_qty=self._units("newQty", listing.digits.base) or 0,
            order_id=values.get("orderId"),
            orig_client_order_id=values.get("origClientOrderId"),
            new_client_order_id=self._name("newClientOrderId"),
        )

    def oco(self) -> PlaceList:
        """orderList/oco."""
        return self._list(self._pair("above", "below", "side", "quantity"))

    def oto(self) -> PlaceList:
        """orderList/oto."""
        kind = OrderType(self._values["pendingType"])
        side = Side(self._values["pendingSide"])
        pending = self._order("pending", side, kind, ("pendingQuantity", "pendingClientOrderId"))
        return self._list((pending,), self._working())

    def otoco(self) -> PlaceList:
        """orderList/otoco."""
        pair = self._pair("pendingAbove", "pendingBelow", "pendingSide", "pendingQuantity")
        return self._list(pair, self._working())

    def old_oco(self) -> PlaceList:
        """order/oco: its stop leg and its limit leg have names of their own."""
        side = Side(self._values["side"])
        names = {
            "stopTimeInForce": "stopLimitTimeInForce",
            "stopPrice": "stopLimitPrice",
            "stopStopPrice": "stopPrice",
            "stopTrailingDelta": "trailingDelta",
            "limitPrice": "price",
        }
        renamed = {ours: self._values[theirs] for ours, theirs in names.items() if theirs in self._values}
        kept = {name: value for name, value in self._values.items() if name not in set(names.values())}
        legs = OrdersIn(self._listings, self._account, kept | renamed, self._entropy)
        limited = "stopLimitPrice" in self._values
        stop_type = OrderType.STOP_LOSS_LIMIT if limited else OrderType.STOP_LOSS
        stop = legs._order("stop", side, stop_type, ("quantity", "stopClientOrderId"))
        limit = legs._order("limit", side, OrderType.LIMIT_MAKER, ("quantity", "limitClientOrderId"))
        return self._list((stop, limit))

    def cancel_list(self) -> CancelList:
        """DELETE orderList."""
        values = self._values
        return CancelList(
            account=self._account,
            symbol=values["symbol"],
            order_list_id=values.get("orderListId"),
            list_client_order_id=values.get("listClientOrderId"),
            new_client_order_id=self._name("newClientOrderId"),
        )

    def _list(self, pending: tuple[Place, ...], working: Place | None = None) -> PlaceList:
        return PlaceList(
            account=self._account,
            symbol=self._listing().symbol,
            pending=pending,
            working=working,
            list_client_order_id=self._name("listClientOrderId"),
        )

    def _working(self) -> Place:
        values = self._values
        kind, side = OrderType(values["workingType"]), Side(values["workingSide"])
        return self._order("working", side, kind, ("workingQuantity", "workingClientOrderId"))

    def _pair(self, above: str, below: str, side_name: str, quantity: str) -> tuple[Place, ...]:
        """Both legs, the stop-loss leg first: above the market for a BUY, below it for a SELL."""
        side = Side(self._values[side_name])
        legs = (above, below) if side is Side.BUY else (below, above)
        return tuple(
            self._order(leg, side, OrderType(self._values[f"{leg}Type"]), (quantity, f"{leg}ClientOrderId"))
            for leg in legs
        )

    def _order(
        self, leg: str, side: Side, kind: OrderType, names: tuple[str, str], quote_name: str = ""
    ) -> Place:
        """One order; `names` are those of its quantity and of its client order id."""
        listing, values = self._listing(), self._values
        if of_leg(leg, "pegPriceType") in values:
            raise Denial(-1013, "Pegged orders are not supported for this symbol.")
        life, mode = values.get(of_leg(leg, "timeInForce")), values.get("selfTradePreventionMode")
        base, quote = listing.digits.base, listing.digits.quote
        return Place(
            account=self._account,
            symbol=listing.symbol,
            side=side,
            type=kind,
            time_in_force=TimeInForce(life) if life else None,
            quantity=self._units(names[0], base),
            quote_order_qty=self._units(quote_name, quote),
            price=self._units(of_leg(leg, "price"), quote),
            client_order_id=self._name(names[1]),
            strategy_id=values.get(of_leg(leg, "strategyId")),
            strategy_type=values.get(of_leg(leg, "strategyType")),
            stop_price=self._units(of_leg(leg, "stopPrice"), quote),
            trailing_delta=values.get(of_leg(leg, "trailingDelta")),
            iceberg_qty=self._units(of_leg(leg, "icebergQty"), base),
            prevention=SelfTradePreventionMode(mode) if mode else None,
        )

    def _listing(self) -> Listing:
        listing = self._listings.get(self._values["symbol"])
        if listing is None:
            raise bad_symbol()
        return listing

    def _name(self, parameter: str) -> str:
        return self._values.get(parameter) or self._entropy.token(_GENERATED)

    def _units(self, name: str, precision: int) -> int | None:
        value: Decimal | None = self._values.get(name)
        if value is None:
            return None
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > precision:
            raise too_precise(name)
        return int(value * SCALE)
