"""Order parameters as commands for the engine: exact integers; what is not built is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from surefoot.exchange.commands import Cancel, Place
from surefoot.exchange.listing import Listing
from surefoot.exchange.render import NO_PREVENTION, SCALE
from surefoot.serve.denial import Denial, bad_symbol, too_precise
from surefoot.spot.enums import CancelRestrictions, OrderType, Side, TimeInForce
from surefoot.world import Entropy

_NOT_SUPPORTED = {
    "STOP_LOSS": "Stop loss orders are not supported for this symbol.",
    "STOP_LOSS_LIMIT": "Stop loss limit orders are not supported for this symbol.",
    "TAKE_PROFIT": "Take profit orders are not supported for this symbol.",
    "TAKE_PROFIT_LIMIT": "Take profit limit orders are not supported for this symbol.",
}
_GENERATED = 22


def place_command(
    listings: Mapping[str, Listing], account: str, values: Mapping[str, Any], entropy: Entropy
) -> Place:
    """The command for POST order; raises `Denial` for what this exchange does not do or cannot represent."""
    listing = listings.get(values["symbol"])
    if listing is None:
        raise bad_symbol()
    _built(values)
    tif = values.get("timeInForce")
    return Place(
        account=account,
        symbol=listing.symbol,
        side=Side(values["side"]),
        type=OrderType(values["type"]),
        time_in_force=TimeInForce(tif) if tif else None,
        quantity=_units(values, "quantity", listing.base_precision),
        quote_order_qty=_units(values, "quoteOrderQty", listing.quote_precision),
        price=_units(values, "price", listing.quote_precision),
        client_order_id=values.get("newClientOrderId") or entropy.token(_GENERATED),
        strategy_id=values.get("strategyId"),
        strategy_type=values.get("strategyType"),
    )


def cancel_command(account: str, values: Mapping[str, Any], entropy: Entropy) -> Cancel:
    """The command for DELETE order."""
    restrictions = values.get("cancelRestrictions")
    return Cancel(
        account=account,
        symbol=values["symbol"],
        order_id=values.get("orderId"),
        orig_client_order_id=values.get("origClientOrderId"),
        new_client_order_id=values.get("newClientOrderId") or entropy.token(_GENERATED),
        restrictions=CancelRestrictions(restrictions) if restrictions else None,
    )


def _built(values: Mapping[str, Any]) -> None:
    if values["type"] in _NOT_SUPPORTED:
        raise Denial(-1013, _NOT_SUPPORTED[values["type"]])
    if "icebergQty" in values:
        raise Denial(-1013, "Iceberg orders are not supported for this symbol.")
    if "pegPriceType" in values:
        raise Denial(-1013, "Pegged orders are not supported for this symbol.")
    if values.get("selfTradePreventionMode", NO_PREVENTION) != NO_PREVENTION:
        raise Denial(-1013, "This symbol does not allow the specified self-trade prevention mode.")


def _units(values: Mapping[str, Any], name: str, precision: int) -> int | None:
    value: Decimal | None = values.get(name)
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > precision:
        raise too_precise(name)
    return int(value * SCALE)
