"""Customers and their keys."""

from surefoot.codec.sign import Ed25519Key, HmacKey
from surefoot.exchange.accounts import ample_balances, default_accounts
from surefoot.exchange.core.listing import units
from surefoot.exchange.keys import KeyRing
from surefoot.world import SeededEntropy
from tests.exchange.trading import filtered, listings


def test_both_kinds_of_key_verify_what_they_sign() -> None:
    """AUTH-1."""
    accounts = default_accounts(SeededEntropy(1))
    ring = KeyRing(accounts)
    for account in accounts:
        hmac, ed25519 = ring.find(account.api_key), ring.find(account.ed25519_api_key)
        assert (hmac.account, ed25519.account) == (account, account)
        assert (hmac.can_log_on, ed25519.can_log_on) == (False, True)
        assert hmac.verifier.verify(b"text", HmacKey(account.secret).sign(b"text"))
        signed = Ed25519Key.from_pem(account.ed25519_private_key).sign(b"text")
        assert ed25519.verifier.verify(b"text", signed)
        assert not ed25519.verifier.verify(b"other", signed)


def test_a_seed_gives_the_same_keys_and_no_two_are_alike() -> None:
    ann, ben = default_accounts(SeededEntropy(1))
    again, _ = default_accounts(SeededEntropy(1))
    assert ann.secret.reveal() == again.secret.reveal()
    assert ann.ed25519_private_key.reveal() == again.ed25519_private_key.reveal()
    assert len({ann.api_key, ann.ed25519_api_key, ben.api_key, ben.ed25519_api_key}) == 4
    assert KeyRing([ann]).find(ben.api_key) is None


def test_secrets_do_not_print() -> None:
    account = default_accounts(SeededEntropy(1))[0]
    assert account.secret.reveal() not in repr(account)


def test_balances_cover_every_listed_asset_and_leave_room_under_max_position() -> None:
    balances = ample_balances(listings(baseAsset="ODD"))
    assert set(balances) == {"BTC", "ETH", "BNB", "USDT", "ODD"}
    assert all(amount > 0 for amount in balances.values())
    capped = ample_balances(filtered({"filterType": "MAX_POSITION", "maxPosition": "43"}))
    assert capped["BTC"] == units("21.5")
