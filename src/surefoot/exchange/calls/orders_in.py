"""Order parameters as commands for the engine: exact integers; what is not built is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from surefoot.exchange.core.commands import Cancel, Place
from surefoot.exchange.core.list_commands import Amend
from surefoot.exchange.core.listing import SCALE, Listing
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
        self.listings = listings
        self.account = account
        self.values = values
        self._entropy = entropy

    def place(self) -> Place:
        """POST order; raises `Denial` for what this exchange does not do or cannot represent."""
        values = self.values
        kind = OrderType(values["type"])
        name = "newClientOrderId"
        return self.order("", Side(values["side"]), kind, ("quantity", name), "quoteOrderQty")

    def cancel(self, prefix: str = "") -> Cancel:
        """DELETE order; with the prefix ``cancel`` the first half of a cancelReplace."""
        values = self.values
        restrictions = values.get("cancelRestrictions")
        new_name = "cancelNewClientOrderId" if prefix else "newClientOrderId"
        return Cancel(
            account=self.account,
            symbol=values["symbol"],
            order_id=values.get(of_leg(prefix, "orderId")),
            orig_client_order_id=values.get(of_leg(prefix, "origClientOrderId")),
            new_client_order_id=self.name(new_name),
            restrictions=CancelRestrictions(restrictions) if restrictions else None,
        )

    def amend(self) -> Amend:
        """PUT order/amend/keepPriority."""
        listing, values = self.listing(), self.values
        return Amend(
            account=self.account,
            symbol=listing.symbol,
            new_qty=self._units("newQty", listing.digits.base) or 0,
            order_id=values.get("orderId"),
            orig_client_order_id=values.get("origClientOrderId"),
            new_client_order_id=self.name("newClientOrderId"),
        )

    def order(
        self, leg: str, side: Side, kind: OrderType, names: tuple[str, str], quote_name: str = ""
    ) -> Place:
        """One order, or one leg of a list; `names` are those of its quantity and of its client order id."""
        listing, values = self.listing(), self.values
        if of_leg(leg, "pegPriceType") in values:
            raise Denial(-1013, "Pegged orders are not supported for this symbol.")
        life, mode = values.get(of_leg(leg, "timeInForce")), values.get("selfTradePreventionMode")
        base, quote = listing.digits.base, listing.digits.quote
        return Place(
            account=self.account,
            symbol=listing.symbol,
            side=side,
            type=kind,
            time_in_force=TimeInForce(life) if life else None,
            quantity=self._units(names[0], base),
            quote_order_qty=self._units(quote_name, quote),
            price=self._units(of_leg(leg, "price"), quote),
            client_order_id=self.name(names[1]),
            strategy_id=values.get(of_leg(leg, "strategyId")),
            strategy_type=values.get(of_leg(leg, "strategyType")),
            stop_price=self._units(of_leg(leg, "stopPrice"), quote),
            trailing_delta=values.get(of_leg(leg, "trailingDelta")),
            iceberg_qty=self._units(of_leg(leg, "icebergQty"), base),
            prevention=SelfTradePreventionMode(mode) if mode else None,
        )

    def listing(self) -> Listing:
        """The symbol; raises `Denial` when it is not listed."""
        listing = self.listings.get(self.values["symbol"])
        if listing is None:
            raise bad_symbol()
        return listing

    def name(self, parameter: str) -> str:
        """A client id that was given, or one that is made now."""
        return self.values.get(parameter) or self._entropy.token(_GENERATED)

    def _units(self, name: str, precision: int) -> int | None:
        value: Decimal | None = self.values.get(name)
        if value is None:
            return None
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > precision:
            raise too_precise(name)
        return int(value * SCALE)
