"""How much of what is bought the commission may take (rest-api, Commission FAQ; pure)."""

from decimal import Decimal

from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.account import Account, CommissionRates
from surefoot.spot.account_rates import Commission
from surefoot.values import UNSET


def largest_share(rates: Commission, base: str, account: Account | None) -> Decimal:
    """The largest share of a bought quantity that commission takes; zero where there is none, or where a
    third asset pays it, of which the account has some. That it has enough, nobody can know before.
    """
    share = EXACT.add(_buying(rates.standard_commission), _buying(rates.tax_commission))
    if rates.special_commission is not UNSET:
        share = EXACT.add(share, _buying(rates.special_commission))
    return ZERO if _paid_elsewhere(rates, base, account) else share


def _buying(rates: CommissionRates) -> Decimal:
    return EXACT.add(max(rates.maker, rates.taker), rates.buyer)


def _paid_elsewhere(rates: Commission, base: str, account: Account | None) -> bool:
    discount = rates.discount
    if not (discount.enabled_for_account and discount.enabled_for_symbol) or account is None:
        return False
    asset = discount.discount_asset
    if asset is UNSET or asset == base:
        return False
    return any(held.asset == asset and held.free > ZERO for held in account.balances)
