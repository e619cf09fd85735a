"""The exchange's words for a refusal, as the ground that the client's check would name."""

from surefoot.rules import grounds
from surefoot.simulation.agreement.venue import Refused

_FAILURE = "Filter failure: "

_WORDS = (
    ("too much precision", grounds.ASSET_PRECISION),
    ("Mandatory parameter", grounds.MANDATORY),
    ("must be sent, but both were empty", grounds.MANDATORY),
    ("TimeInForce parameter sent when not required", grounds.LIFE_UNEXPECTED),
    ("sent when not required", grounds.UNEXPECTED),
    ("Combination of optional", grounds.COMBINATION),
    ("Unsupported order combination", grounds.ICEBERG_GTC),
    ("Illegal characters", grounds.CHARACTERS),
    ("Price * QTY is zero or less", grounds.POSITIVE),
    ("is not GTC", grounds.LIST_ICEBERG_GTC),
    ("relationship of the prices", grounds.BAD_PRICES),
    ("OCO orders are not supported", "ocoAllowed"),
    ("OTO orders are not supported", "otoAllowed"),
    ("IcebergQty exceeds QTY", grounds.ICEBERG_SIZE),
    ("insufficient balance", grounds.NO_FUNDS),
    ("Duplicate order sent", grounds.DUPLICATE),
    ("immediately match and take", grounds.WOULD_MATCH),
    ("would trigger immediately", grounds.WOULD_TRIGGER),
    ("Order book liquidity", "LOT_SIZE"),
    ("Market is closed", "status"),
    ("`strategyType` was less", "strategyType"),
    ("Quote order qty market orders", "quoteOrderQtyMarketAllowed"),
    ("Iceberg orders are not supported", "icebergAllowed"),
    ("Trailing stop orders are not supported", "allowTrailingStop"),
    ("Pegged orders are not supported", "pegInstructionsAllowed"),
    ("self-trade prevention mode", "allowedSelfTradePreventionModes"),
    ("not permitted for this account", "permissionSets"),
    ("orders are not supported for this symbol", "orderTypes"),
)


_CODES = {
    ground.code: name for name, ground in grounds.NO_FILTER.items() if "_OCO_" in name or "OPO_" in name
}


def ground_of(refused: Refused) -> str:
    """The filter or the ground; the words themselves when they are not among the known ones."""
    if refused.message.startswith(_FAILURE):
        return refused.message.removeprefix(_FAILURE)
    if refused.code in _CODES:
        return _CODES[refused.code]
    return next((ground for words, ground in _WORDS if words in refused.message), refused.message)
