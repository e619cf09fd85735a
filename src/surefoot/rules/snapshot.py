"""What is known of the market and of the account at one moment: what a judgement may lean on."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from surefoot.errors import Misuse
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.account import Account, Balance, Order
from surefoot.spot.account_rates import RelevantFilters
from surefoot.values import UNSET, money

_POSITIVE = ("last", "average", "reference")
_TOPS = ("bid", "ask")
_BELOW_ZERO = Decimal("-1E-100")


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Each field `None` when unknown: then what needs it is skipped, not guessed.

    `reference` is the symbol's reference price (GET referencePrice), where it has one; `average` the
    weighted average over the filter's avgPriceMins (GET avgPrice); `last` the last trade's price, which
    counts where avgPriceMins is 0 and triggers stops; `bid` and `ask` the best prices of the book (0: that
    side is empty).

    `balances` and `permissions` are the account's (GET account), by asset; an asset that is not there is 0.
    `open_orders` are the account's on the symbol, or with `all_symbols` on every symbol (GET openOrders).
    `asset_limits` are its MAX_ASSET filters (GET myFilters), by asset. `buy_commission` is the share of a
    bought quantity that the exchange keeps, as a factor.

    Raises `Misuse` for prices that are not positive exact numbers.
    """

    last: Decimal | None = None
    average: Decimal | None = None
    reference: Decimal | None = None
    bid: Decimal | None = None
    ask: Decimal | None = None
    balances: Mapping[str, Balance] | None = None
    permissions: tuple[str, ...] | None = None
    open_orders: tuple[Order, ...] | None = None
    all_symbols: bool = False
    asset_limits: Mapping[str, Decimal] | None = None
    buy_commission: Decimal | None = None

    def __post_init__(self) -> None:
        for name in (*_POSITIVE, *_TOPS):
            given = getattr(self, name)
            if given is None:
                continue
            if (
                not isinstance(given, Decimal)
                or money(name, given) < ZERO
                or (not given and name in _POSITIVE)
            ):
                raise Misuse(
                    f"{name}: {given!r} is not a positive Decimal; leave out a price that is unknown"
                )

    def by(self, avg_price_mins: int) -> Decimal | None:
        """The price that a filter with this avgPriceMins compares with (rule since 2026-05-08)."""
        if self.reference is not None:
            return self.reference
        return self.average if avg_price_mins else self.last

    def free(self, asset: str) -> Decimal | None:
        """What the account can use of an asset."""
        if self.balances is None:
            return None
        held = self.balances.get(asset)
        return ZERO if held is None else held.free

    def held(self, asset: str) -> Decimal | None:
        """What the account has of an asset, locked or not."""
        if self.balances is None:
            return None
        held = self.balances.get(asset)
        return ZERO if held is None else EXACT.add(held.free, held.locked)

    def with_account(self, account: Account) -> "Snapshot":
        """The same with what GET account says: balances, permissions, the dearer commission rate."""
        rates = account.commission_rates
        return msgspec.structs.replace(
            self,
            balances={each.asset: each for each in account.balances},
            permissions=account.permissions,
            buy_commission=None if rates is UNSET else EXACT.add(max(rates.maker, rates.taker), rates.buyer),
        )


NOTHING_KNOWN = Snapshot()


def asset_limits(filters: RelevantFilters) -> Mapping[str, Decimal]:
    """The MAX_ASSET filters that GET myFilters answers, by asset."""
    return {
        each.asset: Decimal(each.limit)
        for each in filters.asset_filters
        if each.asset is not UNSET and each.limit is not UNSET
    }
