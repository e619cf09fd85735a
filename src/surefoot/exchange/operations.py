"""What the exchange's own staff may do while it runs: open accounts, take customers' public keys."""

from collections.abc import Callable, Mapping

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account, make_account
from surefoot.exchange.front import Front
from surefoot.world import Entropy

_KEY_LENGTH = 64
_FIRST_UID = 1_000_001


class Operations:
    """Acts on a running exchange from its own loop; never from another thread."""

    def __init__(
        self, front: Front, accounts: list[Account], entropy: Entropy, now_us: Callable[[], int]
    ) -> None:
        self._front, self._entropy, self._now_us = front, entropy, now_us
        self._accounts = accounts

    def open_account(self, name: str, balances: Mapping[str, int]) -> Account:
        """Open an account with `balances` at 1e-8 and own keys; raises `Misuse` when the name is taken."""
        account = make_account(name, _FIRST_UID + len(self._accounts), self._entropy)
        self._front.desk.engine.open_account(
            name, balances, maker_rate=account.maker_rate, taker_rate=account.taker_rate
        )
        self._front.desk.updated_us[name] = self._now_us()
        self._front.keys.add(account)
        self._accounts.append(account)
        return account

    def register_key(self, name: str, public_pem: bytes) -> str:
        """Take the public key (PEM; Ed25519, or RSA of 2,048 to 4,096 bits) that account `name` made; returns
        its API key. Raises `Misuse` for other keys and for an account that is not open.
        """
        account = next((account for account in self._accounts if account.name == name), None)
        if account is None:
            known = ", ".join(account.name for account in self._accounts)
            raise Misuse(f"account {name!r} is not open here; there are {known}")
        api_key = self._entropy.token(_KEY_LENGTH)
        self._front.keys.register(api_key, account, public_pem)
        return api_key
