"""Accounts, their trades and their commission rates, as the official sample answers spell them."""

from collections.abc import Iterable

from surefoot.exchange.accounts import Account
from surefoot.exchange.core.commands import Fill, Held
from surefoot.exchange.keys import Key
from surefoot.exchange.render.amounts import PERMISSIONS, SCALE, Json, decimal, format8
from surefoot.exchange.render.orders import commission

_ZERO = "0.00000000"
_NO_RATES = {"maker": _ZERO, "taker": _ZERO, "buyer": _ZERO, "seller": _ZERO}
_DISCOUNT = {
    "enabledForAccount": False,
    "enabledForSymbol": False,
    "discountAsset": "BNB",
    "discount": "0.75000000",
}


def trade(fill: Fill, unit: int) -> Json:
    """One line of myTrades."""
    return {
        "symbol": fill.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "orderListId": fill.order_list_id,
        "price": decimal(fill.price, fill.digits.quote),
        "qty": decimal(fill.qty, fill.digits.base),
        "quoteQty": decimal(fill.quote_qty, fill.digits.quote),
        "commission": commission(fill),
        "commissionAsset": fill.commission_asset,
        "time": fill.time_us // unit,
        "isBuyer": fill.is_buyer,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


_NEVER = (
    "enableInternalTransfer",
    "enableMargin",
    "enableFutures",
    "permitsUniversalTransfer",
    "enableVanillaOptions",
    "enableFixApiTrade",
    "enableFixReadOnly",
    "enablePortfolioMarginTrading",
)


def api_restrictions(key: Key) -> Json:
    """The answer of GET apiRestrictions; what is not served here is never enabled."""
    may = key.permissions
    return {
        "ipRestrict": bool(may.addresses),
        "createTime": key.created_us // 1000,
        "enableReading": may.reading,
        "enableWithdrawals": may.withdrawals,
        "enableSpotAndMarginTrading": may.trading,
    } | dict.fromkeys(_NEVER, False)


def account(who: Account, balances: Iterable[Held], update_time_us: int, unit: int) -> Json:
    """The answer of GET account."""
    return {
        "makerCommission": who.maker_rate * 10_000 // SCALE,
        "takerCommission": who.taker_rate * 10_000 // SCALE,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": _rates(who),
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": update_time_us // unit,
        "accountType": "SPOT",
        "balances": [balance(held) for held in balances],
        "permissions": list(PERMISSIONS),
        "uid": who.uid,
    }


def balance(held: Held) -> Json:
    """One balance of GET account."""
    return {
        "asset": held.asset,
        "free": decimal(held.free, held.places),
        "locked": decimal(held.locked, held.places),
    }


def commission_of_order(who: Account) -> Json:
    """What order/test answers with computeCommissionRates."""
    nothing = {"maker": _ZERO, "taker": _ZERO}
    return {
        "standardCommissionForOrder": {
            "maker": format8(who.maker_rate),
            "taker": format8(who.taker_rate),
        },
        "specialCommissionForOrder": nothing,
        "taxCommissionForOrder": nothing,
        "discount": _DISCOUNT,
    }


def commission_rates(who: Account, symbol: str) -> Json:
    """The answer of GET account/commission."""
    return {
        "symbol": symbol,
        "standardCommission": _rates(who),
        "specialCommission": _NO_RATES,
        "taxCommission": _NO_RATES,
        "discount": _DISCOUNT,
    }


def _rates(who: Account) -> Json:
    return {
        "maker": format8(who.maker_rate),
        "taker": format8(who.taker_rate),
        "buyer": _ZERO,
        "seller": _ZERO,
    }
