"""Customers of the exchange, each with a key of two kinds from the start.

Balances and orders are not here (`ledger`, `orders`): an account is known to the engine by its name only.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from surefoot.codec.sign import Ed25519Key
from surefoot.exchange.core.listing import SCALE, Listing, units
from surefoot.values import Secret
from surefoot.world import Entropy

DEFAULT_NAMES = ("alice", "bob")
DEFAULT_RATE = SCALE // 1000
"""0.1 %, at 1e-8."""

KEY_LENGTH = 64
_AMPLE = 1_000_000
_FIRST_UID = 100_000_000
_AMPLE_OF: Mapping[str, int] = {"BTC": 100, "ETH": 1_000, "BNB": 5_000, "USDT": 10_000_000}
_ALWAYS = ("BTC", "ETH", "BNB", "USDT")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A customer: name, number, both kinds of key, commission rates at 1e-8 (100,000 is 0.1 %)."""

    name: str
    uid: int
    api_key: str
    secret: Secret
    ed25519_api_key: str
    ed25519_private_key: Secret
    maker_rate: int = DEFAULT_RATE
    taker_rate: int = DEFAULT_RATE


def make_account(name: str, entropy: Entropy) -> Account:
    """An account whose keys come from `entropy`: outside simulations its `token` must be unguessable. Its
    number comes from its key, so that no exchange has the accounts of another one.
    """
    api_key = entropy.token(KEY_LENGTH)
    return Account(
        name=name,
        uid=_FIRST_UID + int.from_bytes(hashlib.sha256(api_key.encode()).digest()[:8]) % _FIRST_UID,
        api_key=api_key,
        secret=Secret(entropy.token(KEY_LENGTH)),
        ed25519_api_key=entropy.token(KEY_LENGTH),
        ed25519_private_key=new_private_key(entropy).pem(),
    )


def default_accounts(entropy: Entropy, names: Iterable[str] = DEFAULT_NAMES) -> tuple[Account, ...]:
    """The accounts an exchange opens by itself."""
    return tuple(make_account(name, entropy) for name in names)


def ample_balances(listings: Iterable[Listing]) -> dict[str, int]:
    """Opening balances at 1e-8: plenty of the four usual assets and of every asset of `listings`.

    Where MAX_POSITION binds an asset, half of what it allows, so that there is room to buy.
    """
    symbols = tuple(listings)
    assets = [asset for listing in symbols for asset in (listing.base, listing.quote)]
    balances = {asset: _AMPLE_OF.get(asset, _AMPLE) * SCALE for asset in (*_ALWAYS, *assets)}
    for listing in symbols:
        limit = listing.filter("MAX_POSITION")
        if limit is not None:
            balances[listing.base] = min(balances[listing.base], units(limit["maxPosition"]) // 2)
    return balances


def new_private_key(entropy: Entropy) -> Ed25519Key:
    """An Ed25519 key made from `entropy`."""
    return Ed25519Key.from_seed(hashlib.sha256(entropy.token(KEY_LENGTH).encode()).digest())
