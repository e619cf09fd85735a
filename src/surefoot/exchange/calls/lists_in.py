"""Parameters of order lists as commands for the engine."""

from surefoot.exchange.calls.orders_in import OrdersIn
from surefoot.exchange.core.commands import Place
from surefoot.exchange.core.list_commands import CancelList, PlaceList
from surefoot.spot.enums import OrderType, Side


class ListsIn(OrdersIn):
    """Reads the parameters of one request about a list."""

    def oco(self) -> PlaceList:
        """orderList/oco."""
        return self._list(self._pair("above", "below", "side", "quantity"))

    def oto(self) -> PlaceList:
        """orderList/oto."""
        kind = OrderType(self.values["pendingType"])
        side = Side(self.values["pendingSide"])
        pending = self.order("pending", side, kind, ("pendingQuantity", "pendingClientOrderId"))
        return self._list((pending,), self._working())

    def otoco(self) -> PlaceList:
        """orderList/otoco."""
        pair = self._pair("pendingAbove", "pendingBelow", "pendingSide", "pendingQuantity")
        return self._list(pair, self._working())

    def old_oco(self) -> PlaceList:
        """order/oco: its stop leg and its limit leg have names of their own."""
        side = Side(self.values["side"])
        names = {
            "stopTimeInForce": "stopLimitTimeInForce",
            "stopPrice": "stopLimitPrice",
            "stopStopPrice": "stopPrice",
            "stopTrailingDelta": "trailingDelta",
            "limitPrice": "price",
        }
        renamed = {ours: self.values[theirs] for ours, theirs in names.items() if theirs in self.values}
        kept = {name: value for name, value in self.values.items() if name not in set(names.values())}
        legs = ListsIn(self.listings, self.account, kept | renamed, self._entropy)
        limited = "stopLimitPrice" in self.values
        stop_type = OrderType.STOP_LOSS_LIMIT if limited else OrderType.STOP_LOSS
        stop = legs.order("stop", side, stop_type, ("quantity", "stopClientOrderId"))
        limit = legs.order("limit", side, OrderType.LIMIT_MAKER, ("quantity", "limitClientOrderId"))
        return self._list((stop, limit))

    def cancel_list(self) -> CancelList:
        """DELETE orderList."""
        values = self.values
        return CancelList(
            account=self.account,
            symbol=values["symbol"],
            order_list_id=values.get("orderListId"),
            list_client_order_id=values.get("listClientOrderId"),
            new_client_order_id=self.name("newClientOrderId"),
        )

    def _list(self, pending: tuple[Place, ...], working: Place | None = None) -> PlaceList:
        return PlaceList(
            account=self.account,
            symbol=self.listing().symbol,
            pending=pending,
            working=working,
            list_client_order_id=self.name("listClientOrderId"),
        )

    def _working(self) -> Place:
        values = self.values
        kind, side = OrderType(values["workingType"]), Side(values["workingSide"])
        return self.order("working", side, kind, ("workingQuantity", "workingClientOrderId"))

    def _pair(self, above: str, below: str, side_name: str, quantity: str) -> tuple[Place, ...]:
        """Both legs, the stop-loss leg first: above the market for a BUY, below it for a SELL."""
        side = Side(self.values[side_name])
        legs = (above, below) if side is Side.BUY else (below, above)
        return tuple(
            self.order(leg, side, OrderType(self.values[f"{leg}Type"]), (quantity, f"{leg}ClientOrderId"))
            for leg in legs
        )
